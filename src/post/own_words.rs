//! The editors' own words in the place of the summary: they come out to the letter, with all that is set on them.
//!
//! They never pass through the template's HTML: the template is rendered with a sign in their place, and they are put in
//! for it afterwards. So no letter of theirs can be taken for markup, and what can't stand where the template wants it is an
//! error rather than dropped without a word.

use super::{ComposeError, ENTITIES_MAX, Entity, Fields, Limit, RichText, Template};

/// Stands for the words while the template is rendered: no characters at all by Unicode, so that no text holds them.
const SIGN: &str = "\u{FDD0}\u{FDD1}\u{FDD0}";

/// Renders an article with the editors' own words as its summary; `fields.summary` is not used.
///
/// The result is [normalized](RichText::normalized), within the limit and [`ENTITIES_MAX`], and shows the words with every
/// entity of theirs.
///
/// # Errors
/// As [`compose`](super::compose()); and when the words are blank, too long (they are never cut), hidden by the template,
/// or would lose formatting where it puts them.
pub fn compose_with(
    template: &Template,
    fields: &Fields,
    words: &RichText,
    limit: Limit,
) -> Result<RichText, ComposeError> {
    let words = words.normalized();
    if words.is_blank() || words.text.contains(SIGN) {
        return Err(ComposeError::Empty);
    }
    let frame = template.render(&Fields { summary: SIGN.to_owned(), ..fields.clone() })?;
    // Asked before the words stand there: they don't stand for what the law asks for.
    if let Some(mark) = fields.marks.iter().find(|mark| !frame.text.contains(mark.as_str())) {
        return Err(ComposeError::MarkHidden { mark: mark.clone() });
    }
    let (whole, places) = put_in(&frame, &words);
    if places.is_empty() {
        return Err(ComposeError::WordsHidden);
    }
    let rich = whole.normalized();
    let stands = |entity: &Entity, at: u32| {
        let (from, to) = (at.saturating_add(entity.offset), at.saturating_add(entity.end()));
        rich.entities.iter().any(|set| set.kind == entity.kind && set.offset <= from && to <= set.end())
    };
    let all_stand = places.iter().all(|&at| words.entities.iter().all(|entity| stands(entity, at)));
    if !all_stand || whole.text != rich.text {
        return Err(ComposeError::WordsClash);
    }
    match (rich.utf16_len(), rich.pieces()) {
        (units, _) if units > limit.units_max() => {
            Err(ComposeError::WordsTooLong { units, units_max: limit.units_max() })
        }
        (_, count) if count > ENTITIES_MAX => Err(ComposeError::TooManyEntities { count }),
        _ => Ok(rich),
    }
}

