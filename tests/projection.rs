//! The sled projection against a naive model: over random histories both show the same, whatever becomes of sled.
//!
//! The model is written apart from `State::apply`: one table of stages and a few lists. Histories hold many events that
//! do not fit what came before (a journal from a program with a fault): those must change nothing.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::Index;
use vestnik::article::{Article, Link};
use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{Actor, Approval, Cause, Draft, Event, Evidence, Line, Mark, State};
use vestnik::post::{Post, Preview, RichText};
use vestnik::schedule::{Turn, Waiting};
use vestnik::store::{Store, journal_path};

const CHANNELS: [ChatId; 3] = [ChatId(-1_001_000_000_001), ChatId(-1_001_000_000_002), ChatId(-5)];

// The model.

/// What became of an article in one channel.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Draft,
    Approved(Place),
    Claimed(Place),
    InDoubt(Place),
    Published,
    Refused(Place),
}

/// A place in the queue, and the time that was told with it.
type Place = (Turn, Option<DateTime<Utc>>);

/// The whole life of a post: what each event makes of each stage. What is not in the table changes nothing.
fn next_stage(stage: Stage, event: &Event, at: DateTime<Utc>) -> Stage {
    use Stage::{Approved, Claimed, Draft, InDoubt, Published, Refused};
    match (stage, event) {
        (Draft, Event::Approved { approval, .. }) => Approved((approval.turn, approval.promised)),
        (Approved(_), Event::Retimed { turn, promised, .. }) => Approved((*turn, *promised)),
        (Approved(_) | Refused(_), Event::Cancelled { .. }) => Draft,
        (Approved(place), Event::Claimed { .. }) => Claimed(place),
        (Claimed(place), Event::Doubted { .. }) => InDoubt(place),
        (Claimed(place) | InDoubt(place), Event::Released { .. }) => Approved(place),
        (Claimed(place) | InDoubt(place), Event::Refused { .. }) => Refused(place),
        // An editor's fresh word is promised from that moment on.
        (Refused((turn, _)), Event::Retried { .. }) => Approved((turn, Some(at))),
        // What stands in the channel stands there, whatever was thought before.
        (Approved(_) | Claimed(_) | InDoubt(_) | Refused(_), Event::Published { .. }) => Published,
        // Approvals of older texts fall; what is or may be out stays.
        (Approved(_) | Refused(_), Event::Drafted { .. }) => Draft,
        (Approved(_), Event::Rejected { .. }) => Draft,
        (stage, _) => stage,
    }
}

/// One article's sheet of paper.
#[derive(Debug)]
struct Sheet {
    title: String,
    link: String,
    pages: Vec<String>,
    version: u32,
    /// The channels that it is meant for.
    meant_for: Vec<ChatId>,
    rejected: bool,
    stages: BTreeMap<ChatId, Stage>,
}

impl Sheet {
    fn stage(&self, channel: ChatId) -> Stage {
        self.stages.get(&channel).copied().unwrap_or(Stage::Draft)
    }
}

#[derive(Debug, Default)]
struct Model {
    seq: u64,
    sheets: BTreeMap<ArticleId, Sheet>,
}

impl Model {
    fn of(lines: &[Line]) -> Self {
        let mut model = Self::default();
        for line in lines {
            model.read(line);
        }
        model
    }

    fn read(&mut self, line: &Line) {
        self.seq = line.seq;
        for event in &line.events {
            if let Event::Drafted { article, draft } = event {
                self.drafted(*article, draft, (event, line.at));
            } else if let Some(sheet) = event.article().and_then(|article| self.sheets.get_mut(&article)) {
                happened(sheet, event, line.at);
            }
        }
    }

    fn drafted(&mut self, article: ArticleId, draft: &Draft, (event, at): (&Event, DateTime<Utc>)) {
        let page = draft.link.key();
        let belongs_to_another =
            self.sheets.iter().any(|(&id, sheet)| id != article && sheet.pages.contains(&page));
        let is_old = self.sheets.get(&article).is_some_and(|sheet| draft.version <= sheet.version);
        if is_old {
            return;
        }
        let before = self.sheets.remove(&article);
        let (mut pages, rejected, mut stages) =
            before.map_or_else(Default::default, |sheet| (sheet.pages, sheet.rejected, sheet.stages));
        if !belongs_to_another {
            pages.push(page);
        }
        for stage in stages.values_mut() {
            *stage = next_stage(*stage, event, at);
        }
        let sheet = Sheet {
            title: draft.article.title.clone(),
            link: draft.link.as_str().to_owned(),
            pages,
            version: draft.version,
            meant_for: draft.posts.iter().map(|post| post.chat_id).collect(),
            rejected,
            stages,
        };
        self.sheets.insert(article, sheet);
    }

