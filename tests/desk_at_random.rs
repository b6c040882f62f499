//! Editors, strangers, Telegram and the clock at random, through the newsroom's heart: whatever happens, a post comes out
//! at most once, only as it was shown, only if an editor approved it; and the journal alone gives the same state.

#![allow(clippy::unwrap_used, reason = "a history that can't go on ends loudly")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

#[path = "../examples/year/simulation/desk.rs"]
mod desk;

use chrono::{DateTime, TimeDelta, Utc};
use desk::{Desk, fingerprint};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use vestnik::article::Part;
use vestnik::config::Config;
use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{
    AmendOutcome, Content, Delivery, Depth, Document, Effect, Event, FetchError, Input, Line, LookError,
    Message, Newsroom, Now, Outcome, Person, Pick, Press, Publication, QueueTap, Recovery, Rules, ShownPhoto,
    State, Story, Tap, Update, Whose, Withdrawal,
};
use vestnik::post::Post;
use vestnik::schedule;
use vestnik::words::CommandName;

const EDITORS: [u64; 2] = [101, 102];
const STRANGER: u64 = 999;
const CHANNELS: [ChatId; 2] = [ChatId(-1_001_000_000_001), ChatId(-1_001_000_000_002)];

const SETTINGS: &str = r#"
[desk]
editors = [101, 102]
[[channels]]
id = -1001000000001
name = "Первый"
[[channels]]
id = -1001000000002
name = "Второй"
slots = ["daily every 30m 08:00-22:00"]
gap = "5m"
"#;

/// What a start may find in `bot.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settings {
    Usual,
    OtherTemplate,
    /// The law asks for a mark in the first channel.
    Marked,
    /// The second channel takes only its rubric.
    Routed,
    /// The second channel is gone.
    OneChannel,
}

const MARK: &str = "18+";

fn rules(settings: Settings) -> Rules {
    let tag = if settings == Settings::OtherTemplate { "i" } else { "b" };
    let marks = if settings == Settings::Marked { format!("marks = [\"{MARK}\"]\n") } else { String::new() };
    let first = format!(
        "name = \"Первый\"\n{marks}template = '{{{{ marks }}}} <{tag}>{{{{ title }}}}</{tag}> {{{{ summary }}}} <a href=\"{{{{ link }}}}\">Сайт</a>'"
    );
    let mut text = SETTINGS.replace("name = \"Первый\"", &first);
    match settings {
        Settings::Routed => text.push_str("rubrics = [\"Спорт\"]\n"),
        Settings::OneChannel => text.truncate(text.rfind("[[channels]]").unwrap()),
        Settings::Usual | Settings::OtherTemplate | Settings::Marked => {}
    }
    let mut config = Config::parse(&text, "bot.toml", Path::new("")).unwrap();
    // Time passes here only when it is told to.
    config.pacing = None;
    config.into_rules("desk_bot".to_owned(), |_| None)
}

/// What happens next.
#[derive(Debug, Clone)]
enum Act {
    Writes {
        who: u64,
        text: String,
    },
    Presses {
        who: u64,
        tap: Tap,
    },
    /// Sends an article under a picture; now and then as an answer to one of the last messages.
    SendsPicture {
        who: u64,
        text: String,
        file: File,
        answers: usize,
    },
    PressesNoise {
        data: String,
    },
    /// Presses a button that some message shows, but under another message.
    PressesElsewhere {
        who: usize,
        which: usize,
        message: i32,
    },
    /// Presses a button that some message of the bot really shows.
    PressesShown {
        who: usize,
        which: usize,
    },
    Telegram {
        answer: Answer,
    },
    Passes {
        seconds: i64,
    },
    Restarts {
        with: Settings,
    },
    PostsByHand {
        channel: usize,
        id: i32,
    },
    /// Wants a post that is out mended or withdrawn, confirms it, and where the bot asks, lets it go on.
    Amends {
        who: usize,
        which: usize,
        text: u32,
        withdraws: bool,
        goes_on: bool,
    },
    /// The disk is lost, and a backup brought back that holds so much of the journal.
    IsRestored {
        share: f64,
    },
}

/// What Telegram gives for a file.
#[derive(Debug, Clone, Copy)]
enum File {
    Picture(u8),
    NoPicture,
    Gone,
    TooLarge,
    Later,
}

/// What becomes of a request to post, as only the world knows.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Accepted,
    AcceptedUnheard,
    LostUnheard,
    LateUnheard,
    NotAccepted,
    Flood,
    RefusedPost,
    RefusedChannel,
}

