//! What a person at the machine reads: the views in English, titles and posts as they are.

use std::fmt::Write as _;

use chrono::{DateTime, Offset, TimeZone};

use crate::post::Limit;
use crate::views::{
    Act, After, Article, ChannelQueue, Drafts, Fate, Found, FoundArticle, Happened, History, Hold, Leaving,
    Level, Queue, Status, TrailView, Trouble, When,
};

/// A moment, with the offset of the zone that it is told in.
fn time<Tz: TimeZone>(at: &DateTime<Tz>) -> String {
    at.with_timezone(&at.offset().fix()).format("%Y-%m-%d %H:%M %:z").to_string()
}

pub(super) fn queue(queue: &Queue) -> String {
    let channels: Vec<String> = queue.channels.iter().map(queue_of).collect();
    channels.join("\n")
}

fn queue_of(plan: &ChannelQueue) -> String {
    let mut text = format!("{}:", plan.channel);
    if let Some(why) = &plan.paused {
        let _ = write!(text, "\n  paused, an editor must say that it is mended: {why}");
    }
    if let Some(busy) = &plan.under_way {
        let state = if busy.in_doubt { "under question, the others wait" } else { "being sent" };
        let _ = write!(text, "\n  {state}: №{} {}", busy.article, busy.title);
    }
    for post in &plan.posts {
        let _ = write!(text, "\n  {}  №{} {}", time(&post.leaves), post.article, post.title);
    }
    if plan.posts.is_empty() && plan.more > 0 {
        let _ = write!(text, "\n  {}", none_shown(plan.more, "post"));
        return text;
    }
    if plan.posts.is_empty() && plan.under_way.is_none() {
        text.push_str(" nothing waits");
    }
    and_more(&mut text, plan.more);
    text
}

pub(super) fn drafts(drafts: &Drafts) -> String {
    if drafts.drafts.is_empty() {
        return if drafts.more == 0 { "no drafts".to_owned() } else { none_shown(drafts.more, "draft") };
    }
    let line = |draft: &crate::views::Draft| {
        format!(
            "№{} version {}  {} ({}, {})",
            draft.article,
            draft.version,
            draft.title,
            draft.added_by.name(),
            time(&draft.added_at)
        )
    };
    let mut text = drafts.drafts.iter().map(line).collect::<Vec<_>>().join("\n");
    and_more(&mut text, drafts.more);
    text
}

pub(super) fn history(history: &History) -> String {
    if history.posts.is_empty() && history.more > 0 {
        return none_shown(history.more, "post");
    }
    if history.posts.is_empty() {
        return "nothing has come out yet".to_owned();
    }
    let line = |post: &crate::views::Published| {
        let address = post.address.as_deref().map(|address| format!("  {address}")).unwrap_or_default();
        format!("{}  №{} {} ({}){address}", time(&post.at), post.article, post.title, post.channel)
    };
    let mut text = history.posts.iter().map(line).collect::<Vec<_>>().join("\n");
    and_more(&mut text, history.more);
    text
}

pub(super) fn found(found: &Found) -> String {
    if found.articles.is_empty() && found.more > 0 {
        return none_shown(found.more, "article");
    }
    if found.articles.is_empty() {
        return match &found.but_for {
            Some(but_for) => {
                format!("nothing found; without {:?} there would be {}", but_for.word, but_for.count)
            }
            None => "nothing found".to_owned(),
        };
    }
    let line = |found: &FoundArticle| {
        let fates = found.channels.iter().map(|known| format!("{}: {}", known.channel, fate(&known.fate)));
        let fates: Vec<String> = fates.collect();
        format!("№{} {} ({})", found.article, found.title, fates.join("; "))
    };
    let mut text = found.articles.iter().map(line).collect::<Vec<_>>().join("\n");
    and_more(&mut text, found.more);
    text
}

/// There are some, and none is wanted.
fn none_shown(count: usize, what: &str) -> String {
    format!("{count} {what}{}, none shown (--limit 0)", if count == 1 { "" } else { "s" })
}

fn and_more(text: &mut String, more: usize) {
    if more > 0 {
        let _ = write!(text, "\nand {more} more (--limit)");
    }
}

pub(super) fn article(article: &Article) -> String {
    let draft = &article.draft;
    let mut text = format!(
        "№{} version {}: {}\n{}\nadded by {} on {}",
        draft.article,
        draft.version,
        draft.title,
        draft.link,
        draft.added_by.name(),
        time(&draft.added_at)
    );
    if let Some(rubric) = &draft.rubric {
        let _ = write!(text, "\nrubric: {rubric}");
    }
    if article.other_text_offered {
        text.push_str("\nanother text for this link waits: the editors are asked which one counts");
    }
    if article.channels.is_empty() {
        text.push_str("\nno post yet: its channel's number is known from the bot's first start on");
    }
    for known in &article.channels {
        let _ = write!(text, "\n\n{}: {}", known.place.channel, fate(&known.place.fate));
        let _ = write!(text, "\n\n{}", with_marks(&known.html));
        let limit = if known.picture.is_some() { Limit::Caption } else { Limit::Text };
        let _ = write!(text, "\n\nlength: {} of {}", known.length, limit.units_max());
        if let Some(picture) = &known.picture {
            let _ = write!(text, "\npicture: pictures/{picture}");
        }
    }
    text
}

