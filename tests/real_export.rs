//! The first newsroom's own export, where it lies beside the checkout; its shape is also that of our own fixtures.

#![allow(clippy::expect_used, reason = "a test that can't go on ends loudly")]

use std::path::Path;

use vestnik::article::{self, Article, Cleaning, Link};
use vestnik::config::Config;
use vestnik::ids::ChatId;

const LINK: &str = "https://cronos.asia/x";

/// The HTML of the post that an export becomes under the default settings.
fn post_of(bytes: &[u8]) -> String {
    let text = article::decode(bytes).expect("an export is text");
    let article = Article::read(&text, &Cleaning::default()).expect("an export is an article");
    let settings = "[desk]\neditors = [1]\n[[channels]]\nid = -1001\n";
    let config = Config::parse(settings, "bot.toml", Path::new("")).expect("good settings");
    let rules = config.into_rules(String::new(), |_| None::<ChatId>);
    let link = Link::parse(LINK).expect("a good link");
    let post = rules.post(&rules.channels[0], &article, &link).expect("a post");
    vestnik::post::markup::to_html(&post.rich_text())
}

#[test]
fn the_real_article_becomes_the_post_that_was_asked_for() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/articles/cronos-tokaev-guterres.txt");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    assert_eq!(
        post_of(&bytes),
        "<b>Касым-Жомарт Токаев провел встречу с генеральным секретарем ООН</b>\n\n\
         В ходе переговоров были обсуждены приоритетные направления сотрудничества Казахстана с ООН. \
         Особое внимание было уделено совместным усилиям по противодействию пандемии, борьбе с изменением климата, \
         а также обеспечению региональной безопасности и стабильности.\n\n\
         <a href=\"https://cronos.asia/x\">Читать на сайте</a>"
    );
}

#[test]
fn an_export_of_the_same_shape_becomes_a_post_without_what_the_site_left_behind() {
    assert_eq!(
        post_of(include_bytes!("fixtures/articles/bridge.txt")),
        "<b>В Таразе открыли мост через Талас</b>\n\n\
         Длина переправы составила 214 метров, по ней в обе стороны смогут проезжать до 18 тыс. машин в сутки. \
         Строители закончили работы на два месяца раньше срока и уложились в 6,4 млрд тенге. \
         «Раньше дорога от вокзала до левого берега занимала сорок минут. Теперь — не больше десяти», — рассказал аким \
         города Бахытжан Орынбеков.\n\n\
         <a href=\"https://cronos.asia/x\">Читать на сайте</a>"
    );
}