/// What stands for an article's number: one of the few that there are, and what is none.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => (1u32..5).prop_map(|number| number.to_string()),
        1 => (1u32..5).prop_map(|number| format!("№{number}")),
        1 => prop_oneof![
            Just("١٢"),
            Just("-1"),
            Just("+1"),
            Just("0"),
            Just("01"),
            Just("4294967296"),
            Just("99999999999999999999999"),
            Just("1.5"),
        ]
        .prop_map(str::to_owned),
    ]
}

/// Every command that there is, with whatever may come after it.
fn command() -> impl Strategy<Value = String> {
    let time = prop_oneof![
        Just("18:30"),
        Just("завтра утром"),
        Just("вечером"),
        Just("9"),
        Just("через 20 минут"),
        Just("через ٣ часа"),
        Just("в пятницу в 25:61"),
        Just("31 февраля"),
        Just("через 99999999999 лет"),
        Just(""),
    ];
    let rest = prop_oneof![
        6 => (number(), time).prop_map(|(number, time)| format!(" {number} {time}")),
        2 => (number(), prop_oneof![Just("Спорт"), Just("нет"), Just("Такой нет")])
            .prop_map(|(number, rubric)| format!(" {number} {rubric}")),
        1 => number().prop_map(|number| format!("_{number}")),
        1 => prop_oneof![Just(" вчера"), Just(" событие"), Just(" траур"), Just(" https://cronos.asia/1"), Just("")]
            .prop_map(str::to_owned),
        1 => " \\PC{0,64}",
    ];
    (proptest::sample::select(&CommandName::ALL), rest)
        .prop_map(|(name, rest)| format!("/{}{rest}", name.word()))
}

fn story() -> impl Strategy<Value = String> {
    let title = prop_oneof![
        12 => (1u32..4).prop_map(|link| format!("Заголовок {link}")),
        1 => Just("Ж".repeat(4096)),
    ];
    (title, 1u32..4, 1u32..4, any::<bool>()).prop_map(|(title, link, text, sport)| {
        let rubric = if sport { "Рубрика: Спорт\n\n" } else { "" };
        format!(
            "{title}\n\n{rubric}Случилось событие {text}. Подробности позже.\n\nhttps://cronos.asia/{link}"
        )
    })
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => command(),
        4 => story(),
        1 => "\\PC{0,40}",
        1 => Just("https://cronos.asia/9".to_owned()),
        1 => Just("Без ссылки\n\nСлучилось событие. Подробности позже.".to_owned()),
    ]
}

