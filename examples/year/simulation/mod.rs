//! A newsroom's year in one event loop: the heart as it is, the journal's bytes as they are, and everything around them
//! simulated. The same plan lives the same year, byte for byte.

mod aftermath;
mod agenda;
mod amends;
mod answers;
mod bot;
mod channels;
mod checks;
mod consents;
mod desk;
#[path = "../../torture/draw.rs"]
mod draw;
mod editors;
mod edits;
mod orders;
mod pictures;
mod plan;
mod settings;
mod weather;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{Newsroom, State, Update};

use agenda::{Agenda, Thing};
use channels::Channels;
use checks::Ledger;
use desk::Desk;
use draw::Draw;
pub(crate) use plan::{Broken, Fault, Lived, Plan, shrink};
use settings::{CHANNELS, Settings};
use weather::Weather;

pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;
/// Nothing new happens for so long at the end: whatever was begun must come to its end.
const CALM: u64 = 3 * DAY;

/// The draws of each purpose.
struct Draws {
    editors: Draw,
    telegram: Draw,
    looks: Draw,
    desk: Draw,
    weather: Draw,
    hand: Draw,
    crowd: Draw,
    pictures: Draw,
    queue: Draw,
    freeze: Draw,
    amends: Draw,
    edits: Draw,
}

/// The year.
pub(crate) struct Year {
    plan: Plan,
    draws: Draws,
    /// Milliseconds since the year began, by Telegram's clock.
    time: u64,
    agenda: Agenda,
    weather: Weather,
    channels: Channels,
    desk: Desk,
    ledger: Ledger,
    /// None while the bot is down.
    newsroom: Option<Newsroom>,
    settings: Settings,
    /// Counts the bot's runs: what was asked by an earlier one is answered to nobody.
    run: u64,
    run_began: u64,
    /// Whether this run has had an answer to a poll.
    polled: bool,
    /// Counts the wishes to be woken: only the last one holds.
    wake: u64,
    /// Where the bot dies next.
    crash: Option<bot::Crash>,
    journal: Vec<u8>,
    /// What the journal's bytes tell, up to here.
    folded: State,
    folded_bytes: usize,
    /// What the bot held when it died.
    last_state: Option<State>,
    /// Updates that Telegram has for the bot, and since when.
    updates: VecDeque<(u64, u32, Update)>,
    /// Those that it had handed over lately.
    handled: VecDeque<(u64, u32, Update)>,
    /// Updates whose effect is on disk.
    had_effect: BTreeSet<u32>,
    last_update: u32,
    last_message: i32,
    last_link: u64,
    last_picture: u64,
    /// The pictures that editors have sent, and the page that each belongs to.
    pictures: BTreeMap<String, String>,
    /// The newest message with buttons of each article, and when it came.
    cards: BTreeMap<ArticleId, (ChatId, i32, u64)>,
    /// Messages with buttons, of late: also those whose buttons are dead by now.
    buttons_of_late: VecDeque<(ChatId, i32)>,
    /// Posts that came out of late.
    out_of_late: VecDeque<(ArticleId, ChatId)>,
    /// Messages that were edits, of late.
    edits_of_late: VecDeque<edits::Sent>,
    counts: BTreeMap<&'static str, u64>,
}

/// Lives a year; a panic is a break like any other.
pub(crate) fn live(plan: &Plan) -> Result<Lived, Broken> {
    let mut year = Year::new(plan.clone());
    let lived = catch_unwind(AssertUnwindSafe(|| year.live()));
    let what = match lived {
        Ok(Ok(lived)) => return Ok(lived),
        Ok(Err(what)) => what,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            format!("a panic: {}", text.unwrap_or_default())
        }
    };
    let day = u32::try_from(year.time / DAY).unwrap_or(u32::MAX).saturating_add(1);
    Err(Broken { day, what: format!("{} (day {day}): {what}", year.truth().format("%Y-%m-%d %H:%M:%S%.3f")) })
}

impl Year {
    fn new(plan: Plan) -> Self {
        let draws = Draws {
            editors: plan.draw(1),
            telegram: plan.draw(2),
            looks: plan.draw(3),
            desk: plan.draw(4),
            weather: plan.draw(5),
            hand: plan.draw(6),
            crowd: plan.draw(7),
            pictures: plan.draw(8),
            queue: plan.draw(9),
            freeze: plan.draw(10),
            amends: plan.draw(11),
            edits: plan.draw(12),
        };
        Self {
            plan,
            draws,
            time: 0,
            agenda: Agenda::default(),
            weather: Weather::default(),
            channels: Channels::default(),
            desk: Desk::default(),
            ledger: Ledger::default(),
            newsroom: None,
            settings: Settings::Usual,
            run: 0,
            run_began: 0,
            polled: false,
            wake: 0,
            crash: None,
            journal: Vec::new(),
            folded: State::default(),
            folded_bytes: 0,
            last_state: None,
            updates: VecDeque::new(),
            handled: VecDeque::new(),
            had_effect: BTreeSet::new(),
            last_update: 0,
            last_message: 0,
            last_link: 0,
            last_picture: 0,
            pictures: BTreeMap::new(),
            cards: BTreeMap::new(),
            buttons_of_late: VecDeque::new(),
            out_of_late: VecDeque::new(),
            edits_of_late: VecDeque::new(),
            counts: BTreeMap::new(),
        }
    }

