//! What to do about a text that is no TOML: the library's words stay out of it where we know better.

use std::ops::Range;

/// What is wrong at a place, and the cure.
pub(super) fn cure(said: &str, text: &str, span: &Range<usize>) -> String {
    let there = text.get(span.clone()).unwrap_or_default();
    let is_heading = text.get(..span.start).is_some_and(|before| {
        before
            .lines()
            .next_back()
            .is_some_and(|line| line.trim_start().starts_with('[') && !before.ends_with('\n'))
    });
    let has = |words: &str| said.contains(words);
    let cure = if has("must be quoted") {
        match there.chars().next() {
            None => "there is no value: write one behind the `=`, or put a # before the line",
            Some('“' | '”' | '„' | '«' | '‘' | '’') => {
                "these are a book's quotes: use straight ones, like name = \"…\""
            }
            Some('[') | Some('{') => {
                "a list or table is not written so: see how the bot.toml that comes with vestnik does it"
            }
            Some(_) if there.eq_ignore_ascii_case("yes") || there.eq_ignore_ascii_case("on") => "write true",
            Some(_) if there.eq_ignore_ascii_case("no") || there.eq_ignore_ascii_case("off") => "write false",
            Some(_) => {
                "a text stands in straight quotes, like name = \"…\"; values of a list have commas between them"
            }
        }
    } else if has("duplicate key") && is_heading {
        "this section stands in the file twice: put its keys together under one heading"
    } else if has("duplicate key") {
        "this key stands here twice: keep one of the two lines"
    } else if has("multi-line") {
        "the text of several lines never ends: close it with the same three quotes that began it"
    } else if has("invalid basic string") || has("invalid literal string") {
        "the text never ends, or holds a sign that can't be seen: close it with the same quote that began it; a text of several lines stands between three quotes"
    } else if has("escape") {
        "in \"…\" a backslash begins an escape: write \\\\ for a backslash, or put the text between '…'"
    } else if has("key with no value") || has("invalid unquoted key") || has("cannot be empty") {
        "this is no line of the form key = value: keys are Latin letters, and what is only said begins with #"
    } else if has("unclosed table") || has("unclosed array table") {
        "the heading is not closed: write it like [desk] or [[channels]]"
    } else if has("unclosed array") {
        "the list is not closed: a ] is missing"
    } else if has("unclosed inline table") {
        "the table is not closed: a } is missing"
    } else if has("missing comma") {
        "a comma is missing between two values"
    } else if has("unexpected key or value") {
        "there is more on this line than one key and its value: put the rest on a line of its own"
    } else if has("leading zero") {
        "a number does not begin with 0"
    } else if has("invalid boolean") {
        "write true or false, or put the text into quotes"
    } else {
        return format!("{said}; the bot.toml that comes with vestnik shows how every key is written");
    };
    cure.to_owned()
}
