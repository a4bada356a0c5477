//! What is said in public: holding statements, drafts, the approval by a second person, and what was posted.

use maud::{Markup, html};

use orszem_core::posting::approval::holds_until;
use orszem_core::posting::difference::{Part, difference};
use orszem_core::posting::offers::{Offers, forbidden, must_not_say, offers};
use orszem_core::posting::who::{approvers, people};
use orszem_records::statement::{Draft, Revision};

use crate::actions::ActionName;
use crate::render::format;

use super::buttons::{address, hidden, name_field};
use super::context::PageContext;

/// The statement and its offers, where the configuration speaks of any or somebody wrote one.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    let config = page.config;
    let speaks = !config.statements.is_empty() || !config.posting.on_duty.is_empty() || !config.accounts.is_empty();
    if !speaks && page.incident.statements.is_empty() {
        return html! {};
    }
    let words = page.words();
    let offers = offers(config, page.incident, page.now);
    html! {
        section.statement #statement {
            h2 { (words.say("statement-heading")) }
            (refusal(page))
            @if let Some(newest) = page.incident.statements.newest() { (current(page, newest)) }
            (posts(page))
            (forbidden_list(page))
            (offered(page, &offers))
            @if page.may_act() { (write(page, &offers)) }
        }
    }
}

/// Why the approval was refused that the reader just gave, and what was changed since they read it.
fn refusal(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    let says = match page.refused {
        Some("who") => "statement-refused-who",
        Some("not-yours") => "statement-refused-not-yours",
        Some("whose-text") => "statement-refused-whose-text",
        Some("own-text") => "statement-refused-own-text",
        Some("changed") => "statement-refused-changed",
        Some("unknown") => "statement-refused-unknown",
        Some("before") => "statement-refused-before",
        _ => return html! {},
    };
    let statements = &page.incident.statements;
    let before = page.read.and_then(|number| statements.revision(number));
    let changed = before.zip(statements.newest()).filter(|(before, newest)| before.number != newest.number);
    html! {
        p.warning role="alert" tabindex="-1" autofocus { (words.say(says)) }
        @if let Some((before, newest)) = changed { (parts(&before.draft.text, &newest.draft.text)) }
    }
}

/// Two texts in one, with what was taken out and put in.
fn parts(before: &str, after: &str) -> Markup {
    html! {
        blockquote.text.note.difference dir="auto" {
            @for part in difference(before, after) {
                @match part {
                    Part::Same(text) => (format::lines(&text)),
                    Part::Removed(text) => del { (format::lines(&text)) },
                    Part::Added(text) => ins { (format::lines(&text)) },
                }
            }
        }
    }
}

/// The newest revision: what it says, how it stands, and what can be done with it.
fn current(page: &PageContext<'_>, newest: &Revision) -> Markup {
    let words = page.words();
    let by = format::lines(&newest.draft.by.by);
    let wrote = [("n", newest.number.into()), ("by", by.into()), ("at", words.moment(newest.at).into())];
    let until = holds_until(page.config, newest);
    let is_over = until.is_some_and(|until| until < page.now);
    let on_duty = people(page.roster, &page.config.posting.on_duty, page.now);
    let said = forbidden(page.config, page.incident, &newest.draft.text);
    html! {
        div.card.revision {
            p.quiet { bdi { (words.with("statement-revision", wrote)) } }
            blockquote.text.note dir="auto" lang=(newest.draft.language) { (format::lines(&newest.draft.text)) }
            @for phrase in said {
                p.warning { bdi { (words.with("statement-forbidden", [("phrase", format::lines(phrase).into())])) } }
            }
            @if let Some(approved) = &newest.approved {
                @let approved = [("by", format::lines(&approved.by.by).into()), ("at", words.moment(approved.at).into())];
                p { bdi { (words.with("statement-approved", approved)) } }
            } @else if let Some(waived) = &newest.waived {
                @let who = page.people_shown(&waived.mandated);
                p.warning {
                    bdi { (words.with("statement-waived", [("who", who.into()), ("at", words.moment(waived.at).into())])) }
                }
            } @else {
                @let who = page.people_shown(&people(page.roster, approvers(page.config, page.incident), page.now));
                p { bdi { (waits(page, &who)) } }
                @if page.may_act() { (approve(page, newest)) }
            }
            @if let Some(until) = until {
                @let values = [("who", page.people_shown(&on_duty).into()), ("until", words.moment(until).into())];
                @if is_over {
                    p.warning { (words.with("statement-ran-out", [("until", words.moment(until).into())])) }
                } @else if on_duty.is_empty() {
                    p.may-post { (words.with("statement-may-post-anybody", [("until", words.moment(until).into())])) }
                } @else {
                    p.may-post { bdi { (words.with("statement-may-post", values)) } }
                }
                @if page.may_act() { (posted(page, newest)) }
            }
        }
    }
}

fn waits(page: &PageContext<'_>, who: &str) -> String {
    let words = page.words();
    match who.is_empty() {
        true => words.say("statement-waits"),
        false => words.with("statement-waits-for", [("who", who.to_owned().into())]),
    }
}

/// The button of a second person. Who wrote the text reads why there is none.
fn approve(page: &PageContext<'_>, newest: &Revision) -> Markup {
    let words = page.words();
    let is_own = match (&newest.draft.by.person, page.person()) {
        (Some(one), Some(other)) => *one == other.name,
        _ => page.is_reader(&newest.draft.by.by),
    };
    if newest.draft.by.person.is_none() {
        return html! { p.warning { (words.say("statement-refused-whose-text")) } };
    }
    if is_own {
        return html! { p.quiet { (words.say("statement-own-text")) } };
    }
    html! {
        form.decide method="post" action=(address(page, ActionName::Approve)) {
            (hidden(page))
            input type="hidden" name="revision" value=(newest.number);
            (name_field(page, "approve-name"))
            button.primary type="submit" { (words.say("button-approve")) small { (words.say("button-approve-does")) } }
        }
    }
}

