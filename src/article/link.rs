//! The address of an article's page: one that Telegram keeps as a link.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Longest address taken, in bytes: what browsers and servers agree on.
const MAX_BYTES: usize = 2048;

/// Query parameters that say where a reader came from or how the page is shown, not which page it is. Those that begin with
/// `utm_` go too. (`from`, `ref` and the like do tell pages apart on some sites, so they stay.)
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "_openstat",
    "amp",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "msclkid",
    "noamp",
    "rb_clickid",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
    "ysclid",
];

/// An http or https address that Telegram keeps as a link, as it was given.
///
/// Telegram makes plain text of a link whose scheme or host it doesn't like, and says nothing (td: `LinkManager.cpp`):
/// hosts need a dot. So what it would drop is refused here. IPv6 hosts are refused too, and addresses with a name and
/// password, which show one host and lead to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(String);

/// Why an address is no link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nothing but white space.
    #[error("the link is empty: give the article's address, beginning with https://")]
    Empty,
    /// Longer than 2048 bytes.
    #[error(
        "the link is {length} bytes long, at most {MAX_BYTES} are allowed: give the address without what follows the ?"
    )]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// White space, a control character or a backslash within.
    #[error("the link holds {0:?}, which no address may hold: copy it from the browser's address bar")]
    BadCharacter(char),
    /// No `https://` in front.
    #[error("the link does not begin with https:// or http://: copy it from the browser's address bar")]
    NoScheme,
    /// A scheme that is no web page's.
    #[error("the link begins with {0}:, only https and http lead to a page: give the article's address")]
    WrongScheme(String),
    /// A host that Telegram would drop: without a dot, or an IPv6 number.
    #[error(
        "the link's host {0:?} is no site's name, so Telegram would drop the link: give an address like https://example.kz/news"
    )]
    WrongHost(String),
    /// `https://name@host/`.
    #[error("the link holds a user's name or password: take out what stands before the @")]
    Credentials,
    /// Anything else that makes it no URL.
    #[error("the link is no address ({0}): copy it from the browser's address bar")]
    Malformed(#[from] url::ParseError),
}

impl Link {
    /// Checks an address. White space around it is taken off, nothing else is changed.
    ///
    /// # Errors
    /// Says what is wrong with it: see [`LinkError`].
    pub fn parse(address: &str) -> Result<Self, LinkError> {
        let address = address.trim();
        checked_url(address).map(|_| Self(address.to_owned()))
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without `www.`, in small letters, punycode where it isn't Latin.
    pub(super) fn site(&self) -> String {
        let url = Url::parse(&self.0).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        bare_host(host).to_owned()
    }

    /// The host as people read it; in punycode where a name mixes alphabets, as those do that pass for others.
    pub(super) fn shown_site(&self) -> String {
        let given = authority(&self.0).to_lowercase();
        let given = bare_host(given.split(':').next().unwrap_or_default());
        let mixes = |name: &str| !name.is_ascii() && name.contains(|c: char| c.is_ascii_alphabetic());
        if given.split('.').any(mixes) { self.site() } else { given.to_owned() }
    }

    /// Which page this is: equal for addresses that lead to the same one.
    ///
    /// Scheme, `www.`, default ports, slashes doubled or at the end, the fragment (but not `#!…`, which is a page of its own),
    /// parameters of trackers and the order of the others, `/amp` at the end, the case of the host and of percent
    /// encoding, needless percent encoding and punycode make no difference. Not an address itself; with `https://` before
    /// it it is one again and has the same key.
    ///
    /// Keys are never kept on disk but derived from the links in the journal: what makes two links one page may grow, and
    /// articles that it brings together late stay two (`newsroom/apply.rs`).
    #[must_use]
    pub fn key(&self) -> String {
        // What `parse` let through parses again; were it ever otherwise, the address itself still tells pages apart.
        Url::parse(&self.0).map_or_else(|_| self.0.clone(), |url| page_key(&url))
    }
}

fn checked_url(address: &str) -> Result<Url, LinkError> {
    if address.is_empty() {
        return Err(LinkError::Empty);
    }
    if address.len() > MAX_BYTES {
        return Err(LinkError::TooLong { length: address.len() });
    }
    if let Some(bad) = address.chars().find(|&c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(LinkError::BadCharacter(bad));
    }
    let (scheme, _) = address.split_once("://").ok_or_else(|| match address.split_once(':') {
        Some((scheme @ ("mailto" | "tg" | "javascript" | "data" | "tel"), _)) => {
            LinkError::WrongScheme(scheme.to_owned())
        }
        _ => LinkError::NoScheme,
    })?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        return Err(if is_scheme { LinkError::WrongScheme(scheme) } else { LinkError::NoScheme });
    }
    let url = Url::parse(address)?;
    if !url.username().is_empty() || url.password().is_some() || authority(address).contains('@') {
        return Err(LinkError::Credentials);
    }
    let host = url.host_str().unwrap_or_default();
    let inner = host.trim_end_matches('.');
    if !inner.contains('.')
        || inner.starts_with('.')
        || inner.contains("..")
        || host.contains("..")
        || host.starts_with('[')
    {
        return Err(LinkError::WrongHost(host.to_owned()));
    }
    Ok(url)
}

