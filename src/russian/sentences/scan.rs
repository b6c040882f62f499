//! One pass over a line: finds the marks, hands each to the rules, cuts where they say so.

use super::boundary::{Mark, Quote, ends_sentence};

/// Marks after which a sentence may end.
pub(super) const MARKS: [char; 4] = ['.', '!', '?', '…'];
/// What may close after a mark and belongs to the sentence before it.
const CLOSERS: [char; 8] = ['»', '”', '“', '"', ')', ']', '\'', '`'];

/// The sentences of one line.
pub(super) struct Sentences<'a> {
    line: &'a str,
    /// Where the sentence under way begins.
    start: usize,
    /// How far the line has been read.
    at: usize,
    brackets: Depth,
    quotes: Depth,
}

/// How deep in brackets (or quotes) the scan is, and where the outermost was opened.
#[derive(Default)]
struct Depth {
    level: usize,
    opened_at: usize,
}

impl Depth {
    fn open(&mut self, at: usize) {
        if self.level == 0 {
            self.opened_at = at;
        }
        self.level += 1;
    }

    fn close(&mut self) {
        self.level = self.level.saturating_sub(1);
    }

    fn opened_at(&self) -> Option<usize> {
        (self.level > 0).then_some(self.opened_at)
    }
}

impl<'a> Sentences<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self { line, start: 0, at: 0, brackets: Depth::default(), quotes: Depth::default() }
    }

    /// Reads on to the next mark; the position of its first byte.
    fn next_mark(&mut self) -> Option<usize> {
        // Bytes, not characters: most of a text is letters, and none of the bytes sought begins a letter that we know.
        let bytes = self.line.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let here = self.at;
            self.at += 1;
            match byte {
                b'.' | b'!' | b'?' => return Some(here),
                b'(' => self.brackets.open(here),
                b')' => self.brackets.close(),
                0xC2 => match bytes.get(self.at) {
                    Some(0xAB) => self.quotes.open(here),
                    Some(0xBB) => self.quotes.close(),
                    _ => {}
                },
                0xE2 if bytes.get(here + 1..here + 3) == Some(&[0x80, 0xA6]) => return Some(here),
                _ => {}
            }
        }
        None
    }

    /// Takes the marks that follow each other and what closes after them, and asks the rules about them.
    fn is_end(&mut self, first: usize) -> bool {
        let tail = self.line.get(first..).unwrap_or_default();
        let marks_len = tail.len() - tail.trim_start_matches(MARKS).len();
        let (marks, tail) = tail.split_at(marks_len);
        let closers = leading_closers(tail);
        // Quotes are looked at as they were before the closers, brackets as they are after them.
        let quote_opened_at = self.quotes.opened_at();
        for closer in closers.chars() {
            match closer {
                ')' => self.brackets.close(),
                '»' => self.quotes.close(),
                _ => {}
            }
        }
        self.at = first + marks.len() + closers.len();
        ends_sentence(&Mark {
            before: self.line.get(self.start..first).unwrap_or_default().trim_start(),
            marks,
            closers,
            after: self.line.get(self.at..).unwrap_or_default(),
            in_brackets: self.brackets.opened_at().is_some(),
            quote: quote_opened_at.filter(|&open| open >= self.start).map(|open| Quote {
                lead: self.line.get(self.start..open).unwrap_or_default(),
                len: first - open,
                rest: self.line.get(first..).unwrap_or_default(),
            }),
        })
    }
}

/// The closing quotes and brackets with which `tail` begins. A straight quote that a letter follows opens instead.
fn leading_closers(tail: &str) -> &str {
    let mut rest = tail;
    while let Some(closer) = rest.chars().next().filter(|c| CLOSERS.contains(c)) {
        let after = rest.trim_start_matches(closer);
        if matches!(closer, '"' | '“' | '\'' | '`') && after.starts_with(char::is_alphanumeric) {
            break;
        }
        rest = after;
    }
    tail.get(..tail.len() - rest.len()).unwrap_or_default()
}

impl<'a> Iterator for Sentences<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (mut readable, mut searched) = (false, self.start);
        while let Some(mark) = self.next_mark() {
            readable = readable
                || self.line.get(searched..mark).is_some_and(|new| new.contains(char::is_alphanumeric));
            searched = mark;
            if self.is_end(mark) && readable {
                let sentence = self.line.get(self.start..self.at).unwrap_or_default().trim();
                self.start = self.at;
                return Some(sentence);
            }
        }
        let rest = self.line.get(self.start..).unwrap_or_default().trim();
        self.start = self.line.len();
        (!rest.is_empty()).then_some(rest)
    }
}
