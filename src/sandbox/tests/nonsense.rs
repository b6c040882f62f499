//! No call is too strange for the sandbox: it answers or refuses, and stays whole.

use proptest::prelude::*;

use super::*;
use crate::sandbox::params::Params;

const METHODS: [&str; 26] = [
    "getMe",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendChatAction",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "forwardMessage",
    "forwardMessages",
    "copyMessage",
    "copyMessages",
    "pinChatMessage",
    "unpinChatMessage",
    "answerCallbackQuery",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "getFile",
    "getChatMemberCount",
    "getNonsense",
];

const NAMES: [&str; 19] = [
    "chat_id",
    "from_chat_id",
    "message_id",
    "message_ids",
    "text",
    "caption",
    "entities",
    "caption_entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "commands",
    "scope",
    "photo",
    "document",
    "file_id",
    "user_id",
    "callback_query_id",
    "action",
];

const VALUES: [&str; 34] = [
    "",
    "0",
    "1",
    "2",
    "3",
    "-5",
    "99999999999999999999",
    "101",
    "-1001000000001",
    "@novosti_kz",
    "@",
    "{}",
    "[]",
    "[1,2,3]",
    "[0]",
    "[\"2\",{}]",
    "{\"message_id\":2}",
    "{\"message_id\":-1,\"chat_id\":\"@x\"}",
    "Новость",
    " \n\r\u{2028}",
    "😀#итоги https://a.kz",
    "typing",
    "true",
    r#"[{"type":"bold","offset":0,"length":3},{"type":"italic","offset":1,"length":9223372036854775807}]"#,
    r#"[{"type":"bold","offset":0,"length":4},{"type":"text_link","offset":2,"length":3,"url":"https://a.kz"}]"#,
    r#"[{"type":"blockquote","offset":-1,"length":4}]"#,
    r#"[{"type":"text_mention","offset":0,"length":2,"user":{"id":101}},{"type":"code","offset":0,"length":2}]"#,
    r#"{"inline_keyboard":[[{"text":"Да","callback_data":"x"},{"text":""}],[],[3]]}"#,
    r#"{"inline_keyboard":[[{"text":"Да","url":"tg://x"}]]}"#,
    r#"{"keyboard":[["Да"],[{"text":"Нет"}]]}"#,
    r#"{"force_reply":true}"#,
    r#"[{"command":"a","description":"Описание"}]"#,
    r#"{"type":"chat","chat_id":101}"#,
    "sandbox-file-0",
];

fn any_call() -> impl Strategy<Value = (&'static str, Vec<(&'static str, &'static str)>)> {
    let field = (proptest::sample::select(&NAMES[..]), proptest::sample::select(&VALUES[..]));
    (proptest::sample::select(&METHODS[..]), proptest::collection::vec(field, 0..8))
}

proptest! {
    #[test]
    fn every_call_is_answered_or_refused(calls in proptest::collection::vec(any_call(), 1..30)) {
        let bot = User { id: 1, name: "б".into(), username: None, is_bot: true, blocks_bot: false };
        let mut world = World::new(noon(), bot);
        for (id, kind) in [(101, ChatKind::Private), (CHANNEL, ChatKind::Channel), (-5, ChatKind::Group)] {
            world.add_chat(Chat::new(id, kind, "Чат", (kind == ChatKind::Channel).then_some("novosti_kz")));
            world.chats.get_mut(&id).unwrap().is_open_to_bot = true;
            world.post_by_hand(id, people::rich("Первая", Vec::new()), None);
        }
        for (method, fields) in calls {
            let mut params = Params::default();
            for (name, value) in fields {
                params.set(name, value);
            }
            if let Err(refusal) = world.call(method, &params) {
                prop_assert!((400..=501).contains(&refusal.code) && !refusal.description.is_empty());
            }
            let _ = world.dump();
        }
        for chat in world.chats() {
            prop_assert!(chat.messages().all(|message| message.id > 0 && message.id < chat.next_id));
        }
    }
}
