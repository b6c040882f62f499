//! What `bot.toml` says, as far as the newsroom needs it: who may decide, where an article goes, what its posts hold.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::notices::Notices;
use super::pace::Pacing;
use super::route::{Takes, route, rubric_key};
use crate::article::{Article, Cleaning, Link, Picture};
use crate::ids::{ChatId, UserId};
use crate::post::{self, ComposeError, EntityKind, Post, Preview, Template};
use crate::schedule::Timetable;
use crate::summary;

/// The newsroom's rules: fixed from start to stop, but for the number of the editors' group.
#[derive(Debug)]
pub struct Rules {
    /// The channels, in the order of `bot.toml`.
    pub channels: Vec<ChannelRules>,
    /// The editors. Nobody else can do anything.
    pub editors: BTreeMap<UserId, Editor>,
    /// The editors' group, where cards go instead of to each editor: its present number, also where `bot.toml` names one
    /// that it had before it became a supergroup.
    pub desk: Option<ChatId>,
    /// Words of which editors are warned when a post has them, in whichever form.
    pub stop_words: Vec<String>,
    /// What to take out of an export.
    pub cleaning: Cleaning,
    /// What rubrics bring into their posts.
    pub rubrics: Vec<Rubric>,
    /// The bot's @username without the @; empty while it is unknown.
    pub bot_username: String,
    /// The private channel in which the bot looks at what it may have published; see [`Rules::looks_through`].
    pub looking_chat: Option<ChatId>,
    /// How long a request may still come out after its answer was lost.
    pub settling: TimeDelta,
    /// How many messages may go; `None`: as many as will, which only simulations want.
    pub pacing: Option<Pacing>,
    /// What editors are told of without asking.
    pub notices: Notices,
}

/// Somebody of the desk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editor {
    /// The name that colleagues see; none: the one at Telegram.
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// What somebody of the desk may do; each may what those before may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Brings articles and mends their own.
    Author,
    /// Approves, moves, takes back.
    #[default]
    Editor,
    /// Stops all publication, withdraws what is out.
    Chief,
}

/// Whose word an approval takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Approvers {
    /// Any editor's.
    #[default]
    Any,
    /// An editor's who has not written the text.
    Other,
    /// Those of two editors.
    Two,
}

/// What a rubric brings into the posts of its articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rubric {
    /// Its name, for editors.
    pub name: String,
    /// Hashtags, each with its `#`.
    pub hashtags: Vec<String>,
    /// Marks that the law asks for («18+», «Реклама»).
    pub marks: Vec<String>,
    /// Whose word an approval takes.
    pub approvers: Approvers,
}

/// One channel's rules.
#[derive(Debug)]
pub struct ChannelRules {
    /// Its number at Telegram.
    pub id: ChatId,
    /// Its name, for editors.
    pub name: String,
    /// Its @username without the @, where it is public.
    pub username: Option<String>,
    /// When it publishes.
    pub timetable: Timetable,
    /// How its posts look.
    pub template: Template,
    /// The length of the summary, in characters.
    pub summary_chars: usize,
    /// The link preview.
    pub preview: Preview,
    /// Whether posts come without a sound.
    pub silent: bool,
    /// Which articles it takes.
    pub takes: Takes,
    /// Hashtags of all its posts, each with its `#`.
    pub hashtags: Vec<String>,
    /// Marks that the law asks for in all its posts.
    pub marks: Vec<String>,
    /// What stands below its posts: Telegram's HTML, checked.
    pub footer: String,
    /// The words of the link to the article.
    pub link_words: String,
    /// How long after the time promised an approved post may still go out.
    pub freshness: TimeDelta,
    /// Whose word an approval takes.
    pub approvers: Approvers,
}

/// Why no post can be made of an article.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no post for {channel} can be made: {why}")]
pub struct NoPost {
    /// The channel's name.
    pub channel: String,
    /// What keeps it from becoming one.
    pub why: ComposeError,
}

impl Rules {
    /// The rules of a channel.
    #[must_use]
    pub fn channel(&self, id: ChatId) -> Option<&ChannelRules> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// What a person may do; none: nothing. Where the settings name no chief, every editor is one.
    #[must_use]
    pub fn role(&self, person: UserId) -> Option<Role> {
        let role = self.editors.get(&person)?.role;
        let has_chief = self.editors.values().any(|editor| editor.role == Role::Chief);
        Some(if role == Role::Editor && !has_chief { Role::Chief } else { role })
    }