pub(super) fn trail(trail: &TrailView) -> String {
    let mut text = format!("№{}: {}", trail.article, trail.title);
    for act in &trail.first {
        let _ = write!(text, "\n{}", act_line(act));
    }
    if trail.left_out > 0 {
        let _ = write!(text, "\n… {} more …", trail.left_out);
    }
    for act in &trail.last {
        let _ = write!(text, "\n{}", act_line(act));
    }
    text
}

fn act_line(act: &Act) -> String {
    let by = act.by.as_ref().map(|by| format!(" by {}", by.name())).unwrap_or_default();
    let channel = act.channel.as_ref().map(|channel| format!("{channel}: ")).unwrap_or_default();
    let (what, more) = match &act.what {
        Happened::Came => ("brought in", String::new()),
        Happened::TextReplaced => ("text replaced", String::new()),
        Happened::RubricSet(Some(rubric)) => ("rubric set", format!(": {rubric}")),
        Happened::RubricSet(None) => ("rubric taken away", String::new()),
        Happened::Rendered => ("posts made anew by other settings", String::new()),
        Happened::Offered => ("another text given for its link", String::new()),
        Happened::OfferDeclined => ("the other text declined", String::new()),
        Happened::PictureSet(true) => ("picture set", String::new()),
        Happened::PictureSet(false) => ("picture taken away", String::new()),
        Happened::FirstApproved => ("approved, the first of two", String::new()),
        Happened::Excepted => ("let out in spite of the freeze", String::new()),
        Happened::Approved(when) => ("approved", planned(when)),
        Happened::Moved(when) => ("moved", planned(when)),
        Happened::TakenBack => ("a draft again", String::new()),
        Happened::CancelWished => ("wanted back while it was being sent", String::new()),
        Happened::Rejected => ("rejected", String::new()),
        Happened::Dropped => ("rejected where it was not out", String::new()),
        Happened::Restored => ("restored", String::new()),
        Happened::Sent => ("sent", String::new()),
        Happened::NotTaken(times) => ("not sent", format!(", tries: {times}")),
        Happened::Doubted => ("under question: Telegram's answer was lost", String::new()),
        Happened::LookGivenUp => ("the bot could not look, the editors were asked", String::new()),
        Happened::Absent(true) => ("not in the channel: the bot has looked", String::new()),
        Happened::Absent(false) => ("not in the channel: an editor has looked", String::new()),
        Happened::Published { address, found, .. } => {
            let address = address.as_deref().map(|address| format!(": {address}")).unwrap_or_default();
            let what = match (found, &act.by) {
                (true, _) => "found in the channel",
                (false, Some(_)) => "seen in the channel",
                (false, None) => "published",
            };
            (what, address)
        }
        Happened::Refused(why) => ("refused by Telegram", format!(": {why}")),
        Happened::Retried => ("sent again", String::new()),
        Happened::TextForm(true) => ("may come out as words alone if the picture fails", String::new()),
        Happened::TextForm(false) => ("comes back if the picture fails", String::new()),
        Happened::TextInstead => ("the picture failed: as words alone", String::new()),
        Happened::Mended => ("mended after publication", String::new()),
        Happened::Withdrawn(true) => ("found deleted in the channel", String::new()),
        Happened::Withdrawn(false) => ("withdrawn", String::new()),
        Happened::Undone => ("the last act undone", String::new()),
    };
    format!("{}  {channel}{what}{by}{more}", time(&act.at))
}

fn planned(when: &When) -> String {
    match when {
        When::AtOnce => ", to leave at once".to_owned(),
        When::At(at) => format!(", to leave on {}", time(at)),
        When::Unknown => String::new(),
    }
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Draft { plan: Some(plan) } => format!("draft; if approved, {}", leaving(plan)),
        Fate::Draft { plan: None } => "draft".to_owned(),
        Fate::Approved { by, at, plan, .. } => {
            let plan = plan.as_ref().map(|plan| format!("; {}", leaving(plan))).unwrap_or_default();
            format!("approved by {} on {}{plan}", by.name(), time(at))
        }
        Fate::Sending { by } => format!("being sent (approved by {})", by.name()),
        Fate::InDoubt { by, opens, cancel, looks } => {
            let then = if *cancel { "; a draft again if it did not come out" } else { "" };
            if *looks {
                return format!(
                    "under question (approved by {}): the bot looks into the channel{then}",
                    by.name()
                );
            }
            format!(
                "under question (approved by {}): an editor looks into the channel, from {} on{then}",
                by.name(),
                time(opens)
            )
        }
        Fate::Published { by, at, address, after, .. } => {
            let address = address.as_deref().map(|address| format!(": {address}")).unwrap_or_default();
            let after = after.as_ref().map(since).unwrap_or_default();
            format!("published on {} (approved by {}){after}{address}", time(at), by.name())
        }
        Fate::Refused { why } => format!("refused by Telegram, the editors decide: {why}"),
        Fate::Rejected { by, at } => format!("rejected by {} on {}", by.name(), time(at)),
        Fate::Withdrawn { at, by_hand: true, .. } => {
            format!("withdrawn: found deleted in the channel on {}", time(at))
        }
        Fate::Withdrawn { by, at, .. } => format!("withdrawn by {} on {}", by.name(), time(at)),
    }
}

