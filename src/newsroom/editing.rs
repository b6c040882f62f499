//! Editing in the chat: the title, the words, the link, hashtags, rubric; by buttons, by an answer to the card, by a
//! change of the message that brought them.
//!
//! An edit is a new text of the article ([`Event::Drafted`]) and a word on what was changed ([`Event::Edited`]). Posts that
//! wait for their turn are drafts again with it. While a post is being sent or under question, an edit is noted and carried
//! out when that is settled (`amending.rs`); what is out is mended there too.

use sha2::{Digest as _, Sha256};

use super::acts::{Said, said};
use super::after::{Amendment, Change};
use super::button::{Tap, button};
use super::desk::bare_address;
use super::event::{Actor, Asked, Button, Draft, Event, Mark, Source};
use super::input::{Message, Press};
use super::rights::Right;
use super::route::rubric_key;
use super::rules::Rules;
use super::state::{About, State, Story};
use super::step::Step;
use crate::article::{self, Article, Link, Part};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::RichText;
use crate::summary;
use crate::words::{self, label};

/// The parts that a message can bring, with the words that buttons and answers name them by.
const LABELS: [(&str, Part); 6] = [
    (label::TITLE, Part::Title),
    (label::WORDS, Part::Words),
    (label::LINK, Part::Link),
    (label::HASHTAGS, Part::Hashtags),
    (label::RUBRIC, Part::Rubric),
    (label::PICTURE, Part::Picture),
];
/// An answer to the card that is shorter and does not say what it is may be a remark to a colleague.
const REMARK_CHARS_MAX: usize = 40;

/// Whether an editor may change the article as it stands now.
pub(super) fn may_be_edited(story: &Story) -> bool {
    story.rejected.is_none() && !story.is_out() && !story.is_under_way()
}

impl State {
    /// The article whose card a message of a chat belongs or belonged to.
    pub(super) fn article_of(&self, chat: ChatId, message: MessageId) -> Option<ArticleId> {
        let is_its = |story: &&Story| {
            story.cards.get(&chat).is_some_and(|card| {
                card.holds(message) || card.former.contains(&message) || card.retired.contains(&message)
            })
        };
        self.stories.values().rev().find(is_its).map(|story| story.id)
    }

    /// The article of which a version was made with this message, the version, and what the message was taken for.
    fn made_by(&self, chat: ChatId, message: MessageId) -> Option<(ArticleId, u32, Part)> {
        let is_it = |source: &Source| source.chat == chat && source.message_id == message;
        self.stories.values().rev().find_map(|story| {
            let (version, source) = story.sources.iter().rev().find(|(_, source)| is_it(source))?;
            Some((story.id, *version, source.part))
        })
    }
}

