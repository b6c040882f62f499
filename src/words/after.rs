//! What is said of posts that are out: how they are mended and withdrawn.

use super::editing::{changed, names};
use super::{label, quoted, refusal_after, stands};
use crate::article::Part;
use crate::ids::ArticleId;
use crate::post::Limit;
use crate::russian;

/// The last line of a mended post, where the editor wants it.
pub const CORRECTED: &str = "Исправлено";
/// What stands in a channel in the place of a post that is too old to be deleted.
pub const WITHDRAWN_NOTICE: &str = "Публикация отозвана редакцией";

/// An editor wants to mend a post and has not said how.
#[must_use]
pub fn new_text_wanted(article: ArticleId) -> String {
    format!(
        "Ответьте на это сообщение новым текстом поста №{article}: заголовок, ссылка и пометки останутся прежними. \
         Чтобы исправить и заголовок, пришлите всю статью заново с той же ссылкой.\n\n\
         Сначала покажу, что получится; без вашего подтверждения в канале ничего не изменится."
    )
}

/// Above stand the post as it is and as it would be. `is_pictured`: a picture stands above it.
#[must_use]
pub fn edit_question(article: ArticleId, channels: &[String], is_pictured: bool) -> String {
    let picture = if is_pictured { " Картинка останется прежней." } else { "" };
    format!(
        "№{article} уже вышел {}. Выше пост, как он стоит сейчас, а под ним — как будет. Исправить?{picture}\n\n\
         Другой текст поста можно прислать ответом на это сообщение.",
        in_channels(channels)
    )
}

/// The words would not fit below the picture, which stays.
#[must_use]
pub fn too_long_for_a_caption(article: ArticleId, channel: &str, units: u32) -> String {
    format!(
        "№{article} вышел в канале {} с картинкой, а под картинкой Telegram даёт меньше места, чем нужно этому тексту: {}, а \
         можно не больше {}. Пришлите текст короче.",
        quoted(channel),
        russian::counted(units.into(), ["знак", "знака", "знаков"]),
        Limit::Caption.units_max()
    )
}

/// The new text makes the same post.
#[must_use]
pub fn nothing_to_mend(article: ArticleId) -> String {
    format!("№{article} уже вышел, и с этим текстом пост остался бы таким же. Исправлять нечего.")
}

/// A post is to be withdrawn. `old`: the channels in which it can't be deleted any more; `is_pictured`: a picture stays there.
#[must_use]
pub fn withdrawal_question(
    article: ArticleId,
    title: &str,
    channels: &[String],
    old: &[String],
    is_pictured: bool,
) -> String {
    let how = match (old.len(), channels.len()) {
        (0, _) => "Пост будет удалён.".to_owned(),
        (old, all) if old == all => {
            format!(
                "Прошло больше двух суток, удалить пост Telegram не даст. Вместо его текста будет «{WITHDRAWN_NOTICE}»."
            )
        }
        _ => format!(
            "{} прошло больше двух суток, удалить пост Telegram не даст: вместо его текста будет «{WITHDRAWN_NOTICE}». \
             В остальных каналах пост будет удалён.",
            capitalized(&in_channels(old))
        ),
    };
    let picture = if is_pictured {
        " Картинка при этом останется: её можно убрать только в самом канале."
    } else {
        ""
    };
    format!("Убрать №{article} {}? Он вышел {}.\n\n{how}{picture}", quoted(title), in_channels(channels))
}

/// What is wanted of the post is kept until it is known whether it came out.
#[must_use]
pub fn edit_noted(article: ArticleId) -> String {
    format!(
        "№{article} сейчас отправляется или под вопросом. Новый текст записал: если пост вышел, предложу его исправить, \
         если нет — покажу новый черновик."
    )
}

/// The same for parts of it, changed in the chat.
#[must_use]
pub fn part_noted(article: ArticleId, parts: &[Part]) -> String {
    format!(
        "№{article} сейчас отправляется или под вопросом. Правку записал ({}): если пост вышел, предложу его исправить, если \
         нет — внесу её в черновик.",
        names(parts)
    )
}

/// The same for a post that is to be withdrawn.
#[must_use]
pub fn withdrawal_noted(article: ArticleId) -> String {
    format!(
        "№{article} сейчас отправляется или под вопросом. Записал: если пост вышел, спрошу, убрать ли его из канала, \
         если нет — он вернётся в черновики."
    )
}

/// The post did not come out, and the text that was wanted for it is the draft now.
#[must_use]
pub fn edit_is_the_draft(article: ArticleId, parts: &[Part], by: &str) -> String {
    format!(
        "№{article} не вышел. Он снова черновик, уже с правкой, которую я записал ({by}): {}. Посмотрите карточку и одобрите \
         заново.",
        changed(parts)
    )
}

/// Only what is out can be mended or withdrawn.
#[must_use]
pub fn not_out_yet(article: ArticleId, status: &str) -> String {
    format!(
        "{}\n\nМатериал ещё не вышел. Другой текст пришлите ответом на карточку: /show_{article}\nОтклонить материал: /reject_{article}",
        stands(article, status)
    )
}

/// It has been withdrawn.
#[must_use]
pub fn is_withdrawn(article: ArticleId) -> String {
    format!(
        "№{article} отозван, в канале его нет. Сам он больше не выйдет; если он снова нужен, пришлите новый текст с той же \
         ссылкой."
    )
}

