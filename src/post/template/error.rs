//! What is wrong with a template, and the way back from the rendered HTML to the template's line.

use std::fmt;

use minijinja::{ErrorKind, OutputSpan, OutputSpanKind};
use thiserror::Error;

use crate::post::markup::{MarkupError, MarkupErrorKind};
use crate::post::{ENTITIES_MAX, Place};

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
    /// It sets more pieces of formatting than Telegram keeps.
    #[error("it sets {0} bold pieces, links and the like, and Telegram keeps {ENTITIES_MAX}: use fewer")]
    TooManyPieces(usize),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message())
    }
}

impl TemplateError {
    /// What is wrong and what to do, without the place: for a caller who knows the line of the whole file.
    #[must_use]
    pub fn message(&self) -> String {
        match (&self.expression, &self.problem) {
            (None, problem) => problem.to_string(),
            // Escaped values hold no markup, only a link can be bad in itself.
            (Some(expression), TemplateProblem::Markup(MarkupErrorKind::BadLink(link))) => {
                format!("{expression}: {link}")
            }
            (Some(expression), problem) => {
                format!(
                    "{expression}: {problem} (an article's text goes in escaped: no `safe`, no `autoescape`)"
                )
            }
        }
    }

    pub(super) const fn at_line(line: usize, problem: TemplateProblem) -> Self {
        Self { line, column: None, expression: None, problem }
    }

    pub(super) fn from_engine(error: &minijinja::Error, source: &str) -> Self {
        let detail = error.detail().unwrap_or("");
        let message = match error.kind() {
            ErrorKind::OutOfFuel => "it does too much work: is there a loop in a loop?".to_owned(),
            kind if detail.is_empty() => kind.to_string(),
            kind => format!("{kind}: {detail}"),
        };
        // A template that ends too early is at fault where its last line is.
        let lines = source.lines().count().max(1);
        Self::at_line(error.line().unwrap_or(1).clamp(1, lines), TemplateProblem::Engine(message))
    }

    /// Leads a place in the rendered HTML back to where the template wrote it.
    pub(super) fn from_markup(error: MarkupError, spans: &[OutputSpan], source: &str) -> Self {
        let problem = TemplateProblem::Markup(error.kind);
        // At the very end of the HTML there is no span: the last one is at fault.
        let span = spans.iter().find(|span| span.output_range().contains(&error.offset)).or(spans.last());
        let Some(span) = span else {
            return Self::at_line(1, problem);
        };
        let range = span.source_range();
        let is_raw = span.kind() == OutputSpanKind::Raw;
        let within = if is_raw { error.offset.saturating_sub(span.output_range().start) } else { 0 };
        let place = Place::of(source, range.start + within);
        let expression = source.get(range).filter(|_| !is_raw).map(|code| format!("{{{{ {code} }}}}"));
        Self { line: place.line, column: Some(place.column), expression, problem }
    }
}
