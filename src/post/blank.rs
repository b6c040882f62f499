//! Whether a text shows anything at all: Telegram refuses one made of spaces and invisible signs.

use super::RichText;

impl RichText {
    /// Whether Telegram would call this text empty ("text must be non-empty").
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(is_invisible)
    }
}

/// What td/misc.cpp counts as nothing: `strip_empty_characters`, and what `clean_input_string` takes away
/// before it.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..=' ' | '\u{A0}' | '\u{30A}' | '\u{333}' | '\u{33F}' | '\u{1680}' | '\u{180E}'
        | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}' | '\u{205F}' | '\u{2800}' | '\u{3000}'
        | '\u{FEFF}' | '\u{FFFC}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_invisible_signs_are_no_text() {
        for blank in ["", " \n\t", "\u{A0}\u{200B}", "\u{2800}\u{3000}", "\u{FEFF}\r\u{E0020}"] {
            assert!(RichText::plain(blank).is_blank(), "{blank:?}");
        }
        for shown in ["а", " . ", "\u{200B}🗞"] {
            assert!(!RichText::plain(shown).is_blank(), "{shown:?}");
        }
    }
}
