//! The forms of single values: what the `format` of the schema asks for.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use url::Url;

use super::diagnostics::quoted;
use super::slug::{LONGEST, slug};
use orszem_core::input::field::check_template;
use orszem_core::input::pointer::Place;
use orszem_core::input::time::TimeForm;
use orszem_core::settings::calendar::{Clock, Day, Moment};
use orszem_core::subnet::Subnet;
use orszem_records::language_code::Code;

/// What is wrong with a value and what would be right.
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) right: Option<String>,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, right: String) -> Wrong {
        Wrong { what: what.into(), right: Some(right) }
    }
}

/// Checks a text against the form of the schema. Forms without a rule here are free.
pub(super) fn check(form: &str, text: &str) -> Result<(), Wrong> {
    match form {
        "name" => name(text),
        "topic" => topic(text),
        "brokers" => text.split(',').try_for_each(broker),
        "time-zone" => time_zone(text),
        "clock" => clock(text),
        "day" => day(text),
        "local-time" => local_time(text),
        "moment" => moment(text),
        "listen" => listen(text),
        "origin" | "base-url" | "url" => address(form, text),
        "proxy" if text == "none" => Ok(()),
        "proxy" => proxy(text),
        "host" => host(text),
        "header" => header(text),
        "subnet" => Subnet::parse(text).map(drop).map_err(|fault| {
            let told = fault.to_string();
            let (what, right) = told.split_once("; ").unwrap_or((told.as_str(), ""));
            Wrong::new(format!("{} {what}", quoted(text)), right.to_owned())
        }),
        "mailbox" => mailbox(text),
        "pointer" => {
            Place::parse(text).map(drop).map_err(|(what, right)| Wrong::new(quoted(text) + " " + &what, right))
        }
        "template" => check_template(text).map_err(|(what, right)| Wrong::new(what, right)),
        "time-format" => {
            TimeForm::new(Some(text), None, None).map(drop).map_err(|(what, right)| Wrong::new(what, right))
        }
        "month-language" => {
            TimeForm::new(None, None, Some(text)).map(drop).map_err(|(what, right)| Wrong::new(what, right))
        }
        "language" => match text.len() == 2 && Code::of(text).is_some_and(|code| code.as_str() == text) {
            true => Ok(()),
            false => Err(Wrong::new(
                format!("{} is not a language code", quoted(text)),
                "two small letters, such as hu".into(),
            )),
        },
        "file" | "model" if text.is_empty() => Err(Wrong::new("is empty", "name a file".into())),
        _ => Ok(()),
    }
}

/// A length of time between two others.
pub(super) fn span(text: &str, shortest: Option<&str>, longest: Option<&str>) -> Result<(), Wrong> {
    let length = humantime::parse_duration(text).map_err(|_| {
        Wrong::new(
            format!("{} is not a duration", quoted(text)),
            "write a number and its unit: \"90s\", \"5m\" or \"36h\"".into(),
        )
    })?;
    let parsed = |limit: Option<&str>| limit.and_then(|limit| humantime::parse_duration(limit).ok());
    let range = match (shortest, longest) {
        (Some(shortest), Some(longest)) => format!("{shortest} to {longest} are allowed"),
        (Some(shortest), None) => format!("at least {shortest} is allowed"),
        (None, Some(longest)) => format!("at most {longest} are allowed"),
        (None, None) => return Ok(()),
    };
    if length < parsed(shortest).unwrap_or(Duration::ZERO) {
        return Err(Wrong::new(format!("{} is too short", quoted(text)), range));
    }
    if length > parsed(longest).unwrap_or(Duration::MAX) {
        return Err(Wrong::new(format!("{} is too long", quoted(text)), range));
    }
    Ok(())
}

fn name(text: &str) -> Result<(), Wrong> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.len() <= LONGEST && !text.starts_with('-') && text.chars().all(good) {
        return Ok(());
    }
    let rule = "small letters a–z, digits and \"-\" are allowed, at most 63, the first no \"-\"";
    let right = slug(text).map_or(rule.to_owned(), |slug| format!("{rule}: \"{slug}\""));
    Err(Wrong::new(format!("{} is not a valid name", quoted(text)), right))
}

fn topic(text: &str) -> Result<(), Wrong> {
    let good = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !text.is_empty() && text.len() <= 249 && text != "." && text != ".." && text.chars().all(good) {
        return Ok(());
    }
    let rule = "Kafka allows letters a–z, digits, \".\", \"_\" and \"-\", at most 249";
    Err(Wrong::new(format!("{} is not a valid topic name", quoted(text)), rule.into()))
}

fn broker(text: &str) -> Result<(), Wrong> {
    let text = text.trim();
    let bare = text.split_once("://").map_or(text, |(_, bare)| bare);
    let good =
        bare.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && port.parse().is_ok_and(|p: u16| p > 0));
    if good {
        return Ok(());
    }
    let right = "write host:port, more of them separated by commas: \"kafka-1:9092,kafka-2:9092\"".to_owned();
    match text.contains('@') {
        true => Err(Wrong::new("a broker has no user or password in its address", right)),
        false => Err(Wrong::new(format!("{} is not a broker address", quoted(text)), right)),
    }
}

