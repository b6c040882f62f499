//! What presses are answered with.

use std::time::Duration;

use super::*;
use crate::article::Part;
use crate::ids::ChatId;
use crate::views::{Hold, Leaving, Place};

/// What presses are answered with (`newsroom/press.rs`, `newsroom/acts.rs`).
pub(super) fn to_presses(names: &Names<'_>) -> Album {
    let &Names { article, editor, channel, other } = names;
    let mut album = Album::default();
    let tonight = leaving(at(25, 18, 0), 0, None);
    let later = leaving(in_berlin(at(25, 18, 0)), 10, None);
    let other_zone = with_zone(other, &in_berlin(now()));
    let one = [(None, tonight)];
    let elsewhere = [(Some(other_zone.clone()), later)];
    let two = [(Some(channel.to_owned()), tonight), (Some(other_zone.clone()), later)];
    let six: Vec<(Option<String>, Leaving)> = (1..=6)
        .map(|number| (Some(format!("{channel} {number}")), leaving(at(29, 18, 0), number, None)))
        .collect();
    let at_once = [(None, leaving(now(), 0, None))];
    let paused = [(None, leaving(now(), 0, Some(Hold::Paused)))];
    let asked = [(None, leaving(now(), 0, Some(Hold::Question(ArticleId(3)))))];
    for channels in [&[][..], &one, &elsewhere, &at_once, &paused, &asked, &two, &six] {
        say! { album: approved(article, channels); }
    }
    for channels in [&[][..], &one, &at_once, &two, &six] {
        say! { album: moved(article, channels); }
    }
    let friday = [(None, leaving(at(27, 9, 0), 0, None))];
    for channels in [&[][..], &friday, &one, &elsewhere, &at_once, &paused, &two, &six] {
        say! { album: approved_for(article, channels); }
    }
    for channels in [&[][..], &friday, &two, &six] {
        say! { album: moved_to(article, channels); }
    }
    say! { album:
        time_has_passed(article);
        rejected(article, false);
        rejected(article, true);
        dropped(article, &[channel.to_owned()]);
        dropped(article, &[channel.to_owned(), other.to_owned()]);
        is_rejected(article, editor, now());
        cancelled(article);
        restored(article);
        excepted_by_you(article);
        quiet_hours_last(article);
        is_not_held(article);
        cancel_noted(article);
        not_to_be_rejected_now(article);
        card_is_stale(article);
        post_is_not_shown(article);
        no_such(article);
        only_editors();
        editors_matter();
        chiefs_matter();
        own_work(article);
        first_word_noted(article, true);
        dead_button();
        text_replaced(article, false, false);
        text_replaced(article, true, false);
        text_replaced(article, false, true);
        text_kept(article);
        offer_is_over(article);
        text_is_out(article);
        text_is_under_way(article);
        part_noted(article, &[Part::Rubric]);
        part_noted(article, &[Part::Title, Part::Words, Part::Link, Part::Hashtags, Part::Rubric]);
        too_early(Duration::from_millis(20_500));
        too_early(Duration::from_secs(2));
        too_early(Duration::from_secs(60));
        settled_as_published(article);
        settled_as_absent(article, None);
        settled_as_absent(article, Some(editor));
        queue_has_changed();
        not_in_the_queue(article);
        question_is_over(article, "");
        sent_again(article);
        channel_resumed();
        channel_not_paused();
        refreshed(1);
        refreshed(2);
        refreshed(5);
        refreshed(21);
        nothing_to_refresh();
        amendment_is_over(article);
        being_mended(article);
        being_withdrawn(article);
        left_as_is(article);
        tries_again(article);
        picture_removed(article, false);
        picture_removed(article, true);
        picture_stays(article, false);
        no_picture_now(article, true);
        no_picture_now(article, false);
        has_a_picture(article);
        page_will_be_read(article);
        page_is_being_read(article);
        text_form_chosen(article, true);
        text_form_chosen(article, false);
        brought_back(&[article], &BroughtBack::Gone(ChatId(-1_001_234_567_890)));
        brought_back(&[article], &BroughtBack::Replaced("cronos_central_asia_news".to_owned()));
    }
    for error in compose_errors() {
        say! { album: no_post(channel, &error); }
    }
    let mut told: Vec<String> = Vec::new();
    for fate in fates(editor) {
        let status = status(&[Place { channel: channel.to_owned(), label: channel.to_owned(), fate }]);
        if !told.contains(&status) {
            told.push(status);
        }
    }
    editing::to_presses(&mut album, article);
    for status in &told {
        say! { album:
            already(article, status);
            nothing_to_cancel(article, status);
            question_is_over(article, status);
        }
    }
    album
}
