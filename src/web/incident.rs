//! The page of one incident: for somebody who was just woken, what matters first.

use maud::{Markup, html};

use orszem_core::notification::{classifier, driven_by};
use orszem_core::settings::Config;
use orszem_records::class::Class;
use orszem_records::incident::State;
use orszem_records::incident::{Incident, Message};
use orszem_records::ledger::{Action, Entry, Event};
use orszem_records::signal::{Phase, Signal};
use orszem_records::tally::Sample;
use orszem_records::time::Timestamp;

use super::guard::{LinkCheck, LinkParams};
use super::link::{Bearer, LinkError};
use super::{chart, format, pages, types};

/// What the page is made from.
pub(super) struct PageContext<'a> {
    /// The way to the site's root.
    pub root: &'a str,
    /// The incident.
    pub incident: &'a Incident,
    /// The configuration in force.
    pub config: &'a Config,
    /// What the reader came with.
    pub ticket: &'a LinkParams,
    /// What that is worth.
    pub standing: &'a LinkCheck,
    /// The reader may see the other incidents.
    pub may_list: bool,
    /// What the reader just did, as the address says: believed only where the incident bears it out.
    pub did: Option<&'a str>,
}

/// The whole page.
pub(super) fn page(sight: &PageContext<'_>) -> Markup {
    let incident = sight.incident;
    let signal = &incident.signal;
    let title = types::title(sight.config, &incident.watch);
    let watch = sight.config.watch(&incident.watch);
    let advice = watch.as_ref().and_then(|watch| watch.advice.as_deref());
    let main = html! {
        @if sight.may_list { nav { a href=(sight.root) { "← All incidents" } } }
        div.badges {
            (pages::severity(incident.severity)) (pages::state(incident.state()))
            @if signal.learning { span.badge.quiet { "Still learning" } }
            @if incident.spent && incident.state() == State::Open { span.badge.alarm { "Nobody answered" } }
        }
        h1 { (title) }
        p.headline { (format::sentence(signal)) "." }
        p.quiet { (since(incident)) }
        (notice(sight))
        (actions(sight))
        @if let Some(advice) = advice {
            section.card.advice { h2 { "What to do first" } p.text { (advice) } }
        }
        section { h2 { "What was seen" } (facts(incident)) (chart::figure(signal)) }
        section { h2 { "Mentions that drive it" } (samples(sight)) }
        section { h2 { "Who was told" } (messages(&incident.messages)) }
        section { h2 { "What happened" } (history(incident)) }
        footer.quiet { "Incident " code { (incident.id) } " · figures up to " (format::moment_seconds(signal.at)) }
    };
    let title = format!("{}: {title}", format::state(incident.state()));
    pages::layout(sight.root, &title, None, &main)
}

fn since(incident: &Incident) -> Markup {
    let signal = &incident.signal;
    let lasted = format::length(signal.at.since(signal.opened_at) / 1000);
    html! {
        @if incident.closed { "From " (format::moment(signal.opened_at)) " to " (format::moment(signal.at)) ", " (lasted) " in all" }
        @else { "Since " (time(signal.opened_at)) ", for " (lasted) " so far" }
    }
}

fn time(at: Timestamp) -> Markup {
    html! { time datetime=(at) { (format::moment(at)) } }
}

/// The answer to what the reader just did.
fn notice(sight: &PageContext<'_>) -> Markup {
    let incident = sight.incident;
    let said = match (sight.did, incident.state()) {
        (Some("acknowledge"), State::Acknowledged) => "Thank you: it is acknowledged, and nobody else will be called.",
        (Some("acknowledge"), State::Resolved) => {
            "Thank you. It is over already, so there was nothing left to acknowledge."
        }
        (Some("resolve"), State::Resolved) => "Thank you: it is resolved.",
        (Some("feedback"), _) => {
            "Thank you: it is written down, for the next model to learn from. The figures stay as they are."
        }
        (Some("acknowledge" | "resolve"), _) => "Thank you: it is written down, and will show here in a moment.",
        _ => return html! {},
    };
    html! { p.notice role="status" { (said) } }
}

/// The buttons, for whoever may press them; else why there are none.
fn actions(sight: &PageContext<'_>) -> Markup {
    let incident = sight.incident;
    let who = html! {
        @if let Some(deed) = &incident.acknowledged {
            p { "Acknowledged by " strong { bdi { (format::lines(&deed.by.by)) } } ", " (time(deed.at)) "." }
        }
        @if let Some(deed) = &incident.resolved {
            p { "Resolved by " strong { bdi { (format::lines(&deed.by.by)) } } ", " (time(deed.at)) "." }
        } @else if incident.closed {
            p { "The all-clear: mentions are back to what was expected." }
        } @else if incident.acknowledged.is_none() {
            p { "Nobody has it yet." }
        }
    };
    html! {
        section.actions {
            (who)
            @if incident.state() != State::Resolved {
                @match sight.standing {
                    LinkCheck::May(bearer) => (buttons(sight, bearer)),
                    LinkCheck::MayNot(LinkError::Expired) => p.warning role="alert" { "This link has expired, so you can read but not act. A newer message about the incident has a newer link." },
                    LinkCheck::MayNot(LinkError::Forged) => p.warning role="alert" { "This link is not genuine or was cut short, so you can read but not act. Open it from the message again." },
                    LinkCheck::None => p.quiet { "To acknowledge or resolve it, open it by the link in the message that you got." },
                }
            }
        }
    }
}

