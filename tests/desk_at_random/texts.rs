//! What people may write: commands, articles, edits, and what is none of these.

use proptest::prelude::*;
use vestnik::words::CommandName;

/// What stands for an article's number: one of the few that there are, and what is none.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => (1u32..5).prop_map(|number| number.to_string()),
        1 => (1u32..5).prop_map(|number| format!("№{number}")),
        1 => prop_oneof![
            Just("١٢"),
            Just("-1"),
            Just("+1"),
            Just("0"),
            Just("01"),
            Just("4294967296"),
            Just("99999999999999999999999"),
            Just("1.5"),
        ]
        .prop_map(str::to_owned),
    ]
}

/// Every command that there is, with whatever may come after it.
fn command() -> impl Strategy<Value = String> {
    let time = prop_oneof![
        Just("18:30"),
        Just("завтра утром"),
        Just("вечером"),
        Just("9"),
        Just("через 20 минут"),
        Just("через ٣ часа"),
        Just("в пятницу в 25:61"),
        Just("31 февраля"),
        Just("через 99999999999 лет"),
        Just(""),
    ];
    let rest = prop_oneof![
        6 => (number(), time).prop_map(|(number, time)| format!(" {number} {time}")),
        2 => (number(), prop_oneof![Just("Спорт"), Just("нет"), Just("Такой нет")])
            .prop_map(|(number, rubric)| format!(" {number} {rubric}")),
        1 => number().prop_map(|number| format!("_{number}")),
        1 => prop_oneof![Just(" вчера"), Just(" событие"), Just(" траур"), Just(" https://cronos.asia/1"), Just("")]
            .prop_map(str::to_owned),
        1 => " \\PC{0,64}",
    ];
    (proptest::sample::select(&CommandName::ALL), rest)
        .prop_map(|(name, rest)| format!("/{}{rest}", name.word()))
}

pub(crate) fn story() -> impl Strategy<Value = String> {
    let title = prop_oneof![
        12 => (1u32..4).prop_map(|link| format!("Заголовок {link}")),
        1 => Just("Ж".repeat(4096)),
    ];
    (title, 1u32..4, 1u32..4, any::<bool>()).prop_map(|(title, link, text, sport)| {
        let rubric = if sport { "Рубрика: Спорт\n\n" } else { "" };
        format!(
            "{title}\n\n{rubric}Случилось событие {text}. Подробности позже.\n\nhttps://cronos.asia/{link}"
        )
    })
}

pub(crate) fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => command(),
        4 => story(),
        1 => "\\PC{0,40}",
        1 => Just("https://cronos.asia/9".to_owned()),
        1 => Just("Без ссылки\n\nСлучилось событие. Подробности позже.".to_owned()),
    ]
}

/// What a button may carry, and no button of ours does.
pub(crate) fn noise() -> impl Strategy<Value = String> {
    let bytes = proptest::collection::vec(any::<u8>(), 64);
    prop_oneof![
        "\\PC{0,64}",
        "[a-z]{1,2}(\\.[0-9a-f-]{0,20}){1,4}",
        "[a-z]{1,2}(\\.[٠-٩]{1,3}){1,3}",
        bytes.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}

/// What somebody answers to a card or to the bot's question: labelled parts, words with something set on them, a remark,
/// nothing, and what is no such part.
pub(crate) fn edit() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (1u32..6).prop_map(|number| format!("Заголовок: Новый заголовок {number}")),
        4 => (1u32..6).prop_map(|number| {
            format!("Переписано редактором {number}: случилось <не> то & не так, подробности на cronos.asia позже.")
        }),
        2 => (1u32..6).prop_map(|number| format!("Текст: Слова поста {number}\n\nи второй абзац")),
        2 => (1u32..5).prop_map(|number| format!("Ссылка: https://cronos.asia/{number}")),
        1 => (1u32..5).prop_map(|number| format!("https://cronos.asia/{number}")),
        2 => prop_oneof![Just("Спорт"), Just("нет"), Just("Такой нет")].prop_map(|name| format!("Рубрика: {name}")),
        2 => prop_oneof![Just("#раз #два"), Just("нет"), Just("обычные"), Just("не хештег")]
            .prop_map(|tags| format!("Хештеги: {tags}")),
        1 => Just("хороший текст".to_owned()),
        1 => Just("Текст:".to_owned()),
        1 => Just(format!("Заголовок: {}", "Ж".repeat(4090))),
        1 => Just("Ы".repeat(4096)),
        1 => "\\PC{0,80}",
        1 => story(),
    ]
}
