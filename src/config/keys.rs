//! Every key of `bot.toml`, once: the reader looks here for what it knows, `docs/configuration.md` is written from here.

use serde_json::Value;

use crate::article::Cleaning;

/// A part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Before the first heading.
    Top,
    Telegram,
    Http,
    Pace,
    Desk,
    /// An editor with a name: `{ id = 123, name = "Анна" }`.
    Editor,
    Channels,
    Rubrics,
    Article,
}

impl Section {
    /// All, in the order of the documentation.
    pub(super) const ALL: [Self; 9] = [
        Self::Top,
        Self::Telegram,
        Self::Desk,
        Self::Editor,
        Self::Channels,
        Self::Rubrics,
        Self::Pace,
        Self::Http,
        Self::Article,
    ];

    /// Its name in the file; empty for what has none.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Top => "",
            Self::Telegram => "telegram",
            Self::Http => "http",
            Self::Pace => "pace",
            Self::Desk => "desk",
            Self::Editor => "editors",
            Self::Channels => "channels",
            Self::Rubrics => "rubrics",
            Self::Article => "article",
        }
    }

    /// Whether it stands in the file once for each of its kind.
    pub(super) const fn is_repeated(self) -> bool {
        matches!(self, Self::Channels | Self::Rubrics)
    }

    /// How it is written in the file; `None` for what has no heading.
    pub(super) fn heading(self) -> Option<String> {
        match self {
            Self::Top | Self::Editor => None,
            repeated if repeated.is_repeated() => Some(format!("[[{}]]", self.name())),
            _ => Some(format!("[{}]", self.name())),
        }
    }

    /// Those with a heading.
    pub(super) fn with_headings() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|section| section.heading().is_some())
    }

    /// The names of its keys.
    pub(super) fn names(self) -> Vec<String> {
        match self {
            Self::Article => cleaning().keys().cloned().collect(),
            _ => KEYS.iter().filter(|key| key.section == self).map(|key| key.name.to_owned()).collect(),
        }
    }

    /// One of its keys as people call it: `channels.slots`.
    pub(super) fn path(self, name: &str) -> String {
        // TOML lets a key be empty, if it is quoted.
        let name = if name.is_empty() { "\"\"" } else { name };
        match self {
            Self::Top => name.to_owned(),
            Self::Editor => format!("desk.editors.{name}"),
            _ => format!("{}.{name}", self.name()),
        }
    }
}

/// What a key's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Texts,
    Integer,
    Flag,
    /// A number or an `@username`.
    Address,
    /// Numbers, or numbers with names.
    Editors,
}

impl Kind {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Texts => "a list of texts",
            Self::Integer => "a whole number",
            Self::Flag => "true or false",
            Self::Address => "a number or an \"@username\"",
            Self::Editors => "a list of numbers",
        }
    }
}

/// What holds where a key is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// The same as this value, as it would be written.
    Value(&'static str),
    /// What no value says, in words.
    Words(&'static str),
    /// It may not be left out.
    Required,
}

/// One key.
#[derive(Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "the documentation is written and checked from all of it"))]
pub(super) struct Key {
    pub(super) section: Section,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) otherwise: Otherwise,
    /// A value, as it would be written.
    pub(super) example: &'static str,
    /// What it may be, beyond its kind; may be empty.
    pub(super) limits: &'static str,
    pub(super) meaning: &'static str,
}

impl Key {
    /// As people call it: `channels.slots`.
    pub(super) fn path(&self) -> String {
        self.section.path(self.name)
    }
}

macro_rules! keys {
    ($($id:ident = $section:ident $name:literal, $kind:ident, $otherwise:expr, $example:literal, $limits:literal,
        $meaning:literal;)+) => {
        $(pub(super) const $id: Key = Key {
            section: Section::$section,
            name: $name,
            kind: Kind::$kind,
            otherwise: $otherwise,
            example: $example,
            limits: $limits,
            meaning: $meaning,
        };)+
        /// Every key but those of `[article]`, which are the fields of [`Cleaning`].
        pub(super) const KEYS: &[Key] = &[$($id,)+];
    };
}

use Otherwise::{Required, Value as Is, Words};