    fn live(&mut self) -> Result<Lived, String> {
        self.start()?;
        for channel in [CHANNELS[0], CHANNELS[2]] {
            self.posts_by_hand(channel, "Канал открыт".to_owned());
        }
        self.agenda.at(SECOND, Thing::Article);
        self.agenda.at(HOUR, Thing::Round);
        self.agenda.at(DAY, Thing::Compare);
        self.begin_weather();
        let end = u64::from(self.plan.days) * DAY;
        self.agenda.at(end, Thing::Calm);
        while let Some((time, thing)) = self.agenda.next(end + CALM) {
            self.time = time;
            self.happens(thing)?;
        }
        self.time = end + CALM;
        self.ends()
    }

    fn happens(&mut self, thing: Thing) -> Result<(), String> {
        match thing {
            Thing::Wake(wake) if wake != self.wake => Ok(()),
            Thing::Wake(_) => self.step(vestnik::newsroom::Input::Tick),
            Thing::Comes { run, .. } if run != self.run => Ok(()),
            Thing::Comes { input, .. } => self.step(*input),
            Thing::Sent { run, article, channel, outcome } => {
                self.is_answered(run, article, channel, outcome)
            }
            Thing::Told { run, what, chat, id, content, delivery } => {
                self.is_told(run, &what, (chat, id), content.map(|content| *content), delivery)
            }
            Thing::Lands { article, post } => {
                self.count("posts that came out");
                if post.picture.is_some() {
                    self.count("posts that came out with a picture");
                }
                self.channels.lands(article, &post, self.time).map(|_| ())
            }
            Thing::AmendLands { run, article, channel, number, id, post, answers } => {
                let outcome = self.amend_lands((article, channel), id, post.as_deref())?;
                if answers {
                    let input =
                        Box::new(vestnik::newsroom::Input::Amended { article, channel, number, outcome });
                    self.after(SECOND, Thing::Comes { run, input });
                }
                Ok(())
            }
            Thing::Poll => self.poll(),
            Thing::Dies { run, down_ms } if run == self.run => {
                self.dies(down_ms);
                Ok(())
            }
            Thing::Dies { .. } => Ok(()),
            Thing::Start => self.start(),
            Thing::Compare => {
                self.agenda.at(self.time + 7 * DAY, Thing::Compare);
                if self.newsroom.is_some() { self.fold() } else { Ok(()) }
            }
            Thing::Trouble(fault) => self.trouble(fault),
            Thing::Over(fault) => self.is_over(fault),
            Thing::Calm => self.calm(),
            editors => self.editors_act(editors),
        }
    }

    /// What must be so in the end.
    fn ends(&mut self) -> Result<Lived, String> {
        if self.newsroom.is_none() {
            return Err("the bot is down at the year's end".to_owned());
        }
        self.fold()?;
        let mut anew = State::default();
        let bytes = vestnik::store::decode_all(&self.journal, 1, |line| anew.apply(&line));
        if bytes != Ok(self.journal.len()) || Some(&anew) != self.newsroom.as_ref().map(Newsroom::state) {
            return Err("the journal, read from its beginning, gives another state".to_owned());
        }
        if let Some(newsroom) = &self.newsroom {
            self.ledger.nothing_is_lost(newsroom, self.now().utc)?;
            self.ledger.aftermath.all_stand(&self.channels)?;
        }
        self.ledger.nothing_is_missing()?;
        let out = self.channels.count() as u64;
        self.counts.insert("out", out);
        self.counts.insert("articles", self.folded.stories.len() as u64);
        self.counts.insert("journal lines", self.folded.seq);
        let digest = Sha256::digest(&self.journal).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Lived { counts: self.counts.clone(), journal_bytes: self.journal.len() as u64, digest })
    }

    /// Telegram's time.
    fn truth(&self) -> DateTime<Utc> {
        // The first of January 2026.
        DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_454) + TimeDelta::milliseconds(self.time as i64)
    }

    fn is_calm(&self) -> bool {
        self.time >= u64::from(self.plan.days) * DAY
    }

    fn after(&mut self, ms: u64, thing: Thing) {
        self.agenda.at(self.time + ms, thing);
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }
}