    /// Channel, then the order in which the turns come.
    fn queue(&self, channel: ChatId) -> Vec<Waiting> {
        let mut queue: Vec<Waiting> = Vec::new();
        for (&article, sheet) in &self.sheets {
            if let Stage::Approved((turn, promised)) = sheet.stage(channel) {
                queue.push(Waiting { article, turn, promised });
            }
        }
        queue.sort_by_key(|&Waiting { article, turn, .. }| match turn {
            Turn::Now { order } => (0, i128::from(order), 0, article),
            Turn::At(at) => (1, at.timestamp().into(), at.timestamp_subsec_nanos(), article),
            Turn::Next { order } => (2, i128::from(order), 0, article),
        });
        queue
    }

    fn articles(&self) -> BTreeMap<u32, serde_json::Value> {
        let row = |(id, sheet): (&ArticleId, &Sheet)| {
            let stage = |channel: &ChatId| {
                let word = match sheet.stage(*channel) {
                    _ if sheet.rejected => "rejected",
                    Stage::Draft => "draft",
                    Stage::Approved(_) => "approved",
                    Stage::Claimed(_) => "claimed",
                    Stage::InDoubt(_) => "in doubt",
                    Stage::Published => "published",
                    Stage::Refused(_) => "refused",
                };
                (channel.to_string(), word.to_owned())
            };
            let stages: BTreeMap<String, String> = sheet.meant_for.iter().map(stage).collect();
            let row = serde_json::json!({
                "title": sheet.title, "link": sheet.link, "version": sheet.version, "stages": stages,
            });
            (id.0, row)
        };
        self.sheets.iter().map(row).collect()
    }

    fn links(&self) -> BTreeMap<String, u32> {
        let pages = |(id, sheet): (&ArticleId, &Sheet)| {
            let id = id.0;
            sheet.pages.clone().into_iter().map(move |page| (page, id)).collect::<Vec<_>>()
        };
        self.sheets.iter().flat_map(pages).collect()
    }
}

fn happened(sheet: &mut Sheet, event: &Event, at: DateTime<Utc>) {
    match event {
        Event::Approved { approval, .. } => {
            let channel = approval.post.chat_id;
            if sheet.meant_for.contains(&channel) && !sheet.rejected {
                sheet.stages.insert(channel, next_stage(sheet.stage(channel), event, at));
            }
        }
        Event::Rejected { .. } => {
            let free = |stage: &Stage| matches!(stage, Stage::Draft | Stage::Approved(_));
            if sheet.stages.values().all(free) {
                sheet.rejected = true;
                sheet.stages.values_mut().for_each(|stage| *stage = next_stage(*stage, event, at));
            }
        }
        Event::Restored { .. } => sheet.rejected = false,
        Event::Rendered { posts, .. } => {
            sheet.version += 1;
            sheet.meant_for = posts.iter().map(|post| post.chat_id).collect();
        }
        event => {
            if let Some(channel) = channel_of(event) {
                sheet.stages.insert(channel, next_stage(sheet.stage(channel), event, at));
            }
        }
    }
}

fn channel_of(event: &Event) -> Option<ChatId> {
    match event {
        Event::Retimed { channel, .. }
        | Event::Cancelled { channel, .. }
        | Event::Claimed { channel, .. }
        | Event::Released { channel, .. }
        | Event::Doubted { channel, .. }
        | Event::Published { channel, .. }
        | Event::Refused { channel, .. }
        | Event::Retried { channel, .. } => Some(*channel),
        _ => None,
    }
}

// The comparison.

fn agrees(store: &Store, model: &Model) {
    let projection = &store.projection;
    assert_eq!(projection.seq().unwrap(), model.seq);
    for channel in CHANNELS.into_iter().chain([ChatId(0), ChatId(i64::MIN)]) {
        let queue = projection.queue(channel).unwrap();
        assert_eq!(queue, model.queue(channel), "the queue of {channel}");
    }
    let rows = projection.all().unwrap();
    let number = |bytes: &Vec<u8>| u32::from_be_bytes(bytes.as_slice().try_into().unwrap());
    let articles: BTreeMap<u32, serde_json::Value> = rows
        .articles
        .iter()
        .map(|(key, value)| (number(key), serde_json::from_slice(value).unwrap()))
        .collect();
    assert_eq!(articles, model.articles());
    let links: BTreeMap<String, u32> = rows
        .links
        .iter()
        .map(|(key, value)| (String::from_utf8(key.clone()).unwrap(), number(value)))
        .collect();
    assert_eq!(links, model.links());
    let waiting: usize = CHANNELS.iter().map(|&channel| model.queue(channel).len()).sum();
    assert_eq!(rows.queue.len(), waiting, "no row that belongs to nobody");
}

