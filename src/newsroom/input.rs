//! What reaches the newsroom from outside, and what it asks of the outside.

mod sight;
mod update;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::event::{Button, Cause, Piece, ShownPhoto};
use super::order::Order;
use crate::article::{Link, PageError};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::{Post, RichText};
pub use sight::{Depth, Findings, FoundPost, Look, LookError};
pub use update::{Document, Message, Person, Press, Update};

/// The moment at which a step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The wall clock.
    pub utc: DateTime<Utc>,
    /// Time since the program started, by a clock that nobody sets: for waiting.
    pub mono: Duration,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The bot has started: what was being sent is now under question.
    Started {
        /// Which channels stand behind the @usernames of `bot.toml`.
        channels: Vec<(String, ChatId)>,
    },
    /// Time has passed.
    Tick,
    /// Telegram's clock was read.
    ServerTime {
        /// What it showed.
        utc: DateTime<Utc>,
        /// When, by the clock that nobody sets: [`Now::mono`] of that moment.
        at: Duration,
    },
    /// Telegram brought an update.
    Update {
        /// Its number.
        id: u32,
        /// What it says.
        what: Update,
    },
    /// An input whose handling failed twice: it is put aside, so that the next one can be served.
    Failed(Box<Input>),
    /// The machine's side orders something.
    Order(Order),
    /// The command line has brought the journal back, up to a moment: what happened after it is not known.
    Recovered {
        /// How.
        how: Recovery,
        /// The time of the last line that is known.
        since: DateTime<Utc>,
        /// Articles that came out after it, as far as something still tells.
        out: Vec<ArticleId>,
    },
    /// The plan chose this post, reading the queue as it was after the line `seq`.
    Pick {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// The slot that it uses.
        slot: Option<DateTime<Utc>>,
        /// The sequence number that the queue was read at.
        seq: u64,
    },
    /// An attempt to publish ended.
    Sent {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// What the answer proves.
        outcome: Outcome,
    },
    /// The bot has looked for a post, or could not.
    Looked {
        /// Which; none: for those that wait, at a start.
        article: Option<ArticleId>,
        /// Where.
        channel: ChatId,
        /// Which attempt it looked for; 0 where it looked for none in particular.
        attempt: u32,
        /// The chat that it forwarded to,
        through: ChatId,
        /// and how many messages it sent there.
        sent: u32,
        /// What it has found.
        found: Result<Findings, LookError>,
    },
    /// A message to the desk was delivered, or not.
    Told {
        /// Which.
        what: Owed,
        /// Where.
        chat: ChatId,
        /// How it went.
        delivery: Delivery,
    },
    /// A file was fetched, or not.
    Fetched {
        /// Which.
        fetch: u64,
        /// Its bytes.
        file: Result<Vec<u8>, FetchError>,
    },
    /// The bot has looked at a post of its own that is to be mended or withdrawn, or could not.
    LookedAt {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// For which of its amendments.
        number: u32,
        /// The chat that it forwarded to,
        through: ChatId,
        /// and how many messages it sent there.
        sent: u32,
        /// What it has found.
        found: Result<Findings, LookError>,
    },
    /// A try to mend or withdraw a post ended.
    Amended {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Which of its amendments.
        number: u32,
        /// What the answer proves.
        outcome: AmendOutcome,
    },
}

/// What the answer to an edit or a deletion proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmendOutcome {
    /// It is as was asked: now, or before already.
    Done,
    /// Telegram finds no such message: a look tells whether that is so.
    Gone {
        /// Its words.
        why: String,
    },
    /// Not done; Telegram says how long to wait.
    Wait {
        /// That long.
        seconds: u32,
    },
    /// Not done; it may go better later.
    Later {
        /// What happened.
        why: String,
    },
    /// Not done, and will not be until somebody acts.
    Refused {
        /// Telegram's words.
        why: String,
    },
    /// Nobody knows. It is looked again and repeated.
    Unknown {
        /// What happened.
        why: String,
    },
}

impl Input {
    /// What the journal names as the cause of whatever this brings about.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::Update { id, .. } => Cause::Update(*id),
            Self::Failed(input) => input.cause(),
            Self::Order(_) | Self::Recovered { .. } => Cause::CommandLine,
            _ => Cause::Bot,
        }
    }
}

/// How a journal was brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// From a backup.
    Backup,
    /// By cutting it where it was damaged.
    Repair,
}

/// What the answer to a post proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the channel.
    Accepted(Option<MessageId>),
    /// It does not, and may be sent again after a pause.
    NotAccepted {
        /// What proves it.
        why: String,
    },
    /// It does not; Telegram says how long to wait.
    Wait {
        /// That long.
        seconds: u32,
    },
    /// It does not, and will not until somebody acts.
    Refused {
        /// Whose matter it is.
        whose: Whose,
        /// Telegram's words.
        why: String,
    },
    /// Nobody knows.
    Unknown {
        /// What happened.
        why: String,
    },
}

