//! `[sign_in]`: who is believed, whether sessions are kept to HTTPS, and whether anybody has a role.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use toml::de::DeTable;

use orszem_core::network::is_local;
use orszem_core::settings::{Role, Web};
use orszem_core::subnet::Subnet;

use super::entry::{Entry, tables};
use crate::diagnostics::{Report, quoted};

/// Whether people can sign in.
pub(super) fn is_on(document: &DeTable<'_>) -> bool {
    tables(document, "sign_in").iter().any(|section| section.has("proxy") || section.has("oidc"))
}

pub(super) fn check(document: &DeTable<'_>, report: &mut Report<'_>) {
    let people = tables(document, "person");
    accounts(&people, report);
    let Some(section) = tables(document, "sign_in").into_iter().next() else { return };
    if !is_on(document) {
        let message = "nobody can sign in: [sign_in] has neither a \"proxy\" nor \"oidc\"";
        report.warning(section.header(), message, "add [sign_in.proxy] or [sign_in.oidc]".to_owned());
        return;
    }
    section.tables("proxy").into_iter().for_each(|proxy| check_proxy(proxy, report));
    section.tables("oidc").into_iter().for_each(|oidc| check_provider(oidc, report));
    roles(section, &people, report);
    https(document, section, report);
}

/// Each account is of one person: else it would not be known who acts.
fn accounts(people: &[Entry<'_>], report: &mut Report<'_>) {
    let mut first = BTreeMap::new();
    for (account, at) in people.iter().flat_map(|person| person.texts("accounts")) {
        match first.get(account) {
            Some(line) => {
                let message = format!("the account in line {line} is here again");
                report.error(at, message, "leave it out in one of the two".to_owned());
            }
            None => {
                first.insert(account, report.line(at.start));
            }
        }
    }
}

fn check_proxy(proxy: Entry<'_>, report: &mut Report<'_>) {
    let mut named: Vec<&str> = Vec::new();
    for (name, at) in ["header", "secret_header", "roles_header"].into_iter().filter_map(|key| proxy.text(key)) {
        if named.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            let message = format!("the header {} is named twice", quoted(name));
            report.error(at, message, "let the proxy send each in a header of its own".to_owned());
        }
        named.push(name);
    }
    for (text, at) in proxy.texts("from") {
        if Subnet::parse(text).is_ok_and(|network| network.is_everything()) {
            let message = format!("{} are all addresses there are", quoted(text));
            report.error(at, message, "list the addresses that the proxy connects from".to_owned());
        }
    }
}

fn check_provider(oidc: Entry<'_>, report: &mut Report<'_>) {
    if let Some((url, at)) = oidc.url("issuer")
        && url.scheme() == "http"
        && !is_local(&url)
    {
        let message = "who signs in would be said in the clear: \"issuer\" does not begin with https://";
        report.error(at, message, "use the provider's address with https".to_owned());
    }
}

/// Who has no role sees nothing: somebody should have one.
fn roles(section: Entry<'_>, people: &[Entry<'_>], report: &mut Report<'_>) {
    let groups = section.tables("roles");
    let mapped = Role::ALL.iter().any(|role| groups.iter().any(|roles| roles.texts(role.name()).next().is_some()));
    let named = people.iter().any(|person| {
        let has_role = person.has("roles") || person.has("way");
        has_role && person.texts("accounts").next().is_some()
    });
    if !mapped && !named {
        let message = "nobody who signs in has a role, so nobody sees anything";
        let help = "give groups a role in [sign_in.roles], or a [[person]] roles and accounts".to_owned();
        report.warning(section.header(), message, help);
    }
}

/// Sessions are kept to HTTPS, by the certificate of `[web] tls` or that of a proxy. Plain HTTP is for this machine.
fn https(document: &DeTable<'_>, section: Entry<'_>, report: &mut Report<'_>) {
    let web = tables(document, "web").into_iter().next();
    let public = web.and_then(|web| web.url("public_url"));
    if public.as_ref().is_some_and(|(url, _)| url.scheme() == "https") {
        return;
    }
    let listen = web.and_then(|web| Some((web.text("listen")?.0.parse::<SocketAddr>().ok()?, web.at("listen"))));
    let listens_here = listen.as_ref().map_or(Web::default().listen, |(listen, _)| *listen).ip().is_loopback();
    let reached_here = public.as_ref().is_none_or(|(url, _)| is_local(url));
    let help = "set [web] tls, or put a proxy with https before it; and public_url to the https:// address".to_owned();
    match (listen, public) {
        (Some((_, at)), _) if !listens_here => {
            report.error(at, "people would sign in over plain HTTP at this address", help);
        }
        (_, Some((_, at))) if !reached_here => {
            report.error(at, "people would sign in over plain HTTP at this address", help);
        }
        _ => {
            let message = "people sign in over plain HTTP: good for trying it on this machine alone";
            report.warning(section.header(), message, help);
        }
    }
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
