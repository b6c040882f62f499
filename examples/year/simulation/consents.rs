//! Whose word a post has: as many people's as its channel asks for, and not that of its author alone.

use std::collections::{BTreeMap, BTreeSet};

use vestnik::article::Article;
use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{Change, Event, Input, Newsroom, State, Story, Tap, Update};

use super::orders::{editor_of, is_command};
use super::settings::{CHANNELS, Settings};

/// Who has written what, and who has approved it.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    /// Each article's texts in their order, without rubric and picture, which are nobody's text.
    texts: BTreeMap<ArticleId, Vec<(Article, Option<u64>)>>,
    /// Who has offered the text that waits for a decision.
    offers: BTreeMap<ArticleId, Option<u64>>,
    /// Who wants another text of what is out.
    wishes: BTreeMap<ArticleId, (Article, Option<u64>)>,
    /// Who has approved just this version.
    words: BTreeMap<ArticleId, (u32, BTreeSet<u64>)>,
}

impl Consents {
    /// After a backup was brought back: what it holds, and of older texts nothing.
    #[allow(dead_code, reason = "a test shares this file")]
    pub(crate) fn brought_back(state: &State) -> Self {
        let word = |story: &Story| {
            let first = story.first_word.as_ref()?;
            Some((story.id, (first.version, first.mark.by.user().map(|by| by.0).into_iter().collect())))
        };
        Self { words: state.stories.values().filter_map(word).collect(), ..Self::default() }
    }

    /// Notes who has written what. `by`: whose word the input is.
    pub(crate) fn note(&mut self, input: &Input, event: &Event, by: Option<u64>, newsroom: &Newsroom) {
        match event {
            Event::Drafted { article, draft } => {
                let texts = self.texts.entry(*article).or_default();
                let text = text_of(&draft.article);
                if texts.last().is_some_and(|(known, _)| *known == text) {
                    return;
                }
                let takes_offer = matches!(input, Input::Update { what: Update::Press(press), .. }
                    if matches!(Tap::parse(&press.data), Some(Tap::TakeOffer(..))));
                let noted = || {
                    let known = newsroom.state().stories.get(article)?;
                    Some(known.amendment.as_ref()?.mark.by.user()?.0)
                };
                let earlier = texts.iter().rev().find(|(known, _)| *known == text).map(|(_, by)| *by);
                let author = match earlier {
                    Some(author) if is_command(input, "/undo") => author,
                    _ if takes_offer => self.offers.get(article).copied().flatten(),
                    _ => by.or_else(noted),
                };
                texts.push((text, author));
            }
            Event::Offered { article, .. } => {
                self.offers.insert(*article, by);
            }
            Event::AmendmentWished { article, change: Change::Edit { text, .. }, .. } => {
                self.wishes.insert(*article, (text_of(text), by));
            }
            Event::AmendmentConfirmed { article, posts, .. } if !posts.is_empty() => {
                let texts = self.texts.entry(*article).or_default();
                let is_new =
                    |(text, _): &(Article, Option<u64>)| texts.last().is_none_or(|(known, _)| known != text);
                texts.extend(self.wishes.remove(article).filter(is_new));
            }
            _ => {}
        }
    }

    /// An editor's word for this version of an article.
    pub(crate) fn approves(&mut self, input: &Input, article: ArticleId, version: u32) {
        let words = self.words.entry(article).or_default();
        if words.0 != version {
            *words = (version, BTreeSet::new());
        }
        words.1.extend(editor_of(input));
    }

    /// Holds an approval to what its channel asks for.
    pub(crate) fn is_enough(
        &mut self,
        input: &Input,
        (article, channel): (ArticleId, ChatId),
        version: u32,
        settings: Settings,
    ) -> Result<(), String> {
        self.approves(input, article, version);
        let words = self.words.get(&article).map(|(_, words)| words.clone()).unwrap_or_default();
        let index = CHANNELS.iter().position(|known| *known == channel);
        let needed = index.and_then(|index| settings.approval().get(index).copied()).unwrap_or("any");
        let author = self.texts.get(&article).and_then(|texts| texts.last()?.1);
        match needed {
            "two" if words.len() < 2 => Err(format!("approved by {words:?} alone, where two are needed")),
            "other" if words.iter().all(|word| Some(*word) == author) => {
                Err(format!("approved by {words:?} alone, who wrote it"))
            }
            _ => Ok(()),
        }
    }
}

fn text_of(article: &Article) -> Article {
    Article { rubric: None, picture: None, ..article.clone() }
}