fn listen(text: &str) -> Result<(), Wrong> {
    if text.parse::<SocketAddr>().is_ok() {
        return Ok(());
    }
    let port = text.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).unwrap_or(8080);
    let right = match text.starts_with("localhost") {
        true => format!("\"127.0.0.1:{port}\" is this machine alone"),
        false => format!("\"127.0.0.1:{port}\" is this machine alone, \"0.0.0.0:{port}\" everybody"),
    };
    Err(Wrong::new(format!("{} is not an address and port", quoted(text)), right))
}

/// The addresses are not repeated: people write passwords and tokens into them.
fn address(form: &str, text: &str) -> Result<(), Wrong> {
    let right = || "write it whole: \"https://host/path\"".to_owned();
    let url = Url::parse(text).map_err(|fault| Wrong::new(format!("no address ({fault})"), right()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Wrong::new("neither http nor https", right()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let right = "let a proxy add it, or the network decide".to_owned();
        return Err(Wrong::new("a user or password in an address ends up in logs", right));
    }
    if form != "url" && (url.query().is_some() || url.fragment().is_some()) {
        return Err(Wrong::new("has a \"?\" or \"#\", and more is put behind it", "leave these out".into()));
    }
    if form == "origin" && text.ends_with('/') {
        return Err(Wrong::new("ends in \"/\"", "leave that out: links begin with it".into()));
    }
    Ok(())
}

fn proxy(text: &str) -> Result<(), Wrong> {
    address("base-url", text).map_err(|wrong| match text.contains('@') {
        true => Wrong::new(wrong.what, "give proxy_user and proxy_password".into()),
        false => Wrong::new(wrong.what, "write \"http://proxy.example:3128\", or \"none\"".into()),
    })
}

fn ip(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

fn is_host(text: &str) -> bool {
    let named = |text: &str| text.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c));
    !text.is_empty() && (named(text) || ip(text).is_some())
}

fn host(text: &str) -> Result<(), Wrong> {
    let right = || "write its name or IP address alone; the port has a key of its own".to_owned();
    match text {
        _ if is_host(text) => Ok(()),
        _ if text.contains('@') => Err(Wrong::new("a host has no user or password in its name", right())),
        _ => Err(Wrong::new(format!("{} is not a host", quoted(text)), right())),
    }
}

fn header(text: &str) -> Result<(), Wrong> {
    let good = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if text.is_empty() || !text.chars().all(good) {
        let right = "write its name alone: \"X-Forwarded-User\"".to_owned();
        return Err(Wrong::new(format!("{} is not the name of a header", quoted(text)), right));
    }
    // What means something else already, and what browsers send by themselves.
    const TAKEN: [&str; 7] =
        ["authorization", "cookie", "host", "origin", "content-type", "content-length", "connection"];
    if TAKEN.iter().any(|taken| text.eq_ignore_ascii_case(taken)) {
        let right = "let the proxy send another: \"X-Forwarded-User\"".to_owned();
        return Err(Wrong::new(format!("{} means something else", quoted(text)), right));
    }
    Ok(())
}

fn time_zone(text: &str) -> Result<(), Wrong> {
    match jiff::tz::TimeZone::get(text) {
        Ok(_) => Ok(()),
        Err(_) => {
            let right = "write the name of the time zone database: \"Europe/Budapest\", \"UTC\"".into();
            Err(Wrong::new(format!("{} is not a time zone", quoted(text)), right))
        }
    }
}

fn clock(text: &str) -> Result<(), Wrong> {
    let right = || "write hours and minutes of two digits each: \"08:30\"".to_owned();
    let wrong = || Wrong::new(format!("{} is not a time of day", quoted(text)), right());
    Clock::parse(text).map(drop).ok_or_else(wrong)
}

fn day(text: &str) -> Result<(), Wrong> {
    let right = || "write year, month and day: \"2026-06-30\"".to_owned();
    Day::parse(text).map(drop).ok_or_else(|| Wrong::new(format!("{} is not a day", quoted(text)), right()))
}

fn local_time(text: &str) -> Result<(), Wrong> {
    match Moment::parse(text) {
        Some(Moment::Local(_)) => Ok(()),
        Some(Moment::Instant(_)) => {
            let right = "leave the offset out: the rotation's time zone says it".into();
            Err(Wrong::new(format!("{} has an offset", quoted(text)), right))
        }
        None => moment(text),
    }
}

fn moment(text: &str) -> Result<(), Wrong> {
    let wrong = || {
        let right = "write the day and the time: \"2026-03-23 09:00\"".into();
        Wrong::new(format!("{} is not a date with a time of day", quoted(text)), right)
    };
    Moment::parse(text).map(drop).ok_or_else(wrong)
}

fn mailbox(text: &str) -> Result<(), Wrong> {
    let right = || "write \"name@example.com\" or \"Name <name@example.com>\"".to_owned();
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) if !text.contains(char::is_control) => Ok(()),
        _ => Err(Wrong::new(format!("{} is not an e-mail address", quoted(text)), right())),
    }
}
