//! Wishes about posts that are out: shown, and confirmed by a second tap.

use chrono::{DateTime, TimeDelta, Utc};

use super::acts::Said;
use super::after::{Amendment, Change};
use super::button::{Tap, button};
use super::cards;
use super::desk::bare_address;
use super::event::{Actor, Asked, Button, Draft, Event, Mark, Note, Source};
use super::input::Message;
use super::order::Verdict;
use super::rights::Right;
use super::state::{About, Publication, Story};
use super::step::Step;
use crate::article::{self, Article, Link, Part};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::{self, Limit, Post, Preview, RichText};
use crate::words::{self, label};

/// Telegram deletes channel posts for 48 hours. A few minutes less: of a post that was under question we know only since
/// when we know.
const DELETE_MAX: TimeDelta = TimeDelta::minutes(48 * 60 - 15);

/// For so long a reply to the bot is taken for the new text that somebody was asked for.
const AWAITED_MAX: TimeDelta = TimeDelta::hours(3);

/// A post that is out: where, what stands there, under which id, since when.
type Out = (ChatId, Post, MessageId, DateTime<Utc>);

impl<'a> Step<'a> {
    /// `/edit N`: what to do for another text; where the present one would look otherwise by now, that is offered at once.
    pub(super) fn edit_asked(&mut self, story: &'a Story, asked: &Asked) {
        if let Some(why) = self.no_amendment(story) {
            return self.answer_message(asked, why);
        }
        let (text, link) = (&story.draft.article, &story.draft.link);
        let differs = !story.is_under_way()
            && self.edits(story, text, link, &out(story)).is_ok_and(|all| !all.is_empty());
        if differs {
            self.offer_edit(story, text, link, &asked.by, Some((asked.chat, asked.message_id)));
        } else {
            self.answer_message(asked, words::new_text_wanted(story.id));
        }
        self.events.push(Event::MendingAwaited { article: story.id, asked: asked.clone() });
    }

