//! Looking back: what was found, what came out, who did what; and the shift's summary.

use super::*;
use crate::ids::ChatId;
use crate::views::{Act, ButFor, Found, FoundArticle, Happened, History, Place, Published, TrailView, When};

fn place(channel: &str, fate: Fate) -> Place {
    Place { channel: channel.to_owned(), label: channel.to_owned(), fate }
}

fn findings(album: &mut Album) {
    let article = |number: u32, channels: Vec<Place>| FoundArticle {
        article: ArticleId(number),
        title: "В Таразе открыли мост через Талас".to_owned(),
        link: "https://cronos.asia/most".to_owned(),
        channels,
    };
    let draft = || Fate::Draft { plan: Some(leaving(at(25, 18, 0), 0, None)) };
    let out = Fate::Published {
        by: By::CommandLine,
        at: at(24, 9, 0),
        message_id: None,
        address: None,
        after: None,
    };
    let several = vec![
        article(21, vec![place("Cronos", draft())]),
        article(12, vec![place("Cronos", fate_approved("Анна", leaving(at(25, 18, 0), 0, None)))]),
        article(7, vec![place("Cronos", out.clone()), place("Спорт", draft())]),
    ];
    let of = |articles: Vec<FoundArticle>, more| Found { articles, more, but_for: None };
    let but_for = |count| Some(ButFor { word: "верблюда".to_owned(), count });
    for (of, query) in [
        (of(Vec::new(), 0), "мост «Дружба»"),
        (Found { but_for: but_for(1), ..Found::default() }, "мост верблюда"),
        (Found { but_for: but_for(5), ..Found::default() }, "мост верблюда"),
        (of(several.iter().take(1).cloned().collect(), 0), "мост"),
        (of(several.clone(), 0), "мост"),
        (of(several, 18), "мост"),
    ] {
        say! { album: found(&of, query); }
    }
}

fn histories(album: &mut Album) {
    let post = |article: u32, channel: &str, at: DateTime<Tz>| Published {
        article: ArticleId(article),
        title: "В Таразе открыли мост".to_owned(),
        channel: channel.to_owned(),
        label: channel.to_owned(),
        channel_id: ChatId(-1),
        at,
        message_id: None,
        address: None,
        withdrawn: false,
        now: now(),
    };
    let (day, today) = (at(24, 0, 0).date_naive(), now().date_naive());
    let last_year = chrono::NaiveDate::from_ymd_opt(2025, 12, 31).unwrap();
    let none = History { posts: Vec::new(), more: 0 };
    let one = History { posts: vec![post(2, "Cronos", at(24, 18, 0))], more: 0 };
    let two = History {
        posts: vec![post(2, "Cronos", at(24, 18, 0)), post(1, "Спорт", at(24, 9, 0))],
        more: 19,
    };
    say! { album:
        history_of_day(&none, &day, &today);
        history_of_day(&one, &last_year, &today);
        history_of_day(&two, &day, &today);
        history_of_words(&none, "мост");
        history_of_words(&one, "мост");
        history_of_words(&two, "мост");
    }
}