/// What stands between `//` and the path.
fn authority(address: &str) -> &str {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn page_key(url: &Url) -> String {
    let mut key = bare_host(url.host_str().unwrap_or_default()).to_owned();
    // Schemes don't count, so neither default port does.
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        key.push_str(&format!(":{port}"));
    }
    let path = normal_percents(url.path());
    let mut steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    if steps.len() > 1 && steps.last() == Some(&"amp") {
        steps.pop();
    }
    steps.iter().for_each(|step| key.extend(["/", step]));
    let mut kept: Vec<String> =
        url.query().unwrap_or_default().split('&').map(normal_percents).filter(|p| !is_tracking(p)).collect();
    kept.sort();
    if !kept.is_empty() {
        key.push('?');
        key.push_str(&kept.join("&"));
    }
    if let Some(fragment) = url.fragment().filter(|fragment| fragment.starts_with('!')) {
        key.push('#');
        key.push_str(&normal_percents(fragment));
    }
    key
}

/// The host without `www.` and a full stop at its end. A host that is nothing but `www.` and a top level keeps it.
fn bare_host(host: &str) -> &str {
    let mut host = host.trim_end_matches('.');
    while let Some(rest) = host.strip_prefix("www.").filter(|rest| rest.contains('.')) {
        host = rest;
    }
    host
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    parameter.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// Percent encoding in one form (RFC 3986, 6.2.2): capital digits, and none where none is needed, brackets included, which
/// some programs encode when an address is copied.
fn normal_percents(part: &str) -> String {
    let mut normal = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        normal.push_str(before);
        let hex = after.get(..2).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~!*'()".contains(&byte) => {
                normal.push(char::from(byte));
            }
            Some(byte) => normal.push_str(&format!("%{byte:02X}")),
            // A bare one means itself; left bare, it could make an encoded character with what is decoded after it.
            None => normal.push_str("%25"),
        }
        rest = if hex.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    normal.push_str(rest);
    normal
}

impl TryFrom<String> for Link {
    type Error = LinkError;

