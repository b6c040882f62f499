//! Warnings: what a card says of an article that an editor may have overlooked. They keep nothing from going out.

use super::cards::Reader;
use super::state::{State, Story};
use crate::ids::ArticleId;
use crate::russian;
use crate::words::Warning;

/// Of so many of the latest articles one must have a picture for the lack of one to be told: a newsroom that sends none is
/// not reminded of it on every card.
const LATEST: usize = 30;

/// A title as people compare it: no capitals, quotes or full stops.
pub(super) fn title_key(title: &str) -> String {
    russian::words_of(title).join(" ")
}

impl Reader<'_> {
    /// What an editor should look at before they approve.
    pub(super) fn warnings(self, story: &Story) -> Vec<Warning> {
        if story.is_over() {
            return Vec::new();
        }
        let same = self.state.same_title(story).map(Warning::SameTitle);
        let stop_words = self.stop_words(story);
        let stop_words = (!stop_words.is_empty()).then_some(Warning::StopWords(stop_words));
        let lacks_picture = story.draft.article.picture.is_none() && self.state.pictures_are_usual();
        let no_picture = lacks_picture.then_some(Warning::NoPicture);
        same.into_iter().chain(stop_words).chain(no_picture).collect()
    }

    /// Those words of the settings that some post of the article has, in whichever form.
    fn stop_words(self, story: &Story) -> Vec<String> {
        if self.rules.stop_words.is_empty() {
            return Vec::new();
        }
        let texts: Vec<Vec<String>> = story.posts().map(|post| russian::stems(&post.text)).collect();
        let stands = |words: &&String| {
            let stems = russian::stems(words);
            let in_text = |text: &Vec<String>| text.windows(stems.len().max(1)).any(|some| some == stems);
            texts.iter().any(in_text)
        };
        self.rules.stop_words.iter().filter(stands).cloned().collect()
    }
}

impl State {
    /// The newest other article of this title that was not turned down.
    fn same_title(&self, story: &Story) -> Option<ArticleId> {
        let same = self.titles.get(&title_key(&story.draft.article.title))?;
        let counts = |id: &&ArticleId| {
            **id != story.id && self.stories.get(id).is_some_and(|other| other.rejected.is_none())
        };
        same.iter().rev().find(counts).copied()
    }

    fn pictures_are_usual(&self) -> bool {
        self.stories.values().rev().take(LATEST).any(|story| story.draft.article.picture.is_some())
    }
}
