//! The answer to `/who`: what has happened to an article, by whom, when.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::lists::title;
use super::{name_of, refusal, shortened};
use crate::ids::ArticleId;
use crate::russian;
use crate::views::By;

/// A message of Telegram holds 4,096 units; the rest is for the heading and what was left out.
const UNITS_MAX: usize = 3_900;

/// What has happened to an article.
#[derive(Debug, Clone, PartialEq)]
pub struct TrailView {
    /// The article's number.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// The moment of saying so.
    pub now: DateTime<Tz>,
    /// The first acts.
    pub first: Vec<Act>,
    /// How many were left out after them.
    pub left_out: usize,
    /// The last acts.
    pub last: Vec<Act>,
}

/// An act on an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// When.
    pub at: DateTime<Tz>,
    /// By whom, where that is known.
    pub by: Option<By>,
    /// In which channel, where the article has several.
    pub channel: Option<String>,
    /// What.
    pub what: Happened,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// The article came in.
    Came,
    /// Its text was replaced.
    TextReplaced,
    /// It got this rubric, or none.
    RubricSet(Option<String>),
    /// Its posts were made anew by other settings.
    Rendered,
    /// Another text came for its page.
    Offered,
    /// The other text was not taken.
    OfferDeclined,
    /// It got a picture, or lost its own.
    PictureSet(bool),
    /// The first of two who must has approved it.
    FirstApproved,
    /// It may go out in spite of a freeze.
    Excepted,
    /// Approved, to leave then.
    Approved(When),
    /// Moved, to leave then.
    Moved(When),
    /// A draft again.
    TakenBack,
    /// Somebody wants it back while it is under way.
    CancelWished,
    /// Turned down.
    Rejected,
    /// Not wanted where it still was a draft.
    Dropped,
    /// No longer turned down.
    Restored,
    /// Sent.
    Sent,
    /// So many requests were not taken.
    NotTaken(u32),
    /// Under question.
    Doubted,
    /// The bot could not find out.
    LookGivenUp,
    /// It did not come out; whether the bot itself has looked.
    Absent(bool),
    /// It came out: where that is known, its address; and whether the bot had to look for it.
    Published {
        /// Its address.
        address: Option<String>,
        /// Whether the bot has found it in the channel.
        found: bool,
    },
    /// Telegram does not take it, in these words.
    Refused(String),
    /// Sent again after a refusal.
    Retried,
    /// Whether its posts may come out as words alone, if the picture fails.
    TextForm(bool),
    /// The picture has failed: as words alone.
    TextInstead,
    /// The post that is out was mended.
    Mended,
    /// It does not stand in the channel any more; whether a person deleted it there.
    Withdrawn(bool),
    /// The last act was taken back.
    Undone,
}

/// When an approved post was to leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// At once.
    AtOnce,
    /// Then.
    At(DateTime<Tz>),
    /// Nobody knows any more.
    Unknown,
}

/// The answer to `/who`.
#[must_use]
pub fn who(view: &TrailView) -> String {
    let heading = format!("№{} {}", view.article, title(&view.title));
    let lines = |acts: &[Act]| -> Vec<(DateTime<Tz>, String)> {
        acts.iter().map(|act| (act.at, line(act))).collect()
    };
    let (mut first, mut last) = (lines(&view.first), lines(&view.last));
    if last.is_empty() {
        last = first.split_off(first.len().min(first.len().div_ceil(2)));
    }
    let mut left_out = view.left_out;
    loop {
        let text = told(&heading, &first, left_out, &last, &view.now);
        let is_short = text.encode_utf16().count() <= UNITS_MAX;
        if is_short || (last.is_empty() && first.is_empty()) {
            return text;
        }
        // The middle of a life is missed least.
        match last.is_empty() {
            true => drop(first.pop()),
            false => drop(last.remove(0)),
        }
        left_out += 1;
    }
}

fn told(
    heading: &str,
    first: &[(DateTime<Tz>, String)],
    left_out: usize,
    last: &[(DateTime<Tz>, String)],
    now: &DateTime<Tz>,
) -> String {
    let mut text = heading.to_owned();
    let mut day = None;
    for (part, lines) in [first, last].into_iter().enumerate() {
        if part == 1 && left_out > 0 {
            let more = russian::counted(left_out as u64, ["действие", "действия", "действий"]);
            let _ = write!(text, "\n… и ещё {more} …");
        }
        for (at, line) in lines {
            if day.replace(at.date_naive()) != Some(at.date_naive()) {
                let _ = write!(text, "\n\n{}", russian::date_of_year(at, now));
            }
            let _ = write!(text, "\n{} — {line}", russian::clock(at));
        }
    }
    text
}