fn buttons(sight: &PageContext<'_>, bearer: &Bearer) -> Markup {
    let incident = sight.incident;
    html! {
        div.buttons {
            @if incident.acknowledged.is_none() { (button(sight, "acknowledge", "I have it", "Acknowledge", "primary")) }
            (button(sight, "resolve", "It is over", "Resolve", "secondary"))
        }
        p.quiet {
            "You act as " strong { (bearer.0) }
            @if let Some(ends) = sight.ticket.ends() { "; this link works until " (format::moment(ends)) } "."
        }
    }
}

fn button(sight: &PageContext<'_>, deed: &str, says: &str, does: &str, class: &str) -> Markup {
    let action = format!("{}incidents/{}/{deed}", sight.root, format::percent_encode(&sight.incident.id.0));
    html! {
        form.deed method="post" action=(action) {
            (ticket(sight))
            button class=(class) type="submit" { (says) small { (does) } }
        }
    }
}

/// What shows a form's right to act.
fn ticket(sight: &PageContext<'_>) -> Markup {
    let fields = [("as", &sight.ticket.bearer), ("until", &sight.ticket.until), ("sig", &sight.ticket.sig)];
    html! {
        @for (name, value) in fields {
            @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
        }
    }
}

fn facts(incident: &Incident) -> Markup {
    let signal = &incident.signal;
    let now = (signal.severity != incident.severity).then_some(signal.severity);
    html! {
        dl.facts {
            div { dt { "Observed" } dd { strong { (format::count(signal.observed)) } " " (format::counted(signal.kind)) } }
            div { dt { "Expected" } dd { strong { (format::figure(signal.expected)) } ", and 95 times of 100 between " (format::figure(signal.interval.0)) " and " (format::figure(signal.interval.1)) } }
            div { dt { "Window" } dd { (format::length(i64::from(signal.window_s))) " up to " (format::moment(signal.at)) } }
            div { dt { "How rare" } dd { (format::figure(incident.rarest)) " a week by chance at its height: " (format::rarity(incident.rarest)) } }
            div { dt { "Budget" } dd { (format::figure(signal.budget)) " false pages a week" } }
            div { dt { "Severity" } dd { (incident.severity) " of 4, where 1 is the highest" @if let Some(now) = now { "; now " (now) } } }
            div { dt { "Kind" } dd { (signal.kind.meaning()) } }
            div { dt { "Past" } dd { (past(signal)) } }
            @for forecast in &signal.forecast {
                div { dt { "Next " (forecast.hours) " h" } dd { (format::forecast(forecast)) } }
            }
            @if !signal.drivers.is_empty() {
                div { dt { "Driven by" } dd { bdi { (format::lines(&driven_by(&signal.drivers))) } } }
            }
            div { dt { "Classifier" } dd { (classifier(&signal.counts)) } }
            div { dt { "Since it began" } dd { (format::counts(&signal.counts)) } }
        }
    }
}

fn past(signal: &Signal) -> String {
    let learnt = format::length(i64::from(signal.learnt_hours) * 3600);
    match signal.learning {
        true => {
            let left = format::length(i64::from(signal.learning_left) * 3600);
            format!("still learning, {left} left ({learnt} so far): it stands on its sheer size, not on a past")
        }
        false => format!("learnt from {learnt}"),
    }
}

/// A class, for people.
const fn class(class: Class) -> &'static str {
    match class {
        Class::Negative => "negative",
        Class::Neutral => "neutral",
        Class::Positive => "positive",
    }
}

fn samples(sight: &PageContext<'_>) -> Markup {
    let samples = &sight.incident.signal.samples;
    html! {
        @if samples.is_empty() { p.quiet { "None were kept." } }
        @for sample in samples {
            figure.card.mention {
                blockquote.text dir="auto" { (format::lines(&sample.text)) }
                figcaption {
                    span class={ "badge " (class(sample.class)) } { (class(sample.class)) } " "
                    @if let Some(role) = sample.role { span.badge.quiet { (role.words()) } " " }
                    bdi { (format::lines(&sample.author)) }
                    @if sample.followers > 0 { ", " (format::count(sample.followers)) " followers" }
                    " · " bdi { (format::lines(&sample.source)) } " · " (time(sample.published_at))
                    @if let Some((url, host)) = sample.url.as_deref().and_then(format::web_address) {
                        " · " a href=(url) rel="noopener noreferrer nofollow" target="_blank" { "see it on " (host) }
                    }
                }
                (judged(sight, sample))
            }
        }
    }
}

