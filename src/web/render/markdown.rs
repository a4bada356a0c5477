//! Markdown as HTML: for documents of our own, that are built into the program.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A document as a page shows it.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its first heading.
    pub title: String,
    /// Its headings of the second level: their ids and what they say.
    pub sections: Vec<(String, String)>,
    /// All of it, the title included.
    pub body: Markup,
}

/// Reads a document. `way`: where a link leads on this site; `None`: nowhere, so that its text alone is shown.
///
/// HTML in it is shown as it is written. What may be wider than a phone moves in a frame of its own, which the keyboard
/// reaches. Nothing has a style of its own, because the policy of the pages allows none.
pub(crate) fn render(text: &str, way: &dyn Fn(&str) -> Option<String>) -> Document {
    let mut document = Document { title: String::new(), sections: Vec::new(), body: PreEscaped(String::new()) };
    let mut ids = BTreeMap::new();
    let mut events: Vec<Event<'_>> = Vec::new();
    // The heading that is being read: where it began, and what it says.
    let mut heading: Option<(usize, String)> = None;
    let mut leads_nowhere = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => match way(&dest_url) {
                Some(to) => events.push(Event::Start(Tag::Link { link_type, dest_url: to.into(), title, id })),
                None => leads_nowhere = true,
            },
            Event::End(TagEnd::Link) if std::mem::take(&mut leads_nowhere) => {}
            Event::Start(Tag::Table(columns)) => {
                let frame = r#"<div class="scroll" tabindex="0" role="group">"#;
                events.push(Event::Html(frame.into()));
                events.push(Event::Start(Tag::Table(vec![Alignment::None; columns.len()])));
            }
            Event::End(TagEnd::Table) => events.extend([event, Event::Html("</div>\n".into())]),
            Event::Start(Tag::CodeBlock(_)) => events.push(Event::Html(r#"<pre tabindex="0"><code>"#.into())),
            Event::End(TagEnd::CodeBlock) => events.push(Event::Html("</code></pre>\n".into())),
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((events.len(), String::new()));
                events.push(event);
            }
            Event::End(TagEnd::Heading(level)) => {
                if let Some((at, says)) = heading.take() {
                    let id = id_of(&says, &mut ids);
                    let (classes, attrs) = (Vec::new(), Vec::new());
                    events[at] = Event::Start(Tag::Heading { level, id: Some(id.clone().into()), classes, attrs });
                    match level {
                        HeadingLevel::H1 if document.title.is_empty() => document.title = says,
                        HeadingLevel::H2 => document.sections.push((id, says)),
                        _ => {}
                    }
                }
                events.push(event);
            }
            Event::Text(ref says) | Event::Code(ref says) => {
                if let Some((_, heading)) = &mut heading {
                    heading.push_str(says);
                }
                events.push(event);
            }
            event => events.push(event),
        }
    }
    html::push_html(&mut document.body.0, events.into_iter());
    document
}

/// The id of a heading, as GitHub makes it: in small letters, without punctuation, `-` for spaces, and a number where
/// another heading has the same. `ids`: how often each is there already.
fn id_of(heading: &str, ids: &mut BTreeMap<String, usize>) -> String {
    let stays = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    let plain: String = heading.trim().to_lowercase().chars().filter(|c| stays(*c)).collect();
    let id = plain.replace(' ', "-");
    let again = ids.entry(id.clone()).or_default();
    *again += 1;
    match *again {
        1 => id,
        n => format!("{id}-{}", n - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> String {
        render(text, &|to| to.starts_with('#').then(|| to.to_owned())).body.into_string()
    }

    #[test]
    fn headings_have_the_ids_that_github_gives_them() {
        let text = "# All\n## \"It is over\": the `end`\n### OrszemDown\n## A_b-c (d), e & f?\n## All\n### OrszemDown";
        let document = render(text, &|_| None);
        assert_eq!(document.title, "All");
        let ids: Vec<&str> = document.sections.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["it-is-over-the-end", "a_b-c-d-e--f", "all-1"]);
        let html = document.body.into_string();
        assert!(html.contains(r#"<h3 id="orszemdown">"#) && html.contains(r#"<h3 id="orszemdown-1">"#), "{html}");
    }

    #[test]
    fn html_is_text_and_what_leads_nowhere_is_no_link() {
        let html = body("<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](#d) [e `f`](g.rs) [h](javascript:i)");
        assert!(!html.contains("<script") && !html.contains("<b "), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
        assert!(html.contains(r##"<a href="#d">c</a> e <code>f</code> h"##), "{html}");
        let html = body("![the <b>picture</b>](x.png)");
        assert!(!html.contains("<img") && html.contains("the "), "{html}");
    }

    #[test]
    fn tables_and_code_move_in_frames_and_have_no_style_of_their_own() {
        let html = body("| a | b |\n|--:|:-:|\n| 1 | 2 |\n\n```sh\nx <y>\n```\n\n    z\n");
        assert!(html.contains(r#"<div class="scroll" tabindex="0" role="group"><table>"#), "{html}");
        assert!(html.contains("</table>\n</div>"), "{html}");
        assert!(!html.contains("style="), "{html}");
        assert!(html.contains("<pre tabindex=\"0\"><code>x &lt;y&gt;\n</code></pre>"), "{html}");
        assert_eq!(html.matches("</pre>").count(), 2, "{html}");
    }
}
