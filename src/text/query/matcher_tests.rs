use super::*;
use crate::query::parse;
use proptest::prelude::*;

fn about() -> About<'static> {
    About::default()
}

/// What each query finds in a text.
fn found(queries: &[&str], text: &str, about: &About<'_>) -> Vec<(WatchIndex, Vec<String>)> {
    let nodes: Vec<Node> = queries
        .iter()
        .map(|query| parse(query).unwrap_or_else(|fault| panic!("{}", fault.with_caret(query))))
        .collect();
    let matcher = Matcher::new(nodes.iter().map(Some));
    let mut found = Found::default();
    matcher.find(text, about, &mut found);
    found
        .watches()
        .map(|(watch, spans)| (watch, spans.iter().map(|span| text[span.clone()].to_owned()).collect()))
        .collect()
}

fn finds(query: &str, text: &str) -> bool {
    !found(&[query], text, &about()).is_empty()
}

#[track_caller]
fn marks(query: &str, text: &str, expected: &[&str]) {
    let found = found(&[query], text, &about());
    let marked = found.first().map(|(_, spans)| spans.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(marked, Some(expected.to_vec()), "{query} in {text:?}");
}

#[track_caller]
fn all(query: &str, texts: &[&str]) {
    for text in texts {
        assert!(finds(query, text), "{query} must find {text:?}");
    }
}

#[track_caller]
fn none(query: &str, texts: &[&str]) {
    for text in texts {
        assert!(!finds(query, text), "{query} must not find {text:?}");
    }
}

#[test]
fn words_phrases_handles_tags_and_cashtags() {
    all(
        "aurora",
        &["Aurora lost my bag", "so: #aurora, again", "auroras", "Aurora's", "mail aurora@x.example", "(aurora)"],
    );
    all("\"aurora air\"", &["flew AURORA AIR today", "aurora\n  air", "aurora airs"]);
    all("@AuroraAir", &["hey @auroraair!", "@auroraair's", ".@AuroraAir: hm"]);
    all("#késés", &["ez már a harmadik #keses"]);
    all("$T", &["$T is falling", "($t)", "buy $T, sell"]);
    all("C++", &["we write c++ here"]);
    all("AT&T", &["at&t is down", "AT&T's"]);
    all("kellemes.example", &["see kellemes.example/x"]);
    all("😡", &["so angry😡😡"]);
    none("aurora", &["auroral", "xaurora", "aurora_x"]);
    none("\"aurora air\"", &["aurora! air", "air aurora", "aurora airfield"]);
    none("@AuroraAir", &["mail me at joe@auroraair", "@auroraairs", "auroraair"]);
    none("@aurora", &["@aurora_air", "@@aurora"]);
    none("$T", &["L$T", "$TWTR", "$$T", "L$D", "A$AP", "T", "$T1"]);
    none("$AP", &["A$AP Rocky"]);
}

/// Each was missed once.
#[test]
fn endings_do_not_depend_on_how_a_query_was_typed() {
    all("hajo\u{301}", &["hajóval", "hajót"]);
    all("telekom\u{200b}", &["telekommal"]);
    none("telekom\u{200b}", &["telekomben"]);
    all("repulo", &["repülővel", "repulovel", "repülőnek"]);
    all("menu", &["menüvel"]);
    none("telekom", &["telekomben"]);
    all("MÁV NEAR/1 késés", &["a MÁV-nál késés", "késés a MÁV-nál? nem: késés MÁV-nál"]);
    all("telekom NEAR/1 network", &["Telekom's network"]);
    none("MÁV NEAR/1 késés", &["a MÁV-nál nagy késés"]);
    all("rossz OR meccs OR könny", &["rosszal", "meccsel", "könnyel"]);
    all("Penny OR Sony", &["Pennyvel", "Sonyval", "a Pennyt"]);
    marks("telekom =Posta", "Telekom™ és Posta™", &["Telekom", "Posta"]);
    all("telekom", &["tele\u{3164}kom", "tele\u{e0061}kom", "tele\u{2800}kom"]);
    let english = About { lang: Some("EN_us"), ..about() };
    assert!(found(&["target"], "targeted", &english).is_empty());
}

/// Marks that people put between the words of a name hid it once.
#[test]
fn words_of_a_phrase_are_next_to_each_other_whatever_marks_part_them() {
    let names =
        ["Coca-Cola", "coca cola", "Coca‑Cola", "coca–cola", "Coca-Colát", "coca cola-val", "#Coca #Cola", "coca/cola"];
    all("\"coca cola\"", &names);
    all("coca-cola", &names);
    all("coca-co*", &names);
    all("\"coca-cola zero\"", &["coca cola zero", "Coca-Cola Zerót", "Coca-Cola „Zero”"]);
    let names =
        ["magyar „Telekom”", "magyar \"Telekomnál\"", "Magyar (Telekom)", "magyar, telekom", "**magyar** **telekom**"];
    all("\"magyar telekom\"", &names);
    all("\"magyar (telekom)\"", &names);
    all("\"magyar, telekom\"", &["magyar telekom", "magyar-telekom"]);
    all("\"magyar telekom\"", &["magyar\ntelekom", "magyar\r\ntelekom", "magyar: telekom", "magyar – („telekom”)"]);
    none(
        "\"magyar telekom\"",
        &[
            "magyar. Telekom",
            "magyar! Telekom",
            "magyar? Telekom",
            "magyar… telekom",
            "magyar... telekom",
            "magyar.” Telekom",
        ],
    );
    none(
        "\"magyar telekom\"",
        &[
            "magyar\n\ntelekom",
            "magyar\r\n \r\ntelekom",
            "magyar ---------- telekom",
            "magyartelekom",
            "magyar a telekom",
        ],
    );
    all("\"dr oetker\" \"st gallen\"", &["Dr. Oetker", "a St. Gallenben", "dr.oetker"]);
    all("\"dr. oetker\"", &["Dr Oetker", "Dr. Oetkernél"]);
    all("\"kellemes kft.\" Kft.", &["a Kellemes Kft-nél", "Kellemes Kft.-vel"]);
    all("\"yahoo! mail\"", &["Yahoo! Mail"]);
    none("\"yahoo! mail\" \"telekom!\"", &["yahoo mail", "telekom"]);
    all("telekom! OR posta.", &["telekom", "a postán"]);
    all("\"rock 'n' roll\"", &["rock n roll", "rock ’n’ roll"]);
    all("\"magyar 😡 posta\" \"c++ guru\"", &["magyar 😡 posta", "C++ guru"]);
    none("\"magyar 😡 posta\" \"c++ guru\"", &["magyar posta", "c guru"]);
    all("F-16 covid-19", &["F 16", "f-16-os", "Covid 19"]);
    // Numbers and signs are what they are.
    none("1-0", &["1 0", "1.0"]);
    none("AT&T index.hu", &["at t", "index hu"]);
    all("MÁV", &["MÁV-nál"]);
    none("=Coca-Cola", &["Coca Cola", "coca-cola"]);
    none("=\"Coca Cola\"", &["Coca-Cola", "Coca, Cola"]);
    all("=Coca-Cola", &["a Coca-Cola"]);
    marks("coca-cola", "a „Coca – Colát” ittam", &["Coca – Colát"]);
    marks("coca-cola NEAR/2f zero", "Coca-Cola nagy zero, Coca-Cola, nagy és zero", &["Coca-Cola", "zero"]);
    // Each place is checked once, however many words a phrase has.
    let long = format!("\"{}\"", "a ".repeat(100).trim());
    assert!(finds(&long, &"a-".repeat(60_000)));
}

/// Each was missed once, or was untrue.
#[test]
fn signs_have_places_of_their_own() {
    all("😡 NEAR/1 posta", &["😡 posta", "😡posta", "posta 😡", "posta😡"]);
    none("😡 NEAR/1 posta", &["😡 ez a posta", "posta az 😡"]);
    all("😡 NEAR/1f posta", &["😡 posta"]);
    none("😡 NEAR/1f posta", &["posta 😡"]);
    all("😡 NEAR/1 💩", &["😡💩", "💩 😡"]);
    none("😡 NEAR/1 😡", &["😡 posta"]);
    marks("1 posta", "⑴ posta", &["⑴", "posta"]);
    marks("profi", "proﬁnak", &["proﬁnak"]);
}

#[test]
fn a_flood_of_words_hides_none_and_is_bounded() {
    let flood = format!("{}posta {} bank", "ab ".repeat(300_000), "ab ".repeat(9));
    for query in ["bank", "posta NEAR/10 bank", "ab NEAR/1 bank", "(ab OR =ab OR ab*) NEAR/1 bank", "ab NEAR/10f bank"]
    {
        assert!(finds(query, &flood), "{query}");
    }
    none("posta NEAR/9 bank", &[&flood]);
    // The first ten thousand pairs of a NEAR within another hid the rest once.
    let pairs = "ab1 ba1 ba2 ab2 ".repeat(20_000);
    let last = format!("{pairs}zz {pairs}ab xx yy");
    for query in [
        "(ab* NEAR/100 ba*) NEAR/1 zz",
        "zz NEAR/1f (ba* NEAR/100 ab*)",
        "(ab* NEAR/100 ba*) NEAR/1f xx",
        "xx NEAR/1 (ba* NEAR/100f ab*)",
        "((ab* NEAR/100 ba*) NEAR/1f xx) NEAR/1 yy",
        "(ab1 NEAR/3f ba2) NEAR/2f zz",
    ] {
        assert!(finds(query, &last), "{query}");
    }
    none("(ab* NEAR/100 ba*) NEAR/1 yy", &[&last]);
    none("(ba* NEAR/100f ab1) NEAR/1f zz", &[&last]);
    none("bank NEAR/5f ab", &[&flood]);
    let query = parse(&vec!["ab"; 300].join(" AND ")).unwrap();
    let matcher = Matcher::new([Some(&query), Some(&query)]);
    let mut found = Found::default();
    matcher.find(&flood, &about(), &mut found);
    assert!(found.watches().all(|(_, spans)| spans.len() == 1_000));
    // A hundred spellings of one sign, each with a place for each sign of the text.
    let signs: Vec<Node> = (1..=100).map(|n| parse(&format!("=\"{}\"", "!".repeat(n))).unwrap()).collect();
    let matcher = Matcher::new(signs.iter().map(Some));
    matcher.find(&"!".repeat(60_000), &about(), &mut found);
    assert_eq!(found.watches().count(), 100);
    assert!(found.hits.capacity() <= 2 * MOST_HITS, "{}", found.hits.capacity());
}

#[test]
fn operators_fields_and_spans() {
    let query = "(telekom OR \"magyar telekom\" OR @telekomhu) AND NOT (deutsche NEAR/3 telekom) AND lang:hu";
    let hungarian = About { lang: Some("hu-HU"), ..about() };
    let text = "A Magyar Telekomnál áll a net, @TelekomHU!";
    assert_eq!(found(&[query], text, &hungarian), [(0, vec!["Magyar Telekomnál".into(), "@TelekomHU".into()])]);
    assert!(found(&[query], text, &about()).is_empty());
    assert!(found(&[query], "a Deutsche nagy Telekom", &hungarian).is_empty());
    assert!(!found(&[query], "a deutsche egy kettő három négy telekom", &hungarian).is_empty());
    marks("alma körte", "körtét és almát", &["körtét", "almát"]);
    marks("alma AND NOT körte", "almát ettem", &["almát"]);
    marks("alma NEAR/1 körte", "alma x körte alma", &["körte", "alma"]);
    all("alma NEAR/2 körte", &["körte és alma", "alma és körte"]);
    none("alma NEAR/2 körte", &["körte és egy alma", "alma"]);
    all("alma NEAR/2f körte", &["alma és körte"]);
    none("alma NEAR/2f körte", &["körte és alma"]);
    none("alma NEAR/5 alm*", &["alma"]);
    all("alma NEAR/5 alm*", &["alma almafa"]);
    none("alma AND NOT körte", &["alma körte"]);
}

#[test]
fn every_field_is_compared() {
    let mention = About {
        lang: Some("hu"),
        source: "News",
        author_id: Some("7"),
        author_name: Some("Kovács Anna"),
        followers: 500,
        url: Some("https://user@www.Index.hu:443/a?x"),
        ..about()
    };
    let is = |query: &str| !found(&[query], "szöveg", &mention).is_empty();
    for query in [
        "lang:hu",
        "source:news",
        "source:ne*",
        "author:7",
        "author:\"kovacs anna\"",
        "author:@7",
        "author:kov*",
        "domain:index.hu",
        "domain:hu",
        "followers:>=500",
        "followers:<501",
        "followers:500",
        "is:original",
        "is:original|reply",
        "NOT lang:en",
        "szöveg AND lang:hu",
    ] {
        assert!(is(query), "{query}");
    }
    for query in [
        "lang:en",
        "source:new",
        "author:kovacs",
        "domain:dex.hu",
        "domain:www.index.hu.x",
        "followers:>500",
        "is:repost",
        "is:reply",
        "szöveg AND lang:en",
    ] {
        assert!(!is(query), "{query}");
    }
    assert!(!found(&["is:reply"], "@ann igen", &mention).is_empty());
    assert!(!found(&["is:repost"], "igen", &About { repost: true, reply: true, ..mention.clone() }).is_empty());
    assert!(!found(&["is:reply"], "igen", &About { reply: true, ..mention }).is_empty());
}

#[test]
fn exact_is_exact_and_tricks_hide_nothing() {
    all("=MOL", &["a MOL.", "#MOL", "M\u{200b}OL"]);
    none("=MOL", &["mol", "Mol", "MOLnak", "MOL-nál", "MÓL", "MOLs", "MOL's"]);
    all("=Győr", &["Győr", "Gyo\u{30b}r", "Gу\u{ad}őr"]);
    none("=Győr", &["Gyor", "győr", "Győrben"]);
    all("=\"Magyar Posta\"", &["a Magyar  Posta az"]);
    none("=\"Magyar Posta\"", &["a magyar Posta"]);
    all(
        "telekom",
        &["ТЕLЕКОМ", "tеlеkоm", "Ｔelekom", "te\u{200b}le\u{ad}kom", "t\u{2060}elekom", "Τelekom", "𝐭𝐞𝐥𝐞𝐤𝐨𝐦"],
    );
    marks("posta", "a pos\u{200b}tán állt", &["pos\u{200b}tán"]);
    marks("posta", "posta\u{200b} az", &["posta"]);
    none("gold", &["golden", "golde"]);
    all("gyor", &["gyorben", "Győrben", "gyorrel", "gyori", "Győrött"]);
    marks("Győr", "Gyo\u{30b}rött jó", &["Gyo\u{30b}rött"]);
    all("tele*", &["telekommunikáció", "telex", "tele"]);
    none("tele*", &["ótele", "tel"]);
    all("\"magyar tele*\"", &["magyar telekomnál"]);
}

/// Marked nothing once.
#[test]
fn what_is_denied_twice_is_marked() {
    marks("NOT NOT posta", "a posta", &["posta"]);
    marks("NOT (NOT posta OR NOT vas) AND NOT bank", "a vas és a posta", &["vas", "posta"]);
    marks("posta AND NOT (bank AND NOT vas)", "a vas és a posta", &["vas", "posta"]);
    marks("posta AND NOT (bank AND NOT vas)", "a posta", &["posta"]);
}

/// Each hid a name once.
#[test]
fn letters_of_other_shapes_hide_nothing_and_keep_their_places() {
    marks("telekom", "a ᴛᴇʟᴇᴋᴏᴍɴáʟ áll", &["ᴛᴇʟᴇᴋᴏᴍɴáʟ"]);
    marks("telekom", "a 🅣🅔🅛🅔🅚🅞🅜 áll", &["🅣🅔🅛🅔🅚🅞🅜"]);
    marks("telekom", "⒯⒠⒧⒠⒦⒪⒨, ΤΕLΕΚΟΜ-nál, TΣLΣKOM", &["⒯⒠⒧⒠⒦⒪⒨", "ΤΕLΕΚΟΜ-nál", "TΣLΣKOM"]);
    marks("preuss", "a Preußnál és Preuß-szal", &["Preußnál", "Preuß-szal"]);
    marks("Preuß", "PREUSS", &["PREUSS"]);
    // A footnote or a trademark sign does not belong to a word; a number in a name does.
    marks("telekom", "a Telekom¹ és Telekomnál² és Telekomᵀᴹ", &["Telekom", "Telekomnál", "Telekom"]);
    marks("=Telekom", "a Telekom¹", &["Telekom"]);
    marks("TV2", "a TV² és TV²-nél", &["TV²", "TV²-nél"]);
    none("telekom", &["Telekom1"]);
}

/// Each was taken for a form once, or missed.
#[test]
fn a_text_written_with_accents_is_read_by_them() {
    none("Anna", &["annak örültem"]);
    all("Anna", &["annak orultem", "Annák jöttek"]);
    none("gyor", &["gyorben járt és ősz volt"]);
    all("gyor", &["gyorben jart", "Győrben járt", "gyoron járt és ősz volt"]);
    none("vas", &["vásárol", "vásárbol"]);
    none("Róma", &["román"]);
    none("bíró", &["nem bírom"]);
    none("só OR ár OR ügy OR sör", &["ezért sok kell", "arról", "arra járt", "ugye járt", "sorhoz ért"]);
    all("só OR ár OR ügy OR sör", &["sok kell", "sókat", "arrol", "sorhoz", "ügye"]);
    none("út", &["után", "utan"]);
    none("ház", &["hazai és"]);
    all("víz OR nyár OR kéz", &["vizek és", "nyarak és", "kezét"]);
    all("út", &["utat", "utas", "útján", "utunkon"]);
    all("Róma", &["Rómán", "roman"]);
    let english = About { lang: Some("en"), ..about() };
    assert!(found(&["part"], "two parties", &english).is_empty());
}

#[test]
fn endings_of_both_languages() {
    all(
        "telekom",
        &["Telekomnál", "Telekommal", "telekomos", "Telekomék", "telekomek", "TELEKOMNAL", "telekomosok", "telekoms"],
    );
    none("telekom", &["telekommunikáció", "telekommunikacio", "telekomben", "telekommel", "telekomunió", "telekomál"]);
    all(
        "posta",
        &[
            "postán",
            "postával",
            "postákról",
            "postan",
            "postaval",
            "postai",
            "postást",
            "postásnak",
            "postánk",
            "postája",
        ],
    );
    none("posta", &["postázni", "postafiók", "postakocsi", "postár"]);
    all("MÁV", &["MÁV-nál", "MÁV-ot", "Mávos", "MÁV-val", "máv‑nál", "a MÁV-os", "MÁV–nak", "MÁV-hoz", "mavnal"]);
    all("Győr", &["Győrött", "Győrben", "Győrrel", "győri", "győriek", "győriekkel", "Gyorben", "Győrnél", "Győrből"]);
    none("Győr", &["Győrban", "győrság", "győrfi"]);
    none("vas", &["vasárnap", "vasarnap", "vasút", "vasút", "vasal", "vasalás", "vasárnapi", "vastag"]);
    all("vas", &["vassal", "vasat", "vasból", "vasak", "vasas"]);
    all("busz", &["busszal", "buszok", "buszra", "buszt", "busznál"]);
    all("Balázs", &["Balázzsal", "Balázsék", "Balázsnak", "balazzsal"]);
    all("Nagy", &["Naggyal", "Nagyék", "Nagyné", "Nagyéknál"]);
    all("Kft", &["Kft.-nél", "Kft-nek", "kft.-vel"]);
    all("company", &["companies", "company's", "Companys"]);
    all("box", &["boxes"]);
    all("Renault", &["Renault-val", "Renault-t", "Renault-nak"]);
    marks("\"kellemes kft\"", "a Kellemes Kft.-nél jó", &["Kellemes Kft.-nél"]);
    all("bokor", &["bokrok", "bokrot", "bokorban", "bokrom", "bokros"]);
    all("étterem", &["éttermet", "éttermek", "éttermeknél", "étteremben"]);
    all("Eger", &["egri", "Egerben", "egriek"]);
    none("telekom", &["telekm", "telekmban"]);
    let english = About { lang: Some("en"), ..about() };
    assert!(found(&["target"], "I targeted them", &english).is_empty());
    assert!(!found(&["telekom"], "at Telekomnál", &english).is_empty());
    assert!(!found(&["target"], "two targets", &english).is_empty());
}

/// Feeds leave the language out or give the reader's; the text tells.
#[test]
fn the_language_is_the_texts() {
    let models = crate::sentiment::Models::shipped().unwrap();
    let holds = |query: &str, lang: Option<&'static str>, text: &str| {
        !found(&[query], text, &About { lang, detector: Some(&models), ..about() }).is_empty()
    };
    let hungarian = "Ma megint zárva találtam a postát, senki nem tudta megmondani, mikor nyit ki";
    let english = "They targeted the wrong people again and nobody could tell us why";
    for lang in [None, Some("hu"), Some("en"), Some("hun")] {
        assert!(holds("lang:hu", lang, hungarian) && !holds("lang:en", lang, hungarian), "{lang:?}");
        assert!(holds("posta AND lang:hun", lang, hungarian), "{lang:?}");
        assert!(holds("lang:en AND target*", lang, english) && !holds("lang:hu", lang, english), "{lang:?}");
        assert!(!holds("target", lang, english), "no Hungarian ending in English, {lang:?}");
        assert!(holds("posta", lang, "Elmentem a postára, de zárva volt, ez a posta sosem változik"), "{lang:?}");
    }
    // A text that tells nothing is in what its record says.
    assert!(holds("lang:hu", Some("hu-HU"), "MÁV 42") && holds("lang:de", Some("de"), "OK 42"));
    assert!(!holds("lang:hu OR lang:en", None, "42"));
    // Nothing tells these apart: the record is believed.
    assert!(holds("lang:fil", Some("fil"), english) && !holds("lang:fil", None, english));
}

