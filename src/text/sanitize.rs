//! Makes text from outside safe to display: no control characters, nothing invisible, nothing that changes the
//! direction of the text around it. The markup of a service is escaped by its receiver.

/// `text` on one line: line ends and tabs become spaces, and runs of white space become one space.
pub fn line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(4096));
    for word in visible(text).split_whitespace() {
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(word);
    }
    clean
}

/// `text` with its lines (separated by `\n`), each as by [`line()`], without empty lines at the ends.
pub fn lines(text: &str) -> String {
    let normal = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let lines: Vec<String> = normal.split('\n').map(line).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// `text` with every character in its place, for texts that people edit or compare by columns. Line ends stay;
/// invisible characters, and those that change the display of others, become spaces.
pub fn in_place(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut before, mut characters) = (None, text.chars().peekable());
    while let Some(character) = characters.next() {
        let stays = character == '\n'
            || joins_emoji(character, before, characters.peek().copied())
            || !(breaks(character) || is_invisible(character));
        plain.push(if stays { character } else { ' ' });
        before = Some(character);
    }
    plain
}

/// The address of a mention, if it is safe to follow: `http` or `https`, normalised, and without a user name
/// (`https://bank.example@evil.example` is misleading).
pub fn address(url: &str) -> Option<String> {
    let url = url::Url::parse(url.trim()).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    plain.then(|| url.to_string())
}

/// The maximum number of combining marks in a row. Writing systems need only a few; stacks of them hide other lines.
const MARKS: usize = 4;

fn visible(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(4096));
    let mut marks = 0;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if joins_emoji(character, clean.chars().next_back(), characters.peek().copied()) {
            clean.push(character);
            continue;
        }
        if breaks(character) {
            clean.push(' ');
            continue;
        }
        if is_invisible(character) {
            continue;
        }
        marks = if combines(character) { marks + 1 } else { 0 };
        if marks <= MARKS {
            clean.push(character);
        }
    }
    clean
}

fn breaks(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it is a control or format character: invisible, but it changes what people see or search.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
        // Noncharacters: the last two of each plane, and a block of the first.
        || (u32::from(character) & 0xfffe) == 0xfffe
        || matches!(character, '\u{fdd0}'..='\u{fdef}')
}

/// A zero-width joiner between two emoji combines them (a family, a profession); elsewhere it only hides something.
fn joins_emoji(character: char, before: Option<char>, after: Option<char>) -> bool {
    let part = |character| pictures(character) || matches!(character, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    character == '\u{200d}' && before.is_some_and(part) && after.is_some_and(pictures)
}

fn pictures(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f300}'..='\u{1faff}')
}

fn combines(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All tricks of a hostile mention in one text. It ends with words that must stay readable.
    const HOSTILE: &str = "<!channel> <@U024BE7LH> <https://evil.example|bank.example> &lt;!here&gt; *b* `c` \
        <script>alert(1)</script>\r\nBcc: evil@example.com\r\n\r\n\u{202e}drow\u{2066}\u{200b}\u{feff}\u{1b}[31m\u{0}\u{9b}2J\
        {{template}} ${env} '; DROP TABLE; -- \u{2028}árvíztűrő 😡👩‍👩‍👧 end";

    #[test]
    fn a_hostile_text_becomes_one_readable_line() {
        let clean = line(HOSTILE);
        assert!(!clean.chars().any(|character| character.is_control()));
        for gone in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{2028}'] {
            assert!(!clean.contains(gone), "{gone:?}");
        }
        assert!(clean.contains("</script> Bcc: evil@example.com drow[31m2J{{template}}"), "{clean}");
        assert!(clean.ends_with("árvíztűrő 😡👩‍👩‍👧 end"), "{clean}");
    }

    #[test]
    fn joiners_stay_between_pictures_only() {
        assert_eq!(line("👩‍💻 pay\u{200d}pal \u{200d}x"), "👩‍💻 paypal x");
        assert_eq!(line("❤️‍🔥"), "❤️‍🔥");
    }

    #[test]
    fn lines_are_kept_where_they_may_be() {
        assert_eq!(lines("\r\none  two\r\rthree\u{2028}four\n"), "one two\n\nthree\nfour");
    }

    #[test]
    fn stacked_accents_are_thinned_out() {
        assert_eq!(line(&format!("e{}x", "\u{301}".repeat(1000))).chars().count(), 2 + MARKS);
    }

    #[test]
    fn only_plain_web_addresses_pass() {
        assert_eq!(address("https://example.com/a?b=1").as_deref(), Some("https://example.com/a?b=1"));
        for refused in
            ["javascript:alert(1)", "data:text/html,x", "ftp://a/", "https://bank.example@evil.example/", "x"]
        {
            assert_eq!(address(refused), None, "{refused}");
        }
        let sneaky = address("https://example.com/\u{202e}gpj.exe\r\nX: y|>").unwrap();
        assert!(sneaky.is_ascii() && !sneaky.contains(['\r', '\n', '>', '<', ' ']), "{sneaky}");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in any::<String>()) {
            let once = line(&text);
            prop_assert_eq!(line(&once), once.clone());
            let harmful = once.contains(['\n', '\r', '\u{1b}', '\u{202e}']);
            prop_assert!(!harmful);
        }
    }

    #[test]
    fn text_that_acts_is_shown_with_every_character_in_its_place() {
        assert_eq!(in_place("a\u{202e}b\u{0}c\r\nd\u{2066}\u{200d}e"), "a b c \nd  e");
        assert_eq!(in_place("👩\u{200d}👧 {x}"), "👩\u{200d}👧 {x}");
    }
}
