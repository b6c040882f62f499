//! The editors' handbook (`docs/editors-reference.ru.md`) speaks of the bot as it is: every command, every button, and examples that
//! the bot really says.

use super::album;
use super::{CommandName, label};

/// The two pages for a start.
const GUIDE: &str = include_str!("../../docs/editors.ru.md");
const HANDBOOK: &str = include_str!("../../docs/editors-reference.ru.md");

#[test]
fn it_names_every_command_and_every_button_of_a_card() {
    for name in CommandName::ALL {
        assert!(HANDBOOK.contains(&format!("`/{}", name.word())), "/{} is missing", name.word());
    }
    let buttons = [
        label::APPROVE,
        label::AT_ONCE,
        label::REJECT,
        label::CANCEL,
        label::RESTORE,
        label::CAME,
        label::NOT_CAME,
        label::NOT_CAME_CANCEL,
        label::RETRY,
        label::WITHDRAW,
        label::WITHOUT_PICTURE,
        label::PAGE_PICTURE,
        label::OR_TEXT,
        label::NEVER_AS_TEXT,
        label::RESUME,
        label::EDIT,
        label::TITLE,
        label::WORDS,
        label::LINK,
        label::PICTURE,
        label::HASHTAGS,
        label::RUBRIC,
        label::VERSIONS,
        label::STOP_EDITING,
        label::UP,
        label::DOWN,
        label::FIRST,
        label::UNPIN,
        label::MORE_TIMES,
        label::TO_THE_QUEUE,
        label::BACK,
        label::FURTHER,
    ];
    for button in buttons {
        assert!(HANDBOOK.contains(&format!("**{button}**")), "{button} is missing");
    }
    assert!(HANDBOOK.contains(&label::refresh(2)));
}

#[test]
fn its_examples_look_as_in_the_chat() {
    let said = album::whole();
    let examples: Vec<&str> = HANDBOOK.split("```").skip(1).step_by(2).flat_map(str::lines).collect();
    assert!(examples.len() > 10);
    for line in examples {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(buttons) => {
                for button in buttons.split("] [") {
                    assert!(said.contains(&format!("│ {button}\n")), "there is no button [{button}]");
                }
            }
            None => assert!(said.contains(&format!("│ {line}")), "the bot does not say: {line}"),
        }
    }
}

#[test]
fn no_section_is_longer_than_two_screens_of_a_phone() {
    /// Some 45 lines of 42 characters.
    const CHARS_MAX: usize = 1_900;
    for section in HANDBOOK.split("\n## ") {
        let length = section.chars().count();
        assert!(length <= CHARS_MAX, "{length} characters: {}", section.lines().next().unwrap_or_default());
    }
}

/// Whatever the hour is there.
#[test]
fn the_guide_shows_what_the_bot_says_too() {
    let hourless = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0").replace("00", "0");
    let said = hourless(&album::whole());
    let examples: Vec<&str> = GUIDE.split("```").skip(1).step_by(2).flat_map(str::lines).collect();
    let of_the_bot = examples.iter().filter(|line| !line.is_empty() && !line.starts_with(['/', '[']));
    assert!(of_the_bot.clone().count() >= 3);
    for line in of_the_bot {
        assert!(said.contains(&hourless(line)), "the bot never says {line}");
    }
}

/// «Сpок» with a Latin «p» looks right, and no search finds it.
#[test]
fn no_latin_letter_hides_in_a_russian_word() {
    let is_cyrillic = |c: char| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
    for text in [album::whole().as_str(), HANDBOOK, GUIDE] {
        for word in text.split(|c: char| !c.is_alphabetic()) {
            let mixed = word.contains(is_cyrillic) && word.contains(|c: char| c.is_ascii_alphabetic());
            assert!(!mixed, "{word}");
        }
    }
}
