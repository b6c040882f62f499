//! Reads an article out of a site's export, a file or an editor's message.

use super::{
    Article, Cleaning,
    attribution::without_self_attribution,
    html::without_markup,
    text::{plain_lines, same_words},
};
use crate::russian::sentences;

/// Longest title, in characters. Real ones have up to some 150; what is longer is a body without its title.
pub const MAX_TITLE_CHARS: usize = 1_000;
/// Longest body, in characters without paragraph breaks: some hundred pages.
pub const MAX_BODY_CHARS: usize = 200_000;
/// Longest rubric, in characters; a longer line that begins like one is the text itself.
pub const MAX_RUBRIC_CHARS: usize = 60;
/// What may stand around the body, in characters: title, names, the site's own lines.
const SPARE_CHARS: usize = 20_000;
/// How many photos' owners are named.
const MAX_CREDITS: usize = 20;
/// A photo's or source's name is shorter than this, in characters; a longer line that begins like one is the text itself.
const MAX_NAME_CHARS: usize = 200;

/// Why a text is no article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing but white space and what shows nothing.
    #[error("there is no text: the first line must be the title, the lines below the text")]
    Empty,
    /// Each line is one that cleaning drops.
    #[error("there is nothing but the site's own lines: check that the article itself was copied")]
    OnlyBoilerplate,
    /// A title and nothing after it.
    #[error("there is a title and no text after it: put the text below the title, on lines of its own")]
    NoBody {
        /// The title that was found.
        title: String,
    },
    /// The first line is no title: it has more than [`MAX_TITLE_CHARS`].
    #[error(
        "the first line has {length} characters, a title at most {MAX_TITLE_CHARS}: put the title on a line of its own"
    )]
    TitleTooLong {
        /// Its length in characters.
        length: usize,
    },
    /// HTML with a script or style sheet that doesn't end, so that nobody knows where the text goes on.
    #[error("<{tag}> has no end, so what follows may be code: take it out of the text")]
    OpenCode {
        /// Which element.
        tag: &'static str,
    },
    /// The body has more than [`MAX_BODY_CHARS`].
    #[error(
        "the text has {length} characters, at most {MAX_BODY_CHARS} are allowed: give the articles one by one"
    )]
    BodyTooLong {
        /// Its length in characters.
        length: usize,
    },
}

impl Article {
    /// Reads an article out of raw text.
    ///
    /// The first line that cleaning leaves is the title; lines that repeat it are dropped. Every further line is a paragraph.
    /// HTML is made plain, what shows nothing is taken out, white space becomes single spaces. Photo credit, source and rubric go to
    /// fields of their own, the site's word about itself is cut off («…, сообщает cronos.asia»).
    ///
    /// # Errors
    /// Says why there is no article in it: see [`ReadError`].
    pub fn read(raw: &str, cleaning: &Cleaning) -> Result<Self, ReadError> {
        let raw = without_markup(raw)?;
        let lines: Vec<String> = plain_lines(&raw).collect();
        // Before anything looks closer: what is far too long is not worth the time.
        let length = lines.iter().map(|line| line.chars().count()).sum();
        if length > MAX_BODY_CHARS + SPARE_CHARS {
            return Err(ReadError::BodyTooLong { length });
        }
        let is_empty = lines.is_empty();
        let mut lines =
            lines.into_iter().filter(|line| !cleaning.is_site_name(line) && !cleaning.is_boilerplate(line));
        let mut reader = Reader { cleaning, credits: Vec::new(), source: None, rubric: None };
        let title = lines.find(|line| !reader.takes_name(line));
        let paragraphs: Vec<String> = match &title {
            Some(title) => lines.filter_map(|line| reader.paragraph(&line, title)).collect(),
            None => Vec::new(),
        };
        let Some(title) = title else {
            return Err(if is_empty { ReadError::Empty } else { ReadError::OnlyBoilerplate });
        };
        let title = cleaning.bare_title(&title).to_owned();
        check(&title, &paragraphs)?;
        let credit = (!reader.credits.is_empty()).then(|| reader.credits.join(", "));
        Ok(Self {
            title,
            paragraphs,
            credit,
            source: reader.source,
            rubric: reader.rubric,
            words: None,
            hashtags: None,
            picture: None,
        })
    }
}

/// A headline that an editor writes by itself, made plain as in a whole article; `None` where there are several lines.
///
/// # Errors
/// There is nothing, or the line is longer than [`MAX_TITLE_CHARS`].
pub fn title_in(raw: &str) -> Result<Option<String>, ReadError> {
    let mut lines = plain_lines(raw);
    let Some(title) = lines.next() else {
        return Err(ReadError::Empty);
    };
    let length = title.chars().count();
    if length > MAX_TITLE_CHARS {
        return Err(ReadError::TitleTooLong { length });
    }
    Ok(lines.next().is_none().then_some(title))
}

