//! The pages in a real browser: no violation of WCAG 2.2 AA that axe-core finds, in both themes and both languages, on
//! a phone and on a desk; and pictures of all of them for a person to look at. And signing in, from end to end.

#[path = "pages/house.rs"]
mod house;
mod support;

use house::{House, Page, SignInHouse};
use support::children::{Child, command};
use support::ports::Port;
use support::{browser, place, repository, scratch};

/// The themes of a browser, and the setting that chooses one.
const THEMES: [(&str, u8); 2] = [("light", 1), ("dark", 0)];
/// A phone and a desk, in CSS pixels.
const SIZES: [(&str, u32, u32); 2] = [("phone", 500, 1_000), ("desk", 1_280, 900)];

#[test]
fn no_page_has_a_violation_that_axe_finds() {
    let axe = std::fs::read_to_string(place("AXE_CORE")).expect("axe-core is read");
    let mut found = Vec::new();
    for language in ["en", "hu"] {
        let house = House::open(language, &axe);
        for Page { name, path } in house.pages() {
            for (theme, scheme) in THEMES {
                for (size, width, height) in SIZES {
                    // Words change nothing of colours: the second language is looked at on the phone, where it is
                    // longest.
                    if language == "hu" && (size != "phone" || theme != "light") {
                        continue;
                    }
                    let result = browser::audited(&house.url(&path), width, height, scheme);
                    let result: serde_json::Value = serde_json::from_str(&result)
                        .unwrap_or_else(|fault| panic!("{name}: axe-core said nothing: {fault}: {result}"));
                    let passes = result["passes"].as_u64().expect("a count");
                    assert!(passes > 5, "{name}: axe-core looked at nothing: {result}");
                    for violation in result["violations"].as_array().expect("a list") {
                        found.push(format!("{name}, {language}, {theme}, {size}: {violation}"));
                    }
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "{}", found.join("\n"));
}

/// A picture of every page, theme, size and language in the folder ORSZEM_TEST_PICTURES names, to be looked at; without
/// it each page in one form, to see that a browser draws it.
#[test]
fn a_browser_draws_every_page() {
    let folder = std::env::var_os("ORSZEM_TEST_PICTURES").map(std::path::PathBuf::from);
    let scratch = scratch::folder("pictures");
    for language in ["en", "hu"] {
        let house = House::open(language, "");
        for Page { name, path } in house.pages() {
            for (theme, scheme) in THEMES {
                for (size, width, _) in SIZES {
                    let all = folder.is_some();
                    if !all && (language, theme, size) != ("hu", "dark", "phone") {
                        continue;
                    }
                    let folder = folder.as_deref().unwrap_or(scratch.path());
                    let file = folder.join(format!("{name}-{language}-{theme}-{size}.png"));
                    browser::themed_screenshot(&house.url(&path), (width, 2_400), scheme, &file);
                    let bytes = std::fs::metadata(&file).expect("a picture").len();
                    assert!(bytes > 10_000, "{name}: an empty picture of {bytes} bytes");
                }
            }
        }
    }
}

#[test]
fn an_incident_prints_on_one_sheet() {
    for language in ["en", "hu"] {
        let house = House::open(language, "");
        for Page { name, path } in house.pages().into_iter().filter(|page| ["open", "over"].contains(&page.name)) {
            assert_eq!(browser::printed_sheets(&house.url(&path)), 1, "{name}, {language}");
        }
    }
}

#[test]
fn the_grab_card_prints_on_one_sheet() {
    for language in ["en", "hu"] {
        let house = House::open(language, "");
        assert_eq!(browser::printed_sheets(&house.url("/card")), 1, "{language}");
    }
}

#[test]
fn an_open_page_keeps_itself_up_to_date() {
    let house = House::open("en", "");
    let path = house.pages().into_iter().find(|page| page.name == "open").expect("the page of an open incident").path;
    house.acknowledge_once_read();
    let after = browser::dom_after(&house.url(&path), 40_000);
    assert!(after.contains("Zita has it since") && after.contains("/take-over"), "{after}");
}

/// At oidc-provider, which is certified by the OpenID Foundation, in a real browser: from the page that she wanted to
/// see to the provider and back.
#[test]
fn somebody_signs_in_at_a_certified_provider_and_is_who_it_says() {
    const SECRET: &str = "a secret: with + and / of the tests alone";
    let folder = scratch::folder("provider");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, SECRET).expect("a file");
    let port = Port::take();
    let house = SignInHouse::open(port.number(), &secret);
    let mut node = command(place("NODE"));
    node.arg(repository("tests/support/oidc/provider.mjs")).arg(place("OIDC_PROVIDER"));
    node.args([&port.number().to_string(), &house.url("/sign-in/oidc/back"), SECRET]);
    let shut = browser::dom(&house.url("/incidents/acme.1"));
    assert!(shut.contains("sign-in/oidc?back=incidents%2Facme.1"), "{shut}");
    let away = browser::dom(&house.url("/sign-in/oidc?back=watches"));
    assert!(away.contains("does not answer"), "{away}");
    let mut provider = Child::start("oidc-provider", node, &folder.path().join("log"));
    provider.wait_ready(|| std::net::TcpStream::connect(("127.0.0.1", port.number())).ok());
    let page = browser::dom(&house.url("/sign-in/oidc?back=incidents%2Facme.1"));
    assert!(page.contains("You are Ágnes of the provider"), "{page}\n{}", provider.tail());
    assert!(page.contains("/acknowledge") && page.contains("name=\"form\""), "{page}");
}
