//! The album: everything that the bot can say, with telling values, as one file to be read from beginning to end
//! (`snapshots/`). It holds the words' own rules: every public function is in it, full stops stand where they belong, an
//! answer to a press is shown whole.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, TimeZone as _};
use chrono_tz::Asia::Almaty;
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;

use super::*;
use crate::post::{ComposeError, Template};
use crate::views::{After, Fate, Hold, Leaving};

/// All that was said, and by which function.
#[derive(Default)]
struct Album {
    entries: Vec<(&'static str, String)>,
}

impl Album {
    fn add(&mut self, function: &'static str, said: impl Into<String>) {
        self.entries.push((function, said.into()));
    }

    fn names(&self) -> BTreeSet<&'static str> {
        self.entries.iter().map(|(function, _)| *function).collect()
    }
}

/// Calls functions of the words, or takes constants, and puts what they say into the album under their names.
macro_rules! say {
    ($album:ident: $($name:ident $(($($arg:expr),* $(,)?))?;)+) => {
        $( $album.add(stringify!($name), $name $(($($arg),*))?); )+
    };
}

mod after;
mod archive;
mod cards;
mod editing;
mod freeze;
mod listings;
mod messages;
mod presses;
mod queue;
mod rights;
mod troubles;

use presses::to_presses;

/// Half past two on a Wednesday.
fn now() -> DateTime<Tz> {
    at(25, 14, 30)
}

fn at(day: u32, hour: u32, minute: u32) -> DateTime<Tz> {
    Almaty.with_ymd_and_hms(2026, 11, day, hour, minute, 5).unwrap()
}

fn in_berlin(at: DateTime<Tz>) -> DateTime<Tz> {
    at.with_timezone(&Berlin)
}

fn numbers(articles: &[u32]) -> Vec<ArticleId> {
    articles.iter().map(|&article| ArticleId(article)).collect()
}

fn leaving(at: DateTime<Tz>, place: usize, hold: Option<Hold>) -> Leaving {
    Leaving { at, now: now().with_timezone(&at.timezone()), place, hold }
}

/// Names and numbers to be said.
struct Names<'n> {
    article: ArticleId,
    editor: &'n str,
    channel: &'n str,
    other: &'n str,
}

const USUAL: Names =
    Names {
        article: ArticleId(12), editor: "Анна", channel: "Central Asia Cronos", other: "Берлин"
    };
/// As long as an editor's name may be, and as long as a channel's sensibly is.
const LONG: Names = Names {
    article: ArticleId(98_765),
    editor: "Анна-Мария Константинопольская-Задунайск",
    channel: "Central Asia Cronos. Экономика и финансы",
    other: "Central Asia Cronos. Новости Узбекистана",
};

fn fate_approved(by: &str, plan: Leaving) -> Fate {
    Fate::Approved { by: By::Editor(by.to_owned()), at: now(), plan: Some(plan), now: now() }
}

fn published_and(after: After) -> Fate {
    let address = Some("https://t.me/cronos/7".to_owned());
    Fate::Published { by: By::Bot, at: now(), message_id: None, address, after: Some(after) }
}

