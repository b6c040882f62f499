//! What can be wrong with markup, said with the place and the cure.

use thiserror::Error;

use crate::post::{LinkError, Place};

/// How many tags may be open at once: more than there are kinds, so that no post ever needs more.
pub(super) const DEPTH_MAX: usize = 32;

/// Why a piece of HTML can't become a post, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {kind}")]
pub struct MarkupError {
    /// What is wrong.
    pub kind: MarkupErrorKind,
    /// Where, in bytes from the start of the HTML.
    pub offset: usize,
    /// The same place as a person counts.
    pub place: Place,
}

/// What can be wrong with a piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MarkupErrorKind {
    /// `<` that begins no tag.
    #[error("a bare `<` begins no tag: write `&lt;`")]
    StrayLess,
    /// `&` that begins no reference.
    #[error("a bare `&` stands for nothing: write `&amp;`")]
    StrayAmpersand,
    /// `&nbsp;` and the like, which Telegram shows as letters.
    #[error("Telegram does not know `&{0};`: use &lt; &gt; &amp; &quot; or a number like &#160;")]
    UnknownReference(String),
    /// A number that is no character.
    #[error("`&{0};` is the number of no character")]
    BadReference(String),
    /// A tag without its `>`.
    #[error("the tag is not finished: its `>` is missing")]
    UnfinishedTag,
    /// Something after a tag's name that is no attribute.
    #[error("the tag is miswritten: its name, then spaced attributes like href=\"…\", then `>`")]
    MalformedTag,
    /// A tag that Telegram doesn't know.
    #[error(
        "Telegram does not know the tag <{0}>: there are b, i, u, s, a, code, pre, blockquote, tg-spoiler; \
         a new line is just a new line"
    )]
    UnknownTag(String),
    /// A tag that Telegram knows and Vestnik doesn't.
    #[error("<{0}> is not supported")]
    UnsupportedTag(String),
    /// An attribute that means nothing there.
    #[error("<{tag}> takes no attribute `{attribute}`")]
    UnknownAttribute {
        /// The tag.
        tag: String,
        /// Its attribute.
        attribute: String,
    },
    /// The same attribute twice.
    #[error("<{tag}> has the attribute `{attribute}` twice")]
    RepeatedAttribute {
        /// The tag.
        tag: String,
        /// Its attribute.
        attribute: String,
    },
    /// An attribute without `="…"`.
    #[error("the value of `{0}` must stand in quotes, like {0}=\"…\"")]
    UnquotedValue(String),
    /// An attribute whose quote never ends (or that holds a `<`).
    #[error("the value of `{0}` has no closing quote (a `<` within a value is written `&lt;`)")]
    UnclosedValue(String),
    /// An attribute without which the tag means nothing, or a value that it can't have.
    #[error("<{tag}> needs {needed}")]
    MissingAttribute {
        /// The tag.
        tag: String,
        /// The attribute as it should be.
        needed: &'static str,
    },
    /// A link that Telegram would silently make plain text.
    #[error(transparent)]
    BadLink(#[from] LinkError),
    /// A pair of tags of which Telegram would silently drop one.
    #[error("<{inner}> can't stand within <{outer}>: Telegram would drop one of them without a word")]
    Nesting {
        /// The tag that is open.
        outer: String,
        /// The tag that begins within it.
        inner: String,
    },
    /// `<pre>` with a `<code>` that is not all of it.
    #[error("<code> within <pre> must begin right after <pre> and end right before </pre>")]
    CodeNotWholePre,
    /// More tags open at once than any post needs.
    #[error("more than {DEPTH_MAX} tags are open here: close some")]
    TooDeep,
    /// A tag that is never closed.
    #[error("<{0}> is never closed: add </{0}>")]
    Unclosed(String),
    /// An end tag that closes nothing.
    #[error("</{0}> closes nothing: no tag is open here")]
    UnexpectedEnd(String),
    /// An end tag out of order.
    #[error("</{found}> stands where </{expected}> must come first: tags close in the opposite order")]
    WrongEnd {
        /// The tag that is open.
        expected: String,
        /// The tag that is closed.
        found: String,
    },
}
