//! The files: what comes in, and what an editor in the chat and an operator at the command line get for it.

use encoding_rs::{IBM866, KOI8_R, WINDOWS_1251};

/// A file and what becomes of it.
pub(crate) struct File {
    /// What is odd about it.
    pub(crate) what: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) becomes: Becomes,
}

pub(crate) enum Becomes {
    /// A post with this title and this summary.
    Post(&'static str, &'static str),
    /// An answer in the chat, and one at the command line.
    Word(&'static str, &'static str),
}

use Becomes::{Post, Word};

const TITLE: &str = "Мост открыт";
const BODY: &str = "Длина — 214 метров. Его ждали.";
const NEWS: &str = "Мост открыт\n\nДлина — 214 метров. Его ждали.";

const EMPTY: Becomes = Word("В тексте ничего нет. Пришлите статью", "the first line must be the title");
const NO_BODY: Becomes =
    Word("Вижу только одну строку: «Мост открыт». Пришлите статью целиком", "put the text below the title");
const ONLY_SITE: Becomes = Word("только служебные строки сайта", "check that the article itself was copied");
const DOCUMENT: Becomes = Word(
    "это документ Word или похожий. Сохраните его как обычный текст",
    "give the article's text as a .txt file in UTF-8",
);
const PICTURE: Becomes = Word("Картинка повреждена", "a picture, not text");
const OTHER_PICTURE: Becomes = Word("Картинку в таком формате в пост не поставить", "a picture, not text");
const ARCHIVE: Becomes = Word("это архив. Пришлите статью файлом .txt", "an archive, not text");
const RECORDING: Becomes = Word("это звук или видео. Пришлите статью", "a recording, not text");
const BINARY: Becomes =
    Word("внутри не текст. Пришлите статью", "give the article's text as a .txt file in UTF-8");
const ENCODING: Becomes =
    Word("не узнаю кодировку. Сохраните его как .txt в кодировке UTF-8", "encoding is not known: save it");
const CUT_SHORT: Becomes = Word("обрывается на полуслове. Сохраните его заново", "was cut short on its way");
const OPEN_CODE: Becomes =
    Word("остался код страницы: <script> не закрыт", "has no end, so what follows may be code");
const TITLE_LONG: Becomes =
    Word("Поставьте заголовок отдельной первой строкой", "put the title on a line of its own");
const BODY_LONG: Becomes = Word("Пришлите статьи по одной", "give the articles one by one");
const TOO_LARGE: Becomes = Word("Файл больше 2 МБ, на статью это не похоже", "larger than 2 MB");

