//! The way to the Bot API server: directly or through a proxy, and how a proxy's trouble is told.

use teloxide::RequestError;

use super::{is_loopback, outcome};
use crate::config::Proxy;

/// Through what the server is reached. It shows no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing stands between.
    Direct,
    /// The proxy that `bot.toml` names.
    Named(Proxy),
    /// The proxy that this variable of the environment names, unless `NO_PROXY` excepts the server.
    Environment(&'static str),
}

impl Way {
    /// The settings win over the environment, which never counts for a server on this very machine.
    pub(super) fn to(api_url: &url::Url, named: Option<&Proxy>, variable: impl Fn(&str) -> bool) -> Self {
        let names: [&str; 4] = match api_url.scheme() {
            "https" => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
            _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        };
        match named {
            Some(proxy) => Self::Named(proxy.clone()),
            None if is_loopback(api_url) => Self::Direct,
            None => names.into_iter().find(|name| variable(name)).map_or(Self::Direct, Self::Environment),
        }
    }

    /// The client's builder, set to go this way.
    ///
    /// # Errors
    /// The proxy's address is none.
    pub(super) fn set(&self, builder: reqwest::ClientBuilder) -> reqwest::Result<reqwest::ClientBuilder> {
        Ok(match self {
            Self::Direct => builder.no_proxy(),
            Self::Named(proxy) => builder.no_proxy().proxy(reqwest::Proxy::all(proxy.expose().clone())?),
            Self::Environment(_) => builder,
        })
    }

    /// What to say of an error that the proxy may well have made; `None` where it has not.
    pub(super) fn trouble(&self, error: &RequestError) -> Option<String> {
        let proxy = match self {
            Self::Direct => return None,
            Self::Named(proxy) => format!("the proxy {proxy} (telegram.proxy)"),
            Self::Environment(name) => format!("the proxy that the environment's {name} names"),
        };
        match error {
            RequestError::Network(error) if error.is_connect() => Some(format!(
                "{proxy} gives no way: {}; check that it runs and takes this machine, and the name and password for it",
                outcome::network(error)
            )),
            RequestError::InvalidJson { .. } => Some(format!(
                "{proxy} answers in Telegram's place; check that it lets this machine through to the Bot API server, \
                 and the name and password for it"
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_win_over_the_environment_which_never_counts_for_this_machine() {
        let telegram: url::Url = "https://api.telegram.org".parse().unwrap();
        let here: url::Url = "http://127.0.0.1:8081".parse().unwrap();
        let own: url::Url = "http://bot-api.example:8081".parse().unwrap();
        let settings =
            "[telegram]\nproxy = \"socks5://a:b@proxy:1\"\n[desk]\neditors = [1]\n[[channels]]\nid = -1001";
        let config = crate::config::Config::parse(settings, "bot.toml", std::path::Path::new("")).unwrap();
        let named = config.proxy.as_ref();
        for (url, named, variables, way) in [
            (&telegram, named, &["HTTPS_PROXY"][..], Way::Named(named.unwrap().clone())),
            (&here, named, &[], Way::Named(named.unwrap().clone())),
            (&here, None, &["HTTP_PROXY", "ALL_PROXY"], Way::Direct),
            (&telegram, None, &["HTTP_PROXY"], Way::Direct),
            (&telegram, None, &["ALL_PROXY", "https_proxy"], Way::Environment("https_proxy")),
            (&telegram, None, &["ALL_PROXY"], Way::Environment("ALL_PROXY")),
            (&own, None, &["HTTP_PROXY"], Way::Environment("HTTP_PROXY")),
            (&telegram, None, &[], Way::Direct),
        ] {
            let found = Way::to(url, named, |name| variables.contains(&name));
            assert_eq!(found, way, "{url} {variables:?}");
        }
    }
}
