//! HTML in an export made plain: tags never stand in a post as litter, scripts never reach it, and «5 < 7» stays.
//!
//! No parser of whole pages: those take every `<a` for a tag and lose what a text says about «a<b». Here a `<` counts only
//! where a known element is written out in full, with attributes that look like some; anything else is a character.

use std::borrow::Cow;

use super::ReadError;

/// Elements that part paragraphs.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
];
/// Of these, the ones that hold a single paragraph: a line's end within is a space.
const PARAGRAPHS: &[&str] = &[
    "blockquote",
    "caption",
    "dd",
    "dt",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "p",
    "title",
];
/// Elements within a paragraph.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "amp-img", "b", "base", "big", "cite", "code", "col", "colgroup", "data", "del",
    "dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "nobr",
    "picture", "q", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "td", "th",
    "time", "tt", "u", "var", "wbr",
];
/// Elements that go with all that they hold: what a page does, and what stands around its article.
const DROPPED: &[&str] = &[
    "aside", "audio", "button", "canvas", "footer", "form", "iframe", "nav", "noscript", "object", "select",
    "svg", "template", "textarea", "video",
];
/// Of what goes with all that it holds, what must never be left behind: without its end nobody knows what is text.
const CODE: &[&str] = &["script", "style"];
/// Attributes that stand without a value: any other word after «a<b» is text.
const BARE: &[&str] = &[
    "allowfullscreen",
    "async",
    "checked",
    "compact",
    "controls",
    "crossorigin",
    "defer",
    "disabled",
    "download",
    "hidden",
    "ismap",
    "itemscope",
    "loop",
    "multiple",
    "muted",
    "nomodule",
    "noshade",
    "nowrap",
    "open",
    "readonly",
    "required",
    "reversed",
    "selected",
    "sizes",
];

/// The text without markup: block elements part lines, entities are the characters that they stand for.
///
/// # Errors
/// [`ReadError::OpenCode`] for a script or style sheet that doesn't end.
pub(super) fn without_markup(raw: &str) -> Result<Cow<'_, str>, ReadError> {
    if !raw.contains(['<', '&']) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut reader = Reader {
        rest: raw,
        text: String::with_capacity(raw.len()),
        is_page: finds(raw, "<html") || finds(raw, "<body") || finds(raw, "<!doctype"),
        has_heading: finds(raw, "<h1"),
        in_paragraph: false,
        unclosed: Vec::new(),
    };
    while let Some(at) = reader.rest.find('<') {
        let (before, rest) = reader.rest.split_at(at);
        reader.takes(before);
        reader.rest = rest;
        reader.markup()?;
    }
    reader.takes(reader.rest);
    Ok(Cow::Owned(reader.text))
}

