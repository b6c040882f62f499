//! The drafts, the history, the state of things.

use super::*;
use crate::ids::ChatId;
use crate::views::{
    ChannelStatus, Draft, Drafts, Frozen, History, LastPost, Level, Published, Status, Trouble, Vitals,
};

pub(super) fn fill(album: &mut Album) {
    queue::fill(album);
    editing::lists(album);
    let draft = |article: u32| Draft {
        article: ArticleId(article),
        version: 1,
        title: "В Таразе открыли мост".to_owned(),
        link: "https://cronos.asia/most".to_owned(),
        rubric: None,
        added_by: By::Bot,
        added_at: now(),
    };
    for (shown, more) in [(0, 0), (1, 0), (2, 0), (2, 3), (2, 19)] {
        say! { album: drafts(&Drafts { drafts: (1..=shown).map(draft).collect(), more }); }
    }
    let post = |article: u32, channel: &str, at: DateTime<Tz>| Published {
        article: ArticleId(article),
        title: "В Таразе открыли мост".to_owned(),
        channel: channel.to_owned(),
        label: channel.to_owned(),
        channel_id: ChatId(-1),
        at,
        message_id: None,
        address: None,
        withdrawn: article == 1,
        now: now(),
    };
    let posts = vec![
        post(2, "Cronos", at(25, 9, 0)),
        post(1, "Cronos", at(24, 18, 0)),
        post(1, "Спорт", at(20, 18, 0)),
    ];
    let in_one_channel = posts.iter().take(2).cloned().collect();
    say! { album:
        history(&History { posts: Vec::new(), more: 0 });
        history(&History { posts: in_one_channel, more: 0 });
        history(&History { posts, more: 21 });
    }
    let channel = |channel: &str, waiting| ChannelStatus {
        channel: channel.to_owned(),
        id: ChatId(-1),
        waiting,
        next: None,
        paused: None,
        in_doubt: None,
        refused: Vec::new(),
    };
    let fixed = |at: DateTime<Tz>| at.fixed_offset();
    let well = Status {
        status: Level::Ok,
        troubles: Vec::new(),
        now: fixed(now()),
        drafts: 0,
        last_post: None,
        frozen: None,
        channels: vec![channel("Central Asia Cronos", 0)],
        vitals: Some(Vitals {
            started: fixed(at(25, 9, 0)),
            last_poll: Some(fixed(now())),
            disk_free_bytes: Some(120 * 1024 * 1024),
            journal_fails: false,
        }),
    };
    let mut ill = channel("Central Asia Cronos", 21);
    ill.paused = Some("Forbidden: bot was kicked from the channel chat".to_owned());
    ill.in_doubt = Some(ArticleId(3));
    ill.refused = numbers(&[5, 7]);
    let ill = Status {
        troubles: vec![Trouble::ClockOff, Trouble::DiskLow],
        drafts: 21,
        last_post: Some(LastPost {
            article: ArticleId(2),
            channel: "Cronos".to_owned(),
            at: fixed(at(24, 18, 0)),
        }),
        channels: vec![ill, channel("Спорт", 2)],
        ..well.clone()
    };
    say! { album:
        desk_status(&well);
        desk_status(&ill);
        desk_status(&Status { frozen: Some(Frozen { by: "Анна".to_owned(), at: fixed(at(25, 14, 2)), why: "траур".to_owned() }), ..well.clone() });
        desk_status(&Status { drafts: 1, channels: vec![channel("Cronos", 5)], vitals: None, ..well.clone() });
    }
}
