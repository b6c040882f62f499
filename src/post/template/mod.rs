//! A channel's template: checked when the bot starts, rendered into rich text for every article.

use std::fmt;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::{ENTITIES_MAX, Place, RichText, markup};

mod error;
mod names;

pub use error::{TemplateError, TemplateProblem};

/// The variables of a template, each with its meaning, for the documentation and for error messages.
pub const VARIABLES: &[(&str, &str)] = &[
    ("title", "the article's title"),
    ("summary", "as many whole sentences of the article as fit; may be empty"),
    ("link", "the article's address on the site"),
    ("source", "who is quoted (a site, an agency); empty if unknown"),
    ("credit", "whose photo it is; empty if unknown"),
    ("channel", "the channel's name as in the configuration"),
    ("rubric", "the article's rubric; empty if it has none"),
    ("marks", "what the law asks for, of the channel and the rubric, one mark a line; may be empty"),
    ("hashtags", "the hashtags of the channel and the rubric, in one line; may be empty"),
    ("footer", "the channel's footer, with its formatting; may be empty"),
    ("link_words", "the words of the link, as in the configuration"),
];

/// The template of a channel that has none of its own.
pub const DEFAULT_TEMPLATE: &str = "\
{{ marks }}

<b>{{ title }}</b>

{{ summary }}

<a href=\"{{ link }}\">{{ link_words }}</a>

{{ hashtags }}

{{ footer }}
";

/// The words of the link where a channel has none of its own.
pub const DEFAULT_LINK_WORDS: &str = "Читать на сайте";

/// How much work a template may do for one post: far above any sane one, milliseconds at most.
const FUEL_MAX: u64 = 100_000;

/// The only template in its environment has this name.
const NAME: &str = "template";

/// What a template may say of an article; plain text, escaped on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The article's title.
    pub title: String,
    /// What is told of it.
    pub summary: String,
    /// Its address.
    pub link: String,
    /// Who is quoted.
    pub source: Option<String>,
    /// Whose photo it is.
    pub credit: Option<String>,
    /// Its rubric.
    pub rubric: Option<String>,
    /// The marks that the law asks for. [`compose()`](super::compose()) sees to it that the template shows each.
    pub marks: Vec<String>,
    /// Hashtags, each with its `#`.
    pub hashtags: Vec<String>,
    /// The channel's footer: the one field that is Telegram's HTML, checked by [`markup::parse`].
    pub footer: String,
    /// The words of the link; empty for [`DEFAULT_LINK_WORDS`].
    pub link_words: String,
    /// The channel's name.
    pub channel: String,
}

/// A template that compiled, knows all its variables and rendered trial articles without an error.
#[derive(Clone)]
pub struct Template {
    source: String,
    environment: Environment<'static>,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.source).finish()
    }
}

