//! A table of forms made from the grammar, of invented and of common nouns, and words that are not forms of them.
//! The endings are put on by the rules of the grammar as written here, not by those under test.

use crate::query::{About, Found, Matcher, parse};

/// A noun with what a grammar says of it: its vowels (b back, e front, ö rounded front), its linking vowel, the stem
/// before endings (with the last vowel long), and what -val makes of it.
struct Noun {
    word: &'static str,
    vowels: char,
    long: &'static str,
    link: &'static str,
    with: &'static str,
    /// The accusative, where it is not by link: "postát", "Kellemest".
    object: &'static str,
}

const fn noun(
    word: &'static str,
    vowels: char,
    long: &'static str,
    link: &'static str,
    with: &'static str,
    object: &'static str,
) -> Noun {
    Noun { word, vowels, long, link, with, object }
}

/// Half of them are invented names.
const NOUNS: [Noun; 22] = [
    noun("telekom", 'b', "telekom", "o", "telekommal", "telekomot"),
    noun("posta", 'b', "postá", "", "postával", "postát"),
    noun("Győr", 'ö', "Győr", "ö", "Győrrel", "Győrt"),
    noun("busz", 'b', "busz", "o", "busszal", "buszt"),
    noun("Veltaro", 'b', "Veltaró", "", "Veltaróval", "Veltarót"),
    noun("Kellemes", 'e', "Kellemes", "e", "Kellemessel", "Kellemest"),
    noun("Brontel", 'b', "Brontel", "e", "Brontellel", "Brontelt"),
    noun("Orbiva", 'b', "Orbivá", "", "Orbivával", "Orbivát"),
    noun("Zsidrény", 'e', "Zsidrény", "e", "Zsidrénnyel", "Zsidrényt"),
    noun("Kövencs", 'e', "Kövencs", "e", "Kövenccsel", "Kövencset"),
    noun("Tundrex", 'e', "Tundrex", "e", "Tundrexszel", "Tundrexet"),
    noun("Mezőkő", 'ö', "Mezőkő", "", "Mezőkővel", "Mezőkőt"),
    noun("Parázs", 'b', "Parázs", "o", "Parázzsal", "Parázst"),
    noun("Gurbágy", 'b', "Gurbágy", "o", "Gurbággyal", "Gurbágyot"),
    noun("vas", 'b', "vas", "a", "vassal", "vasat"),
    noun("kert", 'e', "kert", "e", "kerttel", "kertet"),
    noun("eke", 'e', "eké", "", "ekével", "ekét"),
    noun("föld", 'ö', "föld", "e", "földdel", "földet"),
    noun("hajó", 'b', "hajó", "", "hajóval", "hajót"),
    noun("Pécs", 'e', "Pécs", "e", "Péccsel", "Pécset"),
    noun("kórház", 'b', "kórház", "a", "kórházzal", "kórházat"),
    noun("Snurf", 'b', "Snurf", "o", "Snurffal", "Snurfot"),
];

impl Noun {
    fn pick(&self, back: &str, front: &str, rounded: &str) -> String {
        match self.vowels {
            'b' => back,
            'e' => front,
            _ => rounded,
        }
        .to_owned()
    }