/// Who can mend a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The post itself: its text, its link, its markup.
    Post,
    /// The channel: rights, membership.
    Channel,
    /// The whole bot: its token.
    Bot,
}

/// How a message to the desk went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It stands there.
    Done(MessageId),
    /// It stands there, and nobody knows under which number, so that it can't be changed.
    Unplaced,
    /// What was to be changed is gone, or may not be changed any more.
    Gone,
    /// The group has become a supergroup: it has another number now.
    Moved {
        /// This one.
        to: ChatId,
    },
    /// The chat takes nothing from us.
    Closed {
        /// Telegram's words.
        why: String,
    },
    /// It will never be taken.
    Refused {
        /// Telegram's words.
        why: String,
    },
    /// To be tried again.
    Later {
        /// Seconds that Telegram wants us to wait.
        wait: Option<u32>,
        /// What happened.
        why: String,
    },
    /// It stands there, and it is a picture.
    DonePhoto {
        /// Its number.
        message_id: MessageId,
        /// The picture.
        photo: ShownPhoto,
    },
}

/// Why a file is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// It is larger than we read.
    TooLarge,
    /// Telegram does not have it any more.
    Gone(String),
    /// To be tried again.
    Later(String),
    /// The article's page gives no picture. It is not tried again of itself: whoever asked is told, and may ask again.
    Page(PageError),
}

/// Something owed to the desk: what the effect is known by while it is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owed {
    /// A note, by its number.
    Note(u64),
    /// A piece of a card.
    Card {
        /// Whose card.
        article: ArticleId,
        /// Which piece.
        piece: Piece,
        /// The version of the draft that it shows.
        version: u32,
        /// A digest of what it shows.
        print: String,
        /// Which of the chat's cards of this article it belongs to.
        generation: u32,
    },
    /// The shift's summary.
    Shift {
        /// Which of the chat's summaries.
        generation: u32,
        /// A digest of what it shows.
        print: String,
        /// Whether it says that it is over.
        last: bool,
    },
    /// An older summary, to say that a newer one stands below.
    ShiftRetired {
        /// Which message.
        message_id: MessageId,
    },
    /// A message of an older card, to lose its buttons.
    Retired {
        /// Whose card.
        article: ArticleId,
        /// Which message.
        message_id: MessageId,
    },
}

/// What the newsroom asks of the outside. None is released before the step that led to it is on disk.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a sealed post to its channel.
    Publish {
        /// Which.
        article: ArticleId,
        /// Which attempt.
        attempt: u32,
        /// The request.
        post: Post,
        /// Telegram's name for its picture, where it has one.
        file_id: Option<String>,
    },
    /// Look whether a post stands in its channel.
    Look {
        /// Which; none: any of those that wait.
        article: Option<ArticleId>,
        /// Which attempt; 0 for none in particular.
        attempt: u32,
        /// How.
        look: Look,
    },
    /// Send or change a message of the desk.
    Tell {
        /// By what its outcome is known.
        what: Owed,
        /// Where.
        chat: ChatId,
        /// The message to change; none to send a new one.
        edit: Option<MessageId>,
        /// The message to answer.
        reply_to: Option<MessageId>,
        /// What it says.
        content: Content,
    },
    /// Fetch a file.
    Fetch {
        /// Its number here.
        fetch: u64,
        /// Telegram's name for it.
        file_id: String,
        /// No more of it is read, in bytes.
        bytes_max: u64,
    },
    /// Fetch the picture that an article's page names.
    FetchPage {
        /// Its number here.
        fetch: u64,
        /// The page.
        page: Link,
    },
    /// Answer a press. It may be lost: the person sees the card change.
    Answer {
        /// Which press.
        id: String,
        /// What to show, up to 200 characters.
        text: String,
        /// Whether it must be tapped away.
        alert: bool,
    },
    /// Change or delete a post that is out.
    Amend {
        /// Which.
        article: ArticleId,
        /// Which of its amendments.
        number: u32,
        /// Where.
        channel: ChatId,
        /// Its id there.
        message_id: MessageId,
        /// What is to stand there; none: nothing.
        post: Option<Post>,
    },
    /// Set the menu of commands in a chat. It may be lost: the next start sets it again.
    Menu {
        /// Whose.
        chat: ChatId,
    },
}

/// What a message of the desk shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words of the bot, with buttons.
    Words {
        /// The words.
        text: String,
        /// Buttons, row by row.
        buttons: Vec<Vec<Button>>,
    },
    /// A post exactly as subscribers will see it.
    Post(Post),
    /// Words with something set on them, and buttons.
    Rich {
        /// The words.
        rich: RichText,
        /// Buttons, row by row.
        buttons: Vec<Vec<Button>>,
    },
    /// Words of the bot, with the keyboard of the commonest commands: such a message can't be changed any more.
    Keyboard {
        /// The words.
        text: String,
        /// What its keys say, row by row.
        keys: Vec<Vec<&'static str>>,
    },
    /// The same of one with a picture.
    Photo {
        /// The post.
        post: Post,
        /// Telegram's name for the picture, where it has one.
        file_id: Option<String>,
    },
}
