//! Vestnik: a Telegram channel publishing bot for Russian-language newsrooms.

pub mod app;
pub mod article;
pub mod clock;
pub mod config;
pub mod failpoint;
pub mod ids;
pub mod newsroom;
pub mod post;
pub mod russian;
pub mod sandbox;
pub mod schedule;
pub mod store;
pub mod summary;
pub mod telegram;
pub mod words;
