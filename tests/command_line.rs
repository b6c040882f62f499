//! The machine's side: every command beside a running bot and without one, the local interface and who is let in, what a
//! monitor is told, the log, and the shapes that `docs/command-line.md` promises.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod common;

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use chrono::TimeDelta;
use common::{BRIDGE, CHANNEL, LIBRARY, Machine, RAIN};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use vestnik::newsroom::{Cause, Event};
use vestnik::sandbox::Fault;
use vestnik::words::label;

/// Exit codes that scripts rely on.
const FAILED: i32 = 1;
const BAD_SETTINGS: i32 = 3;
const BAD_INPUT: i32 = 4;
const IN_USE: i32 = 5;
const NOT_DONE: i32 = 9;

/// A time that no test lives to see.
const FAR: &str = "2099-01-01T18:30:00+05:00";

/// A channel with slots, so that nothing goes out of itself while the clock stands.
async fn machine() -> Machine {
    let machine = Machine::new().await;
    let settings = std::fs::read_to_string(machine.path("bot.toml")).unwrap();
    std::fs::write(machine.path("bot.toml"), settings + "slots = [\"daily 18:00\"]\n").unwrap();
    for (name, text, link) in [
        ("most.txt", BRIDGE, "\nСсылка: https://cronos.asia/most\n"),
        ("dozhd.txt", RAIN, "\nhttps://cronos.asia/dozhd\n"),
        ("knigi.txt", LIBRARY, ""),
        ("pusto.txt", "\n", "https://cronos.asia/pusto"),
    ] {
        std::fs::write(machine.path(name), format!("{text}{link}")).unwrap();
    }
    machine
}

/// What a command said and how it ended, without what differs from day to day.
async fn told(machine: &Machine, arguments: &[&str]) -> (i32, String) {
    let output = machine.command(arguments).await;
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let mut said = format!("$ vestnik {}\n{}", arguments.join(" "), timeless(&out));
    if !err.is_empty() {
        let _ = write!(said, "(stderr) {}", timeless(&err));
    }
    let code = output.status.code().unwrap();
    if code != 0 {
        let _ = writeln!(said, "(exit code {code})");
    }
    (code, said)
}

/// A text with its dates of this century's first half made one: the machine's clock is no part of any test.
fn timeless(text: &str) -> String {
    let mut rest = text;
    let mut said = String::new();
    while let Some(at) = rest.find("20") {
        let (before, from) = rest.split_at(at);
        said.push_str(before);
        let is_date = |shape: &str| {
            from.len() >= shape.len()
                && shape.bytes().zip(from.bytes()).all(|(wanted, is)| match wanted {
                    b'd' => is.is_ascii_digit(),
                    b'?' => true,
                    wanted => wanted == is,
                })
        };
        let length = if is_date("20dd-dd-dd?dd:dd:dd") {
            19
        } else if is_date("20dd-dd-dd dd:dd") {
            16
        } else {
            0
        };
        if length > 0 && !from.starts_with("2099") {
            said.push_str("TIME");
            rest = &from[length..];
        } else {
            said.push_str("20");
            rest = &from[2..];
        }
    }
    said.push_str(rest);
    said
}

/// What a scripted newsroom does in a day.
const DAY: [&[&str]; 33] = [
    &["queue"],
    &["drafts"],
    &["history"],
    &["add", "most.txt", "knigi.txt", "dozhd.txt"],
    &["add", "most.txt", "dozhd.txt"],
    &["add", "knigi.txt", "--link", "https://cronos.asia/knigi"],
    &["add", "knigi.txt", "--link", "https://cronos.asia/most"],
    &["add", "knigi.txt", "--link", "cronos"],
    &["add", "pusto.txt"],
    &["add", "nowhere.txt"],
    &["drafts"],
    &["drafts", "--limit", "1"],
    &["approve", "1", "--version", "7"],
    &["approve", "1", "--version", "1"],
    &["approve", "1"],
    &["at", "2", FAR],
    &["at", "2", "когда-нибудь"],
    &["at", "2", "2020-01-01T00:00:00Z"],
    &["queue"],
    &["show", "2"],
    &["find", "библиотеке", "ночью"],
    &["find", "мост", "верблюд"],
    &["show", "12"],
    &["who", "2"],
    &["who", "12"],
    &["cancel", "2"],
    &["cancel", "2"],
    &["reject", "2"],
    &["reject", "2"],
    &["now", "2"],
    &["approve", "12"],
    &["at", "3", FAR],
    &["queue", "--limit", "1"],
];