impl<'a> Step<'a> {
    /// Gives an article another text, and says what was changed.
    pub(super) fn edit(
        &mut self,
        story: &'a Story,
        article: Article,
        link: Link,
        by: &Actor,
        source: Option<Source>,
        answers_in: Option<ChatId>,
    ) -> Said {
        let id = story.id;
        self.can_edit(story)?;
        let parts = Part::changed(story.text_to_edit(), (&article, &link));
        if parts.is_empty() {
            return Err(words::nothing_edited(id));
        }
        let owner = self.state.links.get(&link.key()).copied().filter(|owner| *owner != id);
        if let Some(owner) = owner {
            return Err(words::link_is_anothers(id, owner));
        }
        let posts = match self.rules.posts(&article, &link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post(&none.channel, &none.why)),
        };
        if story.is_under_way() {
            self.may_change_noted(story, by)?;
            self.note(story, &article, &link, self.noted_by(story, &parts, by), source);
            return Ok(words::part_noted(id, &parts));
        }
        // Who wrote the text is who wrote it, whoever gave it another rubric.
        let is_text = parts.iter().any(|part| !matches!(part, Part::Rubric | Part::Picture));
        let mark = if is_text { Mark { by: by.clone(), at: self.now.utc } } else { story.draft.mark.clone() };
        let draft = Draft { version: story.draft.version + 1, article, link, posts, mark };
        self.events.push(Event::Drafted { article: id, draft });
        self.events.push(Event::Edited { article: id, parts: parts.clone(), by: by.clone(), source });
        let was_approved = !story.publications.is_empty();
        if was_approved {
            // Whoever approved it must hear that it does not go out.
            let text = words::edited_by(id, &parts, by.name());
            let own = by.user().map(crate::ids::UserId::private_chat);
            for chat in self.rules.desks() {
                if Some(chat) != own && Some(chat) != answers_in {
                    let card = self.card_in(id, chat);
                    self.say(chat, card, text.clone());
                }
            }
        }
        Ok(words::edited(id, &parts, was_approved))
    }

    /// The buttons of editing.
    pub(super) fn tap_to_edit(&mut self, tap: &Tap, press: &Press, by: &Actor) -> Said {
        let (chat, message) = press.message.unwrap_or((press.from.id.private_chat(), MessageId(0)));
        let chat = self.state.where_is(chat);
        let asked = Asked { by: by.clone(), chat, message_id: message };
        match tap {
            Tap::Edit(article, version) => self.on_version(*article, *version, press, |step, story| {
                step.can_edit(story)?;
                let card = step.card_in(story.id, chat);
                step.say_with(chat, card, words::what_to_edit(story.id), menu(story));
                Ok(words::look_below())
            }),
            Tap::EditPart(article, version, None) => {
                self.on_version(*article, *version, press, |step, story| step.show_versions(story, chat))
            }
            Tap::EditPart(article, version, Some(part)) => {
                self.on_version(*article, *version, press, |step, story| {
                    step.can_edit(story)?;
                    step.ask_for(story, *part, &asked)
                })
            }
            Tap::SetRubric(article, version, digest) => {
                self.on_version(*article, *version, press, |step, story| {
                    let known = step.rules.rubric_names().into_iter();
                    let rubric = match digest {
                        None => Some("нет"),
                        Some(digest) => known.into_iter().find(|name| digest_of(name) == *digest),
                    };
                    let Some(rubric) = rubric else { return Err(words::dead_button()) };
                    step.set_rubric(story, rubric, by)
                })
            }
            Tap::TakeBack(article, version, earlier) => {
                self.on_version(*article, *version, press, |step, story| step.take_back(story, *earlier, by))
            }
            Tap::StopEditing(article) => match self.dialogue(&asked) {
                Some(dialogue) if dialogue.article == *article => {
                    self.end_dialogue(&asked);
                    Ok(words::editing_stopped(*article))
                }
                _ => Err(words::nothing_awaited()),
            },
            _ => Err(words::dead_button()),
        }
    }

    /// Whether an article can be edited now, or an edit of it be noted; if not, why.
    fn can_edit(&self, story: &Story) -> Result<(), String> {
        if story.rejected.is_some() {
            return Err(words::edit_of_rejected(story.id));
        }
        let why = if story.is_under_way() { self.no_amendment(story) } else { self.no_new_text(story) };
        why.map_or(Ok(()), Err)
    }

    /// Whose a noted text is: who only gave it another rubric has not written it.
    fn noted_by(&self, story: &Story, parts: &[Part], by: &Actor) -> Actor {
        let before = story.noted().filter(|_| parts == [Part::Rubric]);
        match before {
            Some(Amendment { change: Change::Edit { .. }, mark, .. }) => mark.by.clone(),
            _ => by.clone(),
        }
    }

    /// Asks what a part shall be, showing what it is.
    fn ask_for(&mut self, story: &'a Story, part: Part, asked: &Asked) -> Said {
        let Some(user) = asked.by.user() else { return Err(words::dead_button()) };
        let (id, (now, link)) = (story.id, story.text_to_edit());
        let card = self.card_in(id, asked.chat);
        if part == Part::Rubric {
            let known = self.rules.rubric_names();
            let present = now.rubric.as_deref();
            if known.is_empty() {
                return Err(words::no_rubrics());
            }
            let rows = rubric_buttons(story, &known);
            self.say_with(asked.chat, card, words::which_rubric(id, present), rows);
            return Ok(words::look_below());
        }
        let (article, chat, after) = (id, asked.chat, asked.message_id);
        self.events.push(Event::EditAwaited { article, part, user, chat, after });
        let mut stop = vec![vec![button(label::STOP_EDITING, &Tap::StopEditing(id))]];
        if part == Part::Picture {
            let version = story.draft.version;
            let other = match now.picture {
                None => button(label::PAGE_PICTURE, &Tap::PagePicture(id, version)),
                Some(_) => button(label::WITHOUT_PICTURE, &Tap::WithoutPicture(id, version)),
            };
            stop.insert(0, vec![other]);
        }
        let present = match part {
            Part::Title => now.title.clone(),
            Part::Link => link.as_str().to_owned(),
            Part::Hashtags => self.present_hashtags(now).join(" "),
            Part::Words | Part::Rubric | Part::Picture => String::new(),
        };
        self.say_rich(chat, card, words::ask_for(id, part, &present), stop);
        if part == Part::Words {
            // A message of its own: to be copied whole, with all that is set on it.
            let present = self.present_words(now);
            if !present.is_blank() {
                self.say_rich(chat, None, present, Vec::new());
            }
        }
        Ok(words::look_below())
    }

    fn present_hashtags(&self, article: &Article) -> Vec<String> {
        let first = self.rules.route(article.rubric.as_deref()).next();
        first.map(|channel| self.rules.hashtags(channel, article)).unwrap_or_default()
    }

    /// What the post says of an article now: the editors' own words, or the sentences that were chosen for the first of
    /// its channels.
    fn present_words(&self, article: &Article) -> RichText {
        if let Some(own) = &article.words {
            return own.clone();
        }
        let first = self.rules.route(article.rubric.as_deref()).next();
        let sentences = first.map(|channel| summary::summarize(article, channel.summary_chars));
        let text = sentences.unwrap_or_default().join(" ");
        RichText::plain(words::within_one_message(text)).normalized()
    }

    /// Takes a message for an edit, if it is one: the answer to a question about a part, an answer to a card, or a change
    /// of such a message.
    pub(super) fn is_edit(&mut self, message: &Message, asked: &Asked) -> bool {
        if message.attachment.is_some() || message.forwarded {
            return false;
        }
        let dialogue = self.dialogue(asked).and_then(|open| match open.about {
            About::Part(part) => Some((*open, part)),
            About::Time { .. } => None,
        });
        let made = self.state.made_by(asked.chat, message.message_id).filter(|_| message.edited);
        if let Some((id, version, part)) = made {
            self.edit_again(id, version, part, message, asked);
            return true;
        }
        let card = message.reply_to.and_then(|answered| self.state.article_of(asked.chat, answered));
        if message.edited
            && (card.is_some() || dialogue.is_none_or(|(open, _)| message.message_id <= open.after))
        {
            return false;
        }
        let answers = |(open, _): &&(super::state::Dialogue, Part)| {
            let is_here =
                if message.private { card.is_none() } else { message.reply_to_bot && card.is_none() };
            is_here || card == Some(open.article)
        };
        let own = self.without_call(message);
        let (body, link) = article::split_link(&own.text);
        let is_whole = link.is_some() && body.trim().lines().count() > 1;
        let question =
            asked.by.user().is_some_and(|user| self.state.questions.contains_key(&(asked.chat, user)));
        // Who answers the card and names a part means that part, whatever was asked.
        let says_what_it_is = card.is_some() && labelled(&own).is_some();
        match (dialogue.as_ref().filter(|open| answers(open) && !says_what_it_is), card) {
            // An article with its link is a new one, or a new text for a known page.
            _ if is_whole => false,
            (Some((open, part)), _) => {
                let is_other = *part != Part::Link && question && body.trim().is_empty();
                if !is_other {
                    self.answered(open.article, *part, &own, asked);
                }
                !is_other
            }
            (None, Some(id)) => {
                self.answer_to_card(id, own, asked);
                true
            }
            (None, None) => false,
        }
    }

    /// The message's text without calling the bot by its name.
    pub(super) fn without_call(&self, message: &Message) -> RichText {
        let mut rich = message.rich();
        while let Some(call) = self.mention(&rich.text) {
            rich = cut(&rich, call);
        }
        rich
    }

    /// An answer to a question about a part.
    fn answered(&mut self, id: ArticleId, part: Part, own: &RichText, asked: &Asked) {
        let Some(story) = self.state.stories.get(&id) else { return };
        let said_now = self.edit_part(story, part, own, asked);
        // What could not be done for now can be sent again.
        if said_now.is_ok() || !may_be_edited(story) && story.is_over() {
            self.end_dialogue(asked);
        }
        self.answer_message(asked, said(said_now));
    }

    /// An answer to a card: a new text, unless it says that it is something else.
    fn answer_to_card(&mut self, id: ArticleId, own: RichText, asked: &Asked) {
        let Some(story) = self.state.stories.get(&id) else { return };
        let (part, value) = match labelled(&own) {
            Some((part, value)) => (Some(part), value),
            None if only_link(&own.text) => (Some(Part::Link), own),
            None => (None, own),
        };
        let is_remark = part.is_none()
            && value.text.trim().chars().count() < REMARK_CHARS_MAX
            && !value.text.contains('\n');
        if is_remark {
            return self.answer_message(asked, words::is_it_a_remark(id));
        }
        let done = self.edit_part(story, part.unwrap_or(Part::Words), &value, asked);
        self.answer_message(asked, said(done));
    }

    /// A message that made a version was changed: the version is made anew, unless somebody has changed the article since.
    fn edit_again(&mut self, id: ArticleId, version: u32, part: Part, message: &Message, asked: &Asked) {
        let Some(story) = self.state.stories.get(&id) else { return };
        let own = self.without_call(message);
        let (part, value) = match labelled(&own) {
            Some(said) => said,
            None => (part, own),
        };
        let changed = match self.with_part(story, part, &value) {
            Ok((article, link)) => !Part::changed(story.text_to_edit(), (&article, &link)).is_empty(),
            Err(why) => return self.answer_message(asked, why),
        };
        // Telegram also calls it a change when it has added a preview.
        if !changed {
            return;
        }
        if story.draft.version != version {
            let by = story.draft.mark.by.name();
            return self.answer_message(asked, words::edit_is_overtaken(id, by));
        }
        let done = self.edit_part(story, part, &value, asked);
        self.answer_message(asked, said(done));
    }

    fn edit_part(&mut self, story: &'a Story, part: Part, own: &RichText, asked: &Asked) -> Said {
        self.may(&asked.by, Right::Write(story.id))?;
        self.can_edit(story)?;
        let (article, link) = self.with_part(story, part, own)?;
        let source = Source { chat: asked.chat, message_id: asked.message_id, part };
        self.edit(story, article, link, &asked.by, Some(source), Some(asked.chat))
    }

    /// The article with a part as an editor wants it; or what is wrong with that.
    fn with_part(&self, story: &Story, part: Part, own: &RichText) -> Result<(Article, Link), String> {
        let (article, link) = story.text_to_edit();
        let (article, link) = (article.clone(), link.clone());
        let is_none = || matches!(own.text.trim().to_lowercase().as_str(), "нет" | "-" | "—");
        match part {
            Part::Picture => Err(words::picture_comes_as_photo(story.id)),
            Part::Title => match article::title_in(&own.text) {
                Ok(Some(title)) => Ok((Article { title, ..article }, link)),
                Ok(None) => Err(words::title_is_one_line()),
                Err(error) => Err(words::bad_title(&error)),
            },
            Part::Words => {
                let own = own.normalized();
                match own.is_blank() {
                    true => Err(words::edit_is_empty()),
                    false => Ok((Article { words: Some(own), ..article }, link)),
                }
            }
            Part::Link => {
                let (body, found) = article::split_link(&own.text);
                match found {
                    Some(Ok(link)) if body.trim().is_empty() => Ok((article, link)),
                    Some(Err(error)) => Err(words::bad_link(&error, false)),
                    _ => match bare_address(&own.text) {
                        Some(link) => Ok((article, link)),
                        None => Err(words::not_a_link(own.text.trim())),
                    },
                }
            }
            Part::Hashtags => {
                if is_none() {
                    return Ok((Article { hashtags: Some(Vec::new()), ..article }, link));
                }
                if own.text.trim().to_lowercase() == words::USUAL_HASHTAGS {
                    return Ok((Article { hashtags: None, ..article }, link));
                }
                match article::hashtags_in(&own.text) {
                    Ok(tags) if tags.is_empty() => Err(words::edit_is_empty()),
                    Ok(tags) => Ok((Article { hashtags: Some(tags), ..article }, link)),
                    Err(error) => Err(words::bad_hashtags(&error)),
                }
            }
            Part::Rubric => {
                if is_none() {
                    return Ok((Article { rubric: None, ..article }, link));
                }
                let name = own.text.trim();
                match self.rules.known_rubric(name) {
                    Some(known) if Rules::is_same_rubric(Some(known), article.rubric.as_deref()) => {
                        Ok((article, link))
                    }
                    Some(known) => Ok((Article { rubric: Some(known.to_owned()), ..article }, link)),
                    None => Err(words::unknown_rubric(story.id, name, &self.rules.rubric_names())),
                }
            }
        }
    }
}

