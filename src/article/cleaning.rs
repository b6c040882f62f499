//! What a site's export holds besides the article, as configuration.

use serde::{Deserialize, Serialize};

use super::Link;
use super::text::{same_words, strip_prefix, strip_suffix};

/// Which lines of an export are none of the article. The defaults fit Russian newsrooms and our first one's site.
///
/// All patterns are plain text, no regular expressions. Capitals, «ё» and the kind of spaces make no difference. A list
/// given in the configuration takes the place of the default list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cleaning {
    /// The site's own names. A line that is one of them is dropped; after a bar or a dash at a title's end it is cut
    /// off («Мост открыт | Cronos.Asia»); whoever «сообщает» under such a name is the site itself.
    pub site_names: Vec<String>,
    /// Lines that begin so are dropped: «Подписывайтесь на Telegram-канал», «Читайте также».
    pub boilerplate: Vec<String>,
    /// Lines that begin so name the photo's owner: «Фото:».
    pub credits: Vec<String>,
    /// Lines that begin so name the source: «Источник:».
    pub sources: Vec<String>,
    /// Lines that begin so name the rubric: «Рубрика:».
    pub rubrics: Vec<String>,
    /// The newsroom's own sites, as hosts; their subdomains count as own. A link elsewhere is taken, and told on the card.
    /// Empty: every site is as good as own.
    pub sites: Vec<String>,
}

impl Default for Cleaning {
    fn default() -> Self {
        let owned = |patterns: &[&str]| patterns.iter().map(ToString::to_string).collect();
        Self {
            site_names: owned(&[
                "Cronos Asia",
                "Central Asia Cronos",
                "Cronos.Asia",
                "Cronos Central Asia",
                "CronosAsia",
            ]),
            boilerplate: owned(&[
                "Подписывайтесь на",
                "Подпишитесь на",
                "Подписаться на",
                "Читайте нас в",
                "Следите за нами",
                "Следите за новостями в",
                "Присоединяйтесь к нам",
                "Читайте также",
                "Читать также",
                "Читайте ещё",
                "Смотрите также",
                "По теме:",
                "Поделиться",
                "Нашли ошибку",
                "Заметили ошибку",
                "Если вы нашли ошибку",
                "Exit mobile version",
                "Share this",
            ]),
            credits: owned(&[
                "Фото:",
                "Фото —",
                "Фото –",
                "Фото -",
                "Фотография:",
                "Иллюстрация:",
                "Скриншот:",
                "Коллаж:",
            ]),
            sources: owned(&["Источник:", "Источник —", "Источник –", "Источник -"]),
            rubrics: owned(&["Рубрика:"]),
            sites: owned(&["cronos.asia"]),
        }
    }
}

impl Cleaning {
    pub(super) fn is_site_name(&self, line: &str) -> bool {
        self.site_names.iter().any(|name| is_some_word(name) && same_words(line, name))
    }

    pub(super) fn is_boilerplate(&self, line: &str) -> bool {
        begins_with_any(line, &self.boilerplate).is_some()
    }

    /// The photo's owner that the line names, if it is such a line.
    pub(super) fn credit<'a>(&self, line: &'a str) -> Option<&'a str> {
        begins_with_any(line, &self.credits).map(trimmed_name)
    }

    /// The source that the line names, if it is such a line.
    pub(super) fn source<'a>(&self, line: &'a str) -> Option<&'a str> {
        begins_with_any(line, &self.sources).map(trimmed_name)
    }

    /// The rubric that the line names, if it is such a line.
    pub(super) fn rubric<'a>(&self, line: &'a str) -> Option<&'a str> {
        begins_with_any(line, &self.rubrics).map(trimmed_name)
    }

    /// The site that a link leads to, if that is none of the newsroom's own.
    #[must_use]
    pub fn other_site(&self, link: &Link) -> Option<String> {
        let host = link.site();
        let is_own = |own: &String| {
            let own =
                Link::parse(own).or_else(|_| Link::parse(&format!("https://{own}"))).map(|own| own.site());
            own.is_ok_and(|own| {
                host.strip_suffix(&own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
        };
        (!self.sites.is_empty() && !self.sites.iter().any(is_own)).then(|| link.shown_site())
    }

    /// The title without the site's name before or after a bar or dash.
    pub(super) fn bare_title<'a>(&self, title: &'a str) -> &'a str {
        let is_bar = |c: char| matches!(c, '|' | '—' | '–' | '-' | '•' | '·' | ':' | '/');
        for name in self.site_names.iter().filter(|name| is_some_word(name)) {
            let before =
                strip_suffix(title, name).map(str::trim_end).and_then(|rest| rest.strip_suffix(is_bar));
            let after =
                strip_prefix(title, name).map(str::trim_start).and_then(|rest| rest.strip_prefix(is_bar));
            // A hyphen within a word is no bar: «Евразия-Cronos Asia».
            let apart = before
                .filter(|rest| rest.ends_with(' '))
                .or_else(|| after.filter(|rest| rest.starts_with(' ')));
            if let Some(bare) = apart.map(str::trim).filter(|bare| !bare.is_empty()) {
                return bare;
            }
        }
        title
    }
}

