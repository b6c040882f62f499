//! What the archive answers: articles by words, what came out by words or by day.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::card::status_in_a_line;
use super::lists::{and_earlier, of_several_channels, out, title};
use super::quoted;
use crate::russian;
use crate::views::{Found, History};

const MATERIALS: [&str; 3] = ["материал", "материала", "материалов"];
const POSTS: [&str; 3] = ["пост", "поста", "постов"];

/// `/find` without words.
#[must_use]
pub fn what_to_find() -> String {
    "Напишите, что найти: слова из заголовка или текста, номер или ссылку. Например: /find мост Талас"
        .to_owned()
}

/// The answer to `/find`.
#[must_use]
pub fn found(Found { articles, more, but_for }: &Found, query: &str) -> String {
    let count = (articles.len() + more) as u64;
    if let (0, Some(but_for)) = (count, but_for) {
        let would = russian::counted(but_for.count as u64, MATERIALS);
        let is_there = russian::plural(but_for.count as u64, "нашёлся", "нашлись", "нашлось");
        return format!(
            "По запросу {} ничего не нашлось: мешает слово {}. Без него {is_there} бы {would}.",
            quoted(query.trim()),
            quoted(&but_for.word)
        );
    }
    if count == 0 {
        return format!("По запросу {} ничего не нашлось", quoted(query.trim()));
    }
    let is_there = russian::plural(count, "Нашёлся", "Нашлись", "Нашлось");
    let mut text = format!("{is_there} {}:\n", russian::counted(count, MATERIALS));
    for found in articles {
        let status = status_in_a_line(&found.channels);
        let _ =
            writeln!(text, "№{} {} — {status} (/show_{})", found.article, title(&found.title), found.article);
    }
    if *more > 0 {
        let more = russian::counted(*more as u64, MATERIALS);
        let _ = writeln!(text, "и ещё {more}: добавьте слово, чтобы сузить поиск");
    }
    text.truncate(text.trim_end().len());
    text
}

/// The answer to `/history` with a day.
#[must_use]
pub fn history_of_day(History { posts, more }: &History, day: &NaiveDate, today: &NaiveDate) -> String {
    let date = russian::date_of_year(day, today);
    let count = (posts.len() + more) as u64;
    if count == 0 {
        return format!("{date} ничего не вышло");
    }
    let came_out = russian::plural(count, "вышел", "вышли", "вышло");
    let mut text = format!("{date} {came_out} {}:\n", russian::counted(count, POSTS));
    let several = of_several_channels(posts);
    for post in posts {
        let _ = writeln!(text, "{} — {}", russian::clock(&post.at), out(post, several));
    }
    and_earlier(&mut text, *more);
    text
}

/// The answer to `/history` with words.
#[must_use]
pub fn history_of_words(History { posts, more }: &History, query: &str) -> String {
    let count = (posts.len() + more) as u64;
    if count == 0 {
        return format!(
            "Среди вышедшего по запросу {} ничего не нашлось. Искать среди всех материалов: /find",
            quoted(query.trim())
        );
    }
    let came_out = russian::plural(count, "нашёлся", "нашлись", "нашлось");
    let mut text =
        format!("По запросу {} {came_out} {}:\n", quoted(query.trim()), russian::counted(count, POSTS));
    let several = of_several_channels(posts);
    for post in posts {
        let _ = writeln!(text, "{} — {}", russian::spoken(&post.at, &post.now), out(post, several));
    }
    and_earlier(&mut text, *more);
    text
}
