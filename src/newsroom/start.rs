//! What a start brings about: the last run's requests are under question, and `bot.toml` may have changed.

use super::event::{Actor, Event};
use super::state::{Publication, Story};
use super::step::Step;
use crate::ids::{ArticleId, ChatId};
use crate::post::Post;
use crate::words;

impl Step<'_> {
    /// `channels`: which channels stand behind the @usernames of `bot.toml`.
    pub(super) fn started(&mut self, channels: &[(String, ChatId)]) {
        for (username, channel) in channels {
            if self.state.usernames.get(username) != Some(channel) {
                let (username, channel) = (username.clone(), *channel);
                self.events.push(Event::ChannelResolved { username, channel });
            }
        }
        // Whatever closed them may have been mended while the bot was away.
        for &chat in &self.state.closed_chats {
            self.events.push(Event::ChatOpened { chat });
        }
        self.doubt_the_last_run();
        let cancelled = self.cancel_for_missing_channels();
        for id in &self.state.open {
            if let Some(story) = self.state.stories.get(id) {
                self.render_anew(story, &cancelled);
            }
        }
    }

    /// Nobody knows what became of the requests that were under way when the bot ended.
    pub(super) fn doubt_the_last_run(&mut self) {
        let busy =
            self.state.channels.iter().filter_map(|(&channel, known)| Some((known.under_way?, channel)));
        for (article, channel) in busy {
            if matches!(self.publication(article, channel), Some(Publication::Claimed(_))) {
                self.doubt(article, channel, "the bot ended while the post was being sent");
            }
        }
    }

    /// An approval holds for its channel and for no other: without the channel the article is a draft again.
    fn cancel_for_missing_channels(&mut self) -> Vec<(ArticleId, ChatId)> {
        let mut cancelled = Vec::new();
        for (&channel, known) in &self.state.channels {
            if self.rules.channel(channel).is_some() {
                continue;
            }
            for &article in &known.queue {
                self.events.push(Event::Cancelled { article, channel, by: Actor::Bot });
                self.tell_desks(Some(article), &words::channel_is_gone(article, channel), &[]);
                cancelled.push((article, channel));
            }
        }
        cancelled
    }

    /// Brings a draft's posts up to date with `bot.toml`: what a card shows is what an approval seals.
    fn render_anew(&mut self, story: &Story, cancelled: &[(ArticleId, ChatId)]) {
        let lost_a_channel = cancelled.iter().any(|(article, _)| *article == story.id);
        if !story.is_draft() && !lost_a_channel {
            return;
        }
        let fresh = match self.rules.posts(&story.draft.article, &story.draft.link) {
            Ok(posts) => posts,
            Err(none) => {
                let text = words::no_post_any_more(story.id, &none.channel, &none.why);
                return self.tell_desks(Some(story.id), &text, &[]);
            }
        };
        // What is sealed stays sealed, also where its channel has left `bot.toml` after it came out.
        let is_sealed = |channel: ChatId| {
            story.publications.contains_key(&channel) && !cancelled.contains(&(story.id, channel))
        };
        let left = story.posts().filter(|post| self.rules.channel(post.chat_id).is_none());
        let left = left.filter(|post| is_sealed(post.chat_id)).cloned();
        let sealed = |post: Post| match story.publications.get(&post.chat_id) {
            Some(known) if is_sealed(post.chat_id) => known.approval().post.clone(),
            _ => post,
        };
        let posts: Vec<Post> = fresh.into_iter().map(sealed).chain(left).collect();
        if posts != story.draft.posts {
            self.events.push(Event::Rendered { article: story.id, posts });
        }
    }
}
