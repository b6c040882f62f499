//! Files that people and the bot sent: kept in memory, described in JSON, fetched by path.

use serde_json::{Value, json};

use super::world::World;

/// A file in the sandbox.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) is_photo: bool,
}

impl World {
    /// Keeps the file and gives its number.
    pub(super) fn keep_file(&mut self, name: &str, bytes: Vec<u8>, is_photo: bool) -> usize {
        self.files.push(StoredFile { name: name.to_owned(), bytes, is_photo });
        self.files.len() - 1
    }

    /// A file's name and bytes, by its number in a message's content.
    #[must_use]
    pub fn file(&self, file: usize) -> Option<(&str, &[u8])> {
        self.files.get(file).map(|file| (file.name.as_str(), file.bytes.as_slice()))
    }

    pub(super) fn file_by_id(&self, file_id: &str) -> Option<usize> {
        let number = file_id.strip_prefix("sandbox-file-")?.parse().ok()?;
        (number < self.files.len()).then_some(number)
    }

    pub(super) fn file_by_path(&self, path: &str) -> Option<&StoredFile> {
        let number = (0..self.files.len()).find(|number| self.file_path(*number) == path)?;
        self.files.get(number)
    }

    /// Where the file can be fetched, below `/file/bot<token>/`.
    pub(super) fn file_path(&self, file: usize) -> String {
        let Some(stored) = self.files.get(file) else {
            return String::new();
        };
        let extension = stored.name.rsplit_once('.').map_or("bin", |(_, extension)| extension);
        let extension = if extension.chars().all(|c| c.is_ascii_alphanumeric()) { extension } else { "bin" };
        let folder = if stored.is_photo { "photos" } else { "documents" };
        format!("{folder}/file_{file}.{extension}")
    }

    pub(super) fn file_json(&self, file: usize) -> Value {
        let Some(stored) = self.files.get(file) else {
            return json!({});
        };
        let mut value = json!({
            "file_id": format!("sandbox-file-{file}"),
            "file_unique_id": format!("unique-{file}"),
            "file_size": stored.bytes.len(),
        });
        if !stored.is_photo {
            value["file_name"] = json!(stored.name);
            value["mime_type"] = json!(mime_type(&stored.name));
        }
        value
    }
}

fn mime_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("txt") => "text/plain",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}
