//! What is wrong with rotations and overrides, and where.

use crate::tests::faults;

/// A configuration in order, with a rotation of two from line 20 on; what is added comes behind it.
const TEAM: &str = r#"[[watch]]
name = "w"
terms = ["kellemes"]
escalation = "e"
[[escalation]]
name = "e"
step = [{ rotations = ["press"], acknowledge_within = "5m" }]
[[receiver]]
kind = "console"
name = "r"
[[person]]
name = "anna"
way = [{ receiver = "r" }]
until = "2026-12-31"
[[person]]
name = "bela"
way = [{ receiver = "r" }]
[[rotation]]
name = "press"
time_zone = "Europe/Budapest"
"#;

const LAYER: &str = "[[rotation.layer]]\nshift = \"weekly\"\nstretch = [{ from = \"2026-01-05 09:00\", members = [\"anna\", \"bela\"] }]\n";

/// The lines that are added begin with line 1 here.
#[track_caller]
fn rotation(layers: &str, expected: &[&str]) {
    let before = TEAM.matches('\n').count();
    let told: Vec<String> = faults(&format!("{TEAM}{layers}"))
        .into_iter()
        .map(|fault| {
            let (line, rest) = fault.strip_prefix("a.toml:").and_then(|it| it.split_once(':')).expect("a line");
            let line: usize = line.parse().unwrap();
            match line.checked_sub(before) {
                Some(line) if line > 0 => format!("{line}:{rest}"),
                _ => format!("team {line}:{rest}"),
            }
        })
        .collect();
    assert_eq!(told, expected, "{layers}");
}

#[track_caller]
fn over(keys: &str, expected: &[&str]) {
    // The override begins with line 1.
    let lines = LAYER.matches('\n').count();
    let expected: Vec<String> = expected
        .iter()
        .map(|fault| {
            let (line, rest) = fault.split_once(':').unwrap();
            format!("{}:{rest}", line.parse::<usize>().unwrap() + lines)
        })
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    rotation(&format!("{LAYER}[[override]]\nrotation = \"press\"\n{keys}"), &expected);
}

#[test]
fn a_rotation_in_order_has_no_faults() {
    rotation(LAYER, &[]);
    let together = LAYER.replace("\"bela\"]", "[\"anna\", \"bela\"]]");
    rotation(&together, &[]);
    over(
        "kind = \"replace\"\npeople = [\"bela\"]\nfrom = \"2026-03-23 10:00\"\nto = \"2026-03-23T11:00+01:00\"\n",
        &[],
    );
    let shift = "shift = [{ from = \"2026-03-23 10:00\", to = \"2026-03-23 10:30\", people = [\"bela\"] }]\n";
    over(&format!("kind = \"roster\"\nfrom = \"2026-03-23 10:00\"\nto = \"2026-03-23 11:00\"\n{shift}"), &[]);
}

#[test]
fn a_rotation_has_layers_and_they_have_people() {
    rotation(
        "",
        &[
            "team 12:8: warning: no step of an escalation and no rotation names the person \"anna\"",
            "team 16:8: warning: no step of an escalation and no rotation names the person \"bela\"",
            "team 18:1: this rotation has neither a layer nor a calendar; add [[rotation.layer]], or [rotation.calendar]",
        ],
    );
    rotation(
        "[[rotation.layer]]\n",
        &[
            "team 12:8: warning: no step of an escalation and no rotation names the person \"anna\"",
            "team 16:8: warning: no step of an escalation and no rotation names the person \"bela\"",
            "1:1: [[rotation.layer]] lacks its \"shift\"; add shift = \"…\"",
            "1:1: [[rotation.layer]] lacks its \"stretch\"; say who takes turns: stretch = [{ from = \"…\", members = [\"…\"] }]",
        ],
    );
    rotation(
        "[[rotation.layer]]\nshift = \"weekly\"\nstretch = [{ from = \"2026-01-05 09:00\", members = [] }]\n",
        &[
            "team 12:8: warning: no step of an escalation and no rotation names the person \"anna\"",
            "team 16:8: warning: no step of an escalation and no rotation names the person \"bela\"",
            "3:51: the first stretch of a layer has nobody; name members, or leave the layer out",
        ],
    );
    let unknown = LAYER.replace("\"bela\"]", "\"bella\", [\"zoe\", \"anna\", \"anna\"]]");
    rotation(
        &unknown,
        &[
            "3:60: there is no person \"bella\"; did you mean \"bela\"?",
            "3:70: there is no person \"zoe\"; known here: anna, bela",
            "3:85: person \"anna\" is named twice in one turn; leave one out",
        ],
    );
}

