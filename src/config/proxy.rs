//! The proxy's address, which may hold a password and so is never shown whole.

use std::fmt;

use url::Url;

/// The way to Telegram where it is blocked. It shows itself without name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(Url);

impl Proxy {
    /// Reads an address; the error says what to write instead, and never repeats what was given.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let Ok(url) = Url::parse(text.trim()) else {
            return Err(
                "this is no proxy's address; write one like \"socks5h://127.0.0.1:1080\" or \"http://name:password@proxy.example:3128\" (a @, : or / within the password is written %40, %3A, %2F)",
            );
        };
        match url.scheme() {
            "http" | "https" | "socks5" | "socks5h" => {}
            "socks4" | "socks4a" => {
                return Err("a proxy of SOCKS version 4 is not supported: use socks5, http or https");
            }
            "mtproto" | "tg" => {
                return Err(
                    "an MTProto proxy is for Telegram's apps, not for bots: use socks5, http or https",
                );
            }
            _ => return Err("a proxy's address begins with http://, https://, socks5:// or socks5h://"),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("the proxy's address names no host; write one like \"socks5h://127.0.0.1:1080\"");
        }
        if url.port_or_known_default().is_none() {
            return Err(
                "the proxy's port is missing; write it behind the host, like \"socks5h://127.0.0.1:1080\"",
            );
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err("a proxy's address ends with its port; take away what stands behind it");
        }
        Ok(Self(url))
    }

    /// The whole address, name and password included, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.0.host_str().unwrap_or_default())?;
        self.0.port_or_known_default().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_shown_without_its_password() {
        for (text, shown) in [
            ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
            ("socks5h://anna:s3cret@proxy.example:1080", "socks5h://proxy.example:1080"),
            ("http://anna:s3cret@proxy.example", "http://proxy.example:80"),
            ("https://[::1]:8443/", "https://[::1]:8443"),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert_eq!(
                (proxy.to_string(), format!("{proxy:?}")),
                (shown.to_owned(), format!("Proxy({shown})"))
            );
            assert_eq!(proxy.expose().password().is_some(), text.contains("s3cret"));
        }
    }

    #[test]
    fn what_is_none_is_refused_with_a_cure_and_not_repeated() {
        for (text, told) in [
            ("127.0.0.1:1080", "this is no proxy's address"),
            ("localhost:1080", "begins with http://"),
            ("socks5://s3cret@127.0.0.1", "port is missing"),
            ("socks5://:1080", "this is no proxy's address"),
            ("http://anna:s3/cret@proxy:1", "this is no proxy's address"),
            ("http://proxy:1/s3cret", "ends with its port"),
            ("socks4://proxy:1080", "version 4"),
            ("tg://proxy?server=s3cret", "MTProto"),
            ("", "this is no proxy's address"),
        ] {
            let error = Proxy::parse(text).unwrap_err();
            assert!(error.contains(told) && !error.contains("s3c"), "{text}: {error}");
        }
    }
}
