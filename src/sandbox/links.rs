//! Whether a link is one that Telegram takes, and how the server spells it afterwards.
//!
//! A transcription of `LinkManager::check_link` (td/telegram/LinkManager.cpp) and `parse_url` (tdutils HttpUrl.cpp).

use std::net::Ipv6Addr;

/// An address taken apart; what is missing is empty.
struct ParsedUrl {
    https: bool,
    userinfo: String,
    host: String,
    is_ipv6: bool,
    /// As written; 0 when it was left out.
    port: u32,
    /// Path, query and fragment; begins with a slash.
    query: String,
}

/// The link as the server will spell it, or td's words for what is wrong with it.
pub(super) fn check_link(link: &str) -> Result<String, String> {
    respelled(link).map_err(|why| format!("URL '{link}' is invalid: {why}"))
}

fn respelled(link: &str) -> Result<String, String> {
    let own_scheme = ["tg", "tonsite", "ton"].into_iter().find_map(|scheme| {
        let rest = strip_prefix_ignoring_case(link, scheme)?.strip_prefix(':')?;
        Some((scheme, rest.strip_prefix("//").unwrap_or(rest)))
    });
    let url = parse_url(own_scheme.map_or(link, |(_, rest)| rest))?;
    if let Some((scheme, rest)) = own_scheme {
        let is_web = url.https || strip_prefix_ignoring_case(rest, "http://").is_some();
        if is_web || !url.userinfo.is_empty() || url.port != 0 || url.is_ipv6 {
            return Err(if scheme == "tg" { "Wrong tg URL" } else { "Wrong ton URL" }.to_owned());
        }
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || (scheme == "tonsite" && c == '.');
        if !url.host.chars().all(allowed) {
            return Err("Unallowed characters in URL host".to_owned());
        }
        let query = url.query.strip_prefix('/').filter(|rest| rest.starts_with('?')).unwrap_or(&url.query);
        return Ok(format!("{scheme}://{}{query}", url.host));
    }
    if !url.host.contains('.') && !url.is_ipv6 {
        return Err("Wrong HTTP URL".to_owned());
    }
    let scheme = if url.https { "https" } else { "http" };
    let userinfo = if url.userinfo.is_empty() { String::new() } else { format!("{}@", url.userinfo) };
    let port = if url.port == 0 { String::new() } else { format!(":{}", url.port) };
    Ok(format!("{scheme}://{userinfo}{}{port}{}", url.host, url.query))
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

fn parse_url(url: &str) -> Result<ParsedUrl, String> {
    let scheme_end = url.find([':', '/', '?', '#', '@', '[', ']']).unwrap_or(url.len());
    let (https, rest) = match url[scheme_end..].strip_prefix("://") {
        None => (false, url),
        Some(rest) => match url[..scheme_end].to_ascii_lowercase().as_str() {
            "http" => (false, rest),
            "https" => (true, rest),
            _ => return Err("Unsupported URL protocol".to_owned()),
        },
    };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, query) = rest.split_at(authority_end);
    let (userinfo_host, port) = split_port(authority)?;
    let (userinfo, host) = userinfo_host.rsplit_once('@').unwrap_or(("", userinfo_host));

    let is_ipv6 = host.len() > 1 && host.starts_with('[') && host.ends_with(']');
    if is_ipv6 && host[1..host.len() - 1].parse::<Ipv6Addr>().is_err() {
        return Err("Wrong IPv6 address specified in the URL".to_owned());
    }
    if host.is_empty() {
        return Err("URL host is empty".to_owned());
    }
    if host == "." {
        return Err("Host is invalid".to_owned());
    }
    let host = host.to_ascii_lowercase();
    if !is_ipv6 {
        check_part(&host, "host", false)?;
        check_part(userinfo, "userinfo", true)?;
    }
    Ok(ParsedUrl { https, userinfo: userinfo.to_owned(), host, is_ipv6, port, query: spelled_query(query) })
}