/// The rubric that an editor names on a line of its own, as in a file's caption: «Рубрика: Спорт». The first one counts.
#[must_use]
pub fn rubric_in(text: &str, cleaning: &Cleaning) -> Option<String> {
    plain_lines(text)
        .find_map(|line| rubric(&line, cleaning).filter(|name| !name.is_empty()).map(str::to_owned))
}

/// The rubric on a line that names one; empty where its name is left out.
fn rubric<'a>(line: &'a str, cleaning: &Cleaning) -> Option<&'a str> {
    cleaning.rubric(line).filter(|name| name.chars().count() <= MAX_RUBRIC_CHARS)
}

fn check(title: &str, paragraphs: &[String]) -> Result<(), ReadError> {
    let length = title.chars().count();
    if length > MAX_TITLE_CHARS {
        return Err(ReadError::TitleTooLong { length });
    }
    if paragraphs.is_empty() {
        return Err(ReadError::NoBody { title: title.to_owned() });
    }
    let length = paragraphs.iter().map(|paragraph| paragraph.chars().count()).sum();
    if length > MAX_BODY_CHARS {
        return Err(ReadError::BodyTooLong { length });
    }
    Ok(())
}

/// Reads line after line, and keeps the names found on the way.
struct Reader<'a> {
    cleaning: &'a Cleaning,
    credits: Vec<String>,
    source: Option<String>,
    rubric: Option<String>,
}

