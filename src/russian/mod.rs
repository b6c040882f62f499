//! Russian, the language: where sentences end, how words are counted, what they stem to, how times are said
//! and understood.

mod days;
mod numbers;
mod sentences;
mod stems;
mod times;
mod when;

pub use days::{day, short};
pub use numbers::{counted, plural};
pub use sentences::sentences;
pub use stems::{fold, stems};
pub use times::{clock, date, duration, in_full, spoken};
pub use when::{Doubt, When, WhenError, first_instant, on_the_minute, when};
