//! The documentation and the shipped settings know every key, and no other; what they say of defaults is so.

use std::fmt::Write as _;

use super::super::keys::{self, KEYS, Key, Otherwise, Section};
use super::*;
use crate::post::DEFAULT_TEMPLATE;

const DOCUMENTATION: &str = include_str!("../../../docs/configuration.md");
const SHIPPED: &str = include_str!("../../../bot.toml");

/// Writes a section's keys as they stand in the documentation.
fn keys_of(section: Section) -> String {
    let mut text = String::new();
    if section == Section::Article {
        for (name, default) in keys::cleaning() {
            let default = default.to_string().replace("\",\"", "\", \"");
            let _ = writeln!(
                text,
                "- **`{name}`**: {}\n  *A list of texts.* Default: `{default}`.",
                doc_of(&name)
            );
        }
        return text;
    }
    for key in KEYS.iter().filter(|key| key.section == section) {
        let kind = key.kind.words();
        let kind = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        let limits = if key.limits.is_empty() { String::new() } else { format!(": {}", key.limits) };
        let default = match key.otherwise {
            Otherwise::Value(value) => format!("Default: `{value}`"),
            Otherwise::Words(words) => format!("Without it: {words}"),
            Otherwise::Required => "Must be given".to_owned(),
        };
        let (name, meaning, example) = (key.name, key.meaning, key.example);
        let _ = writeln!(
            text,
            "- **`{name}`**: {meaning}\n  *{kind}{limits}.* {default}. Example: `{name} = {example}`."
        );
    }
    text
}

#[test]
fn the_shipped_settings_name_every_variable_of_a_template() {
    for (variable, _) in crate::post::VARIABLES {
        assert!(SHIPPED.contains(&format!("\n#   {variable} ")), "{variable}");
    }
}

/// What the type says of a field of `[article]`.
fn doc_of(field: &str) -> String {
    let source = include_str!("../../article/cleaning.rs");
    let declared = source.find(&format!("    pub {field}: ")).unwrap_or_else(|| panic!("no field {field}"));
    let mut lines: Vec<&str> =
        source[..declared].lines().rev().map_while(|line| line.trim().strip_prefix("/// ")).collect();
    lines.reverse();
    assert!(!lines.is_empty(), "the field {field} has no documentation");
    lines.join(" ")
}

/// The documentation with all keys as the code has them: each section stands between `<!-- keys: NAME -->` and `<!-- end -->`.
fn written_anew() -> String {
    let mut text = DOCUMENTATION.to_owned();
    for section in Section::ALL {
        let name = if section == Section::Top { "top" } else { section.name() };
        let begin = format!("<!-- keys: {name} -->\n");
        let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no keys of {name}"));
        let (_, after) =
            rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("the keys of {name} never end"));
        text = format!("{before}{begin}{}<!-- end -->{after}", keys_of(section));
    }
    text
}

#[test]
fn the_documentation_tells_every_key_as_it_is() {
    let anew = written_anew();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        std::fs::write(path, &anew).unwrap();
    } else {
        let stale = DOCUMENTATION.lines().zip(anew.lines()).find(|(is, should)| is != should);
        assert!(DOCUMENTATION == anew, "UPDATE_DOCS=1 cargo test --lib config writes it anew: {stale:#?}");
    }
}

#[test]
fn the_documentations_examples_are_good() {
    let blocks = DOCUMENTATION.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut count = 0;
    for block in blocks {
        let desk = if block.contains("[desk]") { "" } else { "[desk]\neditors = [1]\n" };
        let channel = if block.contains("[[channels]]") { "" } else { "[[channels]]\nid = -1001\n" };
        assert_eq!(problems(&format!("{block}\n{desk}{channel}")), [""; 0], "{block}");
        count += 1;
    }
    assert!(count > 3);
}

