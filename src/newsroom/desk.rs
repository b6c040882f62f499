//! The editors' messages: who may speak, commands, articles and their links.

use super::acts::{NotDone, Said, Wish, said};
use super::button::{Tap, button, named};
use super::command::{self, Command, CommandError};
use super::event::{Asked, Button, Event, Fetch, Note};
use super::input::{Effect, FetchError, Message};
use super::pictures;
use super::rules::ChannelRules;
use super::state::Story;
use super::step::Step;
use super::views::{self, LINES_MAX};
use crate::article::{self, Article, Link, PageError, Picture};
use crate::ids::{ArticleId, ChatId, UserId};
use crate::words::{self, label};

/// The largest file that is read as an article, in bytes.
pub const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// How many strangers are answered in one day.
const STRANGERS_PER_DAY_MAX: u32 = 100;

impl<'a> Step<'a> {
    pub(super) fn message(&mut self, message: &Message) {
        let Some(by) = self.editor(&message.from) else {
            if !message.edited {
                self.stranger(message);
            }
            return;
        };
        if self.state.closed_chats.contains(&message.chat) {
            self.events.push(Event::ChatOpened { chat: message.chat });
        }
        if !message.private && (self.rules.desk != Some(message.chat) || !self.concerns_us(message)) {
            return;
        }
        let asked = Asked { by, chat: message.chat, message_id: message.message_id };
        if let Some(document) = message.document.as_ref().filter(|file| !self.is_beside_words(file, message))
        {
            if document.image && self.is_of_a_taken_album(message) {
                return;
            }
            if document.size > pictures::bytes_max(document.image) {
                let why = pictures::too_large(document.image);
                if document.image {
                    let caption = self.with_hidden_link(message);
                    return self.without_picture(why, &caption, self.card_answered(message), &asked);
                }
                return self.answer_message(&asked, why);
            }
            let card = self.card_answered(message).or_else(|| self.picture_awaited(message, &asked));
            let what = Fetch {
                file_id: document.file_id.clone(),
                file_name: document.name.clone(),
                caption: self.with_hidden_link(message),
                asked,
                image: document.image,
                card,
                album: message.album.clone().filter(|_| document.image),
                page: None,
            };
            let fetch = self.next_owed();
            return self.events.push(Event::FetchOwed { fetch, what });
        }
        if let Some(attachment) = message.attachment
            && message.text.trim().is_empty()
        {
            // Once for a whole album; and a place that moves is changed every few seconds.
            let is_told = message.edited || (message.album.is_some() && message.album == self.live.album);
            if !is_told {
                self.answer_message(&asked, words::not_taken(attachment));
            }
            return;
        }
        if let Some((channel, message_id)) = message.channel_post
            && let Some(rules) = self.rules.channel(channel)
        {
            self.channel_post(channel, message_id);
            if !self.is_found(message, (channel, message_id), &asked) {
                self.answer_message(&asked, words::post_noted(&rules.name));
            }
            return;
        }
        if message.private
            && !message.forwarded
            && let Some(name) = words::command_of_key(&message.text)
        {
            // A key's word that was changed has been obeyed already.
            if !message.edited {
                self.end_dialogue(&asked);
            }
            if !message.edited
                && let Ok(command) = command::of_name(name)
            {
                self.command(command, &asked);
            }
            return;
        }
        // Somebody else's words, passed on, command nothing: they are material at most.
        let own_words = if message.forwarded { String::new() } else { self.without_mention(&message.text) };
        // A command that was changed has been obeyed already.
        if message.edited && own_words.trim_start().starts_with('/') {
            return;
        }
        if !own_words.trim_start().starts_with('/') && self.is_time(message, &own_words, &asked) {
            return;
        }
        if let Some(story) = self.edit_meant(message, &own_words, &asked) {
            return self.mend_words(story, message, &asked);
        }
        let parsed = command::parse(&own_words, &self.rules.bot_username);
        if parsed.is_some() {
            self.end_dialogue(&asked);
        }
        match parsed {
            Some(Ok(command)) => self.command(command, &asked),
            Some(Err(error)) => {
                let text = match error {
                    CommandError::Unknown { typed, meant, article } => {
                        words::unknown_command(&typed, meant, article)
                    }
                    CommandError::NumberWanted(name) => words::number_wanted(name),
                };
                self.answer_message(&asked, text);
            }
            // A command for another bot: in private nobody else is there to answer it.
            None if own_words.trim_start().starts_with('/') => {
                if message.private {
                    self.answer_message(&asked, words::unknown_command("", None, None));
                }
            }
            None if message.forwarded
                && command::parse(&message.text, &self.rules.bot_username).is_some() =>
            {
                self.answer_message(&asked, words::forwarded_command());
            }
            None if self.is_edit(message, &asked) => {}
            None => {
                let text = self.with_hidden_link(message);
                self.material(&text, &asked);
                let is_taken = |event: &Event| {
                    matches!(event, Event::Drafted { .. } | Event::Offered { .. } | Event::LinkAwaited { .. })
                };
                if let Some(attachment) = message.attachment
                    && self.events.iter().any(is_taken)
                {
                    self.answer_message(&asked, words::only_words_taken(attachment));
                }
            }
        }
    }

