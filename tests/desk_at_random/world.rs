//! The world around the newsroom: Telegram, the desk, the clock, the disk.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::article::PageError;
use vestnik::ids::{ArticleId, ChatId, MessageId};
use vestnik::newsroom::{
    AmendOutcome, Content, Delivery, Depth, Effect, Event, FetchError, Input, Line, LookError, Newsroom, Now,
    Outcome, Press, Recovery, Rules, ShownPhoto, State, Tap, Update, Whose,
};
use vestnik::post::Post;
use vestnik::schedule;

use crate::acts::{Answer, File};
use crate::consents::Consents;
use crate::desk::{Desk, fingerprint};
use crate::orders::editor_of;
use crate::settings::{Settings, rules};

/// The world around the newsroom: its journal, its clock, the chats and the channels.
pub(crate) struct World {
    pub(crate) newsroom: Newsroom,
    pub(crate) settings: Settings,
    pub(crate) journal: Vec<String>,
    pub(crate) utc: DateTime<Utc>,
    pub(crate) started: DateTime<Utc>,
    pub(crate) requests: VecDeque<(ArticleId, Post)>,
    /// Posts that will appear although their answer was lost, and when.
    pub(crate) late: Vec<(DateTime<Utc>, ArticleId, Post)>,
    /// What stands in the channels, and under which article's claim it came there.
    pub(crate) channels: BTreeMap<ChatId, Vec<(ArticleId, Post)>>,
    /// What the editors have before their eyes.
    pub(crate) desk: Desk,
    pub(crate) approvals: BTreeSet<(ArticleId, ChatId, String)>,
    /// What was approved as words alone, for the case that the picture fails.
    pub(crate) text_forms: BTreeSet<(ArticleId, ChatId, String)>,
    /// Where a picture has failed.
    pub(crate) photo_failed: BTreeSet<(ArticleId, ChatId)>,
    /// What is excepted from the freeze in force, if one is.
    pub(crate) frozen: Option<BTreeSet<ArticleId>>,
    pub(crate) files: Vec<File>,
    pub(crate) last_message: i32,
    pub(crate) last_update: u32,
    /// What was deleted at an editor's word, whether or not the newsroom heard of it, or has forgotten it with its disk.
    pub(crate) deleted: BTreeSet<(ArticleId, ChatId)>,
    /// What requests to mend a post have made of it, whether or not the newsroom has heard of it.
    pub(crate) mended: BTreeSet<(ArticleId, ChatId, String)>,
    /// Whose word each post has.
    pub(crate) consents: Consents,
    /// Who has sent each file that is fetched.
    pub(crate) fetches: BTreeMap<u64, u64>,
    /// The last messages that people have sent: who, and which.
    pub(crate) sent: VecDeque<(u64, MessageId)>,
    /// How many requests there were to mend or withdraw a post.
    pub(crate) amended: u32,
}

