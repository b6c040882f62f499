//! A lane: episode after episode, each in a sandbox and a directory of its own.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use vestnik::sandbox::{Fault, Limits, RULES, RuleId, Sandbox, SandboxOptions};
use vestnik::store::{self, Unsynced};

use crate::draw::Draw;
use crate::journal::Journal;
use crate::kills::Plan;
use crate::ledger;
use crate::player::Player;
use crate::tally::Tally;
use crate::{AS_BOT, Arguments};

pub(crate) const EDITOR: i64 = 101;
pub(crate) const NEWS: i64 = -1_001_000_000_001;
pub(crate) const LAST: i64 = -1_001_000_000_002;
pub(crate) const SPORT: i64 = -1_001_000_000_003;
/// The private channel in which a bot looks that looks by itself.
const LOOKING_CHAT: i64 = -1_001_000_000_090;
pub(crate) const CHANNELS: [(i64, &str); 3] = [(NEWS, "Новости"), (LAST, "Лента"), (SPORT, "Спорт")];

/// Between two looks of the editor.
const BEAT: Duration = Duration::from_millis(15);
/// A run that has not met its point by then is killed.
const RUN_MAX: Duration = Duration::from_secs(4);
/// How long the calm end of an episode may take.
const CALM_MAX: Duration = Duration::from_secs(90);
/// How long everything must have been done before the comparison: longer than a post can be late.
const CALM_MIN: Duration = Duration::from_millis(1500);
/// Half the settling time of the bot: no post is late by more.
const LATE_MAX_S: u64 = 30;
/// The methods that put posts into channels.
const POSTING: [&str; 2] = ["sendMessage", "sendPhoto"];
/// Those that amend them.
const AMENDING: [&str; 3] = ["editMessageText", "editMessageCaption", "deleteMessage"];
/// No more ids in a row are missing: twenty of them are taken for the channel's end.
const HOLE_MAX: i32 = 15;
/// So many runs in a row that end by themselves are no accident.
const LEFT_MAX: u32 = 25;

/// One of the bots side by side.
pub(crate) struct Lane {
    number: u64,
    arguments: Arguments,
    tally: Arc<Tally>,
}

impl Lane {
    pub(crate) fn new(number: u64, arguments: Arguments, tally: Arc<Tally>) -> Self {
        Self { number, arguments, tally }
    }

    /// Lives through episodes until all kills are done.
    pub(crate) async fn live(self) -> anyhow::Result<()> {
        let mut number = 0;
        while self.is_wanted() {
            let draw = Draw::of(self.arguments.seed, self.number, number);
            let mut episode = Episode::begin(&self, draw).await?;
            let lived = episode.live(&self).await;
            let is_sound = episode.end(&format!("lane-{}-episode-{number}", self.number), &lived).await?;
            lived?;
            if !is_sound && self.arguments.sabotage.is_some() {
                break;
            }
            number += 1;
        }
        Ok(())
    }

    fn is_wanted(&self) -> bool {
        let counts = self.tally.counts();
        let is_caught = self.arguments.sabotage.is_some() && counts.lost + counts.doubled > 0;
        counts.taken < self.arguments.kills && !is_caught
    }
}

/// A sandbox, a data directory and some fifty kills.
struct Episode {
    directory: TempDir,
    sandbox: Sandbox,
    player: Player,
    journal: Journal,
    draw: Draw,
    tally: Arc<Tally>,
    arguments: Arguments,
    began: DateTime<Utc>,
    files: u32,
    /// The hole behind each channel's last message.
    holes: BTreeMap<(i64, Option<i32>), i32>,
}

