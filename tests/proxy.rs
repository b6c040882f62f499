//! Telegram through a proxy: everything goes through the one that is named, the environment's counts where it should, and
//! no trouble with one shows a password.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod common;

use chrono::Utc;
use std::net::SocketAddr;
use std::process::Output;
use std::sync::{Arc, Mutex};

use common::{BRIDGE, Machine};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use vestnik::words::label;

/// A host that nobody but a proxy of these tests knows.
const NOWHERE: &str = "telegram.invalid";
const NAME: &str = "anna";
/// As it is, and as it is written in an address.
const PASSWORD: (&str, &str) = ("p@ss/w0rd", "p%40ss%2Fw0rd");
/// `anna:p@ss/w0rd` in Base64.
const BASIC: &str = "Basic YW5uYTpwQHNzL3cwcmQ=";
/// Of `anna:wr0ng`.
const WRONG_IN_BASE64: &str = "YW5uYTp3cjBuZw";

/// A proxy that leads everybody to one server, and writes down what it was asked for.
struct Proxy {
    address: SocketAddr,
    ledger: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Copy)]
struct Manners {
    speaks: Speaks,
    wants_password: bool,
    /// Whether it lets anybody through.
    lets_through: bool,
}

#[derive(Clone, Copy)]
enum Speaks {
    Http,
    Socks5,
}

impl Proxy {
    async fn start(speaks: Speaks, wants_password: bool, leads_to: Option<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let ledger = Arc::new(Mutex::new(Vec::new()));
        let manners = Manners { speaks, wants_password, lets_through: leads_to.is_some() };
        let leads_to = leads_to.unwrap_or(address);
        let written = ledger.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let written = written.clone();
                tokio::spawn(async move {
                    let write = |what: String| written.lock().unwrap().push(what);
                    // Who hangs up in the middle has no more to say.
                    let _ = match manners.speaks {
                        Speaks::Http => http(client, manners, leads_to, write).await,
                        Speaks::Socks5 => socks5(client, manners, leads_to, write).await,
                    };
                });
            }
        });
        Self { address, ledger }
    }

    /// What it was asked for, in order.
    fn ledger(&self) -> Vec<String> {
        self.ledger.lock().unwrap().clone()
    }
}

