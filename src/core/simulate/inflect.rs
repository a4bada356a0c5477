//! Hungarian endings for the names of invented companies: vowel harmony, lengthened last vowels, assimilated -val/-vel.

/// A case of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Case {
    /// Kellemes
    Plain,
    /// Kellemesnél
    At,
    /// Kellemessel
    With,
    /// Kellemest
    Object,
    /// Kellemestől
    From,
    /// Kellemesről
    About,
    /// Kellemesre
    Onto,
    /// Kellemesből
    OutOf,
    /// Kellemeshez
    To,
    /// Kellemesnek
    For,
}

impl Case {
    pub(super) const ALL: [Case; 10] = [
        Case::Plain,
        Case::At,
        Case::With,
        Case::Object,
        Case::From,
        Case::About,
        Case::Onto,
        Case::OutOf,
        Case::To,
        Case::For,
    ];
}

/// `name` with the ending of `case`.
pub(super) fn inflect(name: &str, case: Case) -> String {
    if case == Case::Plain {
        return name.to_owned();
    }
    let stem = lengthened(name);
    let back = is_back(name);
    let choose = |deep: &'static str, high: &'static str| if back { deep } else { high };
    let ending = match case {
        Case::Plain => "",
        Case::At => choose("nál", "nél"),
        Case::With => return with(&stem, back),
        Case::Object => return object(&stem, back),
        Case::From => choose("tól", "től"),
        Case::About => choose("ról", "ről"),
        Case::Onto => choose("ra", "re"),
        Case::OutOf => choose("ból", "ből"),
        Case::To if !back && ends_rounded(name) => "höz",
        Case::To => choose("hoz", "hez"),
        Case::For => choose("nak", "nek"),
    };
    stem + ending
}

/// The definite article before `name`, in small letters.
pub(super) fn article(name: &str) -> &'static str {
    match name.chars().next().map(lower) {
        Some(first) if is_vowel(first) => "az",
        _ => "a",
    }
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

fn is_vowel(letter: char) -> bool {
    "aáeéiíoóöőuúüű".contains(letter)
}

/// A final short vowel grows long before an ending: Orbiva, Orbivánál; Veltaro, Veltarónál.
fn lengthened(name: &str) -> String {
    let long = match name.chars().last() {
        Some('a') => 'á',
        Some('e') => 'é',
        Some('o') => 'ó',
        Some('ö') => 'ő',
        _ => return name.to_owned(),
    };
    let mut stem: String = name.to_owned();
    stem.pop();
    stem.push(long);
    stem
}

/// The last vowel that is not neutral (i, í, é) decides; with neutral ones only, the ending is high. An e counts as
/// high.
fn is_back(name: &str) -> bool {
    name.chars()
        .rev()
        .map(lower)
        .find_map(|letter| match letter {
            'a' | 'á' | 'o' | 'ó' | 'u' | 'ú' => Some(true),
            'e' | 'ö' | 'ő' | 'ü' | 'ű' => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}

fn ends_rounded(name: &str) -> bool {
    name.chars().rev().map(lower).find(|letter| is_vowel(*letter)).is_some_and(|vowel| "öőüű".contains(vowel))
}

/// The v of -val takes on the last consonant: Kellemes, Kellemessel; of a letter of two signs the first doubles.
fn with(stem: &str, back: bool) -> String {
    let rest = if back { "al" } else { "el" };
    let mut signs = stem.chars().rev().map(lower);
    let (last, before) = (signs.next().unwrap_or('v'), signs.next().unwrap_or(' '));
    if is_vowel(last) {
        return format!("{stem}v{rest}");
    }
    // An x is read ksz, and doubles as sz does.
    if last == 'x' {
        return format!("{stem}sz{rest}");
    }
    let digraph = matches!((before, last), ('s' | 'c' | 'z', 's') | ('s', 'z') | ('g' | 'l' | 'n' | 't', 'y'));
    if digraph && last != before {
        let cut = stem.len() - before.len_utf8() - last.len_utf8();
        return format!("{}{before}{before}{last}{rest}", &stem[..cut]);
    }
    format!("{stem}{last}{rest}")
}

/// -t alone after a vowel and after a consonant that carries it, with a linking vowel otherwise.
fn object(stem: &str, back: bool) -> String {
    let mut signs = stem.chars().rev().map(lower);
    let (last, before) = (signs.next().unwrap_or('a'), signs.next().unwrap_or('a'));
    if is_vowel(last) || ("szrlnjy".contains(last) && (is_vowel(before) || "szgnl".contains(before))) {
        return format!("{stem}t");
    }
    let link = match (back, ends_rounded(stem)) {
        (true, _) => "ot",
        (false, true) => "öt",
        (false, false) => "et",
    };
    format!("{stem}{link}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflects_as_hungarians_do() {
        for (name, case, form) in [
            ("Kellemes", Case::At, "Kellemesnél"),
            ("Kellemes", Case::With, "Kellemessel"),
            ("Kellemes", Case::Object, "Kellemest"),
            ("Veltaro", Case::At, "Veltarónál"),
            ("Veltaro", Case::With, "Veltaróval"),
            ("Veltaro", Case::Object, "Veltarót"),
            ("Orbiva", Case::OutOf, "Orbivából"),
            ("Tundrex", Case::With, "Tundrexszel"),
            ("Tundrex", Case::Object, "Tundrexet"),
            ("Brontel", Case::To, "Brontelhez"),
            ("Mezőkő", Case::To, "Mezőkőhöz"),
            ("Parázs", Case::With, "Parázzsal"),
            ("Friss Kamrás", Case::About, "Friss Kamrásról"),
        ] {
            assert_eq!(inflect(name, case), form);
        }
        assert_eq!(article("Orbiva"), "az");
        assert_eq!(article("Veltaro"), "a");
    }
}
