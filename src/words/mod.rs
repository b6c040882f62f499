//! Everything that an editor or a stranger reads from the bot, in Russian, in one place.
//!
//! The tone is that of a colleague on the desk: «вы», short, says what happened and what can be done. These functions
//! know nothing of the newsroom's state: they take what they need as plain values. The whole can be read in
//! `snapshots/`: the album.
//!
//! One word for one thing: an editor sends a «статья»; in the bot it is a «материал» with a number, hence «№3 одобрен»; it
//! has a «карточка»; in a «канал» it comes out as a «пост». One sentence ends without a full stop, several with one, unless
//! a command, an address or how the article stands comes last. An answer to a press has at most 200 characters.

mod after;
#[cfg(test)]
mod album;
mod answers;
mod archive;
mod card;
mod commands;
mod editing;
mod freeze;
#[cfg(test)]
mod handbook;
mod keys;
mod lists;
mod looking;
mod notices;
mod pictures;
mod queue;
mod rights;
mod shift;
mod times;
mod trail;
mod trouble;
mod warnings;

pub use after::*;
pub use answers::*;
pub use archive::{found, history_of_day, history_of_words, what_to_find};
pub use card::{CardView, card, status, with_zone};
pub use commands::{CommandName, help};
pub use editing::*;
pub use freeze::{
    excepted, excepted_by_you, freeze_line, frozen, frozen_by_you, is_frozen_already, is_not_frozen,
    is_not_held, thawed, thawed_by_you,
};
pub use keys::{command_of_key, keyboard};
pub use lists::{desk_status, drafts, history};
pub use looking::{Seen, Unsure, look_given_up, post_noted, stands_already};
pub use notices::{WaitingDraft, disk_has_room, disk_is_low, drafts_wait, slot_is_empty};
pub use pictures::*;
pub use queue::{
    ChannelState, QueueLine, QueuePage, Standing, not_in_the_queue, queue_has_changed, queue_page,
};
pub use rights::{chiefs_matter, editors_matter, first_word_noted, own_work, second_line, second_wanted};
pub use shift::{NextUp, ShiftView, newer_shift_below, shift, shift_is_over};
pub use times::*;
pub use trail::who;
pub use trouble::*;
pub use warnings::{Warning, warning};

use crate::ids::ArticleId;
use crate::views::By;

/// What the desk calls whoever has the machine's command line.
pub const COMMAND_LINE: &str = "командная строка";
/// What the desk calls the bot itself.
pub const BOT: &str = "бот";

/// The name by which the desk knows somebody.
#[must_use]
pub fn name_of(by: &By) -> &str {
    match by {
        By::Editor(name) => name,
        By::CommandLine => COMMAND_LINE,
        By::Bot => BOT,
    }
}

/// Labels of buttons.
pub mod label {
    use chrono::DateTime;
    use chrono_tz::Tz;

    use super::Aside;

    /// Approve the draft; it goes out in its turn.
    pub const APPROVE: &str = "Одобрить";
    /// Approve the draft, or move the approved post, to go out at once.
    pub const AT_ONCE: &str = "Сразу";
    /// Turn the draft down.
    pub const REJECT: &str = "Отклонить";
    /// Take the approval back.
    pub const CANCEL: &str = "Снять с очереди";
    /// Let the approved article go out in spite of the freeze.
    pub const DESPITE_FREEZE: &str = "Выпустить, несмотря на заморозку";
    /// Take the rejection back.
    pub const RESTORE: &str = "Вернуть в черновики";
    /// The post under question stands in the channel.
    pub const CAME: &str = "Вышел";
    /// The post under question is not in the channel.
    pub const NOT_CAME: &str = "Не вышел, отправить";
    /// The post under question is not in the channel, and somebody wanted it taken back.
    pub const NOT_CAME_CANCEL: &str = "Не вышел, в черновики";
    /// Send the refused post again.
    pub const RETRY: &str = "Отправить ещё раз";
    /// Bring the refused post back to the drafts.
    pub const WITHDRAW: &str = "Вернуть в черновики";
    /// The channel's owner has mended it.
    pub const RESUME: &str = "Исправлено, продолжить";
    /// Take the new text.
    pub const TAKE_TEXT: &str = "Заменить текст";
    /// Stay with the present text.
    pub const KEEP_TEXT: &str = "Оставить прежний";
    /// Take the picture away.
    pub const WITHOUT_PICTURE: &str = "Без картинки";
    /// Let the post come out as words alone where the picture fails.
    pub const OR_TEXT: &str = "Не примут фото — текстом";
    /// Not any more.
    pub const NEVER_AS_TEXT: &str = "Не примут фото — вернуть";
    /// Take the picture that the article's page names.
    pub const PAGE_PICTURE: &str = "Картинка со страницы";