struct Reader<'a> {
    rest: &'a str,
    text: String,
    /// Whether it is a whole page, in which line ends mean nothing.
    is_page: bool,
    /// Whether it has a heading of its own: then the page's title, which names the site as well, is left out.
    has_heading: bool,
    in_paragraph: bool,
    /// Ends that do not follow any more: looked for once.
    unclosed: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Characters that are no markup.
    fn takes(&mut self, text: &str) {
        let text = html_escape::decode_html_entities(text);
        if self.is_page || self.in_paragraph {
            self.text.extend(text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }));
        } else {
            self.text.push_str(&text);
        }
    }

    /// What begins with the `<` that comes next: a tag, a comment, or just that character.
    fn markup(&mut self) -> Result<(), ReadError> {
        if let Some(after) = self.after_declaration() {
            self.rest = after;
            return Ok(());
        }
        let Some(tag) = tag(self.rest) else {
            self.text.push('<');
            self.rest = self.rest.get(1..).unwrap_or_default();
            return Ok(());
        };
        self.rest = tag.after;
        let is_code = CODE.contains(&tag.name);
        let is_dropped = is_code || DROPPED.contains(&tag.name) || (tag.name == "title" && self.has_heading);
        if is_dropped && !tag.is_end && !tag.is_whole {
            match self.after_end(tag.name) {
                Some(after) => self.rest = after,
                None if is_code => return Err(ReadError::OpenCode { tag: tag.name }),
                None => {}
            }
        }
        if BLOCKS.contains(&tag.name) || is_dropped {
            self.text.push('\n');
            if tag.name != "br" {
                self.in_paragraph = PARAGRAPHS.contains(&tag.name) && !tag.is_end;
            }
        } else if matches!(tag.name, "td" | "th") {
            self.text.push(' ');
        }
        Ok(())
    }

    /// What follows a comment, a doctype or the like, if the text goes on with one.
    fn after_declaration(&mut self) -> Option<&'a str> {
        let (start, end) = [("<!--", "-->"), ("<!doctype", ">"), ("<![", "]>"), ("<?xml", "?>")]
            .into_iter()
            .find(|(start, _)| finds(self.rest.get(..start.len()).unwrap_or_default(), start))?;
        let text = self.rest.get(start.len()..)?;
        self.unless_unclosed(end, || text.split_once(end).map(|(_, after)| after))
    }

    /// What a search for an end finds, which is not made again once it was in vain.
    fn unless_unclosed(
        &mut self,
        end: &'static str,
        search: impl FnOnce() -> Option<&'a str>,
    ) -> Option<&'a str> {
        if self.unclosed.contains(&end) {
            return None;
        }
        let found = search();
        if found.is_none() {
            self.unclosed.push(end);
        }
        found
    }

    /// What follows the next end of an element.
    fn after_end(&mut self, name: &'static str) -> Option<&'a str> {
        let text = self.rest;
        self.unless_unclosed(name, || {
            let mut ends = text.match_indices("</").filter_map(|(at, _)| tag(text.get(at..)?));
            ends.find(|end| end.name == name).map(|end| end.after)
        })
    }
}

struct Tag<'a> {
    name: &'static str,
    is_end: bool,
    /// Opened and closed at once: `<br/>`.
    is_whole: bool,
    after: &'a str,
}

/// The tag with which a text begins, if it is one of a known element.
fn tag(text: &str) -> Option<Tag<'_>> {
    let rest = text.strip_prefix('<')?;
    let (is_end, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
    let (name, mut rest) = rest.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    if !rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>') {
        return None;
    }
    let lists = [BLOCKS, INLINE, DROPPED, CODE];
    let name = *lists.iter().flat_map(|list| list.iter()).find(|known| known.eq_ignore_ascii_case(name))?;
    loop {
        let attribute = rest.trim_start();
        if let Some(after) = attribute.strip_prefix('>') {
            return Some(Tag { name, is_end, is_whole: false, after });
        }
        if let Some(after) = attribute.strip_prefix("/>") {
            return Some(Tag { name, is_end, is_whole: true, after });
        }
        // Attributes stand apart from the name, though not always from each other.
        rest = after_attribute(attribute.strip_prefix('/').unwrap_or(attribute))?;
    }
}

/// What follows an attribute such as `href="…"`, `width=5` or `hidden`.
fn after_attribute(text: &str) -> Option<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '@');
    let length = text.find(|c| !is_of_name(c)).filter(|&length| length > 0)?;
    let (name, rest) = text.split_at_checked(length)?;
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        return BARE.iter().any(|bare| bare.eq_ignore_ascii_case(name)).then_some(rest);
    };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(value) = value.strip_prefix(quote) {
            return value.split_once(quote).map(|(_, after)| after);
        }
    }
    let length = value.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\''))?;
    value.get(length..)
}