#[tokio::test]
async fn every_command_says_the_same_beside_a_running_bot_and_without_one() {
    let mut days = Vec::new();
    for runs in [false, true] {
        let machine = machine().await;
        let bot = runs.then(|| machine.bot().start());
        if let Some(bot) = &bot {
            bot.at_work().await;
        }
        let mut day = String::new();
        for command in DAY {
            day.push_str(&told(&machine, command).await.1);
        }
        if let Some(bot) = bot {
            bot.stops().await;
        }
        let by_command_line = machine.lines().iter().filter(|line| line.cause == Cause::CommandLine).count();
        assert_eq!(by_command_line, 9, "each thing done is a line of the journal, and nothing else is");
        days.push(day);
    }
    insta::assert_snapshot!("a_day", days[0]);
    // But that a stopped bot publishes nothing.
    let note = "that is, once the bot runs: it is stopped (vestnik run)\n";
    assert!(days[0].matches(note).count() == 3 && !days[1].contains(note));
    assert_eq!(days[0].replace(note, ""), days[1]);
}

#[tokio::test]
async fn json_says_the_same_beside_a_running_bot_and_without_one() {
    let mut days = Vec::new();
    for runs in [false, true] {
        let machine = machine().await;
        let bot = runs.then(|| machine.bot().start());
        if let Some(bot) = &bot {
            bot.at_work().await;
        }
        let mut day = Vec::new();
        for command in DAY {
            let (code, said) = told(&machine, &[command, &["--json"]].concat()).await;
            let said = said.lines().filter(|line| line.starts_with('{'));
            let said: Vec<Value> = said.map(|line| serde_json::from_str(line).unwrap()).collect();
            assert!(
                !said.is_empty() || [["show", "12"], ["who", "12"]].iter().any(|none| command == none),
                "{command:?} says nothing"
            );
            day.push((command, code, said));
        }
        days.push(day);
    }
    let (offline, online) = (&days[0], &days[1]);
    for (one, other) in offline.iter().zip(online) {
        assert_eq!(one, other);
    }
    let lines = &offline[3].2;
    let results: Vec<_> = lines.iter().map(|line| (&line["file"], &line["result"], &line["done"])).collect();
    assert_eq!(
        json!(results),
        json!([["most.txt", "added", true], ["knigi.txt", "no_link", false], ["dozhd.txt", "added", true]])
    );
    assert_eq!(offline[3].1, BAD_INPUT, "one of the three could not be added");
}

#[tokio::test]
async fn the_machine_and_the_desk_see_each_others_work() {
    let machine = machine().await;
    let bot = machine.bot().start();
    let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    let (code, said) = told(&machine, &["approve", "1", "--version", "1"]).await;
    assert_eq!(code, 0, "{said}");
    machine.card_says(&bridge, "одобрено в 9:00 (командная строка)").await;
    let (code, said) = told(&machine, &["now", "1"]).await;
    assert_eq!(code, 0, "{said}");
    machine.card_says(&bridge, "вышло").await;
    assert_eq!(machine.channel(), [bridge.post]);
    let (_, said) = told(&machine, &["history"]).await;
    assert!(said.contains("№1 В Таразе") && said.contains("/2\n"), "{said}");
    // What is out can't be had back, and says so.
    for (command, code) in [("cancel", NOT_DONE), ("reject", NOT_DONE), ("approve", NOT_DONE)] {
        assert_eq!(told(&machine, &[command, "1"]).await.0, code, "{command}");
    }
    // An article by the command line comes before the editors' eyes.
    assert_eq!(told(&machine, &["add", "dozhd.txt"]).await.0, 0);
    let rain = machine.card("На юг Казахстана идут ливни").await;
    machine.presses(rain.id, label::REJECT).await;
    let (code, said) = told(&machine, &["approve", "2"]).await;
    assert!(code == NOT_DONE && said.contains("has been rejected"), "{said}");
    let said = bot.stops().await;
    let published: Vec<&str> = said.lines().filter(|line| line.contains("publish: published")).collect();
    let fields = format!("article=1 channel={CHANNEL} message_id=2 attempt=1");
    assert!(published.len() == 1 && fields_of(published[0]) == sorted(&fields), "{published:?}");
}

