//! The commands of the desk: their words and what they do, from which the help and Telegram's menu are made.

use crate::near::nearest;

/// No command has so long a name.
const WORD_CHARS_MAX: usize = 32;

/// A command's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandName {
    /// `/start`
    Start,
    /// `/help`
    Help,
    /// `/queue`
    Queue,
    /// `/drafts`
    Drafts,
    /// `/show`
    Show,
    /// `/approve`
    Approve,
    /// `/reject`
    Reject,
    /// `/now`
    Now,
    /// `/at`
    At,
    /// `/rubric`
    Rubric,
    /// `/cancel`
    Cancel,
    /// `/history`
    History,
    /// `/status`
    Status,
    /// `/edit`
    Edit,
    /// `/delete`
    Delete,
    /// `/undo`
    Undo,
    /// `/freeze`
    Freeze,
    /// `/thaw`
    Thaw,
    /// `/find`
    Find,
    /// `/who`
    Who,
    /// `/shift`
    Shift,
}

impl CommandName {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 21] = [
        Self::Drafts,
        Self::Queue,
        Self::Show,
        Self::Approve,
        Self::Now,
        Self::At,
        Self::Cancel,
        Self::Reject,
        Self::Rubric,
        Self::Undo,
        Self::Edit,
        Self::Delete,
        Self::Shift,
        Self::Find,
        Self::History,
        Self::Who,
        Self::Status,
        Self::Freeze,
        Self::Thaw,
        Self::Help,
        Self::Start,
    ];

    /// The word after the slash.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Help => "help",
            Self::Queue => "queue",
            Self::Drafts => "drafts",
            Self::Show => "show",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Now => "now",
            Self::At => "at",
            Self::Rubric => "rubric",
            Self::Cancel => "cancel",
            Self::History => "history",
            Self::Status => "status",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Undo => "undo",
            Self::Freeze => "freeze",
            Self::Thaw => "thaw",
            Self::Find => "find",
            Self::Who => "who",
            Self::Shift => "shift",
        }
    }

    /// An example of how it is typed.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Start => "/start",
            Self::Help => "/help",
            Self::Queue => "/queue",
            Self::Drafts => "/drafts",
            Self::Show => "/show 12",
            Self::Approve => "/approve 12",
            Self::Reject => "/reject 12",
            Self::Now => "/now 12",
            Self::At => "/at 12 18:30",
            Self::Rubric => "/rubric 12 Спорт",
            Self::Cancel => "/cancel 12",
            Self::History => "/history",
            Self::Status => "/status",
            Self::Edit => "/edit 12",
            Self::Delete => "/delete 12",
            Self::Undo => "/undo",
            Self::Freeze => "/freeze траур",
            Self::Thaw => "/thaw",
            Self::Find => "/find мост Талас",
            Self::Who => "/who 12",
            Self::Shift => "/shift",
        }
    }

    /// What it does: 3 to 256 characters, as Telegram's menu wants it.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Start => "с чего начать",
            Self::Help => "как прислать статью и все команды",
            Self::Queue => "очередь: что и когда выйдет",
            Self::Drafts => "черновики: что ждёт решения",
            Self::Show => "показать карточку (номер)",
            Self::Approve => "одобрить: встанет в очередь (номер)",
            Self::Reject => "отклонить (номер)",
            Self::Now => "выпустить сразу, вне очереди (номер)",
            Self::At => "назначить время выхода (номер, время)",
            Self::Rubric => "сменить рубрику (номер, рубрика)",
            Self::Cancel => "снять с очереди в черновики (номер)",
            Self::History => "что уже вышло (можно день или слово)",
            Self::Status => "всё ли в порядке",
            Self::Edit => "исправить вышедший пост (номер)",
            Self::Delete => "убрать вышедший пост из канала (номер)",
            Self::Undo => "отменить своё последнее действие",
            Self::Freeze => "остановить публикацию во всех каналах (причина)",
            Self::Thaw => "снять заморозку",
            Self::Find => "найти по словам, номеру или ссылке",
            Self::Who => "кто и когда что сделал (номер)",
            Self::Shift => "сводка смены, обновляется сама",
        }
    }
}

impl CommandName {
    /// Whether an article's number comes after it.
    #[must_use]
    pub(crate) const fn takes_number(self) -> bool {
        matches!(
            self,
            Self::Show
                | Self::Approve
                | Self::Reject
                | Self::Now
                | Self::At
                | Self::Rubric
                | Self::Cancel
                | Self::Who
                | Self::Edit
                | Self::Delete
        )
    }