fn line(act: &Act) -> String {
    let (what, more) = in_words(act);
    let mut text = act.channel.as_ref().map(|channel| format!("{channel}: ")).unwrap_or_default();
    text.push_str(&what);
    if let Some(by) = &act.by {
        let _ = write!(text, " ({})", name_of(by));
    }
    text.push_str(&more);
    text
}

/// What happened, and what is said after whoever did it.
fn in_words(act: &Act) -> (String, String) {
    let plain = |what: &str| (what.to_owned(), String::new());
    let with = |what: &str, more: String| (what.to_owned(), more);
    match &act.what {
        Happened::Came => plain("прислано"),
        Happened::TextReplaced => plain("текст заменён"),
        Happened::RubricSet(Some(rubric)) => plain(&format!("рубрика: {rubric}")),
        Happened::RubricSet(None) => plain("рубрика убрана"),
        Happened::Rendered => plain("пост собран заново по новым настройкам"),
        Happened::Offered => plain("по той же ссылке прислан другой текст"),
        Happened::OfferDeclined => plain("оставлен прежний текст"),
        Happened::PictureSet(true) => plain("поставлена картинка"),
        Happened::PictureSet(false) => plain("картинка убрана"),
        Happened::FirstApproved => plain("первое одобрение из двух"),
        Happened::Excepted => plain("разрешено выйти, несмотря на заморозку"),
        Happened::Approved(when) => with("одобрено", planned(act, when)),
        Happened::Moved(when) => with("перенесено", planned(act, when)),
        Happened::TakenBack => plain("возвращено в черновики"),
        Happened::CancelWished => plain("попросили снять, пока пост отправлялся"),
        Happened::Rejected => plain("отклонено"),
        Happened::Dropped => plain("отклонено там, где ещё не вышло"),
        Happened::Restored => plain("отклонение снято"),
        Happened::Sent => plain("отправлено в канал"),
        Happened::NotTaken(1) => plain("отправить не удалось"),
        Happened::NotTaken(times) => {
            let times = russian::counted(u64::from(*times), ["попытка", "попытки", "попыток"]);
            plain(&format!("отправить не удалось ({times})"))
        }
        Happened::Doubted => plain("под вопросом: подтверждения от Telegram нет"),
        Happened::LookGivenUp => plain("проверить канал не удалось, бот спросил редакторов"),
        Happened::Absent(true) => plain("бот проверил канал: поста там нет"),
        Happened::Absent(false) => plain("поста в канале нет"),
        Happened::Published { address, found } => {
            let address = address.as_ref().map(|address| format!(": {address}")).unwrap_or_default();
            match (found, &act.by) {
                (true, _) => plain(&format!("бот нашёл пост в канале{address}")),
                (false, Some(_)) => with("пост виден в канале", address),
                (false, None) => plain(&format!("вышло{address}")),
            }
        }
        Happened::Refused(why) => plain(&format!("Telegram не принял: {}", shortened(&refusal(why), 160))),
        Happened::Retried => plain("отправлено ещё раз"),
        Happened::TextForm(true) => plain("разрешено выйти без картинки"),
        Happened::TextForm(false) => plain("без картинки не выйдет"),
        Happened::TextInstead => plain("картинка не прошла, выходит текстом"),
        Happened::Mended => plain("вышедший пост исправлен"),
        Happened::Withdrawn(false) => plain("убрано из канала"),
        Happened::Withdrawn(true) => plain("пост удалили в самом канале"),
        Happened::Undone => plain("последнее действие отменено"),
    }
}

/// «, выйдет в 18:00», «, выйдет 26 ноября в 9:00».
fn planned(act: &Act, when: &When) -> String {
    match when {
        When::AtOnce => ", выйти сразу".to_owned(),
        When::At(at) if at.date_naive() == act.at.date_naive() => {
            format!(", выйти в {}", russian::clock(at))
        }
        When::At(at) => format!(", выйти {} в {}", russian::date(at), russian::clock(at)),
        When::Unknown => String::new(),
    }
}
