//! Receivers: what each needs, and what is wrong with it.

use crate::tests::receiver;

#[test]
fn slack_has_a_token_with_its_channel_or_a_webhook() {
    let slack = |keys: &str, expected: &[&str]| receiver(&format!("kind = \"slack\"\nname = \"x\"\n{keys}"), expected);
    let (token, hook) = ("token = \"file:/dev/null\"\n", "webhook = \"file:/dev/null\"\n");
    let empty = "warning: file:/dev/null is empty";
    slack(
        "",
        &[
            "a.toml:1:1: this Slack receiver has neither a \"token\" nor a \"webhook\"; add token and channel (the page is updated \
         in place), or webhook",
        ],
    );
    slack(
        &format!("{token}{hook}"),
        &[
            &format!("a.toml:4:9: {empty}"),
            "a.toml:5:11: this Slack receiver has both a \"token\" and a \"webhook\"; keep the token to have the page updated in place",
            &format!("a.toml:5:11: {empty}"),
        ],
    );
    slack(
        token,
        &[
            "a.toml:4:9: a \"token\" needs a \"channel\"; add channel = \"C…\": it is at the end of the channel's details in Slack",
            &format!("a.toml:4:9: {empty}"),
        ],
    );
    slack(
        &format!("{hook}channel = \"#press\"\nbase_url = \"http://slack.example\"\n"),
        &[
            &format!("a.toml:4:11: {empty}"),
            "a.toml:5:11: a \"webhook\" has its channel built in; leave it out, or use a token",
            "a.toml:5:11: warning: \"channel\" is not a channel ID: a page can only be updated in place by its ID; the ID (\"C…\") is \
         at the end of the channel's details in Slack",
            "a.toml:6:12: warning: the token is sent in the clear to \"base_url\"; use https",
        ],
    );
}

#[test]
fn mail_has_addresses_and_a_host() {
    let keys = "kind = \"email\"\nname = \"x\"\nhost = \"smtp.example.com:25\"\nport = 0\nfrom = \"orszem\"\nto = [\"a@b.example\", \
                \"a@\"]\nuser = \"u\"\nca_file = \"/nowhere/ca.pem\"\n";
    receiver(
        keys,
        &[
            "a.toml:4:8: \"host\" in [[receiver]]: \"smtp.example.com:25\" is not a host; write its name or IP address alone; the port \
         has a key of its own",
            "a.toml:5:8: \"port\" is out of range: 0; at least 1 and at most 65535",
            "a.toml:6:8: \"from\" in [[receiver]]: \"orszem\" is not an e-mail address; write \"name@example.com\" or \"Name \
         <name@example.com>\"",
            "a.toml:7:22: \"to\" in [[receiver]]: \"a@\" is not an e-mail address; write \"name@example.com\" or \"Name <name@example.com>\"",
            "a.toml:8:8: a \"user\" needs a \"password\"",
            "a.toml:9:11: warning: the file \"/nowhere/ca.pem\" cannot be read: No such file or directory (os error 2)",
        ],
    );
    let plain = "kind = \"email\"\nname = \"x\"\nhost = \"h\"\nfrom = \"a@b.example\"\nto = [\"a@b.example\"]\nsecurity = \"none\"\n";
    let login = "user = \"u\"\npassword = \"env:ORSZEM_NOT_SET\"\n";
    receiver(
        &format!("{plain}{login}"),
        &[
            "a.toml:7:12: warning: the password is sent in the clear; use security = \"starttls\" or \"tls\"",
            "a.toml:9:12: warning: the environment variable ORSZEM_NOT_SET is not set",
        ],
    );
}

#[test]
fn addresses_are_whole_and_their_secrets_not_repeated() {
    receiver(
        "kind = \"alertmanager\"\nname = \"x\"\nurls = [\"am:9093\", \"alertmanager\", \"https://u:pw@am\", \"http://am:9093\"]\n",
        &[
            "a.toml:4:9: \"urls\" in [[receiver]]: neither http nor https; write it whole: \"https://host/path\"",
            "a.toml:4:20: \"urls\" in [[receiver]]: no address (relative URL without a base); write it whole: \"https://host/path\"",
            "a.toml:4:36: \"urls\" in [[receiver]]: a user or password in an address ends up in logs; let a proxy add it, or the \
             network decide",
        ],
    );
    let hook =
        |url: &str| format!("kind = \"webhook\"\nname = \"x\"\nurl = \"{url}\"\nsecrets = [\"file:/dev/null\"]\n");
    let empty = "a.toml:5:12: warning: file:/dev/null is empty";
    let private = "a.toml:4:7: \"url\" leads to this machine or a private network, which is refused; add allow_private = true if \
                   that is meant";
    for url in
        ["http://localhost:1/x", "https://10.1.2.3/", "http://[::1]/", "http://192.168.0.9/", "http://100.64.0.1/"]
    {
        receiver(&hook(url), &[private, empty]);
    }
    receiver(
        &hook("http://hooks.example.com"),
        &["a.toml:4:7: warning: pages are sent in the clear to \"url\"; use https", empty],
    );
    receiver(&format!("{}allow_private = true\n", hook("http://10.1.2.3/")), &[empty]);
}