/// The frame with the words for each sign, and where they begin, in UTF-16 units.
fn put_in(frame: &RichText, words: &RichText) -> (RichText, Vec<u32>) {
    let (sign, length) = (super::utf16_len(SIGN), words.utf16_len());
    let mut whole = RichText::default();
    let (mut signs, mut places) = (Vec::new(), Vec::new());
    let mut in_frame = 0;
    for (number, piece) in frame.text.split(SIGN).enumerate() {
        if number > 0 {
            signs.push(in_frame);
            places.push(whole.utf16_len());
            whole.push_rich(words);
            in_frame += sign;
        }
        whole.push_str(piece);
        in_frame += super::utf16_len(piece);
    }
    // What the template sets around the words grows with them.
    let moved = |at: u32| {
        let passed = signs.iter().filter(|&&begin| begin + sign <= at).count();
        let passed = u32::try_from(passed).unwrap_or_default();
        (at + passed * length).saturating_sub(passed * sign)
    };
    whole.entities.extend(frame.entities.iter().map(|entity| {
        let (from, to) = (moved(entity.offset), moved(entity.end()));
        Entity { offset: from, length: to.saturating_sub(from), kind: entity.kind.clone() }
    }));
    (whole, places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::post::{DEFAULT_TEMPLATE, EntityKind, markup};

    fn fields() -> Fields {
        Fields {
            title: "Мост <открыт> & ждут".into(),
            link: "https://a.kz/x".into(),
            marks: vec!["18+".into()],
            hashtags: vec!["#мост".into()],
            footer: "<i>подвал</i>".into(),
            ..Fields::default()
        }
    }

    fn composed(template: &str, words: &RichText) -> Result<RichText, ComposeError> {
        compose_with(&Template::compile(template).unwrap(), &fields(), words, Limit::Text)
    }

    fn words(html: &str) -> RichText {
        markup::parse(html).unwrap()
    }

    #[test]
    fn the_words_stand_as_they_are_written() {
        let own = words(
            "Первое <b>важно</b>: 1 &lt; 2 {{ title }}\n\n\n<blockquote>«Так <a href=\"https://b.kz/\">и</a> есть»</blockquote>",
        );
        let rich = composed(DEFAULT_TEMPLATE, &own).unwrap();
        insta::assert_snapshot!(markup::to_html(&rich), @r#"
        18+

        <b>Мост &lt;открыт&gt; &amp; ждут</b>

        Первое <b>важно</b>: 1 &lt; 2 {{ title }}


        <blockquote>«Так <a href="https://b.kz/">и</a> есть»</blockquote>

        <a href="https://a.kz/x">Читать на сайте</a>

        #мост

        <i>подвал</i>
        "#);
        let styled =
            composed("<b>{{ marks }} {{ title }}: {{ summary }}</b> ({{ summary }})", &words("а <i>б</i>"))
                .unwrap();
        insta::assert_snapshot!(markup::to_html(&styled), @"<b>18+ Мост &lt;открыт&gt; &amp; ждут: а <i>б</i></b> (а <i>б</i>)");
    }

    #[test]
    fn what_the_template_would_spoil_is_refused() {
        let quote = words("а\n<blockquote>б</blockquote>");
        let link = words("<a href=\"https://b.kz/\">а</a>");
        let clash = composed("{{ marks }}<code>{{ summary }}</code>", &words("а <b>б</b>"));
        assert_eq!(clash, Err(ComposeError::WordsClash));
        // A quote within a quote is one quote: nothing is lost for the eye. Of two links the editor's own is meant.
        let linked = composed("{{ marks }}<a href=\"{{ link }}\">{{ summary }}</a>", &link).unwrap();
        assert_eq!(markup::to_html(&linked), "18+<a href=\"https://b.kz/\">а</a>");
        assert!(composed("{{ marks }}<blockquote>{{ summary }}</blockquote>", &quote).is_ok());
        assert_eq!(composed("{{ marks }}{{ title }}", &quote), Err(ComposeError::WordsHidden));
        assert_eq!(composed(DEFAULT_TEMPLATE, &RichText::plain(" \n")), Err(ComposeError::Empty));
        // A mark of the law is not shown by the words that happen to hold it.
        let marked = composed("{{ title }}{{ summary }}", &words("18+"));
        assert_eq!(marked, Err(ComposeError::MarkHidden { mark: "18+".into() }));
    }

    #[test]
    fn too_long_words_are_refused_and_never_cut() {
        let around = composed(DEFAULT_TEMPLATE, &words("ы")).unwrap().utf16_len() - 1;
        let longest = 4096 - around as usize;
        assert_eq!(composed(DEFAULT_TEMPLATE, &words(&"ы".repeat(longest))).unwrap().utf16_len(), 4096);
        let error = composed(DEFAULT_TEMPLATE, &words(&"ы".repeat(longest + 1))).unwrap_err();
        insta::assert_snapshot!(error, @"with the editor's own words the post is 4097 characters long, 1 more than the 4096 that Telegram takes");
    }

    fn kind() -> impl Strategy<Value = EntityKind> {
        prop::sample::select(vec![
            EntityKind::Bold,
            EntityKind::Italic,
            EntityKind::Underline,
            EntityKind::Strikethrough,
            EntityKind::Spoiler,
            EntityKind::Code,
            EntityKind::Pre { language: Some("rust".into()) },
            EntityKind::TextLink { url: "https://b.kz/".into() },
            EntityKind::Blockquote,
            EntityKind::ExpandableBlockquote,
        ])
    }

    fn rich() -> impl Strategy<Value = RichText> {
        let entity = (0..60_u32, 1..30_u32, kind());
        let text = "[а-я🗞<&>{}\u{200E}\u{200F}\u{30A} \n\t.#]{0,60}";
        (text, prop::collection::vec(entity, 0..6)).prop_map(|(text, entities)| RichText {
            text,
            entities: entities
                .into_iter()
                .map(|(offset, length, kind)| Entity { offset, length, kind })
                .collect(),
        })
    }

    proptest! {
        #[test]
        fn whatever_an_editor_writes_stands_in_the_post_with_every_entity(own in rich()) {
            let own = own.normalized();
            prop_assume!(!own.is_blank());
            let post = composed(DEFAULT_TEMPLATE, &own).unwrap();
            // Behind the title: a title may hold the same letters.
            let title = fields().title;
            let behind = post.text.find(&title).unwrap() + title.len();
            let before = &post.text[..behind + post.text[behind..].find(&own.text).unwrap()];
            let begin = super::super::utf16_len(before);
            let within = post.entities.iter().filter(|set| {
                begin <= set.offset && set.end() <= begin + own.utf16_len()
            });
            let within: Vec<Entity> =
                within.map(|set| Entity { offset: set.offset - begin, ..set.clone() }).collect();
            prop_assert_eq!(within, own.entities);
        }
    }
}
