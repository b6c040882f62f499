//! Journals that earlier programs wrote are read for ever: one small real one of each version of the events.

#![allow(clippy::unwrap_used, reason = "a journal that can't be read ends loudly")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::article::{Article, Cleaning, Link};
use vestnik::config::Config;
use vestnik::ids::ArticleId;
use vestnik::newsroom::{
    Actor, Approval, Cause, Draft, Event, Input, Line, Mark, Newsroom, Now, Order, State,
};
use vestnik::schedule::Turn;
use vestnik::store::{Store, read};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journals").join(name)
}

fn stages(state: &State) -> Vec<(u32, &'static str)> {
    state.stories.values().map(|story| (story.id.0, story.stage(story.draft.posts[0].chat_id))).collect()
}

/// The morning of the demo, up to its first post.
#[test]
fn version_1_is_read_and_can_be_worked_on() {
    let mut state = State::default();
    read(&fixture("v1.jsonl"), |line| state.apply(&line)).unwrap();
    assert_eq!(stages(&state), [(1, "published"), (2, "rejected"), (3, "approved")]);
    assert_eq!(state.seq, 25);
    assert!(state.notes.is_empty() && state.fetches.is_empty());

    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(fixture("v1.jsonl"), vestnik::store::journal_path(directory.path())).unwrap();
    let (store, opened) = Store::open(directory.path()).unwrap();
    assert_eq!(opened, state);
    assert_eq!(store.journal.next_seq(), 26);
    let channel = *opened.channels.keys().next().unwrap();
    let waiting = opened.waiting(channel);
    assert_eq!(store.projection.queue(channel).unwrap(), waiting);
    // What came later: the time that was promised, and what a restore leaves behind.
    assert_eq!(waiting.iter().map(|one| one.promised).collect::<Vec<_>>(), [None]);
    assert_eq!(opened.lost_articles_to, None);
}

/// An afternoon with three channels: rubrics, a mark, promised times, a post that was dropped where it was not out, and
/// changed settings that were told.
#[test]
fn version_2_is_read_and_can_be_worked_on() {
    let mut state = State::default();
    read(&fixture("v2.jsonl"), |line| state.apply(&line)).unwrap();
    let stages: Vec<Vec<&str>> = state
        .stories
        .values()
        .map(|story| story.posts().map(|post| story.stage(post.chat_id)).collect())
        .collect();
    assert_eq!(stages, [vec!["published"], vec!["approved", "approved"]]);
    let rubrics = state.stories.values().map(|story| story.draft.article.rubric.as_deref());
    assert_eq!(rubrics.collect::<Vec<_>>(), [Some("Спорт"), Some("Реклама")]);
    for publication in state.stories[&ArticleId(2)].publications.values() {
        let approval = publication.approval();
        assert_eq!(approval.marks, ["Реклама"]);
        let Turn::At(time) = approval.turn else { panic!("{:?}", approval.turn) };
        assert_eq!(approval.promised, Some(time));
    }
    assert_eq!(state.changes_told_of.len(), 1);

    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(fixture("v2.jsonl"), vestnik::store::journal_path(directory.path())).unwrap();
    let (store, opened) = Store::open(directory.path()).unwrap();
    assert_eq!(opened, state);
    for &channel in opened.channels.keys() {
        assert_eq!(store.projection.queue(channel).unwrap(), opened.waiting(channel));
    }
}

/// What counts as one page grows with the program; what it took before stays.
#[test]
fn two_articles_that_an_earlier_program_told_apart_stay_two() {
    let drafted = |article: u32, link: &str| Event::Drafted {
        article: ArticleId(article),
        draft: Draft {
            version: 1,
            article: Article::read("Мост\n\nЕго ждали.", &Cleaning::default()).unwrap(),
            link: Link::parse(link).unwrap(),
            posts: Vec::new(),
            mark: Mark { by: Actor::CommandLine, at: DateTime::UNIX_EPOCH },
        },
    };
    let line = Line {
        v: Line::VERSION,
        seq: 1,
        at: DateTime::UNIX_EPOCH,
        cause: Cause::CommandLine,
        events: vec![drafted(1, "https://cronos.asia/x"), drafted(2, "https://cronos.asia/x/amp")],
    };
    let mut state = State::default();
    state.apply(&line);
    assert_eq!(state.stories.keys().map(|id| id.0).collect::<Vec<_>>(), [1, 2]);
    let key = Link::parse("https://cronos.asia/x").unwrap().key();
    assert_eq!(state.links.into_iter().collect::<Vec<_>>(), [(key, ArticleId(1))]);
}

/// Nobody wrote down what was promised then, but a pinned post says it itself.
#[test]
fn a_post_that_an_older_program_pinned_to_next_week_is_not_too_old_before() {
    let settings = "[desk]\neditors = [101]\n[[channels]]\nid = -1001\nname = \"Канал\"\n";
    let rules = || {
        let config = Config::parse(settings, "bot.toml", Path::new("")).unwrap();
        config.into_rules(String::new(), |_| None)
    };
    let start: DateTime<Utc> = "2026-11-25T09:00:00Z".parse().unwrap();
    let now = Now { utc: start, mono: Duration::ZERO };
    let text = "Мост открыт\n\nВ городе открыли мост. Его ждали.";
    let add = Input::Order(Order::Add {
        text: Article::read(text, &Cleaning::default()).unwrap(),
        link: Link::parse("https://cronos.asia/a").unwrap(),
        rubric: None,
    });
    let mut newsroom = Newsroom::new(State::default(), rules());
    let mut events = newsroom.decide(&add, now).events;
    let Event::Drafted { article, draft } = events[0].clone() else { panic!("{events:?}") };
    let mark = draft.mark.clone();
    let turn = Turn::At(start + TimeDelta::days(6));
    let post = draft.posts[0].clone();
    let approval = Approval {
        post,
        version: 1,
        mark,
        turn,
        promised: None,
        marks: Vec::new(),
        attempts: 0,
        as_text: false,
    };
    events.push(Event::Approved { article, approval });
    let line = Line { v: 1, seq: 1, at: start, cause: Cause::CommandLine, events };
    newsroom.apply(&add, Some(&line), now);
    let falls = |days| {
        let now = Now { utc: start + TimeDelta::days(days), mono: Duration::ZERO };
        let events = newsroom.decide(&Input::Tick, now).events;
        events.iter().any(|event| matches!(event, Event::Cancelled { .. }))
    };
    assert!(!falls(2) && !falls(6) && falls(8));
}
