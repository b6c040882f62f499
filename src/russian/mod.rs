//! Russian, the language: where sentences end, how words are counted, what they stem to, how times are said.

mod numbers;
mod past_day;
mod sentences;
mod stems;
mod time_of_day;
mod times;

pub use numbers::{counted, plural};
pub use past_day::past_day;
pub use sentences::sentences;
pub use stems::{fold, stem_of, stems, words_of};
pub use time_of_day::{TimeError, time_of_day};
pub use times::{clock, date, date_of_year, duration, spoken};
