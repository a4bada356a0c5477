use super::*;
use crate::query::tree::{Comparison, Field, Kind, Value};
use proptest::prelude::*;

fn printed(query: &str) -> String {
    parse(query).unwrap_or_else(|fault| panic!("{}", fault.with_caret(query))).to_string()
}

#[test]
fn binds_not_before_near_before_and_before_or() {
    for (query, expected) in [
        ("a1 b1 OR c1", "a1 OR b1 OR c1"),
        ("a1 AND b1 OR c1", "a1 AND b1 OR c1"),
        ("a1 AND (b1 OR c1)", "a1 AND (b1 OR c1)"),
        ("NOT a1 AND b1", "NOT a1 AND b1"),
        ("a1 NOT b1", "a1 AND NOT b1"),
        ("(a1 b1) NOT c1", "(a1 OR b1) AND NOT c1"),
        ("a1 AND NOT (b1 NEAR/3 c1)", "a1 AND NOT (b1 NEAR/3 c1)"),
        ("(a1 OR b1) NEAR/2f \"c1 d1\"", "(a1 OR b1) NEAR/2f \"c1 d1\""),
        ("=Szó =\"két szó\" te* \"magyar te*\"", "=Szó OR =\"két szó\" OR te* OR \"magyar te*\""),
        ("@ann #tag $T", "@ann OR #tag OR $T"),
        ("„magyar posta” , vas", "\"magyar posta\" OR vas"),
        ("lang:HU AND is:original|reply", "lang:hu AND (is:original OR is:reply)"),
        ("language:hu AND site:www.index.hu", "lang:hu AND domain:index.hu"),
        ("author:\"Kovács Anna\" AND source:x*", "author:\"kovacs anna\" AND source:\"x*\""),
        ("posta,vas;bank 1,5", "posta OR vas OR bank OR 1,5"),
        ("source:mi*|ne*", "source:\"mi*\" OR source:\"ne*\""),
        ("\"\\„a\"", "\"\\„a\""),
        ("followers:>=10_000", "followers:>=10000"),
        ("\"posta kés\"~5 OR „egy két három”~2,", "posta NEAR/5 kés OR egy NEAR/2 két NEAR/2 három"),
        ("{Bank  of} AND {BP}", "=\"Bank of\" AND =BP"),
        ("and \"AND\" C++ AT&T 4iG", "and OR \"AND\" OR C++ OR AT&T OR 4iG"),
        ("«magyar posta» AND ‘vas út’ ‚alma fa’~3 Ann’s", "\"magyar posta\" AND \"vas út\" OR alma NEAR/3 fa OR Ann’s"),
        ("a1 AND\u{200b} b1 \u{feff}AND c1", "a1 AND b1 AND c1"),
        ("（a1 ＯＲ b1） ＡＮＤ lang：hu", "(a1 OR b1) AND lang:hu"),
        ("telekom. posta! bank? kés: a.b.c. … Yahoo!", "telekom OR posta OR bank OR kés OR a.b.c OR … OR Yahoo"),
        ("\"telekom!\" =Yahoo! 'egy kettő'", "\"telekom!\" OR =\"Yahoo!\" OR egy OR kettő"),
        ("\"posta kés\" ~5", "posta NEAR/5 kés"),
        ("engagementType:RETWEET OR engagementType:COMMENT OR is:share", "is:repost OR is:reply OR is:repost"),
        ("raw:Posta AND raw:\"Magyar Posta\"", "=Posta AND =\"Magyar Posta\""),
        ("hashtags:akció at_mentions:@ann* hashtags:#b1", "#akció OR @ann* OR #b1"),
        ("url:index.hu AND links:index.hu", "domain:index.hu AND index.hu"),
        ("domain:https://user@www.Index.hu:443/x?y OR domain:index.hu/foo", "domain:index.hu OR domain:index.hu"),
        (
            "domain:Árvíz.hu OR domain:xn--rvz-dla6d.hu OR domain:arviz.hu",
            "domain:árvíz.hu OR domain:árvíz.hu OR domain:arviz.hu",
        ),
        (
            "authorFollowers:[100 TO 2_000] AND followers:[5 TO *]",
            "followers:>=100 AND followers:<=2000 AND followers:>=5",
        ),
        ("followers>=10000", "followers:>=10000"),
        ("lang:hun AND lang:hu-HU OR lang:ger OR lang:gsw", "lang:hu AND lang:hu OR lang:de OR lang:gsw"),
    ] {
        assert_eq!(printed(query), expected, "{query}");
    }
}

