//! Russian, the language: where sentences end, how words are counted, what they stem to, how times are said.

mod days;
mod numbers;
mod sentences;
mod stems;
mod time_of_day;
mod times;

pub use days::{day, short};
pub use numbers::{counted, plural};
pub use sentences::sentences;
pub use stems::{fold, stems};
pub use time_of_day::{TimeError, time_of_day};
pub use times::{clock, date, duration, spoken};
