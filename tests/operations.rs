//! What the person at night relies on: `docs/operations.md` tells every message that the log can carry, and no other; every
//! exit code stands where it is looked up; and the unit for systemd starts again what gets better by itself, and only that.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use vestnik::config::Config;

/// Who is no part of the running bot: the judge and the show.
const NOT_THE_BOT: [&str; 2] = ["sandbox", "demo"];
/// What an operator must know. `debug` and `trace` are for whoever reads the source as well.
const LEVELS: [&str; 3] = ["error", "warn", "info"];

/// A message: level, target, and its words with `…` for what differs.
type Message = (String, String, String);

#[test]
fn the_handbook_tells_every_message_of_the_log_and_no_other() {
    let said: BTreeSet<Message> =
        sources().iter().flat_map(|(path, source)| messages(&path.display().to_string(), source)).collect();
    let told: BTreeSet<Message> = told(&read("docs/operations.md")).into_iter().collect();
    let untold: Vec<_> = said.difference(&told).collect();
    let unsaid: Vec<_> = told.difference(&said).collect();
    assert!(said.len() > 40, "the messages are found: {said:?}");
    assert!(untold.is_empty(), "not in docs/operations.md: {untold:#?}");
    assert!(unsaid.is_empty(), "in docs/operations.md, but nothing says so: {unsaid:#?}");
}

#[test]
fn each_target_is_on_by_default_and_in_the_handbook() {
    let used: BTreeSet<String> =
        sources().iter().flat_map(|(_, source)| messages("", source)).map(|(_, target, _)| target).collect();
    // The default filter is made of these.
    let logging = read("src/cli/logging.rs");
    let listed =
        logging.split("const TARGETS").nth(1).unwrap().split(" =").nth(1).unwrap().split(';').next().unwrap();
    let mut listed: BTreeSet<String> = quoted(listed).collect();
    listed.insert("vestnik".to_owned());
    assert_eq!(listed, used);
    let handbook = read("docs/command-line.md");
    let table = handbook.split("## The log").nth(1).unwrap();
    let told: BTreeSet<String> = rows(table).map(|row| in_backticks(&row[0]).unwrap()).collect();
    assert_eq!(told, used);
}

