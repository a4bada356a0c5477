use super::*;

fn warnings(query: &str) -> Vec<String> {
    examine(query).unwrap().1.into_iter().map(|fault| fault.message).collect()
}

#[test]
fn a_query_that_matches_everything_gets_a_warning() {
    for query in [
        "NOT posta",
        "posta OR NOT vas",
        "posta OR NOT posta",
        "followers:>=0",
        "NOT (a1 AND b1)",
        "is:original|reply|repost",
    ] {
        assert!(
            warnings(query).iter().any(|message| message.contains("matches everything")),
            "{query}: {:?}",
            warnings(query)
        );
    }
}

#[test]
fn a_query_that_never_matches_gets_a_warning() {
    for query in [
        "posta AND NOT posta",
        "posta AND lang:hu AND lang:en",
        "posta AND followers:>10 AND followers:<10",
        "is:original AND is:reply",
        "posta AND NOT (posta OR vas)",
        "posta AND NOT pos*",
        "(magyar NEAR/3 posta) AND NOT posta",
        "followers:<0",
        "\"magyar posta\" AND NOT posta",
        "\"magyar posta\" AND NOT magyar",
        "\"magyar posta\" AND NOT mag*",
        "\"magyar postá*\" AND NOT magyar",
        "\"a1 b1 c1\" AND NOT \"a1 b1\"",
        "\"a1 b1 c1\" AND NOT \"b1 c1\"",
        "coca-cola AND NOT \"coca cola\"",
        "=\"Magyar Posta\" AND NOT Posta",
        "=Coca-Cola AND NOT \"coca cola\"",
        "=\"Magyar Posta\" AND NOT =Magyar",
        "(a1 NEAR/3 b1) AND NOT (a1 NEAR/5 b1)",
        "(a1 NEAR/3 b1) AND NOT (b1 NEAR/3 a1)",
        "(a1 NEAR/3f b1) AND NOT (a1 NEAR/3 b1)",
        "(=A1 NEAR/3f (b1 OR b1*)) AND NOT (a1 NEAR/3 b1*)",
        "((a1 OR \"a1 x1\") NEAR/3 b1) AND NOT a1",
        "source:news AND NOT source:n*",
        "source:n* AND source:x",
        "source:n* AND source:m*",
        "author:anna AND NOT author:an*",
        "domain:index.hu AND domain:444.hu",
        "domain:a.index.hu AND NOT domain:index.hu",
        "@telekom AND NOT telekom",
        "#telekom AND NOT tele*",
    ] {
        assert!(
            warnings(query).iter().any(|message| message.contains("never match")),
            "{query}: {:?}",
            warnings(query)
        );
    }
}

#[test]
fn the_check_of_a_large_query_has_a_limit() {
    let words = (0..900).map(|n| format!("szo{n}")).collect::<Vec<_>>().join(" OR ");
    let not = (0..13).map(|n| format!("NOT author:a{n}")).collect::<Vec<_>>().join(" AND ");
    assert_eq!(warnings(&format!("({words}) AND lang:hu AND {not}")), Vec::<String>::new());
    let authors = (0..13).map(|n| format!("author:a{n}")).collect::<Vec<_>>().join(" OR ");
    let never = format!("x1 AND NOT x1 AND ({words}) AND ({authors})");
    assert!(warnings(&never).iter().any(|message| message.contains("never match")));
    let tied = (0..450).map(|n| format!("ab{n} OR NOT ab{n}*")).collect::<Vec<_>>().join(" AND ");
    assert_eq!(warnings(&format!("x1 AND ({tied})")), Vec::<String>::new(), "the check would take too long");
}

#[test]
fn what_makes_sense_is_not_told() {
    for query in [
        "posta",
        "(telekom OR \"magyar telekom\" OR @telekomhu) AND NOT (deutsche NEAR/3 telekom) AND lang:hu",
        "posta AND NOT \"magyar posta\"",
        "followers:>10 AND followers:<12 AND posta",
        "is:original",
        "pos* AND NOT posta",
        "\"magyar posta\" AND NOT \"posta magyar\"",
        "\"magyar posta\" AND NOT pos",
        "\"magyar posta\" AND NOT =posta",
        "\"magyar posta\" AND NOT @posta",
        "=\"Magyar Posta\" AND NOT =posta",
        "=Coca-Cola AND NOT =Coca",
        "telekom AND NOT @telekom",
        "bokor AND NOT bokor*",
        "(a1 NEAR/5 b1) AND NOT (a1 NEAR/3 b1)",
        "(a1 NEAR/3 b1) AND NOT (b1 NEAR/3f a1)",
        "(\"a1 x1\" NEAR/1 b1) AND NOT (a1 NEAR/1 b1)",
        "((a1 OR c1) NEAR/3 b1) AND NOT a1",
        "source:n* AND NOT source:news",
        "source:n* AND source:ne*",
        "author:anna AND author:bea",
        "domain:index.hu AND NOT domain:a.index.hu",
        "domain:index.hu AND domain:hu",
        "a1 b1 c1 d1 e1 f1 g1 h1 i1 j1 k1 l1 m1 n1 o1 p1",
    ] {
        assert_eq!(warnings(query), Vec::<String>::new(), "{query}");
    }
    assert_eq!(warnings("posta and vas").len(), 1);
    assert_eq!(warnings("posta lang:hu").len(), 1);
    assert_eq!(warnings("posta vas AND lang:hu").len(), 1);
}
