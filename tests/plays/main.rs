//! Plays: the real bot against a local Telegram over HTTP, told as an editor would live it.

mod harness;

mod adding;
mod deciding;
mod desk;
mod outbox;
mod restarts;
