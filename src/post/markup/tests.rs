//! What the reader takes, what it refuses and where it says the fault is.

use super::MarkupErrorKind as Kind;
use super::*;
use crate::post::{Entity, EntityKind, LinkError, Place, RichText};

fn entity(kind: EntityKind, from: u32, to: u32) -> Entity {
    Entity { offset: from, length: to - from, kind }
}

fn link(url: &str) -> EntityKind {
    EntityKind::TextLink { url: url.to_owned() }
}

#[test]
fn every_tag_of_telegram_becomes_its_entity() {
    let rows = [
        ("<b>да</b>", EntityKind::Bold),
        ("<strong>да</strong>", EntityKind::Bold),
        ("<i>да</i>", EntityKind::Italic),
        ("<em>да</em>", EntityKind::Italic),
        ("<u>да</u>", EntityKind::Underline),
        ("<ins>да</ins>", EntityKind::Underline),
        ("<s>да</s>", EntityKind::Strikethrough),
        ("<strike>да</strike>", EntityKind::Strikethrough),
        ("<del>да</del>", EntityKind::Strikethrough),
        ("<tg-spoiler>да</tg-spoiler>", EntityKind::Spoiler),
        ("<span class=\"tg-spoiler\">да</span>", EntityKind::Spoiler),
        ("<a href='https://A.kz'>да</a>", link("https://a.kz/")),
        ("<a\n  href = \"https://a.kz/?b=1&amp;c=2\" >да</a >", link("https://a.kz/?b=1&c=2")),
        ("<a href=\"https:&#x2f;&#47;a.kz/\">да</a>", link("https://a.kz/")),
        ("<code>да</code>", EntityKind::Code),
        ("<pre>да</pre>", EntityKind::Pre { language: None }),
        ("<pre><code>да</code></pre>", EntityKind::Pre { language: None }),
        (
            "<pre><code class=\"language-rust\">да</code></pre>",
            EntityKind::Pre { language: Some("rust".into()) },
        ),
        ("<blockquote>да</blockquote>", EntityKind::Blockquote),
        ("<blockquote expandable>да</blockquote>", EntityKind::ExpandableBlockquote),
        ("<blockquote expandable=\"\">да</blockquote>", EntityKind::ExpandableBlockquote),
        ("<B>да</b>", EntityKind::Bold),
    ];
    for (html, kind) in rows {
        let rich = parse(html).unwrap_or_else(|e| panic!("{html}: {e}"));
        assert_eq!(rich, RichText { text: "да".into(), entities: vec![entity(kind, 0, 2)] }, "{html}");
    }
}

#[test]
fn references_decode_and_a_bare_greater_sign_stays() {
    let rich = parse("&lt;b&gt; &amp;amp; &quot;x&quot; &#1071;&#x44f;&#x2F;&#x2f; a > b &#128240;").unwrap();
    assert_eq!(rich, RichText::plain("<b> &amp; \"x\" Яя// a > b 📰"));
}

#[test]
fn offsets_count_utf16_units_of_the_text_alone() {
    let rich = parse("📰 &lt;<b>Но<i>вость</i></b> <a href=\"https://a.kz/\">тут</a>").unwrap();
    assert_eq!(rich.text, "📰 <Новость тут");
    let expected = [
        entity(EntityKind::Bold, 4, 11),
        entity(EntityKind::Italic, 6, 11),
        entity(link("https://a.kz/"), 12, 15),
    ];
    assert_eq!(rich.entities, expected);
}

#[test]
fn empty_tags_set_nothing_and_touching_styles_are_one() {
    let rich = parse("<b></b><b>но</b><strong>во<b>сть</b></strong><i></i>").unwrap();
    assert_eq!(rich.entities, [entity(EntityKind::Bold, 0, 7)]);
}

#[test]
fn what_may_nest_nests() {
    for html in [
        "<blockquote><b>а</b> <code>б</code> <a href=\"https://a.kz/\"><i>в</i></a> <pre>г</pre></blockquote>",
        "<b><a href=\"https://a.kz/\">а <u><s><tg-spoiler>б</tg-spoiler></s></u></a></b>",
        "<i><blockquote>а</blockquote></i>",
    ] {
        parse(html).unwrap_or_else(|e| panic!("{html}: {e}"));
    }
}