#[test]
fn every_fault_has_its_place_and_a_fix() {
    for (query, marked) in [
        ("", ""),
        ("(telekom", "("),
        ("telekom)", ")"),
        ("()", "()"),
        ("telekom AND", ""),
        ("OR telekom", "OR"),
        ("telekom AND OR posta", "OR"),
        ("\"magyar posta", "\""),
        ("lung:hu", "lung"),
        ("lang:", "lang:"),
        ("lang:magyar", "magyar"),
        ("followers:many", "many"),
        ("is:tweet", "tweet"),
        ("telekom NEAR posta", "NEAR"),
        ("telekom NEAR/0 posta", "NEAR/0"),
        ("telekom NEAR/3 lang:hu", "lang:hu"),
        ("telekom NEAR/3 (a1 AND b1)", "(a1 AND b1)"),
        ("*kom", "*"),
        ("te*kom", "*"),
        ("t*", "t*"),
        ("=tele*", "=tele*"),
        ("=", "="),
        ("@", "@"),
        ("-posta", "-"),
        ("posta|vas", "|"),
        ("\"posta kés\"~0", "~0"),
        ("\"posta kés\"~", "~"),
        ("\"posta\"~5", "~5"),
        ("\"posta ké*\"~5", "~5"),
        ("{posta", "{"),
        ("{ }", "{ }"),
        ("title:posta", "title"),
        ("engagementType:QUOTE", "QUOTE"),
        ("is:reply|tweet", "tweet"),
        ("followers:[1 TO x]", "[1 TO x]"),
        ("domain:", "domain:"),
        ("domain:http://", "http://"),
        ("raw:pos*", "pos*"),
        ("telekom NEAR/3 NOT posta", "NOT"),
        ("a1 && b1", "&&"),
        ("https://index.hu", "https://index.hu"),
    ] {
        let fault = parse(query).expect_err(query);
        assert_eq!(&query[fault.at.clone()], marked, "{query}: {fault}");
        assert!(fault.help.is_some(), "{query}");
    }
}

/// Regression: only the first fault was reported.
#[test]
fn all_faults_are_told_each_with_its_place() {
    for (query, marked) in [
        ("foo:x OR a* OR lang:magyar OR (b", vec!["foo", "a*", "magyar", "("]),
        ("posta) AND AND (vas OR", vec![")", "AND", "(", ""]),
        ("-a1 \"b1\"~0 {} te*kom =", vec!["-", "~0", "{}", "*", "="]),
        ("() AND lung:hu AND (AND x1)", vec!["()", "lung", "AND"]),
        ("a1 NEAR/3 NOT (b1 OR c*) AND is:x", vec!["NOT", "c*", "x"]),
        ("is:tweet|reply|post", vec!["tweet", "post"]),
        ("(a1 AND (b1 OR \"c1", vec!["\""]),
        ("OR AND", vec!["OR"]),
        ("(a1 AND ) OR b*", vec![")", "b*"]),
        ("ａ＊ OR\u{200b} ｌung：hu", vec!["ａ＊", "ｌung"]),
    ] {
        let faults = parse_placed(query).expect_err(query);
        let found: Vec<&str> = faults.iter().map(|fault| &query[fault.at.clone()]).collect();
        assert_eq!(found, marked, "{query}: {faults:#?}");
        assert!(faults.iter().all(|fault| fault.help.is_some()));
    }
    let many = "a* ".repeat(500);
    assert_eq!(parse_placed(&many).unwrap_err().len(), 20, "who has more begins with these");
}

#[test]
fn the_caret_stands_under_the_fault() {
    let query = "kékség AND lung:hu";
    let fault = parse(query).unwrap_err();
    let shown = fault.with_caret(query).to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[1], "  kékség AND lung:hu");
    assert_eq!(lines[2], "             ^^^^");
    // By columns: a mark has none of its own, and a Chinese letter two.
    for (query, caret) in [("Gyo\u{30b}r AND lung:hu", "           ^^^^"), ("电信 AND 电信*电", "               ^")]
    {
        let shown = parse(query).unwrap_err().with_caret(query).to_string();
        assert_eq!(shown.lines().nth(2), Some(caret), "{shown}");
    }
}

#[test]
fn what_others_call_an_operator_is_not_looked_for_in_silence() {
    fn warned(query: &str) -> Vec<&str> {
        let (_, warnings) = parse_placed(query).unwrap_or_else(|faults| panic!("{query}: {faults:?}"));
        warnings.iter().map(|fault| &query[fault.at.clone()]).collect()
    }
    assert_eq!(warned("posta near/5 kés"), ["near/5"]);
    assert_eq!(warned("posta ONEAR/5 kés"), ["ONEAR/5"]);
    assert_eq!(warned("posta W/3f kés"), ["W/3f"]);
    assert_eq!(warned("tele?om"), ["tele?om"]);
    assert_eq!(warned("'magyar posta'"), ["'magyar"]);
    assert_eq!(warned("[a1] OR telekom~1 OR telekom^2 OR lang=hu"), ["[a1]", "telekom~1", "telekom^2", "lang=hu"]);
    assert_eq!(warned("domain:index.hu/foo OR lang:hu-HU"), ["index.hu/foo", "hu-HU"]);
    assert!(warned("domain:https://www.index.hu/").is_empty());
    assert!(warned("Ann's <3 :-] \"[a1]\" =a~1 „x^2”").is_empty());
    assert!(warned("posta km/h 24/7 N/A \"near/5\" =tele?om kés? \"tele?om\"").is_empty());
}