    /// A time that is offered: «Завтра в 9:00».
    #[must_use]
    pub fn time(at: &DateTime<Tz>, now: &DateTime<Tz>, aside: Option<Aside>) -> String {
        super::times::time_label(at, now, aside)
    }
    /// Before the post above it.
    pub const UP: &str = "Выше";
    /// After the post below it.
    pub const DOWN: &str = "Ниже";
    /// Before all others.
    pub const FIRST: &str = "Первым";
    /// From its own time into the queue.
    pub const UNPIN: &str = "Открепить";
    /// More times that a post could go to.
    pub const MORE_TIMES: &str = "Другое время…";
    /// The list again.
    pub const TO_THE_QUEUE: &str = "‹ К очереди";
    /// The page before.
    pub const BACK: &str = "‹ Назад";
    /// The next page.
    pub const FURTHER: &str = "Дальше ›";

    pub use super::queue::labels::{number, pin, short_time};

    /// Mend the post that is out.
    pub const MEND: &str = "Исправить";
    /// The same, with a word about it below the post.
    pub const MEND_MARKED: &str = "Исправить с пометкой «Исправлено»";
    /// Leave the post that is out as it is.
    pub const LEAVE_AS_IS: &str = "Оставить как есть";
    /// Withdraw the post that is out.
    pub const UNPUBLISH: &str = "Да, убрать из канала";
    /// Mend it although a person has changed it in the channel.
    pub const MEND_ANYWAY: &str = "Всё равно исправить";
    /// Withdraw it all the same.
    pub const UNPUBLISH_ANYWAY: &str = "Всё равно убрать";
    /// An editor has looked: mend it.
    pub const SEEN_MEND: &str = "Там прежний, исправить";
    /// An editor has looked: withdraw it.
    pub const SEEN_UNPUBLISH: &str = "Там прежний, убрать";
    /// Try once more.
    pub const TRY_AGAIN: &str = "Попробовать ещё раз";
    /// Change something of the article.
    pub const EDIT: &str = "Изменить";
    /// Its title.
    pub const TITLE: &str = "Заголовок";
    /// Its words.
    pub const WORDS: &str = "Текст";
    /// Its link.
    pub const LINK: &str = "Ссылка";
    /// Its picture.
    pub const PICTURE: &str = "Картинка";
    /// Its hashtags.
    pub const HASHTAGS: &str = "Хештеги";
    /// Its rubric.
    pub const RUBRIC: &str = "Рубрика";
    /// Take its rubric away.
    pub const NO_RUBRIC: &str = "Без рубрики";
    /// Its earlier texts.
    pub const VERSIONS: &str = "Версии";
    /// Give up the question what a part shall be.
    pub const STOP_EDITING: &str = "Отмена";

    /// Bring this version back.
    #[must_use]
    pub fn version(number: u32) -> String {
        format!("Вернуть {number}")
    }

    /// Make drafts of so many approved posts, in their new form.
    #[must_use]
    pub fn refresh(count: usize) -> String {
        format!("Обновить {}", crate::russian::counted(count as u64, ["пост", "поста", "постов"]))
    }
}