fn fields_of(line: &str) -> Vec<&str> {
    sorted(line.split_once("publish: published ").unwrap().1)
}

fn sorted(fields: &str) -> Vec<&str> {
    let mut fields: Vec<&str> = fields.split(' ').collect();
    fields.sort_unstable();
    fields
}

/// The local interface of a running bot.
struct Door {
    http: Client,
    url: String,
    key: String,
}

impl Door {
    fn of(machine: &Machine) -> Self {
        let found = std::fs::read_to_string(machine.path("data/http.json")).unwrap();
        let found: Value = serde_json::from_str(&found).unwrap();
        let text = |key: &str| found[key].as_str().unwrap().to_owned();
        let http = Client::builder().no_proxy().build().unwrap();
        Self { http, url: text("url"), key: text("key") }
    }

    /// A request without the key.
    fn knock(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.knock(method, path).bearer_auth(&self.key)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.ask(Method::GET, path)).await
    }

    /// Asks for the health again and again, since nobody is told that it changes.
    async fn health_until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let looking = async {
            loop {
                let (status, body) = answer(self.knock(Method::GET, "/health")).await;
                assert_eq!(status == StatusCode::OK, body["status"] == "ok", "{status}: {body}");
                if is_so(&body) {
                    return body;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let seen = tokio::time::timeout(Duration::from_secs(60), looking).await;
        seen.unwrap_or_else(|_| panic!("the health does not become what it should"))
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.ask(Method::POST, path).body(body.to_string())).await
    }
}

async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: no JSON: {text:?}")))
}

