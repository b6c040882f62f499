//! Keyboards: what a bot may put under a message, and the buttons that people press.

use serde_json::{Value, json};

use super::links::check_link;
use super::params::{Json, Params};
use super::refusal::Refusal;
use super::rules::RuleId;
use super::world::ChatKind;

/// Most bytes in a button's `callback_data`.
const MAX_DATA_BYTES: usize = 64;
/// Most buttons in a row.
const MAX_BUTTONS_IN_ROW: usize = 12;
/// Most buttons under one message.
const MAX_BUTTONS: usize = 300;

/// What a bot put under its message.
#[derive(Debug, Clone, PartialEq)]
pub enum Markup {
    /// Buttons under the message.
    Inline(Vec<Vec<Button>>),
    /// A keyboard, its removal or a forced reply in the reader's client: the JSON as the bot sent it.
    Reply(Value),
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What pressing it does.
    pub action: Action,
}

/// What pressing a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Tells the bot, with these words.
    Callback(String),
    /// Opens a page.
    Url(String),
}

impl Markup {
    pub(super) fn labels(&self) -> Vec<Vec<String>> {
        let row_labels = |row: &Vec<Button>| row.iter().map(|button| button.label.clone()).collect();
        match self {
            Self::Inline(rows) => rows.iter().map(row_labels).collect(),
            Self::Reply(value) => {
                let rows = value.get("keyboard").and_then(Value::as_array);
                let label = |button: &Value| button.get("text").unwrap_or(button).as_str().map(str::to_owned);
                let row = |row: &Value| row.as_array().into_iter().flatten().filter_map(label).collect();
                rows.into_iter().flatten().map(row).collect()
            }
        }
    }

    /// The button that says `wanted`, or else the one whose data it is.
    pub(super) fn button(&self, wanted: &str) -> Option<&Button> {
        let Self::Inline(rows) = self else { return None };
        let buttons = || rows.iter().flatten();
        buttons()
            .find(|button| button.label == wanted)
            .or_else(|| buttons().find(|button| button.action == Action::Callback(wanted.to_owned())))
    }

    /// What a message's JSON shows of it: inline keyboards only.
    pub(super) fn inline_json(&self) -> Option<Value> {
        let Self::Inline(rows) = self else { return None };
        let button = |button: &Button| match &button.action {
            Action::Callback(data) => json!({"text": button.label, "callback_data": data}),
            Action::Url(url) => json!({"text": button.label, "url": url}),
        };
        let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(button).collect()).collect();
        Some(json!({"inline_keyboard": rows}))
    }
}

/// Where a keyboard goes, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Under a new message.
    New(ChatKind),
    /// Under a message that is there already.
    Edit(ChatKind),
}

impl Place {
    fn is_channel(self) -> bool {
        matches!(self, Self::New(ChatKind::Channel) | Self::Edit(ChatKind::Channel))
    }

    fn takes_inline_only(self) -> bool {
        self.is_channel() || matches!(self, Self::Edit(_))
    }
}

/// The `reply_markup` of a call.
pub(super) fn read_markup(params: &Params, place: Place) -> Result<Option<Markup>, Refusal> {
    let malformed = |why: &str| Refusal::bad_request(RuleId::MarkupParsed, why);
    let Some(value) = params.json("reply_markup", "Can't parse reply keyboard markup JSON object")? else {
        return Ok(None);
    };
    let object = Json::object(&value).ok_or_else(|| malformed("Object expected as reply markup"))?;
    let has_rows = |name| object.get(name).and_then(Value::as_array).is_some_and(|rows| !rows.is_empty());
    if has_rows("keyboard") {
        let is_row = |row: &Value| row.as_array().is_some();
        if !object.get("keyboard").and_then(Value::as_array).is_some_and(|rows| rows.iter().all(is_row)) {
            return Err(malformed("Field \"keyboard\" must be an Array of Arrays"));
        }
    } else if has_rows("inline_keyboard") {
        return Ok(inline(object.get("inline_keyboard").unwrap_or(&Value::Null), place)?.map(Markup::Inline));
    } else if !(object.flag("remove_keyboard") || object.flag("force_reply")) {
        return Ok(None);
    }
    if place.takes_inline_only() {
        return Err(Refusal::bad_request(RuleId::InlineKeyboardExpected, "Inline keyboard expected"));
    }
    Ok(Some(Markup::Reply(value)))
}

