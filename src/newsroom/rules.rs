//! What `bot.toml` says, as far as the newsroom needs it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::article::{Article, Cleaning, Link};
use crate::ids::{ChatId, UserId};
use crate::post::{self, ComposeError, EntityKind, Post, Preview, Template};
use crate::schedule::Timetable;
use crate::summary;

/// The newsroom's rules: fixed from start to stop, but for the number of the editors' group.
#[derive(Debug)]
pub struct Rules {
    /// The channels, in the order of `bot.toml`.
    pub channels: Vec<ChannelRules>,
    /// The editors, with the names given in `bot.toml`. Nobody else can do anything.
    pub editors: BTreeMap<UserId, Option<String>>,
    /// The editors' group, where cards go instead of to each editor: its present number, also where `bot.toml` names one
    /// that it had before it became a supergroup.
    pub desk: Option<ChatId>,
    /// What to take out of an export.
    pub cleaning: Cleaning,
    /// The bot's @username without the @; empty while it is unknown.
    pub bot_username: String,
    /// How long a request may still come out after its answer was lost.
    pub settling: TimeDelta,
}

/// One channel's rules.
#[derive(Debug)]
pub struct ChannelRules {
    /// Its number at Telegram.
    pub id: ChatId,
    /// Its name, for editors.
    pub name: String,
    /// Its @username without the @, where it is public.
    pub username: Option<String>,
    /// When it publishes.
    pub timetable: Timetable,
    /// How its posts look.
    pub template: Template,
    /// The length of the summary, in characters.
    pub summary_chars: usize,
    /// The link preview.
    pub preview: Preview,
    /// Whether posts come without a sound.
    pub silent: bool,
}

/// Why no post can be made of an article.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no post for {channel} can be made: {why}")]
pub struct NoPost {
    /// The channel's name.
    pub channel: String,
    /// What keeps it from becoming one.
    pub why: ComposeError,
}

impl Rules {
    /// The rules of a channel.
    #[must_use]
    pub fn channel(&self, id: ChatId) -> Option<&ChannelRules> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// The name of a channel, for editors.
    #[must_use]
    pub fn channel_name(&self, id: ChatId) -> String {
        self.channel(id).map_or_else(|| id.to_string(), |channel| channel.name.clone())
    }

    /// The zone in which times are told at the desk: the first channel's.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.channels.first().map_or(chrono_tz::Asia::Almaty, |channel| channel.timetable.zone())
    }

    /// The chats in which cards stand.
    #[must_use]
    pub fn desks(&self) -> Vec<ChatId> {
        match self.desk {
            Some(group) => vec![group],
            None => self.private_chats(),
        }
    }

    /// The editors' own chats with the bot.
    #[must_use]
    pub fn private_chats(&self) -> Vec<ChatId> {
        self.editors.keys().map(|editor| editor.private_chat()).collect()
    }

    /// The post of an article for every channel.
    ///
    /// # Errors
    /// What keeps it from becoming a post, and in which channel.
    pub fn posts(&self, text: &Article, link: &Link) -> Result<Vec<Post>, Box<NoPost>> {
        let post = |channel: &ChannelRules| {
            channel.post(text, link).map_err(|why| Box::new(NoPost { channel: channel.name.clone(), why }))
        };
        self.channels.iter().map(post).collect()
    }
}

impl ChannelRules {
    /// The post of an article for this channel.
    ///
    /// # Errors
    /// What keeps it from becoming a post.
    pub fn post(&self, text: &Article, link: &Link) -> Result<Post, ComposeError> {
        let sentences = summary::summarize(text, self.summary_chars);
        let fields = post::Fields {
            title: text.title.clone(),
            link: link.as_str().to_owned(),
            source: text.source.clone(),
            credit: text.credit.clone(),
            channel: self.name.clone(),
            summary: String::new(),
        };
        let rich = post::compose(&self.template, &fields, &sentences, post::Limit::Text)?;
        let mut post = Post::new(self.id, &rich, self.preview, self.silent);
        // The spelling in which addresses travel, so that what is sealed is what is sent to the letter.
        for entity in &mut post.entities {
            if let EntityKind::TextLink { url } = &mut entity.kind
                && let Ok(address) = url::Url::parse(url)
            {
                *url = address.into();
            }
        }
        Ok(post)
    }
}
