//! `vestnik check --explain FILE`: where an article would go, when, and why.

use std::fmt::Write as _;
use std::path::Path;

use chrono::Utc;

use super::{Exit, articles};
use crate::config::{self, ChannelAddress, Config};
use crate::ids::{ArticleId, ChatId};
use crate::newsroom::{ChannelRules, Publication, Route, State, route, rubric_key};
use crate::schedule::{self, Turn, Waiting};
use crate::store;

/// Stands for the link where none is given.
const SOME_LINK: &str = "https://example.com/article";

pub(super) fn explain(
    config: Config,
    file: &Path,
    link: Option<&str>,
    rubric: Option<&str>,
) -> Result<String, Exit> {
    let (mut text, link) = articles::article_of(file, Some(link.unwrap_or(SOME_LINK)), &config.cleaning)?;
    if let Some(rubric) = rubric {
        text.rubric = Some(rubric.to_owned());
    }
    let given = rubric;
    let rubric = text.rubric.as_deref();
    let state = store::peek(&config.data_dir)?;
    let mut said = format!(
        "«{}», {}",
        text.title,
        rubric.map_or("no rubric".to_owned(), |name| format!("rubric {name:?}"))
    );
    if let Some(rubric) = rubric
        && !config.rubrics.is_empty()
        && config.rubrics.iter().all(|known| rubric_key(&known.name) != rubric_key(rubric))
    {
        let _ = write!(said, "\nwarning: {rubric:?} is none of the [[rubrics]]");
    }
    if let Some(known) = state.links.get(&link.key()) {
        let _ = write!(said, "\nwarning: №{} has this link already", known.0);
    }
    let whys: Vec<(String, Option<Route>)> = {
        let routes: Vec<_> =
            route(&config.channels, |channel| &channel.takes, text.rubric.as_deref()).collect();
        let why = |address: &ChannelAddress| routes.iter().find(|(taker, _)| &taker.address == address);
        let shown = |channel: &config::ChannelConfig| {
            (channel.name_and_address(), why(&channel.address).map(|(_, why)| why.clone()))
        };
        config.channels.iter().map(shown).collect()
    };
    // A channel whose number is not known yet has no queue: any number does.
    let names: Vec<String> = config.channels.iter().map(|channel| channel.address.to_string()).collect();
    let number = |name: &str| {
        let place = names.iter().position(|known| known.strip_prefix('@') == Some(name));
        state.usernames.get(name).copied().or(place.map(|place| ChatId(-1 - place as i64)))
    };
    let rules = config.into_rules(String::new(), number);
    if let Some(warning) = given.and_then(|given| articles::refused_rubric(&rules, given)) {
        let _ = write!(said, "\nwarning: {warning}");
    }
    let mut posts = 0;
    for (channel, (shown, why)) in rules.channels.iter().zip(whys) {
        let Some(why) = why else {
            let _ =
                write!(said, "\nnot to {shown}: its rubrics are others, or another channel takes this one");
            continue;
        };
        let because = match why {
            Route::Rubric(name) => format!("it takes the rubric {name:?}"),
            Route::Everything => "it takes everything".to_owned(),
            Route::Rest => "it takes what no other channel takes by its rubric".to_owned(),
        };
        let _ = write!(said, "\nto {shown}: {because}");
        match rules.post(channel, &text, &link) {
            Ok(_) => {
                posts += 1;
                let _ = write!(said, "\n  {}", when(channel, &state));
            }
            Err(error) => {
                let _ = write!(said, "\n  warning: no post can be made of it: {error}");
            }
        }
    }
    if posts == 0 {
        return Err(Exit::Input(format!("{} would go nowhere:\n{said}", file.display())));
    }
    Ok(said)
}

/// When the article would leave if an editor approved it this moment, and what decides that.
fn when(channel: &ChannelRules, state: &State) -> String {
    let now = Utc::now();
    let article = ArticleId(state.last_article() + 1);
    let mut waiting = state.waiting(channel.id);
    waiting.push(Waiting { article, turn: Turn::Next { order: state.last_order + 1 }, promised: None });
    let plan = schedule::forecast(&channel.timetable, &waiting, &state.past(channel.id), now);
    let zone = channel.timetable.zone();
    let Some(place) = plan.iter().position(|departure| departure.article == article) else {
        return "it would find no time in the calendar".to_owned();
    };
    let departure = plan[place];
    let mut said = match departure.at <= now {
        true => "approved now, it would go out at once".to_owned(),
        false => format!(
            "approved now, it would go out {}",
            departure.at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z")
        ),
    };
    let mut reasons = Vec::new();
    match departure.slot {
        Some(slot) if slot < departure.at => {
            reasons.push(format!(
                "in the slot of {}, which is still open",
                slot.with_timezone(&zone).format("%H:%M")
            ));
        }
        Some(_) => reasons.push("in its slot".to_owned()),
        None => reasons.push("the channel has no slots".to_owned()),
    }
    let before: Vec<String> = plan[..place].iter().map(|earlier| format!("№{}", earlier.article.0)).collect();
    match before.as_slice() {
        [] => reasons.push("nothing waits before it".to_owned()),
        before => reasons.push(format!("{} before it: {}", before.len(), before.join(", "))),
    }
    let gap = channel.timetable.gap();
    if gap > chrono::TimeDelta::zero() {
        let gap = gap.to_std().map(|gap| humantime::format_duration(gap).to_string());
        reasons.push(format!("{} between posts", gap.unwrap_or_default()));
    }
    let _ = write!(said, " ({})", reasons.join("; "));
    let known = state.channels.get(&channel.id);
    if let Some(pause) = known.and_then(|known| known.paused.as_ref()) {
        let _ = write!(said, "\n  warning: the channel is paused until an editor resumes it: {}", pause.why);
    }
    let in_doubt = known.and_then(|known| known.under_way).filter(|article| {
        let story = state.stories.get(article);
        matches!(
            story.and_then(|story| story.publications.get(&channel.id)),
            Some(Publication::InDoubt { .. })
        )
    });
    if let Some(article) = in_doubt {
        let _ =
            write!(said, "\n  warning: the channel waits until it is known what became of №{}", article.0);
    }
    said
}
