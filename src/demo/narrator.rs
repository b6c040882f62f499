//! Tells in the terminal what happens in the chats, as it happens.

use std::collections::BTreeMap;

use chrono_tz::Asia::Almaty;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::sandbox::{Content, Message, Sandbox};

/// A task that prints every new and changed message of two chats.
#[derive(Debug)]
pub(super) struct Narrator {
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl Narrator {
    pub(super) fn start(sandbox: Sandbox, editor: i64, channel: i64, name: &'static str) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            let mut changes = sandbox.changes();
            let mut told: BTreeMap<(i64, i32), String> = BTreeMap::new();
            loop {
                let last_look = stopped.is_cancelled();
                for chat in [editor, channel] {
                    for message in sandbox.messages(chat) {
                        tell(&sandbox, &message, channel, name, &mut told);
                    }
                }
                if last_look {
                    break;
                }
                tokio::select! {
                    _ = changes.changed() => {}
                    () = stopped.cancelled() => {}
                }
            }
        });
        Self { task, stop }
    }

    /// Tells what is left and ends.
    pub(super) async fn finish(self) {
        self.stop.cancel();
        // It only reads and prints: there is nothing that a failure of it could spoil.
        let _ = self.task.await;
    }
}

fn tell(
    sandbox: &Sandbox,
    message: &Message,
    channel: i64,
    name: &str,
    told: &mut BTreeMap<(i64, i32), String>,
) {
    let buttons: String = message.buttons().concat().iter().map(|label| format!(" [{label}]")).collect();
    let shown = format!(
        "{}{}",
        described(message),
        if buttons.is_empty() { buttons } else { format!("\n{}", buttons.trim_start()) }
    );
    let before = told.insert((message.chat, message.id), shown.clone());
    if before.as_ref() == Some(&shown) {
        return;
    }
    let who = match (message.chat == channel, message.is_from_bot, before.is_some()) {
        (true, ..) => "📣 the channel",
        (false, false, _) => name,
        (false, true, false) => "bot",
        (false, true, true) => "bot, the card changes",
    };
    super::tell(&format!("{} {who}", sandbox.now().with_timezone(&Almaty).format("%H:%M")));
    for line in shown.lines() {
        super::tell(&format!("      │ {line}"));
    }
    super::tell("");
}

fn described(message: &Message) -> String {
    match &message.content {
        Content::Document { .. } => format!("📄 a file, with the link in its caption: {}", message.text()),
        _ => message.text().to_owned(),
    }
}
