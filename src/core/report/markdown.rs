//! A document as Markdown, for notes and wikis. What people wrote stays text there: every sign that means something in
//! Markdown is escaped.

use std::fmt::Write as _;

use super::document::{Block, Document};

/// The document as Markdown.
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&document.title));
    for line in &document.about {
        let _ = write!(out, "\n{}\n", escaped(line));
    }
    for section in &document.sections {
        let _ = write!(out, "\n## {}\n", escaped(&section.title));
        for block in &section.blocks {
            out.push('\n');
            write_block(&mut out, block);
        }
    }
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Text(text) => {
            let _ = writeln!(out, "{}", escaped(text));
        }
        Block::Table { head, rows } => {
            let row = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
                format!("| {} |", cells.join(" | "))
            };
            let _ = writeln!(out, "{}\n|{}", row(head), "---|".repeat(head.len()));
            for cells in rows {
                let _ = writeln!(out, "{}", row(cells));
            }
        }
        Block::List(lines) => {
            for line in lines {
                let _ = writeln!(out, "- {}", escaped(line));
            }
        }
        Block::Mentions(mentions) => {
            for mention in mentions {
                let _ = writeln!(out, "{}\n\n> {}\n", escaped(&mention.about), escaped(&mention.text));
                if let Some(address) = &mention.address {
                    // An address has neither spaces nor the signs that would end it.
                    let _ = writeln!(out, "<{}>\n", address.replace(['<', '>'], ""));
                }
                let _ = writeln!(out, "`{}`\n", mention.sha256);
            }
            // The next heading brings a blank line of its own.
            out.truncate(out.trim_end().len());
            out.push('\n');
        }
        Block::Room(text) => {
            let _ = writeln!(out, "*{}*", escaped(text));
        }
    }
}

/// One line of text that is text in Markdown as well: no markup, no HTML, no link, no list or heading.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // A number at the beginning would begin a list.
    let number = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (place, sign) in text.char_indices() {
        let is_markup = matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '!');
        let begins = place == 0 && matches!(sign, '#' | '-' | '+' | '=');
        let counts = number > 0 && place == number && matches!(sign, '.' | ')');
        // Some readers of Markdown make links of bare addresses.
        let leads = text[place..].starts_with("://") || (sign == '.' && text[..place].ends_with("www"));
        if is_markup || begins || counts || leads {
            out.push('\\');
        }
        match sign {
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Section, Shown};

    #[test]
    fn what_people_wrote_is_no_markup() {
        for (text, said) in [
            ("*bold* _thin_ `code`", r"\*bold\* \_thin\_ \`code\`"),
            ("[a](http://evil.example)", r"\[a\](http\://evil.example)"),
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("# heading", r"\# heading"),
            ("- list", r"\- list"),
            ("1. list", r"1\. list"),
            ("20 of 30. And", "20 of 30. And"),
            ("www.evil.example", r"www\.evil.example"),
            ("a | b", r"a \| b"),
            ("two\nlines", "two lines"),
            ("16:00, ötven", "16:00, ötven"),
        ] {
            assert_eq!(escaped(text), said);
        }
    }

    #[test]
    fn every_block_has_its_form() {
        let shown = Shown {
            about: "1. anna on x".into(),
            text: "Acme <is> down".into(),
            address: Some("https://x.example/1".into()),
            sha256: "ab12".into(),
        };
        let head = vec!["What".into(), "When".into()];
        let rows = vec![vec!["a|b".into(), "16:00".into()]];
        let blocks = vec![
            Block::Text("Text.".into()),
            Block::Table { head, rows },
            Block::List(vec!["one".into(), "two".into()]),
            Block::Mentions(vec![shown]),
            Block::Room("fill".into()),
        ];
        let sections = vec![Section { id: "a", title: "Part".into(), blocks }];
        let document = Document { title: "Report: Acme".into(), about: vec!["About.".into()], sections };
        let text = "# Report: Acme\n\nAbout.\n\n## Part\n\nText.\n\n| What | When |\n|---|---|\n| a\\|b | 16:00 |\n\n- one\n\
                    - two\n\n1\\. anna on x\n\n> Acme \\<is\\> down\n\n<https://x.example/1>\n\n`ab12`\n\n*fill*\n";
        assert_eq!(markdown(&document), text);
    }
}
