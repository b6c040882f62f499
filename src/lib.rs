//! Vestnik: a Telegram channel publishing bot for Russian-language newsrooms.
//!
//! # The life of an article
//!
//! An editor hands the bot an article as the site exports it ([`article`]). A few of its sentences are chosen
//! ([`summary`]) and set into the channel's template ([`post`]): that is the draft, and editors see it as the very
//! post that subscribers will see. An approval seals those bytes; the [`schedule`] says when they go out; the outbox
//! claims the post on disk *before* it is sent and records Telegram's answer before anything else happens. What nobody
//! knows (an answer that never came) the bot looks for itself, or an editor is asked; it is never guessed (`docs/once.md`).
//!
//! # The house
//!
//! A module imports only from floors below it, and on its own floor only from what stands to its right
//! (`tests/architecture.rs` holds this):
//!
//! ```text
//! cli                      the command line
//! demo                     the show: sandbox, the real bot as a child, an editor who plays
//! app                      wires the edges to the newsroom; start and orderly stop
//! telegram web clock http sandbox    edges: teloxide; the articles' pages; the time; the local interface; a local Telegram for demo and tests
//! store                    memory: the journal (the truth) and sled (derived)
//! config                   bot.toml, typed and checked
//! newsroom                 state, events, what follows from what: desk, queue, outbox
//! words views              all that the bot says, in Russian; what can be seen of the newsroom, as plain values
//! summary article post schedule russian ids near    the article, its post, its time; Russian; numbers; names
//! ```
//!
//! From `newsroom` down everything is pure: no clock, no disk, no network. `failpoint` stands beside the house: tests
//! use it to make the program die at a named point.
//!
//! Start reading at [`newsroom`], whose documentation says how a step is taken; then `newsroom/state.rs` and
//! `newsroom/story.rs`.

pub mod app;
pub mod article;
mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod failpoint;
pub mod http;
pub mod ids;
mod near;
pub mod newsroom;
pub mod post;
pub mod russian;
pub mod sandbox;
pub mod schedule;
pub mod store;
pub mod summary;
pub mod telegram;
pub mod views;
pub mod web;
pub mod words;

pub use cli::main;