#[test]
fn every_exit_code_stands_in_each_handbook_with_the_same_meaning() {
    let code = read("src/cli/exit.rs");
    let code = code.split("pub(super) fn code").nth(1).unwrap();
    let mut can_come: BTreeSet<u32> = code
        .split("=> ")
        .skip(1)
        .filter_map(|arm| arm.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .collect();
    // Success, and what clap says of a wrong command line.
    can_come.extend([0, 2]);
    let [readme, command_line, operations] =
        ["README.md", "docs/command-line.md", "docs/operations.md"].map(|path| exit_codes(&read(path)));
    let codes = |table: &[Vec<String>]| -> BTreeSet<u32> {
        table.iter().map(|row| row[0].parse().unwrap()).collect()
    };
    for table in [&readme, &command_line, &operations] {
        assert_eq!(codes(table), can_come);
    }
    for (one, other) in readme.iter().zip(&operations) {
        assert_eq!(one[..2], other[..2]);
    }
    for (one, other) in readme.iter().zip(&command_line) {
        assert!(other[1].starts_with(&one[1]), "{one:?} {other:?}");
    }
}

#[test]
fn systemd_starts_again_whatever_needs_no_person() {
    let unit = read("docs/vestnik.service");
    let prevented: BTreeSet<String> =
        setting(&unit, "RestartPreventExitStatus").unwrap().split(' ').map(str::to_owned).collect();
    let table = exit_codes(&read("docs/operations.md"));
    let needs_a_person = table.iter().filter(|row| row[2].contains("**needs a person**"));
    let needs_a_person: BTreeSet<String> = needs_a_person.map(|row| row[0].clone()).collect();
    assert_eq!(prevented, needs_a_person);
    assert_eq!(setting(&unit, "Restart"), Some("on-failure"));
    assert_eq!(setting(&unit, "StartLimitIntervalSec"), Some("0"), "a long outage is no reason to stay down");
}

#[test]
fn the_unit_and_the_settings_of_the_handbook_name_the_same_places() {
    let unit = read("docs/vestnik.service");
    let handbook = read("docs/operations.md");
    let settings = handbook.split("```toml bot.toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config = Config::parse(settings, "bot.toml", Path::new("/etc/vestnik")).unwrap();
    let state = Path::new("/var/lib").join(setting(&unit, "StateDirectory").unwrap());
    assert_eq!(config.data_dir, state);
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    let start = setting(&unit, "ExecStart").unwrap();
    let (program, arguments) = start.split_once(' ').unwrap();
    assert_eq!((program, arguments), ("/usr/local/bin/vestnik", "run --config /etc/vestnik/bot.toml"));
    let token = config.token_file.unwrap();
    // What the unit supposes is what the handbook installs.
    for place in [program, "/etc/vestnik/bot.toml", token.to_str().unwrap()] {
        let (directory, _) = place.rsplit_once('/').unwrap();
        assert!(handbook.contains(place) || handbook.contains(&format!("{directory}/\n")), "{place}");
    }
    assert!(handbook.contains(&format!("127.0.0.1:{}/health", config.http.port)));
}

#[test]
fn the_handbook_of_the_command_line_knows_every_verdict_and_every_trouble() {
    let handbook = read("docs/command-line.md");
    let order = read("src/newsroom/order.rs");
    let mut words: Vec<String> = Vec::new();
    for code in order.split("pub const fn code").skip(1) {
        words.extend(quoted(code.split("\n    }\n").next().unwrap()));
    }
    assert!(words.len() > 20, "the verdicts are found: {words:?}");
    let troubles = read("src/views/status.rs");
    let troubles = troubles.split("pub enum Trouble {").nth(1).unwrap().split("\n}").next().unwrap();
    let troubles = troubles.lines().map(str::trim).filter(|line| line.ends_with(','));
    words.extend(troubles.map(|line| snake_case(line.trim_end_matches(','))));
    for word in words {
        assert!(handbook.contains(&format!("`{word}`")), "docs/command-line.md does not tell {word}");
    }
}

#[test]
fn the_handbook_of_the_settings_tells_every_variable_of_a_template_and_no_other() {
    let handbook = read("docs/configuration.md");
    let table = handbook.split("### Templates").nth(1).unwrap().split("\n## ").next().unwrap();
    let told: Vec<(String, String)> =
        rows(table).map(|row| (in_backticks(&row[0]).unwrap(), row[1].clone())).collect();
    let known = vestnik::post::VARIABLES.iter().map(|&(name, meaning)| (name.to_owned(), meaning.to_owned()));
    assert_eq!(told, known.collect::<Vec<_>>());
}

/// The program's sources without its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut directories = vec![root().join("src")];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let name = path.file_name().unwrap().to_str().unwrap();
                if !NOT_THE_BOT.contains(&name) && name != "tests" {
                    directories.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                found.push((path, source));
            }
        }
    }
    found
}

/// What a source can have the log say. A message that nobody could look up is an error of the source.
fn messages(name: &str, source: &str) -> Vec<Message> {
    let source = source.split("#[cfg(test)]\nmod").next().unwrap();
    assert!(
        !source.contains("log::log!") && !source.contains("use log::{"),
        "{name}: say log::warn! and the like"
    );
    let mut found = Vec::new();
    for level in LEVELS {
        for (at, call) in source.match_indices(&format!("{level}!(")) {
            assert!(source[..at].ends_with("log::"), "{name}: say log::{level}!");
            let arguments = source[at + call.len()..].trim_start();
            let Some(after) = arguments.strip_prefix("target: \"") else {
                panic!(
                    "{name}: a message without a target of ours: {}",
                    &arguments[..arguments.len().min(80)]
                );
            };
            let (target, rest) = after.split_once('"').unwrap();
            let words = literal(&rest[rest.find('"').unwrap()..]);
            found.push((level.to_owned(), target.to_owned(), with_dots(&words)));
        }
    }
    found
}