impl Template {
    /// Compiles a template and tries it on articles with and without a summary, a source, a credit.
    ///
    /// The trial articles hold `<`, `&` and quotes, so that a value put in unescaped is found too. What only
    /// some other article brings to light (a branch on the title's length, say) is found by
    /// [`render`](Self::render), with the same places.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place in the template's source.
    pub fn compile(source: &str) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL_MAX));
        // Errors then name what was undefined, in release builds too.
        environment.set_debug(true);
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|e| TemplateError::from_engine(&e, source))?;
        let template = Self { source: source.to_owned(), environment };
        template.check_variables()?;
        for present in 0..16_u8 {
            let is = |bit: u8| present & bit != 0;
            template.render(&trial(is(1), is(2), is(4), is(8)))?;
        }
        let whole = template.render(&trial(true, true, true, true))?;
        if whole.is_blank() {
            return Err(TemplateError::at_line(1, TemplateProblem::Empty));
        }
        if whole.pieces() > ENTITIES_MAX {
            return Err(TemplateError::at_line(1, TemplateProblem::TooManyPieces(whole.pieces())));
        }
        Ok(template)
    }

    /// Renders an article: whatever its fields hold comes out as plain text where the template puts it.
    ///
    /// The result is [normalized](RichText::normalized), without spaces at the ends of lines and with no more
    /// than one blank line in a row, so that an empty variable leaves no hole.
    ///
    /// # Errors
    /// When this article's values make bad markup: most often a link that Telegram would drop.
    pub fn render(&self, fields: &Fields) -> Result<RichText, TemplateError> {
        let rendered = self.environment.get_template(NAME).and_then(|t| t.render_with_spans(values(fields)));
        let (html, spans) = rendered.map_err(|e| TemplateError::from_engine(&e, &self.source))?;
        match markup::parse(&html) {
            Ok(rich) => Ok(rich.tidied()),
            Err(error) => Err(TemplateError::from_markup(error, &spans, &self.source)),
        }
    }

    /// Whether the template shows the marks that the law asks for, as far as trial articles can tell.
    #[must_use]
    pub fn shows_marks(&self) -> bool {
        let shows = |extras: Fields| {
            let shown = self.render(&extras).map(|rich| rich.text).unwrap_or_default();
            extras.marks.iter().all(|mark| shown.contains(mark.as_str()))
        };
        [false, true].into_iter().all(|others| shows(trial(others, others, others, true)))
    }

    /// The template as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    fn check_variables(&self) -> Result<(), TemplateError> {
        let template =
            self.environment.get_template(NAME).map_err(|e| TemplateError::from_engine(&e, &self.source))?;
        let unknown = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|name| VARIABLES.iter().all(|(known, _)| known != name))
            .map(|name| (names::first_use(&self.source, &name), name))
            .min();
        match unknown {
            None => Ok(()),
            Some((offset, name)) => {
                let cure = names::cure(&name);
                let place = Place::of(&self.source, offset);
                let problem = TemplateProblem::UnknownVariable { name, cure };
                Err(TemplateError {
                    column: Some(place.column),
                    ..TemplateError::at_line(place.line, problem)
                })
            }
        }
    }
}

fn values(fields: &Fields) -> Value {
    context! {
        title => fields.title.as_str(),
        summary => fields.summary.as_str(),
        link => fields.link.as_str(),
        source => fields.source.as_deref().unwrap_or(""),
        credit => fields.credit.as_deref().unwrap_or(""),
        channel => fields.channel.as_str(),
        rubric => fields.rubric.as_deref().unwrap_or(""),
        marks => fields.marks.join("\n"),
        hashtags => fields.hashtags.join(" "),
        footer => Value::from_safe_string(fields.footer.clone()),
        link_words => match fields.link_words.as_str() {
            "" => DEFAULT_LINK_WORDS,
            words => words,
        },
    }
}

