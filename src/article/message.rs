//! Addresses in what an editor writes: finds them, and takes out the one that says where the article stands.

use super::{Link, LinkError};

/// How an address that counts begins. Without a scheme «cronos.asia» may as well be the site's name.
const SCHEMES: [&str; 2] = ["https://", "http://"];
/// What may stand before an address in its word.
const OPENERS: &[char] = &['(', '[', '<', '«', '„', '"', '“', '\''];
/// What may follow an address and is none of it.
const CLOSERS: &[char] = &['.', ',', ';', ':', '!', '?', '…', ')', ']', '>', '»', '”', '“', '"', '\''];

/// All good addresses in a text, in their order. Punctuation around them is left off; bad ones are left out.
#[must_use]
pub fn find_links(text: &str) -> Vec<Link> {
    text.split_whitespace().filter_map(address_in).filter_map(|address| Link::parse(address).ok()).collect()
}

/// Takes the article's address out of a message: the last one that stands alone on its line (a label such as «Ссылка:»
/// may go before it), else one that is the text's last word. Addresses within sentences stay where they are.
///
/// Gives the text without it, trimmed, and the address checked: an address that was meant and is bad is an error that the
/// editor should hear of, not a missing link. The text comes back either way.
#[must_use]
pub fn split_link(text: &str) -> (String, Option<Result<Link, LinkError>>) {
    let lines: Vec<&str> = text.lines().collect();
    if let Some((at, address)) =
        lines.iter().enumerate().rev().find_map(|(at, line)| Some((at, lone_address(line)?)))
    {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|&(i, _)| i != at).map(|(_, line)| *line).collect();
        return (rest.join("\n").trim().to_owned(), Some(Link::parse(address)));
    }
    let text = text.trim();
    let last_word_at = text.rfind(char::is_whitespace).map_or(0, |at| at);
    let (rest, last_word) = text.split_at(last_word_at);
    match address_in(last_word.trim()) {
        Some(address) => (rest.trim_end().to_owned(), Some(Link::parse(address))),
        None => (text.to_owned(), None),
    }
}

/// The address on a line that holds nothing else but a label of one word.
fn lone_address(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let (first, second, third) = (words.next()?, words.next(), words.next());
    match (second, third) {
        (None, _) => address_in(first),
        (Some(second), None) if first.ends_with(':') && address_in(first).is_none() => address_in(second),
        _ => None,
    }
}

/// The address that a word is, its punctuation aside.
fn address_in(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(OPENERS);
    let is_address = SCHEMES
        .iter()
        .any(|scheme| word.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
    is_address.then(|| without_closers(word))
}

/// Takes punctuation off an address's end; a bracket stays if the address opened it: `…/Мост_(Алматы)`.
fn without_closers(address: &str) -> &str {
    let mut address = address;
    while let Some(rest) = address.strip_suffix(CLOSERS) {
        if address.ends_with(')') && rest.matches('(').count() > rest.matches(')').count() {
            break;
        }
        address = rest;
    }
    address
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Link, LinkError, find_links, split_link};

    fn split(text: &str) -> (String, Option<String>) {
        let (rest, link) = split_link(text);
        (rest, link.map(|link| link.unwrap().as_str().to_owned()))
    }

    #[test]
    fn the_articles_address_is_taken_out() {
        for (text, rest, link) in [
            ("https://a.kz/x", "", "https://a.kz/x"),
            ("Мост открыт\n\nЕго ждали.\n\nhttps://a.kz/x\n", "Мост открыт\n\nЕго ждали.", "https://a.kz/x"),
            ("https://a.kz/x\nМост открыт\nЕго ждали.", "Мост открыт\nЕго ждали.", "https://a.kz/x"),
            ("Мост открыт. Его ждали. https://a.kz/x", "Мост открыт. Его ждали.", "https://a.kz/x"),
            ("Мост\nТекст.\nСсылка: https://a.kz/x.", "Мост\nТекст.", "https://a.kz/x"),
            ("Мост\nТекст. (https://a.kz/x)", "Мост\nТекст.", "https://a.kz/x"),
            ("Мост\nhttps://a.kz/1\nТекст\nhttps://a.kz/2", "Мост\nhttps://a.kz/1\nТекст", "https://a.kz/2"),
            ("Мост\nСм. https://b.kz и https://a.kz/М_(А)", "Мост\nСм. https://b.kz и", "https://a.kz/М_(А)"),
        ] {
            assert_eq!(split(text), (rest.to_owned(), Some(link.to_owned())), "{text:?}");
        }
    }

    #[test]
    fn an_address_within_a_sentence_stays() {
        for text in ["Портал https://gov.kz открыт.\nЕго ждали.", "Пишет cronos.asia", "Мост", ""]
        {
            assert_eq!(split_link(text), (text.to_owned(), None));
        }
    }

    #[test]
    fn a_bad_address_is_told_and_the_text_kept() {
        let (text, link) = split_link("Мост\nТекст.\nhttps://localhost/x");
        assert_eq!(text, "Мост\nТекст.");
        assert_eq!(link, Some(Err(LinkError::WrongHost("localhost".to_owned()))));
    }

    #[test]
    fn all_addresses_are_found_in_order() {
        let found =
            find_links("См. «https://a.kz/1», HTTP://b.kz/2) и https://localhost или (https://c.kz/д).");
        let found: Vec<&str> = found.iter().map(Link::as_str).collect();
        assert_eq!(found, ["https://a.kz/1", "HTTP://b.kz/2", "https://c.kz/д"]);
    }

    proptest! {
        #[test]
        fn any_message_can_be_split(text in any::<String>()) {
            let (rest, _) = split_link(&text);
            prop_assert!(rest.len() <= text.len());
        }
    }
}
