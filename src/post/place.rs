//! A place in a text that a person wrote, as an editor program would count it.

use std::fmt;

/// Line and column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl Place {
    /// The place of a byte of `text`; past the end means the end.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let mut place = Self { line: 1, column: 1 };
        for (_, c) in text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= offset) {
            if c == '\n' {
                place = Self { line: place.line + 1, column: 1 };
            } else {
                place.column += 1;
            }
        }
        place
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let text = "Ночь\nдень\n";
        for (offset, line, column) in
            [(0, 1, 1), (2, 1, 2), (8, 1, 5), (9, 2, 1), (10, 2, 1), (18, 3, 1), (99, 3, 1)]
        {
            assert_eq!(Place::of(text, offset), Place { line, column }, "{offset}");
        }
    }
}
