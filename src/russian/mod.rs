//! Russian, the language: where sentences end, how words are counted, what they stem to, how times are said
//! and understood.

mod days;
mod numbers;
mod past_day;
mod sentences;
mod stems;
mod times;
mod when;

pub use days::{day, short};
pub use numbers::{counted, plural};
pub use past_day::past_day;
pub use sentences::sentences;
pub use stems::{each_word, fold, stem_of, stems, words_of};
pub use times::{clock, date, date_of_year, duration, in_full, spoken};
pub use when::{Doubt, When, WhenError, first_instant, on_the_minute, when};
