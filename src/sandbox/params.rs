//! A call's parameters as the server sees them: named strings, some of which hold JSON, and uploaded files.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::rules::RuleId;

/// A file that came with the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upload {
    pub(super) file_name: String,
    pub(super) bytes: Vec<u8>,
}

/// Everything that a call carries.
#[derive(Debug, Clone, Default)]
pub(super) struct Params {
    fields: BTreeMap<String, String>,
    files: BTreeMap<String, Upload>,
}

impl Params {
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.insert(name.into(), value.into());
    }

    pub(super) fn attach(&mut self, name: impl Into<String>, file: Upload) {
        self.files.insert(name.into(), file);
    }

    /// Takes the members of a JSON object: strings as they are, all else as JSON text.
    pub(super) fn extend_from_json(&mut self, object: &Map<String, Value>) {
        for (name, value) in object {
            match value {
                Value::Null => {}
                Value::String(text) => self.set(name, text),
                other => self.set(name, other.to_string()),
            }
        }
    }

    /// The parameter, empty when it was not given: the server does not tell the two apart.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        match self.text(name) {
            "" => Err(Refusal::bad_request(
                RuleId::ParametersRequired,
                format!("Parameter \"{name}\" is required"),
            )),
            text => Ok(text),
        }
    }

    /// `to_bool` of the server: `true`, `yes` and `1`, in any case.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).to_ascii_lowercase().as_str(), "true" | "yes" | "1")
    }

    /// A number, kept within the limits; what is not a number counts as `default`.
    pub(super) fn integer(&self, name: &str, default: i64, min: i64, max: i64) -> i64 {
        self.text(name).trim().parse().unwrap_or(default).clamp(min, max)
    }

    /// 0 when missing, negative or not a number, as `Client::get_message_id`.
    pub(super) fn message_id(&self, name: &str) -> i32 {
        self.text(name).parse::<i32>().unwrap_or(0).max(0)
    }

    /// A parameter that holds JSON; `None` when it is empty.
    pub(super) fn json(&self, name: &str, refusal: &str) -> Result<Option<Value>, Refusal> {
        match self.text(name) {
            "" => Ok(None),
            text => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| Refusal::bad_request(RuleId::JsonParsed, refusal)),
        }
    }

    /// The file that a field names with `attach://`, or that came under the field's own name.
    pub(super) fn file(&self, name: &str) -> Option<&Upload> {
        let attached = self.text(name).strip_prefix("attach://").unwrap_or(name);
        self.files.get(attached)
    }

    /// All of it for the log: fields that hold JSON as JSON, files by name and size.
    pub(super) fn to_json(&self) -> Value {
        let fields = self.fields.iter().map(|(name, text)| {
            let value = match text.as_bytes().first() {
                Some(b'{' | b'[') => serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into()),
                _ => text.as_str().into(),
            };
            (name.clone(), value)
        });
        let files = self.files.iter().map(|(name, file)| {
            let size = file.bytes.len();
            (name.clone(), serde_json::json!({"file_name": file.file_name, "size": size}))
        });
        Value::Object(fields.chain(files).collect())
    }
}

/// A JSON object read as the server's `JsonObject` reads it.
#[derive(Clone, Copy)]
pub(super) struct Json<'a>(&'a Map<String, Value>);

impl<'a> Json<'a> {
    pub(super) fn object(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// A string, or a number taken as one; empty when missing or of another type.
    pub(super) fn string(self, name: &str) -> String {
        match self.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    pub(super) fn required_string(self, name: &str) -> Result<String, String> {
        match self.get(name) {
            Some(Value::String(_) | Value::Number(_)) => Ok(self.string(name)),
            Some(_) => Err(format!("Field \"{name}\" must be of type String")),
            None => Err(format!("Can't find field \"{name}\"")),
        }
    }

    pub(super) fn required_integer(self, name: &str) -> Result<i64, String> {
        let wrong = || format!("Field \"{name}\" must be a valid Number");
        match self.get(name) {
            Some(Value::Number(number)) => number.as_i64().ok_or_else(wrong),
            Some(Value::String(text)) => text.parse().map_err(|_| wrong()),
            Some(_) => Err(format!("Field \"{name}\" must be of type Number")),
            None => Err(format!("Can't find field \"{name}\"")),
        }
    }

    pub(super) fn flag(self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }
}