/// What can be edited, row by row.
fn menu(story: &Story) -> Vec<Vec<Button>> {
    let part =
        |label: &str, part: Option<Part>| button(label, &Tap::EditPart(story.id, story.draft.version, part));
    vec![
        vec![part(label::TITLE, Some(Part::Title)), part(label::WORDS, Some(Part::Words))],
        vec![part(label::LINK, Some(Part::Link)), part(label::HASHTAGS, Some(Part::Hashtags))],
        vec![part(label::PICTURE, Some(Part::Picture)), part(label::RUBRIC, Some(Part::Rubric))],
        vec![part(label::VERSIONS, None)],
    ]
}

/// The rubrics to choose from, but for the present one.
fn rubric_buttons(story: &Story, known: &[&str]) -> Vec<Vec<Button>> {
    let (id, version) = (story.id, story.draft.version);
    let present = story.text_to_edit().0.rubric.as_deref();
    let others = known.iter().filter(|name| !Rules::is_same_rubric(Some(name), present));
    let mut buttons: Vec<Button> =
        others.map(|name| button(name, &Tap::SetRubric(id, version, Some(digest_of(name))))).collect();
    if present.is_some() {
        buttons.push(button(label::NO_RUBRIC, &Tap::SetRubric(id, version, None)));
    }
    buttons.chunks(2).map(<[Button]>::to_vec).collect()
}