/// What comes of the news with one thing changed.
fn body(from: &str, to: &str) -> Vec<u8> {
    NEWS.replace(from, to).into_bytes()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn zip(name: &str) -> Vec<u8> {
    [b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", [0; 16].as_slice(), name.as_bytes(), &[0; 64]].concat()
}

/// The table.
#[rustfmt::skip]
pub(crate) fn files() -> Vec<File> {
    let old = "Мост открыт\r\n\r\nДлина 214 метров. Его ждали все жители.";
    let rows: Vec<(&'static str, Vec<u8>, Becomes)> = vec![
        // Encodings.
        ("UTF-8",                       NEWS.into(),                                             Post(TITLE, BODY)),
        ("UTF-8 with a mark",           format!("\u{feff}{NEWS}").into(),                        Post(TITLE, BODY)),
        ("UTF-16, little end, mark",    [b"\xFF\xFE".to_vec(), utf16(NEWS, u16::to_le_bytes)].concat(), Post(TITLE, BODY)),
        ("UTF-16, big end, mark",       [b"\xFE\xFF".to_vec(), utf16(NEWS, u16::to_be_bytes)].concat(), Post(TITLE, BODY)),
        ("UTF-16, little end, no mark", utf16(NEWS, u16::to_le_bytes),                           Post(TITLE, BODY)),
        ("UTF-16, big end, no mark",    utf16(NEWS, u16::to_be_bytes),                           Post(TITLE, BODY)),
        ("Windows-1251",                WINDOWS_1251.encode(NEWS).0.into_owned(),                Post(TITLE, BODY)),
        ("KOI8-R",                      KOI8_R.encode(old).0.into_owned(),                       Post(TITLE, "Длина 214 метров. Его ждали все жители.")),
        ("DOS",                         IBM866.encode(old).0.into_owned(),                       Post(TITLE, "Длина 214 метров. Его ждали все жители.")),
        ("UTF-32",                      b"\xFF\xFE\0\0\x1C\x04\0\0".to_vec(),                    ENCODING),
        ("Latin-1",                     b"Br\xFCcke\nf\xFCr Fu\xDFg\xE4nger.".to_vec(),          ENCODING),
        ("UTF-8 with a broken byte",    [NEWS.as_bytes(), b"\xFF\xFE \xFF"].concat(),            ENCODING),
        ("UTF-8 cut in a letter",       NEWS.as_bytes()[..30].to_vec(),                          CUT_SHORT),
        ("UTF-16 cut in a letter",      b"\xFF\xFE\x1C\x04\x3E".to_vec(),                        CUT_SHORT),
        // No text.
        ("Word",                        zip("[Content_Types].xml\0word/document.xml"),           DOCUMENT),
        ("old Word",                    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0".to_vec(),    DOCUMENT),
        ("LibreOffice",                 zip("mimetypeapplication/vnd.oasis.opendocument.text"),  DOCUMENT),
        ("RTF",                         b"{\\rtf1\\ansi \\'cc\\'ee}".to_vec(),                   DOCUMENT),
        ("PDF",                         b"%PDF-1.4\n1 0 obj\n<<>>\nendobj".to_vec(),             Word("это PDF. Пришлите статью файлом .txt", "a PDF, not text")),
        ("Excel",                       zip("[Content_Types].xml\0xl/workbook.xml"),             Word("это таблица. Пришлите статью", "a table, not text")),
        ("PNG",                         b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),               PICTURE),
        ("JPEG",                        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01".to_vec(),            PICTURE),
        ("GIF",                         b"GIF89a\x80\x02\xe0\x01\0\0\0;".to_vec(),                 OTHER_PICTURE),
        ("MP3",                         b"ID3\x04\0\0\0\0\0\0".to_vec(),                         RECORDING),
        ("ZIP",                         zip("news.txt"),                                         ARCHIVE),
        ("binary",                      (0..=255).cycle().take(5000).collect(),                  BINARY),
        ("zeros",                       vec![0; 1000],                                           BINARY),
        // Too much, too little.
        ("empty",                       Vec::new(),                                              EMPTY),
        ("a mark alone",                b"\xEF\xBB\xBF".to_vec(),                                EMPTY),
        ("spaces of all kinds",         " \t\u{a0}\u{3000}\r\n\u{2003}".into(),                  EMPTY),
        ("what only looks empty",       "\u{2800}\u{3164}\n\u{200b}\u{ad}".into(),               EMPTY),
        ("only a title",                "Мост открыт".into(),                                    NO_BODY),
        ("a title said twice",          "Мост открыт\nМОСТ ОТКРЫТ!".into(),                      NO_BODY),
        ("a title and a credit",        "Мост открыт\nФото: akorda.kz".into(),                   NO_BODY),
        ("one sentence",                "Мост открыт.".into(),                                   Word("Вижу только одну строку: «Мост открыт.»", "put the text below the title")),
        ("only boilerplate",            "Cronos Asia\nЧитайте также\nExit mobile version".into(), ONLY_SITE),
        ("a title without end",         format!("{}\n\nТекст.", "Мост ".repeat(300)).into(),     TITLE_LONG),
        ("a text without end",          format!("Мост открыт\n\n{}", "Его ждали. ".repeat(30_000)).into(), BODY_LONG),
        ("3 MB",                        vec![b'a'; 3 * 1024 * 1024],                             TOO_LARGE),
        ("a sentence without end",      format!("Мост открыт\n\n{}.", "слово ".repeat(2000)).into(), Post(TITLE, "")),
        ("a word without end",          format!("Мост открыт\n\nЕго ждали. А{}", "а".repeat(100_000)).into(), Post(TITLE, "Его ждали.")),
        // Dirt in a good text.
        ("NUL",                         body("метров", "мет\0ров"),                              Post(TITLE, BODY)),
        ("control characters",          body("метров", "\u{2}метров\u{1f}"),                     Post(TITLE, BODY)),
        ("marks of direction",          body("метров", "\u{202e}метров\u{202c}\u{200f}"),        Post(TITLE, BODY)),
        ("zero width",                  body("метров", "ме\u{200b}т\u{200d}ров\u{feff}"),        Post(TITLE, BODY)),
        ("soft hyphens",                body("метров", "мет\u{ad}ров"),                          Post(TITLE, BODY)),
        ("no-break spaces",             body(" ", "\u{a0}"),                                     Post(TITLE, BODY)),
        ("letters in two pieces",       "Чей мост?\n\nНаш.".replace('й', "и\u{306}").into(),     Post("Чей мост?", "Наш.")),
        ("heaps of marks",              body("Его", &format!("{}Его", "\u{301}".repeat(500))),   Post(TITLE, BODY)),
        ("Mac line ends",               body("\n", "\r"),                                        Post(TITLE, BODY)),
        ("Unicode line ends",           body("\n", "\u{2028}"),                                  Post(TITLE, BODY)),
        ("letters of nobody's alphabet", body("Его", "\u{e000}Его"),                             Post(TITLE, BODY)),
        ("emoji",                       body("ждали", "ждали 🌉👨\u{200d}👩\u{200d}👧"),          Post(TITLE, "Длина — 214 метров. Его ждали 🌉👨\u{200d}👩\u{200d}👧.")),
        ("all in capitals",             NEWS.to_uppercase().into(),                              Post("МОСТ ОТКРЫТ", "ДЛИНА — 214 МЕТРОВ. ЕГО ЖДАЛИ.")),
        // HTML.
        ("a script",                    body("Его", "<script>alert(1)</script>Его"),             Post(TITLE, BODY)),
        ("a script without end",        body("Его", "<script>alert(1) Его"),                     OPEN_CODE),
        ("a page",                      "<!DOCTYPE html><html><head><title>Мост</title><style>p{}</style></head><body><h1>Мост\nоткрыт</h1><p>Длина&nbsp;&mdash; <b>214</b>\nметров.</p><p>Его ждали.</p></body></html>".into(), Post(TITLE, BODY)),
        ("broken HTML",                 "<h1>Мост открыт</h1>\n</div><p>Длина — <b>214 метров.\n<p class=x>Его <i>ждали</b>.".into(), Post(TITLE, BODY)),
        ("entities",                    body(" — ", "&nbsp;&#8212; "),                           Post(TITLE, BODY)),
        ("characters that are no tags", body("214", "5 < 7, a<b & c>d, <3: 214"),                Post(TITLE, "Длина — 5 < 7, a<b & c>d, <3: 214 метров. Его ждали.")),
        ("a template's braces",         body("Его", "{{ title }} {% raw %} Его"),                Post(TITLE, "Длина — 214 метров. {{ title }} {% raw %} Его ждали.")),
    ];
    rows.into_iter().map(|(what, bytes, becomes)| File { what, bytes, becomes }).collect()
}
