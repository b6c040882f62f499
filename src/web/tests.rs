//! Against servers on this machine, each of which says what it was asked for.

use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A site: gives each request, by its first line, what it has for it; what it has not is 404.
struct Site {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn open(answers: Vec<(&'static str, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (heard, own) = (asked.clone(), address.clone());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    let read = stream.read(&mut buffer).await.unwrap();
                    if read == 0 {
                        break;
                    }
                    request.extend_from_slice(&buffer[..read]);
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                heard.lock().unwrap().push(path.clone());
                let known = answers.iter().find(|(known, _)| *known == path);
                let none = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
                let answer = known.map_or(none, |(_, answer)| answer.clone());
                let answer = match String::from_utf8(answer) {
                    Ok(text) => text.replace("SITE", &own).into_bytes(),
                    Err(bytes) => bytes.into_bytes(),
                };
                // Who has read enough hangs up.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { address, asked }
    }

    fn page(&self, path: &str) -> Link {
        Link::parse(&format!("{}{path}", self.address)).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", body.as_ref()].concat()
}

fn names(picture: &str) -> Vec<u8> {
    ok(format!("<html><head><meta property=\"og:image\" content=\"{picture}\"></head><body>"))
}

fn sends_on(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn web() -> Web {
    Web::new(None, Reach::Loopback).unwrap()
}

async fn why(web: &Web, page: &Link) -> PageError {
    web.picture(page).await.unwrap_err().why
}

#[tokio::test]
async fn the_picture_that_the_page_names_is_fetched_through_redirects() {
    let site = Site::open(vec![
        ("/a", sends_on("/b")),
        ("/b", sends_on("SITE/news/c")),
        ("/news/c", names("../d.jpg?x=1&amp;y=2")),
        ("/d.jpg?x=1&y=2", sends_on("/e")),
        ("/e", ok(b"\xff\xd8\xff bytes")),
    ])
    .await;
    assert_eq!(web().picture(&site.page("/a")).await.unwrap(), b"\xff\xd8\xff bytes");
    assert_eq!(site.asked(), ["/a", "/b", "/news/c", "/d.jpg?x=1&y=2", "/e"]);
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    let mut endless = vec![b' '; 1_100_000];
    endless.extend(b"<meta property=og:image content=/late.jpg></head>");
    let declared = b"HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\nabc".to_vec();
    let site = Site::open(vec![
        ("/bare", ok("<head><title>Мост</title></head><img src=/a.jpg>")),
        ("/long", ok(&endless)),
        ("/broken", names("/none.jpg")),
        ("/busy", b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".to_vec()),
        ("/large", names("/large.jpg")),
        ("/large.jpg", declared),
        ("/larger", names("/larger.jpg")),
        ("/larger.jpg", ok(vec![0xff; 10_485_761])),
        ("/just", names("/just.jpg")),
        ("/just.jpg", ok(vec![0xff; 10_485_760])),
        ("/round", sends_on("/round")),
        ("/nowhere", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec()),
        ("/cut", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<head>".to_vec()),
    ])
    .await;
    use PageTarget::{Page, Picture};
    for (path, expected) in [
        ("/gone", PageError::Status(Page, 404)),
        ("/busy", PageError::Status(Page, 503)),
        ("/nowhere", PageError::Status(Page, 302)),
        ("/bare", PageError::NoPicture),
        ("/long", PageError::NoPicture),
        ("/broken", PageError::Status(Picture, 404)),
        ("/large", PageError::TooLarge),
        ("/larger", PageError::TooLarge),
        ("/round", PageError::Unreachable(Page)),
        ("/cut", PageError::Unreachable(Page)),
    ] {
        assert_eq!(why(&web(), &site.page(path)).await, expected, "{path}");
    }
    assert_eq!(site.asked().iter().filter(|path| *path == "/round").count(), 4, "three redirects");
    assert_eq!(web().picture(&site.page("/just")).await.unwrap().len(), 10_485_760);
    // Nobody listens where somebody did.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(why(&web(), &Link::parse(&closed).unwrap()).await, PageError::Unreachable(Page));
}

/// Nothing of the time passes but what the bot itself waits for.
#[tokio::test(start_paused = true)]
async fn a_site_that_does_not_answer_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let page = Link::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    assert_eq!(why(&web(), &page).await, PageError::TooSlow);
}

#[tokio::test]
async fn nothing_inside_is_asked_for_anything_however_a_page_leads_there() {
    use PageTarget::{Page, Picture};
    let inside = Site::open(vec![("/a", names("/a.jpg")), ("/a.jpg", ok("secret"))]).await;
    let world = Web::new(None, Reach::World).unwrap();
    assert_eq!(why(&world, &inside.page("/a")).await, PageError::Forbidden(Page));
    let port = inside.address.rsplit_once(':').unwrap().1.to_owned();
    for host in
        ["10.0.0.1", "169.254.169.254", "0.0.0.0", "127.1", "0x7f.0.0.1", "2130706433.", "192.168.1.1"]
    {
        if let Ok(page) = Link::parse(&format!("http://{host}:{port}/a")) {
            assert_eq!(why(&world, &page).await, PageError::Forbidden(Page), "{host}");
        }
    }
    assert!(inside.asked().is_empty());
    // A bot of the sandbox stays on this machine: neither a redirect nor a name nor a picture leads elsewhere.
    let site = Site::open(vec![
        ("/out", sends_on("http://10.0.0.1/")),
        ("/name", sends_on("http://example.com/")),
        ("/file", sends_on("file:///etc/passwd")),
        ("/user", sends_on("http://name:word@127.0.0.1/")),
        ("/v6", names("http://[fd00::1]/a.jpg")),
        ("/mapped", names("http://[::ffff:10.0.0.1]/a.jpg")),
        ("/local", names("http://localhost/a.jpg")),
    ])
    .await;
    for (path, target) in [
        ("/out", Page),
        ("/name", Page),
        ("/file", Page),
        ("/user", Page),
        ("/v6", Picture),
        ("/mapped", Picture),
        ("/local", Picture),
    ] {
        assert_eq!(why(&web(), &site.page(path)).await, PageError::Forbidden(target), "{path}");
    }
}

#[tokio::test]
async fn a_proxy_is_the_way_and_is_never_asked_for_as_a_site() {
    let settings = |url: &str| {
        let text = format!("[telegram]\nproxy = \"{url}\"\n[desk]\neditors = [1]\n[[channels]]\nid = -1001");
        crate::config::Config::parse(&text, "bot.toml", std::path::Path::new("")).unwrap().proxy
    };
    // It answers for every site.
    let proxy = Site::open(vec![
        ("http://127.0.0.9:1/a", names("/a.jpg")),
        ("http://127.0.0.9:1/a.jpg", ok("photo")),
    ])
    .await;
    let web = Web::new(settings(&proxy.address).as_ref(), Reach::Loopback).unwrap();
    assert_eq!(web.picture(&Link::parse("http://127.0.0.9:1/a").unwrap()).await.unwrap(), b"photo");
    assert_eq!(proxy.asked(), ["http://127.0.0.9:1/a", "http://127.0.0.9:1/a.jpg"]);
    let named = settings("http://anna:s3cret@proxy.example:3128");
    let web = Web::new(named.as_ref(), Reach::World).unwrap();
    assert_eq!(
        why(&web, &Link::parse("http://proxy.example/").unwrap()).await,
        PageError::Forbidden(PageTarget::Page)
    );
    assert!(!format!("{web:?}").contains("s3cret"));
}