    /// In a group colleagues may talk in peace: only commands, mentions and replies to the bot count.
    fn concerns_us(&self, message: &Message) -> bool {
        let mention = format!("@{}", self.rules.bot_username).to_lowercase();
        let mentioned = !self.rules.bot_username.is_empty() && message.text.to_lowercase().contains(&mention);
        message.reply_to_bot || mentioned || message.text.starts_with('/')
    }

    /// The text as it was meant: without calling the bot by its name. A command keeps its own `@name`.
    pub(super) fn without_mention(&self, text: &str) -> String {
        let mut text = text.to_owned();
        while let Some(mention) = self.mention(&text) {
            let is_commands =
                text.get(..mention.start).is_some_and(|before| before.trim_start().starts_with('/'));
            if is_commands {
                break;
            }
            text.replace_range(mention, "");
        }
        text
    }

    /// Where a text mentions the bot, in whichever case.
    pub(super) fn mention(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let mention = format!("@{}", self.rules.bot_username);
        let is_there = |at: usize| {
            let ends = text.get(at + mention.len()..).is_some_and(|rest| {
                !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
            });
            ends && text.get(at..at + mention.len()).is_some_and(|word| word.eq_ignore_ascii_case(&mention))
        };
        let at = text.match_indices('@').map(|(at, _)| at).find(|&at| mention.len() > 1 && is_there(at))?;
        Some(at..at + mention.len())
    }

    /// A person without rights is answered once, in private, with their number, and nothing more.
    fn stranger(&mut self, message: &Message) {
        let user = message.from.id;
        let counts = message.private || (self.rules.desk == Some(message.chat) && self.concerns_us(message));
        let (day, answered) = self.state.strangers_of_day;
        let full = day == self.now.utc.date_naive() && answered >= STRANGERS_PER_DAY_MAX;
        if !counts || full || self.state.strangers.contains(user) {
            return;
        }
        self.events.push(Event::StrangerMet { user });
        self.say(user.private_chat(), None, words::stranger(user));
    }

    /// The text with an address that hides behind a word of it, where none stands in the open.
    fn with_hidden_link(&self, message: &Message) -> String {
        let text = self.without_mention(&message.text);
        match message.links.last() {
            Some(link) if article::split_link(&text).1.is_none() => format!("{text}\n{link}"),
            _ => text,
        }
    }

