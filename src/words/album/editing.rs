//! Editing, versions, acts taken back.

use super::*;
use crate::article::{BadHashtag, Part, ReadError};

/// What is said to messages.
pub(super) fn fill(album: &mut Album) {
    let (article, by) = (ArticleId(12), "Анна");
    for part in [Part::Title, Part::Link, Part::Hashtags, Part::Rubric, Part::Picture] {
        album.add("ask_for", ask_for(article, part, "Мост открыт").text);
    }
    album.add("ask_for", ask_for(article, Part::Words, "").text);
    album.add("ask_for", ask_for(article, Part::Hashtags, "").text);
    say! { album:
        what_to_edit(article);
        picture_comes_as_photo(article);
        which_rubric(article, None);
        which_rubric(article, Some("Спорт"));
        edited_by(article, &[Part::Title], by);
        is_it_a_remark(article);
        edit_is_overtaken(article, by);
        title_is_one_line();
        bad_title(&ReadError::TitleTooLong { length: 4_096 });
        bad_title(&ReadError::Empty);
        edit_is_empty();
        bad_hashtags(&BadHashtag::Word("#а-б".to_owned()));
        bad_hashtags(&BadHashtag::TooMany(31));
        nothing_to_undo();
        undo_is_late(article, "отправляется");
        undo_after_other(article, "Борис", "черновик");
        not_undoable(article);
        undo_place_is_gone(article);
        undone_edit(article, &[Part::Title], false);
        undone_edit(article, &[Part::Title, Part::Words], true);
        undone_rejection(article);
        undone_approval(article);
        undone_move(article);
        undone_moves();
        undone_cancel(article);
        USUAL_HASHTAGS;
    }
}

/// The list of versions.
pub(super) fn lists(album: &mut Album) {
    let (article, by) = (ArticleId(12), "Анна");
    let line = |number, title: &str, changed| VersionLine {
        number,
        by: by.to_owned(),
        at: now(),
        title: title.to_owned(),
        changed,
    };
    let lines = [
        line(4, "Мост открыт", Some(vec![Part::Title, Part::Words, Part::Link])),
        line(3, "Мост", Some(vec![Part::Hashtags])),
        line(1, "Мост", None),
    ];
    album.add("versions", versions(article, &lines, 0));
    album.add("versions", versions(article, &lines, 2));
}

/// What presses are answered with (`newsroom/editing.rs`, `newsroom/versions.rs`).
pub(super) fn to_presses(album: &mut Album, article: ArticleId) {
    for parts in [
        &[Part::Title][..],
        &[Part::Words],
        &[Part::Link],
        &[Part::Hashtags],
        &[Part::Rubric],
        &[Part::Picture],
        &Part::ALL,
    ] {
        say! { album:
            edited(article, parts, false);
            edited(article, parts, true);
        }
    }
    say! { album:
        edit_of_rejected(article);
        nothing_edited(article);
        link_is_anothers(article, ArticleId(13));
        look_below();
        editing_stopped(article);
        nothing_awaited();
        no_rubrics();
        only_version(article);
    }
}
