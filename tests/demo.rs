//! The show (`vestnik demo`), as whoever tries Vestnik for the first time reads it.

/// From here on sandbox time runs so fast that a busy machine shows other minutes, and some states of a card not at all.
const FAST: &str = "… the clock runs fast";

#[test]
fn the_show_is_read_as_a_whole() {
    let mut vestnik = assert_cmd::Command::new(env!("CARGO_BIN_EXE_vestnik"));
    let shown = vestnik.arg("demo").env_clear().assert().success();
    let shown = String::from_utf8(shown.get_output().stdout.clone()).unwrap();
    let (slow, fast) = shown.split_once(FAST).unwrap();
    let slow = slow.lines().map(without_port).collect::<Vec<_>>().join("\n");
    let (marker, fast) = fast.split_once("\n\n").unwrap();
    let blocks: Vec<String> = fast.split("\n\n").map(without_times).collect();
    // What came out, what became of the cards, and the rest, each in its order: a post and its card race one another.
    let of = |picked: fn(&str) -> bool| blocks.iter().filter(move |block| picked(block)).cloned();
    let changes = |block: &str| block.contains("the card changes");
    let posts = of(|block| block.contains("📣"));
    let ends = of(|block| block.contains("the card changes") && block.contains("вышло"));
    let rest = blocks.iter().filter(|block| !changes(block) && !block.contains("📣")).cloned();
    let told: Vec<String> = posts.chain(ends).chain(rest).collect();
    insta::assert_snapshot!("the_show", format!("{slow}\n{FAST}{marker}\n\n{}", told.join("\n\n")));
}

/// The address of the sandbox without its port, which is any.
fn without_port(line: &str) -> String {
    match line.split_once("http://127.0.0.1:") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}http://127.0.0.1:PORT{rest}")
        }
        None => line.trim_end().to_owned(),
    }
}

/// The same with «ЧЧ:ММ» for every time of day.
fn without_times(text: &str) -> String {
    let time = |word: &str| {
        let bare = word.trim_end_matches([',', '.']);
        let (hours, minutes) = bare.split_once(':')?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (digits(hours) && digits(minutes)).then(|| word.replace(bare, "ЧЧ:ММ"))
    };
    let line = |line: &str| {
        let words: Vec<String> =
            line.split(' ').map(|word| time(word).unwrap_or_else(|| word.to_owned())).collect();
        words.join(" ").trim_end().to_owned()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
