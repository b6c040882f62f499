//! Calls to Telegram: the newsroom's effects carried out, each with the outcome that it proved to have.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use teloxide::net::Download as _;
use teloxide::payloads::{
    AnswerCallbackQuerySetters as _, EditMessageTextSetters as _, SendMessageSetters as _,
};
use teloxide::requests::Requester as _;
use teloxide::types as tg;
use teloxide::{Bot, RequestError};
use tokio::time::Instant;

use super::answer::ask;
use super::time::Hints;
use super::way::Way;
use super::{Token, convert, outcome};
use crate::config::Proxy;
use crate::ids::{ChatId, MessageId};
use crate::newsroom::{Content, Delivery, FetchError, Outcome, Whose};
use crate::post::Post;
use crate::words;

/// How long one ordinary request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The same for one that carries a picture's bytes: ten megabytes over a poor line.
const FILE_TIMEOUT: Duration = Duration::from_secs(120);

/// Why Telegram can't be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum TelegramError {
    /// The address is none, or the network can't be set up at all.
    #[error("can't set up the connection to Telegram: {0}")]
    SetUp(String),
    /// Telegram does not know the token.
    #[error(
        "Telegram does not accept the token ({0}): ask @BotFather for the present one and put it into \
         TELOXIDE_TOKEN or the file that telegram.token_file names"
    )]
    Token(String),
    /// Telegram wants us to wait.
    #[error("Telegram wants us to wait for {0} s")]
    Wait(u32),
    /// Anything else, perhaps passing.
    #[error("Telegram can't be reached: {0}; where it is blocked, name a proxy in telegram.proxy")]
    Unreachable(String),
    /// Telegram says no to this one question.
    #[error("Telegram refuses: {0}")]
    Refused(String),
}

/// The connection to Telegram.
#[derive(Clone)]
pub struct Telegram {
    /// For posts: never on a connection that may have gone stale, since a break after writing proves nothing.
    pub(super) publisher: Bot,
    /// For what carries bytes of files: as patient as they need, and as careful as the publisher.
    pub(super) files: Bot,
    /// For everything else.
    desk: Bot,
    /// What our messages say of Telegram's time.
    hints: Arc<Hints>,
    /// Through what both go.
    way: Way,
    /// Held by the one who uses the looking chat.
    pub(super) one_look: Arc<tokio::sync::Mutex<()>>,
}

// teloxide's `Bot` prints its token.
impl std::fmt::Debug for Telegram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telegram").finish_non_exhaustive()
    }
}