/// It is out, and nobody knows under which number.
#[must_use]
pub fn post_is_not_known(article: ArticleId) -> String {
    format!(
        "№{article} вышел, но я не знаю, какой это пост в канале. Перешлите его мне из канала в личный чат, и я смогу его \
         исправить или убрать. Или сделайте это в канале сами."
    )
}

/// An editor has passed on the post of which the number was not known.
#[must_use]
pub fn post_found(article: ArticleId, channel: &str) -> String {
    format!(
        "Теперь знаю: это №{article} в канале {}. Исправить его: /edit_{article}, убрать: /delete_{article}",
        quoted(channel)
    )
}

/// Something of it is being carried out.
#[must_use]
pub fn amendment_under_way(article: ArticleId) -> String {
    format!(
        "№{article} уже исправляется или убирается из канала. Чем кончилось, скажет карточка: /show_{article}"
    )
}

/// A press on a button whose question is over.
#[must_use]
pub fn amendment_is_over(article: ArticleId) -> String {
    format!("Этот вопрос по №{article} уже решён или устарел, ничего не сделано: /show_{article}")
}

/// The second tap was given.
#[must_use]
pub fn being_mended(article: ArticleId) -> String {
    format!("Исправляю №{article}: сначала смотрю, что стоит в канале")
}

/// The same for a post that is withdrawn.
#[must_use]
pub fn being_withdrawn(article: ArticleId) -> String {
    format!("Убираю №{article}: сначала смотрю, что стоит в канале")
}

/// Nothing (more) is changed.
#[must_use]
pub fn left_as_is(article: ArticleId) -> String {
    format!("№{article} остаётся как есть")
}

/// An editor wants it done all the same.
#[must_use]
pub fn tries_again(article: ArticleId) -> String {
    format!("Пробую ещё раз: №{article}")
}

/// What was approved with the old text in other channels is a draft again.
#[must_use]
pub fn waits_with_the_old_text(article: ArticleId, channels: &[String]) -> String {
    format!(
        "№{article} снят с очереди {}: там ждал прежний текст. Посмотрите новый и одобрите: /show_{article}",
        in_channels(channels)
    )
}

/// The post is mended.
#[must_use]
pub fn mended(article: ArticleId, channel: &str, by: &str, address: &str) -> String {
    format!("№{article} исправлен в канале {} ({by}): {address}", quoted(channel))
}

/// The post is deleted.
#[must_use]
pub fn withdrawn(article: ArticleId, channel: &str, by: &str) -> String {
    format!("№{article} убран из канала {} ({by})", quoted(channel))
}

/// A notice stands in its place.
#[must_use]
pub fn replaced_by_notice(article: ArticleId, channel: &str, by: &str) -> String {
    format!("№{article} отозван в канале {} ({by}): вместо текста «{WITHDRAWN_NOTICE}»", quoted(channel))
}

/// It was to be mended, and is gone.
#[must_use]
pub fn gone_by_hand(article: ArticleId, channel: &str) -> String {
    format!(
        "№{article}: поста в канале {} уже нет, исправлять нечего. Кто-то удалил его в самом канале.",
        quoted(channel)
    )
}

/// A person has changed the post in the channel; above stands what is there now.
#[must_use]
pub fn changed_by_hand(article: ArticleId, channel: &str, withdraws: bool, address: &str) -> String {
    let (todo, anyway) = match withdraws {
        false => ("Не исправляю", label::MEND_ANYWAY),
        true => ("Не убираю", label::UNPUBLISH_ANYWAY),
    };
    format!(
        "⚠️ №{article}: пост в канале {} изменили вручную, сейчас там текст, что выше. {todo}, чтобы чужая правка не \
         пропала.\n\nЕсли она не нужна, нажмите «{anyway}». {address}",
        quoted(channel)
    )
}

/// The bot can't look at the post.
#[must_use]
pub fn can_not_look(article: ArticleId, channel: &str, withdraws: bool, address: &str) -> String {
    let seen = if withdraws { label::SEEN_UNPUBLISH } else { label::SEEN_MEND };
    format!(
        "⚠️ №{article}: не могу посмотреть, что сейчас стоит в канале {}, и потому ничего не меняю. Загляните сами: если \
         пост там прежний, нажмите «{seen}». {address}",
        quoted(channel)
    )
}

/// Telegram does not do it.
#[must_use]
pub fn amendment_refused(
    article: ArticleId,
    channel: &str,
    withdraws: bool,
    why: &str,
    address: &str,
) -> String {
    let what = if withdraws { "убрать" } else { "исправить" };
    format!(
        "⚠️ №{article}: не получилось {what} пост в канале {}. {} {address}",
        quoted(channel),
        refusal_after(why)
    )
}

/// «в канале «А»», «в каналах «А», «Б»».
fn in_channels(channels: &[String]) -> String {
    let names: Vec<String> = channels.iter().map(|channel| quoted(channel)).collect();
    format!("{} {}", if names.len() == 1 { "в канале" } else { "в каналах" }, names.join(", "))
}

fn capitalized(text: &str) -> String {
    text.replacen('в', "В", 1)
}
