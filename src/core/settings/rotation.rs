//! `[[rotation]]`: people who take turns; and `[[override]]`: what is otherwise for a while.

use schemars::JsonSchema;
use serde::Deserialize;

use super::calendar::{Clock, Hours, LocalTime, Moment, Weekday};
use super::shift_calendar::ShiftCalendar;

/// `[[rotation]]`: who is on call when.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// The name by which steps call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Its name for people; the name, unless given.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// The time zone of its clock, by its IANA name.
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: String,
    /// Its layers, the lowest first. A later one covers those before it where it has somebody.
    #[serde(default, rename = "layer")]
    #[schemars(length(min = 1))]
    pub layers: Vec<Layer>,
    /// A calendar that others keep, with its shifts. It covers all layers where it has somebody.
    #[serde(default)]
    pub calendar: Option<ShiftCalendar>,
    /// Whether people are told an hour before a shift of theirs begins, and when it begins, without an alarm.
    #[serde(default = "yes")]
    pub shift_messages: bool,
}

/// `[[rotation.layer]]`: people who follow one another in order.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// What its turns are counted in: `"daily"`, `"weekly"` or `"hours"`.
    pub shift: ShiftUnit,
    /// How many days, weeks or hours a turn lasts.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000))]
    pub every: u32,
    /// Only for `"hours"`: `"clock"`, at the same times each day, from `handover` on; or `"length"`, always that many
    /// hours after the last one, from the beginning of the stretch on, whatever the clocks do.
    #[serde(default)]
    pub by: Option<HoursBy>,
    /// The local time of day at which the next one takes over; `"09:00"`, unless given. Not used with `by = "length"`.
    #[serde(default)]
    pub handover: Option<Clock>,
    /// Only for `"weekly"`: the day of the week on which the next one takes over; `"monday"`, unless given.
    #[serde(default)]
    pub weekday: Option<Weekday>,
    /// The hours in which alone it has somebody; always, unless given.
    #[serde(default)]
    pub active: Vec<Hours>,
    /// Of a layer that is active on some days of the week only: whether the others count towards a turn (`"all"`), or
    /// a turn goes on over them (`"active"`).
    #[serde(default)]
    pub count: Option<DaysCounted>,
    /// Who takes turns, from when on. A change of members is another stretch, so that who has it now keeps it.
    #[serde(rename = "stretch")]
    #[schemars(length(min = 1))]
    pub stretches: Vec<Stretch>,
}

/// What turns are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftUnit {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Hours.
    Hours,
}

/// How hours are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HoursBy {
    /// At the same local times each day.
    Clock,
    /// By the time that passes.
    Length,
}

/// Which days count towards a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DaysCounted {
    /// Those on which the layer is active: a turn goes on over the others.
    Active,
    /// All days.
    All,
}

/// `[[rotation.layer.stretch]]`: the members from a moment on.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// From when on, by the rotation's clock: `"2026-03-23 09:00"`. The first member has it from here to the next
    /// hand-over.
    pub from: LocalTime,
    /// Who takes turns, in order; `["bela", "csilla"]` in it are two who have it together. Nobody ends the layer.
    pub members: Vec<Member>,
}

/// Who has a turn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Member {
    /// One person, by name.
    One(String),
    /// Several people at the same time, by name.
    Several(#[schemars(length(min = 1))] Vec<String>),
}

impl Member {
    /// The names of the people.
    pub fn names(&self) -> &[String] {
        match self {
            Member::One(name) => std::slice::from_ref(name),
            Member::Several(names) => names,
        }
    }
}

/// `[[override]]`: what is otherwise in a rotation for a while. A later one covers those before it; those that people
/// make on the pages are later than all of the file.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The rotation.
    pub rotation: String,
    /// What it does: `"add"`, `"replace"`, `"remove"` or `"roster"`.
    pub kind: OverrideKind,
    /// From when on: by the rotation's clock, or with an offset.
    pub from: Moment,
    /// Until when: at that moment it is over.
    pub to: Moment,
    /// Who is added, stands in, or is taken out.
    #[serde(default)]
    pub people: Vec<String>,
    /// Only for `"replace"`: in whose place they stand in, where these are on call; in everybody's, unless given.
    #[serde(default)]
    pub instead_of: Vec<String>,
    /// Only for `"roster"`: who is on call in this time, and nobody else.
    #[serde(default, rename = "shift")]
    pub shifts: Vec<RosterShift>,
    /// Why, for people.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub reason: Option<String>,
}

/// What an override does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OverrideKind {
    /// People are on call beside those who are.
    Add,
    /// People stand in for others.
    Replace,
    /// People are not on call.
    Remove,
    /// A list of shifts takes the place of the rotation, its gaps included.
    Roster,
}

/// `[[override.shift]]`: a shift of a temporary roster.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterShift {
    /// From when on.
    pub from: Moment,
    /// Until when.
    pub to: Moment,
    /// Who.
    #[schemars(length(min = 1))]
    pub people: Vec<String>,
}

const fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

impl Layer {
    /// The hand-over of a layer that gives none.
    pub const HANDOVER: Clock = Clock(9 * 60);

    /// The time of day of the hand-over.
    pub fn handover(&self) -> Clock {
        self.handover.unwrap_or(Layer::HANDOVER)
    }

    /// The day of the week of the hand-over.
    pub fn weekday(&self) -> Weekday {
        self.weekday.unwrap_or(Weekday::Monday)
    }

    /// When turns change hands, in words: `every 12 hours by the clock, at 08:00, 20:00`.
    pub fn turns(&self) -> String {
        let (every, at) = (self.every, self.handover());
        match (self.shift, self.by) {
            (ShiftUnit::Daily, _) if every == 1 => format!("daily at {at}"),
            (ShiftUnit::Daily, _) => format!("every {every} days at {at}"),
            (ShiftUnit::Weekly, _) if every == 1 => format!("weekly, on {} at {at}", self.weekday().name()),
            (ShiftUnit::Weekly, _) => format!("every {every} weeks, on {} at {at}", self.weekday().name()),
            (ShiftUnit::Hours, Some(HoursBy::Length)) => format!("every {every} hours by length"),
            (ShiftUnit::Hours, _) => {
                let day = u32::from(Clock::MIDNIGHT.0);
                let step = (60 * every).clamp(60, day);
                let first = u32::from(at.0) % step;
                let times = (first..day).step_by(usize::try_from(step).unwrap_or(60));
                let times: Vec<String> =
                    times.filter_map(|it| Some(Clock(u16::try_from(it).ok()?).to_string())).collect();
                format!("every {every} hours by the clock, at {}", times.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_told_in_words() {
        let turns = |keys: &str| -> String {
            let stretch = "stretch = [{ from = \"2026-01-05 09:00\", members = [] }]";
            toml::from_str::<Layer>(&format!("{keys}\n{stretch}")).unwrap().turns()
        };
        assert_eq!(turns("shift = \"daily\""), "daily at 09:00");
        assert_eq!(turns("shift = \"daily\"\nevery = 2\nhandover = \"07:30\""), "every 2 days at 07:30");
        assert_eq!(turns("shift = \"weekly\"\nweekday = \"friday\""), "weekly, on Friday at 09:00");
        let hours = "shift = \"hours\"\nevery = 12";
        assert_eq!(turns(&format!("{hours}\nby = \"length\"")), "every 12 hours by length");
        assert_eq!(
            turns(&format!("{hours}\nby = \"clock\"\nhandover = \"20:00\"")),
            "every 12 hours by the clock, at 08:00, 20:00"
        );
    }
}
