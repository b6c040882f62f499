//! Pictures: how an article gets one, which posts show it, how long it is kept, what its failing means.
//!
//! The bytes lie in the data directory before any event names them; here a picture is its digest. The card's own message
//! gives Telegram's name for what it has made of them, and the channel's post uses that name: both show the same.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::acts::{Said, said};
use super::cards::{self, Reader};
use super::desk::{FILE_BYTES_MAX, looks_like_an_article};
use super::event::{Actor, Asked, Draft, Event, Fetch, Piece, ShownPhoto};
use super::input::{Content, Document, Message};
use super::rights::Right;
use super::state::{About, Publication, State, Story};
use super::step::Step;
use crate::article::{self, Article, Link, PICTURE_BYTES_MAX, PageError, Part, Picture, PictureFrom};
use crate::ids::{ArticleId, ChatId};
use crate::post::Post;
use crate::words;

/// Why a post with a picture is not even sent: nothing is left of the picture, neither here nor at Telegram.
pub const PICTURE_MISSING: &str = "the picture's file is missing";
/// So long after an article is over its picture is kept: what was turned down may come back.
const KEPT_AFTER: TimeDelta = TimeDelta::days(30);
/// How many albums are remembered: their pictures come within seconds of each other.
const ALBUMS_MAX: usize = 16;

/// How much of a file is read, in bytes.
pub(super) const fn bytes_max(image: bool) -> u64 {
    if image { PICTURE_BYTES_MAX } else { FILE_BYTES_MAX }
}

/// What is said of a file that has more.
pub(super) fn too_large(image: bool) -> String {
    if image { words::picture_too_large() } else { words::file_too_large(FILE_BYTES_MAX) }
}

/// Whether Telegram could make nothing of a picture. Its words prove nothing about the post, but once that is known not to
/// be there, to send the very same picture again would end no better.
pub(super) fn has_failed(why: &str) -> bool {
    why.contains("IMAGE_PROCESS_FAILED")
}

/// Whether a refusal is the picture's fault, so that the same words without it would have been taken. What is not known to
/// be about it is not: an editor decides then.
pub(super) fn is_about_the_picture(why: &str) -> bool {
    /// The server's own words (td: `PhotoSize`, `FileManager`, `MessagesManager`); which of them a photo that passed our
    /// checks can still meet, nobody has seen live.
    const WORDS: [&str; 8] = [
        PICTURE_MISSING,
        "PHOTO_",
        "IMAGE_PROCESS_FAILED",
        "MEDIA_INVALID",
        "MEDIA_EMPTY",
        "too big for a photo",
        "file identifier",
        "file must be non-empty",
    ];
    WORDS.iter().any(|words| why.contains(words))
}

impl<'a> Step<'a> {
    /// Whether a picture is not what a message is about: it passes on a post of one of our channels, which tells where that
    /// channel stands, or the words are a command.
    pub(super) fn is_beside_words(&self, file: &Document, message: &Message) -> bool {
        let is_our_post =
            message.channel_post.is_some_and(|(channel, _)| self.rules.channel(channel).is_some());
        file.image && (is_our_post || (!message.forwarded && message.text.trim_start().starts_with('/')))
    }

    /// Whether it is one more picture of an album of which one was taken, with nothing to say.
    pub(super) fn is_of_a_taken_album(&self, message: &Message) -> bool {
        let is_taken = message.album.as_ref().is_some_and(|album| self.state.albums.contains(album));
        is_taken && message.text.trim().is_empty()
    }

    /// The article whose card a message answers, an older copy of the card included.
    pub(super) fn card_answered(&self, message: &Message) -> Option<ArticleId> {
        self.state.article_of(message.chat, message.reply_to?)
    }

