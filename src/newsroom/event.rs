//! Facts: what the journal holds, line by line, and from which the state is folded.
//!
//! An event says what has happened, never what to do. Released events are never changed in a way that older journals
//! could not be read: fields are added with a default, and a new meaning gets a new name.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::after::{Change, Held, Leave, Withdrawal};
use crate::article::{Article, Link, Part};
use crate::ids::{ArticleId, ChatId, MessageId, UserId};
use crate::post::{Entity, Post};
use crate::schedule::Turn;
use crate::views::By;
use crate::words;

/// One step of the newsroom: everything that one cause brought about, in the journal as one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Version of the events' meaning; see [`Line::VERSION`].
    pub v: u32,
    /// 1, 2, 3… without holes.
    pub seq: u64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What brought it about.
    pub cause: Cause,
    /// What happened; never empty.
    pub events: Vec<Event>,
}

impl Line {
    /// The version written by this program.
    pub const VERSION: u32 = 3;
}

/// What a step answers to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An update of Telegram, by its id: delivered again, it does nothing again.
    Update(u32),
    /// A command given on the command line.
    CommandLine,
    /// The bot itself: a start, a timer, an answer of Telegram.
    Bot,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An editor, with the name by which colleagues know them.
    Editor {
        /// The person.
        id: UserId,
        /// The name at that moment.
        name: String,
    },
    /// Whoever has the machine's command line.
    CommandLine,
    /// The bot, of its own accord.
    Bot,
}

impl Actor {
    /// The name by which colleagues know them.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Editor { name, .. } => name,
            Self::CommandLine => words::COMMAND_LINE,
            Self::Bot => words::BOT,
        }
    }

    /// The same for the views.
    pub(super) fn view(&self) -> By {
        match self {
            Self::Editor { name, .. } => By::Editor(name.clone()),
            Self::CommandLine => By::CommandLine,
            Self::Bot => By::Bot,
        }
    }

    /// The person, where it is one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Editor { id, .. } => Some(*id),
            Self::CommandLine | Self::Bot => None,
        }
    }
}

/// Who and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who did it.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// The text of an article as it stands now and the posts made from it: what a card shows and an approval seals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// 1, 2, 3…: grows with the text and with every new rendering, so a version names exact posts.
    pub version: u32,
    /// The cleaned text.
    pub article: Article,
    /// Where it stands on the site.
    pub link: Link,
    /// One post for each channel that the article is meant for.
    pub posts: Vec<Post>,
    /// Who brought this text, and when.
    pub mark: Mark,
}

/// A post that somebody has approved for a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// The sealed request: these very bytes are sent.
    pub post: Post,
    /// The draft's version that it was sealed from.
    pub version: u32,
    /// Who approved it, and when.
    pub mark: Mark,
    /// Its place in the plan.
    pub turn: Turn,
    /// The time that was told when it got this place: when a queued one leaves by the forecast, a pinned one's own, the
    /// moment of an urgent one's press. Unknown in lines of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<DateTime<Utc>>,
    /// The marks that the law asked for when it was sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// How many times it has been claimed so far.
    #[serde(default)]
    pub attempts: u32,
    /// Whether its picture has failed, so that the post is the form of words alone that was approved with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_text: bool,
}

/// A button under a message of the bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What the editor reads.
    pub label: String,
    /// What comes back when it is pressed: 1 to 64 bytes.
    pub data: String,
}

/// A message that the bot owes somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Where it goes.
    pub chat: ChatId,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// What it says.
    pub text: String,
    /// Buttons, row by row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// It shows this post instead of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// What is set on the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// The message of ours that it takes the place of; none to be sent as a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<MessageId>,
    /// Whether the person gets the keyboard of the commonest commands with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keyboard: bool,
}

