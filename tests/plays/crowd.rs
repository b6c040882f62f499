//! Many editors and many drafts, on the heart alone: no storm of messages, and what stands in the end is the newest.

use std::collections::BTreeMap;
use std::time::Duration;

use vestnik::article::{Article, Cleaning, Link};
use vestnik::ids::{ArticleId, ChatId, MessageId};
use vestnik::newsroom::{Act, Content, Delivery, Effect, Input, Order, Owed, Piece};

use crate::heart::{Bench, config};

const EDITORS: usize = 20;
const DRAFTS: u32 = 50;

/// What stands in the editors' chats: which message shows which piece of which card, and its words.
#[derive(Default)]
struct Chats {
    shown: BTreeMap<(ChatId, ArticleId, Piece), (MessageId, String)>,
    new: usize,
    edits: usize,
    last: i32,
    /// When each chat got something, in milliseconds.
    times: BTreeMap<ChatId, Vec<u128>>,
}

impl Chats {
    /// Carries out all that is owed, at the pace that the heart keeps, until nothing is.
    fn settle(&mut self, bench: &mut Bench) {
        loop {
            let dues = bench.heart.owed(bench.now());
            let mut told = Vec::new();
            for effect in dues.effects {
                let Effect::Tell { what, chat, edit, content, .. } = effect else { continue };
                let words = match content {
                    Content::Words { text, buttons } => format!("{text}{buttons:?}"),
                    Content::Post(post) => post.text,
                    other => panic!("{other:?}"),
                };
                self.times.entry(chat).or_default().push(bench.mono.as_millis());
                let id = edit.unwrap_or_else(|| {
                    self.last += 1;
                    MessageId(self.last)
                });
                *(if edit.is_some() { &mut self.edits } else { &mut self.new }) += 1;
                if let Owed::Card { article, piece, .. } = &what {
                    self.shown.insert((chat, *article, *piece), (id, words));
                }
                told.push((what, chat, id));
            }
            let wake_in = dues.wake_in.unwrap();
            if told.is_empty() && wake_in > Duration::from_secs(30) {
                return;
            }
            bench.mono += Duration::from_millis(40).min(wake_in);
            for (what, chat, id) in told {
                bench.takes(&Input::Told { what, chat, delivery: Delivery::Done(id) });
            }
        }
    }
}

#[test]
fn twenty_editors_and_fifty_drafts_make_no_storm_and_the_newest_state_wins() {
    let editors: Vec<String> = (1..=EDITORS).map(|n| (100 + n).to_string()).collect();
    let mut bench = Bench::started(config(&format!(
        "[desk]\neditors = [{}]\n[[channels]]\nid = -1001000000001\nname = \"Канал\"\nslots = [\"daily every 30m 08:00-22:00\"]\n",
        editors.join(", ")
    )));
    for n in 1..=DRAFTS {
        let text = format!("Новость {n}\n\nВ городе случилось событие. Подробности уточняются.");
        let text = Article::read(&text, &Cleaning::default()).unwrap();
        let link = Link::parse(&format!("https://cronos.asia/{n}")).unwrap();
        bench.takes(&Input::Order(Order::Add { text, link, rubric: None }));
    }
    let mut chats = Chats::default();
    chats.settle(&mut bench);
    let pieces = 2 * DRAFTS as usize * EDITORS;
    assert_eq!((chats.shown.len(), chats.new), (pieces, pieces), "each editor has each card, once");
    assert!(chats.edits <= pieces / 10, "{} changes of cards that nobody touched", chats.edits);

    // All are approved within a moment: each approval moves the times that the others' cards tell.
    chats.edits = 0;
    for n in 1..=DRAFTS {
        let order = Order::Act { article: ArticleId(n), version: None, act: Act::Approve };
        bench.takes(&Input::Order(order));
    }
    chats.settle(&mut bench);
    let cards = DRAFTS as usize * EDITORS;
    assert_eq!(chats.new, pieces, "cards change where they stand");
    assert!((cards..=cards * 3 / 2).contains(&chats.edits), "{} changes of {cards} cards", chats.edits);
    for ((_, article, piece), (_, words)) in &chats.shown {
        assert!(*piece != Piece::Service || words.contains("одобрено"), "№{article}: {words}");
    }
    for n in 1..=DRAFTS {
        let mut of_all = chats
            .shown
            .iter()
            .filter(|((_, article, piece), _)| *article == ArticleId(n) && *piece == Piece::Service);
        let first = &of_all.next().unwrap().1.1;
        assert!(of_all.all(|(_, (_, words))| words == first), "№{n} reads alike everywhere");
    }
    let densest = chats.times.values().flat_map(|times| times.windows(2).map(|pair| pair[1] - pair[0])).min();
    assert!(densest >= Some(1000), "no chat gets two messages within a second: {densest:?}");
}
