//! The site's word about itself: «…, сообщает cronos.asia со ссылкой на сайт главы государства.»

use super::{Cleaning, text::strip_prefix};
use crate::russian::sentences;

/// How a site says that it says so.
const VERBS: &[&str] = &[
    "сообщает",
    "сообщают",
    "сообщил",
    "сообщила",
    "сообщило",
    "сообщили",
    "передает",
    "передают",
    "пишет",
    "информирует",
    "рассказывает",
    "отмечает",
];
/// What the site may call itself before its name.
const TITLES: &[&str] = &[
    "корреспондент",
    "корреспонденты",
    "издание",
    "портал",
    "сайт",
    "агентство",
    "информагентство",
    "иа",
    "редакция",
    "газета",
];
/// How it names whom it cites.
const CITING: &[&str] = &[" со ссылкой на ", " с ссылкой на ", ", ссылаясь на ", ", со ссылкой на "];
/// A source's name is shorter than this, in bytes: what is longer is the sentence going on.
const MAX_SOURCE_BYTES: usize = 300;

/// Cuts the site's word about itself off each sentence of a paragraph that ends with it. Gives what remains and the first source named.
///
/// Only a tail that the sentence can lose is cut: after a comma or dash, a verb, the site's name and perhaps «со ссылкой
/// на …», and then the sentence's end. The mark at the end stays. «…, сообщает пресс-служба МВД» is whom the news is from, and stays.
pub(super) fn without_self_attribution(paragraph: &str, cleaning: &Cleaning) -> (String, Option<String>) {
    let mut kept = String::with_capacity(paragraph.len());
    let mut source = None;
    for sentence in sentences(paragraph) {
        if !kept.is_empty() && starts_after_space(paragraph, sentence) {
            kept.push(' ');
        }
        match cut(sentence, cleaning) {
            Some(cut) => {
                kept.push_str(cut.statement);
                kept.push_str(cut.mark);
                source = source.or(cut.source);
            }
            None => kept.push_str(sentence),
        }
    }
    (kept, source)
}

/// Whether white space stands before `part`, which is a slice of `whole`: texts that were run together stay so.
fn starts_after_space(whole: &str, part: &str) -> bool {
    let at = part.as_ptr() as usize - whole.as_ptr() as usize;
    whole.get(..at).is_some_and(|before| before.ends_with(char::is_whitespace))
}

struct Cut<'a> {
    statement: &'a str,
    /// What ends the sentence now; empty where the statement brings its own mark («Пора!»).
    mark: &'a str,
    source: Option<String>,
}

fn cut<'a>(sentence: &'a str, cleaning: &Cleaning) -> Option<Cut<'a>> {
    let body = sentence.trim_end_matches(['.', '!', '?', '…', ' ']);
    let mark = sentence.get(body.len()..).unwrap_or_default().trim_start();
    body.match_indices([',', '—', '–']).find_map(|(at, separator)| {
        let tail = body.get(at + separator.len()..)?;
        let said = self_attribution(tail, cleaning)?;
        let statement = body.get(..at)?.trim_end_matches([',', ' ', '—', '–']);
        let has_mark = statement.trim_end_matches(['»', '”', '“', '"']).ends_with(['.', '!', '?', '…']);
        let mark = if has_mark {
            ""
        } else if mark.is_empty() {
            "."
        } else {
            mark
        };
        statement.contains(char::is_alphanumeric).then(|| Cut {
            statement,
            mark,
            source: said.source.map(str::to_owned),
        })
    })
}

/// A site's word about itself.
struct SelfAttribution<'a> {
    /// Whom it cites, if it says so.
    source: Option<&'a str>,
}