impl Reader<'_> {
    /// The paragraph that a line is, if anything of it remains.
    fn paragraph(&mut self, line: &str, title: &str) -> Option<String> {
        let bare_title = self.cleaning.bare_title(title);
        let repeats_title =
            [title, bare_title].iter().any(|title| same_words(self.cleaning.bare_title(line), title));
        if repeats_title || self.takes_name(line) {
            return None;
        }
        let line = self.without_credit_at_end(line);
        let (paragraph, source) = without_self_attribution(line, self.cleaning);
        self.source = self.source.take().or(source);
        Some(paragraph)
    }

    /// Whether the line names the rubric, a photo's owner or a source, which is then kept.
    fn takes_name(&mut self, line: &str) -> bool {
        if let Some(rubric) = rubric(line, self.cleaning) {
            if self.rubric.is_none() && !rubric.is_empty() {
                self.rubric = Some(rubric.to_owned());
            }
            return true;
        }
        self.takes_whose(line)
    }

    /// Whether the line names a photo's owner or a source, which is then kept.
    fn takes_whose(&mut self, line: &str) -> bool {
        if line.chars().nth(MAX_NAME_CHARS).is_some() {
            return false;
        }
        if let Some(credit) = self.cleaning.credit(line) {
            let is_new =
                self.credits.len() < MAX_CREDITS && !self.credits.iter().any(|known| known == credit);
            if !credit.is_empty() && is_new {
                self.credits.push(credit.to_owned());
            }
            return true;
        }
        if let Some(source) = self.cleaning.source(line) {
            if self.source.is_none() && !source.is_empty() {
                self.source = Some(source.to_owned());
            }
            return true;
        }
        false
    }

    /// The line without a last sentence that names a photo's owner: «…. Фото: akorda.kz».
    fn without_credit_at_end<'a>(&mut self, line: &'a str) -> &'a str {
        match sentences(line).as_slice() {
            [_, .., last] if self.takes_whose(last) => line.strip_suffix(last).unwrap_or(line).trim_end(),
            _ => line,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_BODY_CHARS, MAX_RUBRIC_CHARS, MAX_TITLE_CHARS, ReadError, rubric_in};
    use crate::article::{Article, Cleaning};

    fn read(raw: &str) -> Result<Article, ReadError> {
        Article::read(raw, &Cleaning::default())
    }

    #[test]
    fn an_export_becomes_an_article() {
        let article = read(include_str!("../../tests/fixtures/articles/bridge.txt")).unwrap();
        assert_eq!(article.title, "В Таразе открыли мост через Талас");
        assert_eq!(article.paragraphs.len(), 6);
        assert_eq!(article.credit.as_deref(), Some("пресс-служба акимата Жамбылской области"));
        assert_eq!(article.source.as_deref(), Some("пресс-службу акимата Жамбылской области"));
        let body = article.paragraphs.join("\n");
        for gone in ["ronos", "Подписывайтесь", "Exit", "Фото", "сообщает"] {
            assert!(!body.contains(gone), "{gone}");
        }
    }

    #[test]
    fn every_export_of_ours_is_read_whole() {
        for (raw, title, paragraphs) in [
            (
                include_str!("../../tests/fixtures/articles/library.txt"),
                "Библиотека в Караганде начала выдавать книги ночью",
                6,
            ),
            (include_str!("../../tests/fixtures/articles/rain.txt"), "На юг Казахстана идут ливни", 7),
        ] {
            let article = read(raw).unwrap();
            assert_eq!((article.title.as_str(), article.paragraphs.len()), (title, paragraphs));
            assert!(article.credit.is_some() && article.source.is_some());
        }
    }

    #[test]
    fn a_title_said_again_is_dropped_whatever_is_hung_on_it() {
        let raw = "Мост открыт | Cronos.Asia\nМост открыт\nМОСТ ОТКРЫТ!\nCronos.Asia — Мост открыт\nЕго ждали.\nМост открыт";
        let article = read(raw).unwrap();
        assert_eq!(
            (article.title.as_str(), article.paragraphs),
            ("Мост открыт", vec!["Его ждали.".to_owned()])
        );
    }

    #[test]
    fn names_are_taken_from_their_lines_and_from_a_paragraphs_end() {
        let article =
            read("Фото: А. Ким\nМост\nЕго ждали. Фото: akorda.kz\nФото: А. Ким\nИсточник: Акорда.").unwrap();
        assert_eq!(article.paragraphs, ["Его ждали."]);
        assert_eq!(article.credit.as_deref(), Some("А. Ким, akorda.kz"));
        assert_eq!(article.source.as_deref(), Some("Акорда"));
    }

    #[test]
    fn a_long_line_that_begins_like_a_credit_is_text() {
        for label in ["Фото", "Рубрика"] {
            let line = format!("{label}: {}", "слово ".repeat(60)).trim().to_owned();
            assert_eq!(read(&format!("Мост\n{line}")).unwrap().paragraphs, [line]);
        }
    }

    #[test]
    fn the_rubric_is_taken_from_the_first_line_that_names_one_wherever_it_stands() {
        for (raw, rubric) in [
            ("Рубрика: Политика\nМост\nЕго ждали.", Some("Политика")),
            ("Мост\nЕго ждали.\nРУБРИКА:\u{a0}Общество  и\tвласть .", Some("Общество и власть")),
            ("Мост\nРубрика: \nРубрика: Спорт\nЕго ждали.\nРубрика: Мир", Some("Спорт")),
            ("Мост\nЕго ждали.", None),
        ] {
            let article = read(raw).unwrap();
            assert_eq!(
                (article.rubric.as_deref(), article.paragraphs.as_slice()),
                (rubric, &["Его ждали.".to_owned()][..])
            );
        }
        let within = read("Мост\nЕго ждали. Рубрика: Спорт").unwrap();
        assert_eq!((within.rubric, within.paragraphs), (None, vec!["Его ждали. Рубрика: Спорт".to_owned()]));
    }

    #[test]
    fn a_caption_names_the_rubric_on_a_line_of_its_own() {
        let rubric = |caption| rubric_in(caption, &Cleaning::default());
        assert_eq!(rubric("https://a.kz/x\nрубрика:\nРубрика: Спорт."), Some("Спорт".to_owned()));
        assert_eq!(rubric("В рубрику: Спорт"), None);
        assert_eq!(rubric(&format!("Рубрика: {}", "с".repeat(MAX_RUBRIC_CHARS + 1))), None);
    }

    #[test]
    fn what_is_no_article_is_said_to_be_none() {
        assert_eq!(read(""), Err(ReadError::Empty));
        assert_eq!(read(" \n\u{feff}\u{a0}\r\n\u{200b}"), Err(ReadError::Empty));
        assert_eq!(read("Cronos Asia\nФото: я\nExit mobile version"), Err(ReadError::OnlyBoilerplate));
        let no_body = Err(ReadError::NoBody { title: "Мост открыт".to_owned() });
        assert_eq!(read("Cronos Asia\nМост открыт\nМост открыт | Cronos Asia\nФото: я"), no_body);
    }

    #[test]
    fn what_is_too_long_is_refused_and_the_longest_taken() {
        let (title, body) = ("т".repeat(MAX_TITLE_CHARS), "т ".repeat(MAX_BODY_CHARS / 2 - 1));
        assert!(read(&format!("{title}\n{body}т.")).is_ok());
        assert_eq!(
            read(&format!("{title}т\nт")),
            Err(ReadError::TitleTooLong { length: MAX_TITLE_CHARS + 1 })
        );
        assert_eq!(
            read(&format!("т\n{body}тт.")),
            Err(ReadError::BodyTooLong { length: MAX_BODY_CHARS + 1 })
        );
    }

    fn raw() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(vec![
                "\n",
                "\n\n",
                "Cronos Asia",
                " | ",
                "Мост открыт",
                ", сообщает ",
                " со ссылкой на ",
                "Фото: ",
                "Источник: ",
                ". ",
                "«",
                "»",
                "Читайте также",
                "\u{a0}",
                "\u{feff}",
                "akorda.kz",
                "— ",
            ])
            .prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_is_clean(raw in raw()) {
            if let Ok(article) = read(&raw) {
                for part in std::iter::once(&article.title).chain(&article.paragraphs) {
                    prop_assert!(!part.is_empty());
                    prop_assert_eq!(part.trim(), part);
                    prop_assert!(!part.contains(char::is_control) && !part.contains("  "), "{:?}", part);
                }
                prop_assert!(!article.paragraphs.is_empty());
            }
        }
    }
}