// Histories.

/// One event to be: what, to whom, with which details.
#[derive(Debug, Clone)]
struct Move {
    kind: Index,
    /// Taken from what fits the article as it is, rather than from everything.
    fits: bool,
    article: u32,
    channel: usize,
    turn: Turn,
    promised: Option<DateTime<Utc>>,
    page: u8,
    /// Bits: the channels that a draft is meant for.
    channels: u8,
}

fn moves() -> impl Strategy<Value = Move> {
    let moment = (-10_000_000_000_i64..100_000_000_000, 0..2_000_000_000_u32);
    let turn = prop_oneof![
        (0..6_u64).prop_map(|order| Turn::Now { order }),
        (0..6_u64).prop_map(|order| Turn::Next { order }),
        any::<u64>().prop_map(|order| Turn::Next { order }),
        // Close together, before 1970, and far away.
        (-2..2_i64, 0..3_u32).prop_map(|(seconds, nanos)| Turn::At(at(seconds, nanos))),
        moment.prop_map(|(seconds, nanos)| Turn::At(at(seconds, nanos % 1_000_000_000))),
    ];
    let promised = prop::option::of((-2..2_i64, 0..3_u32).prop_map(|(seconds, nanos)| at(seconds, nanos)));
    let place = (turn, promised);
    (any::<Index>(), prop::bool::weighted(0.8), 1..6_u32, 0..CHANNELS.len(), place, 0..8_u8, 1..8_u8)
        .prop_map(|(kind, fits, article, channel, (turn, promised), page, channels)| Move {
            kind,
            fits,
            article,
            channel,
            turn,
            promised,
            page,
            channels,
        })
}

/// A journal: lines of one to four events each.
fn histories(lines: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(prop::collection::vec(moves(), 1..5), lines).prop_map(|steps| {
        let mut model = Model::default();
        let mut lines = Vec::new();
        for (moves, seq) in steps.iter().zip(1..) {
            // The model also says what fits within a line.
            let mut events = Vec::new();
            for chosen in moves {
                let event = event(&model, chosen);
                let so_far = line(seq, vec![event.clone()]);
                model.read(&so_far);
                events.push(event);
            }
            lines.push(line(seq, events));
        }
        lines
    })
}

fn event(model: &Model, chosen: &Move) -> Event {
    let all = candidates(model, chosen);
    let article = ArticleId(chosen.article);
    let fitting: Vec<Event> = all
        .iter()
        .filter(|event| match model.sheets.get(&article) {
            None => matches!(event, Event::Drafted { .. }),
            Some(sheet) if sheet.rejected => matches!(event, Event::Restored { .. }),
            Some(sheet) => {
                let stage = sheet.stage(CHANNELS[chosen.channel]);
                matches!(event, Event::Rendered { .. }) || next_stage(stage, event, at(0, 0)) != stage
            }
        })
        .cloned()
        .collect();
    let from = if chosen.fits && !fitting.is_empty() { &fitting } else { &all };
    from[chosen.kind.index(from.len())].clone()
}

/// Every kind of event that could happen, fitting or not.
fn candidates(model: &Model, chosen: &Move) -> Vec<Event> {
    let article = ArticleId(chosen.article);
    let channel = CHANNELS[chosen.channel];
    let by = Actor::Editor { id: UserId(101), name: "Анна".to_owned() };
    let why = "проба".to_owned();
    let version = model.sheets.get(&article).map_or(0, |sheet| sheet.version);
    let (turn, promised) = (chosen.turn, chosen.promised);
    let approval = Approval {
        post: post(channel, "пост"),
        version,
        mark: mark(),
        turn,
        promised,
        marks: Vec::new(),
        attempts: 0,
        as_text: false,
    };
    let message_id = (chosen.page.is_multiple_of(2)).then_some(MessageId(7));
    vec![
        drafted(chosen, version + 1),
        drafted(chosen, version.max(1)),
        Event::Approved { article, approval },
        Event::Retimed { article, channel, turn, promised, by: by.clone() },
        Event::Cancelled { article, channel, by: by.clone() },
        Event::CancelWished { article, channel, by: by.clone() },
        Event::Rejected { article, mark: mark() },
        Event::Restored { article, by: by.clone() },
        Event::Claimed { article, channel, attempt: 1, floor: None, slot: None },
        Event::Released { article, channel, why: why.clone() },
        Event::Doubted { article, channel, why: why.clone(), looks: false },
        Event::Published { article, channel, message_id, evidence: Evidence::Answer },
        Event::Refused { article, channel, why: why.clone() },
        Event::Retried { article, channel, by },
        Event::Rendered {
            article, posts: meant_for(chosen).map(|channel| post(channel, "иначе")).collect()
        },
        Event::ChannelPaused { channel, why },
        Event::OfferDeclined { article },
    ]
}

