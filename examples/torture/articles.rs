//! Articles, invented by the draw: each has a mark of its own, by which its post is known wherever it stands.

use crate::draw::Draw;
use crate::lane::{LAST, NEWS, SPORT};

/// An article as the site exports it.
#[derive(Debug, Clone)]
pub(crate) struct Article {
    /// Stands in its title and in no other text.
    pub(crate) mark: String,
    pub(crate) text: String,
    pub(crate) link: String,
    /// The channels that take it.
    pub(crate) channels: &'static [i64],
    /// The picture that comes with it.
    pub(crate) picture: Option<Vec<u8>>,
}

/// What a caption holds, in UTF-16 units.
const CAPTION_MAX: usize = 1024;
/// How many articles in a hundred come as a picture with the words in its caption.
const PICTURES_PERCENT: u64 = 40;

/// Sentences with what the server finds, adds and rewrites: hashtags, bare domains, mentions, telephone numbers, and marks
/// over letters that it takes away.
const SENTENCES: [&str; 16] = [
    "Подробности на cronos.asia и stat.gov.kz.",
    "Справки по телефону +7 701 123-45-67.",
    "Вопросы принимает @akimat_press в рабочие часы.",
    "Хэштег акции #чистый_двор уже набрал тысячу записей.",
    "Заявки шлют на press@example.kz до 1 декабря.",
    "Адрес https://example.kz/a_b?x=1&y=2#z работает круглые сутки.",
    "Цена билета выросла на 3,5 % — до 1 200 тенге.",
    "«Раньше ждали сорок минут. Теперь — не больше десяти», — сказал аким.",
    "Акция идёт в #Таразе и в #Almaty2026.",
    "Номер короткой линии 1414, звонок бесплатный.",
    "Видео есть на youtube.com/watch?v=x1, запись ведёт @kz_news.",
    "Строители <уложились> в 6,4 млрд тенге & два года.",
    "Маршруты № 14 и № 27 пойдут через ул. Абая, д. 5.",
    "Карта банка $USD и тикер $KZT не изменились.",
    "Длина волны лазера — 6328 А\u{30a}, мощность прежняя.",
    "Итог подвели чертой: 4\u{333}0\u{333} млн тенге.",
];

impl Article {
    pub(crate) fn invented(draw: &mut Draw, number: usize) -> Self {
        let mark = format!("Ж{number:03}Щ{:05}", draw.below(100_000));
        let is_sport = draw.percent(30);
        let mut body = String::new();
        for _ in 0..draw.between(2, 4) {
            for _ in 0..draw.between(1, 3) {
                body.push_str(draw.one_of(&SENTENCES).unwrap_or_default());
                body.push(' ');
            }
            body.push_str("\n\n");
        }
        let rubric = if is_sport { "Рубрика: Спорт\n\n" } else { "" };
        let title = match draw.below(3) {
            0 => format!("Сводка {mark}: 632 А\u{30a} за день"),
            _ => format!("Сводка {mark} за день"),
        };
        let text = format!("Cronos Asia\n\n{title}\n\n{title}\n\n{rubric}{body}Exit mobile version");
        let id = draw.below(1_000_000_000);
        let link = match draw.below(3) {
            0 => format!("https://cronos.asia?p={number}{id}"),
            1 => format!("https://n{number}-{id}.cronos.asia"),
            _ => format!("https://cronos.asia/novosti/{number}-{id}"),
        };
        let channels: &[i64] = if is_sport { &[SPORT] } else { &[NEWS, LAST] };
        let mut article = Self { mark, text, link, channels, picture: None };
        if draw.percent(PICTURES_PERCENT) && article.message().encode_utf16().count() <= CAPTION_MAX {
            article.picture = Some(png(640, 480, &article.mark));
        }
        article
    }

    /// The text with its link, as an editor sends it.
    pub(crate) fn message(&self) -> String {
        format!("{}\n{}", self.text, self.link)
    }
}

/// A picture that is like no other: a whole PNG as far as anybody looks who does not paint it.
fn png(width: u32, height: u32, mark: &str) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes.extend(mark.as_bytes());
    bytes
}