/// Settings with a key set to a value, each in a file that is good without it.
fn set(key: &Key, value: &str) -> String {
    let line = if value.is_empty() { String::new() } else { format!("{} = {value}", key.name) };
    let (desk, channel) = ("[desk]\neditors = [1, 2]\n", "[[channels]]\nid = \"@your_channel\"\n");
    match key.section {
        Section::Top => format!("{line}\n{desk}{channel}"),
        Section::Desk if key.name == "editors" => format!("[desk]\n{line}\n{channel}"),
        Section::Desk => format!("{desk}{line}\n{channel}"),
        Section::Editor if key.name == "id" => format!("[desk]\neditors = [{{ {line} }}]\n{channel}"),
        Section::Editor if line.is_empty() => format!("[desk]\neditors = [{{ id = 1 }}]\n{channel}"),
        Section::Editor => format!("[desk]\neditors = [{{ id = 1, {line} }}]\n{channel}"),
        // Next to a channel that takes the rest.
        Section::Channels if key.name == "id" => format!("{desk}[[channels]]\n{line}\n"),
        Section::Channels => format!("{desk}[[channels]]\nid = -1001\n{channel}{line}\n"),
        Section::Rubrics if key.name == "name" => format!("{desk}{channel}[[rubrics]]\n{line}\n"),
        Section::Rubrics => format!("{desk}{channel}[[rubrics]]\nname = \"Политика\"\n{line}\n"),
        section => format!("{desk}{channel}{}\n{line}\n", section.heading().unwrap()),
    }
}

#[test]
fn every_key_is_read_takes_its_example_and_has_the_default_that_is_told() {
    for key in KEYS {
        let path = key.path();
        assert_eq!(problems(&set(key, key.example)), [""; 0], "{path} = {}", key.example);
        // A date is of no key's kind.
        let wrong = problems(&set(key, "2026-11-25"));
        assert!(wrong.len() == 1 && wrong[0].contains(&format!(": {path}: this is ")), "{path}: {wrong:#?}");
        let shown = |text: &str| format!("{:#?}", parse(text).unwrap());
        match key.otherwise {
            Otherwise::Required => assert!(!problems(&set(key, "")).is_empty(), "{path} may be left out"),
            Otherwise::Value(value) => assert_eq!(shown(&set(key, value)), shown(&set(key, "")), "{path}"),
            Otherwise::Words(_) => {
                assert_eq!(problems(&set(key, "")), [""; 0], "{path}");
            }
        }
        assert_ne!(
            shown(&set(key, key.example)),
            format!("{:#?}", parse(&set(key, "")).ok()),
            "{path} does nothing"
        );
    }
    for (name, default) in keys::cleaning() {
        let article = |value: &str| with("top", &format!("[article]\n{name} = {value}"));
        assert_eq!(problems(&article(&default.to_string())), [""; 0], "{name}");
        assert_eq!(problems(&article("2026-11-25")).len(), 1, "{name}");
    }
}

/// What a line like `# key = value` or `# [section]` shows.
fn example(line: &str) -> Option<&str> {
    let shown = line.strip_prefix("# ")?;
    let key = shown.split_once(" = ").map_or("", |(key, _)| key);
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_heading = shown.starts_with('[') && shown.ends_with(']') && !shown.contains(' ');
    (is_key || is_heading).then_some(shown)
}

#[test]
fn the_shipped_settings_show_every_key_and_its_examples_are_good() {
    let active: String =
        SHIPPED.lines().map(|line| example(line).unwrap_or(line).to_owned() + "\n").collect();
    let active = active.replace("editors = []", "editors = [1, 2]");
    assert_eq!(problems(&active), [""; 0]);
    // Which keys stand there, by section.
    let mut shown = Vec::new();
    let mut section = Section::Top;
    for line in active.lines() {
        if let Some(found) =
            Section::with_headings().find(|section| section.heading().as_deref() == Some(line))
        {
            section = found;
        } else if let Some((key, _)) =
            line.split_once(" = ").filter(|(key, _)| !key.contains([' ', '#', '<']))
        {
            shown.push(section.path(key));
        }
    }
    for section in Section::ALL.into_iter().filter(|section| *section != Section::Editor) {
        for name in section.names() {
            let path = section.path(&name);
            assert!(shown.contains(&path), "bot.toml does not show {path}");
        }
    }
    let template = parse(&active).unwrap().channels.remove(0).template;
    assert_eq!(template.source().trim(), DEFAULT_TEMPLATE.trim());
}