/// A file that an editor has sent, or wants from the article's page, and that the bot has yet to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// Telegram's name for the file.
    pub file_id: String,
    /// The name under which the editor sent it.
    pub file_name: String,
    /// The caption, which may hold the link.
    pub caption: String,
    /// Whom to answer, and where.
    pub asked: Asked,
    /// Whether Telegram says that it is a picture: then it may be larger than a text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub image: bool,
    /// The article whose card it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<ArticleId>,
    /// The album of which it is the first picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// It is no file of Telegram's but the picture that this page, the article's own, names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Link>,
}

/// A message of an editor that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asked.
    pub by: Actor,
    /// In which chat.
    pub chat: ChatId,
    /// With which message.
    pub message_id: MessageId,
}

/// The editor's message that an edit was made with: changed there, it is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// In which chat.
    pub chat: ChatId,
    /// Which message.
    pub message_id: MessageId,
    /// What it was taken for.
    pub part: Part,
}

/// A piece of an article's card: the very posts come first, the message with the buttons last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// The n-th of the posts.
    Post(usize),
    /// The service message.
    Service,
}

/// The picture of a message of ours, as Telegram has it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownPhoto {
    /// SHA-256 of the bytes that were sent.
    pub sha256: String,
    /// Telegram's name for what it has made of them, by which the channel gets the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
}

