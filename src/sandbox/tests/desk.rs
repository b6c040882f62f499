//! What an editor and the bot do in private and in a group: messages, buttons, files, commands, polls.

use teloxide::ApiError;
use teloxide::net::Download;
use teloxide::payloads::{
    AnswerCallbackQuerySetters, EditMessageTextSetters, GetMyCommandsSetters, GetUpdatesSetters,
    SendMessageSetters, SetMyCommandsSetters,
};
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, BotCommandScope, ChatAction, ChatMemberKind, InlineKeyboardButton, InlineKeyboardMarkup,
    MessageEntityKind, MessageId, ReplyParameters, UpdateKind,
};

use super::*;

fn keyboard() -> InlineKeyboardMarkup {
    let button = |label: &str, data: &str| InlineKeyboardButton::callback(label, data);
    InlineKeyboardMarkup::new([[button("Одобрить", "ok:1"), button("Отклонить", "no:1")]])
}

#[tokio::test]
async fn the_bot_knows_itself_and_its_chats() {
    let (_sandbox, bot) = newsroom().await;
    assert_eq!(bot.get_me().await.unwrap().username(), "vestnik_demo_bot");
    let channel = bot.get_chat("@novosti_kz".to_owned()).await.unwrap();
    assert_eq!((channel.id, channel.title(), channel.is_channel()), (ChatId(CHANNEL), Some("Новости"), true));
    assert!(bot.get_chat(ChatId(EDITOR)).await.unwrap().is_private());
    assert!(bot.get_chat(ChatId(GROUP)).await.unwrap().is_supergroup());
    let me = bot.get_me().await.unwrap().id;
    let member = bot.get_chat_member(ChatId(CHANNEL), me).await.unwrap();
    assert!(matches!(member.kind, ChatMemberKind::Administrator(rights) if rights.can_post_messages));
    assert_eq!(bot.get_chat_administrators(ChatId(GROUP)).await.unwrap().len(), 2);
    assert_eq!(refusal(bot.get_chat(ChatId(5)).await), ApiError::ChatNotFound.to_string());
    bot.send_chat_action(ChatId(EDITOR), ChatAction::Typing).await.unwrap();
    bot.delete_webhook().await.unwrap();
}

#[tokio::test]
async fn members_are_told_apart() {
    let (sandbox, bot) = newsroom().await;
    sandbox.add_person(202, "Марат", None);
    sandbox.add_group(-77, "Беседа", &[EDITOR, 202]);
    let small = ChatId(-77);
    assert!(bot.get_chat(small).await.unwrap().is_group());
    let me = bot.get_me().await.unwrap().id;
    let kind = async |user| bot.get_chat_member(small, user).await.unwrap().kind;
    assert!(matches!(kind(UserId(101)).await, ChatMemberKind::Owner(_)));
    assert!(matches!(kind(UserId(202)).await, ChatMemberKind::Member(_)));
    for (status, is_it) in [
        (BotStatus::Administrator(Rights::NONE), ChatMemberKind::is_administrator as fn(&_) -> bool),
        (BotStatus::Member, ChatMemberKind::is_member),
        (BotStatus::Left, ChatMemberKind::is_left),
        (BotStatus::Kicked, ChatMemberKind::is_banned),
    ] {
        sandbox.set_bot_status(-77, status);
        assert!(is_it(&kind(me).await), "{status:?}");
    }
    assert_eq!(refusal(bot.get_chat_member(small, UserId(5)).await), ApiError::UserNotFound.to_string());
}

#[tokio::test]
async fn a_person_writes_first() {
    let (sandbox, bot) = newsroom().await;
    let stranger = sandbox.add_person(202, "Марат", None);
    let send = || bot.send_message(ChatId(202), "Здравствуйте");
    assert_eq!(refusal(send().await), "Forbidden: bot can't initiate conversation with a user");
    stranger.sends("/start");
    send().await.unwrap();
    stranger.blocks_bot(true);
    assert_eq!(refusal(send().await), ApiError::BotBlocked.to_string());
}

