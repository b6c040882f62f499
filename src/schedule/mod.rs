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
//! - **Urgent** («Сразу») goes at once, past slots, gap and quiet hours, in the order of the editors' presses.
//! - **Pinned** to a time goes at that time or, once it has passed, at once; past slots, gap and quiet hours as well.
//! - **Queued** articles go in the queue's order, one to a slot.
//!
//! A slot `s` is *open* at `t` when `s <= t < s + grace` and no claim has used `s` or a later slot. The head of
//! the queue leaves at the first moment outside quiet hours at which a slot is open and `gap` has passed since the
//! last claim of any kind; of several open slots it takes the earliest. So
//!
//! - a restart or a late approval inside the grace still uses the slot;
//! - a departure waits inside the grace until the gap is over, and a slot whose grace ends first passes unused;
//! - where slots stand closer together than the grace, those missed within the grace are made up for at once,
//!   as far as the gap allows.
//!
//! In a timetable without slots the head of the queue leaves as soon as gap and quiet hours allow.
//!
//! An urgent or pinned departure is a claim like any other: later queued articles keep their gap from it.
//! A pinned article whose time is itself a slot, open when it leaves, uses that slot up. Nothing else does: the
//! latest used slot ([`Past::last_slot`]) is all that is remembered of slots.
//!
//! Of departures due at the same instant urgent ones go first, then pinned, then missed ones (see below), then the
//! queue; urgent ones by their order, pinned ones by their time, missed ones by the time they were promised, queued
//! ones by their order, and whatever is then still equal by the article's number.
//!
//! # After an outage
//!
//! An article was *promised* a time: a pinned one its own, an urgent one the moment of the press, a queued one the
//! forecast at its approval ([`Waiting::promised`]). It is *missed* from `promised + grace` on, and *on time* before
//! that: the bot was down, or the channel paused or under question. What was missed is spread, never dumped:
//!
//! - A missed urgent or pinned article has no privilege any more. It joins the queue ahead of all queued articles, and
//!   leaves as they do: one to a slot, after the gap, outside quiet hours.
//! - Queued articles with slots are spread by the slots anyway; nothing changes for them.
//! - Without slots, missed articles, queued ones included, leave at least [`Timetable::LATE_GAP`] after the last claim
//!   of any kind, or `gap` if that is longer. Articles that are on time do not wait for that: only for the gap.
//!
//! An article of which nobody knows what it was promised (approved by an older program) is never missed.
//!
//! # Quiet hours
//!
//! In a channel's quiet hours ([`QuietRule`]) its queue does not move: a slot within them does not exist, and a
//! departure that the gap or the grace would move into them waits for the next possible one. Urgent and pinned
//! articles that are on time go nevertheless, since an editor has said so (and was asked, if it was by a time): all
//! others wait.
//!
//! A window begins and ends as slots happen (see below), its end not included. Windows that meet or overlap are one.
//! A slot is within quiet hours if its wall time is, or if the instant is at which a change of the clocks lets it
//! happen.
//!
//! Where quiet hours leave the queue no time at all ([`Timetable::is_always_quiet`]) it never moves.
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
mod quiet;
mod slots;
mod syntax;
mod timetable;

pub use plan::{Departure, Past, Turn, Waiting, forecast, next};
pub use quiet::{QuietRule, QuietRuleError};
pub use slots::SlotRule;
pub use syntax::SlotRuleError;
pub use timetable::Timetable;