#[test]
fn depth_and_size_are_bounded() {
    let said = |query: &str, part: &str| {
        let faults = parse_placed(query).unwrap_err();
        assert!(faults.iter().any(|fault| fault.message.contains(part)), "{faults:?}");
    };
    let many = format!("\"{}\"~2", "ab ".repeat(40));
    assert!(parse(&many).unwrap_err().message.contains("more than 32"));
    said(&"(".repeat(10_000), "deeper");
    said(&format!("lung:x {}", "(".repeat(10_000)), "deeper");
    said(&format!("lung:x {}", "(".repeat(10_000)), "lung");
    assert!(parse(&"NOT ".repeat(4_000)).unwrap_err().message.contains("deeper"));
    assert!(parse(&"ab ".repeat(1_001)).unwrap_err().message.contains("more than 1000"));
    assert!(parse(&"a".repeat(20_000)).unwrap_err().message.contains("bytes"));
    assert!(parse(&vec!["ab"; 500].join(" NEAR/2 ")).unwrap_err().message.contains("in a row"));
}

/// Queries of every shape.
pub(in crate::query) fn queries(word: &'static str) -> impl Strategy<Value = Node> {
    let how = prop_oneof![Just(How::Inflected), Just(How::Exact), Just(How::Prefix)];
    let words =
        (proptest::collection::vec(word, 1..3), how).prop_map(|(words, how)| Words { text: words.join(" "), how });
    let words = words
        .prop_filter("can be looked for", |words| check_words(words, &(0..0)).is_ok())
        .prop_map(Node::Words)
        .boxed();
    let places = words.clone().prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..3).prop_map(Node::or),
            (1_u16..6, any::<bool>(), inner.clone(), inner).prop_map(|(distance, ordered, left, right)| {
                Node::Near { distance, ordered, left: Box::new(left), right: Box::new(right) }
            }),
        ]
    });
    let value = |text: &str, prefix| Value { text: text.to_owned(), prefix };
    let field = prop_oneof![
        Just(Field::Lang("hu".into())),
        Just(Field::Lang("en".into())),
        any::<bool>().prop_map(move |prefix| Field::Source(value("x", prefix))),
        any::<bool>().prop_map(move |prefix| Field::Author(value("ann b", prefix))),
        Just(Field::Domain("index.hu".into())),
        (0_usize..5, 0_u64..4).prop_map(|(sign, number)| Field::Followers(Comparison::SIGNS[sign].1, number)),
        (0_usize..3).prop_map(|kind| Field::Is(Kind::NAMES[kind].1)),
    ];
    prop_oneof![3 => places, 1 => field.prop_map(Node::Field), 2 => words].prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Node::Not(Box::new(inner))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Node::and),
            proptest::collection::vec(inner, 2..4).prop_map(Node::or),
        ]
    })
}

/// What proptest found once.
#[test]
fn a_quote_that_does_not_end_is_printed_as_it_is_read() {
    let query = "\"\\„\"";
    let (node, _) = crate::query::examine(query).unwrap();
    assert_eq!(parse(&node.to_string()).unwrap(), node);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(query in ".{0,120}") {
        let _ = parse_placed(&query);
    }

    #[test]
    fn nor_does_anything_like_a_query(query in "((AND|OR|NOT|NEAR/3f?|\\(|\\)|\"|„|=|\\*|\\{|\\}|~5|szó|@ann|lang:|hu|is:|followers:>|9|,|\\\\|~|ő| ){1,3} ?){0,14}") {
        match crate::query::examine(&query) {
            Ok((node, warnings)) => {
                prop_assert_eq!(parse(&node.to_string()).map_err(|fault| fault.to_string()), Ok(node));
                for fault in warnings { let _ = fault.with_caret(&query).to_string(); }
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(query.get(fault.at.clone()).is_some(), "{:?}", fault);
                    let _ = fault.with_caret(&query).to_string();
                }
            }
        }
    }

    #[test]
    fn what_is_printed_reads_the_same(node in queries("[a-zőÁ@#$=*\"\\\\,;:(){}&+.'-]{1,6}|AND|NEAR/3|lang:hu")) {
        let text = node.to_string();
        prop_assert_eq!(parse(&text).map_err(|fault| fault.with_caret(&text).to_string()), Ok(node));
    }
}
