//! What must be so after every step.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{Event, Input, Publication, Story, Withdrawal};
use vestnik::post::Post;

use crate::desk::fingerprint;
use crate::orders::editor_of;
use crate::settings::{AUTHOR, CHANNELS, CHIEF, MARK, Settings};
use crate::world::World;

/// An edit in the chat of what is under way: noted for later, and nothing happens by it that an author may not do. It becomes
/// a draft, or an offer that needs a tap of somebody with the right.
fn is_noted_edit(event: &Event) -> bool {
    matches!(event, Event::AmendmentWished { noted: true, source: Some(_), .. })
}

impl World {
    /// Who may not, does not.
    pub(crate) fn may(&self, input: &Input, event: &Event) {
        let decides = matches!(
            event,
            Event::Approved { .. }
                | Event::FirstApproved { .. }
                | Event::Rejected { .. }
                | Event::Retimed { .. }
                | Event::AmendmentWished { .. }
                | Event::AmendmentConfirmed { .. }
                | Event::AmendmentGoesOn { .. }
        );
        let leads = match event {
            Event::Frozen { .. } | Event::Thawed { .. } | Event::FreezeExcepted { .. } => true,
            Event::AmendmentConfirmed { deletes, .. } => !deletes.is_empty(),
            _ => false,
        };
        let by = editor_of(input);
        assert!(
            !decides
                || by.is_some_and(|by| by != AUTHOR)
                || self.is_of_itself(input, event)
                || is_noted_edit(event),
            "{by:?}: {event:?}"
        );
        assert!(!leads || by == Some(CHIEF), "{by:?}: {event:?}");
    }

    /// What was noted, and is shown or moved by the bot itself.
    fn is_of_itself(&self, input: &Input, event: &Event) -> bool {
        editor_of(input).is_none() && matches!(event, Event::Retimed { .. } | Event::AmendmentWished { .. })
    }

    /// What is sent goes to a channel of the settings, shows the mark that they ask for, and is not stale.
    pub(crate) fn passes_the_gates(&self, article: ArticleId, post: &Post) {
        assert!(self.newsroom.rules().channel(post.chat_id).is_some(), "{article} to {}", post.chat_id);
        if self.settings == Settings::Marked && post.chat_id == CHANNELS[0] {
            assert!(post.text.starts_with(MARK), "{article} goes out without its mark");
        }
        let story = &self.newsroom.state().stories[&article];
        let approval = story.publications[&post.chat_id].approval();
        let from = approval.promised.unwrap_or(approval.mark.at).max(approval.mark.at);
        let fresh = TimeDelta::hours(24) + TimeDelta::minutes(15);
        assert!(self.utc < from + fresh, "{article} goes out stale");
        assert!(!self.newsroom.state().is_frozen(article), "{article} goes out during a freeze");
    }

    /// A post that is out is what was last approved, or what a confirmed amendment has made of it.
    fn stands_as_wanted(&self, story: &Story, channel: ChatId, wanted: &Post) {
        let posts = self.channels.get(&channel).into_iter().flatten();
        for (_, post) in posts.filter(|(article, _)| *article == story.id) {
            let print = fingerprint(post);
            let is_wanted = print == fingerprint(wanted);
            assert!(
                is_wanted || self.mended.contains(&(story.id, channel, print)),
                "{} stands in {channel} as {:?} instead of {:?}",
                story.id,
                post.text,
                wanted.text
            );
        }
    }

    pub(crate) fn check(&self) {
        for (channel, posts) in &self.channels {
            let mut seen = BTreeSet::new();
            for (article, post) in posts {
                assert!(seen.insert(article), "{article} came out twice in {channel}");
                let approved = (*article, *channel, fingerprint(post));
                let is_text =
                    self.text_forms.contains(&approved) && self.photo_failed.contains(&(*article, *channel));
                assert!(
                    is_text || self.approvals.contains(&approved),
                    "{article} in {channel} as it was approved"
                );
            }
        }
        for story in self.newsroom.state().stories.values() {
            self.check_drafts(story);
            for (channel, known) in &story.publications {
                let stands = self
                    .channels
                    .get(channel)
                    .is_some_and(|posts| posts.iter().any(|(article, _)| *article == story.id));
                match known {
                    Publication::Withdrawn { how: Withdrawal::Notice, .. } => {}
                    Publication::Withdrawn { .. } => assert!(!stands, "{} is out of {channel}", story.id),
                    Publication::Published { .. } => {
                        let is_deleted = self.deleted.contains(&(story.id, *channel));
                        assert!(stands || is_deleted, "{} is in {channel}", story.id);
                        self.stands_as_wanted(story, *channel, &known.approval().post);
                    }
                    Publication::Approved(_) | Publication::Refused { .. } => {
                        assert!(!stands, "{} is not in {channel}", story.id);
                    }
                    Publication::Claimed(_) | Publication::InDoubt { .. } => {}
                }
            }
        }
    }
}

impl World {
    /// What may be approved goes where the settings send it and looks as they make it.
    fn check_drafts(&self, story: &Story) {
        let rules = self.newsroom.rules();
        let fresh = rules.posts(&story.draft.article, &story.draft.link).unwrap();
        if story.is_draft() {
            for draft in story.drafts() {
                assert!(fresh.contains(draft), "the draft of {} is as the settings make it", story.id);
            }
        }
    }
}
