use super::*;
use proptest::prelude::*;

#[track_caller]
fn reads(html: &str, text: &str) {
    assert_eq!(to_text(html), text, "{html}");
}

#[test]
fn blocks_and_breaks_are_lines() {
    reads("<p>One</p><p>Two<br>Three<br/>Four</p>", "One\nTwo\nThree\nFour");
    reads("<ul>\n  <li>a</li>\n  <li>b</li>\n</ul> after", "a\nb\nafter");
    reads("<h1>Head</h1>body <b>bo</b>ld <i>it</i>", "Head\nbody bold it");
    reads("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
}

#[test]
fn entities_are_what_they_stand_for() {
    reads("&quot;R&amp;D&quot; &lt;3 &eacute;&#337;&#x171; &copy", "\"R&D\" <3 éőű ©");
    reads("AT&T &unknown; 5 &gt; 3", "AT&T &unknown; 5 > 3");
    reads("&amp;lt;b&amp;gt;", "&lt;b&gt;");
}

#[test]
fn the_marks_around_a_feeds_html_are_no_text() {
    reads("<![CDATA[<p>a <b>b</b></p>]]>", "a b");
    reads("<![CDATA[a]]> &amp; <![CDATA[b]]> ]]>", "a & b ]]>");
    reads("x <![CDATA[<p>a", "x\na");
    assert_eq!(to_text(&"<![CDATA[".repeat(20_000)).len(), 0);
}

#[test]
fn entities_alone_are_made_plain_once() {
    for (text, plain) in [
        ("AT&amp;T, H&M &lt;3 &gt; &quot;&#39;&apos;", "AT&T, H&M <3 > \"''"),
        ("&amp;lt;b&amp;gt; <b>&eacute;</b>  &amp", "&lt;b&gt; <b>&eacute;</b>  &amp"),
        ("&amp;", "&"),
        ("no entity", "no entity"),
    ] {
        assert_eq!(unescaped(text), plain, "{text}");
    }
    assert!(matches!(unescaped("none"), Cow::Borrowed(_)));
}

#[test]
fn a_link_is_its_own_words() {
    reads(
        r#"<a href="https://x.example/">@<span>anna</span></a> see <a href="https://y.example/a/b"><span class="invisible">https://</span><span class="ellipsis">y.example/a</span><span class="invisible">/b</span></a>"#,
        "@anna see https://y.example/a/b",
    );
    reads(r#"<a title="a > b" href='x'>here</a>"#, "here");
}

#[test]
fn what_nobody_sees_is_left_out() {
    reads("a<script>alert('<b>x</b>')</script>b<style>p{}</style><!-- c -->d", "abd");
    reads("a<style>p{}</style >b<!-- <script> -->c", "abc");
    reads("<img src=x onerror=alert(1)>text", "text");
}

#[test]
fn plain_text_stays_as_it_is() {
    reads("  no tags here \n at all", "  no tags here \n at all");
    reads("I <3 this & that, 1 < 2", "I <3 this & that, 1 < 2");
}

/// A hidden element without an end hid the rest of the text.
#[test]
fn what_never_ends_hides_nothing() {
    reads("<p>The <script> tag of Acme</p>", "The <script> tag of Acme");
    reads("a<IFRAME src='x'>b", "a<IFRAME src='x'>b");
    reads("<b>a</b> <!-- b", "a <!-- b");
    reads("a<title>b</title>c<title>d", "ac<title>d");
}

#[track_caller]
fn guesses(text: &str, plain: &str) {
    assert_eq!(guessed(text), plain, "{text}");
}

/// A text that may be HTML or not was always read as HTML, and lost what follows a tag that it names.
#[test]
fn a_plain_text_keeps_the_tags_that_it_names() {
    for plain in [
        "The <script> tag was left in the Acme login page,\n customers are angry",
        "List<Acme> leaks memory",
        "Why <title> matters: Acme",
        "Put <script>alert(1)</script> into Acme",
        "if x<y then Acme > z",
        "<Acme> is down",
        "Acme <!-- left in the page",
        "I <3 Acme <iframe>",
        "a <b and Acme",
        "Map<Object, List<Acme>> & x?a=1&copy=2",
        "the <p> element of Acme",
    ] {
        guesses(plain, plain);
    }
    guesses("AT&amp;T  &lt;3 &eacute;&#337; <script>", "AT&T  <3 éő <script>");
}

#[test]
fn markup_that_nobody_writes_by_accident_is_html() {
    guesses("<p>One</p><p>Two<br>Three", "One\nTwo\nThree");
    guesses("One<br/>Two", "One\nTwo");
    guesses("<a href='x'>Acme</a> is <b>down</b>", "Acme is down");
    guesses("Acme <img src=\"a.png\"> down", "Acme down");
    guesses("<DIV>Acme", "Acme");
    guesses("<p>List<Acme> of <o:p>the</o:p> <script> tag, 1 < 2", "List<Acme> of the <script> tag, 1 < 2");
    guesses("<p>a<script>hidden()</script>b</p>", "ab");
    guesses("<![CDATA[<p>a <b>b</b></p>]]>", "a b");
}

#[test]
fn deep_and_broken_html_is_read_in_time() {
    assert_eq!(guessed(&"<div><b>".repeat(100_000)), "");
    assert_eq!(guessed(&"<x".repeat(100_000)).len(), 200_000);
    assert_eq!(guessed(&"<script> ".repeat(50_000)).len(), 450_000);
    assert!(!guessed(&"<a <".repeat(50_000)).is_empty());

    assert_eq!(to_text(&"<div><b>".repeat(100_000)), "");
    assert_eq!(to_text(&"<a <".repeat(50_000)), "");
    assert_eq!(to_text(&"&".repeat(100_000)).len(), 100_000);
    assert_eq!(to_text(&"<a>x</a>".repeat(50_000)).len(), 50_000);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(html in "[<>&a-c;/!\\-=\"' #x0-9\n]{0,80}") {
        let text = to_text(&html);
        prop_assert!(text.len() <= 4 * html.len());
        prop_assert!(unescaped(&html).len() <= html.len());
        prop_assert!(guessed(&html).len() <= 4 * html.len());
    }
}
