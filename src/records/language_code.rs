//! Languages by their codes.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::iso639;

/// The two letters of a language (ISO 639-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 2]);

impl Code {
    /// The language of a BCP 47 tag ("hu", "en-GB"), also of one with three letters where it has two ("hun"); none for
    /// tags of another form and for "und" and "mul".
    pub fn of(tag: &str) -> Option<Code> {
        let primary = tag.split(['-', '_']).next()?;
        if !matches!(primary.len(), 2 | 3) || !primary.bytes().all(|letter| letter.is_ascii_alphabetic()) {
            return None;
        }
        let mut letters = [0; 3];
        let letters = &mut letters[..primary.len()];
        letters.copy_from_slice(primary.as_bytes());
        letters.make_ascii_lowercase();
        short_code(str::from_utf8(letters).ok()?).as_bytes().try_into().ok().map(Code)
    }

    /// Its letters.
    pub fn letters(self) -> [u8; 2] {
        self.0
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        let tag = Cow::<str>::deserialize(deserializer)?;
        Code::of(&tag).ok_or_else(|| de::Error::custom(format_args!("{tag:?} is no code of a language")))
    }
}

/// The code of two letters, where a language of three has one, and today's code for one of before; small letters.
pub fn short_code(code: &str) -> &str {
    // Looked up only where there is something to find: records are read by the hundred thousand.
    let short = if code.len() == 2 { code } else { iso639::two_letters(code).unwrap_or(code) };
    preferred(short).unwrap_or(short)
}

/// The code that IANA's registry of language subtags prefers, and the one of the language that CLDR's aliases have for
/// the standard form of it (Mandarin is Chinese).
fn preferred(code: &str) -> Option<&'static str> {
    Some(match code {
        "in" => "id",
        "iw" => "he",
        "ji" => "yi",
        "jw" => "jv",
        "mo" => "ro",
        "nb" => "no",
        "cmn" => "zh",
        "arb" => "ar",
        "ekk" => "et",
        "lvs" => "lv",
        "npi" => "ne",
        "ory" => "or",
        "pes" => "fa",
        "swh" => "sw",
        "zsm" => "ms",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_code() {
        let code = |tag| Code::of(tag).map(|code| code.as_str().to_owned());
        for tag in ["hu", "HU", "hu-HU", "hu_HU", "hun", "HUN"] {
            assert_eq!(code(tag).as_deref(), Some("hu"), "{tag}");
        }
        assert_eq!((code("ger").as_deref(), code("deu-AT").as_deref()), (Some("de"), Some("de")));
        for (tag, today) in
            [("iw", "he"), ("in-ID", "id"), ("nb_NO", "no"), ("cmn-Hans", "zh"), ("zh_TW", "zh"), ("mo", "ro")]
        {
            assert_eq!(code(tag).as_deref(), Some(today), "{tag}");
        }
        for tag in ["", "und", "mul", "zxx", "fil", "hungarian", "h1", "ő"] {
            assert_eq!(code(tag), None, "{tag}");
        }
    }

    #[test]
    fn it_is_written_as_its_letters_and_what_is_no_code_is_refused() {
        assert_eq!(serde_json::to_string(&Code::of("hu")).unwrap(), r#""hu""#);
        assert_eq!(serde_json::from_str::<Option<Code>>(r#""HUN""#).unwrap(), Code::of("hu"));
        assert!(serde_json::from_str::<Code>(r#""magyar""#).unwrap_err().to_string().contains("\"magyar\" is no code"));
    }
}
