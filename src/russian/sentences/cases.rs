//! The table of hard cases (`hard_cases.txt`): what a splitter of Russian news must get right.

/// One line of the table: a text and the sentences that it holds.
pub(super) struct Case {
    /// The class that the line stands under.
    pub(super) class: &'static str,
    /// The text to split.
    pub(super) text: String,
    /// What must come out, in order.
    pub(super) sentences: Vec<&'static str>,
}

/// All cases of the table, in its order.
pub(super) fn hard_cases() -> Vec<Case> {
    let mut class = "";
    let mut cases = Vec::new();
    for line in include_str!("hard_cases.txt").lines() {
        if let Some(name) = line.strip_prefix("## ") {
            class = name;
        } else if !line.is_empty() && !line.starts_with("# ") {
            cases.push(Case {
                class,
                text: line.replace(" | ", " ").replace('|', ""),
                sentences: line.split('|').map(str::trim).collect(),
            });
        }
    }
    cases
}

#[test]
fn the_table_holds_at_least_twelve_classes_of_eight_cases() {
    let mut counts = std::collections::BTreeMap::new();
    for case in hard_cases() {
        *counts.entry(case.class).or_insert(0) += 1;
    }
    assert!(counts.len() >= 12, "{} classes", counts.len());
    assert!(counts.values().all(|&n| n >= 8), "{counts:?}");
}

#[test]
fn a_case_loses_nothing_between_its_sentences() {
    let bare = |text: &str| text.replace(' ', "");
    for case in hard_cases() {
        assert!(case.sentences.iter().all(|sentence| !sentence.is_empty()), "{}", case.text);
        assert_eq!(bare(&case.sentences.concat()), bare(&case.text));
    }
}