async fn http(
    mut client: TcpStream,
    manners: Manners,
    leads_to: SocketAddr,
    write: impl Fn(String),
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let (first, headers) = head.split_once("\r\n").unwrap();
    let header = |name: &str| {
        let found = |line: &str| {
            let (given, value) = line.split_once(": ")?;
            given.eq_ignore_ascii_case(name).then(|| value.to_owned())
        };
        headers.lines().find_map(found)
    };
    if manners.wants_password && header("proxy-authorization").as_deref() != Some(BASIC) {
        write(format!("refused {first}"));
        return client
            .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
            .await;
    }
    write(first.to_owned());
    if !manners.lets_through {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\nblock!").await;
    }
    let mut server = TcpStream::connect(leads_to).await?;
    if first.starts_with("CONNECT ") {
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    } else {
        // One request a connection, so that each is in the ledger.
        server.write_all(format!("{first}\r\nconnection: close\r\n{headers}").as_bytes()).await?;
    }
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// RFC 1928 and 1929.
async fn socks5(
    mut client: TcpStream,
    manners: Manners,
    leads_to: SocketAddr,
    write: impl Fn(String),
) -> std::io::Result<()> {
    async fn some(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; client.read_u8().await?.into()];
        client.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
    assert_eq!(client.read_u8().await?, 5);
    let offered = some(&mut client).await?;
    let wanted = if manners.wants_password { 2 } else { 0 };
    if !offered.contains(&wanted) {
        write("refused: no password".to_owned());
        return client.write_all(&[5, 0xff]).await;
    }
    client.write_all(&[5, wanted]).await?;
    if manners.wants_password {
        assert_eq!(client.read_u8().await?, 1);
        let (name, password) = (some(&mut client).await?, some(&mut client).await?);
        let is_right = name == NAME.as_bytes() && password == PASSWORD.0.as_bytes();
        client.write_all(&[1, u8::from(!is_right)]).await?;
        if !is_right {
            write("refused: wrong password".to_owned());
            return Ok(());
        }
    }
    let mut asked = [0; 4];
    client.read_exact(&mut asked).await?;
    let host = match asked[3] {
        1 => {
            let mut address = [0; 4];
            client.read_exact(&mut address).await?;
            std::net::Ipv4Addr::from(address).to_string()
        }
        3 => String::from_utf8_lossy(&some(&mut client).await?).into_owned(),
        other => panic!("a kind of address: {other}"),
    };
    let port = client.read_u16().await?;
    write(format!("{host}:{port}"));
    let answer = if manners.lets_through { 0 } else { 2 };
    client.write_all(&[5, answer, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    if manners.lets_through {
        let mut server = TcpStream::connect(leads_to).await?;
        copy_bidirectional(&mut client, &mut server).await?;
    }
    Ok(())
}

/// Where the sandbox listens.
fn sandbox(machine: &Machine) -> SocketAddr {
    machine.sandbox.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
}

/// Names server and proxy in the settings.
fn name(machine: &Machine, api_url: &str, proxy: Option<&str>) {
    let proxy = proxy.map_or(String::new(), |proxy| format!("proxy = \"{proxy}\"\n"));
    let url = machine.sandbox.url();
    machine.settings(|settings| {
        settings.replace(&format!("api_url = \"{url}\"\n"), &format!("api_url = \"{api_url}\"\n{proxy}"))
    });
}

#[tokio::test]
async fn an_article_is_published_through_every_kind_of_proxy() {
    for (scheme, speaks, wants_password) in [
        ("http", Speaks::Http, false),
        ("http", Speaks::Http, true),
        ("socks5h", Speaks::Socks5, false),
        ("socks5h", Speaks::Socks5, true),
    ] {
        let machine = Machine::new().await;
        // Behind a name that is not this machine's the bot goes by its own clock, and Telegram's must agree with it.
        machine.sandbox.set_telegram_offset(Utc::now() - machine.sandbox.now());
        let proxy = Proxy::start(speaks, wants_password, Some(sandbox(&machine))).await;
        let who = if wants_password { format!("{NAME}:{}@", PASSWORD.1) } else { String::new() };
        // There is no other way to that host.
        name(
            &machine,
            &format!("http://{NOWHERE}:8081"),
            Some(&format!("{scheme}://{who}{}", proxy.address)),
        );
        let bot = machine.bot().log("debug").start();
        let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
        machine.presses(bridge.id, label::APPROVE).await;
        machine.card_says(&bridge, "вышло").await;
        let said = bot.stops().await;
        assert_eq!(machine.channel(), [bridge.post]);
        let ledger = proxy.ledger();
        match speaks {
            Speaks::Http => {
                let sends = |line: &&String| {
                    line.starts_with(&format!("POST http://{NOWHERE}:8081/bot"))
                        && line.contains("/SendMessage ")
                };
                assert!(ledger.iter().filter(sends).count() >= 3, "{ledger:#?}");
            }
            Speaks::Socks5 => {
                assert!(
                    ledger.len() > 1 && ledger.iter().all(|line| line == &format!("{NOWHERE}:8081")),
                    "{ledger:?}"
                );
            }
        }
        assert!(ledger.iter().all(|line| !line.starts_with("refused")), "{ledger:#?}");
        assert!(!said.contains(PASSWORD.0) && !said.contains(PASSWORD.1), "{said}");
    }
}

#[tokio::test]
async fn socks5_is_led_to_an_address_even_of_this_machine() {
    let machine = Machine::new().await;
    let proxy = Proxy::start(Speaks::Socks5, false, Some(sandbox(&machine))).await;
    let api_url = machine.sandbox.url();
    name(&machine, &api_url, Some(&format!("socks5://{}", proxy.address)));
    machine.anna.sends("/start");
    let told = machine.command(&["check"]).await;
    assert_eq!(told.status.code(), Some(0), "{}", said(&machine, &told));
    assert!(said(&machine, &told).contains(&format!("through the proxy socks5://{}", proxy.address)));
    assert!(proxy.ledger().iter().all(|line| line == &sandbox(&machine).to_string()), "{:?}", proxy.ledger());
    assert!(!proxy.ledger().is_empty());
}

#[tokio::test]
async fn the_environments_proxy_counts_but_not_for_this_machine_nor_against_the_settings() {
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    let proxy = Proxy::start(Speaks::Http, true, Some(sandbox(&machine))).await;
    let refuses = Proxy::start(Speaks::Http, false, None).await;
    let address = |proxy: &Proxy| format!("http://{NAME}:{}@{}", PASSWORD.1, proxy.address);
    let (good, bad) = (address(&proxy), address(&refuses));
    // A server on this machine: the environment's proxy would refuse, and is not asked.
    let everywhere = [("HTTP_PROXY", bad.as_str()), ("HTTPS_PROXY", &bad), ("ALL_PROXY", &bad)];
    let told = machine.command_in(&everywhere, &["check"]).await;
    assert_eq!(told.status.code(), Some(0), "{}", said(&machine, &told));
    // Elsewhere it is.
    name(&machine, &format!("http://{NOWHERE}:8081"), None);
    let told = machine.command_in(&[("ALL_PROXY", &good)], &["check"]).await;
    assert_eq!(told.status.code(), Some(0), "{}", said(&machine, &told));
    assert!(proxy.ledger().iter().any(|line| line.contains("/GetMe ")), "{:?}", proxy.ledger());
    assert_eq!(refuses.ledger(), [""; 0]);
    // What the settings name wins.
    machine
        .settings(|settings| settings.replace("[telegram]\n", &format!("[telegram]\nproxy = \"{good}\"\n")));
    let told = machine.command_in(&everywhere, &["check"]).await;
    assert_eq!(told.status.code(), Some(0), "{}", said(&machine, &told));
    assert_eq!(refuses.ledger(), [""; 0]);
}

#[tokio::test]
async fn telegram_itself_is_reached_by_a_tunnel() {
    let machine = Machine::new().await;
    let url = machine.sandbox.url();
    machine.settings(|settings| settings.replace(&format!("api_url = \"{url}\"\n"), ""));
    let refuses = Proxy::start(Speaks::Http, true, None).await;
    let address = format!("http://{NAME}:{}@{}", PASSWORD.1, refuses.address);
    let told = machine.command_in(&[("HTTPS_PROXY", &address)], &["check"]).await;
    let words = said(&machine, &told);
    assert_eq!(told.status.code(), Some(1), "{words}");
    assert!(words.contains("the proxy that the environment's HTTPS_PROXY names gives no way"), "{words}");
    assert!(
        refuses.ledger().iter().all(|line| line == "CONNECT api.telegram.org:443 HTTP/1.1"),
        "{:?}",
        refuses.ledger()
    );
    assert!(!refuses.ledger().is_empty());
    // And the same of the proxy that the settings name.
    machine.settings(|settings| {
        settings.replace("[telegram]\n", &format!("[telegram]\nproxy = \"{address}\"\n"))
    });
    let told = machine.command(&["check"]).await;
    let words = said(&machine, &told);
    assert_eq!(told.status.code(), Some(1), "{words}");
    let named = format!("the proxy http://{} (telegram.proxy) gives no way", refuses.address);
    assert!(words.contains(&named) && words.contains("check that it runs"), "{words}");
}

#[tokio::test]
async fn a_proxy_that_is_broken_is_named_with_a_cure_and_without_its_password() {
    let machine = Machine::new().await;
    let to = Some(sandbox(&machine));
    let http = Proxy::start(Speaks::Http, true, to).await;
    let socks = Proxy::start(Speaks::Socks5, true, to).await;
    let closed = Proxy::start(Speaks::Socks5, false, None).await;
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let original = std::fs::read_to_string(machine.path("bot.toml")).unwrap();
    for (scheme, address, trouble) in [
        ("http", http.address, "answers in Telegram's place"),
        ("socks5h", socks.address, "gives no way"),
        ("socks5h", closed.address, "gives no way"),
        ("http", nobody, "gives no way"),
        ("socks5h", nobody, "gives no way"),
    ] {
        machine.settings(|_| original.clone());
        name(
            &machine,
            &format!("http://{NOWHERE}:8081"),
            Some(&format!("{scheme}://{NAME}:wr0ng@{address}")),
        );
        let told = machine.command_in(&[("RUST_LOG", "trace")], &["check"]).await;
        let words = said(&machine, &told);
        assert_eq!(told.status.code(), Some(1), "{words}");
        let named = format!("the proxy {scheme}://{address} (telegram.proxy) {trouble}");
        assert!(words.contains(&named) && words.contains("check that it"), "{named}\n{words}");
        // The running bot says it as well, and tries again.
        let mut bot = machine.bot().log("trace").start();
        bot.says(&named).await;
        bot.is_told_to_stop();
        bot.ends().await;
        let log = bot.said();
        assert!(
            !log.contains("wr0ng") && !log.contains(WRONG_IN_BASE64) && !log.contains(secret(&machine)),
            "{log}"
        );
    }
}

fn secret(machine: &Machine) -> &str {
    machine.sandbox.token().split_once(':').unwrap().1
}

/// All that a command said, which holds neither token nor password.
fn said(machine: &Machine, output: &Output) -> String {
    let said =
        [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned()).concat();
    for hidden in [secret(machine), PASSWORD.0, PASSWORD.1, "wr0ng", WRONG_IN_BASE64] {
        assert!(!said.contains(hidden), "{said}");
    }
    said
}
