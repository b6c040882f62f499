//! `bot.toml` as it is written, with the place of every value.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use crate::article::Cleaning;
use crate::post::Preview;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    #[serde(default)]
    pub(super) data_dir: Option<PathBuf>,
    #[serde(default)]
    pub(super) telegram: RawTelegram,
    #[serde(default)]
    pub(super) desk: Option<Spanned<RawDesk>>,
    #[serde(default)]
    pub(super) channels: Vec<Spanned<RawChannel>>,
    #[serde(default)]
    pub(super) article: Cleaning,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTelegram {
    pub(super) api_url: Option<Spanned<String>>,
    pub(super) token_file: Option<Spanned<String>>,
    /// Refused with a cure: a token does not belong into this file.
    pub(super) token: Option<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDesk {
    #[serde(default)]
    pub(super) editors: Vec<Spanned<RawEditor>>,
    pub(super) chat: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an editor is a number, or { id = 123, name = \"Анна\" }")]
pub(super) enum RawEditor {
    Id(i64),
    Named(RawNamed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNamed {
    pub(super) id: i64,
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChannel {
    pub(super) id: Spanned<RawAddress>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) timezone: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) slots: Vec<Spanned<String>>,
    pub(super) gap: Option<Spanned<String>>,
    pub(super) grace: Option<Spanned<String>>,
    pub(super) template: Option<Spanned<String>>,
    pub(super) summary_chars: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) preview: Preview,
    #[serde(default)]
    pub(super) silent: bool,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a channel's id is a number like -1001234567890, or its \"@username\"")]
pub(super) enum RawAddress {
    Id(i64),
    Name(String),
}
