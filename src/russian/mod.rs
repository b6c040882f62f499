//! Russian, the language: where sentences end, how words are counted, what they stem to, how times are said.

mod sentences;