/// A text for one of a few pages: sometimes another article's.
fn drafted(chosen: &Move, version: u32) -> Event {
    let title = format!("Материал {} версия {version}", chosen.article);
    // Mostly pages of the article's own, so that it is not refused too often.
    let page = if chosen.page < 6 {
        format!("https://cronos.asia/{}/{}", chosen.article, chosen.page % 3)
    } else {
        format!("https://cronos.asia/all/{}", chosen.page)
    };
    let draft = Draft {
        version,
        article: Article {
            title: title.clone(),
            paragraphs: vec!["Текст.".to_owned()],
            credit: None,
            source: None,
            rubric: None,
            words: None,
            hashtags: None,
            picture: None,
        },
        link: Link::parse(&page).unwrap(),
        posts: meant_for(chosen).map(|channel| post(channel, &title)).collect(),
        mark: mark(),
    };
    Event::Drafted { article: ArticleId(chosen.article), draft }
}

/// The channels that a text is for.
fn meant_for(chosen: &Move) -> impl Iterator<Item = ChatId> {
    let bits = chosen.channels;
    CHANNELS
        .into_iter()
        .enumerate()
        .filter(move |(bit, _)| bits & (1 << bit) != 0)
        .map(|(_, channel)| channel)
}

fn post(channel: ChatId, text: &str) -> Post {
    Post::new(channel, &RichText::plain(text), Preview::Auto, false)
}

fn mark() -> Mark {
    Mark { by: Actor::CommandLine, at: at(1_790_000_000, 0) }
}

fn line(seq: u64, events: Vec<Event>) -> Line {
    Line { v: Line::VERSION, seq, at: at(1_790_000_000, 0), cause: Cause::Bot, events }
}

fn at(seconds: i64, nanos: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, nanos).unwrap()
}

// What can become of sled.

#[derive(Debug, Clone)]
enum Harm {
    None,
    Missing,
    /// As it was some lines ago: a copy brought back.
    Behind(Index),
    /// The journal is one brought back from a backup, and sled knows more than it.
    Ahead(Index),
    /// One of its files is cut.
    Cut(Index, Index),
    /// A part of one of its files is overwritten.
    Garbage(Index, Index, [u8; 7], usize),
    /// A file stands where the directory should be.
    NoDirectory,
    /// A kill while it opened left a half-written snapshot.
    HalfSnapshot,
}

fn harms() -> impl Strategy<Value = Harm> {
    let any_index = any::<Index>;
    prop_oneof![
        1 => Just(Harm::None),
        1 => Just(Harm::Missing),
        1 => any_index().prop_map(Harm::Behind),
        1 => any_index().prop_map(Harm::Ahead),
        4 => (any_index(), any_index()).prop_map(|(file, place)| Harm::Cut(file, place)),
        4 => (any_index(), any_index(), any::<[u8; 7]>(), 1..300_usize)
            .prop_map(|(file, place, noise, times)| Harm::Garbage(file, place, noise, times)),
        1 => Just(Harm::NoDirectory),
        1 => Just(Harm::HalfSnapshot),
    ]
}

impl Harm {
    /// Whether sled must be made again afterwards; `None` where it may turn out to be whole.
    fn is_noticed(&self) -> Option<bool> {
        match self {
            Self::None | Self::HalfSnapshot => Some(false),
            Self::Behind(_) | Self::Ahead(_) | Self::NoDirectory => Some(true),
            // There is nothing to move aside.
            Self::Missing => Some(false),
            Self::Cut(..) | Self::Garbage(..) => None,
        }
    }

