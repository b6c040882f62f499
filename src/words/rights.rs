//! What is said of rights, and of approvals that take two.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::stands;
use crate::ids::ArticleId;
use crate::russian;

/// To an author who wants to decide.
#[must_use]
pub fn editors_matter() -> String {
    "Это решает редактор. Вы в списке как автор: присылайте статьи и правьте свои, одобрит их коллега."
        .to_owned()
}

/// To an editor who wants to do what the chief does.
#[must_use]
pub fn chiefs_matter() -> String {
    "Это может только главный редактор, обратитесь к нему".to_owned()
}

/// The draft's author may not approve it.
#[must_use]
pub fn own_work(article: ArticleId) -> String {
    format!("№{article} прислали или правили вы, поэтому одобрить его должен другой редактор")
}

/// The first of two approvals; `again`: the same person pressed before.
#[must_use]
pub fn first_word_noted(article: ArticleId, again: bool) -> String {
    let noted = if again {
        "Ваше одобрение уже есть"
    } else {
        "Ваше одобрение принято"
    };
    format!("{noted}. №{article} выйдет, когда его одобрит ещё один редактор.")
}

/// To colleagues: somebody has approved, and one more must.
#[must_use]
pub fn second_wanted(article: ArticleId, by: &str) -> String {
    stands(article, &format!("нужно второе одобрение (первое: {by})"))
}

/// The line of a card that waits for a second approval.
#[must_use]
pub fn second_line(by: &str, at: &DateTime<Tz>) -> String {
    let mut line = String::from("Первое одобрение: ");
    let _ = write!(line, "{by} в {}, нужно второе", russian::clock(at));
    line
}