/// The part of a rubric's digest that fits on a button.
fn digest_of(rubric: &str) -> String {
    Sha256::digest(rubric_key(rubric)).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// «Заголовок: …»: the part that a text says it is, and the rest.
fn labelled(own: &RichText) -> Option<(Part, RichText)> {
    let begin = own.text.len() - own.text.trim_start().len();
    let (word, _) = own.text.get(begin..)?.split_once(':')?;
    let named = word.trim().to_lowercase();
    let (_, part) = LABELS.into_iter().find(|(label, _)| label.to_lowercase() == named)?;
    Some((part, cut(own, 0..begin + word.len() + 1)))
}

/// Whether a text is nothing but an address.
fn only_link(text: &str) -> bool {
    let (body, link) = article::split_link(text);
    link.is_some() && body.trim().is_empty()
}

/// The text without these bytes, what is set on it moved along.
fn cut(rich: &RichText, bytes: std::ops::Range<usize>) -> RichText {
    let units = |to: usize| rich.text.get(..to).map(crate::post::utf16_len).unwrap_or_default();
    let (from, to) = (units(bytes.start), units(bytes.end));
    let moved = |at: u32| if at <= from { at } else { at.max(to) - (to - from) };
    let mut text = rich.text.clone();
    text.replace_range(bytes, "");
    let entities = rich.entities.iter().map(|entity| {
        let (begin, end) = (moved(entity.offset), moved(entity.end()));
        crate::post::Entity { offset: begin, length: end.saturating_sub(begin), kind: entity.kind.clone() }
    });
    RichText { entities: entities.filter(|entity| entity.length > 0).collect(), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::EntityKind;

    #[test]
    fn a_label_says_what_an_answer_is_and_is_cut_off_with_what_is_set_on_it() {
        let mut own = RichText::plain("");
        own.push_styled(" Текст: ", EntityKind::Bold);
        own.push_styled("🗞 дождь", EntityKind::Italic);
        let (part, rest) = labelled(&own).unwrap();
        assert_eq!(part, Part::Words);
        let rest = rest.normalized();
        assert_eq!(rest, RichText::styled("🗞 дождь", EntityKind::Italic));
        assert_eq!(labelled(&RichText::plain("заголовок : Мост")).unwrap().0, Part::Title);
        assert_eq!(labelled(&RichText::plain("Мост: открыт")), None);
    }
}
