//! The file as tables of values, each with its place: what is unknown or of the wrong kind is told and left out, and
//! reading goes on.

use std::ops::Range;

use serde_json::json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, Key, Section};
use super::syntax;
use super::{Problem, Severity};
use crate::near::nearest;

/// A value with its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// Reads a file and collects all that is wrong with it.
pub(super) struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    /// Whether all of the text is TOML: else what seems to be missing may stand where it could not be read.
    is_whole: bool,
    /// Whether files that are named may be looked at.
    pub(super) looks_at_disk: bool,
    problems: Vec<Problem>,
}

/// A section.
#[derive(Debug, Clone)]
pub(super) struct Table<'t> {
    pub(super) section: Section,
    /// Where it begins.
    pub(super) span: Range<usize>,
    pub(super) entries: &'t DeTable<'t>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, file: &'a str) -> Self {
        Self { text, file, is_whole: true, looks_at_disk: false, problems: Vec::new() }
    }

    /// The text as TOML, as far as it is that.
    pub(super) fn document(&mut self) -> Spanned<DeTable<'a>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        self.is_whole = errors.is_empty();
        for error in errors {
            let span = error.span().unwrap_or_default();
            let line = self.line(span.start);
            self.push(
                Severity::Error,
                line,
                self.key_on(line),
                syntax::cure(error.message(), self.text, &span),
            );
        }
        document
    }

    /// All that is wrong, in the order of the file.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort_by_key(|problem| problem.line);
        problems
    }

    /// The whole file as a table.
    pub(super) fn top<'t>(&mut self, document: &'t Spanned<DeTable<'t>>) -> Table<'t> {
        let top = Table { section: Section::Top, span: 0..0, entries: document.get_ref() };
        let known: Vec<&str> = Section::with_headings().map(Section::name).collect();
        for (name, _) in top.entries {
            let key = name.get_ref().as_ref();
            if !known.contains(&key) && !Section::Top.names().iter().any(|known| known == key) {
                let meant = nearest(key, known.iter().copied())
                    .and_then(|meant| Section::with_headings().find(|section| section.name() == meant))
                    .and_then(Section::heading);
                match meant {
                    Some(heading)
                        if !matches!(
                            top.entries.get(key).map(Spanned::get_ref),
                            Some(DeValue::String(_))
                        ) =>
                    {
                        self.error(
                            name.span(),
                            key,
                            format!("there is no such section: did you mean {heading}?"),
                        );
                    }
                    _ => self.unknown(&top, name.span(), key),
                }
            }
        }
        top
    }

    /// A section that stands in the file once.
    pub(super) fn section<'t>(&mut self, top: &Table<'t>, section: Section) -> Option<Table<'t>> {
        let value = top.entries.get(section.name())?;
        match value.get_ref() {
            DeValue::Table(_) => self.table(section, value),
            DeValue::Array(array) if array.iter().all(|item| item.get_ref().is_table()) => {
                let what = format!("this section stands in the file once: write [{}]", section.name());
                self.error(value.span(), section.name(), what);
                None
            }
            _ => self.table(section, value),
        }
    }

    /// A section that stands in the file once for each of its kind.
    pub(super) fn sections<'t>(&mut self, top: &Table<'t>, section: Section) -> Vec<Table<'t>> {
        let Some(value) = top.entries.get(section.name()) else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::Array(array) => array.iter().filter_map(|item| self.table(section, item)).collect(),
            DeValue::Table(_) => {
                let what = format!("the heading has two brackets on each side: write [[{}]]", section.name());
                self.error(value.span(), section.name(), what);
                // What is wrong in it is told at once.
                self.table(section, value).into_iter().collect()
            }
            _ => self.table(section, value).into_iter().collect(),
        }
    }

    /// A table of a section, without keys that nobody knows.
    pub(super) fn table<'t>(&mut self, section: Section, value: &'t Value<'t>) -> Option<Table<'t>> {
        let DeValue::Table(entries) = value.get_ref() else {
            let what = match section.heading() {
                Some(heading) => {
                    format!("this is a section: write the heading {heading} and its keys below it")
                }
                None => "an editor is a number, or { id = 123456789, name = \"Анна\" }".to_owned(),
            };
            let key = if section == Section::Editor { "desk.editors" } else { section.name() };
            self.error(value.span(), key, what);
            return None;
        };
        let table = Table { section, span: value.span(), entries };
        let known = section.names();
        for (name, _) in entries {
            let is_token = section == Section::Telegram && name.get_ref() == "token";
            if !is_token && !known.iter().any(|known| known == name.get_ref()) {
                self.unknown(&table, name.span(), name.get_ref());
            }
        }
        Some(table)
    }

    fn unknown(&mut self, table: &Table<'_>, span: Range<usize>, name: &str) {
        let section = table.section;
        let known = section.names();
        let elsewhere = || {
            let mut others =
                Section::ALL.into_iter().filter(|other| *other != section && *other != Section::Editor);
            let other = others.find(|other| other.names().iter().any(|known| known == name))?;
            let place = other
                .heading()
                .map_or("above the first section".to_owned(), |heading| format!("under {heading}"));
            Some(format!("this key does not stand here, but {place}"))
        };
        let what = elsewhere().unwrap_or_else(|| match nearest(name, known.iter().map(String::as_str)) {
            Some(meant) => format!("there is no such key: did you mean `{meant}`?"),
            None => {
                let mut known = known.clone();
                if section == Section::Top {
                    known.extend(Section::with_headings().filter_map(Section::heading));
                }
                format!("there is no such key; here may stand {}", known.join(", "))
            }
        });
        self.error(span, &section.path(name), what);
    }

    pub(super) fn get<'t>(&self, table: &Table<'t>, key: &Key) -> Option<&'t Value<'t>> {
        debug_assert_eq!(table.section, key.section);
        table.entries.get(key.name)
    }

    pub(super) fn text_of<'t>(&mut self, table: &Table<'t>, key: &Key) -> Option<Spanned<&'t str>> {
        let value = self.get(table, key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.as_ref())),
            _ => self.wrong_kind(key, value),
        }
    }

    /// A text that must hold something.
    pub(super) fn words_of<'t>(&mut self, table: &Table<'t>, key: &Key) -> Option<Spanned<&'t str>> {
        let text = self.text_of(table, key)?;
        if text.get_ref().trim().is_empty() {
            let what = format!("it is empty: write {} = {}, or leave the key out", key.name, key.example);
            self.error(text.span(), &key.path(), what);
            return None;
        }
        Some(text)
    }

    pub(super) fn texts_of<'t>(&mut self, table: &Table<'t>, key: &Key) -> Vec<Spanned<&'t str>> {
        let Some(value) = self.get(table, key) else {
            return Vec::new();
        };
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_kind::<()>(key, value);
            return Vec::new();
        };
        let item = |item: &'t Value<'t>| match item.get_ref() {
            DeValue::String(text) => Some(Spanned::new(item.span(), text.as_ref())),
            _ => self.wrong_kind(key, item),
        };
        array.iter().filter_map(item).collect()
    }

    pub(super) fn integer_of(&mut self, table: &Table<'_>, key: &Key) -> Option<Spanned<i64>> {
        let value = self.get(table, key)?;
        self.integer(key, value)
    }

    pub(super) fn integer(&mut self, key: &Key, value: &Value<'_>) -> Option<Spanned<i64>> {
        let DeValue::Integer(digits) = value.get_ref() else {
            return self.wrong_kind(key, value);
        };
        match i64::from_str_radix(digits.as_str(), digits.radix()) {
            Ok(number) => Some(Spanned::new(value.span(), number)),
            Err(_) => {
                let what = format!("this number is too large; write one like {}", key.example);
                self.error(value.span(), &key.path(), what);
                None
            }
        }
    }

    pub(super) fn flag_of(&mut self, table: &Table<'_>, key: &Key) -> Option<bool> {
        let value = self.get(table, key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong_kind(key, value),
        }
    }

    pub(super) fn wrong_kind<T>(&mut self, key: &Key, value: &Value<'_>) -> Option<T> {
        let found = kind(value.get_ref());
        let what =
            format!("this is {}, like {} = {}; here stands {found}", key.kind.words(), key.name, key.example);
        self.error(value.span(), &key.path(), what);
        None
    }

    /// The fields of `[article]`, whatever they are: each is tried alone, so that each is told.
    pub(super) fn fields<T: serde::de::DeserializeOwned + Default>(&mut self, table: &Table<'_>) -> T {
        let defaults = keys::cleaning();
        let mut good = serde_json::Map::new();
        for (name, value) in table.entries {
            let Some(default) = defaults.get(name.get_ref().as_ref()) else { continue };
            let field = (name.get_ref().to_string(), json_of(value.get_ref()));
            match serde_json::from_value::<T>(json!({ field.0.clone(): field.1 })) {
                Ok(_) => good.extend([field]),
                Err(error) => {
                    let what = match default {
                        serde_json::Value::Array(_) => {
                            let found = kind(value.get_ref());
                            format!("this is a list of texts, like {name} = [\"…\"]; here stands {found}")
                        }
                        _ => error.to_string(),
                    };
                    self.error(value.span(), &table.section.path(name.get_ref()), what);
                }
            }
        }
        serde_json::from_value(serde_json::Value::Object(good)).unwrap_or_default()
    }

    /// Tells of something that can't be.
    pub(super) fn error(&mut self, span: Range<usize>, key: &str, what: impl Into<String>) {
        let line = self.line(span.start);
        self.push(Severity::Error, line, key.to_owned(), what.into());
    }

    /// Tells of something that is hardly meant.
    pub(super) fn warning(&mut self, span: Range<usize>, key: &str, what: impl Into<String>) {
        let line = self.line(span.start);
        self.push(Severity::Warning, line, key.to_owned(), what.into());
    }

    /// Tells of something that must be and is not.
    pub(super) fn missing(&mut self, span: Range<usize>, key: &str, what: impl Into<String>) {
        if self.is_whole {
            self.error(span, key, what);
        }
    }

    /// Tells of something that can't be in a text of the file: `line` is counted from the text's first.
    pub(super) fn error_within(&mut self, span: &Range<usize>, line: usize, key: &str, what: String) {
        // The text of a multi-line string begins behind its quotes, or on the next line. In a string of one line, line
        // breaks are written as `\n`.
        let opening = self.text.get(span.start..).unwrap_or_default();
        let quotes = opening.starts_with("'''") || opening.starts_with("\"\"\"");
        let after = opening.get(3..).unwrap_or_default();
        let below = quotes && (after.starts_with('\n') || after.starts_with("\r\n"));
        let within = if quotes { usize::from(below) + line.saturating_sub(1) } else { 0 };
        let line = self.line(span.start) + within;
        self.push(Severity::Error, line.min(self.line(span.end)), key.to_owned(), what);
    }

    fn push(&mut self, severity: Severity, line: usize, key: String, what: String) {
        // A slip often makes several errors of its line, and what was guessed of it says nothing more.
        if !self.is_whole && self.problems.iter().any(|problem| problem.line == line) {
            return;
        }
        self.problems.push(Problem { severity, file: self.file.to_owned(), line, key, what });
    }

    /// The line of a byte, from 1; the end of the file belongs to its last line.
    fn line(&self, byte: usize) -> usize {
        let breaks = |text: &str| text.bytes().filter(|&byte| byte == b'\n').count();
        let before = self.text.get(..byte).unwrap_or(self.text);
        (breaks(before) + 1).min(self.text.lines().count().max(1))
    }

    /// What stands before the `=` of a line.
    fn key_on(&self, line: usize) -> String {
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        let key = text.split_once('=').map_or("", |(key, _)| key.trim());
        let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        // What is no key may be anything, a secret included: it is not repeated.
        if key.is_empty() || !key.chars().all(is_key) { "this line".to_owned() } else { key.to_owned() }
    }
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn json_of(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Integer(digits) => json!(i64::from_str_radix(digits.as_str(), digits.radix()).ok()),
        DeValue::Float(digits) => json!(digits.as_str().parse::<f64>().ok()),
        DeValue::Boolean(flag) => json!(flag),
        DeValue::Datetime(time) => json!(time.to_string()),
        DeValue::Array(array) => array.iter().map(|item| json_of(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let fields =
                table.iter().map(|(name, value)| (name.get_ref().to_string(), json_of(value.get_ref())));
            serde_json::Value::Object(fields.collect())
        }
    }
}
