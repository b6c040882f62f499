//! The queue as a plan by day, its buttons that name something, the keyboard, and what wants an eye.

use super::*;

fn line(article: u32, title: &str, leaves: DateTime<Tz>, standing: Standing) -> QueueLine {
    QueueLine {
        article: ArticleId(article),
        title: title.to_owned(),
        channel: None,
        leaves,
        is_due: leaves <= now(),
        is_held: false,
        standing,
        is_chosen: false,
    }
}

fn page(lines: Vec<QueueLine>, states: Vec<ChannelState>) -> QueuePage {
    let total = lines.len();
    QueuePage { now: now(), states, lines, page: 0, pages: 1, total }
}

fn state(channel: Option<&str>) -> ChannelState {
    let channel = channel.map(ToOwned::to_owned);
    ChannelState { channel, is_paused: false, in_doubt: None, sending: None }
}

pub(super) fn fill(album: &mut Album) {
    let full = vec![
        line(9, "Землетрясение в Алматы", now(), Standing::Urgent),
        line(3, "В Таразе открыли мост", at(25, 18, 0), Standing::Queued),
        line(5, "Библиотека начала выдавать книги ночью", at(25, 19, 15), Standing::Pinned),
        line(7, &"Слово ".repeat(40), at(26, 9, 0), Standing::Queued),
        line(8, "Дождь", at(30, 9, 0), Standing::Queued),
    ];
    let mut chosen = full.clone();
    chosen[1].is_chosen = true;
    let mut held = full.clone();
    held.truncate(2);
    held[0].is_held = true;
    let several =
        |channel: &str, line: &QueueLine| QueueLine { channel: Some(channel.to_owned()), ..line.clone() };
    let berlin = with_zone("Берлин", &in_berlin(now()));
    let late = line(7, "Дождь", in_berlin(at(26, 2, 0)), Standing::Queued);
    let two = vec![several("Новости", &full[1]), several(&berlin, &late)];
    let paused = ChannelState { is_paused: true, ..state(None) };
    let asked = ChannelState { in_doubt: Some(ArticleId(2)), ..state(Some("Новости")) };
    let sending = ChannelState { sending: Some(ArticleId(2)), ..state(Some("Берлин")) };
    let sends = ChannelState { sending: Some(ArticleId(2)), ..state(None) };
    let second = QueuePage { page: 1, pages: 3, total: 21, ..page(full.clone(), Vec::new()) };
    say! { album:
        queue_page(&page(Vec::new(), Vec::new()));
        queue_page(&page(full, Vec::new()));
        queue_page(&page(chosen, Vec::new()));
        queue_page(&page(held, vec![paused]));
        queue_page(&page(two, vec![asked, sending]));
        queue_page(&page(Vec::new(), vec![sends]));
        queue_page(&second);
    }
}

pub(super) fn labels(album: &mut Album) {
    use super::label::{number, pin};
    say! { album:
        number(ArticleId(12), None);
        number(ArticleId(12), Some("Central Asia Cronos. Новости Узбекистана"));
        pin(&at(25, 18, 0));
    }
    for time in [at(25, 18, 0), at(26, 9, 0), at(27, 9, 0), at(30, 12, 30)] {
        album.add("short_time", super::label::short_time(&time, &now()));
    }
    album.add("keyboard", keyboard().concat().join("\n"));
    let commands = keyboard().concat().into_iter().filter_map(command_of_key);
    album.add(
        "command_of_key",
        commands.map(|name| format!("/{}", name.word())).collect::<Vec<_>>().join(" "),
    );
}

pub(super) fn notices(album: &mut Album) {
    let draft = |article: u32| WaitingDraft {
        article: ArticleId(article),
        title: "В Таразе открыли мост".to_owned(),
    };
    let (one, two) = ([draft(3)], [draft(3), draft(5)]);
    let (tonight, hours) = (at(25, 15, 0), TimeDelta::hours(2));
    say! { album:
        drafts_wait(&one, 0, hours);
        drafts_wait(&two, 0, hours);
        drafts_wait(&two, 19, TimeDelta::minutes(90));
        slot_is_empty(None, &tonight, &now(), &[], 0);
        slot_is_empty(None, &tonight, &now(), &one, 0);
        slot_is_empty(Some("Central Asia Cronos"), &at(26, 9, 0), &now(), &two, 3);
        disk_is_low(120 * 1024 * 1024 + 1);
        disk_has_room();
    }
}