    /// The article whose post a message gives new words for: an answer to the bot by somebody who was asked for them.
    pub(super) fn edit_meant(&self, message: &Message, words: &str, asked: &Asked) -> Option<&'a Story> {
        let is_text = !words.trim().is_empty() && !words.trim_start().starts_with('/');
        let is_article = article::split_link(words).1.is_some() || bare_address(words).is_some();
        // What answers another card, or a question that was asked later, is meant for that.
        let is_asked_since = self.dialogue(asked).is_some_and(|open| matches!(open.about, About::Part(_)));
        if !message.reply_to_bot || !is_text || is_article || is_asked_since {
            return None;
        }
        let (article, since) = self.state.mendings_awaited.get(&(asked.chat, asked.by.user()?))?;
        if self.card_answered(message).is_some_and(|answered| answered != *article) {
            return None;
        }
        self.state.stories.get(article).filter(|_| self.now.utc - *since < AWAITED_MAX)
    }

    /// New words for a post that is out.
    pub(super) fn mend_words(&mut self, story: &'a Story, message: &Message, asked: &Asked) {
        let (text, link) = story.text_to_edit();
        let text = Article { words: Some(self.without_call(message)), ..text.clone() };
        self.offer_edit(story, &text, link, &asked.by, Some((asked.chat, asked.message_id)));
    }

    /// Shows what stands and what would stand, and asks. `asked`: the chat and the message to answer; none: all desks.
    pub(super) fn offer_edit(
        &mut self,
        story: &'a Story,
        text: &Article,
        link: &Link,
        by: &Actor,
        asked: Option<(ChatId, MessageId)>,
    ) -> Verdict {
        if let Err(why) = self.may(by, Right::Decide) {
            self.tell_asked(story.id, asked, &why, &[]);
            return Verdict::TextIsSealed;
        }
        // Channels and marks stay what they were when it came out.
        let (known, _) = story.text_to_edit();
        let text = Article { rubric: known.rubric.clone(), picture: known.picture.clone(), ..text.clone() };
        if let Some(why) = self.no_amendment(story) {
            self.tell_asked(story.id, asked, &why, &[]);
            return Verdict::TextIsSealed;
        }
        if story.is_under_way() {
            if let Err(why) = self.may_change_noted(story, by) {
                self.tell_asked(story.id, asked, &why, &[]);
                return Verdict::TextIsSealed;
            }
            self.note(story, &text, link, by.clone(), None);
            self.tell_asked(story.id, asked, &words::edit_noted(story.id), &[]);
            return Verdict::Offered;
        }
        self.show_edit(story, &text, link, by, asked, &out(story))
    }

    /// What somebody wants while a post is under way is kept until it is known whether it came out.
    pub(super) fn note(
        &mut self,
        story: &Story,
        text: &Article,
        link: &Link,
        by: Actor,
        source: Option<Source>,
    ) {
        let (article, number) = (story.id, story.amendments + 1);
        let change = Change::Edit { text: text.clone(), link: link.clone(), posts: Vec::new() };
        let mark = Mark { by, at: self.now.utc };
        self.events.push(Event::AmendmentWished { article, number, change, mark, noted: true, source });
    }

    /// Whether somebody may put an edit in the place of what is noted: a withdrawal is a chief's word.
    pub(super) fn may_change_noted(&self, story: &Story, by: &Actor) -> Result<(), String> {
        match story.noted().map(|known| &known.change) {
            Some(change @ Change::Withdraw { .. }) => self.may(by, change.right()),
            _ => Ok(()),
        }
    }

    fn show_edit(
        &mut self,
        story: &Story,
        text: &Article,
        link: &Link,
        by: &Actor,
        asked: Option<(ChatId, MessageId)>,
        out: &[Out],
    ) -> Verdict {
        let edits = match self.edits(story, text, link, out) {
            Ok(edits) => edits,
            Err(why) => {
                self.tell_asked(story.id, asked, &why, &[]);
                return Verdict::TextIsSealed;
            }
        };
        if edits.is_empty() {
            self.tell_asked(story.id, asked, &words::nothing_to_mend(story.id), &[]);
            return Verdict::AlreadyHere;
        }
        for chat in self.chats(asked) {
            let mut shown: Vec<String> = Vec::new();
            for (before, after) in &edits {
                let print = format!("{}{}", cards::print_of_post(before), cards::print_of_post(after));
                if !shown.contains(&print) {
                    self.say_post(chat, before);
                    self.say_post(chat, after);
                    shown.push(print);
                }
            }
        }
        let posts: Vec<Post> = edits.into_iter().map(|(_, after)| after).collect();
        let is_pictured = posts.iter().any(|post| post.picture.is_some());
        let can_be_marked = posts.iter().all(|post| corrected(post).is_some());
        let channels: Vec<String> = self.names(posts.iter().map(|post| post.chat_id));
        let change = Change::Edit { text: text.clone(), link: link.clone(), posts };
        let number = self.wish(story, change, by, false);
        let mut buttons = vec![vec![button(label::MEND, &Tap::Mend(story.id, number))]];
        if can_be_marked {
            buttons.push(vec![button(label::MEND_MARKED, &Tap::MendMarked(story.id, number))]);
        }
        buttons.push(vec![button(label::LEAVE_AS_IS, &Tap::LeaveAsIs(story.id, number))]);
        let question = words::edit_question(story.id, &channels, is_pictured);
        self.tell_asked(story.id, asked, &question, &buttons);
        Verdict::Offered
    }

    /// `/delete N`.
    pub(super) fn withdrawal_asked(&mut self, story: &'a Story, asked: &Asked) {
        if let Some(why) = self.no_amendment(story) {
            return self.answer_message(asked, why);
        }
        let to = Some((asked.chat, asked.message_id));
        let claimed = story.publications.iter().filter(|(_, known)| known.claim().is_some());
        let claimed: Vec<ChatId> = claimed.map(|(&channel, _)| channel).collect();
        if claimed.is_empty() {
            return self.ask_for_withdrawal(story, &asked.by, to, &out(story));
        }
        for channel in claimed {
            self.events.push(Event::CancelWished { article: story.id, channel, by: asked.by.clone() });
        }
        self.wish(story, Change::Withdraw { notices: Vec::new() }, &asked.by, true);
        self.answer_message(asked, words::withdrawal_noted(story.id));
    }

    fn ask_for_withdrawal(
        &mut self,
        story: &Story,
        by: &Actor,
        asked: Option<(ChatId, MessageId)>,
        out: &[Out],
    ) {
        let is_old = |at: DateTime<Utc>| self.now.utc - at >= DELETE_MAX;
        let notices: Vec<Post> = out
            .iter()
            .filter(|(_, _, _, at)| is_old(*at))
            .map(|(channel, post, ..)| {
                let text = RichText::plain(words::WITHDRAWN_NOTICE);
                let picture = post.picture.clone();
                Post { picture, ..Post::new(*channel, &text, Preview::Off, post.silent) }
            })
            .collect();
        let is_pictured = notices.iter().any(|post| post.picture.is_some());
        let old = self.names(notices.iter().map(|post| post.chat_id));
        let all = self.names(out.iter().map(|(channel, ..)| *channel));
        let number = self.wish(story, Change::Withdraw { notices }, by, false);
        let buttons = vec![
            vec![button(label::UNPUBLISH, &Tap::Unpublish(story.id, number))],
            vec![button(label::LEAVE_AS_IS, &Tap::LeaveAsIs(story.id, number))],
        ];
        let title = &story.draft.article.title;
        let question = words::withdrawal_question(story.id, title, &all, &old, is_pictured);
        self.tell_asked(story.id, asked, &question, &buttons);
    }

    /// Why nothing of this article can be mended or withdrawn now.
    pub(super) fn no_amendment(&self, story: &Story) -> Option<String> {
        let is_claimed = story.is_under_way();
        if story.amendment.as_ref().is_some_and(Amendment::is_under_way) {
            return Some(words::amendment_under_way(story.id));
        }
        match (story.is_out() || is_claimed, story.is_withdrawn()) {
            (false, true) => Some(words::is_withdrawn(story.id)),
            (false, false) => Some(words::not_out_yet(story.id, &self.status_of(story))),
            (true, _) if !is_claimed && out(story).is_empty() => Some(words::post_is_not_known(story.id)),
            (true, _) => None,
        }
    }

    /// What stands, and what would stand, wherever the two differ.
    fn edits(
        &self,
        story: &Story,
        text: &Article,
        link: &Link,
        out: &[Out],
    ) -> Result<Vec<(Post, Post)>, String> {
        let mut edits = Vec::new();
        for (channel, before, ..) in out {
            let Some(rules) = self.rules.channel(*channel) else { continue };
            let after =
                self.rules.post(rules, text, link).map_err(|why| words::no_post(&rules.name, &why))?;
            // The picture stays what it is, and the words must go with it.
            let long = post::utf16_len(&after.text);
            if before.picture.is_some() && long > Limit::Caption.units_max() {
                return Err(words::too_long_for_a_caption(story.id, &rules.name, long));
            }
            let after = Post { silent: before.silent, picture: before.picture.clone(), ..after };
            if *before != after && corrected(&after).as_ref() != Some(before) {
                edits.push((before.clone(), after));
            }
        }
        match edits.is_empty() && out.iter().all(|(channel, ..)| self.rules.channel(*channel).is_none()) {
            true => Err(words::post_is_not_known(story.id)),
            false => Ok(edits),
        }
    }

    fn wish(&mut self, story: &Story, change: Change, by: &Actor, noted: bool) -> u32 {
        let number = story.amendments + 1;
        let mark = Mark { by: by.clone(), at: self.now.utc };
        let (article, source) = (story.id, None);
        self.events.push(Event::AmendmentWished { article, number, change, mark, noted, source });
        number
    }

    /// It is known what became of a post of which somebody wants something. `came`: it is out here, under this id if that is
    /// known. Says whether what was wanted is its new draft now, so that nothing else need be decided about it.
    pub(super) fn settle_noted(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        came: Option<Option<MessageId>>,
    ) -> bool {
        let Some(story) = self.state.stories.get(&article) else { return false };
        let Some(amendment) = story.amendment.as_ref().filter(|known| known.noted) else { return false };
        let mut others = story.publications.iter().filter(|(other, _)| **other != channel);
        if others.any(|(_, known)| known.claim().is_some()) {
            return false;
        }
        let mut out = out(story);
        if let (Some(Some(id)), Some(known)) = (came, story.publications.get(&channel)) {
            let since = match known {
                Publication::Published { at, .. } => *at,
                _ => self.now.utc,
            };
            out.push((channel, known.approval().post.clone(), id, since));
        }
        let (number, by) = (amendment.number, amendment.mark.by.clone());
        match (&amendment.change, out.is_empty()) {
            (Change::Edit { text, link, .. }, false) => {
                // Channels and marks stay what they were when it came out.
                let (rubric, picture) =
                    (story.draft.article.rubric.clone(), story.draft.article.picture.clone());
                let text = Article { rubric, picture, ..text.clone() };
                if self.show_edit(story, &text, link, &by, None, &out) != Verdict::Offered {
                    self.events.push(Event::AmendmentDropped { article, number, by });
                }
                false
            }
            (Change::Withdraw { .. }, false) => {
                self.ask_for_withdrawal(story, &by, None, &out);
                false
            }
            (change, true) => {
                // What is noted waits for the post's number: an editor may pass it on.
                if story.is_out() || came.is_some() {
                    self.tell_desks(Some(article), &words::post_is_not_known(article), &[]);
                    return false;
                }
                self.events.push(Event::AmendmentDropped { article, number, by: by.clone() });
                let Change::Edit { text, link, .. } = change else { return false };
                let posts = match self.rules.posts(text, link) {
                    Ok(posts) => posts,
                    Err(none) => {
                        let text = words::no_post_any_more(article, &none.channel, &none.why);
                        self.tell_desks(Some(article), &text, &[]);
                        return false;
                    }
                };
                let parts = Part::changed((&story.draft.article, &story.draft.link), (text, link));
                // Who wrote the text is who wrote it, whoever gave it another rubric.
                let is_text = parts.iter().any(|part| !matches!(part, Part::Rubric | Part::Picture));
                let written = Mark { by: by.clone(), at: self.now.utc };
                let mark = if is_text || parts.is_empty() { written } else { story.draft.mark.clone() };
                let version = story.draft.version + 1;
                let draft = Draft { version, article: text.clone(), link: link.clone(), posts, mark };
                self.tell_desks(None, &words::edit_is_the_draft(article, &parts, by.name()), &[]);
                let source = amendment.source;
                self.events.push(Event::Drafted { article, draft });
                self.events.push(Event::Edited { article, parts, by, source });
                true
            }
        }
    }

    /// The second tap.
    pub(super) fn confirm(&mut self, article: ArticleId, number: u32, marked: bool, by: &Actor) -> Said {
        let story = self.state.stories.get(&article);
        let known = story.and_then(|story| Some((story, story.amendment.as_ref()?)));
        let Some((story, amendment)) =
            known.filter(|(_, known)| known.number == number && !known.confirmed && !known.noted)
        else {
            return Err(words::amendment_is_over(article));
        };
        self.may(by, amendment.change.right())?;
        let stands = |channel: ChatId| story.standing().any(|(known, ..)| known == channel);
        let (posts, deletes, said) = match &amendment.change {
            Change::Edit { posts, .. } => {
                let sealed = |post: &Post| if marked { corrected(post) } else { Some(post.clone()) };
                let posts: Vec<Post> =
                    posts.iter().filter(|post| stands(post.chat_id)).filter_map(sealed).collect();
                (posts, Vec::new(), words::being_mended(article))
            }
            Change::Withdraw { notices } => {
                let posts: Vec<Post> = notices.iter().filter(|post| stands(post.chat_id)).cloned().collect();
                let is_noticed = |channel: ChatId| notices.iter().any(|post| post.chat_id == channel);
                let channels = story.standing().map(|(channel, ..)| channel);
                let deletes = channels.filter(|&channel| !is_noticed(channel)).collect();
                (posts, deletes, words::being_withdrawn(article))
            }
        };
        if posts.is_empty() && deletes.is_empty() {
            return Err(words::amendment_is_over(article));
        }
        if let Change::Edit { text, link, .. } = &amendment.change {
            self.elsewhere(story, text, link, by);
        }
        self.events.push(Event::AmendmentConfirmed { article, number, posts, deletes, by: by.clone() });
        self.settle_edit_question(article);
        Ok(said)
    }

    /// Where the article is not out, its text is mended too: what was approved with the old one is a draft again.
    fn elsewhere(&mut self, story: &Story, text: &Article, link: &Link, by: &Actor) {
        let idle = story.publications.iter().filter(|(_, known)| known.is_idle());
        let fallen: Vec<ChatId> = idle.map(|(&channel, _)| channel).collect();
        for &channel in &fallen {
            self.events.push(Event::Cancelled { article: story.id, channel, by: by.clone() });
        }
        if !fallen.is_empty() {
            let channels = self.names(fallen.iter().copied());
            self.tell_desks(Some(story.id), &words::waits_with_the_old_text(story.id, &channels), &[]);
        }
        let is_draft =
            |post: &Post| fallen.contains(&post.chat_id) || !story.publications.contains_key(&post.chat_id);
        if story.draft.posts.iter().any(is_draft)
            && let Ok(posts) = self.rendered(story, text, link, &fallen)
        {
            self.events.push(Event::Rendered { article: story.id, posts });
        }
    }

    /// Nobody is asked for another text any more.
    fn settle_edit_question(&mut self, article: ArticleId) {
        for (&(chat, user), _) in self.state.mendings_awaited.iter().filter(|(_, known)| known.0 == article) {
            self.events.push(Event::MendingSettled { user, chat });
        }
    }

    /// The post stays as it is.
    pub(super) fn leave_as_is(&mut self, article: ArticleId, number: u32, by: &Actor) -> Said {
        let amendment = self.state.stories.get(&article).and_then(|story| story.amendment.as_ref());
        let Some(amendment) = amendment.filter(|known| known.number == number && !known.confirmed) else {
            return Err(words::amendment_is_over(article));
        };
        self.may(by, amendment.change.right())?;
        self.events.push(Event::AmendmentDropped { article, number, by: by.clone() });
        self.settle_edit_question(article);
        Ok(words::left_as_is(article))
    }

    fn names(&self, channels: impl Iterator<Item = ChatId>) -> Vec<String> {
        channels.map(|channel| self.rules.channel_name(channel)).collect()
    }

    pub(super) fn chats(&self, asked: Option<(ChatId, MessageId)>) -> Vec<ChatId> {
        asked.map_or_else(|| self.rules.desks(), |(chat, _)| vec![chat])
    }

    fn tell_asked(
        &mut self,
        article: ArticleId,
        asked: Option<(ChatId, MessageId)>,
        text: &str,
        buttons: &[Vec<Button>],
    ) {
        match asked {
            Some((chat, message)) => self.say_with(chat, Some(message), text.to_owned(), buttons.to_vec()),
            None => self.tell_desks(Some(article), text, buttons),
        }
    }

    /// Owes a chat a post, shown as subscribers see it.
    pub(super) fn say_post(&mut self, chat: ChatId, post: &Post) {
        let chat = self.state.where_is(chat);
        if self.state.closed_chats.contains(&chat) {
            return;
        }
        // The picture stays what it is: the words are what is asked about.
        let (note, post) = (self.next_owed(), Some(Post { picture: None, ..post.clone() }));
        let (text, buttons) = (String::new(), Vec::new());
        let what = Note {
            chat,
            reply_to: None,
            text,
            buttons,
            entities: Vec::new(),
            edit: None,
            keyboard: false,
            post,
        };
        self.events.push(Event::NoteOwed { note, what });
    }
}

impl Change {
    /// What it takes to want this, and to decide about it further on.
    pub(super) const fn right(&self) -> Right {
        match self {
            Self::Edit { .. } => Right::Decide,
            Self::Withdraw { .. } => Right::Lead,
        }
    }
}

/// Where the article is out and can be reached.
fn out(story: &Story) -> Vec<Out> {
    story.standing().map(|(channel, post, id, at)| (channel, post.clone(), id, at)).collect()
}

/// The post with a word about the correction; `None` where it has no room.
fn corrected(post: &Post) -> Option<Post> {
    post.with_last_line(words::CORRECTED)
}
