//! A channel's section: when it publishes, what it takes, how its posts look.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use toml::Spanned;
use toml::de::DeValue;

use super::keys::{self, Key};
use super::reader::{Reader, Table};
use super::{ChannelAddress, ChannelConfig, RubricConfig};
use crate::ids::ChatId;
use crate::near::nearest;
use crate::post::{DEFAULT_LINK_WORDS, DEFAULT_TEMPLATE, Fields, Preview, Template, markup};
use crate::schedule::{QuietRule, SlotRule, Timetable};

/// The zone where none is given: our first newsroom's.
const DEFAULT_ZONE: Tz = chrono_tz::Asia::Almaty;
const DEFAULT_SUMMARY_CHARS: usize = 350;
const DEFAULT_FRESHNESS: TimeDelta = TimeDelta::hours(24);
/// A post holds no more.
const SUMMARY_CHARS_MAX: usize = 4096;
const LINK_WORDS_CHARS_MAX: usize = 100;
const FOOTER_CHARS_MAX: usize = 1000;

impl Reader<'_> {
    /// A channel; `None` where it has no address that could be read, which was told.
    pub(super) fn channel(&mut self, table: &Table<'_>, rubrics: &[RubricConfig]) -> Option<ChannelConfig> {
        let address = self.address(table);
        let name = self.words_of(table, &keys::CHANNEL_NAME).map(|name| name.get_ref().trim().to_owned());
        let timetable = self.timetable(table);
        let freshness = self.duration(
            table,
            &keys::FRESHNESS,
            DEFAULT_FRESHNESS,
            (TimeDelta::hours(1), TimeDelta::days(30)),
        );
        let takes = self.takes(table, rubrics);
        let hashtags = self.hashtags(table, &keys::CHANNEL_HASHTAGS);
        let marks = self.marks(table, &keys::CHANNEL_MARKS);
        let footer = self.footer(table);
        let link_words = self
            .text_of(table, &keys::LINK_WORDS)
            .and_then(|words| self.one_line(&words, &keys::LINK_WORDS, LINK_WORDS_CHARS_MAX));
        let template = self.template(table);
        let summary_chars = self.summary_chars(table);
        let preview = self.preview(table);
        let approvers = self.approvers(table, &keys::CHANNEL_APPROVAL);
        let silent = self.flag_of(table, &keys::SILENT).unwrap_or_default();
        if let Some(template) = &template {
            let of_rubrics = || rubrics.iter().any(|rubric| !rubric.marks.is_empty());
            self.marks_are_shown(table, template, !marks.is_empty() || of_rubrics());
            let tagged = !hashtags.is_empty() || rubrics.iter().any(|rubric| !rubric.hashtags.is_empty());
            self.what_is_set_is_shown(table, template, "hashtags", tagged);
            self.what_is_set_is_shown(table, template, "footer", footer.is_some());
        }
        let address = address?;
        Some(ChannelConfig {
            name: name.unwrap_or_else(|| address.to_string()),
            address,
            timetable,
            freshness,
            approvers,
            takes,
            hashtags,
            marks,
            footer,
            link_words: link_words.unwrap_or_else(|| DEFAULT_LINK_WORDS.to_owned()),
            template: template?,
            summary_chars,
            preview,
            silent,
        })
    }

    fn address(&mut self, table: &Table<'_>) -> Option<ChannelAddress> {
        let key = keys::CHANNEL_ID;
        let Some(value) = self.get(table, &key) else {
            let what =
                "the channel has no id: write id = \"@your_channel\", or its number, which begins with -100";
            self.missing(table.span.clone(), &key.path(), what);
            return None;
        };
        let (number, name) = match value.get_ref() {
            DeValue::Integer(_) => (self.integer(&key, value)?.into_inner(), None),
            DeValue::String(text) => match text.trim().parse() {
                Ok(number) => (number, None),
                Err(_) => (0, Some(text.trim())),
            },
            _ => return self.wrong_kind(&key, value),
        };
        if name.is_none() && number.to_string().starts_with("-100") {
            return Some(ChannelAddress::Id(ChatId(number)));
        }
        let what = match name {
            Some(name) if name.starts_with('@') && is_username(&name[1..]) => {
                return Some(ChannelAddress::Username(name[1..].to_owned()));
            }
            Some(name) => match name.rsplit(['/', '@']).next().filter(|last| is_username(last)) {
                Some(last) => format!("this is no channel: did you mean \"@{last}\"?"),
                None => "this is no channel; write its \"@username\", or its number, which begins with -100"
                    .to_owned(),
            },
            None if number.unsigned_abs() > 99_999_999 => {
                let digits = number.unsigned_abs().to_string();
                let digits = digits.strip_prefix("100").filter(|rest| rest.len() >= 9).unwrap_or(&digits);
                format!("a channel's number begins with -100: did you mean -100{digits}?")
            }
            None => "this is no channel; write its \"@username\", or its number, which begins with -100"
                .to_owned(),
        };
        self.error(value.span(), &key.path(), what);
        None
    }

    fn timetable(&mut self, table: &Table<'_>) -> Timetable {
        let mut zone = DEFAULT_ZONE;
        if let Some(given) = self.text_of(table, &keys::TIMEZONE) {
            let written = given.get_ref().trim();
            match written.parse() {
                Ok(known) => {
                    zone = known;
                    if !is_place(zone.name()) && zone != Tz::UTC {
                        let what = format!(
                            "{written:?} is no place, and may not be the time that you mean: write one like \"Asia/Almaty\""
                        );
                        self.warning(given.span(), &keys::TIMEZONE.path(), what);
                    }
                }
                Err(_) => {
                    let what = format!("{written:?} is no time zone; {}", zone_cure(written));
                    self.error(given.span(), &keys::TIMEZONE.path(), what);
                }
            }
        }
        let mut rules = Vec::new();
        for given in self.texts_of(table, &keys::SLOTS) {
            match given.get_ref().parse::<SlotRule>() {
                Ok(rule) => {
                    self.windows_hold_more_than_one(&given, &rule);
                    rules.push(rule);
                }
                Err(error) => self.error(given.span(), &keys::SLOTS.path(), error.to_string()),
            }
        }
        let (none, day) = (TimeDelta::zero(), TimeDelta::days(1));
        let grace = (Timetable::LEAST_GRACE, day);
        let grace = self.duration(table, &keys::GRACE, Timetable::DEFAULT_GRACE, grace);
        let gap = self.duration(table, &keys::GAP, none, (none, day));
        let loud = Timetable::new(zone, &rules).with_grace(grace).with_gap(gap);
        self.with_quiet(loud, table)
    }

    /// A window with room for one slot only is hardly what was meant.
    fn windows_hold_more_than_one(&mut self, given: &Spanned<&str>, rule: &SlotRule) {
        let shown = rule.to_string();
        if !shown.contains(" every ") {
            return;
        }
        let timetable = Timetable::new(Tz::UTC, std::slice::from_ref(rule));
        let start = DateTime::<Utc>::UNIX_EPOCH - TimeDelta::nanoseconds(1);
        let week = timetable.slots_after(start).take_while(|slot| *slot - start <= TimeDelta::days(7));
        let days: Vec<_> = week.map(|slot| slot.date_naive()).collect();
        if days.windows(2).all(|pair| pair[0] != pair[1]) {
            let what =
                format!("the window of {shown:?} has room for one slot a day: is the interval too long?");
            self.warning(given.span(), &keys::SLOTS.path(), what);
        }
    }

    /// The timetable with its quiet hours, which must leave the queue some time.
    fn with_quiet(&mut self, loud: Timetable, table: &Table<'_>) -> Timetable {
        let key = keys::QUIET;
        let mut rules = Vec::new();
        for given in self.texts_of(table, &key) {
            match given.get_ref().parse::<QuietRule>() {
                Ok(rule) => rules.push(rule),
                Err(error) => self.error(given.span(), &key.path(), error.to_string()),
            }
        }
        let timetable = loud.clone().with_quiet(&rules);
        let span = table.entries.get(key.name).map_or(table.span.clone(), Spanned::span);
        if timetable.is_always_quiet() {
            let what = "the quiet hours leave no time to publish: nothing from the queue would ever go out. Make them shorter, or move the slots";
            self.error(span, &key.path(), what);
            return loud;
        }
        // Any week without a change of the clocks tells; they are the same in every one.
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let of_week = |timetable: &Timetable| -> Vec<DateTime<Utc>> {
            timetable.slots_after(start).take_while(|slot| *slot - start <= TimeDelta::days(7)).collect()
        };
        let heard = of_week(&timetable);
        if let Some(lost) = of_week(&loud).into_iter().find(|slot| !heard.contains(slot)) {
            let what = format!(
                "the slot on {} lies within quiet hours: it never comes",
                lost.with_timezone(&loud.zone()).format("%a %H:%M")
            );
            self.warning(span, &key.path(), what);
        }
        timetable
    }

    pub(super) fn duration(
        &mut self,
        table: &Table<'_>,
        key: &Key,
        default: TimeDelta,
        (least, most): (TimeDelta, TimeDelta),
    ) -> TimeDelta {
        let Some(given) = self.text_of(table, key) else {
            return default;
        };
        let parsed = humantime::parse_duration(given.get_ref()).ok();
        let parsed = parsed.and_then(|time| TimeDelta::from_std(time).ok());
        match parsed {
            Some(time) if (least..=most).contains(&time) => time,
            Some(_) => {
                let what = format!("{:?} is out of range: it is {}", given.get_ref(), key.limits);
                self.error(given.span(), &key.path(), what);
                default
            }
            None => {
                let what = format!(
                    "{:?} is no length of time; write one like {} or \"1h 30m\"",
                    given.get_ref(),
                    key.example
                );
                self.error(given.span(), &key.path(), what);
                default
            }
        }
    }

    fn footer(&mut self, table: &Table<'_>) -> Option<String> {
        let key = keys::FOOTER;
        let given = self.words_of(table, &key)?;
        let html = given.get_ref().trim();
        match markup::parse(html) {
            Ok(rich) if rich.text.chars().count() > FOOTER_CHARS_MAX => {
                self.error(
                    given.span(),
                    &key.path(),
                    format!("it is too long: at most {FOOTER_CHARS_MAX} characters"),
                );
            }
            Ok(rich) if rich.text.trim().is_empty() => {
                self.error(
                    given.span(),
                    &key.path(),
                    "it shows nothing: write some words, or leave the key out",
                );
            }
            Ok(_) => return Some(html.to_owned()),
            Err(error) => {
                let before = given.get_ref().split_once(html).map_or("", |(before, _)| before);
                let line = error.place.line + before.matches('\n').count();
                self.error_within(&given.span(), line, &key.path(), error.kind.to_string());
            }
        }
        None
    }

    fn summary_chars(&mut self, table: &Table<'_>) -> usize {
        let Some(given) = self.integer_of(table, &keys::SUMMARY_CHARS) else {
            return DEFAULT_SUMMARY_CHARS;
        };
        match usize::try_from(*given.get_ref()) {
            Ok(chars) if (1..=SUMMARY_CHARS_MAX).contains(&chars) => chars,
            _ => {
                let what = format!(
                    "{} is out of range: a post holds at most {SUMMARY_CHARS_MAX} characters; {DEFAULT_SUMMARY_CHARS} reads well",
                    given.get_ref()
                );
                self.error(given.span(), &keys::SUMMARY_CHARS.path(), what);
                DEFAULT_SUMMARY_CHARS
            }
        }
    }

    fn preview(&mut self, table: &Table<'_>) -> Preview {
        const NAMES: [&str; 6] = ["auto", "off", "small", "large", "above", "large_above"];
        let Some(given) = self.text_of(table, &keys::PREVIEW) else {
            return Preview::default();
        };
        let name = given.get_ref().trim();
        serde_json::from_value(name.into()).unwrap_or_else(|_| {
            let cure = match nearest(name, NAMES) {
                Some(meant) => format!("did you mean {meant:?}?"),
                None => format!("write one of {}", NAMES.join(", ")),
            };
            self.error(given.span(), &keys::PREVIEW.path(), format!("{name:?} is no preview: {cure}"));
            Preview::default()
        })
    }

    fn template(&mut self, table: &Table<'_>) -> Option<Template> {
        let key = keys::TEMPLATE;
        let given = match self.text_of(table, &key) {
            Some(given) => given,
            // Of another kind, which was told.
            None if table.entries.contains_key(key.name) => return None,
            None => return Template::compile(DEFAULT_TEMPLATE).ok(),
        };
        match Template::compile(given.get_ref()) {
            Ok(template) => {
                self.what_a_template_leaves_out(&given, &template);
                Some(template)
            }
            Err(error) => {
                self.error_within(&given.span(), error.line, &key.path(), error.message());
                None
            }
        }
    }

    /// A post without a mark that the law asks for would never go out: better to hear of it now.
    fn marks_are_shown(&mut self, table: &Table<'_>, template: &Template, asked_for: bool) {
        if asked_for && !template.shows_marks() {
            let what = "there are marks that the law asks for, and this template does not show them: put {{ marks }} into it";
            self.error(place_of_template(table), &keys::TEMPLATE.path(), what);
        }
    }

    fn what_is_set_is_shown(&mut self, table: &Table<'_>, template: &Template, variable: &str, is_set: bool) {
        if is_set && !template.source().contains(variable) {
            let what = format!(
                "there are settings for {variable}, and this template does not show them: put {{{{ {variable} }}}} into it"
            );
            self.warning(place_of_template(table), &keys::TEMPLATE.path(), what);
        }
    }

    fn what_a_template_leaves_out(&mut self, given: &Spanned<&str>, template: &Template) {
        const TITLE: &str = "Заголовок";
        const SUMMARY: &str = "Сводка";
        const LINK: &str = "https://example.kz/news";
        let fields =
            Fields { title: TITLE.into(), summary: SUMMARY.into(), link: LINK.into(), ..Fields::default() };
        let Ok(post) = template.render(&fields) else {
            return;
        };
        let mut warn = |what: &str| self.warning(given.span(), &keys::TEMPLATE.path(), what);
        if !post.text.contains(TITLE) && !post.text.contains(SUMMARY) {
            warn("posts would show neither title nor summary: put {{ title }} and {{ summary }} into it");
        }
        let entities = format!("{:?}", post.entities);
        if !post.text.contains(LINK) && !entities.contains(LINK) {
            warn("posts would have no link to the article: put <a href=\"{{ link }}\">…</a> into it");
        }
    }
}