#[test]
fn turns_are_counted_in_one_way_that_is_said() {
    let layer = |keys: &str| LAYER.replace("shift = \"weekly\"", keys);
    rotation(
        &layer("shift = \"hours\"\nevery = 12"),
        &[
            "2:9: it is not said how hours are counted; add by = \"clock\" (at the same times each day) or by = \"length\" \
             (always as many hours)",
        ],
    );
    rotation(
        &layer("shift = \"hours\"\nby = \"clock\"\nevery = 5"),
        &[
            "4:9: 5 hours by the clock do not divide a day: the hand-overs would not be the same each day; take 1, 2, 3, 4, \
             6, 8, 12 or 24 hours, or by = \"length\"",
        ],
    );
    rotation(
        &layer("shift = \"hours\"\nby = \"length\"\nhandover = \"09:00\"\nweekday = \"monday\""),
        &[
            "4:12: \"handover\" is not used with by = \"length\": turns are counted from the beginning of the stretch; leave \
             it out",
            "5:11: \"weekday\" is only for shift = \"weekly\"; leave it out",
        ],
    );
    rotation(
        &layer("shift = \"daily\"\nby = \"clock\"\nhandover = \"24:00\""),
        &[
            "3:6: \"by\" is only for shift = \"hours\"; leave it out",
            "4:12: a hand-over at \"24:00\" is that of the next day; write \"00:00\"",
        ],
    );
    rotation(
        &layer("shift = \"daily\"\nhandover = \"9:00\"\nevery = 0"),
        &[
            "3:12: \"handover\" in [[rotation.layer]]: \"9:00\" is not a time of day; write hours and minutes of two digits each: \"08:30\"",
            "4:9: \"every\" is out of range: 0; at least 1 and at most 1000",
        ],
    );
}

#[test]
fn days_that_count_are_said_where_there_is_a_choice() {
    let layer = |keys: &str| LAYER.replace("shift = \"weekly\"", keys);
    let days = "active = [{ weekdays = [\"monday\", \"friday\"], from = \"08:00\", to = \"18:00\" }]";
    rotation(
        &layer(&format!("shift = \"daily\"\n{days}")),
        &[
            "3:10: it is not said whether days on which the layer is not active count towards a turn; add count = \"active\" \
             (a turn goes on over days without a shift) or count = \"all\"",
        ],
    );
    rotation(&layer(&format!("shift = \"daily\"\ncount = \"all\"\n{days}")), &[]);
    rotation(
        &layer(&format!("shift = \"weekly\"\ncount = \"all\"\n{days}")),
        &[
            "3:9: \"count\" says nothing here: only where turns are counted in days, and a layer is active on some of them, \
             there is a choice; leave it out",
        ],
    );
    rotation(
        &layer(
            "shift = \"weekly\"\nactive = [{ from = \"24:00\", to = \"06:00\" }, { weekdays = [\"monday\", \"munday\", \
             \"monday\"], from = \"08:00\", to = \"08:00\" }]",
        ),
        &[
            "3:20: hours begin at \"24:00\", the end of a day; write \"00:00\"",
            "3:69: unknown weekdays \"munday\" in [[rotation.layer.active]]; did you mean \"monday\"?",
            "3:79: day \"monday\" is named twice in one list; leave one out",
            "3:111: hours from \"08:00\" to \"08:00\" may be none or a whole day; for a whole day write from = \"00:00\" and \
             to = \"24:00\"",
        ],
    );
}

#[test]
fn stretches_follow_one_another() {
    let layer = |stretches: &str| format!("[[rotation.layer]]\nshift = \"weekly\"\nstretch = [\n{stretches}]\n");
    rotation(
        &layer(
            "{ from = \"2026-02-02 09:00\", members = [\"anna\"] },\n{ from = \"2026-02-02T09:00\", members = [\"bela\"] },\n\
             { from = \"2027-01-05\", members = [\"anna\"] },\n{ from = \"2027-01-05T09:00Z\", members = [\"anna\"] },\n\
             { from = \"2027-01-05 09:00\", members = [\"anna\"] },\n",
        ),
        &[
            "5:10: the stretch from \"2026-02-02T09:00\" does not begin after the one in line 24; list stretches in the order \
             of time",
            "6:10: \"from\" in [[rotation.layer.stretch]]: \"2027-01-05\" is not a date with a time of day; write the day and \
             the time: \"2026-03-23 09:00\"",
            "7:10: \"from\" in [[rotation.layer.stretch]]: \"2027-01-05T09:00Z\" has an offset; leave the offset out: the \
             rotation's time zone says it",
            "8:41: warning: the last day of \"anna\" is 2026-12-31, before this stretch begins; take them out, or correct \
             \"until\"",
        ],
    );
    rotation(
        &layer("{ from = \"2026-03-29 02:30\", members = [\"anna\", \"bela\"] },\n"),
        &["4:10: warning: \"2026-03-29 02:30\" is missing in Europe/Budapest, where the clock jumps over it; \
             2026-03-29T01:30:00Z is taken; write a time that there is"],
    );
}

