//! Vestnik: a Telegram channel publishing bot for Russian-language newsrooms.

pub mod article;
pub mod ids;
pub mod post;
pub mod russian;
pub mod sandbox;
pub mod schedule;
pub mod summary;