fn trails(album: &mut Album) {
    let act = |at: DateTime<Tz>, by: Option<&str>, what: Happened| Act {
        at,
        by: by.map(|name| By::Editor(name.to_owned())),
        channel: None,
        what,
    };
    let (anna, boris) = (Some("Анна"), Some("Борис"));
    let tonight = || When::At(at(25, 18, 0));
    let out = |address: Option<&str>, found| Happened::Published {
        id: None,
        address: address.map(str::to_owned),
        found,
    };
    let life = vec![
        act(at(24, 23, 50), anna, Happened::Came),
        act(at(25, 9, 0), boris, Happened::Offered),
        act(at(25, 9, 1), None, Happened::OfferDeclined),
        act(at(25, 9, 1), None, Happened::PictureSet(true)),
        act(at(25, 9, 1), None, Happened::PictureSet(false)),
        act(at(25, 9, 1), anna, Happened::TextForm(true)),
        act(at(25, 9, 1), anna, Happened::TextForm(false)),
        act(at(25, 9, 1), None, Happened::TextInstead),
        act(at(25, 9, 2), anna, Happened::FirstApproved),
        act(at(25, 9, 2), anna, Happened::Excepted),
        act(at(25, 9, 3), anna, Happened::Undone),
        act(at(25, 9, 4), anna, Happened::Mended),
        act(at(25, 9, 5), anna, Happened::Withdrawn(false)),
        act(at(25, 9, 6), None, Happened::Withdrawn(true)),
        act(at(25, 9, 2), boris, Happened::TextReplaced),
        act(at(25, 9, 3), None, Happened::RubricSet(Some("Спорт".to_owned()))),
        act(at(25, 9, 3), None, Happened::RubricSet(None)),
        act(at(25, 9, 4), anna, Happened::Rejected),
        act(at(25, 9, 5), boris, Happened::Restored),
        act(at(25, 10, 0), anna, Happened::Approved(tonight())),
        act(at(25, 10, 1), boris, Happened::Moved(When::At(at(26, 9, 0)))),
        act(at(25, 10, 2), boris, Happened::TakenBack),
        act(at(25, 10, 3), None, Happened::Rendered),
        act(at(25, 10, 4), anna, Happened::Approved(When::Unknown)),
        act(at(25, 10, 5), anna, Happened::Moved(When::AtOnce)),
        act(at(25, 10, 5), None, Happened::NotTaken(1)),
        act(at(25, 10, 9), None, Happened::NotTaken(5)),
        act(at(25, 10, 9), None, Happened::Sent),
        act(at(25, 10, 9), None, Happened::Doubted),
        act(at(25, 10, 9), boris, Happened::CancelWished),
        act(at(25, 10, 12), None, Happened::LookGivenUp),
        act(at(25, 10, 13), anna, Happened::Absent(false)),
        act(at(25, 10, 13), None, Happened::Absent(true)),
        act(at(25, 10, 14), None, Happened::Refused("Bad Request: message is too long".to_owned())),
        act(at(25, 10, 15), anna, Happened::Retried),
        act(at(25, 10, 16), boris, out(None, false)),
        act(at(25, 10, 16), None, out(None, true)),
        act(at(25, 10, 16), None, out(Some("https://t.me/cronos/7"), false)),
        act(at(25, 10, 17), anna, Happened::Dropped),
    ];
    let mut view = TrailView {
        article: ArticleId(12),
        title: "В Таразе открыли мост".to_owned(),
        now: now(),
        first: life,
        left_out: 0,
        last: Vec::new(),
    };
    say! { album: who(&view); }
    view.first.truncate(1);
    view.left_out = 21;
    let in_channel = Act {
        channel: Some("Cronos Спорт".to_owned()),
        by: Some(By::Bot),
        ..act(at(25, 14, 0), None, Happened::TakenBack)
    };
    view.last = vec![in_channel.clone()];
    say! { album: who(&view); }
    // However long the names are, it is one message, and nothing is lost at its end.
    view.last = vec![Act { channel: Some("Очень длинное имя ".repeat(10)), ..in_channel }; 40];
    view.last.push(act(at(25, 14, 5), None, out(None, false)));
    let long = who(&view);
    assert!(long.encode_utf16().count() < 4_096 && long.ends_with("14:05 — вышло"), "{long}");
}

fn shifts(album: &mut Album) {
    let next = |article: u32, channel: Option<&str>, leaves: DateTime<Tz>| NextUp {
        article: ArticleId(article),
        title: "В Таразе открыли мост".to_owned(),
        channel: channel.map(str::to_owned),
        leaves,
        now: now(),
    };
    let quiet = ShiftView {
        frozen: None,
        drafts: 0,
        queued: 0,
        next: Vec::new(),
        in_doubt: Vec::new(),
        refused: Vec::new(),
        paused: Vec::new(),
        until: at(26, 14, 30),
    };
    let one = ShiftView { drafts: 1, queued: 1, next: vec![next(3, None, at(25, 18, 0))], ..quiet.clone() };
    let busy = ShiftView {
        drafts: 5,
        queued: 22,
        next: vec![
            next(3, Some("Cronos"), now()),
            next(4, Some("Берлин (время UTC+1)"), at(25, 18, 0)),
            next(8, Some("Cronos"), at(26, 9, 0)),
        ],
        in_doubt: numbers(&[7]),
        refused: numbers(&[5, 6, 9, 10, 11, 13, 14]),
        paused: vec!["Cronos Спорт".to_owned()],
        ..quiet.clone()
    };
    say! { album:
        shift(&quiet);
        shift(&one);
        shift(&busy);
        shift(&ShiftView { frozen: Some(freeze_line("Анна", &at(25, 14, 2), &now(), "траур")), ..one.clone() });
        shift_is_over();
        newer_shift_below();
    }
}

pub(super) fn fill(album: &mut Album) {
    findings(album);
    histories(album);
    trails(album);
    shifts(album);
}
