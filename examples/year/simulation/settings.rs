//! The newsroom's `bot.toml` in the forms that a year brings, and the same rules once more in plain numbers, so that what
//! goes out can be held against something other than the bot's own calendar.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;
use vestnik::config::{Config, ConfigError};
use vestnik::ids::ChatId;
use vestnik::newsroom::Rules;

pub(crate) const EDITORS: [u64; 3] = [101, 102, 103];
pub(crate) const STRANGER: u64 = 999;
pub(crate) const CHANNELS: [ChatId; 3] =
    [ChatId(-1_001_000_000_001), ChatId(-1_001_000_000_002), ChatId(-1_001_000_000_003)];
pub(crate) const MARK: &str = "18+";

/// How long an approved post may go out after the time that was promised.
pub(crate) const FRESHNESS: TimeDelta = TimeDelta::hours(24);
/// How long a slot stays open, and a promise is kept.
pub(crate) const GRACE: TimeDelta = TimeDelta::minutes(15);
/// What was missed leaves so long after what came before it, where there are no slots.
pub(crate) const LATE_GAP: TimeDelta = TimeDelta::minutes(10);

/// What a start finds in `bot.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settings {
    Usual,
    OtherTemplate,
    /// The law asks for a mark in the first channel.
    Marked,
    /// The third channel is gone.
    TwoChannels,
    /// The first channel is quiet for longer.
    Quieter,
    /// There is no looking chat: an editor is asked.
    Asking,
}

impl Settings {
    pub(crate) const OTHERS: [Self; 5] =
        [Self::OtherTemplate, Self::Marked, Self::TwoChannels, Self::Quieter, Self::Asking];

    pub(crate) fn rules(self) -> Result<Rules, ConfigError> {
        let looking = if self == Self::Asking { "" } else { "[telegram]\nlooking_chat = -1001000000008\n" };
        let marks = if self == Self::Marked { "marks = [\"18+\"]\n" } else { "" };
        let tag = if self == Self::OtherTemplate { "i" } else { "b" };
        let (quiet, _) = self.quiet_of_the_first();
        let [first, second] = self.approval();
        let third = match self {
            Self::TwoChannels => "",
            _ => {
                "[[channels]]\nid = -1001000000003\nname = \"Всё\"\ntimezone = \"America/New_York\"\n\
                 rubrics = [\"*\"]\nslots = [\"daily every 15m 06:00-23:30\"]\n"
            }
        };
        let text = format!(
            "{looking}[desk]\neditors = [101, 102, 103]\nchat = -1001000000009\n\
             [[channels]]\nid = -1001000000001\nname = \"Главный\"\ntimezone = \"Asia/Almaty\"\n\
             gap = \"20m\"\nquiet = [\"{quiet}\"]\n{marks}approval = \"{first}\"\n\
             template = '{{{{ marks }}}} <{tag}>{{{{ title }}}}</{tag}> {{{{ summary }}}} <a href=\"{{{{ link }}}}\">Сайт</a>'\n\
             [[channels]]\nid = -1001000000002\nname = \"Спорт\"\ntimezone = \"Europe/Berlin\"\n\
             rubrics = [\"Спорт\"]\nslots = [\"daily every 30m 08:00-22:00\"]\ngap = \"5m\"\nquiet = [\"22:30-06:45\"]\napproval = \"{second}\"\n\
             {third}"
        );
        Ok(Config::parse(&text, "bot.toml", Path::new(""))?.into_rules("desk_bot".to_owned(), |_| None))
    }

    /// Whose word the first and the second channel take; the third takes anybody's.
    pub(crate) fn approval(self) -> [&'static str; 2] {
        match self {
            Self::Quieter | Self::Asking => ["any", "other"],
            _ => ["other", "two"],
        }
    }

    fn quiet_of_the_first(self) -> (&'static str, (u32, u32)) {
        match self {
            Self::Quieter => ("22:00-08:00", (22 * 60, 8 * 60)),
            _ => ("23:00-07:00", (23 * 60, 7 * 60)),
        }
    }

    /// The calendar of a channel; none where the settings don't know it.
    pub(crate) fn calendar(self, channel: ChatId) -> Option<Calendar> {
        let index = CHANNELS.iter().position(|known| *known == channel)?;
        match index {
            0 => Some(Calendar {
                zone: chrono_tz::Asia::Almaty,
                quiet: Some(self.quiet_of_the_first().1),
                gap: TimeDelta::minutes(20),
                slots: None,
            }),
            1 => Some(Calendar {
                zone: chrono_tz::Europe::Berlin,
                quiet: Some((22 * 60 + 30, 6 * 60 + 45)),
                gap: TimeDelta::minutes(5),
                slots: Some((30, 8 * 60, 22 * 60)),
            }),
            _ if self == Self::TwoChannels => None,
            _ => Some(Calendar {
                zone: chrono_tz::America::New_York,
                quiet: None,
                gap: TimeDelta::zero(),
                slots: Some((15, 6 * 60, 23 * 60 + 30)),
            }),
        }
    }
}

/// A channel's hours, in minutes after midnight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    zone: Tz,
    /// From when in the evening to when in the morning its queue does not move.
    quiet: Option<(u32, u32)>,
    pub(crate) gap: TimeDelta,
    /// Every so many minutes, from the first to the last.
    slots: Option<(u32, u32, u32)>,
}

impl Calendar {
    pub(crate) fn is_quiet(&self, at: DateTime<Utc>) -> bool {
        let minute = self.minute(at);
        self.quiet.is_some_and(|(from, to)| minute >= from || minute < to)
    }

    pub(crate) fn has_slots(&self) -> bool {
        self.slots.is_some()
    }

    pub(crate) fn is_slot(&self, at: DateTime<Utc>) -> bool {
        let minute = self.minute(at);
        let whole = at.timestamp() % 60 == 0 && at.timestamp_subsec_nanos() == 0;
        let fits = |(every, first, last): (u32, u32, u32)| {
            (first..=last).contains(&minute) && (minute - first).is_multiple_of(every)
        };
        whole && self.slots.is_some_and(fits)
    }

    fn minute(&self, at: DateTime<Utc>) -> u32 {
        let local = at.with_timezone(&self.zone);
        local.hour() * 60 + local.minute()
    }
}