    /// Does it to a closed data directory; gives the lines that its journal holds then.
    fn befalls(&self, data: &Path, lines: &[Line]) -> usize {
        let sled = data.join("sled");
        match self {
            Self::None => {}
            Self::Missing => std::fs::remove_dir_all(&sled).unwrap(),
            Self::Behind(index) => {
                let older = tempfile::tempdir().unwrap();
                grown(older.path(), &lines[..index.index(lines.len())]);
                std::fs::remove_dir_all(&sled).unwrap();
                copy(&older.path().join("sled"), &sled);
            }
            Self::Ahead(index) => {
                let kept = index.index(lines.len());
                let journal = std::fs::read(journal_path(data)).unwrap();
                let shorter: Vec<u8> =
                    journal.split_inclusive(|&byte| byte == b'\n').take(kept).flatten().copied().collect();
                std::fs::write(journal_path(data), shorter).unwrap();
                return kept;
            }
            Self::Cut(file, place) => {
                let file = pick(&sled, file);
                let bytes = std::fs::read(&file).unwrap();
                std::fs::write(&file, &bytes[..place.index(bytes.len().max(1)).min(bytes.len())]).unwrap();
            }
            Self::Garbage(file, place, noise, times) => {
                let garbage = noise.repeat(*times);
                let file = pick(&sled, file);
                let mut bytes = std::fs::read(&file).unwrap();
                // Where something was written, not in the zeros that follow.
                let used = bytes.iter().rposition(|&byte| byte != 0).unwrap_or(0) + 1;
                let from = place.index(used);
                let end = (from + garbage.len()).max(bytes.len());
                bytes.resize(end, 0);
                bytes[from..from + garbage.len()].copy_from_slice(&garbage);
                std::fs::write(&file, bytes).unwrap();
            }
            Self::NoDirectory => {
                std::fs::remove_dir_all(&sled).unwrap();
                std::fs::write(&sled, "это не каталог").unwrap();
            }
            Self::HalfSnapshot => {
                std::fs::write(sled.join("snap.00000000000FFFFF.generating"), [7; 100]).unwrap();
            }
        }
        lines.len()
    }
}

/// A data directory in which these lines were taken in one after the other.
fn grown(data: &Path, lines: &[Line]) {
    let (mut store, mut state) = Store::open(data).unwrap();
    for line in lines {
        take(&mut store, &mut state, line);
    }
}

fn take(store: &mut Store, state: &mut State, line: &Line) {
    store.commit(line, state, |state| state, State::apply).unwrap();
}

fn pick(directory: &Path, index: &Index) -> std::path::PathBuf {
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.swap_remove(index.index(files.len()))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Whether sled was moved aside and made again since the directory was last looked at.
fn was_made_again(data: &Path) -> bool {
    let aside = data.join("sled.aside");
    let yes = aside.exists();
    if aside.is_dir() {
        std::fs::remove_dir_all(aside).unwrap();
    } else if yes {
        std::fs::remove_file(aside).unwrap();
    }
    yes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn after_every_step_sled_shows_what_the_history_says(lines in histories(1..40)) {
        let data = tempfile::tempdir().unwrap();
        let (mut store, mut state) = Store::open(data.path()).unwrap();
        let mut model = Model::default();
        agrees(&store, &model);
        for line in &lines {
            take(&mut store, &mut state, line);
            model.read(line);
            agrees(&store, &model);
        }
        drop(store);
        let (store, reopened) = Store::open(data.path()).unwrap();
        prop_assert_eq!(reopened, state, "the journal tells the same story again");
        agrees(&store, &model);
        prop_assert!(!was_made_again(data.path()), "nothing was wrong with sled");
    }

    #[test]
    fn whatever_becomes_of_sled_it_shows_what_the_journal_says(
        lines in histories(2..25),
        harms in prop::collection::vec(harms(), 1..4),
    ) {
        let data = tempfile::tempdir().unwrap();
        let held_back = lines.len() / 2;
        let (mut known, rest) = (lines[..held_back].to_vec(), &lines[held_back..]);
        grown(data.path(), &known);
        for harm in harms {
            let kept = harm.befalls(data.path(), &known);
            known.truncate(kept);
            let (mut store, mut state) = Store::open(data.path()).unwrap();
            agrees(&store, &Model::of(&known));
            let made_again = was_made_again(data.path());
            prop_assert_eq!(made_again, harm.is_noticed().unwrap_or(made_again), "{:?}", harm);
            let left_over = std::fs::read_dir(data.path().join("sled")).unwrap();
            prop_assert!(left_over.flatten().all(|file| file.path().extension() != Some("generating".as_ref())));
            // And it goes on working.
            let next = rest[kept % rest.len()].clone();
            let next = line(kept as u64 + 1, next.events);
            take(&mut store, &mut state, &next);
            known.push(next);
            agrees(&store, &Model::of(&known));
        }
    }
}