#[tokio::test]
async fn only_who_holds_the_key_on_this_machine_is_let_in() {
    let machine = machine().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    let mode = std::fs::metadata(machine.path("data/http.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let door = Door::of(&machine);
    assert!(door.url.starts_with("http://127.0.0.1:") && door.key.len() == 64, "{}", door.url);
    assert_eq!(door.get("/queue").await.0, StatusCode::OK);
    let add = json!({ "text": BRIDGE, "link": "https://cronos.asia/most" }).to_string();
    let post = |key: &str| door.knock(Method::POST, "/articles").bearer_auth(key).body(add.clone());
    let last = if door.key.ends_with('0') { '1' } else { '0' };
    let wrong_key = format!("{}{last}", &door.key[..63]);
    let get = |path: &str| door.ask(Method::GET, path);
    for (request, status, result) in [
        (door.knock(Method::GET, "/queue"), 401, "wrong_key"),
        (door.knock(Method::GET, "/nowhere"), 401, "wrong_key"),
        (door.knock(Method::GET, "/queue").header("authorization", door.key.clone()), 401, "wrong_key"),
        (post(&wrong_key), 401, "wrong_key"),
        (post(""), 401, "wrong_key"),
        (post(&door.key).header("host", "evil.example"), 403, "foreign_host"),
        (door.knock(Method::GET, "/health").header("host", "evil.example:80"), 403, "foreign_host"),
        (post(&door.key).header("origin", "http://127.0.0.1"), 403, "foreign_origin"),
        (door.ask(Method::POST, "/articles").body(vec![b' '; 4 * 1024 * 1024 + 1]), 413, "too_large"),
        (door.ask(Method::POST, "/articles").body("{"), 400, "bad_body"),
        (door.ask(Method::POST, "/articles"), 400, "bad_body"),
        (door.ask(Method::POST, "/articles/1/approve").body(r#"{"versoin": 1}"#), 400, "bad_body"),
        (door.ask(Method::POST, "/articles/1/at"), 422, "bad_time"),
        (door.ask(Method::POST, "/articles/1/explode"), 404, "no_such_path"),
        (door.ask(Method::POST, "/articles/one/approve"), 404, "no_such_article"),
        (get("/queue?limit=many"), 400, "bad_query"),
        (get("/articles/1"), 404, "no_such_article"),
        (get("/nowhere"), 404, "no_such_path"),
        (get("/articles/1/approve"), 405, "wrong_method"),
    ] {
        let shown = format!("{request:?}");
        let (found, body) = answer(request).await;
        assert_eq!((found.as_u16(), body["result"].as_str()), (status, Some(result)), "{shown}: {body}");
        assert!(body["done"] == false && body["message"].as_str().unwrap().len() > 10, "{body}");
    }
    assert!(machine.lines().is_empty(), "nothing of all that was done");
    let (status, body) = answer(post(&door.key)).await;
    assert_eq!((status, &body["result"]), (StatusCode::CREATED, &json!("added")), "{body}");
    let said = bot.stops().await;
    assert!(!said.contains(&door.key), "the log does not show the key");
}

#[tokio::test]
async fn the_lock_says_who_is_asked_whatever_a_killed_run_has_left() {
    let machine = machine().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    bot.killed().await;
    let stale = std::fs::read_to_string(machine.path("data/http.json")).unwrap();
    let (code, said) = told(&machine, &["add", "most.txt"]).await;
    assert_eq!(code, 0, "{said}");
    let (_, said) = told(&machine, &["status"]).await;
    assert!(said.contains("stopped: no bot runs"), "{said}");

    let bot = machine.bot().start();
    bot.at_work().await;
    assert_ne!(std::fs::read_to_string(machine.path("data/http.json")).unwrap(), stale);
    let (code, said) = told(&machine, &["approve", "1"]).await;
    assert_eq!(code, 0, "{said}");
    let (_, said) = told(&machine, &["status"]).await;
    assert!(said.contains("ok; running since") && said.contains("1 waiting"), "{said}");
    // A bot that runs and can't be spoken with: nothing is done behind its back.
    let lines = machine.lines().len();
    std::fs::remove_file(machine.path("data/http.json")).unwrap();
    for command in [&["cancel", "1"][..], &["add", "dozhd.txt"], &["status"]] {
        let (code, said) = told(&machine, command).await;
        assert!(code == IN_USE && said.contains("does not say how it can be reached"), "{said}");
    }
    assert_eq!(machine.lines().len(), lines);
    let (code, said) = told(&machine, &["queue"]).await;
    assert!(code == 0 && said.contains("№1"), "what only reads goes on: {said}");
    bot.stops().await;
}

#[tokio::test]
async fn a_monitor_is_told_when_a_person_is_needed() {
    let machine = machine().await;
    let bot = machine.bot().fails_at("journal-disk-full", 0, 4).start();
    bot.at_work().await;
    let door = Door::of(&machine);
    let health = || async { answer(door.knock(Method::GET, "/health")).await };
    // The first answer to a poll, and the first look at the disk, come when they come.
    let vital = |body: &Value, sign: &str| !body["vitals"][sign].is_null();
    let all_known = |body: &Value| vital(body, "last_poll") && vital(body, "disk_free_bytes");
    let body = door.health_until(all_known).await;
    assert_eq!((&body["status"], &body["troubles"]), (&json!("ok"), &json!([])), "{body}");
    assert_eq!(health().await.0, StatusCode::OK);

    let add = json!({ "text": BRIDGE, "link": "https://cronos.asia/most" });
    let (status, body) = door.post("/articles", &add).await;
    assert_eq!((status.as_u16(), &body["result"]), (503, &json!("not_written")), "{body}");
    let (status, body) = health().await;
    assert_eq!((status.as_u16(), &body["troubles"]), (503, &json!(["journal_fails"])), "{body}");
    // A full disk is no fault of any file, however it is asked.
    for add in
        [&["add", "dozhd.txt"][..], &["add", "dozhd.txt", "--json"], &["add", "dozhd.txt", "pusto.txt"]]
    {
        let (code, said) = told(&machine, add).await;
        assert!(code == FAILED && said.contains("nothing done"), "{said}");
    }
    // Room is back.
    assert_eq!(door.post("/articles", &add).await.0, StatusCode::CREATED);
    assert_eq!(health().await.0, StatusCode::OK);

    // A post under question: its channel waits for a person.
    machine.sandbox.faults().in_chat(CHANNEL).method("sendMessage").next(1, Fault::CutAfter);
    assert_eq!(door.post("/articles/1/now", &json!({})).await.0, StatusCode::OK);
    machine
        .journal_until("the question", |lines| {
            lines.iter().flat_map(|line| &line.events).any(|event| matches!(event, Event::Doubted { .. }))
        })
        .await;
    let (status, body) = health().await;
    assert_eq!((status.as_u16(), &body["troubles"]), (503, &json!(["in_doubt"])), "{body}");
    let body = body.to_string();
    assert!(!body.contains("Таразе") && !body.contains("Cronos"), "no titles, no names: {body}");
    let (code, said) = told(&machine, &["status"]).await;
    assert!(
        code == 0 && said.contains("degraded; running since") && said.contains("№1 under question"),
        "{said}"
    );
    let said = bot.stops().await;
    let warned = said.lines().find(|line| line.contains("publish: unknown"));
    assert!(warned.is_some_and(|line| line.contains("WARN") && line.contains("article=1")), "{said}");
}

#[tokio::test]
async fn an_order_on_which_the_program_fails_is_answered_and_the_next_one_served() {
    let machine = machine().await;
    // The first decisions are about the start, Telegram's clock and what has waited too long.
    let bot = machine.bot().fails_at("decide-fails", 3, 2).start();
    bot.at_work().await;
    let door = Door::of(&machine);
    let add = json!({ "text": BRIDGE, "link": "https://cronos.asia/most" });
    let (status, body) = door.post("/articles", &add).await;
    assert_eq!((status.as_u16(), &body["result"]), (500, &json!("failed")), "{body}");
    assert_eq!(door.post("/articles", &add).await.0, StatusCode::CREATED);
    bot.stops().await;
}

#[tokio::test]
async fn a_time_with_several_readings_is_told_with_them_and_nothing_is_done() {
    let machine = machine().await;
    machine.command(&["add", "most.txt"]).await;
    // Before the bot's first start there are no posts.
    let bot = machine.bot().start();
    bot.at_work().await;
    let (code, said) = told(&machine, &["at", "1", "завтра"]).await;
    assert_eq!(code, 4, "{said}");
    let order = machine.command(&["at", "1", "завтра", "--json"]).await;
    let order: Value = serde_json::from_slice(&order.stdout).unwrap();
    assert_eq!((&order["result"], &order["done"]), (&json!("ambiguous_time"), &json!(false)), "{order}");
    let message = order["message"].as_str().unwrap();
    let readings: Vec<&str> = message.split("write one of ").nth(1).unwrap().split(", ").collect();
    assert_eq!(readings.len(), 3, "{message}");
    // What is offered is taken, and so are words without a doubt.
    for (time, result) in
        [(readings[0], "approved"), ("завтра в 9:00", "moved"), ("через 2 года", "time_too_far")]
    {
        let order = machine.command(&["at", "1", time, "--json"]).await;
        let order: Value = serde_json::from_slice(&order.stdout).unwrap();
        assert_eq!(order["result"], json!(result), "{time}: {order}");
    }
    bot.stops().await;
}

#[tokio::test]
async fn a_preview_shows_what_show_shows() {
    let machine = machine().await;
    let (code, preview) = told(&machine, &["preview", "most.txt"]).await;
    assert_eq!(code, 0, "{preview}");
    told(&machine, &["add", "most.txt"]).await;
    let shown = told(&machine, &["show", "1"]).await.1;
    let post = preview.split_once('\n').unwrap().1.trim_end();
    assert!(shown.contains(post) && post.contains("](https://cronos.asia/most)"), "{preview}\n{shown}");
}

#[tokio::test]
async fn what_is_read_by_a_program_holds_the_post_and_nothing_else() {
    let machine = machine().await;
    let preview = machine.command(&["preview", "most.txt", "--html", "--rubric", "Погода"]).await;
    let (out, err) = (String::from_utf8(preview.stdout).unwrap(), String::from_utf8(preview.stderr).unwrap());
    assert!(out.starts_with("<b>В Таразе") && out.ends_with("</a>\n"), "{out}");
    assert!(err.contains("Central Asia Cronos: length: ") && err.contains("would refuse it"), "{err}");
}

#[tokio::test]
async fn slips_of_the_hand_are_told_with_what_is_wanted() {
    let machine = machine().await;
    std::fs::write(machine.path("nothing.txt"), " \n").unwrap();
    std::fs::create_dir(machine.path("export")).unwrap();
    std::fs::write(machine.path("large.txt"), vec![b'a'; 2 * 1024 * 1024 + 1]).unwrap();
    for (file, words) in [
        ("nothing.txt", "the file is empty"),
        ("export", "it is a folder: name its files, export/*.txt"),
        ("large.txt", "large.txt: the file is larger than 2 MB"),
        ("nowhere.txt", "there is no such file"),
    ] {
        let (code, said) = told(&machine, &["add", file]).await;
        assert!(code == BAD_INPUT && said.contains(words), "{words}\n{said}");
    }
    told(&machine, &["add", "most.txt"]).await;
    for number in ["1", "№1", "#1"] {
        assert_eq!(told(&machine, &["show", number]).await.0, 0, "{number}");
    }
    let (code, said) = told(&machine, &["show", "abc"]).await;
    assert!(code == 2 && said.contains("an article's number, like 12"), "{said}");
    let (_, said) = told(&machine, &["drafts", "--limit", "0"]).await;
    assert!(said.contains("1 draft, none shown (--limit 0)"), "{said}");
    told(&machine, &["approve", "№1"]).await;
    let (_, said) = told(&machine, &["queue", "--limit", "0"]).await;
    assert!(said.contains("1 post, none shown (--limit 0)"), "{said}");
    let (code, said) = told(&machine, &["backup", "nowhere/copy.jsonl"]).await;
    assert!(code == BAD_INPUT && said.contains("make it first (mkdir -p)"), "{said}");
    // The settings, each cause with its own cure.
    let settings = machine.path("bot.toml");
    std::fs::write(&settings, b"# ok\nname = \"\xcd\xee\"\n").unwrap();
    let (code, said) = told(&machine, &["queue"]).await;
    let words = "bot.toml: line 2 is not UTF-8 (Windows-1251?): iconv -f cp1251 -t utf8";
    assert!(code == BAD_SETTINGS && said.contains(words), "{said}");
    std::fs::remove_file(&settings).unwrap();
    let (code, said) = told(&machine, &["queue"]).await;
    let words = "copy the bot.toml that comes with the program here";
    assert!(code == BAD_SETTINGS && said.contains(words), "{said}");
    std::fs::create_dir(&settings).unwrap();
    let (code, said) = told(&machine, &["queue"]).await;
    assert!(code == BAD_SETTINGS && said.contains("is a folder: name the file in it"), "{said}");
}

#[tokio::test]
async fn what_the_program_makes_is_for_its_own_user() {
    let machine = machine().await;
    machine.settings(|settings| {
        let others: Vec<&str> = settings.lines().filter(|line| !line.starts_with("data_dir")).collect();
        format!("data_dir = \"own\"\n{}\n", others.join("\n"))
    });
    let mode = |name: &str| std::fs::metadata(machine.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(told(&machine, &["add", "most.txt"]).await.0, 0);
    assert_eq!(["own", "own/journal.jsonl", "own/lock"].map(mode), [0o700, 0o600, 0o600]);
    // What is there stays as it is.
    std::fs::set_permissions(machine.path("own"), std::fs::Permissions::from_mode(0o750)).unwrap();
    assert_eq!(told(&machine, &["add", "dozhd.txt"]).await.0, 0);
    assert_eq!(mode("own"), 0o750);
}

#[tokio::test]
async fn two_minutes_without_telegram_call_for_a_person() {
    let machine = machine().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    let door = Door::of(&machine);
    machine.sandbox.faults().method("getUpdates").always(Fault::CutBefore);
    // Something for the poll under way to come back with: the next one fails.
    machine.anna.sends("/start");
    bot.says("no updates").await;
    machine.sandbox.advance(TimeDelta::seconds(110));
    let later = |body: &Value| body["now"] == "2026-11-25T09:01:50+05:00";
    assert_eq!(door.health_until(later).await["status"], "ok", "a moment's silence is nothing");
    machine.sandbox.advance(TimeDelta::seconds(20));
    let degraded = door.health_until(|body| body["status"] == "degraded").await;
    assert_eq!(degraded["troubles"], json!(["no_poll"]), "{degraded}");
    machine.sandbox.faults().method("getUpdates").clear();
    door.health_until(|body| body["status"] == "ok").await;
    bot.stops().await;
}

#[tokio::test]
async fn the_log_is_json_where_that_is_wanted_and_never_shows_the_token() {
    let machine = machine().await;
    let bot = machine.bot().log("trace").with(&["--log-format", "json"]).start();
    let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    machine.presses(bridge.id, label::AT_ONCE).await;
    machine.card_says(&bridge, "вышло").await;
    let said = bot.stops().await;
    let token = machine.sandbox.token();
    assert!(!said.contains(token.split_once(':').unwrap().1), "the token is in the log");
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    assert!(lines.iter().any(|line| line["level"] == "trace"), "the log was as talkative as can be");
    let is_text = |line: &Value, key: &str| line[key].is_string();
    assert!(
        lines.iter().all(|line| ["time", "level", "target", "message"].iter().all(|key| is_text(line, key)))
    );
    let published: Vec<&Value> = lines.iter().filter(|line| line["target"] == "publish").collect();
    let (time, expected) = (&published[0]["time"], |time: &Value| {
        json!({
            "time": time, "level": "info", "target": "publish", "message": "published",
            "article": 1, "channel": CHANNEL, "message_id": 2, "attempt": 1,
        })
    });
    assert_eq!(published, [&expected(time)]);
}

#[tokio::test]
async fn shells_are_told_the_commands() {
    let machine = machine().await;
    for shell in ["bash", "zsh", "fish"] {
        let (code, said) = told(&machine, &["completions", shell]).await;
        assert_eq!(code, 0);
        for word in ["approve", "history", "--version"]
            .iter()
            .filter(|word| shell != "fish" || !word.starts_with('-'))
        {
            assert!(said.contains(word), "{shell} does not know {word}");
        }
    }
    // Files and links that don't go together are a matter of the command line itself.
    let (code, said) =
        told(&machine, &["add", "most.txt", "dozhd.txt", "--link", "https://cronos.asia/a"]).await;
    assert!(code == 2 && said.contains("--link goes with one file"), "{said}");
}

#[tokio::test]
async fn help_tells_every_command() {
    let machine = machine().await;
    let mut help = told(&machine, &["--help"]).await.1;
    for command in [
        "run",
        "demo",
        "check",
        "add",
        "preview",
        "queue",
        "drafts",
        "history",
        "find",
        "show",
        "who",
        "approve",
        "now",
        "at",
        "reject",
        "cancel",
        "status",
        "completions",
    ] {
        let _ = write!(help, "\n{}", told(&machine, &[command, "--help"]).await.1);
    }
    insta::assert_snapshot!("help", help);
}

#[tokio::test]
async fn the_shapes_in_the_handbook_are_the_real_ones() {
    let machine = machine().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    let door = Door::of(&machine);
    machine.sends(LIBRARY, "https://cronos.asia/knigi").await;
    let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    machine.presses(bridge.id, label::AT_ONCE).await;
    machine.card_says(&bridge, "вышло").await;
    machine.command(&["add", "dozhd.txt"]).await;
    let order: Value =
        serde_json::from_slice(&machine.command(&["at", "3", FAR, "--json"]).await.stdout).unwrap();
    let (_, body) = door.get("/articles/3").await;
    assert_eq!(order["article"], body, "an order tells the article as it is");
    let found = std::fs::read_to_string(machine.path("data/http.json")).unwrap();
    let mut real = vec![
        ("http.json", serde_json::from_str(&found).unwrap()),
        ("order", order),
        ("health", answer(door.knock(Method::GET, "/health")).await.1),
    ];
    for (name, path, command) in [
        ("queue", "/queue", &["queue"][..]),
        ("drafts", "/drafts", &["drafts"]),
        ("history", "/history", &["history"]),
        ("show", "/articles/3", &["show", "3"]),
        ("status", "/status", &["status"]),
    ] {
        let by_http = door.get(path).await.1;
        let output = machine.command(&[command, &["--json"]].concat()).await;
        let by_command: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(keys(&by_http), keys(&by_command), "{name}");
        real.push((name, by_http));
    }
    let output = machine.command(&["find", "мосты", "Тараза", "--json"]).await;
    real.push(("find", serde_json::from_slice(&output.stdout).unwrap()));
    let output = machine.command(&["who", "3", "--json"]).await;
    real.push(("who", serde_json::from_slice(&output.stdout).unwrap()));
    bot.stops().await;
    let handbook = std::fs::read_to_string("docs/command-line.md").unwrap();
    let mut shown = Vec::new();
    for block in handbook.split("```json ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let example: Value = serde_json::from_str(rest.split("```").next().unwrap()).unwrap();
        let (_, is) = real.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name}?"));
        let (promised, is) = (keys(&example), keys(is));
        let differ: Vec<_> =
            promised.symmetric_difference(&is).filter(|key| !is_below_null(key, &example)).collect();
        assert!(differ.is_empty(), "{name}: {differ:?}");
        shown.push(name.to_owned());
    }
    assert_eq!(shown.len(), real.len(), "{shown:?}");
}

/// Every path of keys in a value; the members of a list are taken together.
fn keys(value: &Value) -> std::collections::BTreeSet<String> {
    fn walk(value: &Value, path: &str, keys: &mut std::collections::BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let path = format!("{path}/{key}");
                    keys.insert(path.clone());
                    walk(value, &path, keys);
                }
            }
            Value::Array(members) => {
                members.iter().for_each(|member| walk(member, &format!("{path}/0"), keys))
            }
            _ => {}
        }
    }
    let mut found = std::collections::BTreeSet::new();
    walk(value, "", &mut found);
    found
}

/// Whether a key belongs to something that is null in the example or may be: what an order's article holds is shown apart.
fn is_below_null(key: &str, example: &Value) -> bool {
    let mut path = key;
    while let Some((above, _)) = path.rsplit_once('/') {
        if example.pointer(above).is_some_and(Value::is_null) {
            return true;
        }
        path = above;
    }
    key.contains("/under_way/")
}
