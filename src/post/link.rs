//! Which links Telegram keeps: a bad one silently becomes plain text, so it is refused here first.

use std::net::Ipv6Addr;

use thiserror::Error;
use url::Url;

/// Why Telegram would make plain text of a link.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LinkError {
    /// Nothing there.
    #[error("the link is empty")]
    Empty,
    /// A space, a newline or another sign that no address holds.
    #[error("the link `{0}` holds a space, a control character or a backslash: percent-encode it")]
    BadCharacter(String),
    /// `mailto:`, `javascript:`, an address without `https://`.
    #[error("the link `{0}` must begin with https://, http://, tg://, ton:// or tonsite://")]
    Scheme(String),
    /// `tg://user?id=…` is not a link but a mention, which Telegram drops unless it knows the person.
    #[error("`{0}` mentions a person, which is not supported: link to https://t.me/name")]
    Mention(String),
    /// No host, a host without a dot, or one that can't be.
    #[error("the link `{0}` has no valid host: one with a dot is needed, like example.kz")]
    Host(String),
    /// A port outside 1–65535.
    #[error("the link `{0}` has a wrong port: 1 to 65535 are possible")]
    Port(String),
    /// Anything else that makes it no address.
    #[error("the link `{link}` is no valid address: {reason}")]
    Invalid {
        /// The link as given.
        link: String,
        /// What the parser of addresses says.
        reason: String,
    },
}

/// Checks a link as Telegram does and gives the spelling that Telegram keeps (`HTTPS://A.kz` →
/// `https://a.kz/`).
///
/// Source: td/LinkManager.cpp, `check_link_impl`, with td's `parse_url`. Stricter where td guesses: the
/// scheme must be there, no spaces, and the `url` crate must accept it too. Checking twice changes nothing.
///
/// # Errors
/// When Telegram would show the words without the link, or might.
pub fn check_link(link: &str) -> Result<String, LinkError> {
    if link.is_empty() {
        return Err(LinkError::Empty);
    }
    if link.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(LinkError::BadCharacter(link.to_owned()));
    }
    let (scheme, rest) = link.split_once("://").ok_or_else(|| LinkError::Scheme(link.to_owned()))?;
    let scheme = scheme.to_ascii_lowercase();
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match scheme.as_str() {
        "http" | "https" => check_web(link, authority)?,
        "tg" | "ton" | "tonsite" => check_app(link, &scheme, authority, tail)?,
        _ => return Err(LinkError::Scheme(link.to_owned())),
    }
    Url::parse(link)
        .map_err(|e| LinkError::Invalid { link: link.to_owned(), reason: e.to_string() })
        .map(|_| spelled(&scheme, authority, tail))
}

/// A web address needs a host with a dot in it (or an IPv6 one) and a port that exists.
fn check_web(link: &str, authority: &str) -> Result<(), LinkError> {
    let (user, host, port) = parts(authority);
    if port.is_some_and(|port| port.parse::<u16>().map_or(true, |port| port == 0)) {
        return Err(LinkError::Port(link.to_owned()));
    }
    let is_valid = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(ip) => ip.parse::<Ipv6Addr>().is_ok(),
        None => {
            let labels = host.strip_suffix('.').unwrap_or(host);
            labels.contains('.')
                && labels.split('.').all(|label| !label.is_empty() && label.chars().all(is_host))
        }
    };
    if is_valid && user.is_none_or(|user| user.chars().all(|c| c == ':' || is_host(c))) {
        Ok(())
    } else {
        Err(LinkError::Host(link.to_owned()))
    }
}

/// What td lets stand in a host (`parse_url`), apart from `%`, of which there is no need.
fn is_host(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric() || "-_!$,~*'();&+=".contains(c)
}

/// A link into Telegram or TON: one word for a host, no person, no port.
fn check_app(link: &str, scheme: &str, host: &str, tail: &str) -> Result<(), LinkError> {
    let is_letter =
        |c: char| c.is_ascii_alphanumeric() || "-_".contains(c) || (scheme == "tonsite" && c == '.');
    if host.is_empty() || host == "." || !host.chars().all(is_letter) {
        return Err(LinkError::Host(link.to_owned()));
    }
    if scheme == "tg" && host.eq_ignore_ascii_case("user") && tail.trim_start_matches('/').starts_with('?') {
        return Err(LinkError::Mention(link.to_owned()));
    }
    Ok(())
}