/// The string literal at the beginning of a text, as it is meant.
fn literal(text: &str) -> String {
    let mut words = String::new();
    let mut chars = text.chars().skip(1);
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next().unwrap() {
                '\n' => {
                    let next = chars.find(|c| !c.is_whitespace()).unwrap();
                    words.push(next);
                }
                escaped => words.push(escaped),
            },
            c => words.push(c),
        }
    }
    words
}

/// `{error}` and `{}` as `…`.
fn with_dots(words: &str) -> String {
    let mut said = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        said.push('…');
        rest = after.split_once('}').unwrap().1;
    }
    said + rest
}

/// The messages that the handbook tells, each with the level under which it stands.
fn told(handbook: &str) -> Vec<Message> {
    let mut found = Vec::new();
    let part = handbook.split("## Every message of the log").nth(1).unwrap();
    for section in part.split("\n### ").skip(1) {
        let level = section.lines().next().unwrap().to_lowercase();
        assert!(LEVELS.contains(&level.as_str()), "{level}");
        for row in rows(section) {
            let [target, message] = [0, 1].map(|cell| in_backticks(&row[cell]).unwrap());
            assert!(!row[2].is_empty(), "{message}: what does it mean?");
            found.push((level.clone(), target, message));
        }
    }
    found
}

/// The rows of the table of exit codes.
fn exit_codes(handbook: &str) -> Vec<Vec<String>> {
    let is_code = |row: &Vec<String>| row[0].parse::<u32>().is_ok();
    rows(handbook).filter(is_code).collect()
}

/// The cells of every row of every table, without the heads.
fn rows(text: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let lines: Vec<&str> = text.lines().collect();
    let is_head = move |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("|---"));
    text.lines()
        .enumerate()
        .filter(move |(at, line)| line.starts_with("| ") && !is_head(*at))
        .map(|(_, line)| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect())
}

fn in_backticks(cell: &str) -> Option<String> {
    Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned())
}

/// The string literals of a piece of code.
fn quoted(code: &str) -> impl Iterator<Item = String> + '_ {
    code.split('"').skip(1).step_by(2).map(str::to_owned)
}

/// What a unit sets a key to.
fn setting<'a>(unit: &'a str, key: &str) -> Option<&'a str> {
    unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

// That it can fail.

#[test]
fn a_message_is_found_however_it_is_written() {
    let source = r#"
        log::warn!(target: "desk", "chat {chat} says \"no\": {why}");
        log::error!(
            target: "journal",
            "torn ({} bytes): \
             cut off",
            length
        );
        log::info!(target: "publish", article, why:%; "published");
        log::debug!(target: "desk", "not for the handbook");
        #[cfg(test)]
mod tests { log::error!("only said in a test"); }
    "#;
    let message = |level: &str, target: &str, words: &str| -> Message {
        (level.to_owned(), target.to_owned(), words.to_owned())
    };
    assert_eq!(
        messages("", source),
        [
            message("error", "journal", "torn (… bytes): cut off"),
            message("warn", "desk", "chat … says \"no\": …"),
            message("info", "publish", "published"),
        ]
    );
    let handbook = "## Every message of the log\n\n### WARN\n\n| target | message | what |\n|---|---|---|\n\
                    | `desk` | `chat … says \"no\": …` | so |\n";
    assert_eq!(told(handbook), [message("warn", "desk", "chat … says \"no\": …")]);
}

#[test]
#[should_panic(expected = "without a target of ours")]
fn a_message_without_a_target_is_refused() {
    messages("", r#"log::warn!("something");"#);
}
