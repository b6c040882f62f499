//! The articles' own pages: fetches the picture that a page names, when an editor wants it.
//!
//! An address comes from whoever may send the bot an article, and what a page names from whoever writes the page. So a
//! request goes nowhere but to the open web ([`Reach`]), however a name or a redirect leads there; it reads no more than
//! it needs, and it ends.

mod reach;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Client, Response};
use url::{Host, Url};

use crate::article::{self, Link, PICTURE_BYTES_MAX, PageError, PageTarget};
use crate::config::Proxy;
pub use reach::Reach;
use reach::{Guard, LeadsInside};

/// How long the whole may take, page and picture together.
const TIME_MAX: Duration = Duration::from_secs(15);
/// So long a name is looked up before it is left to whoever connects.
const LOOKUP_MAX: Duration = Duration::from_secs(3);
/// So much of a page is read: heads end long before.
const PAGE_BYTES_MAX: u64 = 1024 * 1024;
/// So many redirects are followed, for the page and for the picture each.
const REDIRECTS_MAX: usize = 3;
/// Where the environment names proxies.
const VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The way to the sites.
#[derive(Clone)]
pub struct Web {
    client: Client,
    guard: Guard,
}

// The client knows the proxy's password.
impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Web").field("reach", &self.guard.reach).finish_non_exhaustive()
    }
}

/// Why there is no picture.
#[derive(Debug, PartialEq, Eq)]
pub struct Failed {
    /// As the editor is told.
    pub why: PageError,
    /// As the log tells.
    pub detail: String,
}

