//! Who may do what.

use super::*;

pub(super) fn fill(album: &mut Album) {
    let (article, by) = (ArticleId(12), "Анна");
    say! { album:
        editors_matter();
        chiefs_matter();
        own_work(article);
        first_word_noted(article, false);
        first_word_noted(article, true);
        second_wanted(article, by);
        second_line(by, &at(25, 14, 2));
    }
}