#[tokio::test]
async fn updates_come_until_they_are_confirmed() {
    let (sandbox, bot) = newsroom().await;
    let editor = sandbox.person(EDITOR);
    editor.sends_in(GROUP, "Коллеги, /queue@vestnik_demo_bot").unwrap();
    let updates = bot.get_updates().await.unwrap();
    let texts: Vec<_> = updates
        .iter()
        .map(|update| match &update.kind {
            UpdateKind::Message(message) => (message.chat.id, message.text().unwrap().to_owned()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        texts,
        [
            (ChatId(EDITOR), "/start".to_owned()),
            (ChatId(GROUP), "Коллеги, /queue@vestnik_demo_bot".to_owned())
        ]
    );
    let UpdateKind::Message(message) = &updates[1].kind else { panic!() };
    let command = &message.entities().unwrap()[0];
    assert_eq!((&command.kind, command.offset), (&MessageEntityKind::BotCommand, 9));

    assert_eq!(bot.get_updates().await.unwrap().len(), 2);
    let next = i32::try_from(updates[1].id.0 + 1).unwrap();
    assert!(bot.get_updates().offset(next).await.unwrap().is_empty());
    sandbox
        .wait_until("nothing pending", |world| (world.pending_updates() == 0).then_some(()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_waiting_poll_ends_with_news_or_with_a_newer_poll() {
    let (sandbox, bot) = newsroom().await;
    bot.get_updates().offset(-1).await.unwrap();
    let last = bot.get_updates().await.unwrap()[0].id.0;
    let poll = {
        let bot = bot.clone();
        move || {
            let next = i32::try_from(last + 1).unwrap();
            let request = bot.get_updates().offset(next).timeout(8);
            tokio::spawn(async move { request.await })
        }
    };
    let polls = |world: &World| world.calls_of("getUpdates").count();
    let before = sandbox.look(polls);
    let older = poll();
    sandbox.wait_until("a poll", |world| world.is_polled().then_some(())).await.unwrap();
    let newer = poll();
    assert_eq!(
        refusal(older.await.unwrap()),
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
    sandbox.person(EDITOR).sends("Привет");
    assert_eq!(newer.await.unwrap().unwrap().len(), 1);
    assert_eq!(sandbox.look(polls), before + 2);
}

#[tokio::test]
async fn a_poll_that_hung_up_waits_no_more() {
    let (sandbox, bot) = newsroom().await;
    bot.get_updates().offset(-1).await.unwrap();
    let last = bot.get_updates().await.unwrap()[0].id.0;
    let request = bot.get_updates().offset(i32::try_from(last + 1).unwrap()).timeout(8);
    let poll = tokio::spawn(async move { request.await });
    sandbox.wait_until("a poll", |world| world.is_polled().then_some(())).await.unwrap();
    poll.abort();
    sandbox.wait_until("no poll", |world| (!world.is_polled()).then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_message_goes_out_and_buttons_come_back() {
    let (sandbox, bot) = newsroom().await;
    let sent = bot
        .send_message(ChatId(EDITOR), "Черновик №1")
        .reply_markup(keyboard())
        .reply_parameters(ReplyParameters::new(MessageId(1)))
        .disable_notification(true)
        .await
        .unwrap();
    assert_eq!((sent.id, sent.date), (MessageId(2), noon()));
    assert_eq!(sent.reply_to_message().unwrap().text(), Some("/start"));
    let message = sandbox.messages(EDITOR)[1].clone();
    assert_eq!(message.buttons(), [["Одобрить", "Отклонить"]]);
    assert!(message.is_silent && message.is_from_bot);

    let editor = sandbox.person(EDITOR);
    let missing = editor.presses(EDITOR, 2, "Сразу").unwrap_err();
    assert!(missing.to_string().contains("Отклонить"));
    let press = editor.presses(EDITOR, 2, "Одобрить").unwrap();
    let updates = bot.get_updates().offset(-1).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!((query.data.as_deref(), query.from.id), (Some("ok:1"), UserId(101)));
    assert_eq!(query.regular_message().unwrap().text(), Some("Черновик №1"));
    bot.answer_callback_query(query.id.clone()).text("Одобрено").await.unwrap();
    assert_eq!(sandbox.look(|world| world.callback_answer(&press).unwrap().text.clone()), "Одобрено");
    let again = bot.answer_callback_query(query.id.clone()).await;
    assert_eq!(
        refusal(again),
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    );
}

#[tokio::test]
async fn a_press_on_what_is_gone_still_arrives() {
    let (sandbox, bot) = newsroom().await;
    sandbox.person(EDITOR).presses_stale(EDITOR, 77, "ok:9").unwrap();
    let updates = bot.get_updates().offset(-1).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else { panic!("{updates:?}") };
    assert!(query.regular_message().is_none());
    assert_eq!(query.message.as_ref().unwrap().id(), MessageId(77));
    sandbox.forget_presses();
    assert!(bot.answer_callback_query(query.id.clone()).await.is_err());
}

#[tokio::test]
async fn an_edit_changes_the_message_and_drops_its_keyboard() {
    let (sandbox, bot) = newsroom().await;
    let sent = bot.send_message(ChatId(EDITOR), "Ждёт").reply_markup(keyboard()).await.unwrap();
    let unchanged = bot.edit_message_text(ChatId(EDITOR), sent.id, " Ждёт ").reply_markup(keyboard()).await;
    assert_eq!(refusal(unchanged), ApiError::MessageNotModified.to_string());
    let edited = bot.edit_message_text(ChatId(EDITOR), sent.id, "Одобрено").await.unwrap();
    assert_eq!(edited.text(), Some("Одобрено"));
    assert!(edited.edit_date().is_some() && edited.reply_markup().is_none());
    bot.edit_message_reply_markup(ChatId(EDITOR), sent.id).await.unwrap_err();
    assert_eq!(sandbox.chat(EDITOR).unwrap().texts(), ["/start", "Одобрено"]);

    let missing = bot.edit_message_text(ChatId(EDITOR), MessageId(99), "x").await;
    assert_eq!(refusal(missing), ApiError::MessageToEditNotFound.to_string());
    let anothers = bot.edit_message_text(ChatId(EDITOR), MessageId(1), "x").await;
    assert_eq!(refusal(anothers), ApiError::MessageCantBeEdited.to_string());
}

#[tokio::test]
async fn a_message_can_be_deleted_for_two_days() {
    let (sandbox, bot) = newsroom().await;
    let first = bot.send_message(ChatId(CHANNEL), "Первая").await.unwrap().id;
    let second = bot.send_message(ChatId(CHANNEL), "Вторая").await.unwrap().id;
    bot.delete_message(ChatId(CHANNEL), first).await.unwrap();
    let gone = bot.delete_message(ChatId(CHANNEL), first).await;
    assert_eq!(refusal(gone), ApiError::MessageToDeleteNotFound.to_string());
    sandbox.advance(chrono::TimeDelta::hours(48));
    let late = bot.delete_message(ChatId(CHANNEL), second).await;
    assert_eq!(refusal(late), ApiError::MessageCantBeDeleted.to_string());
    assert_eq!(sandbox.chat(CHANNEL).unwrap().texts(), ["Вторая"]);
}

#[tokio::test]
async fn a_document_can_be_fetched() {
    let (sandbox, bot) = newsroom().await;
    sandbox.person(EDITOR).sends_document("статья.txt", "Текст статьи", "https://cronos.asia/x");
    let updates = bot.get_updates().offset(-1).await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.caption(), Some("https://cronos.asia/x"));
    assert_eq!(message.caption_entities().unwrap()[0].kind, MessageEntityKind::Url);
    let document = message.document().unwrap();
    assert_eq!(document.file_name.as_deref(), Some("статья.txt"));
    let file = bot.get_file(document.file.id.clone()).await.unwrap();
    let mut bytes = Vec::new();
    bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), "Текст статьи");
}

#[tokio::test]
async fn command_lists_belong_to_scopes() {
    let (sandbox, bot) = newsroom().await;
    let commands = [BotCommand::new("queue", "Что и когда выйдет")];
    let scope = BotCommandScope::AllGroupChats;
    bot.set_my_commands(commands.clone()).scope(scope.clone()).await.unwrap();
    assert_eq!(bot.get_my_commands().scope(scope).await.unwrap(), commands);
    assert!(bot.get_my_commands().await.unwrap().is_empty());
    assert!(sandbox.look(|world| world.commands("all_group_chats", "").is_some()));
    let bad = bot.set_my_commands([BotCommand::new("очередь", "Очередь")]).await;
    assert_eq!(refusal(bad), "Bad Request: BOT_COMMAND_INVALID");
}

#[tokio::test]
async fn a_wrong_or_revoked_token_opens_nothing() {
    let (sandbox, bot) = newsroom().await;
    let url: reqwest::Url = sandbox.url().parse().unwrap();
    let stranger = Bot::with_client("1:x", bot.client().clone()).set_api_url(url);
    assert_eq!(refusal(stranger.get_me().await), ApiError::InvalidToken.to_string());
    sandbox.revoke_token();
    assert_eq!(refusal(bot.get_me().await), ApiError::InvalidToken.to_string());
}

#[tokio::test]
async fn methods_are_told_from_nonsense_in_any_spelling() {
    let (sandbox, bot) = newsroom().await;
    let get = |path: &str| {
        let request = bot.client().get(format!("{}/bot{}/{path}", sandbox.url(), sandbox.token()));
        async move {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            (status, response.json::<serde_json::Value>().await.unwrap())
        }
    };
    assert_eq!(get("GETME").await.1["result"]["id"], 7_000_000_001_i64);
    let sent = get("sendMessage?chat_id=@novosti_kz&text=%D0%94%D0%B0").await;
    assert_eq!((sent.0, &sent.1["result"]["message_id"]), (200, &serde_json::json!(2)));
    let unknown = get("sendNothing").await;
    assert_eq!((unknown.0, &unknown.1["description"]), (404, &"Not Found: method not found".into()));
    assert_eq!(get("sendPoll").await.0, 501);
}

#[tokio::test]
async fn the_clock_is_served_to_the_bots_process() {
    let (sandbox, bot) = newsroom().await;
    let read = |query: String| {
        let request = bot.client().get(format!("{}/sandbox/clock{query}", sandbox.url()));
        async move { request.send().await.unwrap() }
    };
    let response = read(String::new()).await;
    assert_eq!(response.headers()["date"], "Mon, 02 Mar 2026 12:00:00 GMT");
    let reading: serde_json::Value = response.json().await.unwrap();
    assert_eq!((&reading["now_ms"], &reading["rate"]), (&noon().timestamp_millis().into(), &0.0.into()));
    let change = tokio::spawn(read(format!("?since={}", reading["version"])));
    sandbox.set_clock(noon() + chrono::TimeDelta::hours(6));
    let reading: serde_json::Value = change.await.unwrap().json().await.unwrap();
    assert_eq!(reading["now_ms"], (noon() + chrono::TimeDelta::hours(6)).timestamp_millis());
}

#[tokio::test]
async fn a_group_that_becomes_a_supergroup_is_another_chat() {
    let (sandbox, bot) = newsroom().await;
    let (old, new) = (ChatId(-77), ChatId(-1_002_000_000_077));
    sandbox.add_group(old.0, "Беседа", &[EDITOR]);
    let message = bot.send_message(old, "До переезда").await.unwrap();
    bot.get_updates().offset(-1).await.unwrap();
    let seen =
        bot.get_updates().await.unwrap().last().map_or(0, |update| i32::try_from(update.id.0).unwrap());
    sandbox.migrate_group(old.0, new.0);
    let refused = bot.send_message(old, "После").await.unwrap_err();
    assert!(matches!(refused, teloxide::RequestError::MigrateToChatId(to) if to == new), "{refused}");
    let edited = bot.edit_message_text(old, message.id, "Иначе").await;
    assert_eq!(refusal(edited), ApiError::MessageCantBeEdited.to_string());
    let notices = bot.get_updates().offset(seen + 1).await.unwrap();
    let told: Vec<_> = notices
        .iter()
        .filter_map(|update| match &update.kind {
            UpdateKind::Message(notice) => {
                let moved = (notice.migrate_to_chat_id(), notice.migrate_from_chat_id());
                Some((notice.chat.id, moved.0.copied(), moved.1.copied()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, [(old, Some(new), None), (new, None, Some(old))]);
    assert!(bot.get_chat(new).await.unwrap().is_supergroup());
    assert_eq!(bot.send_message(new, "Здесь").await.unwrap().id, MessageId(2));
}

#[tokio::test]
async fn the_servers_time_may_differ_from_the_machines() {
    let (sandbox, bot) = newsroom().await;
    sandbox.set_telegram_offset(chrono::TimeDelta::hours(-1));
    let sent = bot.send_message(ChatId(EDITOR), "Который час?").await.unwrap();
    assert_eq!(sent.date.to_rfc3339(), "2026-03-02T11:00:00+00:00");
    let root = bot.client().get(sandbox.url()).send().await.unwrap();
    assert_eq!(root.headers()["date"], "Mon, 02 Mar 2026 11:00:00 GMT");
    assert_eq!(sandbox.now(), noon(), "the clock that the bot's machine follows");
}