/// What somebody said of the judgement of a mention, and the buttons to say so.
fn judged(sight: &PageContext<'_>, sample: &Sample) -> Markup {
    let said = sight.incident.feedback(&sample.id);
    let stands = said.map_or(sample.class, |feedback| feedback.told);
    let action = format!("{}incidents/{}/feedback", sight.root, format::percent_encode(&sight.incident.id.0));
    html! {
        @if let Some(feedback) = said {
            p.quiet { bdi { (format::lines(&feedback.by.by)) } " says: " (class(feedback.told)) "." }
        }
        @if matches!(sight.standing, LinkCheck::May(_)) {
            form.feedback method="post" action=(action) {
                (ticket(sight))
                input type="hidden" name="mention" value=(sample.id);
                span.quiet { "Not " (class(stands)) "? It is" }
                @for other in Class::ALL.into_iter().filter(|other| *other != stands) {
                    button type="submit" name="class" value=(class(other)) { (class(other)) }
                }
            }
        }
    }
}

/// What a message says, for people.
const fn says(action: Action) -> &'static str {
    match action {
        Action::Trigger => "the incident",
        Action::Update => "newer figures",
        Action::Acknowledge => "somebody has it",
        Action::Resolve => "it is over",
    }
}

fn messages(messages: &[Message]) -> Markup {
    if messages.is_empty() {
        return html! { p.quiet { "Nobody yet." } };
    }
    html! {
        table {
            thead { tr { th { "Receiver" } th { "Message" } th { "Tries" } th { "What came of it" } th { "When" } } }
            tbody {
                @for message in messages {
                    @let (outcome, reason) = types::outcome(message.outcome.as_ref());
                    @let came = match outcome { "accepted" => "accepted", "retry" => "will be tried again", "failed" => "failed", _ => "under way" };
                    tr {
                        td data-label="Receiver" { strong { (message.attempt.receiver) } }
                        td data-label="Message" { (says(message.attempt.action)) }
                        td data-label="Tries" { (message.attempt.try_number.saturating_add(1)) }
                        td data-label="What came of it" {
                            span class={ "badge " (outcome) } { (came) }
                            @if let Some(reason) = reason { " " span.reason dir="auto" { (format::lines(reason)) } }
                        }
                        td data-label="When" { (format::moment_seconds(message.outcome_at.unwrap_or(message.last_at))) }
                    }
                }
            }
        }
        p.quiet { "Accepted means that the service took it, not that anybody has read it." }
    }
}

/// The story of it; single attempts and their outcomes are in the table.
fn history(incident: &Incident) -> Markup {
    let mut step = None;
    let lines =
        incident.history.iter().filter_map(|entry| line(entry, incident, &mut step).map(|said| (entry.at, said)));
    html! {
        ol.history { @for (at, said) in lines { li { span.quiet { (format::moment_seconds(at)) } span { (said) } } } }
    }
}

/// What an entry says to people. `step` is the step of the escalation that was told last: each is one line.
fn line(entry: &Entry, incident: &Incident, step: &mut Option<(u32, u32)>) -> Option<Markup> {
    Some(match &entry.event {
        Event::Signal(signal) => match signal.phase {
            Phase::Opened => html! { "It began, at severity " (signal.severity) "." },
            Phase::Updated => html! { "Severity " (signal.severity) " from here: " (format::sentence(signal)) "." },
            Phase::Closed => html! { "The all-clear: back to what was expected." },
        },
        Event::Attempt(attempt) => {
            let this = (attempt.round, attempt.step);
            if attempt.action != Action::Trigger || *step == Some(this) {
                return None;
            }
            *step = Some(this);
            let told = receivers(incident, this);
            html! {
                "Step " (attempt.step.saturating_add(1)) " of the escalation"
                @if attempt.round > 0 { ", round " (attempt.round.saturating_add(1)) }
                ": " (told) "."
            }
        }
        Event::Outcome(_) => return None,
        Event::Acknowledged(who) => {
            html! { bdi { (format::lines(&who.by)) } " acknowledged it, by " (way(&who.via)) "." }
        }
        Event::Resolved(who) => html! { bdi { (format::lines(&who.by)) } " resolved it, by " (way(&who.via)) "." },
        Event::Feedback(feedback) => html! {
            bdi { (format::lines(&feedback.by.by)) } " said of a mention that was taken for " (class(feedback.judged)) ": it is "
            (class(feedback.told)) "."
        },
        Event::EscalationSpent { escalation } => {
            html! { strong { "Every step of the escalation " (escalation) " has passed, and nobody acknowledged." } }
        }
        Event::Untold => html! { "Over, and nobody was told: its watch named nobody to tell." },
    })
}

/// The receivers that were told in a step.
fn receivers(incident: &Incident, step: (u32, u32)) -> String {
    let told = incident.history.iter().filter_map(|entry| match &entry.event {
        Event::Attempt(attempt) if attempt.action == Action::Trigger && (attempt.round, attempt.step) == step => {
            Some(attempt.receiver.as_str())
        }
        _ => None,
    });
    let distinct: std::collections::BTreeSet<&str> = told.collect();
    distinct.into_iter().collect::<Vec<_>>().join(", ")
}

fn way(via: &str) -> String {
    match via {
        "link" => "the link in a message".into(),
        "api" => "the API".into(),
        other => format::lines(other),
    }
}
