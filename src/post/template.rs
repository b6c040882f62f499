//! A channel's template: checked when the bot starts, rendered into rich text for every article.

use std::fmt;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, OutputSpan, OutputSpanKind, UndefinedBehavior, context};
use thiserror::Error;

use super::markup::{self, MarkupError, MarkupErrorKind};
use super::{Place, RichText};

/// The variables of a template, each with its meaning, for the documentation and for error messages.
pub const VARIABLES: &[(&str, &str)] = &[
    ("title", "the article's title"),
    (
        "summary",
        "as many whole sentences of the article as fit; may be empty",
    ),
    ("link", "the article's address on the site"),
    ("source", "who is quoted (a site, an agency); empty if unknown"),
    ("credit", "whose photo it is; empty if unknown"),
    ("channel", "the channel's name as in the configuration"),
];

/// The template of a channel that has none of its own.
pub const DEFAULT_TEMPLATE: &str = "\
<b>{{ title }}</b>

{{ summary }}

<a href=\"{{ link }}\">Читать на сайте</a>
";

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
    /// The channel's name.
    pub channel: String,
}

/// A template that compiled, knows all its variables and rendered trial articles without an error.
#[derive(Clone)]
pub struct Template {
    source: String,
    environment: Environment<'static>,
}

/// Why a template is no good, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct TemplateError {
    /// The line within the template, from 1.
    pub line: usize,
    /// The character within that line, from 1, where known.
    pub column: Option<usize>,
    /// The expression whose value is at fault, where it is one (`{{ link }}`).
    pub expression: Option<String>,
    /// What is wrong.
    #[source]
    pub problem: TemplateProblem,
}

/// What can be wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateProblem {
    /// The template engine can't read or run it.
    #[error("{0}")]
    Engine(String),
    /// It names something that there isn't.
    #[error("there is no variable `{name}`: {cure}")]
    UnknownVariable {
        /// The name that it uses.
        name: String,
        /// What there is instead.
        cure: String,
    },
    /// Its HTML is not what Telegram takes.
    #[error("{0}")]
    Markup(MarkupErrorKind),
    /// It renders nothing at all.
    #[error("the template shows nothing: put at least {{{{ title }}}} into it")]
    Empty,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        if let Some(expression) = &self.expression {
            write!(f, ", in {expression}")?;
        }
        write!(f, ": {}", self.problem)?;
        match &self.problem {
            // Escaped values hold no markup, only a link can be bad in itself.
            TemplateProblem::Markup(kind)
                if self.expression.is_some() && !matches!(kind, MarkupErrorKind::BadLink(_)) =>
            {
                write!(
                    f,
                    " (the value went in unescaped: leave out `safe` and `autoescape`)"
                )
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.source).finish()
    }
}