/// An authority's user part, host and port.
fn parts(authority: &str) -> (Option<&str>, &str, Option<&str>) {
    let (user, host_port) = match authority.rsplit_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, authority),
    };
    match host_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (user, host, Some(port)),
        _ => (user, host_port, None),
    }
}

/// As td writes it: scheme and host in small letters, a slash before the rest (but `tg://resolve?…` without).
fn spelled(scheme: &str, authority: &str, tail: &str) -> String {
    let (user, host, port) = parts(authority);
    let mut link = format!("{scheme}://");
    if let Some(user) = user.filter(|user| !user.is_empty()) {
        link += user;
        link.push('@');
    }
    link += &host.to_ascii_lowercase();
    if let Some(port) = port {
        link.push(':');
        link += port.trim_start_matches('0');
    }
    if scheme.starts_with("http") {
        if !tail.starts_with('/') {
            link.push('/');
        }
        link += tail;
    } else {
        match tail.strip_prefix('/') {
            Some(query) if query.starts_with('?') => link += query,
            _ if tail.is_empty() || tail.starts_with('#') => {
                link.push('/');
                link += tail;
            }
            _ => link += tail,
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn good_links_get_telegrams_spelling() {
        let rows = [
            ("https://cronos.asia/x", "https://cronos.asia/x"),
            ("https://a.kz", "https://a.kz/"),
            ("HTTPS://A.Kz?b=1&c=2#d", "https://a.kz/?b=1&c=2#d"),
            ("http://новости.қаз/статья", "http://новости.қаз/статья"),
            ("https://user:pw@a.kz:0443/Путь", "https://user:pw@a.kz:443/Путь"),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
            ("http://127.0.0.1/", "http://127.0.0.1/"),
            ("tg://resolve?domain=vestnik", "tg://resolve?domain=vestnik"),
            ("tg://resolve/?domain=vestnik", "tg://resolve?domain=vestnik"),
            ("TG://Settings", "tg://settings/"),
            ("ton://transfer/abc", "ton://transfer/abc"),
            ("tonsite://foundation.ton", "tonsite://foundation.ton/"),
        ];
        for (link, spelling) in rows {
            assert_eq!(check_link(link).as_deref(), Ok(spelling), "{link}");
        }
    }

    #[test]
    fn links_that_telegram_would_drop_are_refused() {
        type Refusal = fn(String) -> LinkError;
        let rows: [(&str, Refusal); 23] = [
            ("cronos.asia/x", LinkError::Scheme),
            ("mailto:a@b.kz", LinkError::Scheme),
            ("ftp://a.kz/", LinkError::Scheme),
            ("javascript://a.kz/", LinkError::Scheme),
            ("https:a.kz", LinkError::Scheme),
            ("https://localhost/x", LinkError::Host),
            ("http://1/", LinkError::Host),
            ("http:///x", LinkError::Host),
            ("http://a%2ekz/", LinkError::Host),
            ("http://./", LinkError::Host),
            ("http://a..kz/", LinkError::Host),
            ("http://[::zz]/", LinkError::Host),
            ("http://a\"b.kz/", LinkError::Host),
            ("http://u%2@a.kz/", LinkError::Host),
            ("tg://a.b", LinkError::Host),
            ("tg://a:80", LinkError::Host),
            ("tg://user?id=1", LinkError::Mention),
            ("https://a.kz:0/", LinkError::Port),
            ("https://a.kz:99999/", LinkError::Port),
            ("https://a.kz:-1/", LinkError::Port),
            ("https://a.kz:/", LinkError::Port),
            ("https://a.kz/две части", LinkError::BadCharacter),
            ("https:\\\\a.kz", LinkError::BadCharacter),
        ];
        for (link, refusal) in rows {
            assert_eq!(check_link(link), Err(refusal(link.to_owned())), "{link}");
        }
        assert_eq!(check_link(""), Err(LinkError::Empty));
        assert!(matches!(check_link("https://xn--a.kz/"), Err(LinkError::Invalid { .. })));
    }

    proptest! {
        #[test]
        fn any_string_gives_an_answer_and_a_spelling_stays(link in r"(https?|tg|tonsite)?(://)?\PC{0,20}") {
            if let Ok(spelling) = check_link(&link) {
                prop_assert_eq!(check_link(&spelling), Ok(spelling.clone()));
            }
        }
    }
}
