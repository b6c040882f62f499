//! As many whole sentences as fit: a post is shortened at a sentence's end or not at all.

use thiserror::Error;

use super::{Fields, RichText, Template, TemplateError};

/// Past this many entities Telegram drops the rest without a word (td/MessageEntity.cpp,
/// `get_input_message_entities`).
pub const ENTITIES_MAX: usize = 100;

/// How long a text may be, in UTF-16 units after normalisation.
///
/// Telegram's open server counts code points, of which there are never more: what fits here fits there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// A message of its own.
    Text,
    /// The words under a picture.
    Caption,
}

impl Limit {
    /// The limit in UTF-16 units.
    #[must_use]
    pub const fn units_max(self) -> u32 {
        match self {
            Self::Text => 4096,
            Self::Caption => 1024,
        }
    }
}

/// Why no post can be made of an article.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ComposeError {
    /// Title, link and what else the template sets are too long by themselves.
    #[error(
        "even without a summary the post is {units} characters long, {} more than the {units_max} that Telegram takes",
        units.saturating_sub(*units_max)
    )]
    TooLong {
        /// The length without any sentence, in UTF-16 units.
        units: u32,
        /// The limit.
        units_max: u32,
    },
    /// Nothing would be seen.
    #[error("the post is empty: neither the title nor the text shows anything")]
    Empty,
    /// Telegram would silently drop some.
    #[error(
        "the post has {count} bold pieces, links and the like, Telegram keeps {ENTITIES_MAX}: simplify the template"
    )]
    TooManyEntities {
        /// How many there are once Telegram has cut overlapping styles into pieces (never fewer than it
        /// counts).
        count: usize,
    },
    /// A mark that the law asks for would not be seen.
    #[error("the template does not show the mark «{mark}»: put {{{{ marks }}}} into it")]
    MarkHidden {
        /// The mark.
        mark: String,
    },
    /// The template can't render this article.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The editors' own words make it too long; they are never cut.
    #[error(
        "with the editor's own words the post is {units} characters long, {} more than the {units_max} that Telegram takes",
        units.saturating_sub(*units_max)
    )]
    WordsTooLong {
        /// The length of the whole post, in UTF-16 units.
        units: u32,
        /// The limit.
        units_max: u32,
    },
    /// The template shows no summary, so the editors' own words would not be seen.
    #[error("the template does not show the editor's own words: put {{{{ summary }}}} into it")]
    WordsHidden,
    /// Where the template puts the summary, Telegram would drop some of the formatting of the editors' own words.
    #[error(
        "the template leaves no place for the formatting of the editor's own words (a quote in a quote, say)"
    )]
    WordsClash,
}

/// Renders an article with as many whole sentences from the front as fit; `fields.summary` is not used.
///
/// The sentences are joined by one space. The result is [normalized](RichText::normalized), not blank, within
/// the limit and within [`ENTITIES_MAX`].
///
/// # Errors When even no sentence at all makes it short enough, when it is empty or overloaded, or when the
/// template fails on this article.
pub fn compose(
    template: &Template,
    fields: &Fields,
    sentences: &[String],
    limit: Limit,
) -> Result<RichText, ComposeError> {
    let sentences: Vec<&str> = sentences.iter().map(|s| s.trim()).filter(|s| !s.is_empty()).collect();
    let render = |count: usize| {
        let summary = sentences.iter().take(count).copied().collect::<Vec<_>>().join(" ");
        template.render(&Fields { summary, ..fields.clone() })
    };
    let rich = longest_fitting(sentences.len(), render, limit)?;
    if rich.is_blank() {
        return Err(ComposeError::Empty);
    }
    // A mark that the law asks for is never left out, whatever the template makes of it.
    if let Some(mark) = fields.marks.iter().find(|mark| !rich.text.contains(mark.as_str())) {
        return Err(ComposeError::MarkHidden { mark: mark.clone() });
    }
    match rich.pieces() {
        count if count > ENTITIES_MAX => Err(ComposeError::TooManyEntities { count }),
        _ => Ok(rich),
    }
}

