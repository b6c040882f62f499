//! Web and e-mail addresses that the server finds in a text.
//!
//! A transcription of `match_urls`, `fix_url` and `is_email_address` (td/telegram/MessageEntity.cpp).

use super::find::{Span, is_word};

/// Signs that end a sentence rather than an address.
const NOT_AT_END: &[char] = &['.', ':', ';', ',', '(', '\'', '?', '!', '`'];

/// Top-level domains by which an address without a scheme is known; the server's own list is longer, and rare
/// names are left out here ([`super::rules::RuleId::EntitiesFound`]). Every two-letter one counts as known.
const TOP_LEVEL_DOMAINS: &str = "academy agency app art asia bank biz blog business cafe cat center city cloud club com company cool \
    design dev digital edu email energy events expert express film finance fun game games gov group guru \
    help host info international jobs land law life link live media mil mobi moscow museum name net \
    network news one online org page party photo plus press pro radio report rest review school sexy \
    shop site social space sport store studio tech tel today tools top travel tv university vip website \
    wiki work world xyz zone дети каз москва онлайн орг рус рф сайт срб укр қаз";

/// Every address, and whether it is an e-mail's.
pub(super) fn find_addresses(letters: &[char]) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(dot) = letters.iter().skip(from).position(|c| *c == '.').map(|at| from + at) {
        if dot + 1 == letters.len() {
            break;
        }
        let candidate = Candidate::around(letters, from, dot);
        if let Some(span) = candidate.span {
            found.extend(judged(letters, span));
        }
        from = candidate.next.max(dot + 1);
    }
    found
}

fn judged(letters: &[char], (begin, end): Span) -> Option<(Span, bool)> {
    let text: String = letters[begin..end].iter().collect();
    if is_email(&text) {
        return Some(((begin, end), true));
    }
    if text.strip_prefix("mailto:").is_some_and(is_email) {
        return Some(((begin + "mailto:".len(), end), true));
    }
    let length = web_address_length(&text)?;
    Some(((begin, begin + length), false))
}

/// The longest stretch around a dot that might be an address.
struct Candidate {
    span: Option<Span>,
    /// Where to look for the next dot.
    next: usize,
}

impl Candidate {
    fn around(letters: &[char], from: usize, dot: usize) -> Self {
        let back = |at: usize, is: fn(char) -> bool| {
            (from..at).rev().find(|&i| !is(letters[i])).map_or(from, |i| i + 1)
        };
        let mut begin = back(dot, is_domain_letter);
        let domain_end = ahead(letters, dot, |c| c == '@' || is_domain_letter(c));
        let has_at = letters[dot..domain_end].contains(&'@');
        if has_at {
            begin = back(begin, is_user_letter);
        }
        let end = with_path(letters, with_port(letters, domain_end), dot);

        let mut is_bad = false;
        if begin > from && letters[begin - 1] == '@' {
            let user_begin = back(begin - 1, is_user_letter);
            is_bad = has_at || user_begin == begin - 1;
            begin = user_begin;
        }
        match before(letters, from, begin) {
            Before::Nothing => {}
            Before::Scheme(length) => begin -= length,
            Before::Trouble => is_bad = true,
        }
        let dots_end = ahead(letters, end, |c| c == '.');
        if is_bad {
            let last_dot = (from..end).rev().find(|&i| letters[i] == '.').map_or(end, |i| i + 1);
            return Self { span: None, next: last_dot };
        }
        Self { span: (end > dot + 1).then_some((begin, end)), next: dots_end }
    }
}

/// What stands right before an address.
enum Before {
    Nothing,
    /// `https://` and the like, this many letters.
    Scheme(usize),
    Trouble,
}