/// Says that it is posted, by which account and where.
fn posted(page: &PageContext<'_>, newest: &Revision) -> Markup {
    let words = page.words();
    html! {
        form.try method="post" action=(address(page, ActionName::Posted)) {
            (hidden(page))
            input type="hidden" name="revision" value=(newest.number);
            (name_field(page, "posted-name"))
            @if !page.config.accounts.is_empty() {
                label for="posted-account" { (words.say("posted-account")) }
                select #posted-account name="account" {
                    @for account in &page.config.accounts { option value=(account.name) { (account.shown()) } }
                    option value="" { (words.say("posted-elsewhere")) }
                }
            }
            label for="posted-url" { (words.say("posted-url")) }
            input #posted-url name="url" type="url" inputmode="url" autocomplete="off";
            button.secondary type="submit" { (words.say("button-posted")) small { (words.say("button-posted-does")) } }
        }
    }
}

/// What was posted.
fn posts(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    let shown = |account: &Option<String>| {
        let name = account.as_deref().unwrap_or_default();
        page.config.account(name).map_or(name.to_owned(), |account| account.shown().to_owned())
    };
    html! {
        @for posted in page.incident.statements.posts() {
            @let values = [
                ("n", posted.post.revision.into()),
                ("by", format::lines(&posted.post.by.by).into()),
                ("account", format::lines(&shown(&posted.post.account)).into()),
                ("at", words.moment(posted.at).into()),
            ];
            p.posted {
                bdi { (words.with(if posted.post.account.is_some() { "statement-posted-by" } else { "statement-posted" }, values)) }
                @if let Some(url) = posted.post.url.as_deref().and_then(orszem_text::sanitize::address) {
                    " " a href=(url) rel="noopener noreferrer nofollow" { (words.say("statement-posted-where")) }
                }
            }
        }
    }
}

/// What must not be said.
fn forbidden_list(page: &PageContext<'_>) -> Markup {
    let phrases = must_not_say(page.config, page.incident);
    html! {
        @if !phrases.is_empty() {
            h3 { (page.words().say("statement-must-not")) }
            ul { @for phrase in phrases { li { bdi { (format::lines(phrase)) } } } }
        }
    }
}

/// The holding statements that may be used, and those that ran out.
fn offered(page: &PageContext<'_>, found: &Offers<'_>) -> Markup {
    let words = page.words();
    let wanted = found.language.clone().unwrap_or_default();
    html! {
        @for offer in &found.offers {
            details.card.offer {
                summary { bdi { (format::lines(offer.statement.shown())) } " (" (offer.text.language) ")" }
                @if offer.is_fallback {
                    @let values = [("wanted", wanted.clone().into()), ("found", offer.text.language.clone().into())];
                    p.warning { (words.with("statement-fallback", values)) }
                }
                blockquote.text.note dir="auto" lang=(offer.text.language) { (format::lines(&offer.says)) }
                p.quiet {
                    bdi {
                        (words.with("statement-text-approved", [
                            ("by", page.person_shown(&offer.text.approved_by).into()),
                            ("until", offer.text.until.0.to_string().into()),
                        ]))
                    }
                }
                @if page.may_act() {
                    form.try method="post" action=(address(page, ActionName::Draft)) {
                        (hidden(page))
                        input type="hidden" name="text" value=(offer.says);
                        input type="hidden" name="language" value=(offer.text.language);
                        input type="hidden" name="statement" value=(offer.statement.name);
                        (name_field(page, &format!("offer-{}", offer.statement.name)))
                        button.secondary type="submit" { (words.say("button-use")) small { (words.say("button-use-does")) } }
                    }
                }
            }
        }
        @for (statement, text) in &found.expired {
            p.warning.expired {
                bdi {
                    (words.with("statement-expired", [
                        ("title", format::lines(statement.shown()).into()),
                        ("language", text.language.clone().into()),
                        ("until", text.until.0.to_string().into()),
                    ]))
                }
            }
        }
    }
}

/// Where a text is written, or the newest one is changed.
fn write(page: &PageContext<'_>, found: &Offers<'_>) -> Markup {
    let words = page.words();
    let newest = page.incident.statements.newest();
    let text = newest.map(|newest| newest.draft.text.as_str()).unwrap_or_default();
    let fallback = || page.config.posting.languages.first().cloned();
    let language = newest.map(|newest| newest.draft.language.clone()).or_else(|| found.language.clone());
    let language = language.or_else(fallback).unwrap_or_else(|| words.say("language-code"));
    html! {
        details.more {
            summary { (words.say(if newest.is_some() { "statement-change" } else { "statement-write" })) }
            form.try method="post" action=(address(page, ActionName::Draft)) {
                (hidden(page))
                (name_field(page, "draft-name"))
                label for="draft" { (words.say("statement-text")) }
                textarea #draft name="text" rows="6" required maxlength=(Draft::LONGEST) dir="auto" { (text) }
                label for="draft-language" { (words.say("statement-language")) }
                input #draft-language name="language" required pattern="[a-z]{2}" maxlength="2" value=(language) autocomplete="off";
                button.secondary type="submit" { (words.say("button-draft")) small { (words.say("button-draft-does")) } }
            }
        }
    }
}
