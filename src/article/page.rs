//! The picture that an article's page names for those who link to it: `og:image`, else `twitter:image`. What merely stands
//! on the page is not guessed from: it may be anybody's.

use url::Url;

/// Why a page gives no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// It can't be reached.
    #[error("{0} can't be reached")]
    Unreachable(PageTarget),
    /// It lies in a network that is nobody's business outside it.
    #[error("{0} lies in a private network")]
    Forbidden(PageTarget),
    /// The site answers with this status.
    #[error("{0} is answered with status {1}")]
    Status(PageTarget, u16),
    /// The page names no picture.
    #[error("the page names no picture")]
    NoPicture,
    /// The picture has more bytes than Telegram takes.
    #[error("the page's picture is too large")]
    TooLarge,
    /// It took too long.
    #[error("the site takes too long")]
    TooSlow,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageTarget {
    /// The article's page.
    #[error("the page")]
    Page,
    /// The picture that it names.
    #[error("the page's picture")]
    Picture,
}

/// The names under which a page names its picture, the one that counts most first.
const NAMES: [&str; 5] =
    ["og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"];
/// Elements whose insides are no markup.
const RAW: [&str; 6] = ["script", "style", "title", "textarea", "noscript", "template"];

/// The address of the picture that a page names, resolved against the page's own: http or https, else it counts as none.
/// Only the page's head is read; `html` may end anywhere.
#[must_use]
pub fn page_picture(html: &str, page: &Url) -> Option<Url> {
    let mut named: [Option<Url>; NAMES.len()] = Default::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let inner = rest.get(1..).unwrap_or_default();
        let length = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(length);
        let name = name.to_ascii_lowercase();
        if matches!(name.as_str(), "/head" | "body") {
            break;
        }
        if name == "meta" {
            let (meta, after) = Meta::read(attributes);
            rest = after;
            let place = NAMES.iter().position(|known| meta.name.trim().eq_ignore_ascii_case(known));
            if let Some(known) = place.and_then(|place| named.get_mut(place)) {
                let address = page.join(meta.content.trim()).ok().filter(|_| !meta.content.trim().is_empty());
                let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
                *known = known.take().or_else(|| address.filter(is_web));
            }
            continue;
        }
        rest = match RAW.iter().find(|raw| **raw == name) {
            Some(raw) => after_end(attributes, raw),
            None => attributes,
        };
    }
    named.into_iter().flatten().next()
}

/// What follows `</name`, in whichever case; nothing where it doesn't come.
fn after_end<'a>(text: &'a str, name: &str) -> &'a str {
    let ends = text.match_indices("</").filter_map(|(at, _)| text.get(at + 2..));
    ends.filter_map(|end| Some((end.get(..name.len())?, end.get(name.len()..)?)))
        .find(|(end, _)| end.eq_ignore_ascii_case(name))
        .map_or("", |(_, after)| after)
}

/// What a `<meta …>` says.
#[derive(Default)]
struct Meta {
    name: String,
    content: String,
}

impl Meta {
    /// Reads the attributes of one, and gives what follows it.
    fn read(text: &str) -> (Self, &str) {
        let mut meta = Self::default();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                return (meta, rest.get(1..).unwrap_or_default());
            }
            let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
            // A stray `=` belongs to no name: it is passed over like one.
            let length =
                rest.find(ends).unwrap_or(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8));
            let (name, after) = rest.split_at(length);
            let Some(value) = after.trim_start().strip_prefix('=') else {
                rest = after;
                continue;
            };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => {
                    let inner = value.get(1..).unwrap_or_default();
                    inner.split_once(quote).unwrap_or((inner, ""))
                }
                None => {
                    let length = value.find(|c: char| c.is_ascii_whitespace() || c == '>');
                    value.split_at(length.unwrap_or(value.len()))
                }
            };
            rest = after;
            let value = || html_escape::decode_html_entities(value).into_owned();
            match name.to_ascii_lowercase().as_str() {
                // `property` is Open Graph's, `name` Twitter's; sites mix them up.
                "property" | "name" if meta.name.is_empty() => meta.name = value(),
                "content" => meta.content = value(),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(html: &str) -> Option<String> {
        let page = Url::parse("https://cronos.asia/news/most?id=1").unwrap();
        page_picture(html, &page).map(String::from)
    }

    #[test]
    fn the_picture_that_the_head_names_is_found_however_it_is_written() {
        for (html, address) in [
            (r#"<head><meta property="og:image" content="https://i.kz/a.jpg"></head>"#, "https://i.kz/a.jpg"),
            (
                "<META CONTENT='/a.jpg?x=1&amp;y=2' PROPERTY='OG:Image' />",
                "https://cronos.asia/a.jpg?x=1&y=2",
            ),
            ("<meta name=og:image content=b.png>", "https://cronos.asia/news/b.png"),
            (r#"<meta property="og:image" content="//i.kz/a.jpg">"#, "https://i.kz/a.jpg"),
            (r#"<meta name="twitter:image" content="https://i.kz/t.jpg">"#, "https://i.kz/t.jpg"),
            (
                r#"<meta name="twitter:image" content="https://i.kz/t.jpg"><meta property="og:image" content="https://i.kz/o.jpg">"#,
                "https://i.kz/o.jpg",
            ),
            (
                r#"<meta property="og:image" content=""><meta property="og:image:secure_url" content="https://i.kz/s.jpg">"#,
                "https://i.kz/s.jpg",
            ),
            (
                r#"<meta property="og:image" content="https://i.kz/1.jpg"><meta property="og:image" content="https://i.kz/2.jpg">"#,
                "https://i.kz/1.jpg",
            ),
            (
                "<title>a <meta property=og:image content=no.jpg></title><meta charset=utf-8><meta property=og:image content=/yes.jpg>",
                "https://cronos.asia/yes.jpg",
            ),
            (
                r#"<script>"<meta property='og:image' content='no.jpg'>"</script><meta property="og:image" content="/картинка 1.jpg">"#,
                "https://cronos.asia/%D0%BA%D0%B0%D1%80%D1%82%D0%B8%D0%BD%D0%BA%D0%B0%201.jpg",
            ),
        ] {
            assert_eq!(found(html).as_deref(), Some(address), "{html}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for html in [
            "",
            "<img src=a.jpg>",
            r#"<article><img src="https://i.kz/a.jpg"></article>"#,
            r#"<!-- <meta property="og:image" content="https://i.kz/a.jpg"> -->"#,
            r#"</head><meta property="og:image" content="https://i.kz/a.jpg">"#,
            r#"<body><meta property="og:image" content="https://i.kz/a.jpg">"#,
            r#"<meta property="og:image" content="data:image/png;base64,AAAA">"#,
            r#"<meta property="og:image" content="javascript:alert(1)">"#,
            r#"<meta property="og:image" content="file:///etc/passwd">"#,
            r#"<meta property="og:image" content="  ">"#,
            r#"<meta property="og:image">"#,
            r#"<meta property="og:image:width" content="640">"#,
            r#"<script><meta property="og:image" content="https://i.kz/a.jpg">"#,
        ] {
            assert_eq!(found(html), None, "{html}");
        }
    }

    proptest! {
        #[test]
        fn any_soup_is_read_to_its_end(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "meta ", "<meta ", "property", "=", "\"", "'", "og:image", "content", "/", " ", "<!--", "-->",
                "<script>", "</script", "http://a.kz/", "я", "</head>", "\n", "&amp;", "<title",
            ]),
            0..40,
        )) {
            if let Some(address) = found(&pieces.concat()) {
                prop_assert!(address.starts_with("http"));
            }
        }
    }
}