#[test]
fn an_override_says_who_when_and_in_whose_place() {
    let when = "from = \"2026-03-23 10:00\"\nto = \"2026-03-23 11:00\"\n";
    over(
        &format!("{when}kind = \"add\"\n"),
        &["1:1: an override of the kind \"add\" names nobody; add people = [\"…\"]"],
    );
    over(
        &format!("{when}kind = \"remove\"\npeople = [\"anna\", \"ana\"]\ninstead_of = [\"bela\"]\nshift = []\n"),
        &[
            "6:19: there is no person \"ana\"; did you mean \"anna\"?",
            "7:14: \"instead_of\" is only for kind = \"replace\"; leave it out",
            "8:9: \"shift\" is only for kind = \"roster\"; leave it out",
        ],
    );
    over(
        &format!("{when}kind = \"roster\"\npeople = [\"anna\"]\n"),
        &[
            "1:1: a roster without shifts leaves nobody on call; add shift = [{ from = \"…\", to = \"…\", people = [\"…\"] }]",
            "6:10: \"people\" is not for kind = \"roster\": its shifts name people; leave it out",
        ],
    );
    over(
        "kind = \"ad\"\npeople = [\"anna\", \"anna\"]\nfrom = \"2026-03-23 10:00\"\nto = \"2026-03-23T09:00Z\"\n",
        &[
            "3:8: unknown kind \"ad\" in [[override]]; did you mean \"add\"?",
            "4:19: person \"anna\" is named twice in one list; leave one out",
            "6:6: it ends at \"2026-03-23T09:00Z\", and begins at \"2026-03-23 10:00\"; give an end after the beginning",
        ],
    );
}

#[test]
fn a_time_that_comes_twice_or_is_missing_is_told() {
    // Case 96.
    let people = "kind = \"replace\"\npeople = [\"bela\"]\n";
    over(
        &format!("{people}from = \"2026-10-25 02:15\"\nto = \"2026-10-25T02:45+01:00\"\n"),
        &[
            "5:8: warning: \"2026-10-25 02:15\" comes twice in Europe/Budapest; the first is taken: 2026-10-25T00:15:00Z; \
             write the offset where the second is meant",
        ],
    );
    over(
        &format!("{people}from = \"2026-03-29 02:15\"\nto = \"2026-03-29 04:00\"\n"),
        &["5:8: warning: \"2026-03-29 02:15\" is missing in Europe/Budapest, where the clock jumps over it; \
             2026-03-29T01:15:00Z is taken; write a time that there is"],
    );
}

#[test]
fn a_roster_holds_its_shifts() {
    let shift = "shift = [{ from = \"2026-03-23 09:00\", to = \"2026-03-23 10:30\", people = [\"zoe\"] }]\n";
    over(
        &format!("kind = \"roster\"\nfrom = \"2026-03-23 10:00\"\nto = \"2026-03-23 11:00\"\n{shift}"),
        &[
            "6:19: warning: this shift reaches beyond its roster, and counts only within; make the roster longer, or the \
             shift shorter",
            "6:74: there is no person \"zoe\"; known here: anna, bela",
        ],
    );
}

#[test]
fn rotations_are_named_once_and_used() {
    rotation(
        &format!("{LAYER}[[rotation]]\nname = \"press\"\ntime_zone = \"UTC\"\n{LAYER}"),
        &["5:8: the name \"press\" is taken by the rotation in line 19; give it another"],
    );
    rotation(
        &format!(
            "{LAYER}[[rotation]]\nname = \"pres\"\ntime_zone = \"Budapest\"\n{LAYER}[[override]]\nrotation = \"prss\"\nkind = \
             \"add\"\npeople = [\"anna\"]\nfrom = \"2026-03-23 10:00\"\nto = \"2026-03-23 11:00\"\n"
        ),
        &[
            "5:8: warning: no step of an escalation names the rotation \"pres\"",
            "6:13: \"time_zone\" in [[rotation]]: \"Budapest\" is not a time zone; write the name of the time zone database: \
             \"Europe/Budapest\", \"UTC\"",
            "11:12: there is no rotation \"prss\"; did you mean \"pres\"?",
        ],
    );
}

#[test]
fn a_calendar_takes_the_place_of_layers_and_is_read_by_https() {
    let calendar = |keys: &str, expected: &[&str]| rotation(&format!("calendar = {{ {keys} }}\n"), expected);
    calendar("url = \"https://a.example/duty.ics\", every = \"5m\"", &[]);
    let unset = "1:27: warning: the environment variable DUTY_CALENDAR is not set";
    calendar("secret_url = \"env:DUTY_CALENDAR\"", &[unset]);
    rotation(&format!("calendar = {{ url = \"https://a.example/duty.ics\" }}\n{LAYER}"), &[]);
    calendar("every = \"5m\"", &["1:12: this calendar has no address; add url or secret_url"]);
    calendar(
        "url = \"https://10.0.0.1/\"",
        &[
            "1:20: \"url\" leads to this machine or a private network, which is refused; add allow_private = true if that is meant",
        ],
    );
    calendar("url = \"https://10.0.0.1/\", allow_private = true", &[]);
    calendar("url = \"http://a.example/\"", &["1:20: who is on call is not read in the clear; use https"]);
}