impl Web {
    /// Sets the way up; nothing is asked yet. `proxy`: Telegram's, which is the machine's way out. Without one the
    /// environment's counts, but not where requests stay on this machine.
    ///
    /// # Errors
    /// The system has no trusted certificates, or the proxy's address is none.
    pub fn new(proxy: Option<&Proxy>, reach: Reach) -> reqwest::Result<Self> {
        let named: Vec<Url> = match (proxy, reach) {
            (Some(proxy), _) => vec![proxy.expose().clone()],
            (None, Reach::World) => {
                VARIABLES.iter().filter_map(|name| proxy_in(&std::env::var(name).ok()?)).collect()
            }
            (None, Reach::Loopback) => Vec::new(),
        };
        let proxies = named.iter().filter_map(|url| Some(url.host_str()?.to_owned())).collect();
        let guard = Guard { reach, proxies };
        let builder = Client::builder()
            .user_agent(concat!("Vestnik/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(guard.clone()));
        let builder = match (proxy, reach) {
            (Some(proxy), _) => builder.no_proxy().proxy(reqwest::Proxy::all(proxy.expose().clone())?),
            (None, Reach::World) => builder,
            (None, Reach::Loopback) => builder.no_proxy(),
        };
        Ok(Self { client: builder.build()?, guard })
    }

    /// The bytes of the picture that a page names; whether they are one is for the caller to see.
    ///
    /// # Errors
    /// What keeps them from being had.
    pub async fn picture(&self, page: &Link) -> Result<Vec<u8>, Failed> {
        match tokio::time::timeout(TIME_MAX, self.named_by(page)).await {
            Ok(picture) => picture,
            Err(_) => Err(failed(PageError::TooSlow, format!("no answer within {TIME_MAX:?}"))),
        }
    }

    async fn named_by(&self, page: &Link) -> Result<Vec<u8>, Failed> {
        let page = Url::parse(page.as_str())
            .map_err(|error| failed(PageError::Unreachable(PageTarget::Page), error.to_string()))?;
        let mut answer = self.get(page, PageTarget::Page, "text/html,application/xhtml+xml").await?;
        let address = answer.url().clone();
        let (head, _) = read(&mut answer, PAGE_BYTES_MAX, PageTarget::Page, has_whole_head).await?;
        drop(answer);
        // Names and addresses are ASCII in every charset that pages are written in.
        let named = article::page_picture(&String::from_utf8_lossy(&head), &address);
        let picture =
            named.ok_or_else(|| failed(PageError::NoPicture, "its head has no og:image".to_owned()))?;
        let mut answer = self.get(picture, PageTarget::Picture, "image/*").await?;
        let too_large = || failed(PageError::TooLarge, format!("over {PICTURE_BYTES_MAX} bytes"));
        if answer.content_length().is_some_and(|length| length > PICTURE_BYTES_MAX) {
            return Err(too_large());
        }
        let (bytes, is_whole) = read(&mut answer, PICTURE_BYTES_MAX, PageTarget::Picture, |_| false).await?;
        if is_whole { Ok(bytes) } else { Err(too_large()) }
    }

    /// Asks for an address, and for those to which it sends on: each is looked at before anything is sent there.
    async fn get(&self, mut url: Url, target: PageTarget, accept: &str) -> Result<Response, Failed> {
        for _ in 0..=REDIRECTS_MAX {
            self.look_at(&url, target).await?;
            let request = self.client.get(url.clone()).header(ACCEPT, accept);
            let answer = request.send().await.map_err(|error| unreachable(&error, target))?;
            let status = answer.status();
            if status.is_success() {
                return Ok(answer);
            }
            let next = answer.headers().get(LOCATION).filter(|_| status.is_redirection());
            let next = next.and_then(|next| url.join(std::str::from_utf8(next.as_bytes()).ok()?).ok());
            url =
                next.ok_or_else(|| failed(PageError::Status(target, status.as_u16()), status.to_string()))?;
        }
        Err(failed(PageError::Unreachable(target), format!("more than {REDIRECTS_MAX} redirects")))
    }

    /// Whether an address may be asked. A name is resolved here too, since behind a proxy nobody else of us does; one that
    /// can't be resolved here is left to whoever connects.
    async fn look_at(&self, url: &Url, target: PageTarget) -> Result<(), Failed> {
        let forbidden = |detail: &str| Err(failed(PageError::Forbidden(target), detail.to_owned()));
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some()
        {
            return forbidden("it is no plain http or https address");
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            None => return forbidden("it has no host"),
            Some(Host::Domain(name)) => {
                if self.guard.proxies.iter().any(|proxy| proxy.eq_ignore_ascii_case(name)) {
                    return forbidden("it is the proxy");
                }
                return match tokio::time::timeout(LOOKUP_MAX, self.guard.addresses(name)).await {
                    Ok(Err(error)) if error.is::<LeadsInside>() => {
                        forbidden("its name leads into a private network")
                    }
                    _ => Ok(()),
                };
            }
        };
        if self.guard.reach.lets(address) { Ok(()) } else { forbidden("it lies in a private network") }
    }
}

/// Reads an answer until it ends, has enough, or has too much; and whether it is all there.
async fn read(
    answer: &mut Response,
    bytes_max: u64,
    target: PageTarget,
    is_enough: impl Fn(&[u8]) -> bool,
) -> Result<(Vec<u8>, bool), Failed> {
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(more) = answer.chunk().await.map_err(|error| unreachable(&error, target))? {
        let seen = bytes.len();
        bytes.extend_from_slice(&more);
        if bytes.len() as u64 > bytes_max {
            return Ok((bytes, false));
        }
        // The end may lie across two pieces.
        if is_enough(bytes.get(seen.saturating_sub(HEAD_END.len())..).unwrap_or_default()) {
            return Ok((bytes, true));
        }
    }
    Ok((bytes, true))
}

const HEAD_END: &[u8] = b"</head";

fn has_whole_head(bytes: &[u8]) -> bool {
    bytes.windows(HEAD_END.len()).any(|some| some.eq_ignore_ascii_case(HEAD_END))
}

/// The proxy that a variable names, as reqwest reads it: a scheme may be missing.
fn proxy_in(value: &str) -> Option<Url> {
    let url = Url::parse(value).ok().filter(Url::has_host);
    url.or_else(|| Url::parse(&format!("http://{value}")).ok()).filter(|_| !value.is_empty())
}

fn failed(why: PageError, detail: String) -> Failed {
    Failed { why, detail }
}

/// An error of the network, with its causes.
fn unreachable(error: &reqwest::Error, target: PageTarget) -> Failed {
    let mut detail = "network".to_owned();
    let mut leads_inside = false;
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        leads_inside |= error.is::<LeadsInside>();
        detail.push_str(": ");
        detail.push_str(&error.to_string());
        cause = error.source();
    }
    let why = if leads_inside { PageError::Forbidden(target) } else { PageError::Unreachable(target) };
    failed(why, detail)
}

#[cfg(test)]
mod tests;