    /// Whose word an approval takes for an article of this rubric in a channel: the stricter of both rules.
    #[must_use]
    pub fn approvers(&self, channel: &ChannelRules, rubric: Option<&str>) -> Approvers {
        let of_rubric = self.rubric(rubric).map(|rubric| rubric.approvers);
        of_rubric.map_or(channel.approvers, |of_rubric| of_rubric.max(channel.approvers))
    }

    /// The name of a channel, for editors.
    #[must_use]
    pub fn channel_name(&self, id: ChatId) -> String {
        self.channel(id).map_or_else(|| id.to_string(), |channel| channel.name.clone())
    }

    /// The zone in which times are told at the desk: the first channel's.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.channels.first().map_or(chrono_tz::Asia::Almaty, |channel| channel.timetable.zone())
    }

    /// The chats in which cards stand.
    #[must_use]
    pub fn desks(&self) -> Vec<ChatId> {
        match self.desk {
            Some(group) => vec![group],
            None => self.private_chats(),
        }
    }

    /// The chat to which the bot forwards what it wants to look at: its own channel, else the editors' group, else the first
    /// editor's chat.
    #[must_use]
    pub fn looks_through(&self) -> Option<ChatId> {
        self.looking_chat.or_else(|| self.desks().first().copied())
    }

    /// The editors' own chats with the bot.
    #[must_use]
    pub fn private_chats(&self) -> Vec<ChatId> {
        self.editors.keys().map(|editor| editor.private_chat()).collect()
    }

    /// The chats in which the bot answers and may show a card: the editors' own and their group.
    #[must_use]
    pub fn desk_chats(&self) -> Vec<ChatId> {
        let mut chats = self.private_chats();
        chats.extend(self.desk);
        chats
    }

    /// The channels that an article of this rubric goes to.
    pub fn route(&self, rubric: Option<&str>) -> impl Iterator<Item = &ChannelRules> {
        route(&self.channels, |channel| &channel.takes, rubric).map(|(channel, _)| channel)
    }

    /// The names of all rubrics that the settings know, for editors.
    #[must_use]
    pub fn rubric_names(&self) -> Vec<&str> {
        let of_channels = self.channels.iter().flat_map(|channel| match &channel.takes {
            Takes::Rubrics(names) => names.as_slice(),
            Takes::Rest | Takes::All => &[],
        });
        let own = self.rubrics.iter().map(|rubric| &rubric.name);
        let mut known: Vec<&str> = Vec::new();
        for name in own.chain(of_channels) {
            if known.iter().all(|earlier| rubric_key(earlier) != rubric_key(name)) {
                known.push(name);
            }
        }
        known
    }

    /// A rubric as the settings spell it; `None` for one that they don't know.
    #[must_use]
    pub fn known_rubric(&self, name: &str) -> Option<&str> {
        self.rubric_names().into_iter().find(|known| rubric_key(known) == rubric_key(name))
    }

    /// Whether two spellings mean one rubric.
    #[must_use]
    pub fn is_same_rubric(one: Option<&str>, other: Option<&str>) -> bool {
        one.map(rubric_key) == other.map(rubric_key)
    }

    fn rubric(&self, name: Option<&str>) -> Option<&Rubric> {
        let key = rubric_key(name?);
        self.rubrics.iter().find(|rubric| rubric_key(&rubric.name) == key)
    }

    /// The marks that a post of this rubric must show in a channel.
    #[must_use]
    pub fn marks(&self, channel: &ChannelRules, rubric: Option<&str>) -> Vec<String> {
        together(&channel.marks, self.rubric(rubric).map(|rubric| &rubric.marks))
    }

    /// The hashtags of an article's post in a channel: the editors' own, else the channel's and the rubric's.
    #[must_use]
    pub fn hashtags(&self, channel: &ChannelRules, text: &Article) -> Vec<String> {
        let usual = || {
            let rubric = self.rubric(text.rubric.as_deref());
            together(&channel.hashtags, rubric.map(|rubric| &rubric.hashtags))
        };
        text.hashtags.clone().unwrap_or_else(usual)
    }

    /// The post of an article for every channel that it goes to.
    ///
    /// # Errors
    /// What keeps it from becoming a post, and in which channel.
    pub fn posts(&self, text: &Article, link: &Link) -> Result<Vec<Post>, Box<NoPost>> {
        let post = |channel: &ChannelRules| {
            self.post(channel, text, link)
                .map_err(|why| Box::new(NoPost { channel: channel.name.clone(), why }))
        };
        self.route(text.rubric.as_deref()).map(post).collect()
    }

    /// The post of an article for one channel, wherever it would go by itself.
    ///
    /// # Errors
    /// What keeps it from becoming a post.
    pub fn post(&self, channel: &ChannelRules, text: &Article, link: &Link) -> Result<Post, ComposeError> {
        let rubric = text.rubric.as_deref();
        let fields = post::Fields {
            title: text.title.clone(),
            link: link.as_str().to_owned(),
            source: text.source.clone(),
            credit: text.credit.clone(),
            channel: channel.name.clone(),
            rubric: text.rubric.clone(),
            marks: self.marks(channel, rubric),
            hashtags: self.hashtags(channel, text),
            footer: channel.footer.clone(),
            link_words: channel.link_words.clone(),
            summary: String::new(),
        };
        let rich = match &text.words {
            Some(words) => post::compose_with(&channel.template, &fields, words, post::Limit::Text)?,
            None => {
                let sentences = summary::summarize(text, channel.summary_chars);
                post::compose(&channel.template, &fields, &sentences, post::Limit::Text)?
            }
        };
        let mut post = Post::new(channel.id, &rich, channel.preview, channel.silent);
        // Nothing is ever left out for a picture's sake: what is too long for a caption goes out as words alone, and the
        // card says so.
        post.picture = text.picture.as_ref().filter(|_| post.fits_a_caption()).map(Picture::photo);
        // The spelling in which addresses travel, so that what is sealed is what is sent to the letter.
        for entity in &mut post.entities {
            if let EntityKind::TextLink { url } = &mut entity.kind
                && let Ok(address) = url::Url::parse(url)
            {
                *url = address.into();
            }
        }
        Ok(post)
    }
}