fn since(after: &After) -> String {
    match after {
        After::Mended { by, at } => format!(", mended by {} on {}", by.name(), time(at)),
        After::UnderWay { by, withdraws: false } => format!(", being mended ({})", by.name()),
        After::UnderWay { by, withdraws: true } => format!(", being withdrawn ({})", by.name()),
        After::Held { withdraws, .. } => {
            let what = if *withdraws { "withdrawn" } else { "mended" };
            format!(", not {what}: the editors decide")
        }
    }
}

fn leaving(plan: &Leaving) -> String {
    match plan.hold {
        Some(Hold::Frozen) => "leaves when the freeze is lifted".to_owned(),
        Some(Hold::Paused) => "leaves when its channel is mended".to_owned(),
        Some(Hold::Question(article)) => format!("leaves when the question about №{article} is settled"),
        None if plan.is_now() => "leaves now".to_owned(),
        None => format!("leaves on {}", time(&plan.at)),
    }
}

pub(super) fn status(status: &Status) -> String {
    let mut text = match (&status.vitals, status.status) {
        (None, _) => "stopped: no bot runs on this data directory".to_owned(),
        (Some(vitals), Level::Degraded) => format!("degraded; running since {}", time(&vitals.started)),
        (Some(vitals), _) => format!("ok; running since {}", time(&vitals.started)),
    };
    for known in &status.troubles {
        let _ = write!(text, "\ntrouble: {}", trouble(*known));
    }
    let _ = write!(text, "\ndrafts: {}", status.drafts);
    for channel in &status.channels {
        let _ = write!(text, "\n{}: {} waiting", channel.channel, channel.waiting);
        if let Some(next) = &channel.next {
            let _ = write!(text, ", next on {}", time(next));
        }
        if let Some(why) = &channel.paused {
            let _ = write!(text, "; paused: {why}");
        }
        if let Some(article) = channel.in_doubt {
            let _ = write!(text, "; №{article} under question");
        }
        for article in &channel.refused {
            let _ = write!(text, "; №{article} refused");
        }
    }
    if let Some(frozen) = &status.frozen {
        let why = if frozen.why.is_empty() { String::new() } else { format!(": {}", frozen.why) };
        let _ = write!(text, "\nfrozen by {} on {}{why}", frozen.by, time(&frozen.at));
    }
    match &status.last_post {
        Some(post) => {
            let _ = write!(text, "\nlast post: №{} on {} ({})", post.article, time(&post.at), post.channel);
        }
        None => text.push_str("\nlast post: none yet"),
    }
    if let Some(vitals) = &status.vitals {
        let poll = vitals.last_poll.as_ref().map_or_else(|| "none yet".to_owned(), time);
        let _ = write!(text, "\nlast poll: {poll}");
        if let Some(bytes) = vitals.disk_free_bytes {
            let _ = write!(text, "\ndisk: {} MB free", bytes / 1024 / 1024);
        }
    }
    text
}

fn trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoPoll => {
            "Telegram has not answered for two minutes, so nothing goes out; look at the log and at the network"
        }
        Trouble::JournalFails => {
            "the journal can't be written, nothing goes out; look at the log and at the disk"
        }
        Trouble::DiskLow => "little room is left on the disk; make some",
        Trouble::ChannelPaused => "a channel refuses posts; mend it and let an editor say so in the chat",
        Trouble::ClockOff => {
            "this machine's clock differs from Telegram's by more than two minutes, so nothing goes out; set it right"
        }
        Trouble::InDoubt => {
            "a post is under question and its channel waits; its card says whether an editor must look"
        }
    }
}

/// The post for a terminal: bold as `**…**`, a link as `[…](…)`.
pub(super) fn with_marks(html: &str) -> String {
    let mut shown = String::new();
    let mut rest = html;
    let mut link = String::new();
    while let Some((before, tag)) = rest.split_once('<') {
        shown.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            break;
        };
        match tag {
            "b" | "/b" => shown.push_str("**"),
            "i" | "/i" => shown.push('_'),
            "/a" => shown.push_str(&format!("]({})", std::mem::take(&mut link))),
            tag => {
                if let Some(address) = tag.strip_prefix("a href=\"") {
                    link = address.trim_end_matches('"').to_owned();
                    shown.push('[');
                }
            }
        }
        rest = after;
    }
    shown.push_str(rest);
    shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
