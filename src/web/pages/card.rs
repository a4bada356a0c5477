//! The grab card: one page on paper.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::card::Card;
use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::Refused;
use crate::render::format;

use super::{layout, team_form};

/// `GET /card`.
pub(crate) async fn show(State(app): State<AppState>, reader: Reader, asked: Asked) -> Result<Response, Refused> {
    let config = app.config.load();
    team_form::may_see(&reader, &asked, &config)?;
    let (roster, now) = (app.team.roster(&config), clock::now());
    let card = Card::of(&config, &roster, now);
    let words = &asked.words;
    let title = words.say("card");
    let root = layout::root(asked.uri.path());
    let main = html! {
        (team_form::ways(&asked, &root))
        article.grab-card {
            h1 { (title) }
            p.quiet { (words.with("card-of", [("at", words.moment(now).into())])) }
            (rotations(&card, &config, words))
            (people(&card, words))
            (accounts(&card, &config, words))
            (statements(&card, words))
        }
    };
    Ok(layout::response(layout::layout(&asked, &title, &main)).into_response())
}

fn rotations(card: &Card<'_>, config: &Config, words: &Words) -> Markup {
    html! {
        @for (title, shifts) in &card.rotations {
            section {
                h2 { bdi { (format::lines(title)) } }
                @if shifts.is_empty() { p.warning { (words.say("card-nobody")) } }
                ul {
                    @for shift in shifts {
                        @let who = config.person(&shift.person).map_or(shift.person.as_str(), |person| person.shown());
                        li {
                            strong { bdi { (format::lines(who)) } } " "
                            (words.moment(shift.from)) "–" (words.moment(shift.to))
                        }
                    }
                }
            }
        }
    }
}

fn people(card: &Card<'_>, words: &Words) -> Markup {
    html! {
        @if !card.people.is_empty() {
            section {
                h2 { (words.say("card-people")) }
                dl.facts {
                    @for (person, ways) in &card.people {
                        div {
                            dt { bdi { (format::lines(person.shown())) } }
                            dd {
                                @if let Some(phone) = &person.phone { strong { (format::lines(phone)) } " · " }
                                @for (place, (receiver, to)) in ways.iter().enumerate() {
                                    @if place > 0 { " · " }
                                    (receiver) @if let Some(to) = to { " " bdi { (format::lines(to)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn accounts(card: &Card<'_>, config: &Config, words: &Words) -> Markup {
    let shown = |name: &String| config.person(name).map_or(name.as_str(), |person| person.shown()).to_owned();
    html! {
        @if !card.accounts.is_empty() {
            section {
                h2 { (words.say("accounts")) }
                dl.facts {
                    @for (account, administrators) in &card.accounts {
                        @let there: Vec<String> = administrators.iter().map(shown).collect();
                        @let emergency = account.emergency.as_deref().unwrap_or_default();
                        div {
                            dt { bdi { (format::lines(account.shown())) } }
                            dd {
                                bdi { (format::lines(&account.address)) } br;
                                (words.say("account-administrators")) ": " bdi { (format::lines(&there.join(", "))) }
                                @if !emergency.is_empty() {
                                    br; (words.say("account-emergency")) ": " bdi { (format::lines(emergency)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn statements(card: &Card<'_>, words: &Words) -> Markup {
    html! {
        @if !card.statements.is_empty() {
            section {
                h2 { (words.say("card-statements")) }
                @for (statement, texts) in &card.statements {
                    @for text in texts {
                        p {
                            strong { bdi { (format::lines(statement.shown())) } } " (" (text.language) "): "
                            span lang=(text.language) { bdi { (format::lines(&text.says)) } }
                        }
                    }
                    @if !statement.must_not_say.is_empty() {
                        p.quiet {
                            (words.say("statement-must-not")) ": "
                            bdi { (format::lines(&statement.must_not_say.join("; "))) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::house;

    #[tokio::test]
    async fn the_card_has_ways_accounts_and_statements_and_not_where_credentials_are_kept() {
        let house = house(
            r#"
            receiver = [{ kind = "console", name = "sms" }]
            person = [{ name = "anna", title = "<Anna>", way = [{ receiver = "sms" }] }]
            [[account]]
            name = "fb"
            title = "Facebook"
            address = "https://fb.example"
            owner = "anna"
            administrators = ["anna"]
            credential = "op://Comms/Facebook"
            emergency = "+1 555 0100"
            [[statement]]
            name = "outage"
            must_not_say = ["our fault"]
            [[statement.text]]
            language = "en"
            says = "We look into it."
            approved_by = "anna"
            until = "2999-01-01"
            "#,
        );
        let page = house.get("/card").await.body;
        for part in ["&lt;Anna&gt;", "sms", "Facebook", "+1 555 0100", "We look into it.", "our fault"] {
            assert!(page.contains(part), "{part:?} is missing in {page}");
        }
        assert!(!page.contains("op://"), "{page}");
    }
}