    /// Text that is no command: an article, a link, or both.
    pub(super) fn material(&mut self, text: &str, asked: &Asked) {
        let (body, link) = article::split_link(text);
        let link = match link.transpose() {
            Ok(link) => link,
            Err(error) => {
                return self.answer_message(asked, words::bad_link(&error, !body.trim().is_empty()));
            }
        };
        let user = asked.by.user();
        let question = user.and_then(|user| self.state.questions.get(&(asked.chat, user)));
        let (body, link) = match (link, question) {
            // Asked for the page, people also type it as they would into a browser.
            (None, Some(_)) => match bare_address(&body) {
                Some(link) => (String::new(), Some(link)),
                None => (body, None),
            },
            (link, _) => (body, link),
        };
        if let (Some(link), Some(question)) = (&link, question)
            && let Some(rubric) = self.only_rubric(&body)
        {
            let text = Article { rubric: Some(rubric), ..question.text.clone() };
            return self.add_asked(&text, link, asked);
        }
        match (body.trim().is_empty(), link, question) {
            (true, Some(link), Some(question)) => self.add_asked(&question.text, &link, asked),
            (true, Some(_), None) => self.answer_message(asked, words::text_wanted()),
            (_, None, Some(_)) if !looks_like_an_article(&body) => {
                self.answer_message(asked, words::not_a_link(body.trim()));
            }
            (true, None, _) => self.answer_message(asked, words::only_text_and_files()),
            (false, link, _) => self.read(&body, link, None, asked),
        }
    }

