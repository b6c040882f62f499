//! The commands of the desk: their words and what they do, from which the help and Telegram's menu are made.

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
    /// `/undo`
    Undo,
    /// `/freeze`
    Freeze,
    /// `/thaw`
    Thaw,
}

impl CommandName {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 16] = [
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
        Self::History,
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
            Self::Undo => "undo",
            Self::Freeze => "freeze",
            Self::Thaw => "thaw",
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
            Self::Undo => "/undo",
            Self::Freeze => "/freeze траур",
            Self::Thaw => "/thaw",
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
            Self::History => "что уже вышло",
            Self::Status => "всё ли в порядке",
            Self::Undo => "отменить своё последнее действие",
            Self::Freeze => "остановить публикацию во всех каналах (причина)",
            Self::Thaw => "снять заморозку",
        }
    }
}

/// The help.
#[must_use]
pub fn help() -> String {
    let mut text = String::from(
        "Как прислать статью:\n\
         • файлом .txt, ссылка на статью в подписи;\n\
         • или сообщением: текст и ссылка.\n\n\
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
    fn telegram_takes_every_command() {
        for name in CommandName::ALL {
            let word = name.word();
            assert!(word.len() <= 32 && word.bytes().all(|b| b.is_ascii_lowercase()), "{word}");
            let length = name.about().chars().count();
            assert!((3..=256).contains(&length), "{word}");
        }
    }
}