    /// Takes in a picture, or what was sent as one: for the card that it answers, or with the article in its caption.
    pub(super) fn picture_fetched(&mut self, what: &Fetch, bytes: &[u8]) {
        let picture = match Picture::of(bytes) {
            Ok(picture) => picture,
            Err(error) => {
                let why = words::bad_picture(&error);
                return self.without_picture(why, &what.caption, what.card, &what.asked);
            }
        };
        if what.album.is_some() {
            self.answer_message(&what.asked, words::only_first_of_album());
        }
        let (body, link) = article::split_link(&what.caption);
        let link = link.and_then(Result::ok);
        let story = match (what.card, &link) {
            // A remark beside a picture that answers a card is for colleagues.
            (Some(article), None) => self.state.stories.get(&article),
            // A caption with nothing but a known page's address says whose picture it is.
            (_, Some(link)) if body.trim().is_empty() => self.story_of(&link.key()),
            _ => None,
        };
        if let Some(story) = story {
            let text = said(self.set_picture(story, Some(&picture), &what.asked.by));
            return self.answer_message(&what.asked, text);
        }
        if what.caption.trim().is_empty() || (link.is_none() && !looks_like_an_article(&what.caption)) {
            return self.answer_message(&what.asked, words::picture_for_what());
        }
        self.picture = Some(picture);
        self.material(&what.caption, &what.asked);
        self.picture = None;
    }

    /// There is no picture to be had: its sender is told, and the article in its caption is taken all the same.
    pub(super) fn without_picture(
        &mut self,
        why: String,
        caption: &str,
        card: Option<ArticleId>,
        asked: &Asked,
    ) {
        self.answer_message(asked, why);
        let (body, link) = article::split_link(caption);
        let is_article = !body.trim().is_empty() && (link.is_some() || looks_like_an_article(&body));
        if is_article && (card.is_none() || link.is_some()) {
            self.material(caption, asked);
        }
    }

