//! All that the sandbox claims to know of the real server, in one table, each with its source.
//!
//! «td» is tdlib/td, «bot-api» tdlib/telegram-bot-api (server 10.0), «doc» core.telegram.org/bots/api.

use std::collections::BTreeSet;

/// One thing that the real server does and the sandbox repeats.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// By what the code refers to it.
    pub id: RuleId,
    /// The same, as text.
    pub name: &'static str,
    /// What the server does.
    pub does: &'static str,
    /// How we know.
    pub source: Source,
    /// What the sandbox does instead once the rule was flipped; `None` when it can't be.
    pub flipped: Option<&'static str>,
}

/// How a rule is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It stands there.
    At(&'static str),
    /// Nobody promises it, and the bot rests on it: so `docs/once.md` says, in these words, with what would break.
    Assumed(&'static str),
    /// Telegram's core is closed, or nobody looked.
    NotVerified,
}

/// Rules that the sandbox is told to break, to see who leans on them.
#[derive(Debug, Clone, Default)]
pub(super) struct Flips(BTreeSet<RuleId>);

impl Flips {
    pub(super) fn has(&self, id: RuleId) -> bool {
        self.0.contains(&id)
    }

    /// Whether the rule can be flipped; then it is from now on.
    pub(super) fn flip(&mut self, id: RuleId) -> bool {
        let can = RULES.iter().any(|rule| rule.id == id && rule.flipped.is_some());
        if can {
            self.0.insert(id);
        }
        can
    }
}

macro_rules! rules {
    ($($id:ident: $does:literal, $source:expr $(, flipped: $flipped:literal)?;)+) => {
        /// The rules by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RuleId {
            $(#[doc = $does] $id,)+
        }

        /// Every rule.
        pub const RULES: &[Rule] = &[$(Rule {
            id: RuleId::$id,
            name: stringify!($id),
            does: $does,
            source: $source,
            flipped: rules!(@flipped $($flipped)?),
        },)+];
    };
    (@flipped) => { None };
    (@flipped $flipped:literal) => { Some($flipped) };
}

use Source::{Assumed, At, NotVerified};

rules! {
    // The wire
    MethodsIgnoreCase: "method names are looked up in lower case", At("bot-api/Query.cpp, Client::methods_");
    MethodUnknown: "an unknown method is 404 «Not Found: method not found»", At("bot-api/Client.cpp on_cmd");
    PathUnknown: "a path that is no method's is 404 «Not Found»", At("bot-api/HttpConnection.cpp");
    DateHeaderSent: "api.telegram.org tells its time in the Date header of every answer, its root's included",
        NotVerified,
        flipped: "no answer tells the time, as with a server of one's own (bot-api/HttpConnection.cpp)";
    TokenChecked: "a wrong or revoked token is 401 «Unauthorized»", At("bot-api/Client.cpp, ClientManager.cpp");
    RequestTooLarge: "a request over 50 MB is 413 «Request Entity Too Large»",
        At("doc sending files; the words: teloxide-core errors.rs RequestEntityTooLarge");
    ParametersRequired: "a missing parameter that is needed is named", At("bot-api/Client.cpp get_required_string_arg");
    JsonParsed: "a parameter that must hold JSON is refused when it does not", At("bot-api/Client.cpp");
    MethodNotModelled: "a method of the Bot API that the sandbox does not play is refused loudly",
        At("the sandbox's own");
    TooFast: "over 1 message a second in a chat, 20 a minute in a group or channel, 30 a second in all: 429 with retry_after; off until a test sets limits",
        At("core.telegram.org/bots/faq, my bot is hitting limits");
    TooFastSlides: "any second and any minute is counted, and edits count in the seconds",
        NotVerified,
        flipped: "each second and minute of the clock is counted from its beginning, and edits count as new messages do";
    FaultInjected: "the call was refused because a test asked for it", At("the sandbox's own");

    // Text
    TextNotEmpty: "a text that is empty, or empty after cleaning, is refused: «message text is empty», «text must be non-empty»",
        At("bot-api/Client.cpp get_input_message_text, td/MessageEntity.cpp fix_formatted_text");
    TextTooLong: "texts over 4096 and captions over 1024 code points after cleaning, and anything over 32768 bytes, are refused",
        At("td/MessageContent.cpp get_input_message_content, bot-api/Client.cpp get_formatted_text"),
        flipped: "UTF-16 units are counted";
    TextCleaned: "controls and tabs become spaces; CR, U+2028–202E, U+030A, U+0333, U+033F vanish",
        At("td/misc.cpp clean_input_string");
    TextTrimmed: "spaces and line ends are cut off at the end, and at the front up to the first entity",
        At("td/MessageEntity.cpp fix_formatted_text");
    NoParseModes: "parse_mode is refused: Vestnik sends entities", At("the sandbox's own");

    // Entities
    EntitiesParsed: "a malformed entity is «can't parse MessageEntity: …»; kinds the server finds itself are skipped",
        At("bot-api/Client.cpp get_formatted_text, get_text_entity_type");
    EntityBorders: "an entity out of the text, or in the middle of a surrogate pair, is refused with its place",
        At("td/MessageEntity.cpp clean_input_string_with_entities");
    EntitiesSplit: "overlapping styles are cut into adjoining pieces; nested quotes and styles in code are dropped",
        At("td/MessageEntity.cpp fix_entities");
    EntitiesAtMost100: "past 100 the bot's entities are dropped silently, styles first; custom emoji are not counted",
        At("td/MessageEntity.cpp get_input_message_entities");
    EntitiesFound: "mentions, hashtags, cashtags, commands, addresses and e-mails in the text are added by the server",
        At("td/MessageEntity.cpp find_entities");
    PhoneNumbersFound: "a plus and 7 to 15 digits is a phone number", NotVerified,
        flipped: "no phone number is found";
    TextLinkChecked: "a text_link whose address can't be one is refused: «entity URL '…' is invalid: …»; others are respelled",
        At("td/MessageEntity.cpp get_message_entities, td/LinkManager.cpp check_link"),
        flipped: "a bad link silently becomes plain text, as it does in parsed HTML";

    // Chats
    ChatFound: "an unknown chat is «chat not found», none at all «chat_id is empty»",
        At("bot-api/Client.cpp check_chat");
    BotIsMember: "a chat that the bot left or was thrown out of is 403", At("bot-api/Client.cpp check_chat_access");
    ChannelNeedsPostRight: "posting without can_post_messages is «need administrator rights in the channel chat»",
        At("td/DialogManager.cpp can_send_message_to_dialog");
    PersonWritesFirst: "a person who never wrote to the bot can't be written to: 403 «bot can't initiate conversation with a user»",
        At("td/MessagesManager.cpp process_send_message_fail_error");
    PersonBlocks: "a person who blocked the bot can't be written to: 403 «bot was blocked by the user»",
        At("bot-api/Client.cpp fail_query_with_error");
    ChatActionNeedsWrite: "sendChatAction is refused where a message would be: to who never wrote, to who blocked the bot",
        At("bot-api/Client.cpp process_send_chat_action_query (check_chat, AccessRights::Write); the wording: NV");
    BotToldAsMember: "getChatMember tells the bot's own rights in a channel, can_post_messages and can_edit_messages",
        At("doc ChatMemberAdministrator");
    IdsGrow: "message ids grow within a chat; those that were deleted are not given out again",
        Assumed("ids in a channel grow and are never reused");
    IdsGrowByOne: "the next message's id is the last one's and one", NotVerified,
        flipped: "after every third id two to four are left out";
    FirstIdIsCreation: "message 1 of a channel or supergroup is its creation", NotVerified,
        flipped: "message 1 is the first post of such a chat that is made from then on";
    MembersKnown: "members are told by getChatMember; a person nobody knows is «user not found»",
        At("bot-api/Client.cpp; the wording: NV");

    GroupUpgraded: "a group that became a supergroup can't be written to: 400 «group chat was upgraded to a supergroup chat» with migrate_to_chat_id",
        At("bot-api/Client.cpp check_chat_access");
    UpgradedStandsStill: "the messages of such a group can't be edited", NotVerified,
        flipped: "they can be edited";
    UpgradeTold: "both chats get a notice: migrate_to_chat_id in the old, migrate_from_chat_id as message 1 of the new, by the chat itself",
        At("bot-api/Client.cpp JsonMessage, messageChatUpgradeTo; who sends it: teloxide-core message.rs, its tests");

    // Keyboards
    MarkupParsed: "a reply_markup that is not one is refused with what is wrong", At("bot-api/Client.cpp get_reply_markup");
    ButtonsComplete: "a button needs a text and something to do: «text buttons are unallowed in the inline keyboard»",
        At("bot-api/Client.cpp get_inline_keyboard_button_type, td/ReplyMarkup.cpp");
    ButtonDataSize: "callback_data over 64 bytes is BUTTON_DATA_INVALID", At("doc InlineKeyboardButton");
    ButtonUrlChecked: "a button's address is checked and respelled as a link's is", At("td/ReplyMarkup.cpp");
    InlineKeyboardExpected: "in channels and edits any other keyboard is «inline keyboard expected»",
        At("td/ReplyMarkup.cpp get_reply_markup, only_inline_keyboard");
    KeyboardCut: "buttons without a label, past 12 in a row or 300 in all are dropped silently",
        At("td/ReplyMarkup.cpp get_reply_markup");

    // Replies
    ReplyFound: "a reply to what is not there is «message to be replied not found», or goes out without reply when allowed",
        At("bot-api/Client.cpp check_reply_parameters");

    // Edits and deletions
    EditTargetFound: "«message to edit not found»", At("bot-api/Client.cpp check_message");
    EditAllowed: "others' messages, forwards, those with a reply keyboard, and posts without the right are «message can't be edited»",
        At("td/MessagesManager.cpp can_edit_message");
    EditNeedsText: "text can be edited only in a text, a caption only under a file: «there is no text in the message to edit»",
        At("td/MessagesManager.cpp edit_message_text, edit_message_caption");
    EditNeedsChange: "an edit that changes nothing is «message is not modified…»",
        At("bot-api/Client.cpp fail_query_with_error");
    EditComparedCleaned: "for that the words are compared as they would stand there, cleaned and trimmed", NotVerified,
        flipped: "they are compared as they were sent";
    EditDropsKeyboard: "an edit without reply_markup takes the keyboard away", At("LasterAlex/teloxide_tests PR 31");
    DeleteTargetFound: "«message to delete not found»; deleteMessages skips what is missing",
        At("bot-api/Client.cpp check_message, check_messages");
    DeleteAllowed: "after 48 hours, others' messages without the right, and message 1 are «message can't be deleted»",
        At("td/MessagesManager.cpp can_delete_channel_message");
    MessageIdNeeded: "«message identifier is not specified»", At("bot-api/Client.cpp process_delete_message_query");
    PinAllowed: "a pin needs can_edit_messages in a channel, can_pin_messages in a group, and posts a service message",
        At("td/DialogManager.cpp can_pin_messages");
    PinNoticeTakesId: "the service message of a pin takes an id", NotVerified,
        flipped: "a pin leaves no message";
    PinNoticeSent: "the bot's own pin notice comes as an update", At("bot-api/Client.cpp need_skip_update_message");

    // Forwards and copies
    ForwardSourceFirst: "forwardMessage and copyMessage look at the source before the target",
        At("bot-api/Client.cpp process_forward_message_query"),
        flipped: "the target is looked at first";
    ProbeToNowhere: "forwardMessage to an empty chat_id is «chat_id is empty» for what is there, «message to forward not found» for the rest",
        NotVerified,
        flipped: "it is «message to forward not found» whatever is there";
    ForwardSourceFound: "«message to forward|copy not found», whatever the fetch said",
        At("bot-api/Client.cpp TdOnCheckMessageCallback");
    ForwardManySkipsMissing: "forwardMessages and copyMessages skip what they can't fetch; with nothing left «there are no messages to forward»",
        At("bot-api/Client.cpp TdOnCheckMessagesCallback, td/MessagesManager.cpp get_forwarded_messages");
    ForwardIdsAscend: "ids are 1 to 100, in strictly increasing order", At("td/MessagesManager.cpp get_forwarded_messages");
    ForwardProtected: "a protected chat is «message has protected content and can't be forwarded»; a protected message «the message can't be forwarded»",
        At("td/MessagesManager.cpp get_forwarded_messages, can_forward_message");
    ForwardServiceRefused: "service messages are «the message can't be forwarded|copied»",
        At("td/MessagesManager.cpp forward_message");
    ForwardOrigin: "a forward of a channel's post names channel, id, date and signature", At("bot-api/Client.cpp JsonMessageOrigin");
    ForwardDropsKeyboard: "a forward carries no callback buttons", NotVerified,
        flipped: "it carries them";

    // Updates
    UpdatesOffset: "offset forgets all updates below it; a negative one keeps the last few; one far ahead counts as none",
        At("bot-api/Client.cpp do_get_updates, td/db/TQueue.cpp");
    UpdatesConflict: "the older of two waiting polls fails with 409", At("bot-api/Client.cpp abort_long_poll");
    UpdatesAllowed: "allowed_updates stays until another list comes; chat_member and reactions must be asked for",
        At("bot-api/Client.cpp update_allowed_update_types");
    UpdatesKeptADay: "updates are kept for 24 hours", At("doc getting updates");
    UpdateOwnPostsSkipped: "a bot gets no update for what it sent itself, nor when a person edits that", At("bot-api/Client.cpp need_skip_update_message");
    UpdatesHandPosts: "what a person posts into the channel comes as channel_post", At("doc Update");
    CallbackAnswerDeadline: "answering a press too late or twice is «query is too old and response timeout expired or query ID is invalid»",
        NotVerified,
        flipped: "every press is too old at once: no answer ever arrives";
    CallbackTextSize: "an answer's text is at most 200 letters: MESSAGE_TOO_LONG", At("doc answerCallbackQuery; the error text: NV");

    // Files
    PhotoChecked: "a photo over 10 MB, over 10000 in width and height together, or longer than 20 to 1 is refused: PHOTO_INVALID_DIMENSIONS",
        At("doc sendPhoto; the error texts: NV");
    PhotoDecoded: "bytes that are no picture are IMAGE_PROCESS_FAILED", At("teloxide-core errors.rs ImageProcessFailed");
    FileFound: "an unknown file_id is «invalid file_id» to getFile and «wrong file identifier/HTTP URL specified» to a send; an empty file is refused",
        At("bot-api/Client.cpp check_remote_file_id, td/MessagesManager.cpp MEDIA_EMPTY, td/files/FileLoaderUtils.cpp");
    FileForgottenAsUnknown: "a send by a file_id that was good once, and that the server knows no more, is refused in the words of an unknown one",
        NotVerified,
        flipped: "it is «FILE_REFERENCE_EXPIRED»";
    WebpIsAPhoto: "sendPhoto takes a picture in WebP for a photo like any other",
        NotVerified,
        flipped: "it is IMAGE_PROCESS_FAILED, like bytes that are no picture";
    FileTooBig: "files over 20 MB can't be fetched: «file is too big»", At("doc getFile");

    // Commands
    CommandsChecked: "commands are 1–32 of a-z 0-9 _, at most 100, descriptions 1–256: BOT_COMMAND_INVALID and others",
        At("doc BotCommand; the error texts: NV");
    ScopesKnown: "a scope of unknown type is refused", At("bot-api/Client.cpp get_bot_command_scope");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_where_it_comes_from() {
        for rule in RULES {
            assert!(rule.does.len() > 10, "{} says too little", rule.name);
            if let At(place) = rule.source {
                assert!(!place.trim().is_empty(), "{} has an empty source", rule.name);
            }
        }
    }

    #[test]
    fn every_rule_is_kept_somewhere_in_the_code() {
        let mut sources = crate::sandbox::tests::sources();
        sources.retain(|(path, _)| {
            !path.ends_with("rules.rs") && !path.components().any(|part| part.as_os_str() == "tests")
        });
        let code: String = sources.into_iter().map(|(_, code)| code).collect();
        let is_named = |rule: &&Rule| {
            let named = format!("RuleId::{}", rule.name);
            code.split(&named).skip(1).any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        };
        let unkept: Vec<_> = RULES.iter().filter(|rule| !is_named(rule)).map(|rule| rule.name).collect();
        assert!(unkept.is_empty(), "nothing in the code keeps {unkept:?}");
    }

    #[test]
    fn rules_have_names_of_their_own() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.windows(2).all(|pair| pair[0].id < pair[1].id));
    }

    #[test]
    fn what_is_assumed_stands_among_the_assumptions() {
        let once = include_str!("../../docs/once.md");
        for rule in RULES {
            if let Assumed(words) = rule.source {
                assert!(
                    once.contains(&format!("| {words}")),
                    "{} rests on what docs/once.md does not say",
                    rule.name
                );
            }
        }
    }

    /// What nobody could verify may be otherwise, so what leans on it is tried with its other side.
    #[test]
    fn every_row_that_nobody_verified_can_be_flipped() {
        let stuck = RULES.iter().filter(|rule| rule.source == NotVerified && rule.flipped.is_none());
        assert_eq!(stuck.map(|rule| rule.name).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    /// A row that can be flipped is asked about where it is kept: else its other side would never be played.
    #[test]
    fn the_other_side_of_every_flip_is_played() {
        let mut sources = crate::sandbox::tests::sources();
        sources.retain(|(path, _)| !path.components().any(|part| part.as_os_str() == "tests"));
        let code: String = sources.into_iter().map(|(_, code)| code).collect();
        let is_played = |rule: &&Rule| code.contains(&format!("has(RuleId::{})", rule.name));
        let unplayed = RULES.iter().filter(|rule| rule.flipped.is_some() && !is_played(rule));
        assert_eq!(unplayed.map(|rule| rule.name).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn only_what_has_another_side_can_be_flipped() {
        let mut flips = Flips::default();
        assert!(flips.flip(RuleId::ForwardSourceFirst) && flips.has(RuleId::ForwardSourceFirst));
        assert!(!flips.flip(RuleId::TextCleaned) && !flips.has(RuleId::TextCleaned));
    }
}