/// What follows the first of the patterns with which the line begins. A pattern that ends in a letter must end a word there.
fn begins_with_any<'a>(line: &'a str, patterns: &[String]) -> Option<&'a str> {
    patterns.iter().map(|pattern| pattern.trim()).filter(|pattern| is_some_word(pattern)).find_map(
        |pattern| {
            let rest = strip_prefix(line, pattern)?;
            let cuts_word =
                pattern.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
            (!cuts_word).then_some(rest)
        },
    )
}

/// Whether a pattern has a letter at all: one without would match everything or nothing that anyone meant.
fn is_some_word(pattern: &str) -> bool {
    pattern.contains(char::is_alphanumeric)
}

/// A name without the punctuation around it, brackets and quotes aside.
fn trimmed_name(name: &str) -> &str {
    name.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | ';' | ',' | '.' | '—' | '–' | '-' | '|')
    })
}

#[cfg(test)]
mod tests {
    use super::{Cleaning, Link};

    #[test]
    fn lines_are_known_by_how_they_begin() {
        let cleaning = Cleaning::default();
        for line in
            ["ПОДПИСЫВАЙТЕСЬ на Telegram-канал!", "Читайте еще: мост", "Exit mobile version", "Читайте также"]
        {
            assert!(cleaning.is_boilerplate(line), "{line}");
        }
        for line in ["Поделиться", "Мост открыт", "Он сказал: «Подписывайтесь на газету»"]
        {
            assert_eq!(cleaning.is_boilerplate(line), line == "Поделиться", "{line}");
        }
        assert!(!cleaning.is_boilerplate("Поделитьсяна"));
        assert_eq!(cleaning.credit("фото: akorda.kz."), Some("akorda.kz"));
        assert_eq!(cleaning.credit("Фотограф пришёл"), None);
        assert_eq!(cleaning.source("Источник: Акорда"), Some("Акорда"));
    }

    #[test]
    fn the_sites_name_is_known_whatever_its_spelling() {
        let cleaning = Cleaning::default();
        for line in ["Cronos Asia", "cronos.asia", "CRONOS.ASIA", "«Central Asia Cronos»"] {
            assert!(cleaning.is_site_name(line), "{line}");
        }
        assert!(!cleaning.is_site_name("Cronos Asia открыл мост"));
    }

    #[test]
    fn the_title_loses_the_sites_name_and_nothing_else() {
        let cleaning = Cleaning::default();
        for title in [
            "Мост открыт | Cronos.Asia",
            "Мост открыт — cronos asia",
            "Cronos Asia: Мост открыт",
            "Мост открыт",
        ] {
            assert_eq!(cleaning.bare_title(title), "Мост открыт");
        }
        for title in ["Чем живёт Cronos Asia", "Евразия-Cronos Asia", "| Cronos Asia", "Cronos Asia"]
        {
            assert_eq!(cleaning.bare_title(title), title);
        }
    }

    #[test]
    fn a_link_to_another_site_is_known_by_its_host() {
        let other = |sites: &[&str], link: &str| {
            let sites = sites.iter().map(ToString::to_string).collect();
            Cleaning { sites, ..Cleaning::default() }.other_site(&Link::parse(link).unwrap())
        };
        for own in ["https://cronos.asia/x", "http://WWW.Cronos.asia./", "https://kz.cronos.asia:8080/x"] {
            for site in ["cronos.asia", "www.cronos.asia", "https://Cronos.Asia/"] {
                assert_eq!(other(&["a.kz", site], own), None, "{own} of {site}");
            }
        }
        assert_eq!(other(&["вестник.рф"], "https://xn--b1agjinxh.xn--p1ai/x"), None);
        assert_eq!(other(&[], "https://a.kz/"), None);
        for (link, site) in [
            ("https://www.A.kz/cronos.asia", "a.kz"),
            ("https://xcronos.asia/", "xcronos.asia"),
            ("https://cronos.asia.a.kz/", "cronos.asia.a.kz"),
            ("https://новости.қаз/x", "новости.қаз"),
            // Cyrillic «с»: what looks like the own site is shown as what it is.
            ("https://сronos.asia/", "xn--ronos-0ye.asia"),
        ] {
            assert_eq!(other(&["cronos.asia"], link), Some(site.to_owned()));
        }
    }

    #[test]
    fn a_setting_replaces_its_default_alone_and_a_wrong_one_is_refused() {
        let cleaning: Cleaning = toml::from_str("site_names = [\"Вестник Тараза\"]").unwrap();
        assert!(cleaning.is_site_name("ВЕСТНИК ТАРАЗА") && !cleaning.is_site_name("Cronos Asia"));
        assert_eq!(cleaning.boilerplate, Cleaning::default().boilerplate);
        assert!(toml::from_str::<Cleaning>("site_name = []").is_err());
    }

    #[test]
    fn an_empty_pattern_matches_nothing() {
        let cleaning = Cleaning {
            site_names: vec![String::new(), "|".to_owned()],
            boilerplate: vec![String::new(), " ".to_owned()],
            credits: vec![":".to_owned()],
            sources: vec![],
            rubrics: vec![],
            sites: vec![],
        };
        assert!(
            !cleaning.is_site_name("")
                && !cleaning.is_boilerplate("Мост")
                && cleaning.credit(": Мост").is_none()
        );
        assert_eq!(cleaning.bare_title("Мост | "), "Мост | ");
    }
}
