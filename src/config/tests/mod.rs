//! What `bot.toml` may say, and what is told of the rest.

mod documentation;
mod nonsense;

use super::*;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, "bot.toml", Path::new(""))
}

/// All that is told of a file, warnings included.
fn problems(text: &str) -> Vec<String> {
    let problems = match parse(text) {
        Ok(config) => config.warnings,
        Err(ConfigError::Problems(problems)) => problems,
        Err(other) => panic!("{other}"),
    };
    problems.iter().map(ToString::to_string).collect()
}

/// Good settings with one more line in a section: on line 3 under [telegram] and [desk], on line 5 under a channel.
fn with(section: &str, line: &str) -> String {
    let desk = "[desk]\neditors = [1]\n";
    let channel = "[[channels]]\nid = -1001\n";
    match section {
        "telegram" => format!("[telegram]\n\n{line}\n{desk}{channel}"),
        "desk" => format!("{desk}{line}\n{channel}"),
        "top" => format!("\n\n{line}\n{desk}{channel}"),
        _ => format!("{desk}{channel}{line}\n"),
    }
}

#[track_caller]
fn only(text: &str, told: &str) {
    let problems = problems(text);
    assert!(
        problems.len() == 1 && problems[0].starts_with(&format!("bot.toml:{told}")),
        "{text}\nshould tell only: {told}\n{problems:#?}"
    );
}

#[test]
fn the_settings_that_come_with_the_program_lack_only_the_editors() {
    only(include_str!("../../../bot.toml"), "27: desk.editors: there are no editors");
}