impl Telegram {
    /// Sets up the connection; nothing is sent yet. Without a `proxy` the environment's counts, but never for a server
    /// on this very machine.
    ///
    /// # Errors
    /// The address is none, or the system has no trusted certificates and the like.
    pub fn new(token: &Token, api_url: &url::Url, proxy: Option<&Proxy>) -> Result<Self, TelegramError> {
        let way =
            Way::to(api_url, proxy, |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        let set_up = |error: reqwest::Error| TelegramError::SetUp(error.without_url().to_string());
        let builder = |timeout| {
            let builder = teloxide::net::default_reqwest_settings()
                .timeout(timeout)
                // A redirected post would be asked for again by GET: what came of the first is unknown then.
                .redirect(reqwest::redirect::Policy::none());
            way.set(builder).map_err(set_up)
        };
        let bot = |client| Bot::with_client(token.expose(), client).set_api_url(api_url.clone());
        Ok(Self {
            publisher: bot(builder(REQUEST_TIMEOUT)?.pool_max_idle_per_host(0).build().map_err(set_up)?),
            files: bot(builder(FILE_TIMEOUT)?.pool_max_idle_per_host(0).build().map_err(set_up)?),
            desk: bot(builder(REQUEST_TIMEOUT)?.build().map_err(set_up)?),
            hints: Arc::default(),
            way: way.clone(),
            one_look: Arc::default(),
        })
    }

    pub(super) fn hints(&self) -> &Arc<Hints> {
        &self.hints
    }

    pub(super) fn desk(&self) -> &Bot {
        &self.desk
    }

    /// What an error of an ordinary question means.
    pub(super) fn trouble(&self, error: &RequestError) -> TelegramError {
        self.way.trouble(error).map_or_else(|| trouble(error), TelegramError::Unreachable)
    }

    /// Who we are: our number and our @username without the @.
    ///
    /// # Errors
    /// The token is not accepted, or Telegram can't be reached.
    pub async fn who_am_i(&self) -> Result<(u64, String), TelegramError> {
        let me = ask(&self.desk, self.desk.get_me()).await.map_err(|error| self.trouble(&error))?;
        Ok((me.id.0, me.username().to_owned()))
    }

    /// The number of a channel known by its @username.
    ///
    /// # Errors
    /// There is no such channel, the token is not accepted, or Telegram can't be reached.
    pub async fn resolve(&self, username: &str) -> Result<ChatId, TelegramError> {
        let chat = tg::Recipient::ChannelUsername(format!("@{username}"));
        let chat = ask(&self.desk, self.desk.get_chat(chat)).await.map_err(|error| self.trouble(&error))?;
        Ok(ChatId(chat.id.0))
    }

    /// Takes a webhook of an earlier life away, which keeps updates from being polled; nothing that waits is dropped.
    pub(super) async fn delete_webhook(&self) {
        match ask(&self.desk, self.desk.delete_webhook()).await {
            Ok(_) => log::warn!(target: "telegram", "a webhook kept updates from coming: taken away"),
            Err(error) => {
                log::warn!(target: "telegram", "a webhook keeps updates from coming and can't be taken away: {}", self.trouble(&error));
            }
        }
    }

    /// Sends a sealed post.
    pub async fn publish(&self, post: &Post) -> Outcome {
        let Ok(entities) = convert::entities(&post.entities) else {
            return Outcome::Refused {
                whose: Whose::Post,
                why: "Bad Request: a link is no address".to_owned(),
            };
        };
        let mut request =
            self.publisher.send_message(tg::ChatId(post.chat_id.0), &post.text).entities(entities);
        if let Some(preview) = convert::preview(post.preview) {
            request = request.link_preview_options(preview);
        }
        if post.silent {
            request = request.disable_notification(true);
        }
        crate::die_at!("publish-before-send");
        let begun = Instant::now();
        let answer = ask(&self.publisher, request).await;
        crate::die_at!("publish-after-send");
        self.hints.sent(begun, &answer);
        outcome::of_post(&answer, post.chat_id)
    }

    /// Sends or changes a message of the desk.
    pub async fn tell(
        &self,
        chat: ChatId,
        edit: Option<MessageId>,
        reply_to: Option<MessageId>,
        content: &Content,
    ) -> Delivery {
        let to = chat;
        let chat = tg::ChatId(chat.0);
        let (text, entities, keyboard, preview) = match content {
            Content::Words { text, buttons } => {
                let no_preview = convert::preview(crate::post::Preview::Off);
                let keyboard = convert::keyboard(buttons).map(tg::ReplyMarkup::InlineKeyboard);
                (text, Vec::new(), keyboard, no_preview)
            }
            Content::Keyboard { text, keys } => {
                let no_preview = convert::preview(crate::post::Preview::Off);
                (text, Vec::new(), Some(convert::reply_keyboard(keys)), no_preview)
            }
            // Its picture is sent by a way of its own.
            Content::Post(post) | Content::Photo { post, .. } => match convert::entities(&post.entities) {
                Ok(entities) => (&post.text, entities, None, convert::preview(post.preview)),
                Err(error) => {
                    return Delivery::Refused { why: error.to_string() };
                }
            },
            Content::Rich { rich, buttons } => match convert::entities(&rich.entities) {
                Ok(entities) => {
                    let no_preview = convert::preview(crate::post::Preview::Off);
                    let keyboard = convert::keyboard(buttons).map(tg::ReplyMarkup::InlineKeyboard);
                    (&rich.text, entities, keyboard, no_preview)
                }
                Err(error) => {
                    return Delivery::Refused { why: error.to_string() };
                }
            },
        };
        let answer = if let Some(message_id) = edit {
            let mut request = self.desk.edit_message_text(chat, tg::MessageId(message_id.0), text);
            request = request.entities(entities);
            if let Some(preview) = preview {
                request = request.link_preview_options(preview);
            }
            // Other keyboards can't be put under what stands already.
            if let Some(tg::ReplyMarkup::InlineKeyboard(keyboard)) = keyboard {
                request = request.reply_markup(keyboard);
            }
            ask(&self.desk, request).await
        } else {
            let mut request = self.desk.send_message(chat, text).entities(entities);
            if let Some(preview) = preview {
                request = request.link_preview_options(preview);
            }
            if let Some(reply_to) = reply_to {
                let reply = tg::ReplyParameters::new(tg::MessageId(reply_to.0));
                request = request.reply_parameters(reply.allow_sending_without_reply());
            }
            if let Some(keyboard) = keyboard {
                request = request.reply_markup(keyboard);
            }
            let begun = Instant::now();
            let answer = ask(&self.desk, request).await;
            self.hints.sent(begun, &answer);
            answer
        };
        outcome::of_message(&answer, to, edit)
    }

    /// Answers a press. Nobody waits for the outcome: the card shows what happened.
    pub async fn answer(&self, id: &str, text: &str, alert: bool) {
        let text = words::within_one_answer(text);
        let query = tg::CallbackQueryId(id.to_owned());
        let request = self.desk.answer_callback_query(query).text(text).show_alert(alert);
        if let Err(error) = ask(&self.desk, request).await {
            log::debug!(target: "desk", "a press could not be answered: {}", self.trouble(&error));
        }
    }

    /// Fetches a file of at most so many bytes.
    ///
    /// # Errors
    /// It is too large, gone, or can't be had now.
    pub async fn fetch(&self, file_id: &str, bytes_max: u64) -> Result<Vec<u8>, FetchError> {
        let later = |error: &dyn std::fmt::Display| FetchError::Later(error.to_string());
        let file = match ask(&self.desk, self.desk.get_file(tg::FileId(file_id.to_owned()))).await {
            Ok(file) => file,
            Err(RequestError::Api(error)) => {
                let text = outcome::api_text(&error);
                let lasting = text.starts_with("Bad Request") && !text.contains("Bad Gateway");
                return Err(if lasting { FetchError::Gone(text) } else { FetchError::Later(text) });
            }
            Err(error) => return Err(later(&error)),
        };
        let mut bytes = Vec::new();
        let mut chunks = std::pin::pin!(self.files.download_file_stream(&file.path));
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| match error.status() {
                Some(status) if status.is_client_error() => FetchError::Gone(status.to_string()),
                _ => later(&error.without_url()),
            })?;
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > bytes_max {
                return Err(FetchError::TooLarge);
            }
        }
        Ok(bytes)
    }
}

fn trouble(error: &RequestError) -> TelegramError {
    match error {
        RequestError::Api(error) => {
            let text = outcome::api_text(error);
            if outcome::is_about_the_token(&text) {
                TelegramError::Token(text)
            } else if text.starts_with("Bad Request") || text.starts_with("Forbidden") {
                TelegramError::Refused(text)
            } else {
                TelegramError::Unreachable(text)
            }
        }
        RequestError::RetryAfter(seconds) => TelegramError::Wait(seconds.seconds()),
        RequestError::Network(error) => TelegramError::Unreachable(outcome::network(error)),
        other => TelegramError::Unreachable(other.to_string()),
    }
}

/// Whether an address is on this very machine.
#[must_use]
pub fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