/// An article that no newsroom wrote, full of what must be escaped.
fn trial(summary: bool, source: bool, credit: bool, extras: bool) -> Fields {
    let text = |what: &str| format!("{what}: 1 < 2 & \"3\" > '0'");
    Fields {
        title: text("title"),
        summary: if summary { text("summary") } else { String::new() },
        link: "https://example.com/a?b=1&c='2'".to_owned(),
        source: source.then(|| text("source")),
        credit: credit.then(|| text("credit")),
        channel: text("channel"),
        rubric: extras.then(|| text("rubric")),
        marks: if extras { vec!["18+".to_owned(), text("mark")] } else { Vec::new() },
        hashtags: if extras { vec!["#новости".to_owned()] } else { Vec::new() },
        footer: if extras { "<i>footer</i> &amp; more".to_owned() } else { String::new() },
        link_words: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article() -> Fields {
        Fields {
            title: "Рубль & тенге: <b>что дальше</b>?".into(),
            summary: "Курс «вырос» на \"5\" тенге.".into(),
            link: "https://cronos.asia/x?a=1&b=2".into(),
            source: None,
            credit: Some("Айгуль Ахметова".into()),
            channel: "Новости".into(),
            ..Fields::default()
        }
    }

    fn error(source: &str) -> String {
        Template::compile(source).expect_err(source).to_string()
    }

    #[test]
    fn the_default_template_makes_title_summary_and_link() {
        let template = Template::compile(DEFAULT_TEMPLATE).unwrap();
        let rich = template.render(&article()).unwrap();
        insta::assert_snapshot!(rich.text, @r#"
            Рубль & тенге: <b>что дальше</b>?

            Курс «вырос» на "5" тенге.

            Читать на сайте
        "#);
        insta::assert_snapshot!(serde_json::to_string(&rich.entities).unwrap(), @r#"[{"offset":0,"length":33,"type":"bold"},{"offset":63,"length":15,"type":"text_link","url":"https://cronos.asia/x?a=1&b=2"}]"#);
        let without_summary = template.render(&Fields { summary: String::new(), ..article() }).unwrap();
        insta::assert_snapshot!(without_summary.text, @"
            Рубль & тенге: <b>что дальше</b>?

            Читать на сайте
        ");
    }

    #[test]
    fn what_the_channel_adds_stands_around_the_article() {
        let fields = Fields {
            marks: vec!["18+".into(), "Реклама. ООО «Мост»".into()],
            hashtags: vec!["#новости".into(), "#тараз".into()],
            footer: "<a href=\"https://t.me/x\">Подписаться</a> &amp; читать".into(),
            link_words: "Подробнее".into(),
            ..article()
        };
        let rich = Template::compile(DEFAULT_TEMPLATE).unwrap().render(&fields).unwrap();
        insta::assert_snapshot!(markup::to_html(&rich), @r#"
            18+
            Реклама. ООО «Мост»

            <b>Рубль &amp; тенге: &lt;b&gt;что дальше&lt;/b&gt;?</b>

            Курс «вырос» на &quot;5&quot; тенге.

            <a href="https://cronos.asia/x?a=1&amp;b=2">Подробнее</a>

            #новости #тараз

            <a href="https://t.me/x">Подписаться</a> &amp; читать
        "#);
    }

    #[test]
    fn a_template_that_hides_the_marks_is_known() {
        assert!(Template::compile(DEFAULT_TEMPLATE).unwrap().shows_marks());
        for hidden in
            ["{{ title }}", "{{ title }}{% if credit %}{{ marks }}{% endif %}", "{{ title }}{{ marks[:3] }}"]
        {
            assert!(!Template::compile(hidden).unwrap().shows_marks(), "{hidden}");
        }
    }

    #[test]
    fn what_telegram_would_drop_without_a_word_is_refused() {
        insta::assert_snapshot!(error("<blockquote>{{ title }}<blockquote>b</blockquote></blockquote>"), @"template line 1, column 24: <blockquote> can't stand within <blockquote>: Telegram would drop one of them without a word");
        insta::assert_snapshot!(error("<code>{{ title }}<b>b</b></code>"), @"template line 1, column 18: <b> can't stand within <code>: Telegram would drop one of them without a word");
        insta::assert_snapshot!(error("<a href=\"https://a.kz\">{{ title }}<a href=\"https://b.kz\">b</a></a>"), @"template line 1, column 35: <a> can't stand within <a>: Telegram would drop one of them without a word");
        insta::assert_snapshot!(error(&("{{ title }}".to_owned() + &"<b>b</b> ".repeat(101))), @"template line 1: it sets 101 bold pieces, links and the like, and Telegram keeps 100: use fewer");
    }

    #[test]
    fn absent_fields_are_empty_and_leave_no_hole() {
        let template = Template::compile(
            "{{ title }}\n\n{{ source }} \n\n{% if credit %}Фото: {{ credit }}{% endif %}\n\n\n{{ channel }}\n\n",
        )
        .unwrap();
        let rich = template.render(&Fields { title: "Дождь".into(), ..article() }).unwrap();
        assert_eq!(rich.text, "Дождь\n\nФото: Айгуль Ахметова\n\nНовости");
        let rich = template.render(&Fields { title: "Дождь".into(), credit: None, ..article() }).unwrap();
        assert_eq!(rich.text, "Дождь\n\nНовости");
    }

    #[test]
    fn every_documented_variable_has_a_value_and_no_other() {
        let given = values(&article());
        let mut names: Vec<String> = given.try_iter().unwrap().map(|key| key.to_string()).collect();
        let mut documented: Vec<&str> = VARIABLES.iter().map(|(name, _)| *name).collect();
        names.sort();
        documented.sort_unstable();
        assert_eq!(names, documented);
    }

    #[test]
    fn an_unknown_variable_is_named_with_its_place_and_a_cure() {
        insta::assert_snapshot!(error("<b>title titel</b>\n\n{{ titel }}"), @"template line 3, column 4: there is no variable `titel`: did you mean `title`?");
        insta::assert_snapshot!(error("{{ title }}{% if author %}{{ author }}{% endif %}"), @"template line 1, column 18: there is no variable `author`: there are title, summary, link, source, credit, channel, rubric, marks, hashtags, footer, link_words");
        insta::assert_snapshot!(error("{{ title }}\n{{ range(3) }}"), @"template line 2, column 4: there is no variable `range`: there are title, summary, link, source, credit, channel, rubric, marks, hashtags, footer, link_words");
    }

    #[test]
    fn what_the_engine_refuses_is_said_with_its_line() {
        insta::assert_snapshot!(error("{{ title }}\n{% if summary %}\n{{ summary }}"), @"template line 3: syntax error: unexpected end of input, expected end of block");
        insta::assert_snapshot!(error("{{ title }}\n{{ summary"), @"template line 2: syntax error: unexpected end of input, expected end of variable block");
        insta::assert_snapshot!(error("{{ title }}\n\n{{ summary|shorten }}"), @"template line 3: unknown filter: filter shorten is unknown");
        insta::assert_snapshot!(error("{{ title }}\n{{ link.host }}"), @"template line 2: undefined value: `link.host` is undefined");
        insta::assert_snapshot!(error("{% for a in title %}{% for b in title %}{% for c in title %}{% for d in title %}{{ a }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}"), @"template line 1: it does too much work: is there a loop in a loop?");
    }

    #[test]
    fn a_template_that_asks_for_too_much_is_refused_not_obeyed() {
        for source in [
            "{{ \"x\" * 1000000000 }}".to_owned(),
            format!("{{{{ {}title{} }}}}", "(".repeat(5000), ")".repeat(5000)),
            format!("{}{{{{ title }}}}{}", "{% if title %}".repeat(5000), "{% endif %}".repeat(5000)),
            "<b>".repeat(100_000),
            "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}".to_owned(),
        ] {
            assert!(Template::compile(&source).is_err(), "{:.60}", source);
        }
    }

    #[test]
    fn bad_markup_is_found_at_start_in_its_place_in_the_template() {
        insta::assert_snapshot!(error("{{ title }}\n\n  <b>{{ summary }}\n\n{{ link }}"), @"template line 3, column 3: <b> is never closed: add </b>");
        insta::assert_snapshot!(error("{{ title }}\n<a href=\"https://site\">сайт</a>"), @"template line 2, column 10: the link `https://site` has no valid host: one with a dot is needed, like example.kz");
        insta::assert_snapshot!(error("{{ title }}\n<a href=\"{{ title }}\">сайт</a>"), @r#"template line 2, column 13: {{ title }}: the link `title: 1 < 2 & "3" > '0'` holds a space, a control character or a backslash: percent-encode it"#);
        insta::assert_snapshot!(error("{{ title }}\n\n{{ summary|safe }}"), @"template line 3, column 4: {{ summary|safe }}: a bare `<` begins no tag: write `&lt;` (an article's text goes in escaped: no `safe`, no `autoescape`)");
        insta::assert_snapshot!(error("{{ title }} & {{ summary }}"), @"template line 1, column 13: a bare `&` stands for nothing: write `&amp;`");
        insta::assert_snapshot!(error("{{ title }}{% if not credit %}\n<br>{% endif %}"), @"template line 2, column 1: Telegram does not know the tag <br>: there are b, i, u, s, a, code, pre, blockquote, tg-spoiler; a new line is just a new line");
        insta::assert_snapshot!(error(" \n{# nothing #}"), @"template line 1: the template shows nothing: put at least {{ title }} into it");
    }

    #[test]
    fn an_articles_bad_link_is_laid_to_the_variable() {
        let template = Template::compile(DEFAULT_TEMPLATE).unwrap();
        let error = template.render(&Fields { link: "cronos.asia".into(), ..article() }).unwrap_err();
        insta::assert_snapshot!(error, @"template line 7, column 13: {{ link }}: the link `cronos.asia` must begin with https://, http://, tg://, ton:// or tonsite://");
    }
}
