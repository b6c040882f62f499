//! What the desk has before its eyes: the posts of each card, the buttons under each message, and what may be approved
//! by them.

use std::collections::{BTreeMap, BTreeSet};

use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{Approval, Content, Input, Owed, Piece, Press, Tap, Update};
use vestnik::post::{Post, RichText};

/// Everything that the bot has shown to the desk.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// Every post that was shown, by what it shows.
    shown: BTreeSet<String>,
    /// Buttons, by chat and message.
    pub(crate) buttons: BTreeMap<(ChatId, i32), Vec<String>>,
    /// The posts of each card in each chat, by its generation.
    pieces: BTreeMap<(ChatId, ArticleId, u32), BTreeMap<Piece, String>>,
    /// The posts that stand above each message with buttons.
    above: BTreeMap<(ChatId, i32), BTreeSet<String>>,
}

impl Desk {
    /// A message stands in a chat, new or changed.
    pub(crate) fn sees(
        &mut self,
        what: &Owed,
        chat: ChatId,
        id: i32,
        content: &Content,
    ) -> Result<(), String> {
        if let Owed::Card { article, piece, generation, .. } = what {
            let pieces = self.pieces.entry((chat, *article, *generation)).or_default();
            match content {
                Content::Post(post) | Content::Photo { post, .. } => {
                    drop(pieces.insert(*piece, fingerprint(post)));
                }
                Content::Words { .. } | Content::Rich { .. } | Content::Keyboard { .. } => {
                    self.above.insert((chat, id), pieces.values().cloned().collect());
                }
            }
        }
        match content {
            Content::Post(post) | Content::Photo { post, .. } => {
                self.shown.insert(fingerprint(post));
            }
            Content::Words { text, buttons } | Content::Rich { rich: RichText { text, .. }, buttons } => {
                if text.trim().is_empty() || text.encode_utf16().count() > 4096 {
                    return Err(format!("a message that Telegram does not take: {text:?}"));
                }
                let data = buttons.concat().into_iter().map(|button| button.data).collect();
                self.buttons.insert((chat, id), data);
            }
            Content::Keyboard { .. } => {}
        }
        Ok(())
    }

    /// Holds a post to what the desk was shown: its words, since pictures stay what they are.
    #[allow(dead_code, reason = "a test shares this file")]
    pub(crate) fn was_shown(&self, post: &Post) -> Result<(), String> {
        let words = fingerprint(&Post { picture: None, ..post.clone() });
        self.shown.contains(&words).then_some(()).ok_or_else(|| format!("no desk was shown {:?}", post.text))
    }

    /// Holds an approval to what was shown before it; gives what the approved post shows.
    pub(crate) fn check(&self, input: &Input, approval: &Approval) -> Result<String, String> {
        let print = fingerprint(&approval.post);
        if !self.shown.contains(&print) {
            return Err("an approval seals what no desk was shown".to_owned());
        }
        // A time is picked under a question, which is bound to the version that this editor has seen.
        if let Input::Update { what: Update::Press(Press { message: Some((chat, id)), data, .. }), .. } =
            input
            && !matches!(Tap::parse(data), Some(Tap::At(..)))
            && self.above.get(&(*chat, id.0)).is_none_or(|posts| !posts.contains(&print))
        {
            return Err("an approval seals what does not stand above its button".to_owned());
        }
        Ok(print)
    }
}

/// What a post shows, wherever it stands.
pub(crate) fn fingerprint(post: &Post) -> String {
    Post { chat_id: ChatId(0), ..post.clone() }.fingerprint()
}
