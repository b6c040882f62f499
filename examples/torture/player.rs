//! The editor: hands articles in, approves, takes back, and answers what the bot asks, always by what can be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::process::Command;
use tokio::task::JoinHandle;
use vestnik::newsroom::Tap;
use vestnik::sandbox::{Action, CallbackAnswer, Markup, Message, Person, Sandbox, World};
use vestnik::words::label;

use crate::articles::Article;
use crate::draw::Draw;
use crate::lane::EDITOR;
use crate::ledger::{self, Entry, Wish};
use crate::mender::Mender;
use crate::tally::Tally;

/// The settling time of the bot, and a little: then nothing can come out any more that was asked for before.
pub(crate) const SETTLED: TimeDelta = TimeDelta::seconds(62);
/// How long the editor waits for an answer before another press.
pub(crate) const PATIENCE: Duration = Duration::from_millis(2500);
/// How many articles may be under way at a time.
const UNDER_WAY_MAX: usize = 10;

/// Where the command `add` dies now and then.
const DEATHS_OF_ADD: [&str; 4] = [
    "journal-half-written=return",
    "journal-before-sync=return",
    "journal-after-sync=return",
    "projection-half-written=return",
];

/// A press and when it was made.
#[derive(Debug)]
pub(crate) struct Press {
    pub(crate) id: String,
    pub(crate) at: Instant,
    pub(crate) heard: bool,
}

impl Press {
    /// The bot's answer, once.
    pub(crate) fn hears(&mut self, sandbox: &Sandbox) -> Option<CallbackAnswer> {
        let answer = sandbox.look(|world| world.callback_answer(&self.id).cloned()).filter(|_| !self.heard);
        self.heard |= answer.is_some();
        answer
    }
}

/// A post as a card shows it.
#[derive(Debug, Clone, Copy)]
struct Post<'a> {
    text: &'a str,
    picture: Option<&'a [u8]>,
}

/// The bot asks whether a post came out.
#[derive(Debug)]
struct Question {
    article: u32,
    channel: i64,
    message: i32,
    /// The button for «no».
    no: Option<String>,
    seen: DateTime<Utc>,
    press: Option<Press>,
    not_before: DateTime<Utc>,
    is_over: bool,
}

/// The editor of a lane.
#[derive(Debug)]
pub(crate) struct Player {
    sandbox: Sandbox,
    anna: Person,
    tally: Arc<Tally>,
    /// Says the opposite of what is true: the torture must notice.
    lies: bool,
    /// How often somebody posts the same words by hand before.
    pub(crate) twins_percent: u64,
    pub(crate) entries: Vec<Entry>,
    /// Presses by the entry, for each of the two buttons.
    approvals: BTreeMap<usize, Vec<Press>>,
    cancellations: BTreeMap<usize, Vec<Press>>,
    /// The newest card of each article.
    cards: BTreeMap<u32, i32>,
    questions: BTreeMap<String, Question>,
    adding: Option<(usize, JoinHandle<bool>)>,
    last_brought: Instant,
    /// Notes of twins that were read, and the articles that they have given back.
    twins_read: BTreeSet<i32>,
    given_back: BTreeSet<usize>,
    mender: Mender,
}

impl Player {
    pub(crate) fn new(sandbox: Sandbox, tally: Arc<Tally>, lies: bool) -> Self {
        let anna = sandbox.add_person(EDITOR, "Анна", None);
        anna.sends("/start");
        let mender = Mender::new(sandbox.clone(), sandbox.person(EDITOR), tally.clone());
        Self {
            mender,
            sandbox,
            anna,
            tally,
            lies,
            twins_percent: 4,
            entries: Vec::new(),
            approvals: BTreeMap::new(),
            cancellations: BTreeMap::new(),
            cards: BTreeMap::new(),
            questions: BTreeMap::new(),
            adding: None,
            last_brought: Instant::now(),
            twins_read: BTreeSet::new(),
            given_back: BTreeSet::new(),
        }
    }

