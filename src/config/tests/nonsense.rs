//! Whatever stands in the file: no panic, and each problem has words and a line of the file.

use proptest::prelude::*;

use super::super::keys::{KEYS, Section};
use super::*;

fn told_well(text: &str) -> Result<(), TestCaseError> {
    let problems = match parse(text) {
        Ok(config) => config.warnings,
        Err(ConfigError::Problems(problems)) => {
            prop_assert!(problems.iter().any(|problem| problem.severity == Severity::Error), "{}", text);
            problems
        }
        Err(other) => return Err(TestCaseError::fail(other.to_string())),
    };
    let lines = text.lines().count().max(1);
    for problem in &problems {
        prop_assert!((1..=lines).contains(&problem.line), "{}\n{}", problem, text);
        prop_assert!(problem.what.len() > 10 && !problem.key.is_empty(), "{}\n{}", problem, text);
    }
    prop_assert!(problems.is_sorted_by_key(|problem| problem.line));
    Ok(())
}

/// A name that the file may know, or nearly.
fn any_name() -> impl Strategy<Value = String> {
    let known: Vec<String> = Section::ALL
        .into_iter()
        .flat_map(|section| section.names().into_iter().chain([section.name().to_owned()]))
        .chain(["token".to_owned()])
        .filter(|name| !name.is_empty())
        .collect();
    prop_oneof![4 => prop::sample::select(known), 1 => "[a-z_]{1,8}|\\PC{1,4}"]
}

/// A value of any kind, tables and lists included; what the file may hold among them.
fn any_value() -> impl Strategy<Value = toml::Value> {
    let examples: Vec<toml::Value> = KEYS
        .iter()
        .filter_map(|key| toml::from_str::<toml::Table>(&format!("x = {}", key.example)).ok()?.remove("x"))
        .collect();
    let leaf = prop_oneof![
        3 => prop::sample::select(examples),
        1 => any::<i64>().prop_map(toml::Value::Integer),
        1 => any::<f64>().prop_map(toml::Value::Float),
        1 => any::<bool>().prop_map(toml::Value::Boolean),
        2 => "\\PC{0,12}|@[a-z]{0,6}|-100[0-9]{0,20}|[0-9]{1,3}[smhd]|#[а-я ]{0,4}".prop_map(toml::Value::String),
        1 => Just(toml::Value::Datetime("2026-11-25".parse().unwrap())),
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(toml::Value::Array),
            prop::collection::vec((any_name(), inner), 0..8)
                .prop_map(|entries| toml::Value::Table(entries.into_iter().collect())),
        ]
    })
}

#[test]
fn a_key_without_a_name_is_told_all_the_same() {
    told_well("]\n['\n['']").unwrap();
    told_well("['']\n").unwrap();
    told_well("[telegram]\n'' = 1\n").unwrap();
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_in_words(text in "\\PC{0,200}|[a-z\\[\\]=\"'{},#\r\n .0-9]{0,200}") {
        told_well(&text)?;
    }

    #[test]
    fn any_tree_of_values_is_read_or_refused_in_words(
        entries in prop::collection::vec((any_name(), any_value()), 0..10),
    ) {
        let tree: toml::Table = entries.into_iter().collect();
        told_well(&toml::to_string(&tree).unwrap())?;
    }

    #[test]
    fn settings_with_a_piece_broken_out_are_read_or_refused_in_words(
        from in any::<prop::sample::Index>(), length in 0..40_usize, put in "\\PC{0,3}|[\n\"'\\[\\]={}]{0,3}",
    ) {
        let whole: Vec<char> = include_str!("../../../bot.toml").chars().collect();
        let from = from.index(whole.len());
        let to = (from + length).min(whole.len());
        let text: String = whole[..from].iter().copied().chain(put.chars()).chain(whole[to..].iter().copied()).collect();
        told_well(&text)?;
    }

    #[test]
    fn any_template_is_compiled_or_refused_in_words(
        template in "(\\PC{0,6}|\\{\\{|\\}\\}|\\{%|%\\}|\\{#|#\\}| title | link |if |for x in |endif|<b>|</b>|<a href=\"|\">|</a>|&|\n|[0-9]{1,12}|\\*|\\||\\(|\\)){0,14}",
    ) {
        let value = toml::Value::String(template);
        told_well(&with("channels", &format!("template = {value}")))?;
    }
}