/// Finds the largest count that fits by halving, as more sentences make a longer post.
fn longest_fitting(
    count_max: usize,
    render: impl Fn(usize) -> Result<RichText, TemplateError>,
    limit: Limit,
) -> Result<RichText, ComposeError> {
    let fits = |rich: &RichText| rich.utf16_len() <= limit.units_max();
    let whole = render(count_max)?;
    if fits(&whole) {
        return Ok(whole);
    }
    let mut best = if count_max == 0 { whole } else { render(0)? };
    if !fits(&best) {
        return Err(ComposeError::TooLong { units: best.utf16_len(), units_max: limit.units_max() });
    }
    let (mut fitting, mut too_many) = (0, count_max);
    while too_many - fitting > 1 {
        let middle = fitting.midpoint(too_many);
        let rich = render(middle)?;
        if fits(&rich) {
            (fitting, best) = (middle, rich);
        } else {
            too_many = middle;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::DEFAULT_TEMPLATE;

    fn fields() -> Fields {
        Fields { title: "Заголовок".into(), link: "https://a.kz/x".into(), ..Fields::default() }
    }

    fn sentences(count: usize, units: usize) -> Vec<String> {
        (0..count).map(|_| "ы".repeat(units - 1) + ".").collect()
    }

    fn default_template() -> Template {
        Template::compile(DEFAULT_TEMPLATE).unwrap()
    }

    #[test]
    fn all_sentences_stand_when_they_fit() {
        let given = [" Первое. ".to_owned(), String::new(), "Второе.".to_owned()];
        let rich = compose(&default_template(), &fields(), &given, Limit::Text).unwrap();
        assert_eq!(rich.text, "Заголовок\n\nПервое. Второе.\n\nЧитать на сайте");
    }

    #[test]
    fn the_limit_is_reached_exactly_and_never_passed() {
        // Around the summary stand 9 + 2 + 2 + 15 units; n sentences of 99 take 100 n - 1.
        for (limit, fitting) in [(Limit::Text, 40), (Limit::Caption, 9)] {
            let rich = compose(&default_template(), &fields(), &sentences(60, 99), limit).unwrap();
            assert_eq!(rich.text.matches('.').count(), fitting);
        }
        let template = Template::compile("{{ summary }}").unwrap();
        for (units, shown) in [(1024, 1024), (1025, 2)] {
            let mut given = vec!["а.".to_owned()];
            given.extend(sentences(1, units - 3));
            let rich = compose(&template, &fields(), &given, Limit::Caption).unwrap();
            assert_eq!(rich.utf16_len(), shown);
        }
    }

    #[test]
    fn a_pair_of_units_counts_as_two() {
        let template = Template::compile("{{ summary }}").unwrap();
        let given = ["📰".repeat(500), "📰".repeat(20)];
        let rich = compose(&template, &fields(), &given, Limit::Caption).unwrap();
        assert_eq!(rich.utf16_len(), 1000);
    }

    #[test]
    fn a_title_too_long_by_itself_is_refused_with_its_excess() {
        let long = Fields { title: "ы".repeat(1100), ..fields() };
        let error = compose(&default_template(), &long, &sentences(3, 10), Limit::Caption).unwrap_err();
        insta::assert_snapshot!(error, @"even without a summary the post is 1117 characters long, 93 more than the 1024 that Telegram takes");
    }

    #[test]
    fn a_post_that_shows_nothing_is_refused() {
        let template = Template::compile("{{ title }}\u{2800}").unwrap();
        let blank = Fields { title: "\u{200B} ".into(), ..fields() };
        assert_eq!(compose(&template, &blank, &[], Limit::Text), Err(ComposeError::Empty));
    }

    #[test]
    fn more_entities_than_telegram_keeps_are_refused() {
        // One bold letter for each of the title.
        let template =
            Template::compile("{% for letter in title %}<b>{{ letter }}</b> {% endfor %}").unwrap();
        let titled = |letters: usize| Fields { title: "а".repeat(letters), ..fields() };
        assert_eq!(compose(&template, &titled(100), &[], Limit::Text).unwrap().entities.len(), 100);
        assert_eq!(
            compose(&template, &titled(101), &[], Limit::Text),
            Err(ComposeError::TooManyEntities { count: 101 })
        );
        // One bold over italics is cut at each of their edges.
        let cut =
            Template::compile("<b>{% for letter in title %} <i>{{ letter }}</i>{% endfor %}</b>").unwrap();
        let error = compose(&cut, &titled(50), &[], Limit::Text);
        assert!(matches!(error, Err(ComposeError::TooManyEntities { count: 101..=151 })), "{error:?}");
    }

    #[test]
    fn a_post_without_its_mark_is_refused() {
        let template = Template::compile("{{ title }}").unwrap();
        let marked = Fields { marks: vec!["18+".into()], ..fields() };
        let error = compose(&template, &marked, &[], Limit::Text).unwrap_err();
        assert_eq!(error, ComposeError::MarkHidden { mark: "18+".into() });
        assert!(compose(&default_template(), &marked, &[], Limit::Text).unwrap().text.starts_with("18+\n"));
    }

    #[test]
    fn an_articles_own_fault_comes_through() {
        let error = compose(&default_template(), &Fields::default(), &[], Limit::Text).unwrap_err();
        assert!(matches!(error, ComposeError::Template(_)));
    }
}