    /// Looks and does the next thing. `goes_on`: new articles and decisions too, not only what is under way. `add`: the
    /// program's command, as far as the file and the link.
    pub(crate) async fn act(
        &mut self,
        draw: &mut Draw,
        goes_on: bool,
        add: impl FnOnce() -> (Command, PathBuf),
    ) {
        let chat = self.reads_desk();
        self.hears();
        self.hears_of_adding().await;
        if goes_on {
            self.brings(draw, add);
        }
        self.decides(draw, goes_on);
        self.answers();
        self.mender.act(&mut self.entries, &chat, &self.cards, draw, goes_on);
    }

    /// At the very end: what is left open counts as lost.
    pub(crate) fn ends(&mut self) {
        self.mender.ends(&mut self.entries);
    }

    /// Whether something that is out is to be amended.
    pub(crate) fn is_amending(&self) -> bool {
        self.mender.is_busy()
    }

    /// Whether nothing is left to happen.
    pub(crate) fn is_done(&self) -> bool {
        self.adding.is_none()
            && self.twins_waiting() == 0
            && !self.entries.iter().any(Entry::is_open)
            && self.unanswered() == 0
            && !self.mender.is_busy()
    }

    /// Whether the command `add` may be running.
    pub(crate) fn is_adding(&self) -> bool {
        self.adding.is_some()
    }

    /// How many articles given back are still to be approved again.
    fn twins_waiting(&self) -> usize {
        let given_back = self.given_back.iter().filter_map(|&index| self.entries.get(index));
        let waits = |entry: &&Entry| entry.cancellation == Wish::None && entry.card.contains("черновик");
        given_back.filter(waits).count()
    }

    fn unanswered(&self) -> usize {
        let waits = |presses: &Vec<Press>| {
            presses.last().is_some_and(|press| !press.heard && press.at.elapsed() < PATIENCE * 2)
        };
        self.approvals.values().chain(self.cancellations.values()).filter(|presses| waits(presses)).count()
    }

    /// Reads what the bot has said, and gives it on.
    fn reads_desk(&mut self) -> Vec<Message> {
        let now = self.sandbox.now();
        let messages: Vec<(Message, Option<Vec<u8>>)> = self.sandbox.look(|world| {
            let chat = world.chat(EDITOR).into_iter().flat_map(|chat| chat.messages());
            let told = chat.filter(|message| message.is_from_bot);
            told.map(|message| (message.clone(), ledger::picture(world, message))).collect()
        });
        let posts: BTreeMap<i32, Post<'_>> = messages
            .iter()
            .map(|(message, picture)| {
                (message.id, Post { text: message.text(), picture: picture.as_deref() })
            })
            .collect();
        for (message, _) in &messages {
            self.reads_card(message, &posts);
            self.reads_question(message, now);
            self.reads_of_twins(message);
        }
        drop(posts);
        messages.into_iter().map(|(message, _)| message).collect()
    }

    fn reads_card(&mut self, message: &Message, posts: &BTreeMap<i32, Post<'_>>) {
        let text = message.text();
        let Some(number) = text.strip_prefix('№').and_then(|rest| rest.split(" · ").next()?.parse().ok())
        else {
            return;
        };
        let Some(post) = message.reply_to.and_then(|post| posts.get(&post)) else { return };
        let Some(entry) = self.entries.iter_mut().find(|entry| post.text.contains(&entry.article.mark))
        else {
            return;
        };
        entry.number = Some(number);
        if entry.standing.is_empty() {
            entry.post = Some(post.text.to_owned());
            entry.shown = post.picture.map(<[u8]>::to_vec);
        }
        // Messages come in order: the newest card counts.
        entry.card = text.to_owned();
        self.cards.insert(number, message.id);
    }

    /// The bot has found a twin of a waiting post in the channel and given the article back: the editor, who knows whose
    /// that is, approves once more.
    fn reads_of_twins(&mut self, message: &Message) {
        let text = message.text();
        if !text.contains("уже есть пост с тем же текстом") || !self.twins_read.insert(message.id)
        {
            return;
        }
        let first = text.split("уже есть").next().unwrap_or_default();
        let numbers = first.split('№').skip(1);
        let numbers =
            numbers.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
        let numbers: Vec<u32> = numbers.collect();
        for (index, entry) in self.entries.iter().enumerate() {
            if entry.number.is_some_and(|number| numbers.contains(&number)) {
                self.tally.fault("given back for a twin");
                self.given_back.insert(index);
            }
        }
    }

