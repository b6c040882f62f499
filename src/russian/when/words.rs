//! The vocabulary: what each word of a time is, and how a text is cut into words.

use chrono::Weekday;

/// A word of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// «в», «на», «к».
    In,
    /// «через».
    After,
    /// 9, «девять»; whether it is written in two digits, as minutes are.
    Number(u32, bool),
    /// 18:30.
    Clock(u32, u32),
    /// 18.30 or 25.11.
    Dotted(u32, u32),
    /// 25.11.2026 or 2026-11-25: day, month, year.
    Date(u32, u32, u32),
    /// The T between date and time.
    IsoT,
    Minute,
    Hour,
    HalfHour,
    /// «полтора».
    OneAndHalf,
    Day,
    /// «дня»: two of them, or the part of the day.
    OfDay,
    Week,
    Month,
    Year,
    /// «25-го»
    OfNumber,
    /// «числа».
    OfMonth,
    /// «ноября».
    Named(u32),
    Weekday(Weekday),
    This,
    Next,
    /// «завтра» is 1.
    InDays(u32),
    /// «утром».
    Part(Part),
    /// «утра».
    Of(Part),
    Noon,
    Midnight,
    /// «половина».
    Half,
    /// «четверть».
    Quarter,
    /// «без».
    Without,
    /// «девятого»: the hour that ends at nine.
    HourTo(u32),
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Day,
    Evening,
    Night,
}

use Token::*;

const fn n(number: u32) -> Token {
    Number(number, number >= 10)
}

/// Every word that is known, in small letters and without «ё».
const VOCABULARY: &[(&str, Token)] = &[
    ("в во на к ко с", In),
    ("через", After),
    ("минуту минуты минут минута мин м", Minute),
    ("час часа часов ч", Hour),
    ("полчаса", HalfHour),
    ("полтора полторы", OneAndHalf),
    ("день дней", Day),
    ("дня", OfDay),
    ("неделю недели недель неделе", Week),
    ("месяц месяца месяцев", Month),
    ("год года лет г", Year),
    ("го ого", OfNumber),
    ("числа", OfMonth),
    ("января янв", Named(1)),
    ("февраля фев", Named(2)),
    ("марта мар", Named(3)),
    ("апреля апр", Named(4)),
    ("мая", Named(5)),
    ("июня июн", Named(6)),
    ("июля июл", Named(7)),
    ("августа авг", Named(8)),
    ("сентября сен сент", Named(9)),
    ("октября окт", Named(10)),
    ("ноября ноя нояб", Named(11)),
    ("декабря дек", Named(12)),
    ("понедельник пн", Weekday(chrono::Weekday::Mon)),
    ("вторник вт", Weekday(chrono::Weekday::Tue)),
    ("среду среда ср", Weekday(chrono::Weekday::Wed)),
    ("четверг чт", Weekday(chrono::Weekday::Thu)),
    ("пятницу пятница пт", Weekday(chrono::Weekday::Fri)),
    ("субботу суббота сб", Weekday(chrono::Weekday::Sat)),
    ("воскресенье вс", Weekday(chrono::Weekday::Sun)),
    ("этот эту это", This),
    ("следующий следующую следующее следующей", Next),
    ("сегодня", InDays(0)),
    ("завтра", InDays(1)),
    ("послезавтра", InDays(2)),
    ("утром", Part(self::Part::Morning)),
    ("утра", Of(self::Part::Morning)),
    ("днем", Part(self::Part::Day)),
    ("вечером", Part(self::Part::Evening)),
    ("вечера", Of(self::Part::Evening)),
    ("ночью", Part(self::Part::Night)),
    ("ночи", Of(self::Part::Night)),
    ("полдень", Noon),
    ("полночь", Midnight),
    ("половине половина пол", Half),
    ("четверть четверти", Quarter),
    ("без", Without),
    ("первого", HourTo(1)),
    ("второго", HourTo(2)),
    ("третьего", HourTo(3)),
    ("четвертого", HourTo(4)),
    ("пятого", HourTo(5)),
    ("шестого", HourTo(6)),
    ("седьмого", HourTo(7)),
    ("восьмого", HourTo(8)),
    ("девятого", HourTo(9)),
    ("десятого", HourTo(10)),
    ("одиннадцатого", HourTo(11)),
    ("двенадцатого", HourTo(12)),
    ("один одну", n(1)),
    ("два две пару", n(2)),
    ("три", n(3)),
    ("четыре", n(4)),
    ("пять пяти", n(5)),
    ("шесть", n(6)),
    ("семь", n(7)),
    ("восемь", n(8)),
    ("девять", n(9)),
    ("десять десяти", n(10)),
    ("одиннадцать", n(11)),
    ("двенадцать", n(12)),
    ("тринадцать", n(13)),
    ("четырнадцать", n(14)),
    ("пятнадцать пятнадцати", n(15)),
    ("шестнадцать", n(16)),
    ("семнадцать", n(17)),
    ("восемнадцать", n(18)),
    ("девятнадцать", n(19)),
    ("двадцать двадцати", n(20)),
    ("тридцать", n(30)),
    ("сорок", n(40)),
    ("пятьдесят", n(50)),
    ("t", IsoT),
];

