//! What is said of posts that are out.

use super::*;
use crate::article::Part;

pub(super) fn fill(album: &mut Album) {
    let Names { article, editor, channel, other } = USUAL;
    let one = [channel.to_owned()];
    let two = [channel.to_owned(), other.to_owned()];
    let address = "https://t.me/cronos/7";
    let title = "Через Сырдарью открыли новый мост";
    say! { album:
        CORRECTED;
        WITHDRAWN_NOTICE;
        new_text_wanted(article);
        edit_question(article, &one, false);
        edit_question(article, &two, true);
        too_long_for_a_caption(article, channel, 1100);
        nothing_to_mend(article);
        withdrawal_question(article, title, &one, &[], false);
        withdrawal_question(article, title, &one, &one, true);
        withdrawal_question(article, title, &two, &one, false);
        edit_noted(article);
        withdrawal_noted(article);
        edit_is_the_draft(article, &[Part::Title], editor);
        edit_is_the_draft(article, &[Part::Title, Part::Words, Part::Link], editor);
        not_out_yet(article, "черновик");
        is_withdrawn(article);
        post_is_not_known(article);
        post_found(article, channel);
        amendment_under_way(article);
        waits_with_the_old_text(article, &two);
        mended(article, channel, editor, address);
        withdrawn(article, channel, editor);
        replaced_by_notice(article, channel, editor);
        gone_by_hand(article, channel);
        changed_by_hand(article, channel, false, address);
        changed_by_hand(article, channel, true, address);
        can_not_look(article, channel, false, address);
        can_not_look(article, channel, true, address);
        amendment_refused(article, channel, false, "Bad Request: message can't be edited", address);
        amendment_refused(article, channel, true, "Bad Request: message can't be deleted", address);
        amendment_refused(article, channel, false, "Bad Request: WALL_TOO_HIGH", address);
        refusal_after("Bad Request: there is no text in the message to edit");
    }
    use super::label::*;
    say! { album:
        MEND;
        MEND_MARKED;
        LEAVE_AS_IS;
        UNPUBLISH;
        MEND_ANYWAY;
        UNPUBLISH_ANYWAY;
        SEEN_MEND;
        SEEN_UNPUBLISH;
        TRY_AGAIN;
    }
}