impl Episode {
    async fn begin(lane: &Lane, mut draw: Draw) -> anyhow::Result<Self> {
        // Not before the machine's own time: the command line goes by that where no bot runs.
        let options = SandboxOptions { now: Utc::now(), ..SandboxOptions::default() };
        let sandbox = Sandbox::start(options).await.context("can't start a sandbox")?;
        for name in &lane.arguments.flip {
            let rule = RULES.iter().find(|rule| rule.name == name.as_str());
            let is_flipped = rule.is_some_and(|rule| sandbox.flip(rule.id));
            if rule.is_some_and(|rule| rule.id == RuleId::TooFastSlides) {
                // Without limits there is nothing to count.
                sandbox.set_limits(Some(Limits::default()));
            }
            anyhow::ensure!(is_flipped, "the sandbox has no rule {name} that can be flipped");
        }
        for (channel, name) in CHANNELS {
            sandbox.add_channel(channel, name, None);
        }
        sandbox.add_channel(LOOKING_CHAT, "Смотровая", None);
        // A living channel, mostly: one in which the bot knows no post yet leaves it nothing to go by but the editor.
        if draw.percent(90) {
            for (channel, name) in CHANNELS {
                sandbox.post_by_hand(channel, &format!("Здесь будут новости: {name}"));
            }
        }
        let lies = lane.arguments.sabotage.as_deref() == Some("editor");
        let mut player = Player::new(sandbox.clone(), lane.tally.clone(), lies);
        if lane.arguments.sabotage.as_deref() == Some("floor") {
            // What only the floor tells apart must be there to be mistaken.
            player.twins_percent = 60;
        }
        sandbox.set_rate(lane.arguments.rate);
        let directory = tempfile::Builder::new().prefix("torture-").tempdir()?;
        std::fs::write(directory.path().join("bot.toml"), settings(&sandbox.url(), !lane.arguments.asking))?;
        Ok(Self {
            directory,
            began: sandbox.now(),
            sandbox,
            player,
            journal: Journal::default(),
            draw,
            tally: lane.tally.clone(),
            arguments: lane.arguments.clone(),
            files: 0,
            holes: BTreeMap::new(),
        })
    }