/// [`RuleId::KeyboardCut`]: buttons without a label are skipped, those past the limits cut off.
fn inline(rows: &Value, place: Place) -> Result<Option<Vec<Vec<Button>>>, Refusal> {
    let mut keyboard = Vec::new();
    for row in rows.as_array().into_iter().flatten() {
        let Some(row) = row.as_array() else {
            return Err(Refusal::bad_request(
                RuleId::MarkupParsed,
                "Field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays",
            ));
        };
        let mut buttons: Vec<Button> =
            row.iter().map(|button| read_button(button, place)).collect::<Result<_, _>>()?;
        buttons.retain(|button| !button.label.is_empty());
        let room = MAX_BUTTONS - keyboard.iter().map(Vec::len).sum::<usize>();
        buttons.truncate(MAX_BUTTONS_IN_ROW.min(room));
        if !buttons.is_empty() {
            keyboard.push(buttons);
        }
    }
    Ok((!keyboard.is_empty()).then_some(keyboard))
}

fn read_button(value: &Value, place: Place) -> Result<Button, Refusal> {
    let malformed = |why: &str| {
        Refusal::bad_request(RuleId::ButtonsComplete, format!("Can't parse inline keyboard button: {why}"))
    };
    let object = Json::object(value).ok_or_else(|| malformed("InlineKeyboardButton must be an Object"))?;
    let label = object.required_string("text").map_err(|why| malformed(&why))?;
    let (url, data) = (object.string("url"), object.string("callback_data"));
    let action = if !url.is_empty() {
        let url = check_link(&url).map_err(|why| {
            Refusal::bad_request(RuleId::ButtonUrlChecked, format!("Inline keyboard button {why}"))
        })?;
        Action::Url(url)
    } else if !data.is_empty() {
        if data.len() > MAX_DATA_BYTES {
            return Err(Refusal::bad_request(RuleId::ButtonDataSize, "BUTTON_DATA_INVALID"));
        }
        Action::Callback(data)
    } else {
        let inline_query = ["switch_inline_query", "switch_inline_query_current_chat"]
            .into_iter()
            .find(|name| object.get(name).is_some());
        return Err(match inline_query {
            Some(name) if place.is_channel() => Refusal::bad_request(
                RuleId::ButtonsComplete,
                format!(
                    "Can't use {name} button in a channel chat, because users will not be able to use the button \
                     without knowing bot's username"
                ),
            ),
            Some(_) => Refusal::bad_request(RuleId::MethodNotModelled, "the sandbox has no inline queries"),
            None => malformed("Text buttons are unallowed in the inline keyboard"),
        });
    };
    Ok(Button { label, action })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(markup: &str, place: Place) -> Result<Option<Markup>, String> {
        let mut params = Params::default();
        params.set("reply_markup", markup);
        read_markup(&params, place).map_err(|refusal| refusal.description)
    }

    #[test]
    fn buttons_are_found_by_label_and_by_data() {
        let markup = r#"{"inline_keyboard":[[{"text":"Одобрить","callback_data":"ok:1"}],[{"text":"Сайт","url":"https://a.kz"}]]}"#;
        let markup = read(markup, Place::New(ChatKind::Channel)).unwrap().unwrap();
        assert_eq!(markup.labels(), [["Одобрить"], ["Сайт"]]);
        assert_eq!(markup.button("Одобрить"), markup.button("ok:1"));
        assert_eq!(markup.button("Сайт").unwrap().action, Action::Url("https://a.kz/".to_owned()));
        assert_eq!(markup.button("Отклонить"), None);
    }

    #[test]
    fn a_keyboard_the_server_would_refuse_is_refused() {
        let data =
            |data: &str| format!(r#"{{"inline_keyboard":[[{{"text":"a","callback_data":"{data}"}}]]}}"#);
        assert!(read(&data(&"x".repeat(64)), Place::New(ChatKind::Private)).is_ok());
        for (markup, refusal) in [
            (data(&"x".repeat(65)), "Bad Request: BUTTON_DATA_INVALID"),
            (
                data(""),
                "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            ),
            (
                r#"{"inline_keyboard":[[{"text":"a","url":"https://нет"}]]}"#.to_owned(),
                "Bad Request: inline keyboard button URL 'https://нет' is invalid: Wrong HTTP URL",
            ),
            ("[]".to_owned(), "Bad Request: object expected as reply markup"),
            ("{".to_owned(), "Bad Request: can't parse reply keyboard markup JSON object"),
        ] {
            assert_eq!(read(&markup, Place::New(ChatKind::Private)), Err(refusal.to_owned()), "{markup}");
        }
    }

    #[test]
    fn channels_and_edits_take_inline_keyboards_only() {
        let markup = r#"{"keyboard":[["Да"],[{"text":"Нет"}]]}"#;
        assert_eq!(read(markup, Place::New(ChatKind::Private)).unwrap().unwrap().labels(), [["Да"], ["Нет"]]);
        for place in [Place::New(ChatKind::Channel), Place::Edit(ChatKind::Private)] {
            assert_eq!(read(markup, place), Err("Bad Request: inline keyboard expected".to_owned()));
        }
        assert_eq!(read(r#"{"inline_keyboard":[]}"#, Place::New(ChatKind::Private)), Ok(None));
    }
}
