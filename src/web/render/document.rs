//! A document of the core as HTML, for the pages and as a file of its own.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use orszem_core::report::document::Shown;
use orszem_core::report::{Block, Document};
use orszem_core::words::Words;

/// The document with its headings.
pub(crate) fn article(document: &Document) -> Markup {
    html! {
        article.report {
            h1 { (document.title) }
            @for line in &document.about { p { (line) } }
            @for section in &document.sections {
                section id=(section.id) {
                    h2 { (section.title) }
                    @for part in &section.blocks { (block(part)) }
                }
            }
        }
    }
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Text(text) => p { bdi { (text) } },
            Block::Table { head, rows } => table.stack {
                thead { tr { @for name in head { th scope="col" { (name) } } } }
                tbody {
                    @for row in rows {
                        tr { @for (cell, name) in row.iter().zip(head) { td data-label=(name) { bdi { (cell) } } } }
                    }
                }
            },
            Block::List(lines) => ul { @for line in lines { li { bdi { (line) } } } },
            Block::Mentions(mentions) => { @for mention in mentions { (piece(mention)) } },
            Block::Room(text) => div.room { p.quiet { (text) } },
        }
    }
}

/// A mention of the evidence: text from outside, in a box of its own.
fn piece(mention: &Shown) -> Markup {
    html! {
        figure.card.piece {
            figcaption { bdi { (mention.about) } }
            blockquote.text dir="auto" { (mention.text) }
            @if let Some(address) = &mention.address {
                p { a href=(address) rel="noopener noreferrer nofollow" target="_blank" { (address) } }
            }
            p.quiet { code { (mention.sha256) } }
        }
    }
}

/// The document as a file of its own, with its style: it needs no server.
pub fn page(document: &Document, words: &Words) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(words.language().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (document.title) }
                // Ours alone: nothing of it comes from outside.
                style { (PreEscaped(super::style::STYLE)) }
            }
            body { main { (article(document)) } }
        }
    };
    page.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_core::report::Section;

    #[test]
    fn hostile_text_is_text_and_the_file_loads_nothing() {
        let bad = || "</td><script>alert(1)</script>".to_owned();
        let shown =
            Shown { about: bad(), text: bad(), address: Some("https://ok.example/".into()), sha256: "ab".into() };
        let blocks = vec![
            Block::Text(bad()),
            Block::Table { head: vec!["What".into()], rows: vec![vec![bad()]] },
            Block::List(vec![bad()]),
            Block::Mentions(vec![shown]),
            Block::Room("fill".into()),
        ];
        let sections = vec![Section { id: "a", title: bad(), blocks }];
        let page = page(&Document { title: bad(), about: vec![bad()], sections }, &Words::default());
        assert!(!page.contains("<script") && page.contains("&lt;/td&gt;&lt;script&gt;"), "{page}");
        assert!(!page.contains("<link") && !page.contains("src=") && page.contains("@media print"));
    }
}