    fn try_from(address: String) -> Result<Self, LinkError> {
        Self::parse(&address)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Link {
    type Err = LinkError;

    fn from_str(address: &str) -> Result<Self, LinkError> {
        Self::parse(address)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Link, LinkError};

    fn key(address: &str) -> String {
        Link::parse(address).unwrap().key()
    }

    #[test]
    fn an_address_stays_as_it_was_given() {
        for address in [
            "https://cronos.asia/x",
            "HTTP://Cronos.Asia",
            "https://вестник.қаз/новость?а=1#начало",
            "https://a.kz:8443/(x)",
            "http://10.0.0.1/x",
        ] {
            assert_eq!(Link::parse(&format!(" {address}\n")).unwrap().as_str(), address);
        }
    }

    #[test]
    fn what_telegram_would_drop_is_refused_with_its_reason() {
        let wrong_host = |host: &str| LinkError::WrongHost(host.to_owned());
        let wrong_scheme = |scheme: &str| LinkError::WrongScheme(scheme.to_owned());
        for (address, error) in [
            ("", LinkError::Empty),
            ("  ", LinkError::Empty),
            ("cronos.asia/x", LinkError::NoScheme),
            ("/x", LinkError::NoScheme),
            ("cronos.asia:443", LinkError::NoScheme),
            ("Читать: https://cronos.asia", LinkError::BadCharacter(' ')),
            ("https://cronos.asia/a b", LinkError::BadCharacter(' ')),
            ("https://cronos.asia/a\u{0}b", LinkError::BadCharacter('\0')),
            ("https://cronos.asia\\x", LinkError::BadCharacter('\\')),
            ("ftp://cronos.asia/x", wrong_scheme("ftp")),
            ("tg://resolve?domain=x", wrong_scheme("tg")),
            ("javascript:alert(1)", wrong_scheme("javascript")),
            ("https://localhost/x", wrong_host("localhost")),
            ("https://localhost./x", wrong_host("localhost.")),
            ("https://[::1]/x", wrong_host("[::1]")),
            ("https://cronos..asia/x", wrong_host("cronos..asia")),
            ("https://user@cronos.asia/", LinkError::Credentials),
            ("https://cronos.asia@evil.example/", LinkError::Credentials),
            ("https://@cronos.asia/", LinkError::Credentials),
            ("https://", LinkError::Malformed(url::ParseError::EmptyHost)),
            ("https://a.kz:99999/", LinkError::Malformed(url::ParseError::InvalidPort)),
        ] {
            assert_eq!(Link::parse(address), Err(error), "{address:?}");
        }
        let long = format!("https://cronos.asia/{}", "x".repeat(2048));
        assert_eq!(Link::parse(&long), Err(LinkError::TooLong { length: 2068 }));
    }

    #[test]
    fn one_page_has_one_key() {
        for address in [
            "https://cronos.asia/новости/Мост",
            "http://www.cronos.asia/новости/Мост/",
            "HTTPS://WWW.CRONOS.ASIA:443/новости/Мост#комментарии",
            "https://cronos.asia/%d0%bd%D0%BE%d0%b2%d0%be%d1%81%d1%82%d0%b8/%D0%9C%D0%BE%D1%81%D1%82?utm_source=tg&UTM_medium=x",
            "http://cronos.asia:80/новости/./Мост?fbclid=1&gclid=2&yclid=3&&",
            "https://cronos.asia./новости/Мост//?",
            "https://cronos.asia//новости//Мост",
            "https://cronos.asia/новости/Мост/amp/",
            "https://cronos.asia/новости/Мост?amp=1&ysclid=x&_openstat=y",
            "https://cronos.asia/новости/Мост/?noamp=mobile",
        ] {
            assert_eq!(key(address), key("https://cronos.asia/новости/Мост"), "{address}");
        }
        assert_eq!(key("https://вестник.рф/"), key("https://xn--b1agjinxh.xn--p1ai"));
        assert_eq!(key("https://a.kz/%7Ex"), "a.kz/~x");
        assert_eq!(key("https://a.kz/Мост_%28Алматы%29"), key("https://a.kz/Мост_(Алматы)"));
        assert_eq!(key("https://a.kz/?b=2&utm_id=3&a=1"), key("https://a.kz?a=1&b=2"));
        assert_eq!(key("https://a.kz/#!/news/5"), key("http://www.a.kz#!/news/5"));
    }

    #[test]
    fn other_pages_have_other_keys() {
        let one = key("https://cronos.asia/x?id=1");
        for address in [
            "https://cronos.asia/x",
            "https://cronos.asia/x?id=2",
            "https://cronos.asia/X?id=1",
            "https://m.cronos.asia/x?id=1",
            "https://cronos.asia:8080/x?id=1",
            "https://cronos.asia/x?id=1&utm=1",
            "https://cronos.asia/x?id=1&from=rss",
            "https://cronos.asia/x?id=1#!/2",
            "https://cronos.asia/x/index.php?id=1",
        ] {
            assert_ne!(key(address), one, "{address}");
        }
        assert_eq!(key("https://www.kz/"), "www.kz");
        assert_ne!(key("https://cronos.asia/amp"), key("https://cronos.asia/"));
    }

    #[test]
    fn a_link_in_json_is_a_checked_string() {
        let link = Link::parse("https://cronos.asia/x").unwrap();
        assert_eq!(serde_json::to_string(&link).unwrap(), r#""https://cronos.asia/x""#);
        assert_eq!(serde_json::from_str::<Link>(r#""https://cronos.asia/x""#).unwrap(), link);
        assert!(serde_json::from_str::<Link>(r#""https://localhost/""#).is_err());
    }

    fn address() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(vec![
                "www.", "a.kz", "/", "?", "&", "=", "#", "%", "%2", "%41", "%2f", "%d0", "..", "utm_x=1",
                ":80", "@", "х", "%25", "%2e", "amp", "#!", "!", "%27", "'", "(",
            ])
            .prop_map(String::from),
        ];
        (
            prop::sample::select(vec!["https://", "http://", "HTTP://www.", "https://www.a.kz/", ""]),
            prop::collection::vec(piece, 0..12),
        )
            .prop_map(|(scheme, pieces)| format!("{scheme}{}", pieces.concat()))
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_pages_key(address in address()) {
            if let Ok(link) = Link::parse(&address) {
                let again = Link::parse(&format!("https://{}", link.key()));
                // Percent encoding may make a key longer than an address may be.
                if !matches!(again, Err(LinkError::TooLong { .. })) {
                    prop_assert_eq!(again.unwrap().key(), link.key());
                }
            }
        }

        #[test]
        fn a_link_parses_again_to_itself(address in address()) {
            if let Ok(link) = Link::parse(&address) {
                prop_assert_eq!(Link::parse(link.as_str()), Ok(link));
            }
        }
    }
}
