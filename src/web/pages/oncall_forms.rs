//! The forms that change who is on call: somebody stands in, and the offer of a swap.

use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::oncall::request::{LONGEST_REASON, Request, RequestFault, What};
use orszem_core::oncall::{Doubt, Roster};
use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_records::time::Timestamp;

use crate::asked::Asked;
use crate::oncall::instant;
use crate::render::format;

use super::sent::Signed;
use super::team_form::{Acting, person};

/// What the forms send, and what the page is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    form: Option<String>,
    name: Option<String>,
    rotation: String,
    /// `add`, `replace`, `remove` or `offer`.
    kind: String,
    pub(super) person: String,
    /// In whose place; everybody's where it is empty.
    whom: String,
    from: String,
    to: String,
    reason: String,
    /// What was made a moment ago.
    pub(super) made: String,
    /// What is odd about its times.
    pub(super) doubt: String,
    /// `yes`: somebody else has the offer, or it was taken back.
    pub(super) late: String,
}

impl Signed for Fields {
    fn who(&self) -> (Option<&str>, Option<&str>) {
        (self.form.as_deref(), self.name.as_deref())
    }
}

impl Fields {
    /// What is asked for. A time that cannot be read is one that is over: the form is shown again.
    pub(super) fn request(&self, roster: &Roster, now: Timestamp) -> (Request, Vec<Doubt>) {
        let clock = roster.clock(&self.rotation);
        let at = |text: &str| instant(clock, text).unwrap_or((Timestamp::default(), None));
        let (from, one) = if self.from.is_empty() { (now, None) } else { at(&self.from) };
        let (to, other) = at(&self.to);
        let some = |name: &str| Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
        let people: Vec<String> = some(&self.person).into_iter().collect();
        let what = match self.kind.as_str() {
            "add" => What::Add(people),
            "remove" => What::Remove(people),
            "offer" => What::Offer(self.person.clone()),
            _ => What::Replace(people, some(&self.whom).into_iter().collect()),
        };
        let reason = some(&self.reason);
        (
            Request { rotation: self.rotation.clone(), from, to, what, reason },
            [one, other].into_iter().flatten().collect(),
        )
    }
}

/// A doubt in an address.
pub(super) const fn doubt_id(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Missing => "missing",
        Doubt::Twice => "twice",
    }
}

/// What is wrong, for people.
pub(super) fn fault_words(fault: &RequestFault, words: &Words) -> String {
    let named = |id: &str, name: &str| words.with(id, [("name", format::lines(name).into())]);
    match fault {
        RequestFault::Rotation(name) => named("override-fault-rotation", name),
        RequestFault::Person(name) => named("override-fault-person", name),
        RequestFault::Left(name) => named("override-fault-left", name),
        RequestFault::Nobody => words.say("override-fault-nobody"),
        RequestFault::Backwards | RequestFault::Past => words.say("override-fault-span"),
        RequestFault::TooLong => words.say("override-fault-too-long"),
        RequestFault::LongReason => words.say("silence-fault-long-reason"),
    }
}

/// Both forms.
pub(super) fn forms(config: &Config, asked: &Asked, acting: &Acting, fields: &Fields, root: &str) -> Markup {
    let words = &asked.words;
    let own = acting.person().unwrap_or_default();
    let offers = fields.kind == "offer";
    html! {
        details.more open[!fields.kind.is_empty() && !offers] {
            summary { (words.say("override-new")) }
            form.try method="post" action={ (root) "oncall/overrides" } {
                (acting.fields("override-name", asked))
                (rotation_select(config, "override-rotation", fields, words))
                label for="override-kind" { (words.say("override-kind")) }
                select #override-kind name="kind" {
                    @for (kind, id) in [("replace", "override-kind-replace"), ("add", "override-kind-add"), ("remove", "override-kind-remove")] {
                        option value=(kind) selected[fields.kind == kind] { (words.say(id)) }
                    }
                }
                (person_select(config, "person", "override-person", words.say("override-person"), &fields.person, None))
                (person_select(config, "whom", "override-whom", words.say("override-whom"), &fields.whom, Some(words.say("override-everybody"))))
                (times("override", fields, words))
                label for="override-reason" { (words.say("override-reason")) }
                input #override-reason name="reason" value=(fields.reason) maxlength=(LONGEST_REASON) autocomplete="off";
                button.primary type="submit" { (words.say("override-make")) }
            }
        }
        details.more open[offers] {
            summary { (words.say("offer-new")) }
            form.try method="post" action={ (root) "oncall/overrides" } {
                (acting.fields("offer-name", asked))
                input type="hidden" name="kind" value="offer";
                (rotation_select(config, "offer-rotation", fields, words))
                @let whose = if fields.person.is_empty() { own } else { &fields.person };
                (person_select(config, "person", "offer-person", words.say("offer-person"), whose, None))
                (times("offer", fields, words))
                button.primary type="submit" { (words.say("offer-make")) small { (words.say("offer-make-does")) } }
            }
        }
    }
}

fn rotation_select(config: &Config, id: &str, fields: &Fields, words: &Words) -> Markup {
    html! {
        label for=(id) { (words.say("override-rotation")) }
        select id=(id) name="rotation" {
            @for rotation in &config.rotations {
                option value=(rotation.name) selected[fields.rotation == rotation.name] {
                    (format::lines(rotation.title.as_deref().unwrap_or(&rotation.name))) " (" (rotation.time_zone) ")"
                }
            }
        }
    }
}

/// A choice of people; `nobody` is what the empty choice says, where there is one.
pub(super) fn person_select(
    config: &Config,
    name: &str,
    id: &str,
    label: String,
    chosen: &str,
    nobody: Option<String>,
) -> Markup {
    html! {
        label for=(id) { (label) }
        select id=(id) name=(name) {
            @if let Some(nobody) = nobody { option value="" { (nobody) } }
            @for one in &config.people {
                option value=(one.name) selected[chosen == one.name] { (person(config, &one.name)) }
            }
        }
    }
}

/// From when to when, by the clock of the rotation.
fn times(id: &str, fields: &Fields, words: &Words) -> Markup {
    let (from, to, help) = (format!("{id}-from"), format!("{id}-to"), format!("{id}-help"));
    html! {
        label for=(from) { (words.say("override-from")) }
        input id=(from) type="datetime-local" name="from" value=(fields.from) aria-describedby=(help);
        label for=(to) { (words.say("override-to")) }
        input id=(to) type="datetime-local" name="to" value=(fields.to) required aria-describedby=(help);
        p.quiet id=(help) { (words.say("override-times-help")) }
    }
}