fn is_place(zone: &str) -> bool {
    zone.contains('/') && !zone.starts_with("Etc/")
}

fn place_of_template(table: &Table<'_>) -> std::ops::Range<usize> {
    table.entries.get(keys::TEMPLATE.name).map_or(table.span.clone(), Spanned::span)
}

fn is_username(name: &str) -> bool {
    (4..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn zone_cure(written: &str) -> String {
    /// What people of our newsrooms write.
    const CALLED: [(&str, &str); 6] = [
        ("msk", "Europe/Moscow"),
        ("москва", "Europe/Moscow"),
        ("алматы", "Asia/Almaty"),
        ("алма-ата", "Asia/Almaty"),
        ("alma-ata", "Asia/Almaty"),
        ("астана", "Asia/Almaty"),
    ];
    let lower = written.to_lowercase().replace(' ', "_");
    if let Some((_, zone)) = CALLED.iter().find(|(name, _)| *name == lower) {
        return format!("did you mean {zone:?}?");
    }
    if written.contains(['+', '-']) && written.contains(|c: char| c.is_ascii_digit()) {
        return "a place is wanted, not an offset, since offsets change: \"Asia/Almaty\" is UTC+5, \"Europe/Moscow\" UTC+3"
            .to_owned();
    }
    // «Etc/GMT+5» is five hours *behind*, and abbreviations belong to nobody: only places are offered.
    let places = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| is_place(name));
    let city = |name: &&str| name.rsplit('/').next().unwrap_or_default().to_lowercase() == lower;
    match places().find(city).or_else(|| nearest(written, places())) {
        Some(meant) => format!("did you mean {meant:?}?"),
        None => "write one of the IANA names, like \"Asia/Almaty\"".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_by_its_city_and_by_a_slip() {
        for (written, cure) in [
            ("Almaty", "did you mean \"Asia/Almaty\"?"),
            ("Asia/Almati", "did you mean \"Asia/Almaty\"?"),
            ("new york", "did you mean \"America/New_York\"?"),
            ("UTC+5", "a place is wanted, not an offset"),
            ("GMT+5", "a place is wanted, not an offset"),
            ("MSK", "did you mean \"Europe/Moscow\"?"),
            ("Москва", "did you mean \"Europe/Moscow\"?"),
            ("", "write one of the IANA names, like \"Asia/Almaty\""),
        ] {
            assert!(zone_cure(written).starts_with(cure), "{written}: {}", zone_cure(written));
        }
    }
}
