//! The answer to `/who`: what has happened to an article, by whom, when.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::lists::title;
use super::{name_of, refusal, shortened};
use crate::russian;
use crate::views::{Act, Happened, TrailView, When};

/// A message of Telegram holds 4,096 units; the rest is for the heading and what was left out.
const UNITS_MAX: usize = 3_900;

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
        Happened::Published { address, found, .. } => {
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
