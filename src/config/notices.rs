//! What editors are told of without asking: its keys under `[desk]`.

use chrono::TimeDelta;

use super::keys;
use super::reader::{Reader, Table};
use crate::newsroom::Notices;

impl Reader<'_> {
    pub(super) fn notices(&mut self, table: &Table<'_>) -> Notices {
        let most = TimeDelta::days(7);
        let default = Notices::DEFAULT;
        let drafts = default.drafts.unwrap_or_default();
        let drafts = self.duration(table, &keys::REMIND_DRAFTS, drafts, (TimeDelta::zero(), most));
        let slot = default.empty_slot.unwrap_or_default();
        let slot = self.duration(table, &keys::WARN_EMPTY_SLOT, slot, (TimeDelta::zero(), most));
        let some = |time: TimeDelta| (!time.is_zero()).then_some(time);
        let disk = self.flag_of(table, &keys::WARN_DISK).unwrap_or(default.disk);
        Notices { drafts: some(drafts), empty_slot: some(slot), disk }
    }
}
