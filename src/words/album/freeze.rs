//! A freeze, from beginning to end.

use super::*;

pub(super) fn fill(album: &mut Album) {
    let (article, by, why) = (ArticleId(12), "Анна", "траур, ждём распоряжения");
    let one = numbers(&[3]);
    let several = numbers(&[3, 5]);
    say! { album:
        freeze_line(by, &at(25, 14, 2), &now(), why);
        freeze_line(by, &at(24, 23, 40), &now(), "");
        frozen(by, why, &[]);
        frozen(by, "", &one);
        frozen_by_you(why, &[]);
        frozen_by_you("", &several);
        is_frozen_already(by, &at(25, 14, 2), why);
        is_not_frozen();
        thawed(by);
        thawed_by_you(0);
        thawed_by_you(1);
        thawed_by_you(2);
        thawed_by_you(5);
        is_not_held(article);
        excepted(article, by);
        excepted_by_you(article);
    }
    for articles in [&one, &several] {
        say! { album: brought_back(articles, &BroughtBack::Frozen); }
    }
}