/// The channel's, then the rubric's, each once.
fn together(of_channel: &[String], of_rubric: Option<&Vec<String>>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for one in of_channel.iter().chain(of_rubric.into_iter().flatten()) {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::DEFAULT_TEMPLATE;

    fn channel(id: i64, takes: Takes) -> ChannelRules {
        ChannelRules {
            id: ChatId(id),
            name: id.to_string(),
            username: None,
            timetable: Timetable::new(chrono_tz::Asia::Almaty, &[]),
            template: Template::compile(DEFAULT_TEMPLATE).unwrap(),
            summary_chars: 350,
            preview: Preview::Auto,
            silent: false,
            takes,
            hashtags: Vec::new(),
            marks: vec!["18+".to_owned()],
            footer: String::new(),
            link_words: String::new(),
            freshness: TimeDelta::hours(24),
            approvers: Approvers::Any,
        }
    }

    fn rules(channels: Vec<ChannelRules>) -> Rules {
        let ads = Rubric {
            name: "Реклама и PR".to_owned(),
            hashtags: vec!["#реклама".to_owned()],
            marks: vec!["18+".to_owned(), "Реклама".to_owned()],
            approvers: Approvers::Other,
        };
        Rules {
            channels,
            editors: BTreeMap::new(),
            stop_words: Vec::new(),
            desk: None,
            cleaning: Cleaning::default(),
            rubrics: vec![ads],
            bot_username: String::new(),
            looking_chat: None,
            settling: TimeDelta::zero(),
            pacing: None,
            notices: Notices::default(),
        }
    }

    #[test]
    fn the_settings_know_the_rubrics_of_their_sections_and_of_the_channels() {
        let sport = Takes::Rubrics(vec!["Спорт".to_owned(), "реклама  и pr".to_owned()]);
        let rules = rules(vec![channel(-1, Takes::Rest), channel(-2, sport)]);
        assert_eq!(rules.rubric_names(), ["Реклама и PR", "Спорт"]);
        assert_eq!(rules.known_rubric("реклама  и pr"), Some("Реклама и PR"));
        assert_eq!(rules.known_rubric("погода"), None);
    }

    #[test]
    fn marks_of_channel_and_rubric_stand_together_and_each_once() {
        let rules = rules(vec![channel(-1, Takes::Rest)]);
        assert_eq!(rules.marks(&rules.channels[0], Some("реклама и pr")), ["18+", "Реклама"]);
        assert_eq!(rules.marks(&rules.channels[0], None), ["18+"]);
    }
}