#[test]
fn entities_do_not_hide_a_name() {
    marks("S&P", "the S&amp;P 500, s&p", &["S&amp;P", "s&p"]);
    marks("=S&P OR S&amp;P", "the S&amp;P 500", &["S&amp;P"]);
    marks("\"at&t\"", "AT&amp;T&#39;s network", &["AT&amp;T&#39;s"]);
    marks("Győr", "Gy&#337;rben &amp; Gy&#337;rrel", &["Gy&#337;rben", "Gy&#337;rrel"]);
    none("amp", &["S&amp;P"]);
}

#[test]
fn terms_are_a_list_of_phrases() {
    let query = terms_query(["kellemes kft", "@kellemes", "#", " ", "AND"]).unwrap();
    assert_eq!(query.to_string(), "\"kellemes kft\" OR @kellemes OR \"AND\"");
    assert_eq!(terms_query(["@", ""]), None);
}

#[test]
fn many_watches_are_told_in_their_order() {
    let found = found(&["győr", "posta", "\"magyar posta\" posta", "vas"], "Győr: a Magyar Posta GYŐRI", &about());
    let spans = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(found, [(0, spans(&["Győr", "GYŐRI"])), (1, spans(&["Posta"])), (2, spans(&["Magyar Posta"]))]);
}