    fn story_of(&self, page: &str) -> Option<&'a Story> {
        self.state.links.get(page).and_then(|id| self.state.stories.get(id))
    }

    /// A text with the picture that came with it, if one did.
    pub(super) fn with_picture(&self, text: &Article) -> Article {
        Article { picture: self.picture.clone().or_else(|| text.picture.clone()), ..text.clone() }
    }

    /// The very text of an article came once more, with another picture: that is a wish for it. What is said then.
    pub(super) fn other_picture(&mut self, story: &'a Story, text: &Article, by: &Actor) -> Option<String> {
        let picture = text.picture.as_ref()?;
        let is_same =
            story.draft.article.picture.as_ref().is_some_and(|known| known.sha256 == picture.sha256);
        (!is_same).then(|| said(self.set_picture(story, Some(picture), by)))
    }

    /// Gives an article this picture, or takes its own away.
    pub(super) fn set_picture(&mut self, story: &'a Story, picture: Option<&Picture>, by: &Actor) -> Said {
        self.may(by, Right::Write(story.id))?;
        let known = story.draft.article.picture.as_ref();
        if known.map(|known| &known.sha256) == picture.map(|picture| &picture.sha256) {
            return Err(words::picture_stays(story.id, picture.is_some()));
        }
        if self.no_new_text(story).is_some() {
            return Err(words::no_picture_now(story.id, story.is_out()));
        }
        let article = Article { picture: picture.cloned(), ..story.draft.article.clone() };
        let posts = match self.rules.posts(&article, &story.draft.link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post(&none.channel, &none.why)),
        };
        let was_approved = !story.publications.is_empty();
        let draft = Draft { version: story.draft.version + 1, article, posts, ..story.draft.clone() };
        self.events.push(Event::Drafted { article: story.id, draft });
        let (article, parts, by) = (story.id, vec![Part::Picture], by.clone());
        self.events.push(Event::Edited { article, parts, by, source: None });
        Ok(match picture {
            Some(_) => words::picture_set(story.id, was_approved),
            None => words::picture_removed(story.id, was_approved),
        })
    }

    /// Says whether an article's posts may come out as words alone where Telegram does not take the picture: a new version
    /// of the posts, in the same cards, for an approval to seal.
    pub(super) fn choose_text_form(&mut self, story: &'a Story, or_text: bool, by: &Actor) -> Said {
        if story.rejected.is_some() || !story.publications.is_empty() {
            return Err(words::already(story.id, &self.status_of(story)));
        }
        let Some(picture) = story.draft.article.picture.clone().filter(|known| known.or_text != or_text)
        else {
            return Err(words::card_is_stale(story.id));
        };
        let article =
            Article { picture: Some(Picture { or_text, ..picture }), ..story.draft.article.clone() };
        let posts = match self.rules.posts(&article, &story.draft.link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post_any_more(story.id, &none.channel, &none.why)),
        };
        self.events.push(Event::TextFormChosen { article: story.id, or_text, posts, by: by.clone() });
        Ok(words::text_form_chosen(story.id, or_text))
    }

    /// An editor wants the picture that the article's page names: it is fetched once the wish is on disk.
    pub(super) fn page_picture_wanted(&mut self, story: &'a Story, asked: Asked) -> Said {
        let id = story.id;
        if story.rejected.is_some() || self.no_new_text(story).is_some() {
            return Err(words::no_picture_now(id, story.is_out()));
        }
        if story.draft.article.picture.is_some() {
            return Err(words::has_a_picture(id));
        }
        let is_the_same = |known: &Fetch| known.card == Some(id) && known.page.is_some();
        if self.state.fetches.values().any(is_the_same) {
            return Err(words::page_is_being_read(id));
        }
        if self
            .dialogue(&asked)
            .is_some_and(|open| open.article == id && open.about == About::Part(Part::Picture))
        {
            self.end_dialogue(&asked);
        }
        let what = Fetch {
            file_id: String::new(),
            file_name: String::new(),
            caption: String::new(),
            asked,
            image: true,
            card: Some(id),
            album: None,
            page: Some(story.draft.link.clone()),
        };
        let fetch = self.next_owed();
        self.events.push(Event::FetchOwed { fetch, what });
        Ok(words::page_will_be_read(id))
    }

    /// What the article's page gave, or why it gave nothing. Whoever asked is told in any case.
    pub(super) fn page_fetched(&mut self, what: &Fetch, page: &Link, file: Result<&[u8], &PageError>) {
        let Some(story) = what.card.and_then(|article| self.state.stories.get(&article)) else { return };
        let text = match file.map(Picture::of) {
            Err(why) => words::no_page_picture(story.id, why),
            Ok(Err(error)) => words::bad_page_picture(story.id, &error),
            Ok(Ok(_)) if story.draft.link != *page => words::page_has_changed(story.id),
            // Somebody has sent one meanwhile, which was meant.
            Ok(Ok(_)) if story.draft.article.picture.is_some() => words::has_a_picture(story.id),
            Ok(Ok(picture)) => {
                let picture = Picture { from: PictureFrom::Page, ..picture };
                said(self.set_picture(story, Some(&picture), &what.asked.by))
            }
        };
        self.answer_message(&what.asked, text);
    }

    /// The article of which this person was asked for a picture, if their message brings one and says nothing else.
    pub(super) fn picture_awaited(&mut self, message: &Message, asked: &Asked) -> Option<ArticleId> {
        let dialogue = self.dialogue(asked).filter(|open| open.about == About::Part(Part::Picture))?;
        let brings_it = message.document.as_ref().is_some_and(|file| file.image)
            && message.text.trim().is_empty()
            && message.reply_to.is_none_or(|_| message.reply_to_bot);
        if !brings_it {
            return None;
        }
        self.end_dialogue(asked);
        Some(dialogue.article)
    }

    /// A card's post could not be shown: where that is the picture's fault, its editors hear what they can do.
    pub(super) fn picture_refused(&mut self, story: &Story, chat: ChatId, print: &str, why: &str) {
        let is_shown = |(post, known): &(&Post, String)| known == print && post.picture.is_some();
        if !story.is_over() && cards::pieces(story).iter().any(is_shown) {
            let card = self.card_in(story.id, chat);
            self.say(chat, card, words::picture_not_shown(story.id, why));
        }
    }
}

impl Reader<'_> {
    /// The channels in which an article comes out without its picture: its text is too long for a caption.
    pub(super) fn without_their_picture(self, story: &Story) -> Vec<String> {
        if story.draft.article.picture.is_none() || story.is_over() {
            return Vec::new();
        }
        let is_as_text =
            |post: &Post| story.publications.get(&post.chat_id).is_some_and(|known| known.approval().as_text);
        let text_only = story.posts().filter(|post| post.picture.is_none() && !is_as_text(post));
        text_only.map(|post| self.label(post.chat_id)).collect()
    }

    /// The channels in which it goes, or stands, without its picture because that has failed.
    pub(super) fn picture_failed(self, story: &Story) -> Vec<String> {
        let sealed = story.publications.values().map(Publication::approval);
        sealed.filter(|approval| approval.as_text).map(|approval| self.label(approval.post.chat_id)).collect()
    }
}