/// Whether a text holds this start of a tag, in whichever case.
fn finds(text: &str, start: &str) -> bool {
    text.match_indices('<')
        .filter_map(|(at, _)| text.get(at..at + start.len()))
        .any(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lines that remain.
    fn lines(raw: &str) -> Vec<String> {
        let text = without_markup(raw).unwrap();
        super::super::text::plain_lines(&text).collect()
    }

    #[test]
    fn a_page_becomes_its_lines() {
        let page = "<!DOCTYPE html>\n<html><head><title>Мост | Cronos</title><meta charset=utf-8>\n\
            <style>p{color:red}</style><script type=\"a\">if (a<b) x(\"</p>\")</script></head>\n\
            <body class='x'><nav><a href=/>Главная</a></nav><h1>Мост\nоткрыт</h1>\n\
            <p>Длина&nbsp;&mdash; <b>214</b>\nметров.<br/>Ещё <a href=\"x>y\">текст</a>.<p>Конец &laquo;A&amp;B&raquo;.\n\
            <!-- <p>нет --><ul><li>Раз<li>Два</ul><img src=x alt=\"Фото\"><footer>Подвал</footer></body></html>";
        assert_eq!(
            lines(page),
            ["Мост открыт", "Длина — 214 метров.", "Ещё текст.", "Конец «A&B».", "Раз", "Два"]
        );
        assert_eq!(lines("<html><title>Мост</title><body>Его\nждали.</html>"), ["Мост", "Его ждали."]);
    }

    #[test]
    fn tags_among_plain_lines_go_and_the_lines_stay() {
        assert_eq!(
            lines(
                "Мост <i>открыт</i>\nЕго <B>ждали</B>.<script>alert(1)</script>\n<h2>Что\nдальше</h2>\nДа.</div>"
            ),
            ["Мост открыт", "Его ждали.", "Что дальше", "Да."]
        );
        assert_eq!(lines("Мост&nbsp;&mdash; &#8470;&#x35;"), ["Мост — №5"]);
    }

    #[test]
    fn a_character_that_is_no_markup_stays() {
        for text in [
            "5 < 7 и 8 > 6",
            "a<b и c>d",
            "x<y",
            "<редакция>",
            "<имя@a.kz>",
            "Mail <a@b.kz>",
            "<3",
            "<",
            "<<b",
            "R&D; AT&T",
            "?a=1&copy=2",
            "<!-- без конца",
            "<b class=\"без конца",
            "</>",
            "<unknown>",
            "&unknown;",
            "<p",
            "<p<p",
        ] {
            assert_eq!(lines(text), [text]);
        }
    }

    #[test]
    fn code_without_an_end_is_refused_and_other_elements_lose_their_tags_alone() {
        assert_eq!(without_markup("Мост <SCRIPT>x()"), Err(ReadError::OpenCode { tag: "script" }));
        assert_eq!(without_markup("<style>a{}</p>"), Err(ReadError::OpenCode { tag: "style" }));
        assert_eq!(lines("<nav>Мост <nav>открыт"), ["Мост", "открыт"]);
    }

    #[test]
    fn what_was_written_as_text_is_not_read_as_markup() {
        assert_eq!(lines("Тег &lt;script&gt; опасен &amp;amp;"), ["Тег <script> опасен &amp;"]);
    }

    fn soup() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<",
            ">",
            "</",
            "p",
            "<p>",
            "</p>",
            "<script",
            "<script>",
            "</script>",
            "<nav>",
            "</nav>",
            "a",
            " ",
            "=",
            "\"",
            "'",
            "<!--",
            "-->",
            "&",
            "amp;",
            "&lt;",
            "\n",
            "текст",
            "<a href=\"",
            "<br/>",
            "<html>",
            "<style>",
            "/",
            "<h1>",
        ]);
        prop::collection::vec(
            prop_oneof![4 => piece.prop_map(String::from), 1 => any::<char>().prop_map(String::from)],
            0..40,
        )
        .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_soup_is_read_or_refused_and_nothing_longer(raw in soup()) {
            if let Ok(text) = without_markup(&raw) {
                prop_assert!(text.chars().count() <= raw.chars().count());
            }
        }

        #[test]
        fn what_a_script_does_never_comes_through(head in soup(), tail in soup()) {
            let raw = format!("{head}<script>СЕКРЕТ</script>{tail}");
            // A comment or a quote that the soup began may swallow the tag; its end then comes before what is in it.
            if let Ok(text) = without_markup(&raw) && !head.contains(['"', '\'', '<']) {
                prop_assert!(!text.contains("СЕКРЕТ"));
            }
        }
    }
}
