//! Plays: the real bot against a local Telegram over HTTP, told as an editor would live it.

#![allow(clippy::unwrap_used, reason = "a play that can't go on ends loudly")]

mod harness;
mod heart;
mod tale;

mod adding;
mod after;
mod attempts;
mod bad_input;
mod channels;
mod clock;
mod crowd;
mod day;
mod deciding;
mod desk;
mod editing;
mod fallen;
mod freeze;
mod hours;
mod looking;
mod looking_back;
mod moving;
mod notices;
mod outbox;
mod pace;
mod page;
mod pictures;
mod plan;
mod queue;
mod restarts;
mod rights;
mod shift;
mod taps;
mod text_form;
mod times;
mod warnings;
mod wild;
