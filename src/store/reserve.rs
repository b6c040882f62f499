//! Room kept on the disk for what must be written after a post was sent: a claim is recorded only while there is some.
//!
//! It is a file beside the journal that really takes its blocks. When the disk is full, and only for the outcome of a
//! request that is out already, a part of it is given up and the line is written into the room that becomes free. Nothing
//! else may have it: an update or an order can come again.
//!
//! This holds where a file's end that is cut off becomes free for another file: ext4, XFS and their like. Where every write
//! takes new room first (btrfs, ZFS and others that copy on write, volumes with snapshots or thin provisioning), it only makes
//! it likelier. If the outcome can't be written all the same, nothing is sent, and after a restart the post is under question.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
#[cfg(unix)]
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::journal::sync_directory;
use super::private;
use crate::newsroom::{Cause, Event, Line};

/// How much is kept: for 64 channels that are all being sent to when the disk fills, 64 KiB each. That is a refusal with a
/// note to a dozen editors' chats; an ordinary outcome takes a kilobyte.
pub(super) const RESERVE_BYTES: u64 = 64 * (64 << 10);
/// What is given up is a multiple of this, the usual block of a file system: little is left over that others could take.
const PART_BYTES: u64 = 4 << 10;

/// What a line has to do with the reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// A post is about to be sent: there must be room for what comes of it.
    Claim,
    /// What came of a post that was sent: may have the room that was kept for it.
    Outcome,
    /// Whatever else.
    Other,
}

impl Need {
    pub(super) fn of(line: &Line) -> Self {
        if line.events.iter().any(|event| matches!(event, Event::Claimed { .. })) {
            return Self::Claim;
        }
        let is_outcome = |event: &Event| {
            matches!(
                event,
                Event::Published { .. }
                    | Event::Released { .. }
                    | Event::Doubted { .. }
                    | Event::Refused { .. }
                    | Event::ChannelPaused { .. }
            )
        };
        // An editor's word on a doubt comes by an update, which Telegram tells again.
        match line.cause {
            Cause::Bot if line.events.iter().any(is_outcome) => Self::Outcome,
            _ => Self::Other,
        }
    }
}

/// The room beside a journal.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    /// This process has filled it to its end: whatever the file system says of its blocks, there is no more to be done.
    filled: bool,
}

impl Reserve {
    pub(super) fn beside(journal: &Path) -> Self {
        Self { path: journal.with_extension("reserve"), filled: false }
    }

    /// Makes it whole, if it is not. What it had stays if that fails: something may be on its way that needs it.
    pub(super) fn make_whole(&mut self) -> io::Result<()> {
        let has = self.bytes()?;
        if has == RESERVE_BYTES && self.filled {
            return Ok(());
        }
        self.filled = false;
        let filled = self.fill(has);
        if filled.is_err() && has < RESERVE_BYTES {
            // Half of what was wanted would only take room from others.
            self.cut(has)?;
        }
        filled?;
        self.filled = true;
        Ok(())
    }

    /// Gives up room for a line of so many bytes; whether there was any.
    pub(super) fn give_up(&mut self, line_bytes: u64) -> io::Result<bool> {
        let has = self.bytes()?;
        if has == 0 {
            return Ok(false);
        }
        self.filled = false;
        let parts = line_bytes.div_ceil(PART_BYTES);
        self.cut(has.saturating_sub(parts * PART_BYTES))?;
        Ok(true)
    }