/// How an article stands, as [`status`] tells it: «№3: черновик», or a line for each channel.
fn stands(article: ArticleId, status: &str) -> String {
    let between = if status.contains('\n') { '\n' } else { ' ' };
    format!("№{article}:{between}{status}")
}

/// Somebody's words within ours: bounded, in «ёлочки», their own quotes as „лапки“.
fn quoted(text: &str) -> String {
    format!("«{}»", shortened(text, 120).replace('«', "„").replace('»', "“"))
}

/// A text of at most so many characters and an ellipsis: a longer one ends with a whole word.
fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(chars_max).collect();
    let whole_words = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole_words.trim_end_matches([',', ':', ' ', '—']))
}

/// A person's own name made harmless; whoever shows none is called so.
#[must_use]
pub fn person_name(name: &str) -> String {
    match harmless(name) {
        name if name.is_empty() => "редактор без имени".to_owned(),
        name => name,
    }
}

/// Somebody's words made harmless for one line of ours: bounded, without control characters and marks of direction.
#[must_use]
pub fn harmless(name: &str) -> String {
    const CHARS_MAX: usize = 40;
    let shown = |c: &char| {
        !c.is_control()
            && !matches!(*c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name.chars().filter(shown).take(CHARS_MAX).collect();
    name.trim().to_owned()
}

/// A text that fits one message of Telegram: a longer one ends at a line's end, and says so.
#[must_use]
pub fn within_one_message(text: String) -> String {
    const UNITS_MAX: usize = 4096;
    const MORE: &str = "\n…";
    if text.encode_utf16().count() <= UNITS_MAX {
        return text;
    }
    let mut units = 0;
    let room = UNITS_MAX - MORE.encode_utf16().count();
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= room
    };
    let cut: String = text.chars().take_while(fits).collect();
    let whole_lines = cut.rsplit_once('\n').map_or(cut.as_str(), |(lines, _)| lines);
    format!("{whole_lines}{MORE}")
}

/// An answer to a press: Telegram shows no more. A longer one ends with a whole word, and says so.
#[must_use]
pub fn within_one_answer(text: &str) -> String {
    const CHARS_MAX: usize = 200;
    match text.chars().count() {
        0..=CHARS_MAX => text.to_owned(),
        _ => shortened(text, CHARS_MAX - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_ends_with_a_whole_word_and_says_so() {
        assert_eq!(within_one_answer("№1 одобрен"), "№1 одобрен");
        let long = within_one_answer(&"слово ".repeat(50));
        assert!(long.ends_with("слово…") && long.chars().count() <= 200, "{long}");
        assert_eq!(within_one_answer(&"ё".repeat(201)).chars().count(), 200);
    }

    #[test]
    fn somebodys_own_quotes_stand_within_ours() {
        assert_eq!(quoted("«Кайрат» выиграл"), "«„Кайрат“ выиграл»");
        assert_eq!(quoted(&"ы ".repeat(61)), format!("«{}…»", "ы ".repeat(60).trim_end()));
    }

    #[test]
    fn a_long_text_ends_at_a_lines_end_and_says_so() {
        let line = "№12 «Заголовок 🙂»\n";
        let long = within_one_message(line.repeat(400));
        assert!(long.encode_utf16().count() <= 4096 && long.ends_with("»\n…"), "{long}");
        assert_eq!(within_one_message("коротко".to_owned()), "коротко");
        assert!(within_one_message("ё".repeat(5000)).encode_utf16().count() <= 4096);
    }

    #[test]
    fn a_name_can_do_no_harm() {
        assert_eq!(person_name(" Анна\u{202e}\n\u{200b} "), "Анна");
        assert_eq!(person_name("\u{202e}"), "редактор без имени");
        assert_eq!(person_name(&"ы".repeat(100)).chars().count(), 40);
    }
}
