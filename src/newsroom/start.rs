//! What a start brings about: the last run's requests are under question, and `bot.toml` may have changed.

use sha2::{Digest, Sha256};

use super::acts::Said;
use super::button::{Tap, button};
use super::cards;
use super::event::{Actor, Event};
use super::rules::NoPost;
use super::state::{Publication, Story};
use super::step::Step;
use crate::article::{Article, Link};
use crate::failpoint;
use crate::ids::{ArticleId, ChatId};
use crate::post::Post;
use crate::words::{self, BroughtBack, label};

impl<'a> Step<'a> {
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
        self.end_dialogues_of_strangers();
        self.doubt_the_last_run();
        self.take_up_doubts();
        // Whether a post is too old is asked when its turn comes, once the clock is known to be right.
        let fallen: Vec<_> = self
            .queued()
            .filter_map(|(story, channel, approval)| match self.gate(story, approval)? {
                BroughtBack::Stale { .. } | BroughtBack::WrongClock => None,
                why => Some((story, channel, why)),
            })
            .collect();
        let fell: Vec<(ArticleId, ChatId)> =
            fallen.iter().map(|&(story, channel, _)| (story.id, channel)).collect();
        self.bring_back(fallen);
        for id in &self.state.open {
            let has_fallen = fell.iter().any(|(article, _)| article == id);
            if let Some(story) = self.state.stories.get(id).filter(|_| !has_fallen) {
                self.render_anew(story, &[]);
            }
        }
        self.tell_of_changes(&fell);
    }

    /// Nobody knows what became of the requests that were under way when the bot ended.
    pub(super) fn doubt_the_last_run(&mut self) {
        let busy =
            self.state.channels.iter().filter_map(|(&channel, known)| Some((known.under_way?, channel)));
        for (article, channel) in busy {
            if let Some(Publication::Claimed(claim)) = self.publication(article, channel) {
                if failpoint::sabotaged("claim") {
                    self.released(article, channel, "sabotaged", &claim.clone());
                    continue;
                }
                self.doubt(article, channel, "the bot ended while the post was being sent");
            }
        }
    }

    /// Brings a draft's posts up to date with `bot.toml`: what a card shows is what an approval seals. `fallen`: the
    /// channels in which this very step makes it a draft again.
    pub(super) fn render_anew(&mut self, story: &Story, fallen: &[ChatId]) {
        if !story.is_draft() && fallen.is_empty() {
            return;
        }
        let posts = match self.rendered(story, &story.draft.article, &story.draft.link, fallen) {
            Ok(posts) => posts,
            Err(none) => {
                let text = words::no_post_any_more(story.id, &none.channel, &none.why);
                return self.tell_desks(Some(story.id), &text, &[]);
            }
        };
        if posts == story.draft.posts {
            return;
        }
        // One more post would stand below the buttons that approve it: the card is shown anew.
        let grows = cards::different(&posts) > cards::different(&story.draft.posts);
        self.events.push(Event::Rendered { article: story.id, posts });
        for &chat in story.cards.keys().filter(|_| grows) {
            self.events.push(Event::CardWanted { article: story.id, chat });
        }
    }

    /// The posts of an article with this text: as the settings make them where it is a draft, as they are where they are
    /// sealed. `fallen` as above.
    pub(super) fn rendered(
        &self,
        story: &Story,
        text: &Article,
        link: &Link,
        fallen: &[ChatId],
    ) -> Result<Vec<Post>, Box<NoPost>> {
        let fresh = self.rules.posts(text, link)?;
        // What is sealed stays sealed, also where the article would not go any more.
        let is_sealed =
            |channel: ChatId| story.publications.contains_key(&channel) && !fallen.contains(&channel);
        let goes_there = |channel: ChatId| fresh.iter().any(|post| post.chat_id == channel);
        let left: Vec<Post> = story
            .posts()
            .filter(|post| is_sealed(post.chat_id) && !goes_there(post.chat_id))
            .cloned()
            .collect();
        let sealed = |post: Post| match story.publications.get(&post.chat_id) {
            Some(known) if is_sealed(post.chat_id) => known.approval().post.clone(),
            _ => post,
        };
        Ok(fresh.into_iter().map(sealed).chain(left).collect())
    }

    /// Says once, for each change of `bot.toml`, which approved posts would look otherwise now. `but`: those that this very
    /// step has made drafts of.
    fn tell_of_changes(&mut self, but: &[(ArticleId, ChatId)]) {
        let waits = |(story, channel, _): &(&Story, ChatId, _)| !but.contains(&(story.id, *channel));
        let outdated: Vec<_> = self.outdated().into_iter().filter(waits).collect();
        let posts: Vec<String> = outdated.iter().map(as_told).collect();
        let digest = digest_of(&posts);
        let all_told =
            !posts.is_empty() && posts.iter().all(|post| self.state.changes_told_of.contains(post));
        if all_told || digest == self.state.changes_told {
            return;
        }
        self.events.push(Event::ChangesTold { digest: digest.clone(), posts });
        let articles = articles_of(&outdated);
        if !articles.is_empty() {
            let label = label::refresh(articles.len());
            let buttons = vec![vec![button(&label, &Tap::Refresh(digest))]];
            self.tell_desks(None, &words::settings_changed(&articles), &buttons);
        }
    }

    /// The approved posts that `bot.toml` would make otherwise now, each with what it would be; nothing where the
    /// article would not go any more.
    fn outdated(&self) -> Vec<(&'a Story, ChatId, Option<Post>)> {
        let changed = |(story, channel, sealed): (&'a Story, ChatId, &Post)| {
            let (text, link) = (&story.draft.article, &story.draft.link);
            let routed = self.rules.route(text.rubric.as_deref()).find(|rules| rules.id == channel);
            let fresh = match routed {
                Some(rules) => Some(self.rules.post(rules, text, link).ok()?),
                None => None,
            };
            let text_form = fresh.as_ref().and_then(Post::text_form);
            let is_same = fresh.as_ref() == Some(sealed) || text_form.as_ref() == Some(sealed);
            (!is_same).then_some((story, channel, fresh))
        };
        let queued = self.queued().map(|(story, channel, approval)| (story, channel, &approval.post));
        queued.filter_map(changed).collect()
    }

    /// Makes drafts of the approved posts that `bot.toml` would make otherwise now, in their new form.
    pub(super) fn refresh(&mut self, digest: &str, by: &Actor) -> Said {
        let outdated = self.outdated();
        if digest != self.state.changes_told || outdated.is_empty() {
            return Err(words::nothing_to_refresh());
        }
        let articles = articles_of(&outdated);
        for article in &articles {
            let of_it = outdated.iter().filter(|(story, ..)| story.id == *article);
            let channels: Vec<ChatId> = of_it.map(|(_, channel, _)| *channel).collect();
            self.fall(*article, &channels, by);
        }
        Ok(words::refreshed(articles.len()))
    }
}

/// The articles concerned, each once, in their order.
fn articles_of(outdated: &[(&Story, ChatId, Option<Post>)]) -> Vec<ArticleId> {
    let mut articles: Vec<ArticleId> = outdated.iter().map(|(story, ..)| story.id).collect();
    articles.sort_unstable();
    articles.dedup();
    articles
}

/// An approved post, and what it would be now.
fn as_told((story, channel, fresh): &(&Story, ChatId, Option<Post>)) -> String {
    let fresh = fresh.as_ref().map(Post::fingerprint).unwrap_or_default();
    format!("{} {channel} {fresh}", story.id)
}

/// Tells one change of the settings from another; empty for none.
fn digest_of(posts: &[String]) -> String {
    if posts.is_empty() {
        return String::new();
    }
    let mut digest = Sha256::new();
    for post in posts {
        digest.update(format!("{post}\n"));
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