    /// The rubric that a message names, if it says nothing else.
    fn only_rubric(&self, body: &str) -> Option<String> {
        let mut lines = body.lines().filter(|line| !line.trim().is_empty());
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return None;
        };
        article::rubric_in(line, &self.rules.cleaning)
    }

    /// Reads a text as an article and adds it, or asks for its link. The editor's own word on the rubric goes before
    /// the export's.
    fn read(&mut self, body: &str, link: Option<Link>, rubric: Option<String>, asked: &Asked) {
        let text = Article::read(body, &self.rules.cleaning)
            .map(|text| Article { rubric: rubric.or_else(|| text.rubric.clone()), ..text });
        match text {
            Err(error) => self.answer_message(asked, words::unreadable(&error)),
            Ok(text) => match link {
                Some(link) => self.add_asked(&text, &link, asked),
                None => {
                    let user = asked.by.user();
                    let question = user.and_then(|user| self.state.questions.get(&(asked.chat, user)));
                    let forgotten = question
                        .map(|question| &question.text)
                        .filter(|earlier| earlier.fingerprint() != text.fingerprint())
                        .map(|earlier| earlier.title.as_str());
                    let waiting = self.with_picture(&text);
                    self.events.push(Event::LinkAwaited { text: waiting, asked: asked.clone() });
                    self.answer_message(asked, words::where_is_it(&text.title, forgotten));
                }
            },
        }
    }

    /// Adds a whole article; whatever was asked before is answered or forgotten with it.
    fn add_asked(&mut self, text: &Article, link: &Link, asked: &Asked) {
        let user = asked.by.user();
        let was_asked = user.is_some_and(|user| self.state.questions.contains_key(&(asked.chat, user)));
        if was_asked && self.rules.posts(text, link).is_ok() {
            self.settle_question(asked.chat, user);
        }
        let _ = self.add(text, link, &asked.by, Some((asked.chat, asked.message_id)));
    }

    fn settle_question(&mut self, chat: ChatId, user: Option<UserId>) {
        if let Some(user) = user {
            self.events.push(Event::LinkSettled { user, chat });
        }
    }

    pub(super) fn fetched(&mut self, fetch: u64, file: &Result<Vec<u8>, FetchError>) {
        let Some(what) = self.state.fetches.get(&fetch) else {
            return;
        };
        if let Some(page) = &what.page {
            let file = match file {
                Err(FetchError::Later(_)) => return,
                Err(FetchError::Page(why)) => Err(why),
                Err(FetchError::TooLarge) => Err(&PageError::TooLarge),
                Err(FetchError::Gone(_)) => Err(&PageError::NoPicture),
                Ok(bytes) => Ok(bytes.as_slice()),
            };
            self.events.push(Event::FetchSettled { fetch });
            return self.page_fetched(what, page, file);
        }
        let bytes = match file {
            Err(FetchError::Later(_)) => return,
            Err(FetchError::TooLarge) => Err(pictures::too_large(what.image)),
            Err(FetchError::Gone(_) | FetchError::Page(_)) => Err(words::file_is_gone(&what.file_name)),
            Ok(bytes) if what.image || Picture::is_meant_by(bytes) => {
                self.events.push(Event::FetchSettled { fetch });
                return self.picture_fetched(what, bytes);
            }
            Ok(bytes) => article::decode(bytes).map_err(|error| words::not_text(&what.file_name, &error)),
        };
        self.events.push(Event::FetchSettled { fetch });
        match bytes {
            Err(text) if what.image => self.without_picture(text, &what.caption, what.card, &what.asked),
            Err(text) => self.answer_message(&what.asked, text),
            Ok(body) => {
                // The caption is where editors put the link; an export may also carry it on a line of its own.
                let (caption, link) = article::split_link(&what.caption);
                let (body, link) = match link {
                    Some(link) => (body, Some(link)),
                    None => article::split_link(&body),
                };
                let rubric = article::rubric_in(&caption, &self.rules.cleaning);
                match link.transpose() {
                    Ok(link) => self.read(&body, link, rubric, &what.asked),
                    Err(error) => self.answer_message(&what.asked, words::bad_link(&error, true)),
                }
            }
        }
    }

    fn command(&mut self, command: Command, asked: &Asked) {
        if let Err(text) = self.may(&asked.by, command.right()) {
            return self.answer_message(asked, text);
        }
        let text = match command {
            Command::Start => return self.hello(asked),
            Command::Help => words::help(),
            Command::Queue => {
                let (text, buttons) = self.queue_page();
                return self.say_with(asked.chat, Some(asked.message_id), text, buttons);
            }
            Command::Drafts => words::drafts(&views::drafts(self.reader(), LINES_MAX)),
            Command::History(what) if what.is_empty() => {
                words::history(&views::history(self.reader(), LINES_MAX))
            }
            Command::History(what) => self.history_of(&what),
            Command::Find(query) => self.find(&query),
            Command::Who(article) => match self.state.stories.get(&article) {
                None => words::no_such(article),
                Some(story) => words::who(&self.reader().trail(story)),
            },
            Command::Shift => return self.shift(asked),
            Command::Status => {
                let text = words::desk_status(&views::status(self.reader(), self.live, self.now));
                let buttons = self.resume_buttons();
                return self.say_with(asked.chat, Some(asked.message_id), text, buttons);
            }
            Command::Freeze(why) => said(self.freeze(&why, &asked.by)),
            Command::Thaw => said(self.thaw(&asked.by)),
            Command::Show(article) => match self.state.stories.get(&article) {
                None => words::no_such(article),
                Some(_) => {
                    return self.events.push(Event::CardWanted { article, chat: asked.chat });
                }
            },
            Command::Approve(article) => self.by_number(article, asked, |step, story| {
                let acted = step.approve(story, &asked.by, Wish::Queue);
                step.in_words(story, acted)
            }),
            Command::Now(article) => {
                self.at_wished(article, Wish::AtOnce, asked);
                return;
            }
            Command::At(article, time) => {
                let wish = if time.is_empty() { Wish::Unnamed } else { Wish::At(&time) };
                self.at_wished(article, wish, asked);
                return;
            }
            Command::Reject(article) => self.by_number(article, asked, |step, story| {
                let acted = step.reject(story, &asked.by);
                step.in_words(story, acted)
            }),
            Command::Rubric(article, rubric) => match self.state.stories.get(&article) {
                None => words::no_such(article),
                Some(story) => said(self.set_rubric(story, &rubric, &asked.by)),
            },
            Command::Edit(article) => match self.state.stories.get(&article) {
                None => words::no_such(article),
                Some(story) => return self.edit_asked(story, asked),
            },
            Command::Delete(article) => match self.state.stories.get(&article) {
                None => words::no_such(article),
                Some(story) => return self.withdrawal_asked(story, asked),
            },
            Command::Cancel(article) => match self.state.stories.get(&article) {
                None => words::no_such(article),
                Some(story) => {
                    let acted = self.cancel(story, &asked.by);
                    said(self.in_words(story, acted))
                }
            },
            Command::Undo => said(self.undo(&asked.by)),
        };
        self.answer_message(asked, text);
    }

    /// An act on an article by its number: only on the version that this editor was last shown.
    fn by_number(
        &mut self,
        article: ArticleId,
        asked: &Asked,
        act: impl FnOnce(&mut Self, &'a Story) -> Said,
    ) -> String {
        let Some(story) = self.state.stories.get(&article) else {
            return words::no_such(article);
        };
        let shown = asked.by.user().and_then(|user| self.version_shown(story, user));
        if !story.is_draft() || shown == Some(story.draft.version) {
            return said(act(self, story));
        }
        self.events.push(Event::CardWanted { article, chat: asked.chat });
        match shown {
            None => words::not_seen_yet(article),
            Some(_) => words::changed_since_seen(article),
        }
    }

    /// Out at the time that an editor names; where it is to be asked which, with a button for each. Says whether another
    /// time is wanted.
    pub(super) fn at_wished(&mut self, article: ArticleId, wish: Wish<'_>, asked: &Asked) -> bool {
        let mut unsettled = None;
        let text = self.by_number(article, asked, |step, story| {
            let acted = step.approve_or_move(story, &asked.by, wish);
            match acted {
                Err(NotDone::TimeAsked(question)) => {
                    unsettled = Some((story, Some(question)));
                    Err(String::new())
                }
                Err(NotDone::BadTime(_) | NotDone::TimeTooFar(_)) => {
                    unsettled = Some((story, None));
                    step.in_words(story, acted)
                }
                _ => step.in_words(story, acted),
            }
        });
        match (&unsettled, asked.by.user()) {
            (Some((story, Some(question))), Some(user)) => {
                self.ask_time(story, question, user, asked.chat, Some(asked.message_id));
            }
            _ => self.answer_message(asked, text),
        }
        unsettled.is_some()
    }

    /// The greeting; in private with the keyboard of the commonest commands.
    fn hello(&mut self, asked: &Asked) {
        let text = words::hello(asked.by.name());
        if asked.by.user().map(UserId::private_chat) != Some(asked.chat) {
            return self.answer_message(asked, text);
        }
        self.answers.push(Effect::Menu { chat: asked.chat });
        let note = self.next_owed();
        let (chat, reply_to) = (asked.chat, Some(asked.message_id));
        let (buttons, entities) = (Vec::new(), Vec::new());
        let what = Note { chat, reply_to, text, buttons, entities, edit: None, keyboard: true, post: None };
        self.events.push(Event::NoteOwed { note, what });
    }

    /// A button for each channel that waits to be mended.
    fn resume_buttons(&self) -> Vec<Vec<Button>> {
        let several = self.rules.channels.len() > 1;
        let resume = |channel: &ChannelRules| {
            let pause = self.state.channels.get(&channel.id)?.paused.as_ref()?;
            let name = several.then_some(channel.name.as_str());
            Some(vec![button(&named(label::RESUME, name), &Tap::Resume(channel.id, pause.seq))])
        };
        self.rules.channels.iter().filter_map(resume).collect()
    }

    /// The latest version whose card this editor has before their eyes.
    pub(super) fn version_shown(&self, story: &Story, user: UserId) -> Option<u32> {
        let chats = [Some(user.private_chat()), self.rules.desk];
        chats.into_iter().flatten().filter_map(|chat| story.cards.get(&chat)?.version()).max()
    }

    pub(super) fn answer_message(&mut self, asked: &Asked, text: String) {
        self.say(asked.chat, Some(asked.message_id), text);
    }
}

/// An address without its `https://`, if the text is nothing else.
pub(super) fn bare_address(text: &str) -> Option<Link> {
    let word = text.trim();
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let is_one_word = !word.is_empty() && !word.contains(char::is_whitespace);
    let is_host =
        host.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && end.chars().count() >= 2);
    (is_one_word && is_host).then(|| Link::parse(&format!("https://{word}")).ok()).flatten()
}

/// Whether a text could be an article rather than a remark: more than one line, or a long one.
pub(super) fn looks_like_an_article(text: &str) -> bool {
    text.trim().lines().count() > 1 || text.chars().count() > 200
}
