//! sendPhoto, sendDocument, getFile.

use serde_json::json;

use crate::sandbox::message::{Content, Message};
use crate::sandbox::params::{Params, Upload};
use crate::sandbox::picture::{self, Picture};
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::{Flips, RuleId};
use crate::sandbox::text;
use crate::sandbox::world::World;

/// Largest photo that can be uploaded, in bytes.
const MAX_PHOTO_BYTES: usize = 10 * 1024 * 1024;
/// Largest file that a bot can fetch, in bytes.
const MAX_FETCHED_BYTES: usize = 20 * 1024 * 1024;

const UNKNOWN_FILE: &str = "Wrong file identifier/HTTP URL specified";

/// Where a call's file comes from.
enum Source {
    New(Upload),
    Kept(usize),
}

impl World {
    pub(super) fn send_photo(&mut self, params: &Params) -> Answer {
        let source = self.file_of(params, "photo")?;
        let draft = self.draft_to(params)?;
        let bytes = match &source {
            Source::New(upload) => upload.bytes.as_slice(),
            Source::Kept(file) => self.file(*file).map_or(&[][..], |(_, bytes)| bytes),
        };
        let Picture { width, height } = check_photo(bytes, &self.flips)?;
        let caption = text::caption(params, &self.flips)?;
        let caption_above = params.flag("show_caption_above_media");
        let file = self.kept(source, true);
        let content = Content::Photo { file, width, height, caption, caption_above };
        Ok(self.post(Message { content, ..draft }))
    }

    pub(super) fn send_document(&mut self, params: &Params) -> Answer {
        let source = self.file_of(params, "document")?;
        let draft = self.draft_to(params)?;
        let caption = text::caption(params, &self.flips)?;
        let file = self.kept(source, false);
        Ok(self.post(Message { content: Content::Document { file, caption }, ..draft }))
    }

    /// [`RuleId::FileFound`]: an upload, or a file_id; the sandbox fetches nothing from the web.
    fn file_of(&self, params: &Params, name: &str) -> Result<Source, Refusal> {
        let refuse = |why: &str| Err(Refusal::bad_request(RuleId::FileFound, why));
        if let Some(upload) = params.file(name) {
            return if upload.bytes.is_empty() {
                refuse("file must be non-empty")
            } else {
                Ok(Source::New(upload.clone()))
            };
        }
        let id = params.text(name);
        if id.is_empty() {
            return refuse(&format!("there is no {name} in the request"));
        }
        match self.file_by_id(id) {
            Some(file) => Ok(Source::Kept(file)),
            None if id.starts_with("http") => refuse("Failed to get HTTP URL content"),
            // One that a sandbox has given out: so it was good once.
            None if id.starts_with("sandbox-") => {
                let is_named = self.flips.has(RuleId::FileForgottenAsUnknown);
                let why = if is_named { "FILE_REFERENCE_EXPIRED" } else { UNKNOWN_FILE };
                Err(Refusal::bad_request(RuleId::FileForgottenAsUnknown, why))
            }
            None => refuse(UNKNOWN_FILE),
        }
    }

    fn kept(&mut self, source: Source, is_photo: bool) -> usize {
        match source {
            Source::Kept(file) => file,
            Source::New(upload) => self.keep_file(&upload.file_name, upload.bytes, is_photo),
        }
    }

    pub(super) fn get_file(&self, params: &Params) -> Answer {
        let Some(file) = self.file_by_id(params.text("file_id")) else {
            return Err(Refusal::bad_request(RuleId::FileFound, "invalid file_id"));
        };
        if self.file(file).is_some_and(|(_, bytes)| bytes.len() > MAX_FETCHED_BYTES) {
            return Err(Refusal::bad_request(RuleId::FileTooBig, "file is too big"));
        }
        let mut value = self.file_json(file);
        value["file_path"] = json!(self.file_path(file));
        Ok(value)
    }
}

/// [`RuleId::PhotoChecked`], [`RuleId::PhotoDecoded`], [`RuleId::WebpIsAPhoto`].
fn check_photo(bytes: &[u8], flips: &Flips) -> Result<Picture, Refusal> {
    if bytes.len() > MAX_PHOTO_BYTES {
        let why = format!("too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes");
        return Err(Refusal::bad_request(RuleId::PhotoChecked, why));
    }
    let is_taken = bytes.get(8..12) != Some(b"WEBP") || !flips.has(RuleId::WebpIsAPhoto);
    let picture = picture::measure(bytes)
        .filter(|_| is_taken)
        .ok_or_else(|| Refusal::bad_request(RuleId::PhotoDecoded, "IMAGE_PROCESS_FAILED"))?;
    let (long, short) = (picture.width.max(picture.height), picture.width.min(picture.height));
    if short == 0 || u64::from(long) + u64::from(short) > 10_000 || long.div_ceil(short) > 20 {
        return Err(Refusal::bad_request(RuleId::PhotoChecked, "PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(picture)
}