    fn reads_question(&mut self, message: &Message, now: DateTime<Utc>) {
        let Some(Markup::Inline(rows)) = &message.markup else { return };
        let data = rows.iter().flatten().filter_map(|button| match &button.action {
            Action::Callback(data) => Some(data),
            Action::Url(_) => None,
        });
        for data in data {
            if let Some(Tap::Came(article, channel, attempt)) = Tap::parse(data) {
                let tally = &self.tally;
                let question = self.questions.entry(data.clone()).or_insert_with(|| {
                    tally.counts().asked_editor += 1;
                    Question {
                        article: article.0,
                        channel: channel.0,
                        message: message.id,
                        no: Some(Tap::NotCame(article, channel, attempt).data()),
                        seen: now,
                        press: None,
                        not_before: now + SETTLED,
                        is_over: false,
                    }
                });
                question.message = message.id;
            }
        }
    }

    /// Takes in the bot's answers to presses, and what the cards say where there was none.
    fn hears(&mut self) {
        let sandbox = self.sandbox.clone();
        let hear = |press: &mut Press| press.hears(&sandbox);
        for (&index, presses) in &mut self.approvals {
            let Some(entry) = self.entries.get_mut(index) else { continue };
            let answers: Vec<_> = presses.iter_mut().filter_map(hear).collect();
            let says_so = answers.iter().any(|answer| !answer.show_alert && answer.text.contains("одобрен"));
            if entry.approval == Wish::Unheard && (says_so || entry.card_says_approved()) {
                entry.approval = Wish::Acknowledged;
            }
        }
        for (&index, presses) in &mut self.cancellations {
            let Some(entry) = self.entries.get_mut(index) else { continue };
            let answers: Vec<_> = presses.iter_mut().filter_map(hear).collect();
            let says_so =
                answers.iter().any(|answer| !answer.show_alert && answer.text.contains("снят с очереди"));
            if entry.cancellation == Wish::Unheard && says_so {
                entry.cancellation = Wish::Acknowledged;
                let counts = |world: &World| {
                    let channels = entry.article.channels.iter();
                    channels.map(|&channel| (channel, entry.count(world, channel))).collect()
                };
                entry.at_cancellation = sandbox.look(counts);
            }
        }
        for question in self.questions.values_mut() {
            let Some(answer) = question.press.as_mut().and_then(hear) else { continue };
            if answer.text.contains("Ещё рано") {
                question.press = None;
                question.not_before = sandbox.now() + TimeDelta::seconds(10);
            } else {
                question.is_over = true;
            }
        }
    }

    async fn hears_of_adding(&mut self) {
        let Some((index, task)) = self.adding.take_if(|(_, task)| task.is_finished()) else { return };
        if let (Ok(true), Some(entry)) = (task.await, self.entries.get_mut(index)) {
            entry.is_in = true;
        }
    }

    /// One more article, by message, as a picture's caption, or by the command line.
    fn brings(&mut self, draw: &mut Draw, add: impl FnOnce() -> (Command, PathBuf)) {
        // Of what was approved and not heard of, a card that comes late says nothing yet.
        let waits = |entry: &&Entry| {
            entry.is_open() || entry.approval == Wish::Unheard || self.waits_for_editor(entry)
        };
        let under_way = self.entries.iter().filter(waits).count();
        if under_way >= UNDER_WAY_MAX || self.last_brought.elapsed() < Duration::from_millis(60) {
            return;
        }
        self.last_brought = Instant::now();
        let index = self.entries.len();
        let article = Article::invented(draw, index + 1);
        let mut entry = Entry::new(article.clone(), draw.percent(90), draw.percent(8));
        if let Some(picture) = article.picture.clone() {
            // A photo, or the same as a file, which keeps its quality.
            match draw.percent(75) {
                true => self.anna.sends_photo(picture, &article.message()),
                false => self.anna.sends_document("photo.png", picture, &article.message()),
            };
            entry.is_in = true;
        } else if draw.percent(25) && self.adding.is_none() {
            let (mut command, file) = add();
            // Where no bot runs, the command writes the journal itself, and can die over it: then nothing was promised.
            let failpoint = match draw.percent(30) {
                true => draw.one_of(&DEATHS_OF_ADD).unwrap_or_default(),
                false => "",
            };
            let task = tokio::spawn(async move {
                if tokio::fs::write(&file, &article.text).await.is_err() {
                    return false;
                }
                command.arg("--link").arg(&article.link).arg(&file);
                command.env("FAILPOINTS", failpoint);
                command.status().await.is_ok_and(|status| status.success())
            });
            self.adding = Some((index, task));
        } else {
            self.anna.sends(&article.message());
            entry.is_in = true;
        }
        self.entries.push(entry);
    }