#[test]
fn everything_at_once_in_the_order_of_the_file() {
    let text = r#"
datadir = "x"
[telegram]
api_url = 5
proxy = "ftp://anna:s3cret@x:1"
[desk]
editors = ["Анна", 7, { id = 7, nmae = "Анна" }, -1]
[[channels]]
id = -5
name = ""
slots = ["mon 25:00", 3, "daily every 24h 08:00-22:00"]
grace = 15
[[chanels]]
[http]
port = 70000
"#;
    let lines: Vec<String> = problems(text)
        .iter()
        .map(|told| {
            told.splitn(2, ' ').last().unwrap().chars().take(62).collect::<String>().trim().to_owned()
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
        datadir: there is no such key: did you mean `data_dir`?
        telegram.api_url: this is a text in quotes, like api_url = "ht
        telegram.proxy: a proxy's address begins with http://, https:/
        desk.editors: this is a list of numbers, like editors = [12345
        desk.editors.nmae: there is no such key: did you mean `name`?
        warning: desk.editors: 7 stands in the list twice: keep one
        desk.editors: -1 is no person's number: a person who writes to
        channels.id: this is no channel; write its "@username", or its
        channels.name: it is empty: write name = "Central Asia Cronos"
        channels.slots: this is a list of texts, like slots = ["mon-fr
        channels.slots: "25:00" is not a time of day: write it like 09
        warning: channels.slots: the window of "daily every 24h 08:00-
        channels.grace: this is a text in quotes, like grace = "30m";
        chanels: there is no such section: did you mean [[channels]]?
        http.port: 70000 is no port: it is from 0 to 65535
    "#);
}

#[test]
fn every_mistake_is_told_with_line_key_and_cure() {
    for (section, line, told) in [
        ("telegram", "token = \"1:A\"", "3: telegram.token: a token does not belong"),
        ("telegram", "token_file = \"1:A\"", "3: telegram.token_file: this looks like a token"),
        ("telegram", "api_url = \"localhost\"", "3: telegram.api_url: \"localhost\" is no address"),
        (
            "telegram",
            "api_url = \"http://localhost/bot1:A/\"",
            "3: telegram.api_url: the address has no token",
        ),
        ("telegram", "api_url = \"http://localhost?x\"", "3: telegram.api_url: the address ends with"),
        ("telegram", "proxi = \"x\"", "3: telegram.proxi: there is no such key: did you mean `proxy`?"),
        (
            "telegram",
            "url = 1",
            "3: telegram.url: there is no such key; here may stand token_file, api_url, proxy",
        ),
        (
            "channels",
            "marks = [\"18+\"]\ntemplate = \"{{ title }} {{ link }}\"",
            "6: channels.template: there are marks that the law asks for",
        ),
        (
            "channels",
            "template = \"{{ title }} {{ link }}\"\n[[rubrics]]\nname = \"PR\"\nmarks = [\"Реклама\"]",
            "5: channels.template: there are marks that the law asks for",
        ),
        ("channels", "quiet = [\"25:00-07:00\"]", "5: channels.quiet:"),
        ("channels", "quiet = [\"00:00-24:00\"]", "5: channels.quiet: the quiet hours leave no time"),
        (
            "channels",
            "quiet = [\"08:00-10:00\"]\nslots = [\"daily 09:00\"]",
            "5: channels.quiet: the quiet hours leave no time",
        ),
        ("telegram", "slots = []", "3: telegram.slots: this key does not stand here, but under [[channels]]"),
        ("top", "editors = [1]", "3: editors: this key does not stand here, but under [desk]"),
        ("top", "[htp]", "3: htp: there is no such section: did you mean [http]?"),
        ("top", "[[telegram]]", "3: telegram: this section stands in the file once: write [telegram]"),
        (
            "top",
            "[rubrics]\nname = \"а\"",
            "3: rubrics: the heading has two brackets on each side: write [[rubrics]]",
        ),
        ("top", "http = true", "3: http: this is a section: write the heading [http]"),
        ("top", "data_dir = \" \"", "3: data_dir: it is empty"),
        ("top", "[http]\nport = 65536", "4: http.port: 65536 is no port"),
        ("top", "[http]\nport = 99999999999999999999", "4: http.port: this number is too large"),
        (
            "top",
            "[article]\nsources = 1",
            "4: article.sources: this is a list of texts, like sources = [\"…\"]; here stands a number",
        ),
        (
            "top",
            "[article]\nsourses = 1",
            "4: article.sourses: there is no such key: did you mean `sources`?",
        ),
        ("desk", "chat = 5", "3: desk.chat: 5 is no group's number"),
        ("desk", "chat = -1001", "3: desk.chat: this is a channel that posts go to"),
        (
            "channels",
            "timezone = \"Almaty\"",
            "5: channels.timezone: \"Almaty\" is no time zone; did you mean \"Asia/Almaty\"?",
        ),
        ("channels", "slots = [\"mon 25:00\"]", "5: channels.slots: \"25:00\" is not a time of day"),
        ("channels", "slots = [\n\"mon 9:00\",\n\"mon\"]", "7: channels.slots: no times after"),
        (
            "channels",
            "grace = \"soon\"",
            "5: channels.grace: \"soon\" is no length of time; write one like \"30m\"",
        ),
        (
            "channels",
            "grace = \"30s\"",
            "5: channels.grace: \"30s\" is out of range: it is from a minute to a day",
        ),
        (
            "channels",
            "freshness = \"31d\"",
            "5: channels.freshness: \"31d\" is out of range: it is from an hour to 30 days",
        ),
        ("channels", "summary_chars = 0", "5: channels.summary_chars: 0 is out of range"),
        (
            "channels",
            "preview = \"larg\"",
            "5: channels.preview: \"larg\" is no preview: did you mean \"large\"?",
        ),
        (
            "channels",
            "silent = \"yes\"",
            "5: channels.silent: this is true or false, like silent = true; here stands a text",
        ),
        ("channels", "template = \"<b>{{ title }}\"", "5: channels.template: <b> is never closed"),
        (
            "channels",
            "template = '''\n<b>{{ title }}</b>\n{{ lead }}'''",
            "7: channels.template: there is no variable `lead`",
        ),
        ("channels", "footer = '''\n\n<b>Сайт'''", "7: channels.footer: <b> is never closed"),
        ("channels", "footer = \"\"", "5: channels.footer: it is empty"),
        ("channels", "link_words = \"\\n\"", "5: channels.link_words: it is empty"),
        ("channels", "marks = [\"a\\nb\"]", "5: channels.marks: it has several lines"),
        (
            "channels",
            "hashtags = [\"спорт\"]",
            "5: channels.hashtags: \"спорт\" is no hashtag that Telegram knows: write \"#спорт\"",
        ),
        ("channels", "rubrics = []", "5: channels.rubrics: the list is empty"),
        ("channels", "rubrics = [\"Спорт\"]", "5: channels.rubrics: every channel has its own rubrics"),
        ("channels", "[[channels]]\nid = -1001", "6: channels.id: the channel -1001 stands here twice"),
        (
            "channels",
            "[[channels]]\nid = -1002\nname = \"-1001\"",
            "7: channels.name: two channels are named \"-1001\"",
        ),
        ("channels", "[[channels]]\nid = 5", "6: channels.id: this is no channel"),
        ("channels", "[[channels]]\nid = -5", "6: channels.id: this is no channel"),
        (
            "channels",
            "[[channels]]\nid = 1234567890",
            "6: channels.id: a channel's number begins with -100: did you mean -1001234567890?",
        ),
        (
            "channels",
            "[[channels]]\nid = 1001234567890",
            "6: channels.id: a channel's number begins with -100: did you mean -1001234567890?",
        ),
        (
            "channels",
            "[[channels]]\nid = \"https://t.me/news_kz\"",
            "6: channels.id: this is no channel: did you mean \"@news_kz\"?",
        ),
        ("channels", "[[channels]]\nid = \"@Ы\"", "6: channels.id: this is no channel; write its"),
        ("channels", "[[channels]]\nname = \"a\"", "5: channels.id: the channel has no id"),
        ("channels", "[[rubrics]]", "5: rubrics.name: the rubric has no name"),
        (
            "channels",
            "[[rubrics]]\nname = \"Ёж\"\n[[rubrics]]\nname = \" еж \"",
            "8: rubrics.name: the rubric \" еж \" stands here twice",
        ),
        ("channels", "[[rubrics]]\nname = \"*\"", "6: rubrics.name: \"*\" is no rubric"),
    ] {
        only(&with(section, line), told);
    }
    for (editors, told) in [
        ("[{ id = 1, nmae = \"Анна\" }]", "2: desk.editors.nmae: there is no such key: did you mean `name`?"),
        ("[{ name = \"Анна\" }]", "2: desk.editors.id: the editor has no number"),
        ("[{ id = 1, name = \"\" }]", "2: desk.editors.name: it is empty"),
        ("[\"1\"]", "2: desk.editors: this is a list of numbers, like editors = [123456789, {"),
        ("1", "2: desk.editors: this is a list of numbers"),
        ("[0]", "2: desk.editors: 0 is no person's number"),
        ("[]", "2: desk.editors: there are no editors"),
    ] {
        only(&format!("[desk]\neditors = {editors}\n[[channels]]\nid = -1001"), told);
    }
    only("[desk]\neditors = [1]", "1: channels: there is none");
    only("[[channels]]\nid = -1001", "1: desk.editors: there are no editors");
    assert_eq!(problems("").len(), 2);
}

#[test]
fn what_is_hardly_meant_is_a_warning_and_keeps_nothing_from_running() {
    for (section, line, told) in [
        (
            "channels",
            "template = \"{{ link }}\"",
            "5: warning: channels.template: posts would show neither title",
        ),
        ("channels", "template = \"{{ title }}\"", "5: warning: channels.template: posts would have no link"),
        (
            "channels",
            "slots = [\"daily 09:00 18:00\"]\nquiet = [\"17:30-19:00\"]",
            "6: warning: channels.quiet: the slot on Thu 18:00 lies within quiet hours",
        ),
        (
            "channels",
            "hashtags = [\"#новости\"]\ntemplate = '<a href=\"{{ link }}\">{{ title }}</a>'",
            "6: warning: channels.template: there are settings for hashtags, and this template does not show them",
        ),
        ("channels", "slots = [\"daily every 3h 08:00-10:00\"]", "5: warning: channels.slots: the window of"),
        (
            "channels",
            "rubrics = [\"*\", \"Спорт\"]",
            "5: warning: channels.rubrics: \"*\" takes every rubric",
        ),
        (
            "channels",
            "rubrics = [\"*\"]\nhashtags = [\"#а\", \"#А\"]",
            "6: warning: channels.hashtags: #А stands in the list twice",
        ),
        (
            "top",
            "[[rubrics]]\nname = \"Спорт\"\n[[channels]]\nid = -1002\nrubrics = [\"Спрот\"]",
            "7: warning: channels.rubrics: \"Спрот\" is none of the [[rubrics]]: did you mean \"Спорт\"?",
        ),
    ] {
        let text = with(section, line);
        only(&text, told);
        assert!(parse(&text).is_ok(), "{text}");
    }
    only("[desk]\neditors = [1, { id = 1 }]\n[[channels]]\nid = -1001", "2: warning: desk.editors: 1 stands");
    // Without [[rubrics]] any name may be right.
    let free = "[[channels]]\nid = -1002\nrubrics = [\"Спорт\"]";
    assert_eq!(problems(&with("channels", free)), [""; 0]);
}

#[test]
fn what_is_no_toml_is_told_in_our_words() {
    for (line, told) in [
        ("name = Анна", "3: name: a text stands in straight quotes"),
        ("name = «Анна»", "3: name: these are a book's quotes"),
        ("silent = yes", "3: silent: write true"),
        ("name =", "3: name: there is no value"),
        ("name = \"Анна", "3: name: the text never ends"),
        ("id = 1\nid = 2", "4: id: this key stands here twice"),
        ("[desk]", "3: this line: this section stands in the file twice"),
        ("name", "3: this line: this is no line of the form key = value"),
        ("имя = 1", "3: имя: this is no line of the form key = value"),
        ("[http", "3: this line: the heading is not closed"),
        ("slots = [\"a\" \"b\"]", "3: slots: a comma is missing"),
        ("a = \"\\d\"", "3: a: in \"…\" a backslash begins an escape"),
        ("port = 01", "3: port: a number does not begin with 0"),
    ] {
        let text = format!("[desk]\neditors = [1]\n{line}\n");
        let told_of = problems(&text);
        assert!(
            told_of.iter().any(|problem| problem.starts_with(&format!("bot.toml:{told}"))),
            "{line}: {told_of:#?}"
        );
    }
    // What else is wrong is told along with it; what may only be unreadable is not missed.
    let both = problems("[desk]\neditors = [1\n[[channels]]\nid = 5\nname = \"a\"\n");
    assert!(both.iter().all(|told| !told.contains("there is none")), "{both:#?}");
    let both = problems("[desk]\neditors = 5\n[[channels]]\nid = -1001\nname = Анна\n");
    assert_eq!(both.len(), 2, "{both:#?}");
    assert!(problems("123:secret").iter().all(|told| !told.contains("secret")));
}

#[test]
fn a_token_file_is_looked_at() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bot.toml");
    std::fs::write(&file, with("telegram", "token_file = \"bot.token\"")).unwrap();
    let warnings =
        || Config::load(&file).unwrap().warnings.iter().map(ToString::to_string).collect::<String>();
    assert!(
        warnings().contains(":3: warning: telegram.token_file: the file")
            && warnings().contains("can't be used")
    );
    let token = directory.path().join("bot.token");
    std::fs::write(&token, "1:A").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let set = |mode| std::fs::set_permissions(&token, std::fs::Permissions::from_mode(mode)).unwrap();
        set(0o640);
        assert!(warnings().contains("others on this machine can read"), "{}", warnings());
        set(0o600);
    }
    assert_eq!(warnings(), "");
}

#[test]
fn the_proxy_is_read_and_never_shown_with_its_password() {
    let text = with("telegram", "proxy = \"socks5h://anna:s3cret@proxy.example:1080\"");
    let config = parse(&text).unwrap();
    assert_eq!(config.proxy.as_ref().unwrap().expose().password(), Some("s3cret"));
    assert!(!format!("{config:?}").contains("s3cret"));
    for bad in ["anna:s3cret@proxy:1", "ftp://anna:s3cret@proxy:1", "socks5://anna:s3cret@proxy"] {
        let told = problems(&with("telegram", &format!("proxy = \"{bad}\"")));
        assert!(told.len() == 1 && told[0].starts_with("bot.toml:3: telegram.proxy: "), "{told:?}");
        assert!(!told[0].contains("s3cret"), "{told:?}");
    }
}

#[test]
fn what_a_channel_takes_is_read_from_its_rubrics() {
    let config = parse(
        "[desk]\neditors = [1]\n[[channels]]\nid = -1001\nname = \"rest\"\n[[channels]]\nid = -1002\nname = \"sport\"\n\
         rubrics = [\"Спорт\", \" Шахматы\"]\n[[channels]]\nid = -1003\nname = \"all\"\nrubrics = [\"*\"]\n",
    )
    .unwrap();
    let takes: Vec<&Takes> = config.channels.iter().map(|channel| &channel.takes).collect();
    let sport = Takes::Rubrics(vec!["Спорт".to_owned(), "Шахматы".to_owned()]);
    assert_eq!(takes, [&Takes::Rest, &sport, &Takes::All]);
}
