//! What must hold for every text, every article, every template.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn kind() -> impl Strategy<Value = EntityKind> {
    use EntityKind::*;
    let language = prop_oneof![Just(None), Just(Some("rust".to_owned())), Just(Some("a\"<&".to_owned()))];
    let url = select(vec!["https://a.kz/", "https://a.kz/?b=1&c=\"2\"", "tg://resolve?domain=x"]);
    prop_oneof![
        select(vec![Bold, Italic, Underline, Strikethrough, Spoiler, Code, Blockquote, ExpandableBlockquote]),
        language.prop_map(|language| Pre { language }),
        url.prop_map(|url| TextLink { url: url.to_owned() }),
    ]
}

/// Texts with all that the server rewrites, in which words are rare and edges frequent.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[а-г📰 \n\t\r\u{2028}\u{30A}\u{200E}\u{200F}<&\"]{0,24}", any::<String>()]
}

/// Rich text built by hand, as wrong as it may be: overlaps, cut pairs, entities past the end.
fn rich() -> impl Strategy<Value = RichText> {
    let entity =
        (kind(), 0..30_u32, 0..30_u32).prop_map(|(kind, offset, length)| Entity { offset, length, kind });
    (text(), prop::collection::vec(entity, 0..8)).prop_map(|(text, entities)| RichText { text, entities })
}

/// HTML that is nearly right.
fn html() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=\"https://a.kz\">",
        "</a>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<code class=\"language-c\">",
        "<blockquote>",
        "</blockquote>",
        "<blockquote expandable>",
        "<span class='tg-spoiler'>",
        "</span>",
        "<",
        ">",
        "&",
        "&amp;",
        "&#x2f;",
        "&#128240;",
        "\"",
        "'",
        "=",
        "a",
        "ы",
        "📰",
        " ",
        "\n",
        "{{ title }}",
        "{% if link %}",
        "{% endif %}",
        "{{",
        "}}",
        "{#",
    ]);
    prop_oneof![prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn assert_within_text(rich: &RichText) {
    let mut edges: Vec<u32> =
        rich.text.chars().scan(0, |at, c| Some(std::mem::replace(at, *at + c.len_utf16() as u32))).collect();
    edges.push(rich.utf16_len());
    for entity in &rich.entities {
        assert!(entity.length > 0, "{rich:?}");
        assert!(edges.contains(&entity.offset) && edges.contains(&entity.end()), "{rich:?}");
    }
}

proptest! {
    #[test]
    fn any_html_is_read_or_refused_within_it(html in html()) {
        match markup::parse(&html) {
            Ok(rich) => assert_within_text(&rich),
            Err(error) => prop_assert!(html.is_char_boundary(error.offset)),
        }
    }

    #[test]
    fn any_template_is_compiled_or_refused_within_it(source in html()) {
        match Template::compile(&source) {
            Ok(template) => assert_within_text(&template.render(&Fields::default()).unwrap_or_default()),
            Err(error) => prop_assert!((1..=source.lines().count().max(1)).contains(&error.line), "{error}"),
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(rich in rich()) {
        let once = rich.normalized();
        assert_within_text(&once);
        prop_assert_eq!(&normalize(&rich.text), &once.text);
        prop_assert_eq!(&once.normalized(), &once);
        let tidy = rich.tidied();
        assert_within_text(&tidy);
        prop_assert_eq!(&tidy.normalized(), &tidy);
        prop_assert_eq!(&tidy.tidied(), &tidy);
    }

    #[test]
    fn written_html_reads_back_as_the_normalised_text(rich in rich()) {
        prop_assert_eq!(markup::parse(&markup::to_html(&rich)), Ok(rich.normalized()));
    }

    #[test]
    fn an_articles_text_comes_out_as_plain_text(title in text(), summary in "[<>/b&;\"'{}%#а🗞]{0,20}") {
        let template = Template::compile("{{ title }}|<i>{{ summary }}</i>").unwrap();
        let fields = Fields { title: title.clone(), summary: summary.clone(), ..Fields::default() };
        let shown = template.render(&fields).unwrap();
        prop_assert_eq!(shown.text, RichText::plain(format!("{title}|{summary}")).tidied().text);
        prop_assert_eq!(shown.entities.len(), usize::from(!summary.is_empty()));
    }

    #[test]
    fn a_composed_post_fits_and_keeps_whole_sentences(lengths in prop::collection::vec(1..400_usize, 0..20)) {
        let template = Template::compile(DEFAULT_TEMPLATE).unwrap();
        let fields = Fields { title: "Заголовок".into(), link: "https://a.kz/x".into(), ..Fields::default() };
        let sentences: Vec<String> = lengths.iter().map(|length| "ы".repeat(*length) + ".").collect();
        let rich = compose(&template, &fields, &sentences, Limit::Caption).unwrap();
        prop_assert!(rich.utf16_len() <= Limit::Caption.units_max());
        let kept = rich.text.matches('.').count();
        let with = |count: usize| {
            let summary = sentences[..count].join(" ");
            template.render(&Fields { summary, ..fields.clone() }).unwrap()
        };
        prop_assert_eq!(&rich, &with(kept));
        prop_assert!(kept == sentences.len() || with(kept + 1).utf16_len() > Limit::Caption.units_max());
    }

    #[test]
    fn a_post_survives_its_json(rich in rich(), silent in any::<bool>()) {
        let post = Post::new(crate::ids::ChatId(-1), &rich, Preview::Off, silent);
        let json = serde_json::to_string(&post).unwrap();
        prop_assert_eq!(serde_json::from_str::<Post>(&json).unwrap(), post);
    }
}
