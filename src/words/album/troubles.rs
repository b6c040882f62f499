//! What goes wrong, and what is said of it.

use super::*;
use crate::ids::ChatId;

pub(super) fn fill(album: &mut Album) {
    let (article, channel) = (ArticleId(12), "Central Asia Cronos");
    let opens = now() + TimeDelta::minutes(1);
    let one = ["https://t.me/c/1234567890/45".to_owned()];
    let two = [one[0].clone(), "https://t.me/c/1234567890/46".to_owned()];
    say! { album:
        in_doubt(article, channel, opens, false);
        in_doubt(article, channel, opens, true);
        look_given_up(article, channel, &Unsure::Nearly(vec![45]), &one, Some(Seen { from: 41, to: 65, others: 3 }), None, false);
        look_given_up(article, channel, &Unsure::Nearly(vec![45, 46]), &two, Some(Seen { from: 41, to: 66, others: 2 }), None, true);
        look_given_up(article, channel, &Unsure::NoControl, &[], Some(Seen { from: 41, to: 60, others: 0 }), None, false);
        look_given_up(article, channel, &Unsure::Blind { why: "Forbidden".to_owned() }, &[], None, Some(opens), false);
        post_noted(channel);
        stands_already(article, channel, "https://t.me/c/1234567890/45");
        doubt_settled(article, true, "Анна");
        doubt_settled(article, false, "Анна");
        channel_works_again(channel, "Анна");
    }
    for why in [
        "Bad Request: chat not found",
        "Forbidden: bot was kicked from the channel chat",
        "Forbidden: bot is not a member of the channel chat",
        "Bad Request: CHANNEL_PRIVATE",
        "Bad Request: need administrator rights in the channel chat",
        "Bad Request: message is too long",
        "Bad Request: message text is empty",
        "a link is no address",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "the picture's file is missing",
        "Bad Request: WALL_TOO_HIGH",
    ] {
        say! { album: refusal(why); }
    }
    say! { album:
        post_refused(article, channel, "Bad Request: message is too long");
        post_refused(article, channel, "Bad Request: WALL_TOO_HIGH");
        channel_refuses(channel, "Bad Request: chat not found");
        channel_refuses(channel, "Bad Request: WALL_TOO_HIGH");
        group_is_closed("Bad Request: chat not found");
        group_is_closed("Forbidden: bot was kicked from the supergroup chat");
        group_is_closed("Bad Request: not enough rights to send text messages to the chat");
        group_is_closed("the group has become the supergroup -1001234567890");
        group_is_closed("Bad Request: WALL_TOO_HIGH");
        group_has_moved(ChatId(-1_001_234_567_890));
        clock_is_off(TimeDelta::seconds(3_600));
        clock_is_off(TimeDelta::seconds(-121));
        clock_is_right();
    }
    for why in [
        "the picture's file is missing",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: WALL_TOO_HIGH",
    ] {
        say! { album:
            picture_not_shown(article, why);
            goes_as_text(article, channel, why);
        }
    }
    let many: Vec<u32> = (1..=21).collect();
    let one_mark = vec!["18+".to_owned()];
    let two_marks = vec!["18+".to_owned(), "Реклама.\nТОО «Ромашка»".to_owned()];
    for articles in [&[3][..], &[3, 5], &[3, 5, 7, 8, 9], &many] {
        let articles = numbers(articles);
        say! { album: settings_changed(&articles); }
        if articles.len() > 2 {
            say! { album: brought_back(&articles, &BroughtBack::Stale { hours: 24 }); }
            continue;
        }
        for why in [
            BroughtBack::Gone(ChatId(-1_001_234_567_890)),
            BroughtBack::Replaced("cronos".to_owned()),
            BroughtBack::Marks(one_mark.clone()),
            BroughtBack::Marks(two_marks.clone()),
            BroughtBack::WrongClock,
            BroughtBack::Stale { hours: 24 },
            BroughtBack::Stale { hours: 1 },
            BroughtBack::Stale { hours: 54 },
        ] {
            say! { album: brought_back(&articles, &why); }
        }
    }
    for error in compose_errors() {
        say! { album: no_post_any_more(article, channel, &error); }
    }
    say! { album:
        past_is_lost(false, at(24, 23, 40), &[], &[]);
        past_is_lost(false, at(24, 23, 40), &numbers(&[3, 5]), &numbers(&[7]));
        past_is_lost(true, at(24, 23, 40), &numbers(&[3]), &[]);
        within_one_message("коротко".to_owned());
        within_one_answer("коротко");
    }
    queue::notices(album);
}