    /// Every form, by the grammar.
    fn forms(&self) -> Vec<String> {
        let Noun { word, long, link, .. } = self;
        // A word that mixes vowels is put to the ones its speakers use.
        let mut forms = vec![(*word).to_owned(), self.with.to_owned(), self.object.to_owned()];
        let cases = |stem: &str, vowels: char, forms: &mut Vec<String>| {
            let pick = |back, front, rounded| Noun { vowels, ..*self }.pick(back, front, rounded);
            for (back, front, rounded) in [
                ("ban", "ben", "ben"),
                ("ba", "be", "be"),
                ("ból", "ből", "ből"),
                ("nál", "nél", "nél"),
                ("nak", "nek", "nek"),
                ("tól", "től", "től"),
                ("ról", "ről", "ről"),
                ("ra", "re", "re"),
                ("hoz", "hez", "höz"),
                ("ig", "ig", "ig"),
                ("ként", "ként", "ként"),
                ("ért", "ért", "ért"),
            ] {
                forms.push(format!("{stem}{}", pick(back, front, rounded)));
            }
        };
        cases(long, self.vowels, &mut forms);
        // What follows a linking vowel goes by that: földekhez.
        let linked = if *link == "e" { 'e' } else { self.vowels };
        let vowel = link.is_empty();
        let on = if vowel { "n".to_owned() } else { self.pick("on", "en", "ön") };
        forms.push(format!("{long}{on}"));
        let plural = format!("{long}{link}k");
        cases(&plural, linked, &mut forms);
        forms.push(plural.clone());
        let after = Noun { vowels: linked, ..*self };
        forms.push(format!("{plural}{}", after.pick("kal", "kel", "kel")));
        forms.push(format!("{word}ék"));
        forms.push(format!("{word}ék{}", self.pick("nál", "nél", "nél")));
        forms.push(format!("{word}i"));
        forms.push(format!("{word}beli"));
        forms.push(format!("{long}{link}s"));
        forms.push(format!("{long}{link}s{}", after.pick("nak", "nek", "nek")));
        forms.push(format!("{long}{link}m"));
        forms.push(format!("{long}{}", if vowel { "nk".to_owned() } else { self.pick("unk", "ünk", "ünk") }));
        forms.push(format!("{long}{link}m{}", after.pick("ban", "ben", "ben")));
        forms.push(format!("{long}é"));
        if vowel {
            forms.push(format!("{long}{}", self.pick("ja", "je", "je")));
            forms.push(format!("{long}{}", self.pick("jában", "jében", "jében")));
            forms.push(format!("{long}{}", self.pick("juk", "jük", "jük")));
        }
        forms
    }
}

/// Words that begin like one of the nouns, or look like a form of it, and are another word.
const OTHERS: &[(&str, &[&str])] = &[
    (
        "telekom",
        &[
            "telekommunikáció",
            "telekommunikációs",
            "telekocsi",
            "telekomputer",
            "telekommando",
            "telekomben",
            "telekomhír",
        ],
    ),
    (
        "posta",
        &[
            "postafiók",
            "postakocsi",
            "postás_",
            "postaláda",
            "postaköltség",
            "postabontás",
            "postaügy",
            "postázott",
            "postahivatalban",
        ],
    ),
    (
        "vas",
        &[
            "vasárnap",
            "vasút",
            "vasúti",
            "vasutas",
            "vasaló",
            "vasalás",
            "vastag",
            "Vasvár",
            "vasgyár",
            "vasmegyei",
            "vasmű",
            "vasbeton",
            "vasércként",
        ],
    ),
    ("Győr", &["Győrffy", "győrság", "Győrújbarát", "Győrszemere", "győrsövény", "Győrban"]),
    ("busz", &["buszmegálló", "buszsofőr", "buszjegy", "buszpályaudvar", "busznagy"]),
    ("kert", &["kertész", "kertváros", "kerthelyiség", "kertépítő", "kertmozi"]),
    ("hajó", &["hajós_", "hajózás", "hajógyár", "hajótörés", "hajóút"]),
    ("föld", &["földrajz", "földrengés", "földműves", "földalatti", "földgáz", "földközi"]),
    ("kórház", &["kórházigazgató", "kórházlátogatás", "kórházvezető"]),
    ("eke", &["ekecs", "ekevas", "ekeló"]),
    ("Pécs", &["Pécsvárad", "Pécsbánya", "pécsudvar"]),
    ("Brontel", &["Brontelus", "Brontelium", "brontelfon"]),
    ("Veltaro", &["Veltaromantika", "Veltarotron", "veltarográf"]),
    ("Orbiva", &["Orbivatron", "orbivalis", "orbivaszág"]),
    ("Snurf", &["Snurfing", "snurfer", "snurfház"]),
    ("Tundrex", &["Tundrexia", "tundrexpert"]),
];

fn finds(query: &str, text: &str) -> bool {
    let query = parse(query).unwrap();
    let matcher = Matcher::new([Some(&query)]);
    let mut found = Found::default();
    matcher.find(text, &About::default(), &mut found);
    !found.is_empty()
}

fn plain(text: &str) -> String {
    crate::fold::folded(text)
}