/// A newsroom that Telegram gives its updates, as it must before anything is claimed.
fn hearing(state: State, rules: Rules) -> Newsroom {
    let mut newsroom = Newsroom::new(state, rules);
    newsroom.hears(true);
    newsroom
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let utc = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let mut world = Self {
            newsroom: hearing(State::default(), rules(settings)),
            settings,
            journal: Vec::new(),
            utc,
            started: utc,
            requests: VecDeque::new(),
            late: Vec::new(),
            channels: BTreeMap::new(),
            desk: Desk::default(),
            approvals: BTreeSet::new(),
            text_forms: BTreeSet::new(),
            photo_failed: BTreeSet::new(),
            frozen: None,
            files: Vec::new(),
            last_message: 0,
            last_update: 0,
            deleted: BTreeSet::new(),
            mended: BTreeSet::new(),
            consents: Consents::default(),
            fetches: BTreeMap::new(),
            sent: VecDeque::new(),
            amended: 0,
        };
        world.take(&Input::Started { channels: Vec::new() });
        world
    }

    pub(crate) fn now(&self) -> Now {
        Now { utc: self.utc, mono: (self.utc - self.started).to_std().unwrap() }
    }

    pub(crate) fn take(&mut self, input: &Input) -> bool {
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
            self.may(input, event);
            let by = match input {
                Input::Fetched { fetch, .. } => self.fetches.get(fetch).copied(),
                _ => editor_of(input),
            };
            if let (Event::FetchOwed { fetch, .. }, Some(by)) = (event, by) {
                self.fetches.insert(*fetch, by);
            }
            self.consents.note(input, event, by, &self.newsroom);
            if let Event::FirstApproved { article, version, .. } = event {
                self.consents.approves(input, *article, *version);
            }
            if let Event::Approved { article, approval } = event {
                let place = (*article, approval.post.chat_id);
                self.consents.is_enough(input, place, approval.version, self.settings).unwrap();
                let print = self.desk.check(&self.as_seen(input), approval).unwrap();
                self.approvals.insert((*article, approval.post.chat_id, print));
                let text = approval.post.text_form();
                self.text_forms.extend(text.map(|text| (*article, text.chat_id, fingerprint(&text))));
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
    pub(crate) fn settle(&mut self) {
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
                Effect::FetchPage { fetch, page } => {
                    let file = match page.as_str().len() % 3 {
                        0 => Err(FetchError::Page(PageError::NoPicture)),
                        1 => Ok(b"words".to_vec()),
                        _ => Ok(png(9)),
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
            if let Some(post) = &post {
                self.mended.insert((article, channel, fingerprint(post)));
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

    pub(crate) fn answer(&mut self, answer: Answer) {
        let Some((article, post)) = self.requests.pop_front() else { return };
        let channel = post.chat_id;
        // Of words alone nobody says that their picture is bad.
        let answer = match answer {
            Answer::RefusedPhoto | Answer::PhotoUnheard if post.picture.is_none() => Answer::Accepted,
            other => other,
        };
        if matches!(answer, Answer::RefusedPhoto | Answer::PhotoUnheard) {
            self.photo_failed.insert((article, channel));
        }
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
            Answer::RefusedPhoto => {
                let why = "Bad Request: PHOTO_INVALID_DIMENSIONS".to_owned();
                Outcome::Refused { whose: Whose::Post, why }
            }
            Answer::PhotoUnheard => Outcome::Unknown { why: "Bad Request: IMAGE_PROCESS_FAILED".to_owned() },
            Answer::RefusedChannel => Outcome::Refused { whose: Whose::Channel, why },
        };
        self.take(&Input::Sent { article, channel, outcome });
    }

    pub(crate) fn passes(&mut self, seconds: i64) {
        self.utc += TimeDelta::seconds(seconds);
        let (due, late) = std::mem::take(&mut self.late).into_iter().partition(|(at, ..)| *at <= self.utc);
        self.late = late;
        for (_, article, post) in due {
            self.channels.entry(post.chat_id).or_default().push((article, post));
        }
        self.take(&Input::Tick);
    }

    /// What was under way comes out or not, and nobody hears of it.
    pub(crate) fn restart(&mut self, settings: Settings) {
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
    pub(crate) fn is_out_unknown(&self, article: ArticleId) -> bool {
        let known = self.newsroom.state().stories.get(&article);
        let is_draft = |channel: &ChatId| known.is_none_or(|story| !story.publications.contains_key(channel));
        let stands = |posts: &Vec<(ArticleId, Post)>| posts.iter().any(|(known, _)| *known == article);
        self.channels.iter().any(|(channel, posts)| stands(posts) && is_draft(channel))
    }

    /// A part of the journal comes back from a backup; by then no request is on its way any more.
    pub(crate) fn is_restored(&mut self, share: f64) {
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
        self.consents = Consents::brought_back(self.newsroom.state());
        self.take(&Input::Recovered { how: Recovery::Backup, since, out: Vec::new() });
        self.newsroom = hearing(self.folded(), rules(Settings::Usual));
        assert_eq!(self.pick(), None, "nothing goes out of itself");
        self.take(&Input::Started { channels: Vec::new() });
    }

    pub(crate) fn folded(&self) -> State {
        let mut state = State::default();
        for line in &self.journal {
            state.apply(&serde_json::from_str(line).unwrap());
        }
        state
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
pub(crate) fn png(number: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0".to_vec();
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes.push(number);
    bytes
}

/// Whether taking an input could still have changed anything: a press is answered again, and nothing more.
pub(crate) fn happened(before: &State, input: &Input) -> bool {
    match input {
        Input::Update { id, .. } => before.updates.contains_key(id),
        _ => true,
    }
}
