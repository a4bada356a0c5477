//! HTML to text: what a reader sees, without tags, scripts and styles.
//!
//! Paragraphs, line breaks, list items and other blocks become lines. A link becomes its text, as a browser shows it.
//! Entities are decoded. Tags are recognised as in the HTML standard (`I <3 this` has none), by a tokenizer that reads
//! the text once and builds no tree, so deep nesting is harmless.

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
    if memchr::memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let html = &*without_cdata(html);
    let mut text = Lines::default();
    // The element whose content is being skipped.
    let mut within: Option<&'static [u8]> = None;
    let mut take = |event: CallbackEvent<'_>| match event {
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
    };
    let mut emitter =
        CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<std::convert::Infallible> {
            take(event);
            None
        });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    Cow::Owned(text.finish())
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(html: &str, text: &str) {
        assert_eq!(to_text(html), text, "{html}");
    }

    #[test]
    fn blocks_and_breaks_are_lines() {
        reads("<p>One</p><p>Two<br>Three<br/>Four</p>", "One\nTwo\nThree\nFour");
        reads("<ul>\n  <li>a</li>\n  <li>b</li>\n</ul> after", "a\nb\nafter");
        reads("<h1>Head</h1>body <b>bo</b>ld <i>it</i>", "Head\nbody bold it");
        reads("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
    }

    #[test]
    fn entities_are_what_they_stand_for() {
        reads("&quot;R&amp;D&quot; &lt;3 &eacute;&#337;&#x171; &copy", "\"R&D\" <3 éőű ©");
        reads("AT&T &unknown; 5 &gt; 3", "AT&T &unknown; 5 > 3");
        reads("&amp;lt;b&amp;gt;", "&lt;b&gt;");
    }

    #[test]
    fn the_marks_around_a_feeds_html_are_no_text() {
        reads("<![CDATA[<p>a <b>b</b></p>]]>", "a b");
        reads("<![CDATA[a]]> &amp; <![CDATA[b]]> ]]>", "a & b ]]>");
        reads("x <![CDATA[<p>a", "x\na");
        assert_eq!(to_text(&"<![CDATA[".repeat(20_000)).len(), 0);
    }

    #[test]
    fn entities_alone_are_made_plain_once() {
        for (text, plain) in [
            ("AT&amp;T, H&M &lt;3 &gt; &quot;&#39;&apos;", "AT&T, H&M <3 > \"''"),
            ("&amp;lt;b&amp;gt; <b>&eacute;</b>  &amp", "&lt;b&gt; <b>&eacute;</b>  &amp"),
            ("&amp;", "&"),
            ("no entity", "no entity"),
        ] {
            assert_eq!(unescaped(text), plain, "{text}");
        }
        assert!(matches!(unescaped("none"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_link_is_its_own_words() {
        reads(
            r#"<a href="https://x.example/">@<span>anna</span></a> see <a href="https://y.example/a/b"><span class="invisible">https://</span><span class="ellipsis">y.example/a</span><span class="invisible">/b</span></a>"#,
            "@anna see https://y.example/a/b",
        );
        reads(r#"<a title="a > b" href='x'>here</a>"#, "here");
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        reads("a<script>alert('<b>x</b>')</script>b<style>p{}</style><!-- c -->d", "abd");
        reads("a<script>unclosed", "a");
        reads("<img src=x onerror=alert(1)>text", "text");
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        reads("  no tags here \n at all", "  no tags here \n at all");
        reads("I <3 this & that, 1 < 2", "I <3 this & that, 1 < 2");
    }

    #[test]
    fn deep_and_broken_html_is_read_in_time() {
        assert_eq!(to_text(&"<div><b>".repeat(100_000)), "");
        assert_eq!(to_text(&"<a <".repeat(50_000)), "");
        assert_eq!(to_text(&"&".repeat(100_000)).len(), 100_000);
        assert_eq!(to_text(&"<a>x</a>".repeat(50_000)).len(), 50_000);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(html in "[<>&a-c;/!\\-=\"' #x0-9\n]{0,80}") {
            let text = to_text(&html);
            prop_assert!(text.len() <= 4 * html.len());
            prop_assert!(unescaped(&html).len() <= html.len());
        }
    }
}
