//! A post that is known to be out («Вышел») and not under which id can be neither mended nor withdrawn: passed on to the bot
//! from the channel, it tells its id.

use super::event::{Asked, Event};
use super::input::{FoundPost, Message};
use super::looking::Likeness;
use super::rights::Right;
use super::state::{Publication, Story};
use super::step::Step;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::words;

impl<'a> Step<'a> {
    /// Takes a post that was passed on from a channel for the one whose id is wanted, if it is that; goes on with what is
    /// noted for it. A post that is only like it will do: whatever stands there is looked at before it is changed.
    pub(super) fn is_found(
        &mut self,
        message: &Message,
        (channel, id): (ChatId, MessageId),
        asked: &Asked,
    ) -> bool {
        if self.may(&asked.by, Right::Decide).is_err() || self.is_known_there(channel, id) {
            return false;
        }
        let has_photo = message.document.as_ref().is_some_and(|file| file.image);
        let found = FoundPost { id, text: message.text.clone(), links: message.links.clone(), has_photo };
        let alike = |likeness: Likeness| -> Vec<ArticleId> {
            let is_alike = |story: &&'a Story| match story.publications.get(&channel) {
                Some(Publication::Published { approval, message_id: None, .. }) => {
                    Likeness::of(&approval.post, &found) == likeness
                }
                _ => false,
            };
            self.state.stories.values().filter(is_alike).map(|story| story.id).collect()
        };
        let article = match (alike(Likeness::Ours).as_slice(), alike(Likeness::Nearly).as_slice()) {
            ([.., newest], _) => *newest,
            ([], [only]) => *only,
            _ => return false,
        };
        self.events.push(Event::PostFound { article, channel, message_id: id, by: asked.by.clone() });
        self.answer_message(asked, words::post_found(article, &self.rules.channel_name(channel)));
        self.settle_noted(article, channel, Some(Some(id)));
        true
    }

    fn is_known_there(&self, channel: ChatId, id: MessageId) -> bool {
        self.state.stories.values().any(|story| match story.publications.get(&channel) {
            Some(Publication::Published { message_id, .. } | Publication::Withdrawn { message_id, .. }) => {
                *message_id == Some(id)
            }
            _ => false,
        })
    }
}
