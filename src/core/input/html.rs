//! HTML to text: what a reader sees, without tags, scripts and styles.
//!
//! Paragraphs, line breaks, list items and other blocks become lines. A link becomes its text, as a browser shows it.
//! Entities are decoded. Tags are recognised as in the HTML standard (`I <3 this` has none), by a tokenizer that reads
//! the text once and builds no tree, so deep nesting is harmless.
//!
//! Many feeds do not say whether a text is HTML. Such a text is HTML if it has markup that nobody writes by accident:
//! an element with its end, an attribute, a line break, an image. Otherwise it is plain, and a tag that it names stays
//! (`the <script> tag`, `List<Acme>`).

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use std::borrow::Cow;

use orszem_text::entity::characters;

/// Elements that begin and end a line.
const BLOCKS: [&[u8]; 30] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"caption",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hr",
    b"li",
    b"main",
    b"nav",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"tr",
    b"ul",
];
/// Elements whose content is not visible text.
const UNSEEN: [&[u8]; 6] = [b"script", b"style", b"iframe", b"noembed", b"template", b"title"];

/// The elements of HTML, also obsolete ones, and those of SVG and MathML that stand in texts: the HTML standard (index
/// of elements, section "obsolete features").
const ELEMENTS: &str = " a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big \
blink blockquote body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog \
dir div dl dt em embed fieldset figcaption figure font footer form frame frameset g h1 h2 h3 h4 h5 h6 head header \
hgroup hr html i iframe img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu \
meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param path picture \
plaintext pre progress q rb rp rt rtc ruby s samp script search section select slot small source spacer span strike \
strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul use var \
video wbr xmp ";
/// Elements that show by themselves that a text is HTML.
const TELLING: [&str; 2] = ["br", "img"];
/// How many elements without their end are remembered while looking for one.
const MOST_BEGUN: usize = 64;
/// The longest name of an element.
const LONGEST_NAME: usize = 16;

/// Whether HTML has such an element; also names with a prefix (`o:p`) or a hyphen (custom elements).
pub(super) fn is_element(name: &str) -> bool {
    if name.contains([':', '-']) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    name.len() <= LONGEST_NAME && !name.is_empty() && ELEMENTS.contains(&format!(" {name} "))
}

/// Whether an element is a block, which begins and ends a line.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.iter().any(|block| name.as_bytes().eq_ignore_ascii_case(block))
}

/// Whether the content of an element is not visible text.
pub(super) fn is_unseen(name: &str) -> bool {
    UNSEEN.iter().any(|unseen| name.as_bytes().eq_ignore_ascii_case(unseen))
}

/// What looks like a tag in a text.
struct Tag<'t> {
    /// The byte of its `<`.
    at: usize,
    name: &'t str,
    is_end: bool,
    /// What stands between its name and its `>`; `None` if it has no `>`.
    inner: Option<&'t str>,
}

/// Everything that looks like a tag: `<` or `</`, a name, then white space, `/` or `>`. Takes time in proportion to the
/// text.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let last_end = text.rfind('>').unwrap_or(0);
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(move |at| {
        let rest = text.get(at + 1..)?;
        let (is_end, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let named = |byte: &u8| byte.is_ascii_alphanumeric() || b":-".contains(byte);
        let length = rest.bytes().take(64).take_while(named).count();
        let (name, rest) = rest.split_at_checked(length)?;
        let follows = rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_whitespace() || "/>".contains(c));
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) && follows;
        // A tag ends before the next one begins.
        let end = (at < last_end).then(|| rest.find(['<', '>'])).flatten();
        let inner = end.filter(|end| rest.as_bytes().get(*end) == Some(&b'>')).map(|end| &rest[..end]);
        is_tag.then_some(Tag { at, name, is_end, inner })
    })
}

/// Whether a text has markup that nobody writes by accident.
fn looks_like_html(text: &str) -> bool {
    let mut begun: Vec<&str> = Vec::new();
    let mut blocks = 0;
    if text.contains("<![CDATA[")
        || text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
    {
        return true;
    }
    for Tag { at, name, is_end, inner } in tags(text) {
        let Some(inner) = inner.filter(|_| is_element(name)) else { continue };
        let unseen = is_unseen(name);
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        if is_end {
            // A script that is only named has an end, too.
            if !unseen && begun.iter().any(|other| same(other)) {
                return true;
            }
            continue;
        }
        blocks += u8::from(is_block(name)).min(u8::MAX - 1 - blocks);
        let at_start = is_block(name) && text[..at].trim().is_empty();
        if inner.contains('=') || at_start || blocks > 1 || TELLING.into_iter().any(same) {
            return true;
        }
        if begun.len() < MOST_BEGUN && !begun.iter().any(|other| same(other)) {
            begun.push(name);
        }
    }
    false
}

