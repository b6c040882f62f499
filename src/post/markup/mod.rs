//! Telegram's subset of HTML, read strictly and written: the only two places where a post is markup.
//!
//! Telegram forgives and forgets: it shows stray signs as letters, ignores attributes that it doesn't know,
//! drops without a word whatever may not nest. Whoever writes a template must hear of it, so here all of that
//! is an error with its place.

mod error;
mod parse;
mod tag;
mod write;

pub use error::{MarkupError, MarkupErrorKind};
pub use parse::parse;
pub use write::{escape, to_html};

#[cfg(test)]
mod tests;