    fn waits_for_editor(&self, entry: &Entry) -> bool {
        entry.is_liked && entry.number.is_some() && entry.approval == Wish::None
    }

    /// Presses the buttons of cards.
    fn decides(&mut self, draw: &mut Draw, goes_on: bool) {
        for (index, entry) in self.entries.iter_mut().enumerate() {
            let Some(card) = entry.number.and_then(|number| self.cards.get(&number)) else { continue };
            let presses = self.approvals.entry(index).or_default();
            let may_press = presses.last().is_none_or(|press| press.heard || press.at.elapsed() > PATIENCE);
            let wants = match entry.approval {
                Wish::None => goes_on && entry.is_liked && draw.percent(20),
                Wish::Unheard => draw.percent(10),
                Wish::Acknowledged => false,
            };
            let again = self.given_back.contains(&index) && entry.cancellation == Wish::None;
            if again && may_press && self.anna.presses(EDITOR, *card, label::APPROVE).is_ok() {
                self.given_back.remove(&index);
            }
            if wants && may_press {
                let button = if draw.percent(30) { label::AT_ONCE } else { label::APPROVE };
                if entry.approval == Wish::None && draw.percent(self.twins_percent) {
                    // Somebody has put the very same words there before: below the floor of any claim to come.
                    for &channel in entry.article.channels {
                        self.tally.fault("the same post by hand, before");
                        self.sandbox.post_by_hand(channel, entry.post.as_deref().unwrap_or_default());
                    }
                }
                // The button may have gone this very moment: the card says why.
                if let Ok(id) = self.anna.presses(EDITOR, *card, button) {
                    entry.approval = Wish::Unheard;
                    presses.push(Press { id, at: Instant::now(), heard: false });
                }
            }
            if entry.is_regretted && goes_on && entry.approval == Wish::Acknowledged && draw.percent(30) {
                entry.is_regretted = false;
                if let Ok(id) = self.anna.presses(EDITOR, *card, label::CANCEL) {
                    entry.cancellation = Wish::Unheard;
                    self.cancellations.entry(index).or_default().push(Press {
                        id,
                        at: Instant::now(),
                        heard: false,
                    });
                }
            }
        }
    }

    /// Looks into the channel, once nothing can come there any more of what is asked about, and says what is there.
    fn answers(&mut self) {
        let now = self.sandbox.now();
        for (yes, question) in &mut self.questions {
            let waits = question.press.as_ref().is_some_and(|press| press.at.elapsed() < PATIENCE);
            if question.is_over || waits || now < question.not_before || now < question.seen + SETTLED {
                continue;
            }
            let Some(entry) = self.entries.iter().find(|entry| entry.number == Some(question.article)) else {
                continue;
            };
            let came = self.sandbox.look(|world| entry.count(world, question.channel)) > 0;
            let button = if came != self.lies { Some(yes) } else { question.no.as_ref() };
            let pressed = button.map(|button| self.anna.presses(EDITOR, question.message, button));
            match pressed {
                Some(Ok(id)) => question.press = Some(Press { id, at: Instant::now(), heard: false }),
                // The card has moved on, and with it the question.
                _ => question.is_over = true,
            }
        }
    }

    /// The ledger as text.
    pub(crate) fn told(&self) -> String {
        use std::fmt::Write as _;
        let mut told = String::new();
        for entry in &self.entries {
            let _ = writeln!(told, "{entry:#?}");
        }
        for (data, question) in &self.questions {
            let _ = writeln!(told, "{data}: {question:?}");
        }
        let _ = writeln!(told, "{:#?}", self.mender);
        told
    }
}
