//! What is to happen, in the order of its time.

use std::collections::BTreeMap;

use vestnik::ids::{ArticleId, ChatId, MessageId};
use vestnik::newsroom::{Content, Delivery, Input, Outcome, Owed};
use vestnik::post::Post;

use super::plan::Fault;

/// Something that is to happen.
#[derive(Debug)]
pub(crate) enum Thing {
    /// The bot looks again, if it has not since.
    Wake(u64),
    /// An effect of this run comes to its end.
    Comes { run: u64, input: Box<Input> },
    /// A request to a channel is answered.
    Sent { run: u64, article: ArticleId, channel: ChatId, outcome: Outcome },
    /// A message to the desk arrives (with `content`) or not, and is answered.
    Told { run: u64, what: Owed, chat: ChatId, id: i32, content: Option<Box<Content>>, delivery: Delivery },
    /// A post appears in its channel.
    Lands { article: ArticleId, post: Box<Post> },
    /// A request to mend or delete a post comes to Telegram; `answers`: and its answer to the bot.
    AmendLands {
        run: u64,
        article: ArticleId,
        channel: ChatId,
        number: u32,
        id: MessageId,
        post: Option<Box<Post>>,
        answers: bool,
    },
    /// Telegram gives the updates that it has.
    Poll,
    /// This run dies, and is down for so many milliseconds.
    Dies { run: u64, down_ms: u64 },
    /// The bot starts.
    Start,
    /// The journal's bytes are folded and compared with what the bot holds.
    Compare,
    /// Trouble begins.
    Trouble(Fault),
    /// It ends.
    Over(Fault),
    /// All trouble is over for good.
    Calm,
    /// An editor brings an article.
    Article,
    /// An editor decides on a card.
    Reads(ArticleId),
    /// An editor answers the question of a message.
    Answers(ChatId, i32),
    /// An editor presses a button of this kind on an article's card, if it has one.
    Presses(ArticleId, char),
    /// An editor writes to the bot.
    Writes(String),
    /// An editor brings another text for a page.
    Sends(String),
    /// An editor answers an article's card with a picture.
    Gives(ArticleId),
    /// An editor wants something of a post that is out.
    Amends(ArticleId),
    /// An editor gives the words that were asked for in this message.
    Words(ChatId, i32),
    /// An editor edits the article of a card.
    Edits(ArticleId),
    /// An editor picks the part to be edited under this message.
    Picks(ChatId, i32),
    /// An editor answers a card.
    AnswersCard(u64, ArticleId),
    /// A message that was an edit is changed.
    ChangesMessage,
    /// An editor presses something under the queue.
    Queue(ChatId, i32),
    /// An editor goes through what is left.
    Round,
}

/// The things to come. Of those at one moment the one that was planned first comes first.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    things: BTreeMap<(u64, u64), Thing>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn at(&mut self, time: u64, thing: Thing) {
        self.planned += 1;
        self.things.insert((time, self.planned), thing);
    }

    /// The next thing, if it comes before that time.
    pub(crate) fn next(&mut self, end: u64) -> Option<(u64, Thing)> {
        let first = self.things.first_entry()?;
        let time = first.key().0;
        (time < end).then(|| (time, first.remove()))
    }
}