impl Template {
    /// Compiles a template and tries it on articles with and without a summary, a source, a credit.
    ///
    /// The trial articles hold `<`, `&` and quotes, so that a value put in unescaped is found too. What only some other article
    /// brings to light (a branch on the title's length, say) is found by [`render`](Self::render), with the same places.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place in the template's source.
    pub fn compile(source: &str) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL_MAX));
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|e| TemplateError::from_engine(&e, source))?;
        let template = Self {
            source: source.to_owned(),
            environment,
        };
        template.check_variables()?;
        for present in 0..8_u8 {
            template.render(&trial(present & 1 != 0, present & 2 != 0, present & 4 != 0))?;
        }
        if template.render(&trial(true, true, true))?.is_blank() {
            return Err(TemplateError::at_line(1, TemplateProblem::Empty));
        }
        Ok(template)
    }

    /// Renders an article: whatever its fields hold comes out as plain text where the template puts it.
    ///
    /// The result is [normalized](RichText::normalized), without spaces at the ends of lines and with no more than one blank line
    /// in a row, so that an empty variable leaves no hole.
    ///
    /// # Errors
    /// When this article's values make bad markup: most often a link that Telegram would drop.
    pub fn render(&self, fields: &Fields) -> Result<RichText, TemplateError> {
        let rendered = self
            .environment
            .get_template(NAME)
            .and_then(|t| t.render_with_spans(values(fields)));
        let (html, spans) = rendered.map_err(|e| TemplateError::from_engine(&e, &self.source))?;
        match markup::parse(&html) {
            Ok(rich) => Ok(rich.tidied()),
            Err(error) => Err(TemplateError::from_markup(error, &spans, &self.source)),
        }
    }

    /// The template as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    fn check_variables(&self) -> Result<(), TemplateError> {
        let template = self
            .environment
            .get_template(NAME)
            .map_err(|e| TemplateError::from_engine(&e, &self.source))?;
        let unknown = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|name| VARIABLES.iter().all(|(known, _)| known != name))
            .map(|name| (first_use(&self.source, &name), name))
            .min();
        match unknown {
            None => Ok(()),
            Some((offset, name)) => {
                let cure = cure(&name);
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

impl TemplateError {
    const fn at_line(line: usize, problem: TemplateProblem) -> Self {
        Self {
            line,
            column: None,
            expression: None,
            problem,
        }
    }

    fn from_engine(error: &minijinja::Error, source: &str) -> Self {
        let detail = error.detail().unwrap_or("");
        let message = match error.kind() {
            ErrorKind::OutOfFuel => "it does too much work: is there a loop in a loop?".to_owned(),
            kind if detail.is_empty() => kind.to_string(),
            kind => format!("{kind}: {detail}"),
        };
        // A template that ends too early is at fault where its last line is.
        let lines = source.lines().count().max(1);
        Self::at_line(
            error.line().unwrap_or(1).clamp(1, lines),
            TemplateProblem::Engine(message),
        )
    }

    /// Leads a place in the rendered HTML back to where the template wrote it.
    fn from_markup(error: MarkupError, spans: &[OutputSpan], source: &str) -> Self {
        let problem = TemplateProblem::Markup(error.kind);
        // At the very end of the HTML there is no span: the last one is at fault.
        let span = spans
            .iter()
            .find(|span| span.output_range().contains(&error.offset))
            .or(spans.last());
        let Some(span) = span else {
            return Self::at_line(1, problem);
        };
        let range = span.source_range();
        let is_raw = span.kind() == OutputSpanKind::Raw;
        let within = if is_raw {
            error.offset.saturating_sub(span.output_range().start)
        } else {
            0
        };
        let place = Place::of(source, range.start + within);
        let expression = source
            .get(range)
            .filter(|_| !is_raw)
            .map(|code| format!("{{{{ {code} }}}}"));
        Self {
            line: place.line,
            column: Some(place.column),
            expression,
            problem,
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
    }
}

/// An article that no newsroom wrote, full of what must be escaped.
fn trial(summary: bool, source: bool, credit: bool) -> Fields {
    let text = |what: &str| format!("{what}: 1 < 2 & \"3\" > '0'");
    Fields {
        title: text("title"),
        summary: if summary { text("summary") } else { String::new() },
        link: "https://example.com/a?b=1&c='2'".to_owned(),
        source: source.then(|| text("source")),
        credit: credit.then(|| text("credit")),
        channel: text("channel"),
    }
}

/// The byte at which a variable is first used: the name as a whole word between `{{`/`{%` and their end, not as an attribute.
/// Names within string literals are taken too; that moves the place, no more.
fn first_use(source: &str, name: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    source
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|&at| {
            let (before, after) = (&source[..at], &source[at + name.len()..]);
            let opened = before.rfind("{{").max(before.rfind("{%"));
            let closed = before.rfind("}}").max(before.rfind("%}"));
            opened > closed && !before.ends_with(|c| is_word(c) || c == '.') && !after.starts_with(is_word)
        })
        .unwrap_or(0)
}

fn cure(name: &str) -> String {
    let lower = name.to_lowercase();
    let near = VARIABLES
        .iter()
        .map(|(known, _)| (distance(&lower, known), known))
        .min();
    match near {
        Some((changes, known)) if changes <= 2 => format!("did you mean `{known}`?"),
        _ => {
            let known: Vec<&str> = VARIABLES.iter().map(|(known, _)| *known).collect();
            format!("there are {}", known.join(", "))
        }
    }
}

/// How many letters must be put in, taken out or replaced to make one word of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
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
        let without_summary = template
            .render(&Fields {
                summary: String::new(),
                ..article()
            })
            .unwrap();
        insta::assert_snapshot!(without_summary.text, @"
            Рубль & тенге: <b>что дальше</b>?

            Читать на сайте
        ");
    }

    #[test]
    fn absent_fields_are_empty_and_leave_no_hole() {
        let template = Template::compile(
            "{{ title }}\n\n{{ source }} \n\n{% if credit %}Фото: {{ credit }}{% endif %}\n\n\n{{ channel }}\n\n",
        )
        .unwrap();
        let rich = template
            .render(&Fields {
                title: "Дождь".into(),
                ..article()
            })
            .unwrap();
        assert_eq!(rich.text, "Дождь\n\nФото: Айгуль Ахметова\n\nНовости");
        let rich = template
            .render(&Fields {
                title: "Дождь".into(),
                credit: None,
                ..article()
            })
            .unwrap();
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
        insta::assert_snapshot!(error("{{ title }}{% if author %}{{ author }}{% endif %}"), @"template line 1, column 18: there is no variable `author`: there are title, summary, link, source, credit, channel");
        insta::assert_snapshot!(error("{{ title }}\n{{ range(3) }}"), @"template line 2, column 4: there is no variable `range`: there are title, summary, link, source, credit, channel");
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
    fn bad_markup_is_found_at_start_in_its_place_in_the_template() {
        insta::assert_snapshot!(error("{{ title }}\n\n  <b>{{ summary }}\n\n{{ link }}"), @"template line 3, column 3: <b> is never closed: add </b>");
        insta::assert_snapshot!(error("{{ title }}\n<a href=\"https://site\">сайт</a>"), @"template line 2, column 10: the link `https://site` has no valid host: one with a dot is needed, like example.kz");
        insta::assert_snapshot!(error("{{ title }}\n<a href=\"{{ title }}\">сайт</a>"), @r#"template line 2, column 13, in {{ title }}: the link `title: 1 < 2 & "3" > '0'` holds a space, a control character or a backslash: percent-encode it"#);
        insta::assert_snapshot!(error("{{ title }}\n\n{{ summary|safe }}"), @"template line 3, column 4, in {{ summary|safe }}: a bare `<` begins no tag: write `&lt;` (the value went in unescaped: leave out `safe` and `autoescape`)");
        insta::assert_snapshot!(error("{{ title }} & {{ summary }}"), @"template line 1, column 13: a bare `&` stands for nothing: write `&amp;`");
        insta::assert_snapshot!(error("{{ title }}{% if not credit %}\n<br>{% endif %}"), @"template line 2, column 1: Telegram does not know the tag <br>: there are b, i, u, s, a, code, pre, blockquote, tg-spoiler; a new line is just a new line");
        insta::assert_snapshot!(error(" \n{# nothing #}"), @"template line 1: the template shows nothing: put at least {{ title }} into it");
    }

    #[test]
    fn an_articles_bad_link_is_laid_to_the_variable() {
        let template = Template::compile(DEFAULT_TEMPLATE).unwrap();
        let error = template
            .render(&Fields {
                link: "cronos.asia".into(),
                ..article()
            })
            .unwrap_err();
        insta::assert_snapshot!(error, @"template line 5, column 13, in {{ link }}: the link `cronos.asia` must begin with https://, http://, tg://, ton:// or tonsite://");
    }

    #[test]
    fn the_nearest_name_is_offered_within_two_letters() {
        for (name, cured) in [
            ("Titel", "did you mean `title`?"),
            ("lnk", "did you mean `link`?"),
        ] {
            assert_eq!(cure(name), cured);
        }
        assert!(cure("заголовок").starts_with("there are title, summary"));
    }
}
