//! The house stands as the map in `src/lib.rs` says: who may import whom, and where neither clock nor disk is known.
//!
//! The map is read from there, so that it can't say one thing and this test another.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Not on any floor: points at which tests may end the process, compiled to nothing in a release.
const ANYWHERE: [&str; 2] = ["failpoint", "die_at"];
/// The judge, which imports nothing of what it judges, and who may call it.
const JUDGE: &str = "sandbox";
const CALLS_THE_JUDGE: [&str; 2] = [JUDGE, "demo"];
/// The highest floor without a clock, a disk and a network: the same input gives the same output.
const PURE_UP_TO: &str = "newsroom";
/// What the pure floors may not name.
const IMPURE: [&str; 13] = [
    "tokio",
    "reqwest",
    "teloxide",
    "axum",
    "sled",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime::now",
    "Utc::now",
    "Local::now",
    "Instant::now",
];
/// Addresses are plain numbers, wherever the standard library keeps them.
const PURE_AFTER_ALL: [&str; 3] = ["std::net::IpAddr", "std::net::Ipv4Addr", "std::net::Ipv6Addr"];

#[test]
fn every_module_keeps_to_its_floor() {
    let house = House::read(&std::fs::read_to_string(src().join("lib.rs")).unwrap());
    let mut broken = Vec::new();
    for (module, path) in modules() {
        let source = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(src()).unwrap().display().to_string();
        let found = house.violations(&module, &source);
        broken.extend(found.iter().map(|what| format!("src/{name}: {what}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_module_stands_on_the_map() {
    let house = House::read(&std::fs::read_to_string(src().join("lib.rs")).unwrap());
    let mut on_disk: Vec<String> = modules().into_iter().map(|(module, _)| top(&module)).collect();
    on_disk.sort();
    on_disk.dedup();
    on_disk.retain(|module| !ANYWHERE.contains(&module.as_str()));
    let on_map: Vec<String> = house.places.keys().cloned().collect();
    assert_eq!(on_map, on_disk);
}

/// Where each module stands: the floor, from 0 at the top, and its place there from the left.
struct House {
    places: BTreeMap<String, (usize, usize)>,
}

impl House {
    /// Reads the map: the block of `text` in the crate's documentation. A line begins with the floor's modules; two
    /// spaces or a word that is no module end them.
    fn read(lib: &str) -> Self {
        let map = lib.split("```text").nth(1).unwrap().split("```").next().unwrap();
        let declared: Vec<&str> = lib
            .lines()
            .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
            .collect();
        let mut places = BTreeMap::new();
        for (floor, line) in map
            .lines()
            .map(|line| line.trim_start_matches("//!").trim())
            .filter(|line| !line.is_empty())
            .enumerate()
        {
            let names = line.split_whitespace().take_while(|word| declared.contains(word));
            for (place, name) in names.enumerate() {
                places.insert(name.to_owned(), (floor, place));
            }
        }
        Self { places }
    }

    /// What a file of a module (`["newsroom", "step"]`) may not say and says.
    fn violations(&self, module: &[String], source: &str) -> Vec<String> {
        let code = without_words(source);
        let from = top(module);
        let mut found = Vec::new();
        let Some(&(floor, place)) = self.places.get(&from) else {
            return found;
        };
        for import in imports(&code, module.len()) {
            if import == from || (ANYWHERE.contains(&import.as_str()) && from != JUDGE) {
                continue;
            }
            let is_below = self.places.get(&import).is_some_and(|&(its_floor, its_place)| {
                its_floor > floor || (its_floor == floor && its_place > place)
            });
            if !is_below {
                found.push(format!("{from} imports {import}, which is not below it"));
            } else if from == JUDGE {
                found.push(format!("{from} imports {import}, which it judges"));
            } else if import == JUDGE && !CALLS_THE_JUDGE.contains(&from.as_str()) {
                found.push(format!("{from} imports {import}, which is for demo and tests"));
            }
        }
        if floor >= self.places[PURE_UP_TO].0 {
            let code = plain_paths(&code);
            let impure = IMPURE.iter().filter(|word| contains_path(&code, word));
            found.extend(impure.map(|word| format!("{from} names {word}")));
        }
        found
    }
}

/// The crate's modules that a file names: after `crate::`, and after as many `super::` as lead out of its own.
fn imports(code: &str, depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        names.extend(first_names(&code[at + "crate::".len()..]));
    }
    let up = "super::".repeat(depth);
    for (at, _) in code.match_indices(&up) {
        if !code[..at].ends_with("super::") {
            names.extend(
                first_names(&code[at + up.len()..])
                    .into_iter()
                    .filter(|name| src().join(name).is_dir() || src().join(format!("{name}.rs")).is_file()),
            );
        }
    }
    names
}

/// `name…` or `{name…, name::{…}, …}`: the names on the first level.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let is_part = |c: &char| c.is_alphanumeric() || *c == '_';
        match text.trim_start() {
            text if text.starts_with('*') => "*".to_owned(),
            text => text.chars().take_while(is_part).collect(),
        }
    };
    let Some(group) = path.trim_start().strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut names, mut depth) = (vec![name(group)], 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The code without white space around `::`, with `std::{a, b::c}` said as `std::a std::b`, and without the addresses
/// that are pure after all.
fn plain_paths(code: &str) -> String {
    let mut plain: String = code.split("::").map(str::trim).collect::<Vec<_>>().join("::");
    for (at, _) in plain.clone().match_indices("std::{") {
        for name in first_names(&plain.clone()[at + "std::".len()..]) {
            plain.push_str(&format!(" std::{name} "));
        }
    }
    PURE_AFTER_ALL.iter().fold(plain, |plain, address| plain.replace(address, ""))
}

/// Whether the words of a path stand there as whole words.
fn contains_path(code: &str, path: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(path)
        .any(|(at, _)| !code[..at].ends_with(is_part) && !code[at + path.len()..].starts_with(is_part))
}

/// Rust code without its comments and the insides of its literals.
fn without_words(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => string_length(rest),
            'r' if !code.ends_with(|c: char| c.is_alphanumeric() || c == '_') => raw_length(rest),
            '\'' => char_length(rest),
            _ => 0,
        };
        if length == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[length..];
        }
    }
    code
}

