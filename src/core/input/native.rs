//! Writes mentions as native records.

use serde::Serialize;
use std::io::Write;

use orszem_records::mention::{Mention, Reject};
use orszem_records::time::Timestamp;

use super::{Headers, NoMention, Reader};

/// A mention as a native record.
#[derive(Serialize)]
struct Native<'a> {
    id: &'a str,
    published_at: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<NativeAuthor<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repost_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct NativeAuthor<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    followers: Option<u64>,
}

/// Writes a mention as a native record on one line, with the line end.
///
/// # Errors
/// When it cannot be written.
pub fn write(mention: &Mention<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    let at = jiff::Timestamp::from_millisecond(mention.published_at.0).map_err(std::io::Error::other)?;
    let author = NativeAuthor {
        id: mention.author.id.as_deref(),
        name: mention.author.name.as_deref(),
        followers: Some(mention.author.followers).filter(|followers| *followers > 0),
    };
    let known = author.id.is_some() || author.name.is_some() || author.followers.is_some();
    let native = Native {
        id: &mention.id,
        published_at: at.to_string(),
        source: &mention.source,
        lang: mention.lang.as_deref(),
        text: &mention.text,
        author: known.then_some(author),
        repost_of: mention.repost_of.as_deref(),
        reply_to: mention.reply_to.as_deref(),
        url: mention.url.as_deref(),
    };
    serde_json::to_writer(&mut *out, &native)?;
    out.write_all(b"\n")
}

/// Converts a record to a native one, without the line end; also returns its time.
///
/// # Errors
/// Why it is not a mention.
pub fn of(
    reader: &Reader,
    (record, headers): (&[u8], &dyn Headers),
    max_bytes: usize,
) -> Result<(Timestamp, Vec<u8>), NoMention> {
    let mention = reader.read(record, headers, max_bytes)?;
    let mut line = Vec::with_capacity(mention.text.len() + 256);
    write(&mention, &mut line).map_err(|fault| Reject::NotJson(fault.to_string()))?;
    line.pop();
    Ok((mention.published_at, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::mention::parse;

    #[test]
    fn what_is_written_reads_as_the_same() {
        for record in [
            r#"{"id":"1","published_at":"2026-11-20T08:15:30.250Z","text":"a\n\u0001é","source":"x","lang":"hu","author":{"id":"a","name":"n","followers":7},"repost_of":"0","reply_to":"9","url":"https://a.example/"}"#,
            r#"{"id":2,"published_at":1790000000,"text":"t"}"#,
        ] {
            let mention = parse(record.as_bytes(), 1 << 20).unwrap();
            let mut line = Vec::new();
            write(&mention, &mut line).unwrap();
            assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
            assert_eq!(parse(&line, 1 << 20).unwrap(), mention);
        }
    }
}