/// More words than any time has.
const TOKENS_MAX: usize = 16;

/// The words of a text; `None` if one of them is unknown or they are too many.
///
/// Case, «ё», commas, quotes, a sentence's end and the kind of the spaces tell nothing. Where digits meet letters a word
/// ends: «9ч», «25го».
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let text = text.to_lowercase().replace('ё', "е");
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || ".!?»".contains(c));
    let mut tokens: Vec<Token> = Vec::new();
    let is_gap = |c: char| c.is_whitespace() || ",;«»\"".contains(c);
    for piece in text.split(is_gap).filter(|piece| !piece.is_empty()) {
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let of_digits = first.is_ascii_digit();
            let ends = |c: char| if of_digits { c.is_alphabetic() } else { c.is_ascii_digit() };
            let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
            // «25-го», «25 нояб.»
            let word = word.trim_matches('-').trim_end_matches('.');
            let added = tokens.len();
            if of_digits {
                tokens.push(number(word)?);
            } else {
                push_word(word, &mut tokens)?;
            }
            if tokens.len() > TOKENS_MAX || added == tokens.len() {
                return None;
            }
            rest = after;
        }
    }
    Some(merged(&tokens))
}

fn push_word(word: &str, tokens: &mut Vec<Token>) -> Option<()> {
    let known = |word: &str| {
        let is_it = |(words, _): &&(&str, Token)| words.split(' ').any(|one| one == word);
        VOCABULARY.iter().find(is_it).map(|(_, token)| *token)
    };
    match known(word) {
        Some(token) => tokens.push(token),
        // «полдевятого»
        None => match known(word.strip_prefix("пол")?)? {
            hour @ HourTo(_) => tokens.extend([Half, hour]),
            _ => return None,
        },
    }
    Some(())
}

/// A word that begins with a digit.
fn number(word: &str) -> Option<Token> {
    let parts = |separator: char| -> Option<Vec<&str>> {
        let parts: Vec<&str> = word.split(separator).collect();
        let are_digits =
            parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        are_digits.then_some(parts)
    };
    // What is too large for a number is too large for a time.
    let value = |digits: &str| digits.parse::<u32>().unwrap_or(u32::MAX);
    if let Some([only]) = parts(' ').as_deref() {
        return Some(Number(value(only), only.len() == 2));
    }
    if let Some([hour, minute]) = parts(':').as_deref() {
        return (hour.len() <= 2 && minute.len() == 2).then(|| Clock(value(hour), value(minute)));
    }
    match parts('.').as_deref() {
        Some([first, second]) if first.len() <= 2 && second.len() <= 2 => {
            return Some(Dotted(value(first), value(second)));
        }
        Some([day, month, year]) if year.len() == 2 => {
            return Some(Date(value(day), value(month), 2000 + value(year)));
        }
        Some([day, month, year]) if year.len() == 4 => {
            return Some(Date(value(day), value(month), value(year)));
        }
        _ => {}
    }
    match parts('-').as_deref() {
        Some([year, month, day]) if year.len() == 4 => Some(Date(value(day), value(month), value(year))),
        _ => None,
    }
}

/// «двадцать пять» is one number.
fn merged(tokens: &[Token]) -> Vec<Token> {
    let mut merged: Vec<Token> = Vec::with_capacity(tokens.len());
    for &token in tokens {
        match (merged.last_mut(), token) {
            (Some(Number(tens @ (20 | 30 | 40 | 50), true)), Number(ones @ 1..=9, false)) => *tens += ones,
            _ => merged.push(token),
        }
    }
    merged
}

/// Every word that is known and some numbers, for tests.
#[cfg(test)]
pub(super) fn every_word() -> Vec<String> {
    let known = VOCABULARY.iter().flat_map(|(words, _)| words.split(' ')).map(ToOwned::to_owned);
    let numbers =
        ["0", "1", "7", "09", "12", "24", "25", "40", "9:00", "23:59", "25.11", "5.12", "2026", "999999999"];
    known.chain(numbers.map(ToOwned::to_owned)).collect()
}
