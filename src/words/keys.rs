//! The keyboard of the commonest commands: what its keys say, and which commands they are.

use super::CommandName;

/// The keys, row by row, and their commands.
const KEYS: [[(&str, CommandName); 2]; 2] = [
    [("Черновики", CommandName::Drafts), ("Очередь", CommandName::Queue)],
    [("История", CommandName::History), ("Справка", CommandName::Help)],
];

/// What the keys say, row by row.
#[must_use]
pub fn keyboard() -> Vec<Vec<&'static str>> {
    KEYS.iter().map(|row| row.iter().map(|(key, _)| *key).collect()).collect()
}

/// The command of a message that is exactly what a key says.
#[must_use]
pub fn command_of_key(text: &str) -> Option<CommandName> {
    KEYS.iter().flatten().find(|(key, _)| *key == text.trim()).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_words_of_a_key_are_a_command() {
        assert_eq!(command_of_key(" Очередь "), Some(CommandName::Queue));
        for text in ["очередь", "Очередь в кассу", "Очередь.", "", "/queue"] {
            assert_eq!(command_of_key(text), None, "{text}");
        }
        assert_eq!(keyboard().concat().len(), 4);
    }
}
