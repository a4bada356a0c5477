//! Faults of signing in, word for word.

use crate::tests::{GOOD, case, faults};

const HTTPS: &str = "[web]\npublic_url = \"https://orszem.example\"\nlink_secret = \"file:Cargo.toml\"\n";
const PROXY: &str =
    "header = \"X-User\"\nfrom = [\"10.0.0.0/8\"]\nsecret_header = \"X-Secret\"\nsecret = \"file:Cargo.toml\"\n";
const OIDC: &str = "[sign_in.oidc]\nissuer = \"https://login.example\"\nclient_id = \"orszem\"\n";
const ROLES: &str = "[sign_in.roles]\nviewer = [\"staff\"]\n";

/// A secret of one line, since the tests run in the folder of the crate.
fn secret() -> (tempfile::NamedTempFile, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "sixteen characters").unwrap();
    let named = format!("file:{}", file.path().display());
    (file, named)
}

fn with(text: &str, expected: &[&str]) {
    let (_file, named) = secret();
    assert_eq!(faults(&format!("{text}{GOOD}").replace("file:Cargo.toml", &named)), expected, "{text}");
}

#[test]
fn signing_in_over_https_is_in_order() {
    with(&format!("{HTTPS}[sign_in.proxy]\n{PROXY}{ROLES}"), &[]);
    with(&format!("{HTTPS}{OIDC}{ROLES}"), &[]);
    with(&format!("{HTTPS}listen = \"0.0.0.0:8443\"\n{OIDC}{ROLES}"), &[]);
}

#[test]
fn a_proxy_is_known_by_its_address_and_its_secret() {
    with(
        &format!("{HTTPS}[sign_in.proxy]\nheader = \"X-User\"\n{ROLES}"),
        &[
            "a.toml:4:1: [sign_in.proxy] lacks its \"from\"; add from = [\"…\"]",
            "a.toml:4:1: [sign_in.proxy] lacks its \"secret\"; add secret = \"…\"",
            "a.toml:4:1: [sign_in.proxy] lacks its \"secret_header\"; add secret_header = \"…\"",
        ],
    );
    let wrong = "header = \"X User\"\nfrom = [\"0.0.0.0/0\", \"10.1.2.3/8\", \"proxy\"]\nsecret_header = \"Cookie\"\n\
                 secret = \"hunter2\"\nroles_header = \"cookie\"\n";
    with(
        &format!("{HTTPS}[sign_in.proxy]\n{wrong}{ROLES}"),
        &[
            "a.toml:5:10: \"header\" in [sign_in.proxy]: \"X User\" is not the name of a header; write its name alone: \
             \"X-Forwarded-User\"",
            "a.toml:6:9: \"0.0.0.0/0\" are all addresses there are; list the addresses that the proxy connects from",
            "a.toml:6:22: \"from\" in [sign_in.proxy]: \"10.1.2.3/8\" has bits behind its length; write \"10.0.0.0/8\"",
            "a.toml:6:36: \"from\" in [sign_in.proxy]: \"proxy\" is neither an address nor a network; write \"192.0.2.7\" or \
             \"10.0.0.0/8\"",
            "a.toml:7:17: \"secret_header\" in [sign_in.proxy]: \"Cookie\" means something else; let the proxy send another: \
             \"X-Forwarded-User\"",
            "a.toml:8:10: \"secret\" in [sign_in.proxy] is a secret and must not be written here; name where it is kept: \
             \"env:NAME\" or \"file:PATH\"",
            "a.toml:9:16: \"roles_header\" in [sign_in.proxy]: \"cookie\" means something else; let the proxy send another: \
             \"X-Forwarded-User\"",
            "a.toml:9:16: the header \"cookie\" is named twice; let the proxy send each in a header of its own",
        ],
    );
}

#[test]
fn a_provider_is_asked_over_https() {
    with(
        &format!("{HTTPS}[sign_in.oidc]\nissuer = \"http://login.example\"\n{ROLES}"),
        &[
            "a.toml:4:1: [sign_in.oidc] lacks its \"client_id\"; add client_id = \"…\"",
            "a.toml:5:10: who signs in would be said in the clear: \"issuer\" does not begin with https://; use the \
             provider's address with https",
        ],
    );
    with(&format!("{HTTPS}[sign_in.oidc]\nissuer = \"http://127.0.0.1:3000\"\nclient_id = \"o\"\n{ROLES}"), &[]);
}

#[test]
fn sessions_are_kept_to_https() {
    const HELP: &str = "set [web] tls, or put a proxy with https before it; and public_url to the https:// address";
    let plain = format!("a.toml:2:10: people would sign in over plain HTTP at this address; {HELP}");
    let local = "a.toml:2:10: warning: others reach this address, but links in pages lead to this machine \
                 (http://localhost:8080 unless given); set public_url to the address that people use";
    with(&format!("[web]\nlisten = \"0.0.0.0:80\"\n{OIDC}{ROLES}"), &[&plain, local]);
    let clear = "a.toml:2:14: warning: links that let their bearer act are sent in the clear by \"public_url\"; set tls, or \
                 put a proxy with https before it";
    let plain = format!("a.toml:2:14: people would sign in over plain HTTP at this address; {HELP}");
    let web = "[web]\npublic_url = \"http://orszem.example\"\nlink_secret = \"file:Cargo.toml\"\n";
    with(&format!("{web}{OIDC}{ROLES}"), &[&plain, clear]);
    let trying = format!(
        "a.toml:1:2: warning: people sign in over plain HTTP: good for trying it on this machine alone; {HELP}"
    );
    with(&format!("{OIDC}{ROLES}"), &[&trying]);
}

#[test]
fn tls_needs_links_that_lead_there_and_files_that_are_there() {
    with(
        "[web]\ntls = { certificate = \"/nonexistent/a\", key = \"\" }\n",
        &[
            "a.toml:1:1: \"tls\" makes the pages speak HTTPS, and links in messages do not lead there; set public_url = \
             \"https://…\"",
            "a.toml:2:23: warning: the file \"/nonexistent/a\" cannot be read: No such file or directory (os error 2)",
            "a.toml:2:47: \"key\" in [web.tls]: is empty; name a file",
            "a.toml:2:47: warning: the file \"\" cannot be read: No such file or directory (os error 2)",
        ],
    );
}

#[test]
fn somebody_has_a_role_and_an_account_is_of_one_person() {
    let nobody = "a.toml:4:2: warning: nobody who signs in has a role, so nobody sees anything; give groups a role in \
                  [sign_in.roles], or a [[person]] roles and accounts";
    with(&format!("{HTTPS}{OIDC}"), &[nobody]);
    let person = "[[person]]\nname = \"anna\"\naccounts = [\"anna@example.com\"]\nroles = [\"viewer\"]\n";
    with(&format!("{HTTPS}{OIDC}{person}"), &[]);
    let other = "[[person]]\nname = \"bela\"\naccounts = [\"x\", \"anna@example.com\"]\n";
    with(
        &format!("{HTTPS}{OIDC}{person}{other}"),
        &["a.toml:13:18: the account in line 9 is here again; leave it out in one of the two"],
    );
    case(
        "[sign_in.roles]\nviewer = [\"staff\"]\n",
        &[
            "a.toml:1:2: warning: nobody can sign in: [sign_in] has neither a \"proxy\" nor \"oidc\"; add [sign_in.proxy] or \
             [sign_in.oidc]",
        ],
    );
}
