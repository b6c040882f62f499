//! What the bot's journal says of the moment of a death. For the counts alone: nothing is judged by it.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde_json::Value;

use crate::tally::Tally;

/// The journal as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    read_bytes: u64,
    /// What was last said of each article in each channel.
    posts: BTreeMap<(u64, i64), &'static str>,
    /// What was last said of any article.
    last: Option<&'static str>,
}

impl Journal {
    /// Reads on, while no bot runs.
    pub(crate) fn read_on(&mut self, path: &Path, tally: &Tally) -> std::io::Result<()> {
        let Ok(mut file) = std::fs::File::open(path) else { return Ok(()) };
        if file.metadata()?.len() < self.read_bytes {
            // A power cut of the sabotage took back what had been read.
            *self = Self::default();
        }
        file.seek(SeekFrom::Start(self.read_bytes))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        self.read_bytes += whole as u64;
        for line in bytes[..whole].split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let line: Value = serde_json::from_slice(line)?;
            for event in line["events"].as_array().into_iter().flatten() {
                self.take(event, tally);
            }
        }
        Ok(())
    }

    fn take(&mut self, event: &Value, tally: &Tally) {
        let Some(article) = event["article"].as_u64() else { return };
        let channel = event["channel"].as_i64().or_else(|| event["approval"]["post"]["chat_id"].as_i64());
        let word = match event["event"].as_str() {
            Some("drafted") => "drafted",
            Some("approved") => "approved",
            Some("claimed") => "claimed",
            Some("doubted") => "doubted",
            Some("released") => "released",
            Some("published") => "published",
            Some("refused") => "refused",
            Some("cancelled") => "cancelled",
            Some("amendment_confirmed" | "amendment_goes_on") => "amending",
            Some("amendment_held") => "held",
            Some("amended") => "amended",
            Some("withdrawn") => "withdrawn",
            _ => return,
        };
        self.last = Some(word);
        let Some(channel) = channel else { return };
        let before = self.posts.insert((article, channel), word);
        // What settles a doubt is evidence of presence or absence, whoever has looked.
        if before == Some("doubted") {
            let by_editor = event["evidence"].get("seen").is_some()
                || event["why"].as_str().is_some_and(|why| why.contains("editor"));
            tally.settled(word, by_editor);
        }
    }

    /// The state that a death has hit: a claim without its outcome first of all, else what happened last.
    pub(crate) fn state(&self) -> &'static str {
        if self.posts.values().any(|&word| word == "claimed") {
            return "claimed";
        }
        self.last.unwrap_or("nothing")
    }

    /// How many channels wait for the end of a doubt.
    pub(crate) fn doubts(&self) -> usize {
        self.posts.values().filter(|&&word| word == "doubted" || word == "claimed").count()
    }
}
