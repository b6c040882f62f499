//! What holds for any input at all: no panic, a post or a word with a cure, and never silence.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use chrono::DateTime;
use proptest::prelude::*;
use vestnik::article::{self, Article, Cleaning, Link};
use vestnik::config::Config;
use vestnik::ids::{MessageId, UserId};
use vestnik::newsroom::{
    Attachment, Document, Event, Input, Line, Message, Newsroom, Now, Person, Rules, State, Update,
};
use vestnik::post::{Limit, utf16_len};
use vestnik::words;

const EDITOR: UserId = UserId(101);

fn rules() -> Rules {
    let settings = "[desk]\neditors = [101]\n[[channels]]\nid = -1001\nname = \"Канал\"\n";
    let config = Config::parse(settings, "bot.toml", Path::new("")).unwrap();
    config.into_rules("vestnik_bot".to_owned(), |_| None)
}

fn now() -> Now {
    Now { utc: DateTime::UNIX_EPOCH, mono: Duration::ZERO }
}

/// The newsroom after an input, and what came of it.
fn after(newsroom: &mut Newsroom, input: &Input) -> Vec<Event> {
    let events = newsroom.decide(input, now()).events;
    let line = (!events.is_empty()).then(|| Line {
        v: Line::VERSION,
        seq: newsroom.state().seq + 1,
        at: now().utc,
        cause: input.cause(),
        events: events.clone(),
    });
    if let Some(line) = &line {
        let written = serde_json::to_string(line).unwrap();
        assert_eq!(&serde_json::from_str::<Line>(&written).unwrap(), line, "what is written is read again");
    }
    newsroom.apply(input, line.as_ref(), now());
    events
}

fn message(text: &str) -> Message {
    Message::private(Person { id: EDITOR, name: "Анна".to_owned() }, MessageId(1), text)
}

fn update(id: u32, message: Message) -> Input {
    Input::Update { id, what: Update::Message(message) }
}

/// Whether the editor sees something happen.
fn is_heard(events: &[Event]) -> bool {
    events.iter().any(|event| {
        matches!(event, Event::NoteOwed { .. } | Event::Drafted { .. } | Event::CardWanted { .. })
    })
}

/// Whether words in Russian say what to do.
fn has_cure(words: &str) -> bool {
    ["ришлите", "копируйте"].iter().any(|cure| words.contains(cure))
}

/// Pieces of what editors send, for better and for worse.
static PIECES: &[&str] = &[
    "Мост открыт",
    "\n",
    "\n\n",
    "\r",
    " ",
    ". ",
    "Его ждали.",
    "https://cronos.asia/x",
    "http://",
    "https://a.kz?utm_a=1#b",
    "www.",
    "Рубрика: ",
    "Фото: ",
    "Cronos Asia",
    "Читайте также",
    "<script>",
    "</script>",
    "<p>",
    "<b",
    "&nbsp;",
    "&#0;",
    "\u{0}",
    "\u{202e}",
    "\u{200b}",
    "\u{301}",
    "\u{feff}",
    "🌉",
    "👨\u{200d}👩",
    "«",
    "»",
    "/",
    "/approve 1",
    "@vestnik_bot",
    "{{ title }}",
    "{%",
    "\u{2800}",
    "\u{30a}",
    "\u{333}",
    "|",
    "—",
    ", сообщает cronos.asia",
    "\u{fffd}",
    "\u{e000}",
    "(",
    "-",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => text().prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..300),
        1 => text().prop_map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ]
}

fn attachment() -> impl Strategy<Value = Option<Attachment>> {
    prop::option::of(prop::sample::select(vec![Attachment::Video, Attachment::Sound, Attachment::Place]))
}

static RULES: LazyLock<Rules> = LazyLock::new(rules);

proptest! {
    #[test]
    fn any_bytes_become_a_post_or_a_word_with_a_cure(bytes in bytes()) {
        let text = match article::decode(&bytes) {
            Ok(text) => text,
            Err(error) => {
                prop_assert!(has_cure(&words::not_text("a.txt", &error)) && error.to_string().contains(": "), "{error}");
                return Ok(());
            }
        };
        match Article::read(&text, &Cleaning::default()) {
            Ok(article) => {
                let post = RULES.post(&RULES.channels[0], &article, &Link::parse("https://cronos.asia/x").unwrap());
                let post = post.unwrap_or_else(|error| panic!("{article:?}: {error}"));
                prop_assert!(utf16_len(&post.text) <= Limit::Text.units_max());
                prop_assert!(!post.text.contains(|c: char| c.is_control() && c != '\n'), "{:?}", post.text);
            }
            Err(error) => {
                prop_assert!(has_cure(&words::unreadable(&error)) && error.to_string().contains(": "), "{error}");
            }
        }
    }

    #[test]
    fn what_was_read_reads_the_same_again(text in text()) {
        let read = |text: &str| Article::read(text, &Cleaning::default());
        // Markup and entities aside: what they stood for is not to be read as markup anew.
        if let Ok(article) = read(&text) && !text.contains(['<', '&']) {
            let again = format!("{}\n\n{}", article.title, article.paragraphs.join("\n"));
            if let Ok(again) = read(&again) {
                prop_assert_eq!(again.title, article.title);
            }
        }
    }

    #[test]
    fn any_string_is_a_link_or_a_word_with_a_cure(address in text()) {
        match Link::parse(&address) {
            Ok(link) => prop_assert_eq!(Link::parse(link.as_str()).unwrap().key(), link.key()),
            Err(error) => {
                prop_assert!(has_cure(&words::bad_link(&error, false)) && error.to_string().contains(": "), "{error}");
            }
        }
    }

    #[test]
    fn no_message_of_an_editor_meets_silence(messages in prop::collection::vec((text(), attachment()), 1..5)) {
        let mut newsroom = Newsroom::new(State::default(), rules());
        for (id, (text, attachment)) in (1..).zip(messages) {
            let input = update(id, Message { attachment, ..message(&text) });
            let events = after(&mut newsroom, &input);
            prop_assert!(is_heard(&events), "{text:?}");
        }
    }

    #[test]
    fn no_file_with_any_caption_meets_silence(bytes in bytes(), caption in text(), name in any::<String>(), image in any::<bool>()) {
        let mut newsroom = Newsroom::new(State::default(), rules());
        let document = Document { file_id: "f".to_owned(), name, size: bytes.len() as u64, image };
        let input = update(1, Message { document: Some(document), ..message(&caption) });
        let events = after(&mut newsroom, &input);
        let owed = events.iter().find_map(|event| match event {
            Event::FetchOwed { fetch, .. } => Some(*fetch),
            _ => None,
        });
        // The words of a picture may be a command.
        let Some(fetch) = owed else {
            prop_assert!(image && is_heard(&events), "{caption:?}");
            return Ok(());
        };
        let fetched = Input::Fetched { fetch, file: Ok(bytes) };
        prop_assert!(is_heard(&after(&mut newsroom, &fetched)));
        prop_assert!(newsroom.state().fetches.is_empty());
        // The next one goes on.
        let good = update(2, message("Мост\n\nЕго ждали.\n\nhttps://cronos.asia/good"));
        let drafted = after(&mut newsroom, &good);
        prop_assert!(drafted.iter().any(|event| matches!(event, Event::Drafted { .. })), "{drafted:?}");
    }
}
