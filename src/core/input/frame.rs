//! What serializers put in front of a record: the id of a schema registry, a byte order mark.

use orszem_records::mention::Reject;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes in front of the payload: Confluent's id (a zero and four bytes), and that of Apicurio (a zero and eight).
const REGISTRIES: [usize; 2] = [5, 9];
/// AWS Glue: a 3, the compression, and an id of 16 bytes.
const GLUE: usize = 18;

/// The record without what stands in front of its JSON.
///
/// # Errors
/// When it is framed by a schema registry, and is not JSON.
pub(super) fn payload(record: &[u8]) -> Result<&[u8], Reject> {
    let is_json = |bytes: &[u8]| matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    let behind = |length: usize| record.get(length..).filter(|rest| is_json(rest));
    let framed = |registry: &str, id: String| {
        Err(Reject::NotJson(format!(
            "it is framed by a schema registry ({registry}, schema {id}), and what follows is not JSON; write JSON to the \
             topic (such as with a JSON converter) instead of Avro or Protobuf"
        )))
    };
    match record {
        [0xef, 0xbb, 0xbf, ..] => Ok(&record[MARK.len()..]),
        [0, a, b, c, d, ..] => match REGISTRIES.into_iter().find_map(behind) {
            Some(payload) => Ok(payload),
            // In UTF-16 every second byte is zero.
            None if [*a, *b, *c, *d].iter().any(|byte| matches!(byte, b'{' | b'"')) => Ok(record),
            None => framed("Confluent", u32::from_be_bytes([*a, *b, *c, *d]).to_string()),
        },
        [3, compression @ (0 | 5), ..] if record.len() > GLUE => match behind(GLUE) {
            Some(payload) => Ok(payload),
            None if *compression == 5 => framed("AWS Glue, compressed", "unknown".into()),
            None => framed("AWS Glue", "unknown".into()),
        },
        _ => Ok(record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five bytes of a schema registry in front of a record made it "not JSON", without saying why.
    #[test]
    fn the_prefix_of_a_schema_registry_is_passed_over_or_named() {
        for prefix in [
            &b"\0\0\0\0\x01"[..],
            b"\0\x7f\xff\0\n",
            b"\0\0\0\0\0\0\0\0\x07",
            b"\x03\0aaaabbbbccccdddd",
            b"\xef\xbb\xbf",
        ] {
            let record = [prefix, br#" {"id":1}"#].concat();
            assert_eq!(payload(&record), Ok(&br#" {"id":1}"#[..]));
        }
        let fault = payload(b"\0\0\0\0\x2aH\x02abc").unwrap_err().to_string();
        assert!(fault.contains("framed by a schema registry (Confluent, schema 42)"), "{fault}");
        assert_eq!(payload(b"{}"), Ok(&b"{}"[..]));
        assert_eq!(payload(b""), Ok(&b""[..]));
    }
}
