//! The commands that editors type: their names and how they are read.

use crate::ids::ArticleId;
use crate::words::CommandName as Name;

/// What an editor asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// Say hello and explain.
    Start,
    /// List the commands.
    Help,
    /// What goes out when.
    Queue,
    /// What waits for a decision.
    Drafts,
    /// The card once more.
    Show(ArticleId),
    /// Approve as last shown.
    Approve(ArticleId),
    /// Turn down.
    Reject(ArticleId),
    /// Out at once.
    Now(ArticleId),
    /// Out at that time; empty to be asked for it.
    At(ArticleId, String),
    /// Another rubric; empty to ask which there are.
    Rubric(ArticleId, String),
    /// Nothing goes out, for this reason.
    Freeze(String),
    /// Posts go out again.
    Thaw,
    /// Back to the drafts.
    Cancel(ArticleId),
    /// What has come out: the newest, or by a day or by words.
    History(String),
    /// Articles by words, number or link.
    Find(String),
    /// Who did what to it, and when.
    Who(ArticleId),
    /// The shift's summary.
    Shift,
    /// How the bot is.
    Status,
    /// Mend what is out.
    Edit(ArticleId),
    /// Withdraw what is out.
    Delete(ArticleId),
    /// Take back one's last act.
    Undo,
}

/// Why a command could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CommandError {
    /// There is no such command.
    Unknown {
        /// What was typed for one, without the slash.
        typed: String,
        /// The command that may have been meant.
        meant: Option<Name>,
        /// The article that was named, where the command meant takes one.
        article: Option<ArticleId>,
    },
    /// It needs an article's number, and there was none or something else.
    NumberWanted(Name),
}

/// Reads a message as a command: `/approve 12`, `/approve@our_bot 12`, `/approve_12`.
///
/// `None`: it is no command, or one for another bot.
#[must_use]
pub(super) fn parse(text: &str, bot_username: &str) -> Option<Result<Command, CommandError>> {
    let rest = text.trim().strip_prefix('/')?;
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (word, to) = word.split_once('@').unwrap_or((word, bot_username));
    if !to.eq_ignore_ascii_case(bot_username) {
        return None;
    }
    // A space can't be part of a command that one taps, so lists print `/show_12`.
    let (word, tapped) = word.split_once('_').unwrap_or((word, ""));
    let arguments = format!("{tapped} {rest}");
    let lower = word.to_ascii_lowercase();
    let Some(name) = Name::ALL.into_iter().find(|name| name.word() == lower) else {
        let meant = Name::meant(word);
        let first = arguments.split_whitespace().next().unwrap_or_default();
        let article = meant.filter(|name| name.takes_number()).and_then(|_| article(first));
        return Some(Err(CommandError::Unknown { typed: word.to_owned(), meant, article }));
    };
    Some(with_arguments(name, arguments.trim()))
}

/// The command of this name, given without anything else.
pub(super) fn of_name(name: Name) -> Result<Command, CommandError> {
    with_arguments(name, "")
}

fn with_arguments(name: Name, arguments: &str) -> Result<Command, CommandError> {
    let (first, rest) = arguments.split_once(char::is_whitespace).unwrap_or((arguments, ""));
    let number = || article(first).ok_or(CommandError::NumberWanted(name));
    Ok(match name {
        Name::Start => Command::Start,
        Name::Help => Command::Help,
        Name::Queue => Command::Queue,
        Name::Drafts => Command::Drafts,
        Name::History => Command::History(arguments.to_owned()),
        Name::Find => Command::Find(arguments.to_owned()),
        Name::Shift => Command::Shift,
        Name::Who => Command::Who(number()?),
        Name::Status => Command::Status,
        Name::Undo => Command::Undo,
        Name::Freeze => Command::Freeze(arguments.to_owned()),
        Name::Thaw => Command::Thaw,
        Name::Show => Command::Show(number()?),
        Name::Approve => Command::Approve(number()?),
        Name::Reject => Command::Reject(number()?),
        Name::Now => Command::Now(number()?),
        Name::Cancel => Command::Cancel(number()?),
        Name::Edit => Command::Edit(number()?),
        Name::Delete => Command::Delete(number()?),
        Name::Rubric => Command::Rubric(number()?, rest.trim().to_owned()),
        Name::At => Command::At(number()?, rest.trim().to_owned()),
    })
}

fn article(word: &str) -> Option<ArticleId> {
    let digits = word.trim_start_matches(['№', '#']);
    // `parse` alone would take «+12».
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|&number| number > 0).map(ArticleId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_editors_type() {
        let twelve = ArticleId(12);
        for (text, command) in [
            ("/approve 12", Command::Approve(twelve)),
            ("/approve@desk_bot 12", Command::Approve(twelve)),
            ("/APPROVE №12", Command::Approve(twelve)),
            ("/show_12", Command::Show(twelve)),
            ("/show_12@desk_bot", Command::Show(twelve)),
            ("/at 12 завтра 9:00", Command::At(twelve, "завтра 9:00".to_owned())),
            ("/at_12", Command::At(twelve, String::new())),
            ("  /queue  ", Command::Queue),
            ("/rubric 12  Спорт и туризм ", Command::Rubric(twelve, "Спорт и туризм".to_owned())),
            ("/rubric_12", Command::Rubric(twelve, String::new())),
            ("/now\n#12", Command::Now(twelve)),
            ("/history", Command::History(String::new())),
            ("/history вчера", Command::History("вчера".to_owned())),
            ("/find  мост через Талас ", Command::Find("мост через Талас".to_owned())),
            ("/who_12", Command::Who(twelve)),
            ("/shift", Command::Shift),
        ] {
            assert_eq!(parse(text, "desk_bot"), Some(Ok(command)), "{text}");
        }
    }

    #[test]
    fn says_what_is_missing() {
        let unknown = |typed: &str, meant, article: Option<u32>| {
            let (typed, article) = (typed.to_owned(), article.map(ArticleId));
            CommandError::Unknown { typed, meant, article }
        };
        for (text, error) in [
            ("/approve", CommandError::NumberWanted(Name::Approve)),
            ("/approve ١٢", CommandError::NumberWanted(Name::Approve)),
            ("/approve -1", CommandError::NumberWanted(Name::Approve)),
            ("/approve +1", CommandError::NumberWanted(Name::Approve)),
            ("/approve 0", CommandError::NumberWanted(Name::Approve)),
            ("/approve 99999999999", CommandError::NumberWanted(Name::Approve)),
            ("/who", CommandError::NumberWanted(Name::Who)),
            ("/aprove 12", unknown("aprove", Some(Name::Approve), Some(12))),
            ("/фззкщму №12", unknown("фззкщму", Some(Name::Approve), Some(12))),
            ("/очередь 12", unknown("очередь", Some(Name::Queue), None)),
            ("/weather 12", unknown("weather", None, None)),
            ("/", unknown("", None, None)),
        ] {
            assert_eq!(parse(text, "desk_bot"), Some(Err(error)), "{text}");
        }
    }

    #[test]
    fn leaves_other_bots_alone() {
        assert_eq!(parse("/approve@other_bot 12", "desk_bot"), None);
        assert_eq!(parse("одобрить 12", "desk_bot"), None);
    }
}