    /// What people call it in Russian, and other words for the same: nobody has to type them.
    const fn other_words(self) -> &'static [&'static str] {
        match self {
            Self::Start => &["старт", "начать", "начало"],
            Self::Help => &["помощь", "справка", "команды", "хелп", "commands"],
            Self::Queue => &["очередь", "план", "расписание", "plan"],
            Self::Drafts => &["черновики", "черновик", "draft"],
            Self::Show => &["показать", "покажи", "карточка", "card"],
            // Whoever wants to publish gets the one that takes its turn, not the one that goes out at once.
            Self::Approve => &[
                "одобрить",
                "одобри",
                "утвердить",
                "добро",
                "ok",
                "ок",
                "publish",
                "опубликовать",
                "выпустить",
            ],
            Self::Reject => &["отклонить", "отклони", "отказать", "отказ"],
            Self::Now => &["сразу", "сейчас", "срочно"],
            Self::At => &["время", "назначить", "перенести", "на", "move"],
            Self::Rubric => &["рубрика", "рубрику"],
            Self::Cancel => &["отмена", "отменить", "снять", "отмени"],
            Self::History => &["история", "вышло", "архив", "лента"],
            Self::Status => &["статус", "состояние", "порядок"],
            Self::Undo => &["назад", "вернуть", "back"],
            Self::Freeze => &["заморозить", "заморозка", "стоп", "stop", "траур"],
            Self::Thaw => &["разморозить", "оттаять", "unfreeze"],
            Self::Edit => &["исправить", "исправь", "правка"],
            Self::Delete => &["удалить", "убрать", "отозвать"],
            Self::Find => &["найти", "найди", "поиск", "искать", "search"],
            Self::Who => &["кто", "журнал", "log"],
            Self::Shift => &["смена", "сводка", "дежурство"],
        }
    }

    /// The command that was meant by a word that is none: mistyped, in Russian, or typed with the other keyboard layout.
    #[must_use]
    pub(crate) fn meant(word: &str) -> Option<Self> {
        if word.chars().count() > WORD_CHARS_MAX {
            return None;
        }
        let known = || {
            let words = |name: Self| std::iter::once(name.word()).chain(name.other_words().iter().copied());
            Self::ALL.into_iter().flat_map(move |name| words(name).map(move |word| (name, word)))
        };
        let word = word.to_lowercase();
        let typed = [word.clone(), in_the_other_layout(&word)];
        let named = |meant: &str| known().find(|(_, word)| *word == meant).map(|(name, _)| name);
        typed
            .iter()
            .find_map(|typed| named(typed))
            .or_else(|| typed.iter().find_map(|typed| named(nearest(typed, known().map(|(_, word)| word))?)))
    }
}

/// The keys of a keyboard with both layouts.
const LATIN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";

/// What the same keys write in the other layout.
fn in_the_other_layout(word: &str) -> String {
    let keys = || LATIN_KEYS.chars().zip(CYRILLIC_KEYS.chars());
    let other = |c: char| {
        let of = |(latin, cyrillic): (char, char)| match c {
            _ if c == latin => Some(cyrillic),
            _ if c == cyrillic => Some(latin),
            _ => None,
        };
        keys().find_map(of).unwrap_or(c)
    };
    word.chars().map(other).collect()
}

/// The help.
#[must_use]
pub fn help() -> String {
    let mut text = String::from(
        "Как прислать статью:\n\
         • файлом .txt, ссылка на статью в подписи;\n\
         • или сообщением: текст и ссылка;\n\
         • с картинкой: фото, а статья и ссылка в подписи к нему.\n\n\
         Первая строка текста — заголовок. Длинную статью присылайте файлом: длинное сообщение Telegram разрежет \
         на части. В ответ придёт пост в том виде, в каком его увидят подписчики, и карточка с кнопками. \
         Что одобрено, то и выйдет, слово в слово.\n\n\
         В группе обращайтесь ко мне командой, ответом на моё сообщение или через @имя.\n\n\
         Команды:\n",
    );
    for name in CommandName::ALL {
        text.push_str(name.example());
        text.push_str(" — ");
        text.push_str(name.about());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_or_of_the_keyboard_is_understood() {
        for (written, meant) in [
            ("aprove", Some(CommandName::Approve)),
            ("APPROWE", Some(CommandName::Approve)),
            ("фззкщму", Some(CommandName::Approve)),
            ("фзкщму", Some(CommandName::Approve)),
            ("очередь", Some(CommandName::Queue)),
            ("Очереть", Some(CommandName::Queue)),
            ("jxthtlm", Some(CommandName::Queue)),
            ("йгугу", Some(CommandName::Queue)),
            ("найди", Some(CommandName::Find)),
            ("смена", Some(CommandName::Shift)),
            ("кто", Some(CommandName::Who)),
            ("serch", Some(CommandName::Find)),
            ("weather", None),
            ("", None),
            (&"approve".repeat(100), None),
        ] {
            assert_eq!(CommandName::meant(written), meant, "{written}");
        }
    }

    #[test]
    fn no_word_means_two_commands() {
        let mut words: Vec<&str> = CommandName::ALL
            .iter()
            .flat_map(|name| name.other_words().iter().copied().chain([name.word()]))
            .collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
    }

    #[test]
    fn telegram_takes_every_command() {
        for name in CommandName::ALL {
            let word = name.word();
            assert!(word.len() <= 32 && word.bytes().all(|b| b.is_ascii_lowercase()), "{word}");
            let length = name.about().chars().count();
            assert!((3..=256).contains(&length), "{word}");
        }
    }
}
