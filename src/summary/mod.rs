//! The summary: which of an article's sentences its post carries.

mod balance;

use std::collections::HashSet;

use crate::{
    article::Article,
    russian::{sentences, stems},
};
use balance::is_balanced;

/// A sentence that holds at least so many of a hundred of the title's stems repeats the title…
const REPEAT_PERCENT: usize = 80;
/// …if it adds no more stems than that (names aside), no figure and no quoted name: «Пожар в Алматы унёс жизни трёх человек» is the news
/// itself under the title «Пожар в Алматы».
const NEW_STEMS_MAX: usize = 2;

/// The article's first sentences that don't repeat its title, as many as fit into `budget` characters (Unicode scalar
/// values, the sentences joined by a space).
///
/// - Each is whole and stands in the article literally. Sentences that one quote or bracket spans are one piece, taken whole
///   or not at all; one whose quotes don't close within its paragraph is left out.
/// - A sentence that holds at least 80 % of the title's stems and next to nothing else is a repeat and left out.
/// - What doesn't end with a mark (headings, list items, «Среди них:») is left out, unless the whole article has no marks.
/// - It stops at the first piece that doesn't fit. A first sentence that alone is longer than the budget is taken
///   whole, never cut: the caller may drop it. A first quote of several sentences that is too long is passed over.
///
/// Empty if every sentence is left out.
#[must_use]
pub fn summarize(article: &Article, budget: usize) -> Vec<String> {
    let title: HashSet<String> = stems(&article.title).into_iter().collect();
    let has_marks = article.paragraphs.iter().flat_map(|paragraph| sentences(paragraph)).any(is_finished);
    let mut chosen: Vec<String> = Vec::new();
    let mut length = 0;
    let title = Title { stems: title, text: &article.title };
    for piece in article.paragraphs.iter().flat_map(|paragraph| pieces(paragraph)) {
        if has_marks && !is_finished(piece.text) || repeats(piece.text, &title) {
            continue;
        }
        let with_piece = length + usize::from(!chosen.is_empty()) + piece.text.chars().count();
        if with_piece > budget {
            match (chosen.is_empty(), piece.is_one_sentence) {
                (true, true) => chosen.push(piece.text.to_owned()),
                (true, false) => continue,
                (false, _) => {}
            }
            break;
        }
        chosen.push(piece.text.to_owned());
        length = with_piece;
    }
    chosen
}

/// What is taken whole or left out: a sentence, or several that one quote spans.
struct Piece<'a> {
    text: &'a str,
    is_one_sentence: bool,
}

/// The balanced pieces of a paragraph, in its order.
fn pieces(paragraph: &str) -> Vec<Piece<'_>> {
    let sentences = sentences(paragraph);
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < sentences.len() {
        // The shortest run of sentences from here on that is balanced; without one this sentence is left out.
        let run = (from + 1..=sentences.len().min(from + MAX_RUN)).find_map(|to| {
            let run = slice(paragraph, sentences.get(from..to)?)?;
            is_balanced(run).then_some((run, to))
        });
        if let Some((text, to)) = run {
            pieces.push(Piece { text, is_one_sentence: to == from + 1 });
            from = to;
        } else {
            from += 1;
        }
    }
    pieces
}

/// The longest quote that is looked at, in sentences: more would fill any post.
const MAX_RUN: usize = 20;

/// The part of the paragraph that neighbouring sentences, slices of it, cover.
fn slice<'a>(paragraph: &'a str, run: &[&'a str]) -> Option<&'a str> {
    let (first, last) = (run.first()?, run.last()?);
    let offset = |part: &str| part.as_ptr() as usize - paragraph.as_ptr() as usize;
    paragraph.get(offset(first)..offset(last) + last.len())
}

/// Whether a sentence ends with a mark, closing quotes and brackets aside.
fn is_finished(sentence: &str) -> bool {
    sentence.trim_end_matches(['»', '”', '“', '"', ')', ']']).ends_with(['.', '!', '?', '…'])
}

/// What a sentence may repeat.
struct Title<'a> {
    stems: HashSet<String>,
    text: &'a str,
}