/// The text, with `&lt;` for each `<` that would hide what follows it without being markup: a comment, a script or
/// another hidden element that never ends. With `unknown`, also for each that begins no element of HTML.
fn without_traps(html: &str, unknown: bool) -> Cow<'_, str> {
    let unseen = |name: &str| UNSEEN.iter().position(|unseen| name.as_bytes().eq_ignore_ascii_case(unseen));
    let mut last_ends = [None; UNSEEN.len()];
    for tag in tags(html).filter(|tag| tag.is_end) {
        if let Some(end) = unseen(tag.name).and_then(|place| last_ends.get_mut(place)) {
            *end = Some(tag.at);
        }
    }
    let last_comment_end = html.rfind("-->");
    let mut traps: Vec<usize> = Vec::new();
    for tag in tags(html) {
        let end = unseen(tag.name).and_then(|place| last_ends.get(place));
        let endless = !tag.is_end && end.is_some_and(|end| end.is_none_or(|end| end < tag.at));
        if endless || unknown && !is_element(tag.name) {
            traps.push(tag.at);
        }
    }
    let comments = html.match_indices("<!--").map(|(at, _)| at);
    traps.extend(comments.filter(|at| last_comment_end.is_none_or(|end| end < *at)));
    if unknown {
        // What is no tag at all, such as "x<y and".
        let known: std::collections::HashSet<usize> = tags(html).map(|tag| tag.at).collect();
        let odd = memchr::memchr_iter(b'<', html.as_bytes());
        traps.extend(odd.filter(|at| !known.contains(at) && html.as_bytes().get(at + 1) != Some(&b'!')));
    }
    if traps.is_empty() {
        return Cow::Borrowed(html);
    }
    traps.sort_unstable();
    traps.dedup();
    let (mut plain, mut from) = (String::with_capacity(html.len() + 3 * traps.len()), 0);
    for at in traps {
        plain.push_str(&html[from..at]);
        plain.push_str("&lt;");
        from = at + 1;
    }
    plain.push_str(&html[from..]);
    Cow::Owned(plain)
}

/// The text of something that may be HTML. Plain text keeps its white space and its signs; entities are decoded.
pub(super) fn guessed(text: &str) -> Cow<'_, str> {
    match memchr::memchr2(b'<', b'&', text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) if looks_like_html(text) => Cow::Owned(read(&without_traps(&without_cdata(text), true))),
        Some(_) => entities(text),
    }
}

/// A plain text with its entities decoded. Only what ends with a semicolon is one: `?a=1&copy=2` stays.
fn entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, piece) in text.split('&').enumerate() {
        if at > 0 {
            let name = piece.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
            let is_entity = name > 0 && piece.as_bytes().get(name) == Some(&b';');
            escaped.push_str(if is_entity { "&" } else { "&amp;" });
        }
        escaped.push_str(&piece.replace('<', "&lt;"));
    }
    let mut plain = String::with_capacity(text.len());
    tokens(&escaped, false, &mut |event| {
        if let CallbackEvent::String { value } = event {
            plain.push_str(&String::from_utf8_lossy(value));
        }
    });
    Cow::Owned(plain)
}

/// Decodes a plain text in which only a few characters are written as entities. Things that look like tags stay.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    match memchr::memchr(b'&', text.as_bytes()) {
        None => Cow::Borrowed(text),
        // Decode once: a literal "&lt;" arrives as "&amp;lt;".
        Some(_) => characters(text).map(|(_, character)| character).collect(),
    }
}

/// Removes the marks of `<![CDATA[…]]>`, which feed converters leave around HTML. In HTML they would be a comment.
fn without_cdata(html: &str) -> Cow<'_, str> {
    let mut plain = String::new();
    let mut rest = html;
    while let Some((before, inside)) = rest.split_once("<![CDATA[") {
        plain.push_str(before);
        let Some((inner, after)) = inside.split_once("]]>") else {
            plain.push_str(inside);
            return Cow::Owned(plain);
        };
        plain.push_str(inner);
        rest = after;
    }
    match rest.len() == html.len() {
        true => Cow::Borrowed(html),
        false => Cow::Owned(plain + rest),
    }
}

/// The text of a piece of HTML.
pub(super) fn to_text(html: &str) -> Cow<'_, str> {
    match memchr::memchr2(b'<', b'&', html.as_bytes()) {
        None => Cow::Borrowed(html),
        Some(_) => Cow::Owned(read(&without_traps(&without_cdata(html), false))),
    }
}

fn read(html: &str) -> String {
    let mut text = Lines::default();
    // The element whose content is being skipped.
    let mut within: Option<&'static [u8]> = None;
    tokens(html, true, &mut |event| match event {
        CallbackEvent::OpenStartTag { name } => match name {
            b"br" => text.break_line(),
            b"td" | b"th" => text.space(),
            _ if BLOCKS.contains(&name) => text.new_line(),
            _ => within = within.or(UNSEEN.into_iter().find(|unseen| *unseen == name)),
        },
        CallbackEvent::EndTag { name } if within == Some(name) => within = None,
        CallbackEvent::EndTag { name } if BLOCKS.contains(&name) => text.new_line(),
        CallbackEvent::String { value } if within.is_none() => text.push(&String::from_utf8_lossy(value)),
        _ => {}
    });
    text.finish()
}

/// Passes the tokens of a piece of HTML to `take`. `raw`: what is in a script is no markup.
fn tokens(html: &str, raw: bool, take: &mut dyn FnMut(CallbackEvent<'_>)) {
    let mut emitter =
        CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<std::convert::Infallible> {
            take(event);
            None
        });
    emitter.naively_switch_states(raw);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

/// Builds the text: white space becomes one space, blocks become lines.
#[derive(Default)]
struct Lines {
    text: String,
    /// The pending gap before the next text.
    gap: Gap,
}

#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

impl Lines {
    fn space(&mut self) {
        if self.gap < Gap::Space {
            self.gap = Gap::Space;
        }
    }

    fn new_line(&mut self) {
        self.gap = Gap::Line;
    }

    fn break_line(&mut self) {
        self.gap = Gap::Line;
    }

    fn push(&mut self, piece: &str) {
        // As in HTML, no-break spaces are kept.
        for (at, word) in piece.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if at > 0 {
                self.space();
            }
            if word.is_empty() {
                continue;
            }
            match self.gap {
                _ if self.text.is_empty() => {}
                Gap::None => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
            }
            self.gap = Gap::None;
            self.text.push_str(word);
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