fn before(letters: &[char], from: usize, begin: usize) -> Before {
    let Some(last) = (begin > from).then(|| letters[begin - 1]) else {
        return Before::Nothing;
    };
    if begin - from >= 6 && letters[begin - 3..begin] == [':', '/', '/'] {
        let is_scheme_letter = |c: char| {
            if c.is_ascii() { c.is_ascii_alphanumeric() || "+-".contains(c) } else { !c.is_whitespace() }
        };
        let scheme_begin =
            (from..begin - 3).rev().find(|&i| !is_scheme_letter(letters[i])).map_or(from, |i| i + 1);
        let scheme: String = letters[scheme_begin..begin - 3].iter().collect::<String>().to_ascii_lowercase();
        let known =
            [("http", "shttp", "shttp"), ("https", "", ""), ("ftp", "tftp", "sftp"), ("tonsite", "", "")];
        return known
            .into_iter()
            .find(|(name, not, nor)| scheme.ends_with(name) && scheme != *not && scheme != *nor)
            .map_or(Before::Trouble, |(name, ..)| Before::Scheme(name.len() + 3));
    }
    if is_word(last) || matches!(last, '/' | '#' | '@') { Before::Trouble } else { Before::Nothing }
}

fn ahead(letters: &[char], from: usize, is: impl Fn(char) -> bool) -> usize {
    letters.iter().skip(from).position(|c| !is(*c)).map_or(letters.len(), |length| from + length)
}

fn with_port(letters: &[char], end: usize) -> usize {
    if letters.get(end) != Some(&':') {
        return end;
    }
    let port_end = ahead(letters, end + 1, |c| c.is_ascii_digit());
    let port: String = letters[end + 1..port_end].iter().collect();
    let port = port.trim_start_matches('0');
    if port.parse::<u16>().is_ok() { port_end } else { end }
}

fn with_path(letters: &[char], end: usize, dot: usize) -> usize {
    let mut end = end;
    if let Some(sign @ ('/' | '?' | '#')) = letters.get(end).copied() {
        let mut path_end = ahead(letters, end + 1, is_path_letter);
        while path_end > end + 1 && NOT_AT_END.contains(&letters[path_end - 1]) {
            path_end -= 1;
        }
        if sign == '/' || path_end > end + 1 {
            end = path_end;
        }
    }
    while end > dot + 1 && letters[end - 1] == '.' {
        end -= 1;
    }
    end
}

fn is_address_letter(c: char) -> bool {
    match c {
        '\u{2000}'..='\u{206f}' => matches!(c, '\u{200c}' | '\u{200d}' | '\u{2010}'..='\u{2015}'),
        _ => !c.is_whitespace(),
    }
}

fn is_domain_letter(c: char) -> bool {
    if c < '\u{c0}' { c.is_ascii_alphanumeric() || "._-~".contains(c) } else { is_address_letter(c) }
}

fn is_user_letter(c: char) -> bool {
    !"\n/[]{}()'`<>\"@«»".contains(c) && is_address_letter(c)
}

fn is_path_letter(c: char) -> bool {
    !"\n<>\"«»".contains(c) && is_address_letter(c)
}

/// How many letters of `text` make a web address: closing brackets that were not opened are left out; `None`
/// when its host can't be one.
fn web_address_length(text: &str) -> Option<usize> {
    let head: String = text.chars().take(10).collect::<String>().to_ascii_lowercase();
    let scheme =
        ["http://", "https://", "ftp://", "tonsite://"].into_iter().find(|name| head.starts_with(name));
    let rest: Vec<char> = text.chars().skip(scheme.map_or(0, str::len)).collect();
    let host_end = rest.iter().position(|c| "/?#".contains(*c)).unwrap_or(rest.len());
    let authority: String = rest[..host_end].iter().collect();
    let host = authority.split_once('@').map_or(authority.as_str(), |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    is_host(host, scheme.is_some())
        .then(|| text.chars().count() - (rest.len() - host_end) + path_length(&rest[host_end..]))
}

fn path_length(path: &[char]) -> usize {
    let mut open = [0_i32; 3];
    let unbalanced = path.iter().position(|c| {
        for (count, (opening, closing)) in open.iter_mut().zip([('(', ')'), ('[', ']'), ('{', '}')]) {
            *count += i32::from(*c == opening) - i32::from(*c == closing);
        }
        open.iter().any(|count| *count < 0)
    });
    let mut end = unbalanced.unwrap_or(path.len());
    while end > 0 && NOT_AT_END.contains(&path[end - 1]) {
        end -= 1;
    }
    end
}

fn is_host(host: &str, has_scheme: bool) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let part_fits = |part: &&str| (1..64).contains(&part.len()) && !part.ends_with('-');
    if parts.len() < 2 || !parts.iter().all(part_fits) || host.eq_ignore_ascii_case("teiegram.org") {
        return false;
    }
    let is_number = |part: &&str| part.bytes().all(|c| c.is_ascii_digit());
    if parts.iter().all(is_number) {
        let is_octet =
            |part: &&str| part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0'));
        return parts.len() == 4 && parts.iter().all(is_octet);
    }
    let (Some(top), Some(second)) = (parts.last(), parts.iter().rev().nth(1)) else {
        return false;
    };
    let top_fits = match top.strip_prefix("xn--") {
        Some(code) => code.len() > 1 && code.chars().all(|c| c.is_ascii_alphanumeric()),
        None => {
            top.chars().count() > 1 && !top.contains(['_', '-']) && (has_scheme || is_known_top_level(top))
        }
    };
    top_fits && !second.contains('_')
}