/// Every fate of a post, each of its shapes.
fn fates(editor: &str) -> Vec<Fate> {
    let by = || By::Editor(editor.to_owned());
    let tonight = leaving(at(25, 18, 0), 0, None);
    vec![
        Fate::Draft { plan: None },
        Fate::Draft { plan: Some(leaving(now(), 0, None)) },
        Fate::Draft { plan: Some(tonight) },
        Fate::Draft { plan: Some(leaving(at(27, 9, 0), 11, None)) },
        Fate::Draft { plan: Some(leaving(now(), 0, Some(Hold::Paused))) },
        Fate::Draft { plan: Some(leaving(now(), 0, Some(Hold::Question(ArticleId(3))))) },
        fate_approved(editor, leaving(now(), 0, None)),
        fate_approved(editor, leaving(at(26, 9, 0), 1, None)),
        Fate::Approved { by: By::CommandLine, at: at(24, 23, 40), plan: Some(tonight), now: now() },
        Fate::Approved { by: By::CommandLine, at: now(), plan: None, now: now() },
        Fate::Sending { by: by() },
        Fate::InDoubt { by: by(), opens: now() + TimeDelta::minutes(1), cancel: false, looks: false },
        Fate::InDoubt { by: by(), opens: now() + TimeDelta::minutes(1), cancel: true, looks: false },
        Fate::InDoubt { by: by(), opens: now() + TimeDelta::minutes(1), cancel: false, looks: true },
        Fate::InDoubt { by: by(), opens: now() + TimeDelta::minutes(1), cancel: true, looks: true },
        Fate::Published { by: by(), at: now(), message_id: None, address: None, after: None },
        Fate::Published {
            by: by(),
            at: now(),
            message_id: None,
            address: Some("https://t.me/cronos/7".to_owned()),
            after: None,
        },
        Fate::Refused { why: "Bad Request: message is too long".to_owned() },
        Fate::Refused { why: "Bad Request: WALL_TOO_HIGH".to_owned() },
        Fate::Rejected { by: by(), at: now() },
        Fate::Rejected { by: By::Bot, at: now() },
        published_and(After::Mended { by: by(), at: at(25, 18, 20) }),
        published_and(After::UnderWay { by: by(), withdraws: false }),
        published_and(After::UnderWay { by: by(), withdraws: true }),
        published_and(After::Held { withdraws: false, changed_by_hand: true }),
        published_and(After::Held { withdraws: true, changed_by_hand: false }),
        Fate::Withdrawn { by: by(), at: now(), by_hand: false },
        Fate::Withdrawn { by: by(), at: now(), by_hand: true },
    ]
}

fn compose_errors() -> Vec<ComposeError> {
    let template = Template::compile("{{ nonsense }}").unwrap_err();
    vec![
        ComposeError::TooLong { units: 4_101, units_max: 4_096 },
        ComposeError::Empty,
        ComposeError::TooManyEntities { count: 101 },
        ComposeError::MarkHidden { mark: "Реклама. ТОО «Ромашка»".to_owned() },
        ComposeError::Template(template),
        ComposeError::WordsTooLong { units: 4_101, units_max: 4_096 },
        ComposeError::WordsHidden,
        ComposeError::WordsClash,
    ]
}

type Page = fn(&mut Album);

/// The album, page by page.
fn pages() -> Vec<(&'static str, Album)> {
    let rest: [(&str, Page); 10] = [
        ("Answers to messages", messages::fill),
        ("Cards", cards::fill),
        ("A freeze", freeze::fill),
        ("Rights", rights::fill),
        ("Lists", listings::fill),
        ("Looking back", archive::fill),
        ("Troubles", troubles::fill),
        ("Labels", cards::labels),
        ("After publication", after::fill),
        ("Editing", editing::fill),
    ];
    let mut pages = vec![("Answers to presses", to_presses(&USUAL))];
    for (title, fill) in rest {
        let mut album = Album::default();
        fill(&mut album);
        pages.push((title, album));
    }
    pages
}

/// The sources of the words.
const SOURCES: [(&str, &str); 20] = [
    ("after", include_str!("after.rs")),
    ("mod", include_str!("mod.rs")),
    ("answers", include_str!("answers.rs")),
    ("archive", include_str!("archive.rs")),
    ("card", include_str!("card.rs")),
    ("commands", include_str!("commands.rs")),
    ("editing", include_str!("editing.rs")),
    ("freeze", include_str!("freeze.rs")),
    ("keys", include_str!("keys.rs")),
    ("lists", include_str!("lists.rs")),
    ("looking", include_str!("looking.rs")),
    ("notices", include_str!("notices.rs")),
    ("pictures", include_str!("pictures.rs")),
    ("queue", include_str!("queue.rs")),
    ("rights", include_str!("rights.rs")),
    ("shift", include_str!("shift.rs")),
    ("times", include_str!("times.rs")),
    ("trail", include_str!("trail.rs")),
    ("trouble", include_str!("trouble.rs")),
    ("warnings", include_str!("warnings.rs")),
];

