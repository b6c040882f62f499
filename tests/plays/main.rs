//! Plays: the real bot against a local Telegram over HTTP, told as an editor would live it.

#![allow(clippy::unwrap_used, reason = "a play that can't go on ends loudly")]

mod harness;
mod heart;

mod adding;
mod attempts;
mod channels;
mod clock;
mod deciding;
mod desk;
mod fallen;
mod hours;
mod looking;
mod looking_back;
mod moving;
mod outbox;
mod pace;
mod restarts;
mod wild;
