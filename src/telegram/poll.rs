//! Updates in: each is confirmed to Telegram only once what it caused is in the journal.

use std::time::Duration;

use teloxide::payloads::GetUpdatesSetters as _;
use teloxide::requests::Requester as _;
use teloxide::types::AllowedUpdate;
use teloxide::{ApiError, RequestError};

use super::answer::ask_for_updates;
use super::{Telegram, TelegramError, convert};
use crate::newsroom::Update;

/// How long Telegram may hold a poll when there is nothing to tell, in seconds.
const POLL_S: u32 = 10;
/// The pause after a failed poll: doubled each time, up to a bound.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// The longest wait that we let Telegram impose before we ask again.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// Why polling ended for good.
#[derive(Debug)]
pub enum PollEnd {
    /// Telegram does not accept the token any more.
    Token(TelegramError),
    /// Another copy of the bot has taken over: polling again would throw it off in turn.
    Replaced,
}

/// Asks for updates until there is no point in asking; `polled` hears of every answer, and `take` says whether an update's
/// effects are on disk.
///
/// An update that `take` refuses is asked for again, after a pause.
pub async fn poll<F>(
    telegram: &Telegram,
    bot: u64,
    polled: impl Fn(),
    mut take: impl FnMut(u32, Update) -> F,
) -> PollEnd
where
    F: Future<Output = bool>,
{
    let mut offset: Option<i32> = None;
    let mut pause = PAUSES.0;
    let mut timeout_s = 0;
    loop {
        let allowed = [
            AllowedUpdate::Message,
            AllowedUpdate::EditedMessage,
            AllowedUpdate::CallbackQuery,
            AllowedUpdate::ChannelPost,
        ];
        let mut request = telegram.desk().get_updates().timeout(timeout_s).allowed_updates(allowed);
        if let Some(offset) = offset {
            request = request.offset(offset);
        }
        let updates = match ask_for_updates(telegram.desk(), request).await {
            Ok(updates) => updates,
            Err(RequestError::Api(ApiError::TerminatedByOtherGetUpdates)) => return PollEnd::Replaced,
            Err(error) => {
                if error.to_string().contains("webhook is active") {
                    telegram.delete_webhook().await;
                }
                match telegram.trouble(&error) {
                    error @ TelegramError::Token(_) => return PollEnd::Token(error),
                    TelegramError::Wait(seconds) => {
                        pause = Duration::from_secs(seconds.into()).clamp(pause, WAIT_MAX);
                    }
                    _ => {}
                }
                log::warn!(target: "telegram", "no updates: {}; again in {pause:?}", telegram.trouble(&error));
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSES.1);
                continue;
            }
        };
        polled();
        pause = PAUSES.0;
        timeout_s = POLL_S;
        for update in updates {
            let id = update.id.0;
            if !take(id, convert::update(update.kind, bot)).await {
                tokio::time::sleep(PAUSES.0).await;
                break;
            }
            offset = Some(i32::try_from(id).map_or(i32::MIN, |id| id.wrapping_add(1)));
        }
    }
}