#[test]
fn every_fault_is_named_at_its_byte() {
    let tag = |tag: &str| tag.to_owned();
    let unknown =
        |tag: &str, attribute: &str| Kind::UnknownAttribute { tag: tag.into(), attribute: attribute.into() };
    let nesting = |outer: &str, inner: &str| Kind::Nesting { outer: outer.into(), inner: inner.into() };
    let missing = |tag: &str, needed| Kind::MissingAttribute { tag: tag.into(), needed };
    let rows = [
        ("a < b", 2, Kind::StrayLess),
        ("<", 0, Kind::StrayLess),
        ("</", 0, Kind::StrayLess),
        ("<!-- a -->", 0, Kind::StrayLess),
        ("<b>a</>", 4, Kind::StrayLess),
        ("Q&A", 1, Kind::StrayAmpersand),
        ("a & b", 2, Kind::StrayAmpersand),
        ("a &amp b", 2, Kind::StrayAmpersand),
        ("a&nbsp;b", 1, Kind::UnknownReference(tag("nbsp"))),
        ("&LT;", 0, Kind::UnknownReference(tag("LT"))),
        ("&#0;", 0, Kind::BadReference(tag("#0"))),
        ("&#xd800;", 0, Kind::BadReference(tag("#xd800"))),
        ("&#x10ffff;", 0, Kind::BadReference(tag("#x10ffff"))),
        ("&#X2f;", 0, Kind::BadReference(tag("#X2f"))),
        ("&#x0000041;", 0, Kind::BadReference(tag("#x0000041"))),
        ("&#;", 0, Kind::BadReference(tag("#"))),
        ("<b", 0, Kind::UnfinishedTag),
        ("<b>a</b", 4, Kind::UnfinishedTag),
        ("<b>a</b x>", 4, Kind::UnfinishedTag),
        ("<b <i>a</i>", 0, Kind::UnfinishedTag),
        ("<a href>a</a>", 3, Kind::BadLink(LinkError::Empty)),
        ("<a =\"x\">a</a>", 3, Kind::MalformedTag),
        ("<a href=\"https://a.kz/\"class=\"x\">a</a>", 23, Kind::MalformedTag),
        ("a<br>b", 1, Kind::UnknownTag(tag("br"))),
        ("a<br/>b", 1, Kind::UnknownTag(tag("br/"))),
        ("<p>a</p>", 0, Kind::UnknownTag(tag("p"))),
        ("<tg-emoji emoji-id=\"1\">a</tg-emoji>", 0, Kind::UnsupportedTag(tag("tg-emoji"))),
        ("<tg-time unix=\"1\">a</tg-time>", 0, Kind::UnsupportedTag(tag("tg-time"))),
        ("<b class=\"x\">a</b>", 3, unknown("b", "class")),
        ("<a href=\"https://a.kz/\" target=\"x\">a</a>", 24, unknown("a", "target")),
        ("<code class=\"language-rust\">a</code>", 6, unknown("code", "class")),
        ("<pre language=\"x\">a</pre>", 5, unknown("pre", "language")),
        ("<b / >a</b>", 3, unknown("b", "/")),
        (
            "<a href=\"https://a.kz/\" href=\"https://b.kz/\">a</a>",
            24,
            Kind::RepeatedAttribute { tag: tag("a"), attribute: tag("href") },
        ),
        ("<span class=tg-spoiler>a</span>", 12, Kind::UnquotedValue(tag("class"))),
        ("<a href=\"https://a.kz/>a</a>", 9, Kind::UnclosedValue(tag("href"))),
        ("<a href=\"https://a.kz/", 9, Kind::UnclosedValue(tag("href"))),
        ("<span>a</span>", 0, missing("span", "class=\"tg-spoiler\"")),
        ("<span class=\"red\">a</span>", 13, missing("span", "class=\"tg-spoiler\"")),
        ("<a>https://a.kz/</a>", 0, missing("a", "href=\"…\"")),
        ("<a HREF=\"https://a.kz/\">a</a>", 0, missing("a", "href=\"…\"")),
        ("<a href=\"a.kz\">a</a>", 9, Kind::BadLink(LinkError::Scheme(tag("a.kz")))),
        ("<a href=\"https://site/\">a</a>", 9, Kind::BadLink(LinkError::Host(tag("https://site/")))),
        ("<a href=\"https://a.kz/?a=1&b=2\">a</a>", 26, Kind::StrayAmpersand),
        (
            "<blockquote expandable=\"x\">a</blockquote>",
            24,
            missing("blockquote", "`expandable` without a value"),
        ),
        (
            "<pre><code class=\"rust\">a</code></pre>",
            18,
            missing("code", "a class like class=\"language-rust\""),
        ),
        ("<code><b>a</b></code>", 6, nesting("code", "b")),
        ("<pre>a <i>b</i></pre>", 7, nesting("pre", "i")),
        ("<b><code>a</code></b>", 3, nesting("b", "code")),
        ("<pre><code><b>a</b></code></pre>", 11, nesting("pre", "b")),
        ("<code><code>a</code></code>", 6, nesting("code", "code")),
        ("<a href=\"https://a.kz/\"><code>a</code></a>", 24, nesting("a", "code")),
        ("<a href=\"https://a.kz/\"><b><a href=\"https://b.kz/\">a</a></b></a>", 27, nesting("a", "a")),
        ("<a href=\"https://a.kz/\"><blockquote>a</blockquote></a>", 24, nesting("a", "blockquote")),
        (
            "<blockquote><b><blockquote>a</blockquote></b></blockquote>",
            15,
            nesting("blockquote", "blockquote"),
        ),
        ("<pre>a<code>b</code></pre>", 6, Kind::CodeNotWholePre),
        ("<pre><code>a</code>b</pre>", 20, Kind::CodeNotWholePre),
        ("<pre><code>a</code><code></code></pre>", 19, Kind::CodeNotWholePre),
        ("a <b>b <i>c</i>", 2, Kind::Unclosed(tag("b"))),
        ("a</b>", 1, Kind::UnexpectedEnd(tag("b"))),
        ("<b><i>a</b></i>", 7, Kind::WrongEnd { expected: tag("i"), found: tag("b") }),
        ("<b>a</strong>", 4, Kind::WrongEnd { expected: tag("b"), found: tag("strong") }),
    ];
    for (html, offset, kind) in rows {
        let error = parse(html).expect_err(html);
        assert_eq!((error.offset, error.kind), (offset, kind), "{html}");
    }
}