/// What stands before the port, and the port (0 when there is none).
fn split_port(authority: &str) -> Result<(&str, u32), String> {
    let Some(at) = authority.rfind([':', ']', '@']).filter(|&at| at > 0) else {
        return Ok((authority, 0));
    };
    let Some(port) = authority[at..].strip_prefix(':') else {
        return Ok((authority, 0));
    };
    match port.parse::<u32>() {
        Ok(number @ 1..=65535) if !port.starts_with('+') => Ok((&authority[..at], number)),
        _ => Err("Wrong port number specified in the URL".to_owned()),
    }
}

fn spelled_query(query: &str) -> String {
    let query = query.trim_end_matches(|c: char| c.is_ascii_whitespace() || c == '\0');
    let mut spelled = String::with_capacity(query.len() + 1);
    if !query.starts_with('/') {
        spelled.push('/');
    }
    for c in query.chars() {
        if c <= ' ' {
            spelled.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            spelled.push(c);
        }
    }
    spelled
}

fn check_part(part: &str, name: &str, allow_colon: bool) -> Result<(), String> {
    let mut letters = part.chars();
    while let Some(c) = letters.next() {
        let fine = c.is_ascii_alphanumeric()
            || ".-_!$,~*'();&+=".contains(c)
            || (allow_colon && c == ':')
            || !c.is_ascii();
        if c == '%' {
            let is_hex = |digit: Option<char>| digit.is_some_and(|digit| digit.is_ascii_hexdigit());
            if !(is_hex(letters.next()) && is_hex(letters.next())) {
                return Err(format!("Wrong percent-encoded symbol in URL {name}"));
            }
        } else if !fine {
            return Err(format!("Disallowed character in URL {name}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_comes_back_respelled() {
        for (written, spelled) in [
            ("https://a.kz", "https://a.kz/"),
            ("HTTPS://A.KZ/Путь?q=1#x", "https://a.kz/Путь?q=1#x"),
            ("a.kz", "http://a.kz/"),
            ("https://a.kz?x=1", "https://a.kz/?x=1"),
            ("https://a.kz:0443/x y ", "https://a.kz:443/x%20y"),
            ("https://u:p@новости.рф/", "https://u:p@новости.рф/"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
            // An odd one, but that is how td reads it.
            ("mailto:a@b.kz", "http://mailto:a@b.kz/"),
            ("tg://resolve?domain=x", "tg://resolve?domain=x"),
            ("TG:user", "tg://user/"),
            ("tonsite://a.ton/x", "tonsite://a.ton/x"),
        ] {
            assert_eq!(check_link(written).as_deref(), Ok(spelled), "{written}");
        }
    }

    #[test]
    fn a_bad_link_is_refused_with_its_reason() {
        for (link, why) in [
            ("https://localhost/x", "Wrong HTTP URL"),
            ("https://a.kz:+80", "Wrong port number specified in the URL"),
            ("ftp://a.kz", "Unsupported URL protocol"),
            ("https://", "URL host is empty"),
            ("https://a.kz:0", "Wrong port number specified in the URL"),
            ("https://a b.kz", "Disallowed character in URL host"),
            ("https://a%zz.kz", "Wrong percent-encoded symbol in URL host"),
            ("tg://a.b", "Unallowed characters in URL host"),
            ("tg:https://x", "Wrong tg URL"),
        ] {
            assert_eq!(check_link(link), Err(format!("URL '{link}' is invalid: {why}")));
        }
    }

    proptest! {
        #[test]
        fn the_servers_spelling_is_kept_when_sent_again(link in "(https?://)?[a-zA-Zя.:@/?# %0-9\\[\\]]{0,30}") {
            if let Ok(spelled) = check_link(&link) {
                prop_assert_eq!(check_link(&spelled), Ok(spelled.clone()));
            }
        }
    }
}