fn is_known_top_level(top: &str) -> bool {
    let lower = top.to_lowercase();
    // «Конец.Начало» is the end of a sentence: a name in capitals must be so from its first letter on.
    if lower != top && lower.chars().next() == top.chars().next() {
        return false;
    }
    let is_country = lower.len() == 2 && lower.bytes().all(|c| c.is_ascii_lowercase());
    is_country || TOP_LEVEL_DOMAINS.split(' ').any(|known| known == lower)
}

/// `/^([a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(([a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}$/i`
fn is_email(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let Some((user, domain)) = text.split_once('@') else {
        return false;
    };
    let mut user_parts = user.split(['.', '+']).rev();
    let last_fits = user_parts.next().is_some_and(|last| (1..=35).contains(&last.len()));
    let others_fit = user_parts.all(|part| part.len() <= 26) && user.matches(['.', '+']).count() <= 10;
    let user_fits = user.chars().all(|c| is_letter(c) || c == '.' || c == '+');

    let mut domain_parts: Vec<&str> = domain.split('.').collect();
    let Some(top) = domain_parts.pop() else {
        return false;
    };
    let top_fits = (2..=8).contains(&top.len()) && top.chars().all(|c| c.is_ascii_alphabetic());
    let part_fits = |part: &&str| {
        (1..=30).contains(&part.len())
            && part.chars().all(is_letter)
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    last_fits
        && others_fit
        && user_fits
        && top_fits
        && (1..=6).contains(&domain_parts.len())
        && domain_parts.iter().all(part_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        find_addresses(&letters)
            .into_iter()
            .map(|((begin, end), is_email)| {
                letters[begin..end].iter().collect::<String>() + if is_email { " (e-mail)" } else { "" }
            })
            .collect()
    }

    #[test]
    fn addresses_end_where_the_sentence_does() {
        assert_eq!(addresses("Читайте на https://cronos.asia/x?y=1."), ["https://cronos.asia/x?y=1"]);
        assert_eq!(addresses("(см. https://a.kz/b_(c))."), ["https://a.kz/b_(c)"]);
        assert_eq!(
            addresses("cronos.asia, akorda.kz:8080/ru и новости.рф"),
            ["cronos.asia", "akorda.kz:8080/ru", "новости.рф"]
        );
        assert_eq!(addresses("https://внутри.сети http://a.kz/«b»"), ["https://внутри.сети", "http://a.kz/"]);
    }

    #[test]
    fn an_end_of_a_sentence_is_no_address() {
        assert!(addresses("Конец.Начало и т.д. 12.03.2026 a.b localhost 3.14").is_empty());
        assert!(addresses("gopher://a.kz x@@a.kz имя.неизвестно").is_empty());
    }

    #[test]
    fn e_mails_are_told_apart() {
        assert_eq!(
            addresses("Пишите red@cronos.asia или mailto:a.b@c.kz"),
            ["red@cronos.asia (e-mail)", "a.b@c.kz (e-mail)"]
        );
    }

    #[test]
    fn numbers_are_an_address_only_as_ipv4() {
        assert_eq!(addresses("192.168.0.1 и 256.1.1.1 и 1.2.3"), ["192.168.0.1"]);
    }
}