/// Whether a sentence holds so much of the title, and so little else, that it says the same.
fn repeats(sentence: &str, title: &Title<'_>) -> bool {
    let own: HashSet<String> = stems(sentence).into_iter().collect();
    let shared = title.stems.intersection(&own).count();
    let is_alike = !title.stems.is_empty() && shared * 100 >= title.stems.len() * REPEAT_PERCENT;
    let adds = |mark: fn(char) -> bool| sentence.contains(mark) && !title.text.contains(mark);
    // Full names and offices («Президент Казахстана Касым-Жомарт Токаев») tell nothing new by themselves.
    let small = sentence.split_whitespace().filter(|word| word.starts_with(char::is_lowercase));
    let new: HashSet<String> = small.flat_map(stems).filter(|stem| !title.stems.contains(stem)).collect();
    is_alike && new.len() <= NEW_STEMS_MAX && !adds(|c| c.is_ascii_digit()) && !adds(|c| c == '«')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::summarize;
    use crate::article::{Article, Cleaning};

    fn article(title: &str, paragraphs: &[&str]) -> Article {
        Article {
            title: title.to_owned(),
            paragraphs: paragraphs.iter().map(ToString::to_string).collect(),
            credit: None,
            source: None,
            rubric: None,
            words: None,
            hashtags: None,
            picture: None,
        }
    }

    #[test]
    fn a_sentence_that_only_echoes_the_title_is_left_out_and_one_that_tells_the_news_is_kept() {
        let rest = "Подробности уточняются.";
        for (title, lead, is_kept) in [
            ("Пожар в центре Алматы", "Пожар в центре Алматы унёс жизни трёх человек.", true),
            ("Токаев подписал закон", "Президент Токаев подписал закон о запрете электронных сигарет.", true),
            ("В Астане выросли цены на бензин", "В Астане цены на бензин выросли на 20 тенге.", true),
            ("В Алматы открыли станцию метро", "В Алматы открыли станцию метро «Сарыарка».", true),
            ("В Таразе открыли мост через Талас", "В Таразе открыли мост через Талас.", false),
            ("В Таразе открыли мост через Талас", "Мост через Талас открыли в Таразе сегодня утром.", false),
        ] {
            let summary = summarize(&article(title, &[&format!("{lead} {rest}")]), 350);
            assert_eq!(summary.iter().any(|sentence| sentence == lead), is_kept, "{lead}: {summary:?}");
        }
    }

    #[test]
    fn the_first_sentences_that_add_to_the_title_are_taken_while_they_fit() {
        let raw = include_str!("../../tests/fixtures/articles/bridge.txt");
        let article = Article::read(raw, &Cleaning::default()).unwrap();
        assert_eq!(
            summarize(&article, 350),
            [
                "Длина переправы составила 214 метров, по ней в обе стороны смогут проезжать до 18 тыс. машин в сутки.",
                "Строители закончили работы на два месяца раньше срока и уложились в 6,4 млрд тенге.",
                "«Раньше дорога от вокзала до левого берега занимала сорок минут. Теперь — не больше десяти», — рассказал аким \
             города Бахытжан Орынбеков.",
            ]
        );
    }

    #[test]
    fn what_the_site_says_about_itself_and_its_lead_that_repeats_the_title_are_not_in_it() {
        let raw = include_str!("../../tests/fixtures/articles/library.txt");
        let article = Article::read(raw, &Cleaning::default()).unwrap();
        let summary = summarize(&article, 350);
        assert!(
            !summary.is_empty() && summary.iter().all(|sentence| !sentence.contains("Cronos")),
            "{summary:?}"
        );
    }

    #[test]
    fn the_budget_counts_characters_with_the_spaces_between() {
        let news = article("Мост", &["Вода ушла. Дамба цела.", "Люди дома."]);
        assert_eq!(summarize(&news, 22), ["Вода ушла.", "Дамба цела."]);
        assert_eq!(summarize(&news, 21), ["Вода ушла."]);
        assert_eq!(summarize(&news, 33), ["Вода ушла.", "Дамба цела.", "Люди дома."]);
    }

    #[test]
    fn nothing_after_the_first_sentence_that_does_not_fit() {
        let news = article("Мост", &["Вода ушла. Дамба выдержала и останется на прежнем месте. Люди дома."]);
        assert_eq!(summarize(&news, 30), ["Вода ушла."]);
    }

    #[test]
    fn a_first_sentence_longer_than_the_budget_is_taken_whole() {
        let news = article("Мост", &["Вода ушла из города. Люди дома."]);
        assert_eq!(summarize(&news, 5), ["Вода ушла из города."]);
        assert_eq!(summarize(&news, 0), ["Вода ушла из города."]);
    }

    #[test]
    fn a_quote_of_several_sentences_is_taken_whole_or_not_at_all() {
        let news = article("Мост", &["«Вода ушла. Люди дома», — сказал аким.", "Дамба цела."]);
        assert_eq!(summarize(&news, 60), ["«Вода ушла. Люди дома», — сказал аким.", "Дамба цела."]);
        assert_eq!(summarize(&news, 30), ["Дамба цела."]);
    }

    #[test]
    fn a_quote_that_never_closes_is_left_out() {
        let news = article("Мост", &["«Вода ушла. Люди дома.", "Дамба цела."]);
        assert_eq!(summarize(&news, 60), ["Люди дома.", "Дамба цела."]);
    }

    #[test]
    fn headings_and_lead_ins_are_left_out_unless_nothing_has_marks() {
        let news = article("Мост", &["Итоги", "Закрыты три улицы:", "Вода ушла."]);
        assert_eq!(summarize(&news, 60), ["Вода ушла."]);
        assert_eq!(summarize(&article("Мост", &["Вода ушла"]), 60), ["Вода ушла"]);
    }

    #[test]
    fn an_article_that_only_repeats_its_title_has_no_summary() {
        let news = article(
            "В Таразе открыли мост",
            &["В Таразе в субботу открыли новый мост.", "Мост открыли в Таразе!"],
        );
        assert_eq!(summarize(&news, 350), [""; 0]);
    }

    fn anything() -> impl Strategy<Value = Article> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(vec![
                "Вода ушла. ",
                "Он сказал: ",
                "«",
                "»",
                "(",
                ")",
                "\"",
                "дом ",
                "Да? ",
                "… ",
                "Мост ",
                ", ",
                "— ",
                "„",
                "“",
            ])
            .prop_map(String::from),
        ];
        let text = || prop::collection::vec(piece.clone(), 0..20).prop_map(|pieces| pieces.concat());
        (text(), prop::collection::vec(text(), 0..5)).prop_map(|(title, paragraphs)| Article {
            title,
            paragraphs,
            credit: None,
            source: None,
            rubric: None,
            words: None,
            hashtags: None,
            picture: None,
        })
    }

    proptest! {
        #[test]
        fn a_summary_fits_or_is_one_sentence(article in anything(), budget in 0_usize..200) {
            let summary = summarize(&article, budget);
            let length = summary.join(" ").chars().count();
            prop_assert!(length <= budget || summary.len() == 1);
        }

        #[test]
        fn every_sentence_stands_in_the_article_in_its_order(article in anything(), budget in 0_usize..200) {
            let body = article.paragraphs.join("\n");
            let mut rest = body.as_str();
            for sentence in summarize(&article, budget) {
                let at = rest.find(&sentence);
                prop_assert!(at.is_some(), "{sentence:?}");
                rest = &rest[at.unwrap() + sentence.len()..];
                prop_assert!(super::is_balanced(&sentence));
            }
        }
    }
}