/// Why a message may be taken to have come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Telegram said so in its answer.
    Answer,
    /// A person has seen it in the channel.
    Seen(Actor),
    /// The bot has looked and found it there.
    Found,
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A new article, or a new text of one: approvals fall with the old text, but for those that are being sent, under
    /// question or out; and the cards are shown anew.
    Drafted {
        /// Which.
        article: ArticleId,
        /// Its text and posts.
        draft: Draft,
    },
    /// The posts of an article were made anew, since `bot.toml` has changed. Text and approvals stay.
    Rendered {
        /// Which.
        article: ArticleId,
        /// The new posts, one for each of its channels.
        posts: Vec<Post>,
    },
    /// Somebody has said what becomes of an article's posts whose picture fails. The posts are made anew with that word,
    /// since an approval seals it; the text stays.
    TextFormChosen {
        /// Which.
        article: ArticleId,
        /// Whether they may come out as words alone.
        or_text: bool,
        /// The posts, one for each of its channels.
        posts: Vec<Post>,
        /// Who said so.
        by: Actor,
    },
    /// From here on the post goes, or stands, in the form of words alone that was approved with it
    /// ([`Post::text_form`]). One that Telegram has refused waits for its turn again.
    TextInstead {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// What became of the picture.
        why: String,
    },
    /// The editors were told which approved posts `bot.toml` would make otherwise now.
    ChangesTold {
        /// A digest of that change, which its button carries; empty where nothing differs any more.
        digest: String,
        /// Each post, and what it would be: when some of them leave, the others are not told of again. Unknown in lines of
        /// older programs.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        posts: Vec<String>,
    },
    /// Another text came for the link of an article that is already here; an editor is asked which one counts.
    Offered {
        /// Which.
        article: ArticleId,
        /// The other text.
        text: Article,
        /// The link as it was given this time.
        link: Link,
        /// Who brought it.
        by: Actor,
    },
    /// The offered text was not taken.
    OfferDeclined {
        /// Which.
        article: ArticleId,
    },
    /// The first of two editors whose word is needed has approved; the second one's seals.
    FirstApproved {
        /// Which.
        article: ArticleId,
        /// What version of the draft.
        version: u32,
        /// Who.
        by: Actor,
    },
    /// A post was sealed for a channel.
    Approved {
        /// Which.
        article: ArticleId,
        /// What was sealed; its post names the channel.
        approval: Approval,
    },
    /// An approved post got another place in the plan.
    Retimed {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Its new place.
        turn: Turn,
        /// The time that was told with it; see [`Approval::promised`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promised: Option<DateTime<Utc>>,
        /// Who moved it.
        by: Actor,
    },
    /// An approved or refused post is a draft again.
    Cancelled {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Who took it back.
        by: Actor,
    },
    /// Somebody wants a post taken back that is being sent or under question: done when that is settled.
    CancelWished {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Who.
        by: Actor,
    },
    /// The article was turned down.
    Rejected {
        /// Which.
        article: ArticleId,
        /// By whom.
        mark: Mark,
    },
    /// An article that is out in some channels is not wanted in these, where it still is a draft.
    Dropped {
        /// Which.
        article: ArticleId,
        /// Where it is not wanted.
        channels: Vec<ChatId>,
        /// Who said so.
        mark: Mark,
    },
    /// A rejected article is a draft again.
    Restored {
        /// Which.
        article: ArticleId,
        /// By whom.
        by: Actor,
    },
    /// The post is about to be sent: from here on it may have come out.
    Claimed {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// The number of this attempt: 1, 2, 3…
        attempt: u32,
        /// The highest message id known in the channel at this moment.
        floor: Option<MessageId>,
        /// The slot that it uses, where it uses one.
        slot: Option<DateTime<Utc>>,
    },
    /// The attempt proved not to have been accepted: the post is approved again.
    Released {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// What proves it.
        why: String,
    },
    /// Nobody knows whether the attempt came out.
    Doubted {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// What happened to the request.
        why: String,
        /// Whether the bot looks for itself before it asks an editor. Older programs never did.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        looks: bool,
    },
    /// The bot has looked whether a post under question came out, and can't tell: an editor is asked.
    LookGivenUp {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// What keeps it from telling.
        why: String,
    },
    /// The post stands in the channel.
    Published {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Under this id, where it is known.
        message_id: Option<MessageId>,
        /// How we know.
        evidence: Evidence,
    },
    /// An editor has passed a post on that is known to be out: now it is known under which id.
    PostFound {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Under this id.
        message_id: MessageId,
        /// Who passed it on.
        by: Actor,
    },
    /// Telegram will not take this post as it is: a person must decide.
    Refused {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Telegram's words.
        why: String,
    },
    /// An editor sends a refused post again as it is.
    Retried {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Who.
        by: Actor,
    },
    /// The channel takes no posts until a person has mended it.
    ChannelPaused {
        /// Which.
        channel: ChatId,
        /// Telegram's words.
        why: String,
    },
    /// The channel takes posts again.
    ChannelResumed {
        /// Which.
        channel: ChatId,
        /// Who says so.
        by: Actor,
    },
    /// A message id was seen in a channel.
    ChannelSeen {
        /// Which.
        channel: ChatId,
        /// The id.
        message_id: MessageId,
    },
    /// Telegram has told the bot to send nothing to a chat for a while.
    ToldToWait {
        /// Which.
        chat: ChatId,
        /// Until then.
        until: DateTime<Utc>,
    },
    /// Somebody has stopped all publication.
    Frozen {
        /// Who, and when.
        mark: Mark,
        /// Why; empty where nothing was said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    /// This article may go out in spite of the freeze.
    FreezeExcepted {
        /// Which.
        article: ArticleId,
        /// Who says so.
        by: Actor,
    },
    /// Posts go out again.
    Thawed {
        /// Who says so.
        by: Actor,
    },
    /// An article came without its link: the bot has asked for it.
    LinkAwaited {
        /// The text that waits.
        text: Article,
        /// Who was asked.
        asked: Asked,
    },
    /// The question for the link is over: answered or given up.
    LinkSettled {
        /// Who was asked.
        user: UserId,
        /// Where.
        chat: ChatId,
    },
    /// A file is to be fetched.
    FetchOwed {
        /// Its number here.
        fetch: u64,
        /// What and for whom.
        what: Fetch,
    },
    /// The file is here, or will never be.
    FetchSettled {
        /// Its number here.
        fetch: u64,
    },
    /// A message is owed.
    NoteOwed {
        /// Its number here.
        note: u64,
        /// What and to whom.
        what: Note,
    },
    /// The message was delivered, or cannot ever be.
    NoteSettled {
        /// Its number here.
        note: u64,
        /// Why it could not be delivered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// An @username of `bot.toml` was found to be this channel.
    ChannelResolved {
        /// The name without the @.
        username: String,
        /// Its number.
        channel: ChatId,
    },
    /// A piece of a card stands in a chat.
    CardShown {
        /// Whose card.
        article: ArticleId,
        /// Where.
        chat: ChatId,
        /// Which piece.
        piece: Piece,
        /// Under which id.
        message_id: MessageId,
        /// A digest of what it shows.
        print: String,
        /// The version of the draft that it shows.
        version: u32,
        /// Which of the chat's cards of this article it belongs to.
        #[serde(default)]
        generation: u32,
        /// The picture that it shows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        photo: Option<ShownPhoto>,
    },
    /// A piece of a card is gone, or was never taken: it is owed again.
    CardLost {
        /// Whose card.
        article: ArticleId,
        /// Where.
        chat: ChatId,
        /// Which piece.
        piece: Piece,
        /// Which of the chat's cards of this article it belongs to.
        #[serde(default)]
        generation: u32,
        /// Telegram does not take this content: a digest of it, not to be offered again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<String>,
    },
    /// A message of an older card has lost its buttons.
    CardRetired {
        /// Whose card.
        article: ArticleId,
        /// Where.
        chat: ChatId,
        /// Which message.
        message_id: MessageId,
    },
    /// An editor wants the card once more: the next one is sent anew.
    CardWanted {
        /// Whose card.
        article: ArticleId,
        /// Where.
        chat: ChatId,
    },
    /// Somebody wants the shift's summary in a chat: a new message, which keeps itself up to date.
    ShiftWanted {
        /// Where.
        chat: ChatId,
        /// Who.
        by: Actor,
    },
    /// The shift's summary stands in a chat.
    ShiftShown {
        /// Where.
        chat: ChatId,
        /// Under which id.
        message_id: MessageId,
        /// A digest of what it shows.
        print: String,
        /// Which of the chat's summaries it is.
        generation: u32,
        /// Whether it says that it is over.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        last: bool,
    },
    /// The shift's summary is gone, or can't be shown.
    ShiftLost {
        /// Where.
        chat: ChatId,
        /// Which of the chat's summaries it was.
        generation: u32,
    },
    /// An older summary says that a newer one stands below.
    ShiftRetired {
        /// Where.
        chat: ChatId,
        /// Which message.
        message_id: MessageId,
    },
    /// A chat takes no messages from the bot (not started, blocked, gone) until its person writes.
    ChatClosed {
        /// Which.
        chat: ChatId,
        /// Telegram's words.
        why: String,
    },
    /// Somebody wrote from a closed chat: it takes messages again.
    ChatOpened {
        /// Which.
        chat: ChatId,
    },
    /// The editors' group has become a supergroup: what was owed to the old number is owed to the new one, and its cards
    /// stay behind.
    GroupMoved {
        /// The number that it had.
        from: ChatId,
        /// The number that it has now.
        to: ChatId,
    },
    /// Our clock differs from Telegram's: nothing goes out until [`Event::ClockRight`].
    ClockOff {
        /// By how many seconds it is ahead; negative where it is behind.
        ahead_s: i64,
    },
    /// Our clock agrees with Telegram's again.
    ClockRight,
    /// Somebody who is not an editor wrote for the first time.
    StrangerMet {
        /// Who.
        user: UserId,
    },
    /// The journal was brought back from a backup, or cut at a damage: whatever happened between `since` and this line is
    /// not known here, though it may have happened to the channels and in the chats.
    PastLost {
        /// The time of the last line that is known.
        since: DateTime<Utc>,
        /// The highest number that an article of the lost time may have: none up to it is given again.
        articles_to: ArticleId,
    },
    /// An update could not be handled, twice; it is put aside.
    Parked {
        /// What went wrong.
        why: String,
    },
    /// Somebody wants a post mended or withdrawn that is out (or may be): nothing is done before a second tap.
    AmendmentWished {
        /// Which.
        article: ArticleId,
        /// The article's first, second…
        number: u32,
        /// What is wanted.
        change: Change,
        /// Who wants it, and when.
        mark: Mark,
        /// Whether it waits until it is known whether the post came out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        noted: bool,
        /// With which message a part was changed, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
    },
    /// The second tap: from here on the posts in the channels may change.
    AmendmentConfirmed {
        /// Which.
        article: ArticleId,
        /// Which of its amendments.
        number: u32,
        /// The sealed requests: what is to stand, each naming its channel.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        posts: Vec<Post>,
        /// Where the post is to be deleted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deletes: Vec<ChatId>,
        /// Who tapped.
        by: Actor,
    },
    /// The bot does not go on with an amendment by itself: an editor is asked.
    AmendmentHeld {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Which of its amendments.
        number: u32,
        /// Why.
        why: Held,
    },
    /// An editor wants it done all the same.
    AmendmentGoesOn {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Which of its amendments.
        number: u32,
        /// What may be overwritten.
        leave: Leave,
        /// Who.
        by: Actor,
    },
    /// In this channel the post stays as it is.
    AmendmentLeft {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Which of its amendments.
        number: u32,
        /// Who says so.
        by: Actor,
    },
    /// The amendment is given up: nothing (more) is changed.
    AmendmentDropped {
        /// Which.
        article: ArticleId,
        /// Which of its amendments.
        number: u32,
        /// Who says so.
        by: Actor,
    },
    /// The post in the channel is as it was confirmed.
    Amended {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Which of its amendments.
        number: u32,
        /// How we know.
        evidence: Evidence,
    },
    /// The post does not stand in the channel any more.
    Withdrawn {
        /// Which.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// Which of its amendments.
        number: u32,
        /// How it came about.
        how: Withdrawal,
    },
    /// An editor was asked for the new text of a post that is out.
    MendingAwaited {
        /// Which.
        article: ArticleId,
        /// Who was asked.
        asked: Asked,
    },
    /// The question for the new text is over.
    MendingSettled {
        /// Who was asked.
        user: UserId,
        /// Where.
        chat: ChatId,
    },
    /// An editor was asked what a part of an article shall be: their next message in this chat is the answer.
    EditAwaited {
        /// Which article.
        article: ArticleId,
        /// Which part.
        part: Part,
        /// Who was asked.
        user: UserId,
        /// Where.
        chat: ChatId,
        /// Only what they wrote after this message can be the answer.
        after: MessageId,
    },
    /// An editor was asked when an article shall come out: a time that they write next in this chat is the answer.
    TimeAwaited {
        /// Which article.
        article: ArticleId,
        /// The version of its draft that the question was about.
        version: u32,
        /// Who was asked.
        user: UserId,
        /// Where.
        chat: ChatId,
        /// Only what they wrote after this message can be the answer.
        after: MessageId,
    },
    /// The question for a part or for a time is over: answered or given up.
    EditSettled {
        /// Who was asked.
        user: UserId,
        /// Where.
        chat: ChatId,
    },
    /// Says of the new text that came right before ([`Event::Drafted`]) that an editor has changed parts of the article.
    Edited {
        /// Which.
        article: ArticleId,
        /// What differs.
        parts: Vec<Part>,
        /// Who changed it.
        by: Actor,
        /// With which message, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<Source>,
    },
    /// What came before in this line took back the editor's last act on the article.
    Undone {
        /// Which article.
        article: ArticleId,
        /// Who.
        by: Actor,
    },
    /// The editors were told that something wants their eye.
    Noticed {
        /// What.
        what: Notice,
    },
    /// It wants it no more.
    NoticeOver {
        /// What.
        what: Notice,
    },
}

/// Something that wants an editor's eye, told once for as long as it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A draft has waited long for a decision.
    Draft(ArticleId),
    /// Nothing goes out in the next slot.
    EmptySlot {
        /// Of this channel.
        channel: ChatId,
        /// At this time.
        slot: DateTime<Utc>,
    },
    /// There is little room where the journal lies.
    DiskLow,
}