/// The slow way: each pattern tried at each byte, each NEAR by all pairs.
mod naive {
    use super::*;

    /// Bytes, and the numbers of the first and last word.
    type At = (Range<usize>, u32, u32);

    fn hits(words: &Words, text: &str, about: &About<'_>) -> Vec<At> {
        let (mut folded, mut scratch) = (Folded::default(), Scratch::default());
        folded.fold(text);
        let place = folded.text();
        let mut hits = Vec::new();
        for pattern in Pattern::of(words, 0).iter().filter(|pattern| !pattern.text.is_empty()) {
            for (at, character) in place.char_indices() {
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                let in_word = place[..at].chars().next_back().is_some_and(is_word) && is_word(character);
                let end = pattern.ends(text, &folded, at, || about.lang == Some("en"), &mut scratch);
                if let Some(end) = end.filter(|_| !in_word) {
                    let begun = place[..at].split(|c| !is_word(c)).filter(|word| !word.is_empty()).count() as u32;
                    let first = begun + 1;
                    let within = place[at..end].split(|c| !is_word(c)).filter(|word| !word.is_empty()).count() as u32;
                    hits.push((folded.original(at..end), first, first + within.max(1) - 1));
                }
            }
        }
        hits
    }

    fn places(node: &Node, text: &str, about: &About<'_>) -> Vec<At> {
        match node {
            Node::Words(words) => hits(words, text, about),
            Node::Or(nodes) => nodes.iter().flat_map(|node| places(node, text, about)).collect(),
            Node::Near { distance, ordered, left, right } => {
                let mut all = Vec::new();
                for one in places(left, text, about) {
                    for other in places(right, text, about) {
                        let (one, other) = if one.0.start <= other.0.start {
                            (&one, &other)
                        } else if *ordered {
                            continue;
                        } else {
                            (&other, &one)
                        };
                        if one.0.end <= other.0.start && other.1 - one.2 <= u32::from(*distance) {
                            all.push((one.0.start..other.0.end, one.1, other.2));
                        }
                    }
                }
                all
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn holds(node: &Node, text: &str, about: &About<'_>) -> bool {
        match node {
            Node::Words(_) | Node::Near { .. } => !places(node, text, about).is_empty(),
            Node::Field(field) => field.holds(about, text, &mut Folded::default()),
            Node::Not(inner) => !holds(inner, text, about),
            Node::And(nodes) => nodes.iter().all(|node| holds(node, text, about)),
            Node::Or(nodes) => nodes.iter().any(|node| holds(node, text, about)),
        }
    }
}

proptest! {
    #[test]
    fn any_words_and_text_are_safe(terms in proptest::collection::vec(".{0,8}", 0..5), text in ".{0,80}") {
        let query = terms_query(terms.iter().map(String::as_str));
        let matcher = Matcher::new([query.as_ref()]);
        let mut found = Found::default();
        matcher.find(&text, &about(), &mut found);
        for (_, spans) in found.watches() {
            for span in spans {
                prop_assert!(text.get(span.clone()).is_some_and(|word| !word.is_empty()));
            }
        }
    }

    #[test]
    fn a_word_standing_alone_is_always_found(word in "[a-záéőű]{1,8}", before in "[a-z ]{0,10}", after in "[a-z ]{0,10}") {
        let query = terms_query([word.as_str()]);
        let matcher = Matcher::new([query.as_ref()]);
        let mut found = Found::default();
        matcher.find(&format!("{before} {word} {after}"), &about(), &mut found);
        prop_assert!(!found.is_empty());
    }

    /// All watches together find the same as each of them alone, the slow way.
    #[test]
    fn the_fast_way_finds_what_the_slow_way_finds(
        queries in proptest::collection::vec(crate::query::parse::tests::queries("[ab]{1,2}|bus|[@$]a|vasó|a-b|😡|b😡|b[.!]"), 1..6),
        text in "((a|b|ab|Ba|bus|busszal|VASÓ|vasot|vasóban|vasón|bai|@a|\\$a|a-b|a-ban|á|bék|bies|😡|⑴|ﬁ)[ .,\n!-]{0,2}){0,12}",
        lang in prop_oneof![Just(None), Just(Some("hu")), Just(Some("en"))],
        followers in 0_u64..4,
        repost in any::<bool>(),
    ) {
        let about = About { lang, followers, repost, source: "x", author_name: Some("Ann B"), url: Some("https://index.hu/x"), ..About::default() };
        let matcher = Matcher::new(queries.iter().map(Some));
        let mut found = Found::default();
        matcher.find(&text, &about, &mut found);
        let fast: Vec<usize> = found.watches().map(|(watch, _)| watch).collect();
        let slow: Vec<usize> = queries.iter().enumerate().filter(|(_, query)| naive::holds(query, &text, &about)).map(|(watch, _)| watch).collect();
        prop_assert_eq!(fast, slow, "{:?} of {:?}", queries.iter().map(ToString::to_string).collect::<Vec<_>>(), text);
    }
}
