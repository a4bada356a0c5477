//! Whatever drills there are: what is told of real incidents, to whom and when, is the same as without them.

use proptest::prelude::*;

use super::Case;

const STANDING: &str = r#"
[able]
push = ["updates", "acknowledges"]

[config]
watch = [
    { name = "k1", terms = ["k1"], escalation = "duty", labels = { story = "a" } },
    { name = "k2", terms = ["k2"], escalation = "duty", labels = { story = "a" } },
    { name = "k3", terms = ["k3"], escalation = "duty", labels = { story = "b" } },
]
receiver = [
    { kind = "console", name = "push" }, { kind = "console", name = "sms" }, { kind = "console", name = "desk" },
]
person = [
    { name = "anna", way = [{ receiver = "push" }, { receiver = "sms" }], limit = { calls = 2, within = "10m" } },
    { name = "bela", way = [{ receiver = "sms" }], limit = { calls = 2, within = "10m" } },
]

[config.respond]
send_limit = 1

[[config.inhibit]]
when = { watch = "k1" }
mute = { watch = "k3" }

[[config.escalation]]
name = "duty"
repeat = 1
fallback = ["desk"]
step = [
    { people = ["anna"], receivers = ["desk"], acknowledge_within = "5m" },
    { people = ["bela"], acknowledge_within = "5m" },
]
"#;

const GROUPS: &str = "\n[config.route]\nescalation = \"duty\"\ngroup_by = [\"story\"]\ngroup_wait = \"30s\"\n";

/// What happens in a second: what it is, of which watch, how severe, and whether it is a drill.
type Happening = (u32, u8, u8, u8, bool);

fn line((at, what, watch, severity, drill): &Happening, opened: &[bool; 6]) -> Option<String> {
    let (place, suffix) = if *drill { (3 + usize::from(*watch), ".drill") } else { (usize::from(*watch), "") };
    let name = format!("k{}{suffix}", watch + 1);
    let is_open = opened[place];
    let rest = match what {
        0..=2 if !is_open => format!("{name} opens severity {severity}"),
        3 if is_open => format!("{name} updates severity {severity} observed {}", 100 * u32::from(*severity)),
        4 if is_open => format!("{name} over"),
        5 if is_open => format!("anna acknowledges {name} through anna/push"),
        6 if is_open => format!("bela resolves {name}"),
        7 if *drill => format!("anna silences drills until {}:00", at / 60 + 5),
        8 if !drill => "anna/sms takes 20s".to_owned(),
        9 if !drill => "desk retry 40s".to_owned(),
        10 if !drill => "desk accepts".to_owned(),
        11 if !drill => "crash".to_owned(),
        _ => return None,
    };
    Some(format!("\"{}:{:02} {rest}\"", at / 60, at % 60))
}

/// All that is told, as it differs from nothing.
fn told(happenings: &[Happening], drills: bool, groups: bool) -> Vec<String> {
    let mut opened = [false; 6];
    let mut lines = Vec::new();
    for happening in happenings.iter().filter(|(.., drill)| drills || !*drill) {
        let (_, what, watch, _, drill) = happening;
        let place = usize::from(*watch) + if *drill { 3 } else { 0 };
        let Some(line) = line(happening, &opened) else { continue };
        match what {
            0..=2 => opened[place] = true,
            4 => opened[place] = false,
            _ => {}
        }
        lines.push(line);
    }
    let text = format!(
        "title = \"drills\"\nuntil = \"40:00\"\nhappens = [{}]\n{}",
        lines.join(", "),
        if groups { GROUPS } else { "" }
    );
    let differences = Case::parse(&text, Some(STANDING)).unwrap().run().unwrap();
    differences.iter().map(ToString::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn real_incidents_are_told_as_if_there_were_no_drills(
        mut happenings in prop::collection::vec((0_u32..1_500, 0_u8..12, 0_u8..3, 1_u8..5, any::<bool>()), 1..40),
        groups in any::<bool>(),
    ) {
        happenings.sort_by_key(|(at, ..)| *at);
        let with: Vec<String> =
            told(&happenings, true, groups).into_iter().filter(|line| !line.contains(".drill-")).collect();
        prop_assert_eq!(with, told(&happenings, false, groups));
    }
}