/// The names of what the words say, read off their sources: public functions and constants of text.
fn public_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in SOURCES.iter().flat_map(|(_, source)| source.lines()).map(str::trim) {
        let rest =
            ["pub fn ", "pub const fn ", "pub const "].iter().find_map(|begin| line.strip_prefix(begin));
        let is_said = line.contains('(') || line.contains(": &str");
        names.extend(rest.filter(|_| is_said).map(first_word));
    }
    names
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The album as one text.
pub(super) fn whole() -> String {
    let mut whole = String::new();
    for (title, album) in pages() {
        let _ = writeln!(whole, "═══ {title} ═══");
        let mut last = "";
        for (function, said) in album.entries {
            if function != last {
                let _ = writeln!(whole, "\n[{function}]");
                last = function;
            }
            let _ = writeln!(
                whole,
                "{}",
                said.lines().map(|line| format!("│ {line}").trim_end().to_owned() + "\n").collect::<String>()
            );
        }
    }
    whole.replace("\n\n\n", "\n\n")
}

#[test]
fn the_album_is_read_as_a_whole() {
    insta::assert_snapshot!("album", whole());
}

#[test]
fn everything_public_is_in_the_album() {
    let shown: BTreeSet<String> =
        pages().iter().flat_map(|(_, album)| album.names()).map(ToOwned::to_owned).collect();
    let missing: Vec<String> = public_names().difference(&shown).cloned().collect();
    assert!(missing.is_empty(), "add to src/words/album.rs: {missing:?}");
    // Modules of tests say nothing.
    for module in include_str!("mod.rs").lines().filter_map(|line| line.strip_prefix("mod ")).map(first_word)
    {
        let is_known = SOURCES.iter().any(|(known, _)| *known == module);
        assert!(
            is_known || ["album", "handbook", "tests"].contains(&module.as_str()),
            "add {module} to SOURCES"
        );
    }
    assert!(shown.len() > 100 && public_names().contains("stranger") && public_names().contains("APPROVE"));
}

#[test]
fn an_answer_to_a_press_is_shown_whole() {
    for names in [USUAL, LONG] {
        for (function, said) in to_presses(&names).entries {
            assert_eq!(within_one_answer(&said), said, "{function}: {} characters", said.chars().count());
        }
    }
}

#[test]
fn the_album_knows_what_presses_are_answered_with() {
    /// What is said elsewhere by the same code: to commands and to the other desks.
    const NOT_TO_PRESSES: [&str; 13] = [
        "time_not_understood",
        "time_too_far",
        "which_time",
        "rubric_wanted",
        "unknown_rubric",
        "rubric_stays",
        "rubric_set",
        "no_rubric_now",
        // Too long for a press where names are: what is cut off there is that the administrator must mend bot.toml.
        "no_post_any_more",
        "within_one_answer",
        "doubt_settled",
        "channel_works_again",
        "status",
    ];
    let known = to_presses(&USUAL).names();
    for source in [include_str!("../newsroom/press.rs"), include_str!("../newsroom/acts.rs")] {
        for called in source.split("words::").skip(1).filter(|rest| !rest.starts_with('{')).map(first_word) {
            let is_known = known.contains(called.as_str()) || NOT_TO_PRESSES.contains(&called.as_str());
            assert!(called.is_empty() || is_known, "say whether {called} answers a press");
        }
    }
}

#[test]
fn full_stops_stand_where_they_belong() {
    for (title, album) in pages() {
        if ["Cards", "Lists", "Looking back", "Labels"].contains(&title) {
            continue;
        }
        for (function, said) in album.entries {
            if ["word", "example", "about", "help", "refusal"].contains(&function) {
                continue;
            }
            let last_word = said.split_whitespace().last().unwrap_or_default();
            let tails = [". ", "? ", "\n\n"].into_iter().filter_map(|end| Some(said.rsplit_once(end)?.1));
            let tail = tails.min_by_key(|tail| tail.len()).unwrap_or_default();
            let is_open = last_word.starts_with("https://") || tail.contains(['/', ':']);
            let sentences = said.split_whitespace().filter(|word| word.ends_with(['.', '?', '!'])).count();
            let ends = said.ends_with(['.', '?', '!']);
            assert!(!ends || sentences > 1, "one sentence takes no full stop, {function}: {said}");
            assert!(ends || is_open || sentences == 0, "several sentences take one, {function}: {said}");
        }
    }
}