/// What a button may carry, and no button of ours does.
fn noise() -> impl Strategy<Value = String> {
    let bytes = proptest::collection::vec(any::<u8>(), 64);
    prop_oneof![
        "\\PC{0,64}",
        "[a-z]{1,2}(\\.[0-9a-f-]{0,20}){1,4}",
        "[a-z]{1,2}(\\.[٠-٩]{1,3}){1,3}",
        bytes.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}

/// Every tap that there is; that none is left out is asserted below.
fn tap() -> impl Strategy<Value = Tap> {
    let digest = || Just("0123456789abcdef".to_owned());
    let moment = prop_oneof![4 => 1_790_000_000i64..1_791_000_000, 1 => -62_000_000_000i64..250_000_000_000]
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    let pick = (0u8..3, moment.clone()).prop_map(|(kind, at)| match kind {
        0 => Pick::AtOnce,
        1 => Pick::Moment(at),
        _ => Pick::Wall(at.naive_utc()),
    });
    let article = prop_oneof![12 => 1u32..5, 1 => any::<u32>()].prop_map(ArticleId);
    let channel = prop_oneof![12 => proptest::sample::select(&CHANNELS), 1 => any::<i64>().prop_map(ChatId)];
    let version = prop_oneof![12 => 1u32..4, 1 => any::<u32>()];
    let parts = [
        None,
        Some(Part::Title),
        Some(Part::Words),
        Some(Part::Link),
        Some(Part::Hashtags),
        Some(Part::Rubric),
    ];
    let part = proptest::sample::select(parts.to_vec());
    (0..TAPS, article, version, channel, 1u64..60, pick, digest(), (moment, part)).prop_map(
        |(kind, article, version, channel, seq, pick, digest, (moment, part))| match kind {
            0 => Tap::Approve(article, version),
            1 => Tap::ApproveNow(article, version),
            2 => Tap::Now(article, version),
            3 => Tap::Reject(article, version),
            4 => Tap::Cancel(article, version),
            5 => Tap::Restore(article, version),
            6 => Tap::TakeOffer(article, digest),
            7 => Tap::KeepText(article, digest),
            8 => Tap::Came(article, channel, version),
            9 => Tap::NotCame(article, channel, version),
            10 => Tap::Retry(article, channel, version),
            11 => Tap::Withdraw(article, channel, version),
            12 => Tap::Resume(channel, seq),
            13 => Tap::Except(article, version),
            14 => Tap::Refresh(digest),
            15 => Tap::At(article, version, pick, digest),
            16 => Tap::WithoutPicture(article, version),
            17 => Tap::Queue(QueueTap::Page(version)),
            18 => Tap::Queue(QueueTap::Open(article, channel)),
            19 => Tap::Queue(QueueTap::Times(article, channel)),
            20 => Tap::Queue(QueueTap::Up(article, channel, digest)),
            21 => Tap::Queue(QueueTap::Down(article, channel, digest)),
            22 => Tap::Queue(QueueTap::First(article, channel, digest)),
            23 => Tap::Queue(QueueTap::Pin(article, channel, digest, moment)),
            24 => Tap::Queue(QueueTap::Unpin(article, channel, digest)),
            25 => Tap::Queue(QueueTap::Remove(article, channel, digest)),
            26 => Tap::Mend(article, version),
            27 => Tap::MendMarked(article, version),
            28 => Tap::Unpublish(article, version),
            29 => Tap::LeaveAsIs(article, version),
            30 => Tap::GoOn(article, channel, version),
            31 => Tap::LeaveHere(article, channel, version),
            32 => Tap::Edit(article, version),
            33 => Tap::EditPart(article, version, part),
            34 => Tap::SetRubric(article, version, None),
            35 => Tap::TakeBack(article, version, version.saturating_sub(1)),
            _ => Tap::StopEditing(article),
        },
    )
}

/// How many kinds of taps there are.
const TAPS: usize = 37;

/// Which kind of tap it is. A new one does not compile here before it has a number, and [`TAPS`] one more.
fn kind_of(tap: &Tap) -> usize {
    match tap {
        Tap::Approve(..) => 0,
        Tap::ApproveNow(..) => 1,
        Tap::Now(..) => 2,
        Tap::Reject(..) => 3,
        Tap::Cancel(..) => 4,
        Tap::Restore(..) => 5,
        Tap::TakeOffer(..) => 6,
        Tap::KeepText(..) => 7,
        Tap::Came(..) => 8,
        Tap::NotCame(..) => 9,
        Tap::Retry(..) => 10,
        Tap::Withdraw(..) => 11,
        Tap::Resume(..) => 12,
        Tap::Except(..) => 13,
        Tap::Refresh(_) => 14,
        Tap::At(..) => 15,
        Tap::WithoutPicture(..) => 16,
        Tap::Queue(QueueTap::Page(_)) => 17,
        Tap::Queue(QueueTap::Open(..)) => 18,
        Tap::Queue(QueueTap::Times(..)) => 19,
        Tap::Queue(QueueTap::Up(..)) => 20,
        Tap::Queue(QueueTap::Down(..)) => 21,
        Tap::Queue(QueueTap::First(..)) => 22,
        Tap::Queue(QueueTap::Pin(..)) => 23,
        Tap::Queue(QueueTap::Unpin(..)) => 24,
        Tap::Queue(QueueTap::Remove(..)) => 25,
        Tap::Mend(..) => 26,
        Tap::MendMarked(..) => 27,
        Tap::Unpublish(..) => 28,
        Tap::LeaveAsIs(..) => 29,
        Tap::GoOn(..) => 30,
        Tap::LeaveHere(..) => 31,
        Tap::Edit(..) => 32,
        Tap::EditPart(..) => 33,
        Tap::SetRubric(..) => 34,
        Tap::TakeBack(..) => 35,
        Tap::StopEditing(_) => 36,
    }
}

fn file() -> impl Strategy<Value = File> {
    prop_oneof![
        8 => (1u8..5).prop_map(File::Picture),
        1 => Just(File::NoPicture),
        1 => Just(File::Gone),
        1 => Just(File::TooLarge),
        1 => Just(File::Later),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let who = prop_oneof![Just(EDITORS[0]), Just(EDITORS[1]), Just(STRANGER)];
    let answer = prop_oneof![
        6 => Just(Answer::Accepted), 2 => Just(Answer::AcceptedUnheard), 2 => Just(Answer::LostUnheard), 2 => Just(Answer::LateUnheard),
        1 => Just(Answer::NotAccepted), 1 => Just(Answer::Flood), 1 => Just(Answer::RefusedPost),
        1 => Just(Answer::RefusedChannel),
    ];
    let settings = prop_oneof![
        Just(Settings::Usual),
        Just(Settings::OtherTemplate),
        Just(Settings::Marked),
        Just(Settings::Routed),
        Just(Settings::OneChannel),
    ];
    prop_oneof![
        4 => (who.clone(), words()).prop_map(|(who, text)| Act::Writes { who, text }),
        2 => (who.clone(), story(), file(), 0usize..90).prop_map(
            |(who, text, file, answers)| Act::SendsPicture { who, text, file, answers }
        ),
        2 => (who, tap()).prop_map(|(who, tap)| Act::Presses { who, tap }),
        1 => noise().prop_map(|data| Act::PressesNoise { data }),
        8 => (0usize..2, 0usize..64).prop_map(|(who, which)| Act::PressesShown { who, which }),
        1 => (0usize..2, 0usize..64, any::<i32>()).prop_map(
            |(who, which, message)| Act::PressesElsewhere { who, which, message }
        ),
        6 => answer.prop_map(|answer| Act::Telegram { answer }),
        4 => prop_oneof![6 => 1i64..70, 6 => 600i64..4000, 1 => 36_000i64..360_000].prop_map(|seconds| Act::Passes { seconds }),
        1 => settings.prop_map(|with| Act::Restarts { with }),
        1 => (0usize..2, 1i32..50).prop_map(|(channel, id)| Act::PostsByHand { channel, id }),
        2 => (0usize..2, 0usize..8, 1u32..6, any::<bool>(), any::<bool>()).prop_map(
            |(who, which, text, withdraws, goes_on)| Act::Amends { who, which, text, withdraws, goes_on }
        ),
        1 => (0.0..1.0f64).prop_map(|share| Act::IsRestored { share }),
    ]
}

/// The world around the newsroom: its journal, its clock, the chats and the channels.
struct World {
    newsroom: Newsroom,
    settings: Settings,
    journal: Vec<String>,
    utc: DateTime<Utc>,
    started: DateTime<Utc>,
    requests: VecDeque<(ArticleId, Post)>,
    /// Posts that will appear although their answer was lost, and when.
    late: Vec<(DateTime<Utc>, ArticleId, Post)>,
    /// What stands in the channels, and under which article's claim it came there.
    channels: BTreeMap<ChatId, Vec<(ArticleId, Post)>>,
    /// What the editors have before their eyes.
    desk: Desk,
    approvals: BTreeSet<(ArticleId, ChatId, String)>,
    /// What is excepted from the freeze in force, if one is.
    frozen: Option<BTreeSet<ArticleId>>,
    files: Vec<File>,
    last_message: i32,
    last_update: u32,
    /// What was deleted at an editor's word, whether or not the newsroom heard of it, or has forgotten it with its disk.
    deleted: BTreeSet<(ArticleId, ChatId)>,
    /// How many requests there were to mend or withdraw a post.
    amended: u32,
}

/// A newsroom that Telegram gives its updates, as it must before anything is claimed.
fn hearing(state: State, rules: Rules) -> Newsroom {
    let mut newsroom = Newsroom::new(state, rules);
    newsroom.hears(true);
    newsroom
}

impl World {
    fn new() -> Self {
        let utc = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let mut world = Self {
            newsroom: hearing(State::default(), rules(Settings::Usual)),
            settings: Settings::Usual,
            journal: Vec::new(),
            utc,
            started: utc,
            requests: VecDeque::new(),
            late: Vec::new(),
            channels: BTreeMap::new(),
            desk: Desk::default(),
            approvals: BTreeSet::new(),
            frozen: None,
            files: Vec::new(),
            last_message: 0,
            last_update: 0,
            deleted: BTreeSet::new(),
            amended: 0,
        };
        world.take(&Input::Started { channels: Vec::new() });
        world
    }

    fn now(&self) -> Now {
        Now { utc: self.utc, mono: (self.utc - self.started).to_std().unwrap() }
    }

    fn take(&mut self, input: &Input) -> bool {
        let now = self.now();
        let decision = self.newsroom.decide(input, now);
        for answer in &decision.answers {
            // The queue's message changes where nothing else is to be said.
            let is_shown = matches!(input, Input::Update { what: Update::Press(press), .. }
                if matches!(Tap::parse(&press.data), Some(Tap::Queue(_))));
            assert!(
                matches!(answer, Effect::Answer { text, .. } if !text.is_empty() || is_shown)
                    || matches!(answer, Effect::Menu { .. }),
                "{answer:?}"
            );
        }
        for event in &decision.events {
            self.notes_freeze(event);
            if let Event::Approved { article, approval } = event {
                let print = self.desk.check(&self.as_seen(input), approval).unwrap();
                self.approvals.insert((*article, approval.post.chat_id, print));
            }
            if let Event::AmendmentConfirmed { article, posts, .. } = event {
                let sealed = posts.iter().map(|post| (*article, post.chat_id, fingerprint(post)));
                self.approvals.extend(sealed);
            }
        }
        let line = (!decision.events.is_empty()).then(|| Line {
            v: Line::VERSION,
            seq: self.newsroom.state().seq + 1,
            at: now.utc,
            cause: input.cause(),
            events: decision.events,
        });
        if let Some(line) = &line {
            self.journal.push(serde_json::to_string(line).unwrap());
        }
        self.newsroom.apply(input, line.as_ref(), now);
        line.is_some()
    }

    /// A message below a card's posts may be the card's own, of whose arrival nobody has heard: there it counts that the
    /// desk was shown the post, not what stands above a message that nobody knows.
    fn as_seen(&self, input: &Input) -> Input {
        match input {
            Input::Update { id, what: Update::Press(press) }
                if press.message.is_some_and(|(chat, id)| !self.desk.buttons.contains_key(&(chat, id.0))) =>
            {
                Input::Update { id: *id, what: Update::Press(Press { message: None, ..press.clone() }) }
            }
            input => input.clone(),
        }
    }

    fn notes_freeze(&mut self, event: &Event) {
        match event {
            Event::Frozen { .. } => assert!(self.frozen.replace(BTreeSet::new()).is_none(), "frozen once"),
            Event::Thawed { .. } => assert!(self.frozen.take().is_some(), "thawed once"),
            Event::FreezeExcepted { article, .. } => {
                self.frozen.as_mut().unwrap().insert(*article);
            }
            Event::Claimed { article, .. } => {
                let is_held = self.frozen.as_ref().is_some_and(|except| !except.contains(article));
                assert!(!is_held, "{article} is claimed during a freeze");
            }
            _ => {}
        }
    }

    /// Lets the newsroom do all it wants to do now: every message to the desk arrives at once.
    fn settle(&mut self) {
        for _ in 0..400 {
            while let Some(pick) = self.pick() {
                assert!(self.take(&pick), "a due post of a ready channel may go: {pick:?}");
                self.release();
            }
            if !self.release() {
                return;
            }
        }
        panic!("the newsroom never comes to rest");
    }

    fn pick(&self) -> Option<Input> {
        let state = self.newsroom.state();
        self.newsroom.ready_channels(self.now()).find_map(|channel| {
            let (mut waiting, past) = (state.waiting(channel.id), state.past(channel.id));
            waiting.retain(|waiting| !state.is_frozen(waiting.article));
            let due = schedule::next(&channel.timetable, &waiting, &past, self.utc)?;
            let (article, slot) = (due.article, due.slot);
            (due.at <= self.utc).then_some(Input::Pick { article, channel: channel.id, slot, seq: state.seq })
        })
    }

    fn release(&mut self) -> bool {
        let now = self.now();
        let effects = self.newsroom.owed(now).effects;
        let any = !effects.is_empty();
        for effect in effects {
            match effect {
                Effect::Publish { article, post, .. } => {
                    self.passes_the_gates(article, &post);
                    self.requests.push_back((article, post));
                }
                Effect::Tell { what, chat, edit, content, .. } => {
                    let id = edit.unwrap_or_else(|| {
                        self.last_message += 1;
                        MessageId(self.last_message)
                    });
                    self.desk.sees(&what, chat, id.0, &content).unwrap();
                    let delivery = delivered(id, &content);
                    self.take(&Input::Told { what, chat, delivery });
                }
                // It can't be looked here: whether a bot that can finds out rightly is the year's matter.
                Effect::Look { article, attempt, look } => {
                    let found = Err(LookError::Blind { why: "Forbidden".to_owned() });
                    let (channel, through) = (look.channel, look.through);
                    if let (Depth::One, Some(article)) = (look.depth, article) {
                        let number = attempt;
                        self.take(&Input::LookedAt { article, channel, number, through, sent: 0, found });
                        continue;
                    }
                    self.take(&Input::Looked { article, channel, attempt, through, sent: 0, found });
                }
                Effect::Amend { article, number, channel, post, .. } => {
                    self.amend(article, number, channel, post);
                }
                Effect::Fetch { fetch, file_id, .. } => {
                    let file = match self.files[file_id.parse::<usize>().unwrap()] {
                        File::Picture(number) => Ok(png(number)),
                        File::NoPicture => Ok(b"words".to_vec()),
                        File::Gone => Err(FetchError::Gone("why".to_owned())),
                        File::TooLarge => Err(FetchError::TooLarge),
                        File::Later => Err(FetchError::Later("why".to_owned())),
                    };
                    self.take(&Input::Fetched { fetch, file });
                }
                Effect::Answer { .. } | Effect::Menu { .. } => {
                    panic!("answers come with their press: {effect:?}")
                }
            }
        }
        any
    }

    /// A post is mended or withdrawn, and this or that becomes of the answer.
    fn amend(&mut self, article: ArticleId, number: u32, channel: ChatId, post: Option<Post>) {
        self.amended += 1;
        let (is_done, outcome) = match self.amended % 5 {
            0 => (true, AmendOutcome::Unknown { why: "why".to_owned() }),
            1 => (false, AmendOutcome::Unknown { why: "why".to_owned() }),
            2 => (false, AmendOutcome::Refused { why: "Bad Request: why".to_owned() }),
            _ => (true, AmendOutcome::Done),
        };
        if is_done {
            if post.is_none() {
                self.deleted.insert((article, channel));
            }
            let posts = self.channels.entry(channel).or_default();
            posts.retain_mut(|(known, stands)| {
                if *known == article
                    && let Some(post) = &post
                {
                    *stands = post.clone();
                }
                *known != article || post.is_some()
            });
        }
        self.take(&Input::Amended { article, channel, number, outcome });
    }

    /// What is sent goes to a channel of the settings, shows the mark that they ask for, and is not stale.
    fn passes_the_gates(&self, article: ArticleId, post: &Post) {
        assert!(self.newsroom.rules().channel(post.chat_id).is_some(), "{article} to {}", post.chat_id);
        if self.settings == Settings::Marked && post.chat_id == CHANNELS[0] {
            assert!(post.text.starts_with(MARK), "{article} goes out without its mark");
        }
        let story = &self.newsroom.state().stories[&article];
        let approval = story.publications[&post.chat_id].approval();
        let from = approval.promised.unwrap_or(approval.mark.at).max(approval.mark.at);
        let fresh = TimeDelta::hours(24) + TimeDelta::minutes(15);
        assert!(self.utc < from + fresh, "{article} goes out stale");
        assert!(!self.newsroom.state().is_frozen(article), "{article} goes out during a freeze");
    }

    fn update(&mut self, what: Update) {
        self.last_update += 1;
        let input = Input::Update { id: self.last_update, what };
        self.take(&input);
        let before = self.newsroom.state().clone();
        assert!(!self.take(&input) || !happened(&before, &input), "an update has its effect once");
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Writes { who, text } => {
                // `/approve №2`, `/approve_2`.
                let mut parts = text.split(|c: char| c.is_whitespace() || c == '_').skip(1);
                let number = parts.next().and_then(|word| word.trim_start_matches(['№', '#']).parse().ok());
                if text.starts_with('/')
                    && number.is_some_and(|number| self.is_out_unknown(ArticleId(number)))
                {
                    return;
                }
                self.sends(*who, text, None, None);
            }
            Act::Amends { who, which, text, withdraws, goes_on } => {
                self.amends(EDITORS[*who], *which, *text, *withdraws, *goes_on);
            }
            Act::SendsPicture { who, text, file, answers } => {
                self.files.push(*file);
                let file_id = (self.files.len() - 1).to_string();
                let document = Document { file_id, name: "photo.png".to_owned(), size: 60, image: true };
                let answered = self.desk.buttons.keys().map(|(_, id)| *id).nth(*answers);
                let text = if answered.is_some() { "" } else { text };
                self.sends(*who, text, Some(document), answered.map(MessageId));
            }
            Act::Presses { who, tap } => self.press(*who, tap.data(), None),
            Act::PressesNoise { data } => self.press(EDITORS[0], data.clone(), None),
            Act::PressesShown { who, which } => self.press_shown(EDITORS[*who], *which, None),
            Act::PressesElsewhere { who, which, message } => {
                self.press_shown(EDITORS[*who], *which, Some(MessageId(*message)));
            }
            Act::Telegram { answer } => self.answer(*answer),
            Act::Passes { seconds } => self.passes(*seconds),
            Act::Restarts { with } => self.restart(*with),
            Act::IsRestored { share } => self.is_restored(*share),
            Act::PostsByHand { channel, id } => {
                let (chat, message_id) = (CHANNELS[*channel], MessageId(*id));
                self.update(Update::ChannelPost { chat, message_id });
            }
        }
        self.settle();
        self.check();
    }

    fn sends(&mut self, who: u64, text: &str, document: Option<Document>, reply_to: Option<MessageId>) {
        self.last_message += 1;
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let message_id = MessageId(self.last_message);
        self.update(Update::Message(Message {
            document,
            reply_to_bot: reply_to.is_some(),
            reply_to,
            ..Message::private(from, message_id, text)
        }));
    }

    fn amends(&mut self, who: u64, which: usize, text: u32, withdraws: bool, goes_on: bool) {
        let stories = self.newsroom.state().stories.values();
        let out: Vec<(ArticleId, String)> = stories
            .filter(|story| story.standing().next().is_some())
            .map(|story| (story.id, story.draft.link.as_str().to_owned()))
            .collect();
        let Some((article, link)) = out.get(which % out.len().max(1)).cloned() else { return };
        match withdraws {
            true => self.sends(who, &format!("/delete {article}"), None, None),
            false => {
                let words = format!("Заголовок\n\nСлучилось событие {text}. Подробности потом.");
                self.sends(who, &format!("{words}\n\n{link}"), None, None);
            }
        }
        self.settle();
        let wished = |world: &Self| {
            let amendment = world.newsroom.state().stories.get(&article)?.amendment.as_ref()?;
            Some((amendment.number, amendment.places.keys().copied().collect::<Vec<_>>()))
        };
        let Some((number, _)) = wished(self) else { return };
        let tap = if withdraws { Tap::Unpublish(article, number) } else { Tap::Mend(article, number) };
        self.press(who, tap.data(), None);
        self.settle();
        for (number, channels) in wished(self).into_iter().filter(|_| goes_on) {
            for channel in channels {
                self.press(who, Tap::GoOn(article, channel, number).data(), None);
                self.settle();
            }
        }
    }

    /// Presses a button where it is shown, or as if it were under another message.
    fn press_shown(&mut self, who: u64, which: usize, elsewhere: Option<MessageId>) {
        let all: Vec<_> = self
            .desk
            .buttons
            .iter()
            .flat_map(|(&(chat, id), data)| data.iter().map(move |data| (chat, id, data.clone())))
            .collect();
        if all.is_empty() {
            return;
        }
        let (chat, id, data) = all[which % all.len()].clone();
        // Under a message of ours stands what we have put there, and nothing else.
        let elsewhere = elsewhere.filter(|id| !self.desk.buttons.contains_key(&(chat, id.0)));
        self.press(who, data, Some((chat, elsewhere.unwrap_or(MessageId(id)))));
    }

    /// Editors tell the truth about what they see in the channel.
    fn press(&mut self, who: u64, data: String, message: Option<(ChatId, MessageId)>) {
        let stands = |article, channel| {
            self.channels.get(&channel).is_some_and(|posts| posts.iter().any(|(known, _)| *known == article))
        };
        match Tap::parse(&data) {
            Some(Tap::Came(article, channel, _)) if !stands(article, channel) => return,
            Some(Tap::NotCame(article, channel, _)) if stands(article, channel) => return,
            Some(Tap::Approve(article, _) | Tap::ApproveNow(article, _) | Tap::At(article, ..))
                if self.is_out_unknown(article) =>
            {
                return;
            }
            _ => {}
        }
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let press = Press { id: "p".to_owned(), from, message, data };
        let before = self.newsroom.state().clone();
        self.update(Update::Press(press));
        if who == STRANGER {
            assert_eq!(&before, self.newsroom.state(), "a stranger's press does nothing");
        }
    }

    fn answer(&mut self, answer: Answer) {
        let Some((article, post)) = self.requests.pop_front() else { return };
        let channel = post.chat_id;
        if matches!(answer, Answer::Accepted | Answer::AcceptedUnheard) {
            self.channels.entry(channel).or_default().push((article, post.clone()));
        }
        if let Answer::LateUnheard = answer {
            self.late.push((self.utc + TimeDelta::seconds(50), article, post.clone()));
        }
        self.last_message += 1;
        let why = "why".to_owned();
        let outcome = match answer {
            Answer::Accepted => Outcome::Accepted(Some(MessageId(self.last_message))),
            Answer::AcceptedUnheard | Answer::LostUnheard | Answer::LateUnheard => Outcome::Unknown { why },
            Answer::NotAccepted => Outcome::NotAccepted { why },
            Answer::Flood => Outcome::Wait { seconds: 30 },
            Answer::RefusedPost => Outcome::Refused { whose: Whose::Post, why },
            Answer::RefusedChannel => Outcome::Refused { whose: Whose::Channel, why },
        };
        self.take(&Input::Sent { article, channel, outcome });
    }

    fn passes(&mut self, seconds: i64) {
        self.utc += TimeDelta::seconds(seconds);
        let (due, late) = std::mem::take(&mut self.late).into_iter().partition(|(at, ..)| *at <= self.utc);
        self.late = late;
        for (_, article, post) in due {
            self.channels.entry(post.chat_id).or_default().push((article, post));
        }
        self.take(&Input::Tick);
    }

    /// What was under way comes out or not, and nobody hears of it.
    fn restart(&mut self, settings: Settings) {
        for (index, (article, post)) in std::mem::take(&mut self.requests).into_iter().enumerate() {
            if index % 2 == 0 {
                self.channels.entry(post.chat_id).or_default().push((article, post));
            }
        }
        self.started = self.utc;
        self.frozen = self.folded().freeze.map(|freeze| freeze.except);
        self.settings = settings;
        self.newsroom = hearing(self.folded(), rules(settings));
        self.take(&Input::Started { channels: Vec::new() });
    }

    /// Whether an article stands in a channel of which the newsroom has lost the memory: an editor looks there first.
    fn is_out_unknown(&self, article: ArticleId) -> bool {
        let known = self.newsroom.state().stories.get(&article);
        let is_draft = |channel: &ChatId| known.is_none_or(|story| !story.publications.contains_key(channel));
        let stands = |posts: &Vec<(ArticleId, Post)>| posts.iter().any(|(known, _)| *known == article);
        self.channels.iter().any(|(channel, posts)| stands(posts) && is_draft(channel))
    }

    /// A part of the journal comes back from a backup; by then no request is on its way any more.
    fn is_restored(&mut self, share: f64) {
        for (index, (article, post)) in std::mem::take(&mut self.requests).into_iter().enumerate() {
            if index % 2 == 0 {
                self.channels.entry(post.chat_id).or_default().push((article, post));
            }
        }
        self.passes(120);
        self.journal.truncate((self.journal.len() as f64 * share) as usize);
        let Some(last) = self.journal.last() else { return self.restart(Settings::Usual) };
        let since = serde_json::from_str::<Line>(last).unwrap().at;
        self.started = self.utc;
        self.frozen = self.folded().freeze.map(|freeze| freeze.except);
        self.settings = Settings::Usual;
        self.newsroom = hearing(self.folded(), rules(Settings::Usual));
        self.take(&Input::Recovered { how: Recovery::Backup, since, out: Vec::new() });
        self.newsroom = hearing(self.folded(), rules(Settings::Usual));
        assert_eq!(self.pick(), None, "nothing goes out of itself");
        self.take(&Input::Started { channels: Vec::new() });
    }

    fn folded(&self) -> State {
        let mut state = State::default();
        for line in &self.journal {
            state.apply(&serde_json::from_str(line).unwrap());
        }
        state
    }

    fn check(&self) {
        for (channel, posts) in &self.channels {
            let mut seen = BTreeSet::new();
            for (article, post) in posts {
                assert!(seen.insert(article), "{article} came out twice in {channel}");
                let approved = (*article, *channel, fingerprint(post));
                assert!(self.approvals.contains(&approved), "{article} in {channel} as it was approved");
            }
        }
        for story in self.newsroom.state().stories.values() {
            self.check_drafts(story);
            for (channel, known) in &story.publications {
                let stands = self
                    .channels
                    .get(channel)
                    .is_some_and(|posts| posts.iter().any(|(article, _)| *article == story.id));
                match known {
                    Publication::Withdrawn { how: Withdrawal::Notice, .. } => {}
                    Publication::Withdrawn { .. } => assert!(!stands, "{} is out of {channel}", story.id),
                    Publication::Published { .. } => {
                        let is_deleted = self.deleted.contains(&(story.id, *channel));
                        assert!(stands || is_deleted, "{} is in {channel}", story.id);
                    }
                    Publication::Approved(_) | Publication::Refused { .. } => {
                        assert!(!stands, "{} is not in {channel}", story.id);
                    }
                    Publication::Claimed(_) | Publication::InDoubt { .. } => {}
                }
            }
        }
    }
}

impl World {
    /// What may be approved goes where the settings send it and looks as they make it.
    fn check_drafts(&self, story: &Story) {
        let rules = self.newsroom.rules();
        let fresh = rules.posts(&story.draft.article, &story.draft.link).unwrap();
        if story.is_draft() {
            for draft in story.drafts() {
                assert!(fresh.contains(draft), "the draft of {} is as the settings make it", story.id);
            }
        }
    }
}

/// A message stands at the desk.
fn delivered(id: MessageId, content: &Content) -> Delivery {
    let photo = match content {
        Content::Photo { post, .. } => post.picture.as_ref(),
        _ => None,
    };
    photo.map_or(Delivery::Done(id), |photo| {
        let sha256 = photo.sha256.clone();
        let file_id = Some(format!("shown-{sha256}"));
        Delivery::DonePhoto { message_id: id, photo: ShownPhoto { sha256, file_id } }
    })
}

/// A whole PNG as far as anybody looks who does not paint it.
fn png(number: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0".to_vec();
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes.push(number);
    bytes
}

/// Whether taking an input could still have changed anything: a press is answered again, and nothing more.
fn happened(before: &State, input: &Input) -> bool {
    match input {
        Input::Update { id, .. } => before.updates.contains_key(id),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_post_comes_out_at_most_once_and_as_it_was_approved(
        acts in proptest::collection::vec(act(), 1..120)
    ) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        prop_assert_eq!(&world.folded(), world.newsroom.state(), "the journal alone gives the same state");
    }
}

/// A kind of tap that is never drawn would be one that nothing here looks at.
#[test]
fn every_kind_of_tap_is_drawn() {
    let (mut runner, taps) = (TestRunner::deterministic(), tap());
    let drawn: BTreeSet<usize> =
        (0..2_000).map(|_| kind_of(&taps.new_tree(&mut runner).unwrap().current())).collect();
    assert_eq!(drawn, (0..TAPS).collect());
}