    /// The kills, and the calm end.
    async fn live(&mut self, lane: &Lane) -> anyhow::Result<()> {
        let mut left_in_a_row = 0;
        let mut kills = 0;
        while kills < self.arguments.episode && self.tally.take(lane.arguments.kills) {
            loop {
                if self.run_and_die().await? {
                    left_in_a_row = 0;
                    kills += 1;
                    break;
                }
                left_in_a_row += 1;
                anyhow::ensure!(left_in_a_row < LEFT_MAX, "the bot ends by itself again and again");
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        }
        self.calm_down().await
    }

    /// One run; whether it was killed.
    async fn run_and_die(&mut self) -> anyhow::Result<bool> {
        let hits = self.tally.counts().by_point.clone();
        let plan = Plan::drawn(&mut self.draw, !self.arguments.asking, self.player.is_amending(), &hits);
        let mut failpoints: Vec<String> = plan.failpoint().into_iter().collect();
        failpoints.extend(self.trouble_with_disk());
        self.plan_faults();
        let mut bot = self.start(&failpoints)?;
        let began = Instant::now();
        let first_call = self.last_post();
        let mut doomed: Option<Instant> = match plan {
            Plan::AfterMs(ms) => Some(began + Duration::from_millis(ms)),
            _ => None,
        };
        let offline =
            self.draw.percent(5).then(|| began + Duration::from_millis(self.draw.between(100, 900)));
        let online = offline.map(|at| at + Duration::from_millis(self.draw.between(50, 400)));
        let (mut is_offline, mut was_offline) = (false, false);
        let end = loop {
            self.act(true).await;
            self.strange_things();
            self.make_room(5);
            let now = Instant::now();
            if let Plan::AfterPostMs(ms) = plan
                && doomed.is_none()
                && self.last_post() > first_call
            {
                doomed = Some(now + Duration::from_millis(ms));
            }
            if offline.is_some_and(|at| at <= now) && !was_offline {
                self.tally.fault("refused connections");
                self.sandbox.offline().await;
                (is_offline, was_offline) = (true, true);
            }
            if online.is_some_and(|at| at <= now) && is_offline {
                self.sandbox.online().await;
                is_offline = false;
            }
            if let Some(end) = bot.try_wait()? {
                break end;
            }
            if doomed.is_some_and(|at| at <= now) || now > began + RUN_MAX {
                bot.start_kill()?;
                break bot.wait().await?;
            }
            let beat = doomed.map_or(BEAT, |at| BEAT.min(at.saturating_duration_since(now)));
            // An end is noticed at once: what follows it is to be no slower than a service manager.
            if let Ok(end) = tokio::time::timeout(beat, bot.wait()).await {
                break end?;
            }
        };
        if is_offline {
            self.sandbox.online().await;
        }
        self.has_ended(end, plan)
    }

    /// Every other death is that of the whole machine: what the bot had not synced is gone, or worse.
    fn power_cut(&mut self) -> anyhow::Result<()> {
        let is_cut = self.draw.percent(50) || self.is_sabotaged("fsync");
        let left = [Unsynced::Dropped, Unsynced::Zeros, Unsynced::Half, Unsynced::Noise];
        let left =
            self.draw.one_of(&left).filter(|_| !self.is_sabotaged("fsync")).unwrap_or(Unsynced::Dropped);
        // The command line may have taken the journal over already.
        if !is_cut || self.player.is_adding() {
            return Ok(());
        }
        match store::power_cut(&self.data(), left) {
            Ok(0) => Ok(()),
            Ok(_) => {
                self.tally.fault("power cut with lines not synced");
                Ok(())
            }
            // Nothing was synced so far.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error).context("can't cut the power"),
        }
    }

    fn is_sabotaged(&self, name: &str) -> bool {
        self.arguments.sabotage.as_deref() == Some(name)
    }

    /// Counts a run's end; whether it was killed.
    fn has_ended(&mut self, end: ExitStatus, plan: Plan) -> anyhow::Result<bool> {
        const ABORTED: i32 = 6;
        let Some(signal) = end.signal() else {
            *self.tally.counts().left.entry(end.code().unwrap_or_default()).or_default() += 1;
            return Ok(false);
        };
        self.power_cut()?;
        self.journal.read_on(&store::journal_path(&self.data()), &self.tally)?;
        let point = match (signal, plan) {
            (ABORTED, Plan::At { point, .. }) => point,
            (_, Plan::At { .. }) => "kill -9, point not met",
            (_, Plan::AfterMs(_)) => "kill -9 at any moment",
            (_, Plan::AfterPostMs(_)) => "kill -9 after a request",
        };
        let mut counts = self.tally.counts();
        counts.kills += 1;
        counts.with_claim += u64::from(self.journal.doubts() > 0);
        *counts.by_state.entry(self.journal.state()).or_default() += 1;
        *counts.by_point.entry(point.to_owned()).or_default() += 1;
        Ok(true)
    }

    /// Everything works again: waits until nothing is left to happen, and for a while more, across another restart.
    async fn calm_down(&mut self) -> anyhow::Result<()> {
        self.sandbox.faults().clear();
        self.make_room(100);
        self.sandbox.online().await;
        for (channel, _) in CHANNELS {
            self.sandbox.set_unfetchable(channel, false);
        }
        let began = Instant::now();
        for _ in 0..2 {
            let mut bot = self.start(&[])?;
            let mut done_since: Option<Instant> = None;
            while done_since.is_none_or(|since| since.elapsed() < CALM_MIN) && began.elapsed() < CALM_MAX {
                self.act(false).await;
                tokio::time::sleep(BEAT).await;
                match self.player.is_done() {
                    true => _ = done_since.get_or_insert_with(Instant::now),
                    false => done_since = None,
                }
                if let Some(end) = bot.try_wait()? {
                    *self.tally.counts().left.entry(end.code().unwrap_or(-1)).or_default() += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    bot = self.start(&[])?;
                }
            }
            bot.start_kill()?;
            bot.wait().await?;
            self.journal.read_on(&store::journal_path(&self.data()), &self.tally)?;
        }
        self.act(false).await;
        Ok(())
    }

    /// Compares and clears up; whether all is as it should be.
    async fn end(mut self, name: &str, lived: &anyhow::Result<()>) -> anyhow::Result<bool> {
        if lived.is_ok() {
            self.player.ends();
        }
        let verdict = self.sandbox.look(|world| ledger::compare(&self.player.entries, world));
        {
            let mut counts = self.tally.counts();
            counts.episodes += 1;
            counts.posts += verdict.posts;
            counts.pictures += verdict.pictures;
            // What broke in the middle is no verdict on the posts: it is told as what it is.
            if lived.is_ok() {
                counts.lost += verdict.lost;
                counts.doubled += verdict.doubled;
            }
            counts.clock_s +=
                u64::try_from((self.sandbox.now() - self.began).num_seconds()).unwrap_or_default();
        }
        let is_sound = lived.is_ok() && verdict.lost + verdict.doubled == 0;
        if !is_sound || self.arguments.keep {
            let at = self.directory.path();
            std::fs::write(at.join("sandbox.txt"), self.sandbox.dump())?;
            let calls = self.sandbox.calls();
            let calls: Vec<String> = calls.iter().map(|call| format!("{call:?}")).collect();
            std::fs::write(at.join("calls.txt"), calls.join("\n"))?;
            std::fs::write(at.join("ledger.txt"), self.player.told())?;
            let words = verdict.words.join("\n  ");
            let kept = format!("{name} in {}\n  {words}", self.directory.keep().display());
            if !is_sound {
                println!("wrong: {kept}");
            }
            self.tally.counts().kept.push(kept);
        }
        self.sandbox.stop();
        Ok(is_sound)
    }

    async fn act(&mut self, goes_on: bool) {
        self.files += 1;
        let file = self.directory.path().join(format!("article-{}.txt", self.files));
        let mut command = program(self.directory.path(), &self.sandbox);
        command.args(["add", "--config", "bot.toml"]).stdout(Stdio::null()).stderr(Stdio::null());
        self.player.act(&mut self.draw, goes_on, || (command, file)).await;
    }

    fn start(&self, failpoints: &[String]) -> anyhow::Result<Child> {
        let log = OpenOptions::new().create(true).append(true).open(self.directory.path().join("bot.log"))?;
        let mut failpoints = failpoints.to_vec();
        let sabotage = self.arguments.sabotage.iter().filter(|name| *name != "editor");
        failpoints.extend(sabotage.map(|name| format!("sabotage-{name}=return")));
        if self.is_sabotaged("fsync") {
            // Were no line ever synced, nothing would outlive a single death.
            failpoints.push("journal-skips-sync=30%return".to_owned());
        }
        let mut command = program(self.directory.path(), &self.sandbox);
        command.args(["run", "--config", "bot.toml"]).env("FAILPOINTS", failpoints.join(";"));
        command.stdout(Stdio::from(log.try_clone()?)).stderr(Stdio::from(log));
        command.spawn().context("can't start the bot")
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// The number of the bot's last call for a post.
    fn last_post(&self) -> u64 {
        let is_post = |chat: &str| CHANNELS.iter().any(|(id, _)| id.to_string() == chat);
        self.sandbox.look(|world| {
            let last = |method| {
                let mut calls = world.calls_of(method).rev();
                calls.find(|call| call.params["chat_id"].as_str().is_some_and(is_post))
            };
            POSTING.iter().filter_map(|method| last(method)).map(|call| call.number).max().unwrap_or_default()
        })
    }

    /// A disk that is full, or fails to sync, for some lines.
    fn trouble_with_disk(&mut self) -> Option<String> {
        let (passed, times) = (self.draw.between(1, 12), self.draw.between(1, 2));
        let (name, points) = match self.draw.below(100) {
            0..5 => ("disk full", format!("journal-disk-full={passed}*off->{times}*return")),
            5..8 => ("failed fsync", format!("journal-sync-fails={passed}*off->{times}*return")),
            8..11 => (
                "failed fsync and failed mending",
                format!("journal-sync-fails={passed}*off->1*return;journal-mend-fails={times}*return"),
            ),
            11..21 => {
                let claims = self.draw.below(2);
                let fills =
                    if claims == 0 { "1*return".to_owned() } else { format!("{claims}*off->1*return") };
                ("disk that fills at a claim", format!("disk-has-a-size=return;disk-fills-at-claim={fills}"))
            }
            _ => return None,
        };
        self.tally.fault(name);
        Some(points)
    }

    /// Somebody makes room on a disk that a claim has filled: `so_soon` times in a hundred.
    fn make_room(&mut self, so_soon: u64) {
        let size = self.data().join("disk.size");
        if size.exists() && self.draw.percent(so_soon) && std::fs::remove_file(&size).is_ok() {
            self.tally.fault("room made on the disk");
        }
    }

    /// What will go wrong with requests in the coming run.
    fn plan_faults(&mut self) {
        self.sandbox.faults().clear();
        for (channel, _) in CHANNELS {
            for method in POSTING.into_iter().chain(POSTING) {
                if self.draw.percent(25) {
                    let (name, fault) = fault(&mut self.draw, true);
                    self.tally.fault(name);
                    self.sandbox.faults().method(method).in_chat(channel).next(1, fault);
                }
            }
        }
        for (channel, _) in CHANNELS {
            for method in AMENDING.into_iter().filter(|_| self.player.is_amending()) {
                if self.draw.percent(25) {
                    let (name, fault) = fault(&mut self.draw, true);
                    self.tally.fault(name);
                    self.sandbox.faults().method(method).in_chat(channel).next(1, fault);
                }
            }
        }
        const OTHERS: [&str; 8] = [
            "answerCallbackQuery",
            "editMessageText",
            "getUpdates",
            "sendMessage",
            "sendPhoto",
            "editMessageCaption",
            "getFile",
            "getMe",
        ];
        const LOOKS: [&str; 6] = [
            "forwardMessage",
            "forwardMessages",
            "copyMessages",
            "deleteMessage",
            "deleteMessages",
            "getChat",
        ];
        let looks: &[&str] = if self.arguments.asking { &[] } else { &LOOKS };
        for (methods, chance) in [(&OTHERS[..], 15), (looks, 25)] {
            if !self.draw.percent(chance) {
                continue;
            }
            let Some(method) = self.draw.one_of(methods) else { continue };
            let (name, fault) = fault(&mut self.draw, false);
            self.tally.fault(name);
            let faults = self.sandbox.faults().method(method);
            // What the posts meet was planned above.
            let faults = if POSTING.contains(&method) { faults.in_chat(EDITOR) } else { faults };
            faults.next(1, fault);
        }
    }

    /// What happens in the channels besides.
    fn strange_things(&mut self) {
        let Some((channel, _)) = self.draw.one_of(&CHANNELS) else { return };
        let what = self.draw.below(1000);
        match what {
            0..8 => {
                let hole = i32::try_from(self.draw.between(1, 7)).unwrap_or(1);
                let last = self.sandbox.look(|world| world.chat(channel)?.last().map(|message| message.id));
                let known = self.holes.entry((channel, last)).or_default();
                if *known + hole <= HOLE_MAX {
                    *known += hole;
                    self.tally.fault("hole in the ids");
                    self.sandbox.skip_ids(channel, hole);
                }
            }
            8..16 => {
                self.tally.fault("post by hand");
                let number = self.draw.below(1000);
                self.sandbox.post_by_hand(channel, &format!("Сводка дня {number} на cronos.asia"));
            }
            16..18 | 60..80 if self.is_sabotaged("control") || what < 18 => {
                self.tally.fault("unfetchable for a while");
                self.sandbox.set_unfetchable(channel, true);
            }
            // Without the control only a blindness that outlasts the settling time does harm.
            18..60 if !self.is_sabotaged("control") || what < 21 => {
                self.sandbox.set_unfetchable(channel, false);
            }
            _ => {}
        }
    }
}

/// A fault of the draw's; some only posts can meet.
fn fault(draw: &mut Draw, of_post: bool) -> (&'static str, Fault) {
    let server_error = |done| Fault::ServerError { code: 502, description: "Bad Gateway".to_owned(), done };
    match draw.below(if of_post { 100 } else { 68 }) {
        0..12 => ("cut before", Fault::CutBefore),
        12..28 => ("cut after", Fault::CutAfter),
        28..34 => ("5xx, not done", server_error(false)),
        34..40 => ("5xx, done", server_error(true)),
        40..45 => ("gateway's page, not done", Fault::BadGatewayPage { done: false }),
        45..50 => ("gateway's page, done", Fault::BadGatewayPage { done: true }),
        50..60 => ("garbage", Fault::Garbage),
        60..68 => {
            let retry_after_seconds = u32::try_from(draw.between(1, 20)).unwrap_or(1);
            ("429", Fault::TooManyRequests { retry_after_seconds })
        }
        68..94 => {
            let late = i64::try_from(draw.between(1, LATE_MAX_S)).unwrap_or(1);
            ("late", Fault::Late(TimeDelta::seconds(late)))
        }
        // They last half a minute of real time: a death mostly ends them.
        94..97 => ("hang before", Fault::HangBefore),
        _ => ("hang after", Fault::HangAfter),
    }
}

/// This program as the bot.
fn program(directory: &Path, sandbox: &Sandbox) -> Command {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("torture"));
    let mut command = Command::new(program);
    command
        .env_clear()
        .env(AS_BOT, "1")
        .env("TELOXIDE_TOKEN", sandbox.token())
        .env("RUST_LOG", "info")
        .current_dir(directory)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// The bot's settings.
fn settings(url: &str, looking: bool) -> String {
    let looking_chat = if looking { format!("looking_chat = {LOOKING_CHAT}\n") } else { String::new() };
    let mut text = format!(
        "[telegram]\napi_url = \"{url}\"\n{looking_chat}\n[desk]\neditors = [{{ id = {EDITOR}, name = \"Анна\" }}]\n"
    );
    for (id, name) in CHANNELS {
        let rubrics = if id == SPORT { "rubrics = [\"Спорт\"]\n" } else { "" };
        text.push_str(&format!(
            "\n[[channels]]\nid = {id}\nname = \"{name}\"\n{rubrics}freshness = \"720h\"\ngrace = \"12h\"\nsummary_chars = 600\n\
             hashtags = [\"#новости\", \"#Cronos2026\"]\n\
             footer = '<a href=\"https://example.kz\">Central Asia</a> · cronos.asia · @cronos_desk'\n"
        ));
    }
    text
}