#[test]
fn tags_nest_to_a_bounded_depth() {
    let nested = |depth: usize| "<b>".repeat(depth) + "а" + &"</b>".repeat(depth);
    assert_eq!(parse(&nested(32)), Ok(RichText::styled("а", EntityKind::Bold)));
    assert_eq!(parse(&nested(33)).map_err(|e| (e.offset, e.kind)), Err((96, Kind::TooDeep)));
}

#[test]
fn an_error_names_line_and_column_as_a_person_counts() {
    let error = parse("Первая\n  📰 <b>вторая\n").unwrap_err();
    assert_eq!(error.place, Place { line: 2, column: 5 });
    insta::assert_snapshot!(error, @"line 2, column 5: <b> is never closed: add </b>");
}

#[test]
fn html_is_written_so_that_tags_nest_and_signs_are_escaped() {
    let rich = RichText {
        text: "Рубль & <тенге> вчера".into(),
        entities: vec![
            entity(EntityKind::Bold, 0, 10),
            entity(EntityKind::Italic, 6, 15),
            entity(link("https://a.kz/?b=1&c=\"2\""), 8, 21),
            entity(EntityKind::ExpandableBlockquote, 0, 21),
        ],
    };
    insta::assert_snapshot!(to_html(&rich), @r#"<blockquote expandable><b>Рубль <i>&amp; </i></b><a href="https://a.kz/?b=1&amp;c=&quot;2&quot;"><b><i>&lt;т</i></b><i>енге&gt;</i> вчера</a></blockquote>"#);
    assert_eq!(parse(&to_html(&rich)), Ok(rich.normalized()));
    let code = RichText::styled("let a = b && c;", EntityKind::Pre { language: Some("rust".into()) });
    insta::assert_snapshot!(to_html(&code), @r#"<pre><code class="language-rust">let a = b &amp;&amp; c;</code></pre>"#);
}

#[test]
fn escaped_text_reads_back_as_it_was() {
    for text in ["", "обычный", "<b>&amp;\"'</b>", "a > b"] {
        assert_eq!(parse(&escape(text)), Ok(RichText::plain(text)));
    }
}
