//! When each waiting post goes out: a channel's slots, and the plan that follows from them.
//!
//! The plan is arithmetic, never data. From the articles that wait, the channel's [`Timetable`], what has
//! already gone ([`Past`]) and `now`, [`next`] computes the one departure that comes first, and [`forecast`]
//! all of them. Approving, reordering or removing an article rewrites nothing: the next call simply sees
//! another list.
//!
//! # The plan, defined
//!
//! An article waits in one of three ways ([`Turn`]):
//!
//! - **Urgent** («Сразу») goes at once, past slots and gap, in the order of the editors' presses.
//! - **Pinned** to a time goes at that time or, once it has passed, at once; past slots and gap as well.
//! - **Queued** articles go in the queue's order, one to a slot.
//!
//! A slot `s` is *open* at `t` when `s <= t < s + grace` and no claim has used `s` or a later slot. The head of
//! the queue leaves at the first moment at which a slot is open and `gap` has passed since the last claim of
//! any kind; of several open slots it takes the earliest. So
//!
//! - a restart or a late approval inside the grace still uses the slot;
//! - a departure waits inside the grace until the gap is over, and a slot whose grace ends first passes unused;
//! - where slots stand closer together than the grace, those missed within the grace are made up for at once,
//!   as far as the gap allows.
//!
//! In a timetable without slots the head of the queue leaves as soon as the gap allows.
//!
//! An urgent or pinned departure is a claim like any other: later queued articles keep their gap from it.
//! A pinned article whose time is itself a slot, open when it leaves, uses that slot up. Nothing else does: the
//! latest used slot ([`Past::last_slot`]) is all that is remembered of slots.
//!
//! Of departures due at the same instant urgent ones go first, then pinned, then the queue; urgent ones by their
//! order, pinned ones by their time, queued ones by their order, and whatever is then still equal by the
//! article's number.
//!
//! # Clock changes
//!
//! Slots are local wall times; everything else is UTC. A slot happens at the first instant at which a wall clock
//! that is never set back would show its time (or has jumped past it):
//!
//! - a time that a change skips happens once, in the first whole minute after the gap;
//! - a time that a change repeats happens once, the first time;
//! - slots that come to fall on one instant are one slot.

mod plan;
#[cfg(test)]
mod properties;
mod slots;
mod syntax;
mod timetable;

pub use plan::{Departure, Past, Turn, Waiting, forecast, next};
pub use slots::SlotRule;
pub use syntax::SlotRuleError;
pub use timetable::Timetable;
