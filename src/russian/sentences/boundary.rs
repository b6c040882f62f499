//! Whether a mark ends its sentence.

use super::{
    abbreviation::{self, Next},
    scan::MARKS,
};

/// How far ahead a closing bracket or quote is looked for, in bytes: past this it counts as never closed.
const LOOK_AHEAD: usize = 400;
/// A quote of at most so many bytes that stands inside a sentence is taken for a name.
const NAME_BYTES: usize = 120;

/// A mark (or several in a row) with what stands about it.
pub(super) struct Mark<'a> {
    /// The sentence up to the mark.
    pub(super) before: &'a str,
    /// The marks: `.`, `?!`, `...`.
    pub(super) marks: &'a str,
    /// Quotes and brackets that close right after the marks.
    pub(super) closers: &'a str,
    /// The line from there on.
    pub(super) after: &'a str,
    /// An open bracket encloses the place after the closers.
    pub(super) in_brackets: bool,
    /// The open quote in which the marks stand, if it was opened within this sentence.
    pub(super) quote: Option<Quote<'a>>,
}

/// A quote that is open at a mark.
pub(super) struct Quote<'a> {
    /// The sentence before the quote.
    pub(super) lead: &'a str,
    /// The quote's length up to the mark, in bytes.
    pub(super) len: usize,
    /// The line from the mark on.
    pub(super) rest: &'a str,
}

impl Mark<'_> {
    fn closes_quote(&self) -> bool {
        self.closers.contains(['»', '”', '“', '"', '\''])
    }

    /// A single full stop: the only mark that may belong to an abbreviation.
    fn is_stop(&self) -> bool {
        matches!(self.marks, "." | "..")
    }
}

/// Whether the sentence ends here.
pub(super) fn ends_sentence(mark: &Mark<'_>) -> bool {
    let spaced = mark.after.starts_with(char::is_whitespace);
    let after = mark.after.trim_start();
    if after.is_empty() {
        return true;
    }
    if !opens_sentence(mark, after, spaced) || is_within_brackets(mark) {
        return false;
    }
    if mark.before.ends_with('(') {
        return false; // «три (!) медали»
    }
    if mark.before.ends_with(['«', '„', '“']) && mark.closers.is_empty() {
        return false; // «…Мы победим»
    }
    let next = Next::of(after);
    if is_name_in_quotes(mark) && !(mark.closes_quote() && next.is_starter()) {
        return false;
    }
    let is_abbreviated = mark.is_stop() && mark.closers.is_empty();
    !(is_abbreviated && abbreviation::binds(mark.before, &next))
}

/// Whether what follows can be a sentence's beginning. `after` is without its white space; `spaced` says it had some.
fn opens_sentence(mark: &Mark<'_>, after: &str, spaced: bool) -> bool {
    let Some(first) = after.chars().next() else {
        return true;
    };
    if is_dash(first) {
        // «Пора!» — сказал он; but: Пора. — Куда?
        let line = after.trim_start_matches(is_dash);
        let free = line.starts_with(char::is_whitespace) || first != '-';
        return free && !mark.closes_quote() && is_upper_start(line.trim_start());
    }
    if spaced { is_start(after) } else { is_run_together(mark, after) }
}

/// Whether a new sentence may begin with `after`, which follows white space.
fn is_start(after: &str) -> bool {
    let core = after.trim_start_matches(is_opener);
    let mut chars = core.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else {
        return true;
    };
    if first.is_lowercase() {
        // «eGov», «iPhone»; «а) вода», «б) свет».
        let is_brand = first.is_ascii() && second.is_some_and(|c| c.is_ascii_uppercase());
        return is_brand || second == Some(')');
    }
    !MARKS.contains(&first) && !matches!(first, ',' | ';' | ':' | ')' | ']' | '}' | '»' | '”' | '%' | '/')
}

/// Whether a new sentence begins right after a mark, with no white space between: «важно.Сейчас».
fn is_run_together(mark: &Mark<'_>, after: &str) -> bool {
    let core = after.trim_start_matches(is_opener);
    let (Some(next), Some(last)) = (core.chars().next(), mark.before.chars().next_back()) else {
        return false;
    };
    if !next.is_uppercase() {
        return false;
    }
    // `Cronos.Asia`, `U.S.A.`, `v2.Final`: within Latin writing a full stop joins.
    let is_latin = next.is_ascii() && last.is_ascii_alphanumeric();
    let is_opening_ellipsis = last.is_whitespace();
    !(is_opening_ellipsis || mark.is_stop() && (is_latin || abbreviation::is_site_name(mark.before, core)))
}

/// Whether `text` begins with a capital or a digit, an opening quote or bracket aside.
fn is_upper_start(text: &str) -> bool {
    text.trim_start_matches(is_opener).starts_with(|c: char| c.is_uppercase() || c.is_numeric())
}

/// Whether the place after the mark stands in brackets that are closed soon.
fn is_within_brackets(mark: &Mark<'_>) -> bool {
    mark.in_brackets
        && mark.after.char_indices().take_while(|&(at, _)| at < LOOK_AHEAD).any(|(_, c)| c == ')')
}

/// Whether the mark belongs to a name in quotes: «Что? Где? Когда?», газета «Вперёд!».
///
/// A quote that opens the sentence, or follows a colon, comma or dash, is speech. Of the others those are names that
/// are short, or after which the sentence goes on with a small letter.
fn is_name_in_quotes(mark: &Mark<'_>) -> bool {
    let Some(quote) = &mark.quote else { return false };
    let lead = quote.lead.trim_end();
    if lead.is_empty() || lead.ends_with(|c: char| matches!(c, ':' | ',') || is_dash(c) || MARKS.contains(&c))
    {
        return false;
    }
    let mut ahead = quote.rest.char_indices().take_while(|&(at, _)| at < LOOK_AHEAD);
    let Some((close, _)) = ahead.find(|&(_, c)| c == '»') else {
        return false;
    };
    let tail = quote.rest.get(close..).unwrap_or_default().trim_start_matches('»');
    if tail.starts_with(',') && tail.trim_start_matches([',', ' ', '\u{a0}']).starts_with(is_dash) {
        return false; // добавил «Ждите. Мы едем», — и вышел
    }
    quote.len + close <= NAME_BYTES || tail.trim_start().starts_with(char::is_lowercase)
}

pub(super) fn is_opener(c: char) -> bool {
    matches!(c, '«' | '„' | '“' | '"' | '(' | '[' | '\'' | '‘' | '`')
}

fn is_dash(c: char) -> bool {
    matches!(c, '—' | '–' | '―' | '-')
}