/// The site's word about itself that `tail` is, if it is that to its end.
fn self_attribution<'a>(tail: &'a str, cleaning: &Cleaning) -> Option<SelfAttribution<'a>> {
    let tail = tail.trim_start_matches([' ', ',', '—', '–']);
    let tail = word(tail, &["как"]).unwrap_or(tail);
    let tail = word(tail, VERBS)?;
    let tail = word(tail, TITLES).unwrap_or(tail);
    let tail = tail.trim_start_matches(['«', '"', '“', '„']);
    let rest = longest_name(tail, &cleaning.site_names)?.trim_start_matches(['»', '"', '”', '“']);
    if rest.trim().is_empty() {
        return Some(SelfAttribution { source: None });
    }
    let source = CITING.iter().find_map(|citing| strip_prefix(rest, citing))?.trim();
    // After a comma the sentence goes on: «…, который его строил».
    let is_name = !source.is_empty() && source.len() <= MAX_SOURCE_BYTES && !source.contains([',', ';', ':']);
    is_name.then_some(SelfAttribution { source: Some(source) })
}

/// What follows the word with which `text` begins, if it is one of `words`.
fn word<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| strip_prefix(text, word)?.strip_prefix(' ')).map(str::trim_start)
}

/// What follows the longest of the names with which `text` begins.
fn longest_name<'a>(text: &'a str, names: &[String]) -> Option<&'a str> {
    names
        .iter()
        .filter(|name| name.contains(char::is_alphanumeric))
        .filter_map(|name| strip_prefix(text, name))
        .filter(|rest| !rest.starts_with(char::is_alphanumeric))
        .min_by_key(|rest| rest.len())
}

#[cfg(test)]
mod tests {
    use super::without_self_attribution;
    use crate::article::Cleaning;

    fn cut(paragraph: &str) -> (String, Option<String>) {
        without_self_attribution(paragraph, &Cleaning::default())
    }

    #[test]
    fn the_sites_word_about_itself_goes_and_the_sentence_stays_whole() {
        for (paragraph, kept, source) in [
            (
                "Мост открыт, сообщает cronos.asia со ссылкой на сайт акимата.",
                "Мост открыт.",
                Some("сайт акимата"),
            ),
            ("Мост открыт, передаёт Cronos Asia.", "Мост открыт.", None),
            ("Мост открыт, — передает корреспондент «Cronos Asia».", "Мост открыт.", None),
            ("Мост открыт — сообщает Central Asia Cronos", "Мост открыт.", None),
            ("Мост открыт, сообщает Cronos.Asia со ссылкой на akorda.kz.", "Мост открыт.", Some("akorda.kz")),
            (
                "Мост открыт, сообщает cronos.asia, ссылаясь на акимат г. Тараз.",
                "Мост открыт.",
                Some("акимат г. Тараз"),
            ),
            ("Есть мост (2 км.), пишет cronos.asia.", "Есть мост (2 км.).", None),
            ("«Мост готов?» — пишет cronos.asia.", "«Мост готов?»", None),
            ("«Мост готов», сообщает cronos.asia. Его ждали.", "«Мост готов». Его ждали.", None),
            (
                "Его ждали. Мост, что у рынка, открыт, сообщает cronos.asia!",
                "Его ждали. Мост, что у рынка, открыт!",
                None,
            ),
            ("Мост открыт, сообщает cronos.asia.Его ждали.", "Мост открыт.Его ждали.", None),
        ] {
            assert_eq!(cut(paragraph), (kept.to_owned(), source.map(str::to_owned)), "{paragraph}");
        }
    }

    #[test]
    fn whom_the_news_is_from_stays() {
        for paragraph in [
            "Мост открыт, сообщает пресс-служба МВД.",
            "Мост открыт, сообщает cronos.asia, что бы ни говорили.",
            "Мост открыт, сообщает cronos.asia со ссылкой на акимат, который его строил.",
            "Cronos Asia сообщает об открытии моста.",
            "Как сообщает cronos.asia, мост открыт.",
            "— сообщает cronos.asia.",
            "Мост открыт, сообщает cronos.asiatic.",
        ] {
            assert_eq!(cut(paragraph), (paragraph.to_owned(), None));
        }
    }
}