#[test]
fn precision_and_recall_over_the_table() {
    let (mut forms, mut missed, mut missed_plain) = (0, Vec::new(), Vec::new());
    for noun in &NOUNS {
        let mut all = noun.forms();
        all.sort_unstable();
        all.dedup();
        for form in all {
            forms += 1;
            if !finds(noun.word, &format!("hát {form}, igen")) {
                missed.push(format!("{}: {form}", noun.word));
            }
            // A bare -é without its accent is asked for: "vase" and "mole" are other words.
            let bare = form.ends_with('é') && plain(&form).len() == plain(noun.word).len() + 1;
            if !bare && !finds(noun.word, &plain(&form)) {
                missed_plain.push(format!("{}: {}", noun.word, plain(&form)));
            }
        }
    }
    let (mut others, mut wrong) = (0, Vec::new());
    for (word, texts) in OTHERS {
        for text in *texts {
            others += 1;
            if finds(word, text) {
                wrong.push(format!("{word}: {text}"));
            }
        }
    }
    // Each noun against the forms of every other: no name is found in another's.
    for one in &NOUNS {
        for other in NOUNS.iter().filter(|other| other.word != one.word) {
            for form in other.forms() {
                others += 1;
                if finds(one.word, &form) {
                    wrong.push(format!("{}: {form}", one.word));
                }
            }
        }
    }
    let found = forms - missed.len();
    println!(
        "{forms} forms: recall {:.3}, without accents {:.3}; {others} other words: {} found, precision {:.3}",
        found as f64 / forms as f64,
        (forms - missed_plain.len()) as f64 / forms as f64,
        wrong.len(),
        found as f64 / (found + wrong.len()) as f64,
    );
    assert!(forms >= 300 && others >= 70, "{forms} forms, {others} others");
    assert_eq!((missed, missed_plain, wrong), (vec![], vec![], vec![]));
}

/// Forms and other words written down by hand, from the grammar and not from the rules: `name + forms` or
/// `name - other words`. What is a form as well as another word (pecsét, audit) is left out.
const ROWS: &str = include_str!("hungarian_rows.txt");

#[test]
fn rows_written_by_hand() {
    let (mut rows, mut forms, mut wrong) = (0, 0, Vec::new());
    for line in ROWS.lines() {
        let (name, texts, is_form) = match (line.split_once(" + "), line.split_once(" - ")) {
            (Some((name, texts)), _) => (name, texts, true),
            (None, Some((name, texts))) => (name, texts, false),
            (None, None) => panic!("no row: {line}"),
        };
        let query = parse(name).unwrap();
        let matcher = Matcher::new([Some(&query)]);
        let mut found = Found::default();
        for text in texts.split(", ") {
            rows += 1;
            forms += u32::from(is_form);
            // Alone, and in a sentence with accents and one without.
            for sentence in [text.to_owned(), format!("a {text} lett meg"), format!("és {text} volt")] {
                matcher.find(&sentence, &About::default(), &mut found);
                let whole = found.watches().any(|(_, spans)| spans.iter().any(|span| sentence[span.clone()] == *text));
                if is_form && !whole || !is_form && !found.is_empty() {
                    wrong.push(format!("{name}: {sentence}"));
                }
            }
        }
    }
    println!("{rows} rows, {forms} of them forms: {} wrong", wrong.len());
    assert_eq!(wrong, Vec::<String>::new());
    assert!(rows > 3_000);
}

#[test]
fn acronyms_take_their_endings_after_a_hyphen() {
    for name in ["MÁV", "OTP", "BKK", "MOL", "KFC", "T-Mobile"] {
        for ending in [
            "nál", "nek", "ban", "ben", "tól", "ról", "hoz", "hez", "höz", "ig", "ként", "ért", "ra", "re", "val",
            "vel", "t", "ot", "et", "n", "on", "en", "k", "ok", "s", "os", "es", "ék", "éknál", "i", "beli", "né",
            "sal", "nel", "pel", "jával", "jének", "féle",
        ] {
            let form = format!("{name}-{ending}");
            let query = parse(name).unwrap();
            let matcher = Matcher::new([Some(&query)]);
            let mut found = Found::default();
            matcher.find(&form, &About::default(), &mut found);
            let spans: Vec<_> = found.watches().flat_map(|(_, spans)| spans.to_vec()).collect();
            assert_eq!(spans, std::iter::once(0..form.len()).collect::<Vec<_>>(), "{form}");
        }
    }
}
