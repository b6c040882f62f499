//! From an article's fields and a channel's template to the post as Telegram takes it: text and entities.
//!
//! The way of a post: [`Template::compile`] checks the channel's template at start, [`compose()`] renders it
//! with as many whole sentences as fit, [`markup::parse`] turns the HTML into [`RichText`],
//! [`RichText::normalized`] says it as Telegram's server will store it, and [`Post`] is what an approval
//! seals.

pub mod markup;

mod blank;
mod canonical;
mod compose;
mod last_line;
mod link;
mod own_words;
mod photo;
mod place;
mod rich;
mod sealed;
mod template;

pub use canonical::normalize;
pub use compose::{ComposeError, ENTITIES_MAX, Limit, compose};
pub use link::{LinkError, check_link};
pub use own_words::compose_with;
pub use photo::{Photo, PictureKind};
pub use place::Place;
pub use rich::{Entity, EntityKind, RichText, utf16_len};
pub use sealed::{Post, Preview};
pub use template::{
    DEFAULT_LINK_WORDS, DEFAULT_TEMPLATE, Fields, Template, TemplateError, TemplateProblem, VARIABLES,
};

#[cfg(test)]
mod tests;