    fn bytes(&self) -> io::Result<u64> {
        match self.path.metadata() {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Brings it to its full length with blocks behind every byte.
    fn fill(&self, has: u64) -> io::Result<()> {
        let mut file = private().create(true).truncate(false).write(true).open(&self.path)?;
        if has >= RESERVE_BYTES {
            file.set_len(RESERVE_BYTES)?;
            if has_its_blocks(&file)? {
                return Ok(());
            }
        }
        let from = if has < RESERVE_BYTES && has_its_blocks(&file)? { has } else { 0 };
        #[cfg(feature = "failpoints")]
        super::simulated::have_room(&self.path, RESERVE_BYTES - has.min(RESERVE_BYTES))?;
        file.seek(SeekFrom::Start(from))?;
        // No zeros, which many a file system or volume does not store.
        let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
        let mut part = Vec::with_capacity(1 << 16);
        let mut left = RESERVE_BYTES - from;
        while left > 0 {
            part.clear();
            while part.len() < 1 << 16 {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                part.extend_from_slice(&noise.to_le_bytes());
            }
            part.truncate(usize::try_from(left).unwrap_or(usize::MAX).min(part.len()));
            file.write_all(&part)?;
            left -= part.len() as u64;
        }
        file.sync_all()?;
        sync_directory(&self.path)
    }

    /// Leaves so many bytes of it; the others are free once this returns.
    fn cut(&self, to: u64) -> io::Result<()> {
        if to == 0 {
            match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => return sync_directory(&self.path),
            }
        }
        let file = private().write(true).open(&self.path)?;
        file.set_len(to)?;
        file.sync_all()
    }
}

/// Whether a file takes as much room as its length says: one that was copied or brought back may be hollow.
fn has_its_blocks(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    {
        let found = file.metadata()?;
        Ok(found.blocks() * 512 >= found.len())
    }
    #[cfg(not(unix))]
    {
        file.metadata().map(|_| false)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};

    use super::*;
    use crate::ids::{ArticleId, ChatId, UserId};
    use crate::newsroom::{Actor, Evidence};

    fn taken(path: &Path) -> Option<(u64, u64)> {
        path.metadata().ok().map(|found| (found.len(), found.blocks() * 512))
    }

    #[test]
    fn it_takes_its_blocks_also_where_a_copy_of_it_was_hollow() {
        let directory = tempfile::tempdir().unwrap();
        let mut reserve = Reserve::beside(&directory.path().join("journal.jsonl"));
        let path = directory.path().join("journal.reserve");
        let hollow = |length: u64| File::create(&path).unwrap().set_len(length).unwrap();
        for before in [None, Some(0), Some(PART_BYTES), Some(RESERVE_BYTES), Some(2 * RESERVE_BYTES)] {
            if let Some(before) = before {
                hollow(before);
            }
            reserve.filled = false;
            reserve.make_whole().unwrap();
            let (length, blocks) = taken(&path).unwrap();
            assert!(length == RESERVE_BYTES && blocks >= RESERVE_BYTES, "{before:?}: {length} {blocks}");
        }
        // Somebody made room by hand while the bot ran.
        std::fs::remove_file(&path).unwrap();
        reserve.make_whole().unwrap();
        assert_eq!(taken(&path).unwrap().0, RESERVE_BYTES);
    }

    #[test]
    fn each_outcome_gets_room_and_leaves_the_rest_for_the_others() {
        let directory = tempfile::tempdir().unwrap();
        let mut reserve = Reserve::beside(&directory.path().join("journal.jsonl"));
        let path = directory.path().join("journal.reserve");
        assert!(!reserve.give_up(1).unwrap(), "there is none yet");
        reserve.make_whole().unwrap();
        assert!(reserve.give_up(3 * PART_BYTES - 1).unwrap());
        assert_eq!(taken(&path).unwrap().0, RESERVE_BYTES - 3 * PART_BYTES);
        for left in (0..64).rev() {
            assert!(reserve.give_up(64 << 10).unwrap());
            let (length, blocks) = taken(&path).unwrap_or_default();
            assert!(length <= left * (64 << 10) && blocks <= length + 4096, "{left}: {length} {blocks}");
        }
        assert!(!reserve.give_up(2000).unwrap() && !path.exists());
    }

    #[test]
    fn only_what_came_of_a_post_that_was_sent_may_have_it() {
        let (article, channel, why) = (ArticleId(1), ChatId(-100), String::new());
        let need = |cause: Cause, event: Event| {
            let at = Utc.timestamp_opt(1_790_000_000, 0).unwrap();
            Need::of(&Line { v: Line::VERSION, seq: 1, at, cause, events: vec![event] })
        };
        let published = Event::Published { article, channel, message_id: None, evidence: Evidence::Answer };
        for event in [
            published.clone(),
            Event::Released { article, channel, why: why.clone() },
            Event::Doubted { article, channel, why: why.clone() },
            Event::Refused { article, channel, why: why.clone() },
            Event::ChannelPaused { channel, why: why.clone() },
        ] {
            assert_eq!(need(Cause::Bot, event), Need::Outcome);
        }
        let claimed = Event::Claimed { article, channel, attempt: 1, floor: None, slot: None };
        assert_eq!(need(Cause::Bot, claimed), Need::Claim);
        assert_eq!(need(Cause::Update(7), published), Need::Other, "an editor's word comes again");
        assert_eq!(need(Cause::Bot, Event::StrangerMet { user: UserId(1) }), Need::Other);
        assert_eq!(need(Cause::Bot, Event::Cancelled { article, channel, by: Actor::Bot }), Need::Other);
    }
}
