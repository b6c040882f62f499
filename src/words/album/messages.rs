//! What messages are answered with.

use super::cards::in_two_channels;
use super::*;
use crate::article::{DecodeError, Kind, Link, LinkError, PageError, PageTarget, PictureError, ReadError};
use crate::ids::UserId;
use crate::russian::Doubt;

pub(super) fn fill(album: &mut Album) {
    let article = ArticleId(12);
    let title = "«Кайрат» выиграл у «Астаны» и вышел в финал";
    let long_title = "Очень длинный заголовок, который не кончается. ".repeat(4);
    let two = in_two_channels();
    say! { album:
        stranger(UserId(123_456_789));
        hello("Анна");
        help();
        unknown_command("погода", None, None);
        unknown_command("aprove", Some(CommandName::Approve), Some(article));
        unknown_command("очередь", Some(CommandName::Queue), None);
        what_to_find();
        forwarded_command();
        which_time(article, None, WhyAsked::Unnamed, true, false);
        which_time(article, Some("22:00"), WhyAsked::Quiet, true, false);
        which_time(article, None, WhyAsked::QuietNow, true, false);
        which_time(article, Some("в 7"), WhyAsked::Doubt(Doubt::Readings), true, false);
        which_time(article, Some("в 7"), WhyAsked::Doubt(Doubt::Readings), true, true);
        which_time(article, Some("в пятницу, 26 ноября"), WhyAsked::Doubt(Doubt::WrongWeekday), true, false);
        which_time(article, Some("послезавтра"), WhyAsked::Doubt(Doubt::NoTime), true, false);
        which_time(article, Some("сегодня 9:00"), WhyAsked::Doubt(Doubt::Passed), true, false);
        which_time(article, Some("2026-01-01T09:00:00Z"), WhyAsked::Doubt(Doubt::Passed), false, false);
        which_time(article, Some("2:30"), WhyAsked::Doubt(Doubt::Skipped), true, false);
        which_time(article, Some("2:30"), WhyAsked::Doubt(Doubt::Repeated), true, false);
        time_not_understood(article, "в пятницу после обеда");
        time_not_understood(article, &"поздно ".repeat(20));
        time_too_far(article);
        file_too_large(2 * 1024 * 1024);
        file_is_gone("most.txt");
        file_is_gone("");
    }
    let of_all = |told: fn(CommandName) -> &'static str| CommandName::ALL.map(told).join("\n");
    album.add("word", of_all(CommandName::word));
    album.add("example", of_all(CommandName::example));
    album.add("about", of_all(CommandName::about));
    for name in CommandName::ALL.into_iter().filter(|name| name.takes_number()) {
        say! { album: number_wanted(name); }
    }
    let kinds = [
        Kind::Document,
        Kind::Pdf,
        Kind::Table,
        Kind::Picture,
        Kind::Recording,
        Kind::Archive,
        Kind::Unknown,
    ];
    for error in kinds
        .map(DecodeError::NotText)
        .into_iter()
        .chain([DecodeError::CutShort, DecodeError::UnknownEncoding])
    {
        say! { album: not_text("статья «Мост».doc", &error); }
    }
    say! { album: not_text("", &DecodeError::NotText(Kind::Unknown)); }
    for error in [
        ReadError::Empty,
        ReadError::OnlyBoilerplate,
        ReadError::NoBody { title: title.to_owned() },
        ReadError::NoBody { title: long_title.clone() },
        ReadError::TitleTooLong { length: 1_001 },
        ReadError::OpenCode { tag: "script" },
        ReadError::BodyTooLong { length: 200_001 },
    ] {
        say! { album: unreadable(&error); }
    }
    say! { album:
        text_wanted();
        where_is_it("Мост открыт", None);
        where_is_it(title, None);
        where_is_it(title, Some("Мост открыт"));
        not_a_link("спасибо");
    }
    for error in [
        LinkError::Empty,
        LinkError::TooLong { length: 2_049 },
        LinkError::BadCharacter(' '),
        LinkError::NoScheme,
        LinkError::WrongScheme("mailto".to_owned()),
        LinkError::WrongHost("localhost".to_owned()),
        LinkError::Credentials,
        Link::parse("https://cronos.asia:99999/").unwrap_err(),
    ] {
        say! { album: bad_link(&error, true); }
    }
    say! { album:
        bad_link(&LinkError::NoScheme, false);
        not_seen_yet(article);
        changed_since_seen(article);
        rubric_wanted(article, None, &["Политика", "Спорт"]);
        rubric_wanted(article, Some("Спорт"), &["Политика", "Спорт"]);
        rubric_wanted(article, None, &[]);
        unknown_rubric(article, "Шахматы", &["Политика", "Спорт"]);
        unknown_rubric(article, "Шахматы", &[]);
        no_rubric_now(article);
        rubric_stays(article, Some("Спорт"));
        rubric_stays(article, None);
        rubric_set(article, Some("Спорт"), false);
        rubric_set(article, Some("Спорт"), true);
        rubric_set(article, None, true);
        taken_to_the_desk(article);
        already_here(article, "черновик");
        already_here(article, &two);
        other_text_offered(article, "черновик", title);
        other_text_offered(article, &two, title);
        already(article, &two);
        nothing_to_cancel(article, &two);
        cancelled_after_all(article, "Анна");
        came_out_before_cancel(article, "Central Asia Cronos");
        could_not_handle();
        newer_card_below(article);
        only_text_and_files();
    }
    for error in [
        PictureError::NotAPicture,
        PictureError::OtherFormat,
        PictureError::Unreadable,
        PictureError::TooLarge { bytes: 11_000_000 },
        PictureError::TooManyPixels { width: 12_000, height: 8_000 },
        PictureError::TooNarrow { width: 100, height: 2_100 },
    ] {
        say! { album:
            bad_picture(&error);
            bad_page_picture(article, &error);
        }
    }
    for target in [PageTarget::Page, PageTarget::Picture] {
        for why in [
            PageError::Unreachable(target),
            PageError::Forbidden(target),
            PageError::Status(target, 404),
            PageError::Status(target, 503),
        ] {
            say! { album: no_page_picture(article, &why); }
        }
    }
    for why in [PageError::NoPicture, PageError::TooLarge, PageError::TooSlow] {
        say! { album: no_page_picture(article, &why); }
    }
    say! { album:
        picture_too_large();
        picture_for_what();
        only_first_of_album();
        picture_set(article, false);
        picture_set(article, true);
        picture_stays(article, true);
        page_has_changed(article);
    }
    for attachment in
        [Attachment::Video, Attachment::Sound, Attachment::Sticker, Attachment::Place, Attachment::Other]
    {
        say! { album:
            not_taken(attachment);
            only_words_taken(attachment);
        }
    }
}