/// The bytes of a string literal.
fn string_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The bytes of `r#"…"#`; 0 where it is none.
fn raw_length(rest: &str) -> usize {
    let after = &rest[1..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after[hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let inside = 1 + hashes + 1;
    rest[inside..].find(&end).map_or(rest.len(), |at| inside + at + end.len())
}

/// The bytes of a char literal; 0 for a lifetime.
fn char_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    let first = chars.next();
    match (first, chars.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let after = escaped + 1;
            rest.get(after..).and_then(|tail| tail.find('\'')).map_or(0, |end| after + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 0,
    }
}

fn top(module: &[String]) -> String {
    module.first().cloned().unwrap_or_default()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All modules with their files; the crate's roots are none.
fn modules() -> Vec<(Vec<String>, PathBuf)> {
    let mut found = Vec::new();
    let mut directories = vec![src()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(src()).unwrap().with_extension("");
                let mut module: Vec<String> =
                    inside.components().map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
                if module.last().is_some_and(|last| last == "mod") {
                    module.pop();
                }
                if module != ["lib"] && module != ["main"] {
                    found.push((module, path));
                }
            }
        }
    }
    found.sort();
    found
}

// That it can fail.

const FAKE_LIB: &str = "//! ```text\n//! cli       commands\n//! demo      sandbox and config at play\n//! app       all\n\
    //! telegram clock sandbox   edges\n//! store     memory\n//! config    bot.toml\n//! newsroom  state\n\
    //! words     Russian\n//! article ids    pure\n//! ```\n\
    pub mod app;\npub mod article;\nmod cli;\npub mod clock;\npub mod config;\npub mod demo;\npub mod ids;\n\
    pub mod newsroom;\npub mod sandbox;\npub mod store;\npub mod telegram;\npub mod words;\n";

fn found_in(module: &str, source: &str) -> Vec<String> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    House::read(FAKE_LIB).violations(&module, source)
}

#[test]
fn a_breach_is_found_however_it_is_written() {
    for (module, source, what) in [
        ("newsroom::step", "use crate::store::Store;", "newsroom imports store"),
        ("words", "use crate::{ids::{ChatId, UserId}, newsroom::{State}};", "words imports newsroom"),
        ("words", "use crate::{\n    ids,\n    config::Config,\n};", "words imports config"),
        ("words", "fn f() -> crate::app::X {}", "words imports app"),
        ("words::card", "use super::super::newsroom::State;", "words imports newsroom"),
        ("ids", "use super::words::label;", "ids imports words"),
        ("ids", "use crate::article::Article;", "ids imports article"),
        ("ids", "use crate::*;", "ids imports *"),
        ("telegram", "use crate::clock::Clock;", ""),
        ("clock", "use crate::telegram::Telegram;", "clock imports telegram"),
        ("sandbox::world", "use crate::ids::ChatId;", "sandbox imports ids, which it judges"),
        ("sandbox", "crate::die_at!(\"x\");", "sandbox imports die_at"),
        ("app", "use crate::sandbox::Sandbox;", "which is for demo and tests"),
        ("demo", "use crate::sandbox::Sandbox;", ""),
        ("newsroom", "let now = Utc::now();", "newsroom names Utc::now"),
        ("newsroom", "let now = chrono::Utc :: now();", "newsroom names Utc::now"),
        ("article", "use std::{fmt, fs};", "article names std::fs"),
        ("article", "use std::net::TcpStream;", "article names std::net"),
        ("article", "use std::net::Ipv6Addr;", ""),
        ("words", "async fn f() { tokio::spawn(g()).await }", "words names tokio"),
        ("store", "use std::fs::File; let t = Utc::now();", ""),
    ] {
        let found = found_in(module, source);
        match what {
            "" => assert_eq!(found, [""; 0], "{source}"),
            what => assert!(found.iter().any(|found| found.contains(what)), "{source}: {found:?}"),
        }
    }
}

#[test]
fn what_is_only_said_is_no_import() {
    for said in [
        "/// See [`crate::store`] and std::fs.\nfn f() {}",
        "/* tokio, crate::app */ fn f() {}",
        "const A: &str = \"https://x\"; // crate::cli",
        "const A: &str = r#\"a \" crate::store\"#;",
        "const A: &str = \"\\\" crate::store\";",
        "fn f<'a>(c: &'a char) -> bool { *c == '\"' || *c == '\\'' } // crate::store \"",
        "use crate::failpoint; crate::die_at!(\"tokio\");",
        "fn tokio_like() { super::helper() }",
    ] {
        assert_eq!(found_in("newsroom::desk", said), [""; 0], "{said}");
    }
    let hidden = "const A: char = '\"'; use crate::store::Store; const B: char = '\"';";
    assert_eq!(found_in("newsroom::desk", hidden), ["newsroom imports store, which is not below it"]);
    let after_url = "const A: &str = \"https://x\"; use crate::store::Store;";
    assert_eq!(found_in("newsroom::desk", after_url), ["newsroom imports store, which is not below it"]);
}