impl State {
    /// What a message of the desk shows of a post.
    pub(super) fn content(&self, post: &Post) -> Content {
        match post.picture {
            Some(_) => Content::Photo { post: post.clone(), file_id: self.file_id(post) },
            None => Content::Post(post.clone()),
        }
    }

    /// Telegram's name for a post's picture.
    pub(super) fn file_id(&self, post: &Post) -> Option<String> {
        self.photos.get(&post.picture.as_ref()?.sha256).cloned()
    }

    /// The pictures whose bytes may still be needed, by their digests: of what can still come out or be shown anew, and of
    /// what waits for its link or for a decision.
    #[must_use]
    pub fn pictures_needed(&self, now: DateTime<Utc>) -> BTreeSet<String> {
        let mut needed = BTreeSet::new();
        let mut texts: Vec<&Article> = self.questions.values().map(|question| &question.text).collect();
        for story in self.stories.values().filter(|story| !story.is_over_since(now - KEPT_AFTER)) {
            texts.push(&story.draft.article);
            texts.extend(story.offer.as_ref().map(|offer| &offer.text));
            needed.extend(story.versions.iter().filter_map(|version| version.picture().cloned()));
            needed.extend(story.posts().filter_map(|post| Some(post.picture.as_ref()?.sha256.clone())));
        }
        needed.extend(texts.into_iter().filter_map(|text| Some(text.picture.as_ref()?.sha256.clone())));
        needed
    }

    pub(super) fn note_album(&mut self, album: Option<&str>) {
        let Some(album) = album else { return };
        if !self.albums.iter().any(|known| known == album) {
            self.albums.push_back(album.to_owned());
        }
        while self.albums.len() > ALBUMS_MAX {
            self.albums.pop_front();
        }
    }

    pub(super) fn note_photo(&mut self, photo: Option<&ShownPhoto>) {
        if let Some(ShownPhoto { sha256, file_id: Some(file_id) }) = photo {
            self.photos.insert(sha256.clone(), file_id.clone());
        }
    }

    /// A message can't get a picture, lose it or get another one in its place: where a card's posts would have to, the card
    /// is shown anew.
    pub(super) fn renew_unfit_cards(&mut self, article: ArticleId) {
        let Some(story) = self.stories.get_mut(&article) else { return };
        let shows_one =
            story.cards.values().flat_map(|card| card.pieces.values()).any(|it| it.photo.is_some());
        if !shows_one && story.posts().all(|post| post.picture.is_none()) {
            return;
        }
        let photo = |post: &Post| post.picture.as_ref().map(|photo| photo.sha256.clone());
        let wanted: Vec<Option<String>> =
            cards::pieces(story).into_iter().map(|(post, _)| photo(post)).collect();
        for card in story.cards.values_mut() {
            let is_unfit = card.pieces.iter().any(|(piece, shown)| match piece {
                Piece::Post(index) => shown.photo != wanted.get(*index).cloned().flatten(),
                Piece::Service => false,
            });
            if is_unfit {
                card.renew();
            }
        }
    }
}

impl Story {
    /// Whether some post of it that is to be approved shows the picture.
    pub(super) fn offers_a_picture(&self) -> bool {
        self.drafts().any(|post| post.picture.is_some())
    }

    /// Whether nothing has happened to it since that moment, and nothing more will of itself.
    fn is_over_since(&self, then: DateTime<Utc>) -> bool {
        let out = self.publications.values().filter_map(|known| match known {
            Publication::Published { at, .. } => Some(*at),
            _ => None,
        });
        let last = out.chain(self.rejected.as_ref().map(|mark| mark.at)).chain([self.draft.mark.at]).max();
        self.is_over() && last.is_some_and(|last| last < then)
    }
}