keys! {
    DATA_DIR = Top "data_dir", Text, Is("\"data\""), "\"/var/lib/vestnik\"", "not empty",
        "The folder of the journal (the memory: back it up), of sled (made from it) and of the lock. Relative to `bot.toml`.";

    TOKEN_FILE = Telegram "token_file", Text, Words("the environment variable `TELOXIDE_TOKEN` holds the token"),
        "\"bot.token\"", "a file of one line, readable by the bot alone (`chmod 600`)",
        "The file that holds the bot's token. Relative to `bot.toml`. `TELOXIDE_TOKEN` wins over it. The token itself never stands in `bot.toml`.";
    API_URL = Telegram "api_url", Text, Is("\"https://api.telegram.org\""), "\"http://127.0.0.1:8081\"", "http or https",
        "The Bot API server: your own, if you run one.";
    PROXY = Telegram "proxy", Text,
        Words("the environment's proxy (`HTTPS_PROXY`, `ALL_PROXY`), and none for a server on this very machine"),
        "\"socks5h://127.0.0.1:1080\"", "http, https, socks5 or socks5h; with name and password if need be",
        "The proxy through which Telegram is reached. It wins over the environment. It is never printed with its password.";

    LOOKING_CHAT = Telegram "looking_chat", Integer, Words("it looks through the editors' group, or the first editor's chat: posts flash up there without a sound, and a crash may leave one behind"),
        "-1001234567890", "a channel's number; neither a channel of posts nor the editors' group",
        "A private channel for the bot alone, in which it looks for itself whether a post came out whose answer was lost.";

    EDITORS = Desk "editors", Editors, Required, "[123456789, { id = 987654321, name = \"Анна\" }]", "at least one",
        "Who may approve and reject: people's numbers, with the names that colleagues see if you like. Whoever writes to the bot without standing here is told their number.";
    CHAT = Desk "chat", Integer, Words("each editor gets the cards in their own chat"), "-1001234567890",
        "below zero; none of the channels", "The editors' group, if cards should stand there.";
    REMIND_DRAFTS = Desk "remind_drafts", Text, Is("\"2h\""), "\"4h\"", "up to 7 days; `0s` for never",
        "How long a draft may wait before editors are reminded of it: once, several drafts in one message, and not in the first channel's quiet hours.";
    WARN_EMPTY_SLOT = Desk "warn_empty_slot", Text, Is("\"30m\""), "\"1h\"", "up to 7 days; `0s` for never",
        "How long before a slot editors are told that no approved post goes out in it: once a slot, and at most every two hours for a channel.";
    WARN_DISK = Desk "warn_disk", Flag, Is("true"), "false", "",
        "Whether editors are told once when less than 200 MB are left where the journal lies, and when there is room again.";

    EDITOR_ID = Editor "id", Integer, Required, "987654321", "above zero", "The person's number.";
    EDITOR_NAME = Editor "name", Text, Words("their name at Telegram"), "\"Анна\"", "not empty",
        "The name that colleagues see.";

    EDITOR_ROLE = Editor "role", Text, Is("\"editor\""), "\"chief\"", "`author`, `editor` or `chief`",
        "What they may do. An author brings articles and mends their own; an editor approves, moves and takes back; a chief may also freeze all publication. Where nobody is a chief, every editor is.";

    CHANNEL_ID = Channels "id", Address, Required, "\"@your_channel\"", "a number begins with -100; each channel once",
        "The channel. The bot must be its administrator with the right to post.";
    CHANNEL_NAME = Channels "name", Text, Words("its `id`"), "\"Central Asia Cronos\"", "not empty; no two alike",
        "Its name for editors, and `{{ channel }}` in templates.";
    TIMEZONE = Channels "timezone", Text, Is("\"Asia/Almaty\""), "\"Europe/Moscow\"", "an IANA name",
        "The zone in which its times are meant and shown. The first channel's is the desk's, too.";
    SLOTS = Channels "slots", Texts, Words("an approved post goes out at once"),
        "[\"mon-fri 09:00 12:30 18:00\", \"sat,sun 11:00 18:00\"]",
        "days and times, or days and `every 45m 08:00-22:00`", "When it publishes, one post a slot.";
    GRACE = Channels "grace", Text, Is("\"15m\""), "\"30m\"", "from a minute to a day",
        "How long a slot stays open, so that a restart across it does not skip it.";
    GAP = Channels "gap", Text, Is("\"0s\""), "\"10m\"", "up to a day",
        "The least time between a post from the queue and whatever came before it.";
    FRESHNESS = Channels "freshness", Text, Is("\"24h\""), "\"6h\"", "from an hour to 30 days",
        "How long an approved post may still go out, counted from the later of its approval and the time promised then; after that it goes back to the editors.";
    QUIET = Channels "quiet", Texts, Is("[]"), "[\"23:00-07:00\", \"fri,sat 22:00-10:00\"]", "times, with days before them if need be",
        "Quiet hours: the queue waits while they last, and slots within them never come. «Сразу» and a time that an editor has named go out all the same, once they have said that they mean it. Days are those on which a window begins.";
    CHANNEL_APPROVAL = Channels "approval", Text, Is("\"any\""), "\"two\"", "`any`, `other` or `two`",
        "Whose word a post takes: any editor's, that of an editor who did not write the text, or those of two editors.";
    CHANNEL_RUBRICS = Channels "rubrics", Texts, Words("what no other channel takes, by its rubric"),
        "[\"Спорт\"]", "not empty; `[\"*\"]` takes everything",
        "Which rubrics it takes. Capitals make no difference, nor «ё».";
    CHANNEL_HASHTAGS = Channels "hashtags", Texts, Is("[]"), "[\"#новости\"]", "`#` and letters, digits or `_`; not digits alone",
        "Hashtags under each of its posts.";
    CHANNEL_MARKS = Channels "marks", Texts, Is("[]"), "[\"18+\"]", "one line of up to 500 characters each",
        "Marks that the law asks for on each of its posts («18+»). A post never goes out without them; when one is added, approved posts are drafts again.";
    FOOTER = Channels "footer", Text, Words("none"), "'<a href=\"https://example.kz\">Central Asia Cronos</a>'",
        "Telegram's HTML, up to 1000 characters", "What stands under each of its posts.";
    LINK_WORDS = Channels "link_words", Text, Is("\"Читать на сайте\""), "\"Подробнее\"", "one line of up to 100 characters",
        "The words of the link to the article.";
    SUMMARY_CHARS = Channels "summary_chars", Integer, Is("350"), "500", "from 1 to 4096",
        "The length of the summary in characters; whole sentences, never cut.";
    TEMPLATE = Channels "template", Text, Words("the template that stands in the shipped `bot.toml`"),
        "'<b>{{ title }}</b> <a href=\"{{ link }}\">→</a>'", "a minijinja template of Telegram's HTML", "How its posts look.";
    PREVIEW = Channels "preview", Text, Is("\"auto\""), "\"large\"", "`auto`, `off`, `small`, `large`, `above` or `large_above`",
        "How the link is previewed.";
    SILENT = Channels "silent", Flag, Is("false"), "true", "", "Whether its posts come without a sound.";

    RUBRIC_NAME = Rubrics "name", Text, Required, "\"Политика\"", "not empty; each rubric once",
        "The rubric as the site names it. Capitals make no difference, nor «ё».";
    RUBRIC_HASHTAGS = Rubrics "hashtags", Texts, Is("[]"), "[\"#политика\"]", "as a channel's",
        "Hashtags under its posts.";
    RUBRIC_MARKS = Rubrics "marks", Texts, Is("[]"), "[\"18+\"]", "as a channel's", "Lines that must stand on its posts.";

    RUBRIC_APPROVAL = Rubrics "approval", Text, Is("\"any\""), "\"other\"", "as a channel's",
        "Whose word its posts take; where the channel is stricter, that counts.";

    PER_CHAT = Pace "per_chat_per_second", Integer, Is("1"), "2", "from 1 to 3",
        "Messages a second, changes of cards among them, to one chat. Telegram bears more than one only for a moment.";
    PER_GROUP = Pace "per_group_per_minute", Integer, Is("20"), "15", "from 1 to 20",
        "New messages a minute to one channel or to the editors' group.";
    OVERALL = Pace "overall_per_second", Integer, Is("30"), "20", "from 1 to 30",
        "Messages a second to all chats together. Lower it if other programs use the same token.";

    HTTP_ENABLED = Http "enabled", Flag, Is("true"), "false", "",
        "Whether the running bot answers on this machine. Nobody from outside can reach it.";
    HTTP_PORT = Http "port", Integer, Is("0"), "8087", "from 0 to 65535", "Its port; 0 takes any that is free.";
}

/// The keys of `[article]` with their defaults: the fields of [`Cleaning`], whatever they are.
pub(super) fn cleaning() -> serde_json::Map<String, Value> {
    match serde_json::to_value(Cleaning::default()) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}
