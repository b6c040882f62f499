//! Cards, how an article stands, names.

use super::*;
use crate::views::{Fate, Place};

/// The status of an article that goes to two channels.
pub(super) fn in_two_channels() -> String {
    let place = |channel: &str, fate| Place { channel: channel.to_owned(), label: channel.to_owned(), fate };
    status(&[
        place(
            "Central Asia Cronos",
            Fate::Published { by: By::Bot, at: now(), message_id: None, address: None, after: None },
        ),
        place("Берлин (время UTC+1)", fate_approved("Анна", leaving(in_berlin(at(25, 18, 0)), 0, None))),
    ])
}

pub(super) fn fill(album: &mut Album) {
    let view = |fate| CardView {
        second: None,
        freeze: None,
        warnings: Vec::new(),
        article: ArticleId(12),
        added_by: By::Editor("Анна".to_owned()),
        added_at: at(25, 14, 2),
        version: 1,
        rubric: None,
        other_site: None,
        places: vec![Place {
            channel: "Central Asia Cronos".to_owned(),
            label: "Central Asia Cronos".to_owned(),
            fate,
        }],
        text_only: Vec::new(),
        or_text: false,
        picture_failed: Vec::new(),
    };
    for fate in fates("Анна") {
        say! { album: card(&view(fate.clone())); }
    }
    let mut whole = view(fate_approved("Борис", leaving(at(25, 18, 0), 2, None)));
    whole.version = 3;
    whole.rubric = Some(("Спорт".to_owned(), true));
    whole.other_site = Some("akorda.kz".to_owned());
    let berlin = with_zone("Берлин", &in_berlin(now()));
    whole.places.push(Place {
        channel: "Берлин".to_owned(),
        label: berlin,
        fate: fate_approved("Борис", leaving(in_berlin(at(25, 18, 0)), 0, None)),
    });
    say! { album:
        card(&whole);
        warning(&Warning::SameTitle(ArticleId(118)));
        warning(&Warning::StopWords(vec!["эксклюзив".to_owned()]));
        warning(&Warning::StopWords(vec!["эксклюзив".to_owned(), "вброс".to_owned()]));
        warning(&Warning::NoPicture);
        card(&CardView { warnings: vec![Warning::SameTitle(ArticleId(118))], ..whole.clone() });
        card(&CardView { rubric: Some(("Проишествия".to_owned(), false)), ..whole.clone() });
        card(&CardView { text_only: vec!["Берлин (время UTC+1)".to_owned()], ..whole.clone() });
        card(&CardView { text_only: vec!["Central Asia Cronos".to_owned()], ..view(Fate::Draft { plan: None }) });
        card(&CardView { or_text: true, ..view(Fate::Draft { plan: None }) });
        card(&CardView { picture_failed: vec!["Берлин (время UTC+1)".to_owned()], ..whole.clone() });
        card(&CardView { picture_failed: vec!["Central Asia Cronos".to_owned()], ..view(Fate::Sending { by: By::Bot }) });
        with_zone("Катманду", &now().with_timezone(&chrono_tz::Asia::Kathmandu));
        with_zone("Нью-Йорк", &now().with_timezone(&chrono_tz::America::New_York));
        with_zone("Лондон", &now().with_timezone(&chrono_tz::Europe::London));
        status(&[]);
        name_of(&By::CommandLine);
        name_of(&By::Bot);
        COMMAND_LINE;
        BOT;
        person_name("\u{202e}");
        harmless(" Анна\n");
    }
    album.add("status", in_two_channels());
}

pub(super) fn labels(album: &mut Album) {
    use super::label::*;
    say! { album:
        APPROVE;
        AT_ONCE;
        REJECT;
        CANCEL;
        DESPITE_FREEZE;
        RESTORE;
        CAME;
        NOT_CAME;
        NOT_CAME_CANCEL;
        RETRY;
        WITHDRAW;
        RESUME;
        TAKE_TEXT;
        KEEP_TEXT;
        EDIT;
        TITLE;
        WORDS;
        LINK;
        HASHTAGS;
        PICTURE;
        RUBRIC;
        NO_RUBRIC;
        VERSIONS;
        STOP_EDITING;
        version(3);
        WITHOUT_PICTURE;
        OR_TEXT;
        NEVER_AS_TEXT;
        PAGE_PICTURE;
        refresh(1);
        refresh(21);
        time(&at(25, 18, 0), &now(), None);
        time(&at(26, 9, 0), &now(), None);
        time(&at(27, 9, 0), &now(), None);
        time(&at(25, 23, 30), &now(), Some(Aside::Quiet));
        time(&at(25, 23, 30), &now(), Some(Aside::Anyway));
        time(&at(26, 7, 0), &now(), Some(Aside::AfterQuiet));
        time(&at(26, 2, 30), &now(), Some(Aside::BeforeChange));
        time(&at(26, 2, 30), &now(), Some(Aside::AfterChange));
        UP;
        DOWN;
        FIRST;
        UNPIN;
        MORE_TIMES;
        TO_THE_QUEUE;
        BACK;
        FURTHER;
    }
    queue::labels(album);
}
