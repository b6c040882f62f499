//! What goes wrong around the bot: outages, kills, clocks, other people's posts, updates that come again.

use std::collections::BTreeSet;

use vestnik::ids::{ChatId, MessageId};
use vestnik::newsroom::Update;

use super::agenda::Thing;
use super::bot::{Crash, Point};
use super::plan::Fault;
use super::settings::CHANNELS;
use super::{DAY, HOUR, MINUTE, SECOND, Year};

/// How things are outside.
#[derive(Debug, Default)]
pub(crate) struct Weather {
    /// Since when there is no network.
    pub(crate) outage_since: Option<u64>,
    /// How far the machine's clock is ahead of Telegram's, in milliseconds.
    pub(crate) clock_ahead_ms: i64,
    /// When this run last measured Telegram's time.
    pub(crate) measured: Option<u64>,
    /// Channels that the bot may not post to.
    pub(crate) rights_gone: BTreeSet<ChatId>,
    /// The bot dies while its next request to a channel is on its way, and is down for so many milliseconds.
    pub(crate) dies_sending: Option<u64>,
    /// Channels to which a post came out that was answered by a 429.
    pub(crate) flooded: BTreeSet<ChatId>,
}

const TROUBLES: [Fault; 5] = [Fault::Outage, Fault::Kill, Fault::Clock, Fault::Hand, Fault::Again];

impl Year {
    pub(crate) fn begin_weather(&mut self) {
        for fault in TROUBLES {
            if self.plan.has(fault) {
                let first = self.next_trouble(fault);
                self.after(first, Thing::Trouble(fault));
            }
        }
    }

    fn next_trouble(&mut self, fault: Fault) -> u64 {
        let draw = &mut self.draws.weather;
        match fault {
            Fault::Outage => draw.between(12 * HOUR, 10 * DAY),
            Fault::Kill => draw.between(2 * HOUR, 4 * DAY),
            Fault::Clock => draw.between(DAY, 14 * DAY),
            Fault::Hand => draw.between(HOUR, 12 * HOUR),
            _ => draw.between(3 * HOUR, 36 * HOUR),
        }
    }

    pub(crate) fn trouble(&mut self, fault: Fault) -> Result<(), String> {
        if self.is_calm() {
            return Ok(());
        }
        let next = self.next_trouble(fault);
        self.after(next, Thing::Trouble(fault));
        let draw = &mut self.draws.weather;
        match fault {
            Fault::Outage if self.weather.outage_since.is_none() => {
                let lasts =
                    if draw.percent(70) { draw.between(MINUTE, HOUR) } else { draw.between(HOUR, 9 * HOUR) };
                self.weather.outage_since = Some(self.time);
                self.count("outages");
                self.after(lasts, Thing::Over(Fault::Outage));
            }
            Fault::Kill => {
                let down_ms = if draw.percent(85) {
                    draw.between(SECOND, 2 * MINUTE)
                } else {
                    draw.between(HOUR, 12 * HOUR)
                };
                let point = draw.one_of(&[Point::BeforeWrite, Point::HalfWritten, Point::Written]);
                let (at_once, at_claim) = (draw.percent(30), draw.percent(50));
                if draw.percent(40) {
                    self.weather.dies_sending = Some(down_ms);
                    return Ok(());
                }
                match point.filter(|_| !at_once) {
                    Some(point) => self.crash = Some(Crash { point, at_claim, down_ms }),
                    None => self.dies(down_ms),
                }
            }
            Fault::Clock => {
                let sign = if draw.percent(50) { 1 } else { -1 };
                let (by, lasts) = match draw.percent(50) {
                    true => (draw.between(SECOND, 90 * SECOND), DAY),
                    false => (draw.between(3 * MINUTE, 3 * DAY), draw.between(MINUTE, 5 * HOUR)),
                };
                self.weather.clock_ahead_ms = sign * i64::try_from(by).unwrap_or_default();
                self.count("clocks set wrong");
                self.after(lasts, Thing::Over(Fault::Clock));
            }
            Fault::Hand => self.hand(),
            Fault::Again => {
                // Telegram keeps them for a day.
                let lately: Vec<_> =
                    self.handled.iter().filter(|(since, ..)| self.time < since + DAY).cloned().collect();
                for _ in 0..5 {
                    let which = usize::try_from(draw.below(lately.len() as u64)).unwrap_or_default();
                    self.updates.extend(lately.get(which).cloned());
                }
                self.count("updates come again");
                self.after(SECOND, Thing::Poll);
            }
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn is_over(&mut self, fault: Fault) -> Result<(), String> {
        match fault {
            Fault::Outage => {
                self.weather.outage_since = None;
                self.weather.measured = None;
                self.after(SECOND, Thing::Poll);
            }
            Fault::Clock => self.weather.clock_ahead_ms = 0,
            Fault::Refusal => self.weather.rights_gone.clear(),
            _ => {}
        }
        Ok(())
    }

    /// From here on nothing new happens and nothing goes wrong.
    pub(crate) fn calm(&mut self) -> Result<(), String> {
        self.weather.dies_sending = None;
        self.crash = None;
        for fault in [Fault::Outage, Fault::Clock, Fault::Refusal] {
            self.is_over(fault)?;
        }
        self.after(MINUTE, Thing::Start);
        Ok(())
    }

    /// Somebody posts in a channel by hand, or ids pass that nobody sees.
    fn hand(&mut self) {
        if self.draws.amends.percent(25) {
            self.touches();
        }
        let draw = &mut self.draws.hand;
        let channel = draw.one_of(&CHANNELS).unwrap_or(CHANNELS[0]);
        let (holes, notice, kind, number) =
            (draw.below(6), draw.percent(30), draw.below(100), draw.below(100_000));
        self.channels.leave_out(channel, i32::try_from(holes).unwrap_or_default(), notice);
        let text = match kind {
            // Nearly a post of ours: its title, with words of one's own.
            0..4 => {
                let title = self.channels.newest(channel).and_then(|text| text.lines().next());
                format!("{}\nи ещё {number}", title.unwrap_or_default())
            }
            4..70 => format!("Своими руками {number}"),
            _ => return,
        };
        self.posts_by_hand(channel, text);
    }

    pub(crate) fn posts_by_hand(&mut self, channel: ChatId, text: String) {
        let id = self.channels.by_hand(channel, text);
        self.count("posts by hand");
        self.comes(|_| Update::ChannelPost { chat: channel, message_id: MessageId(id) });
    }
}
