//! What a post costs: from a site's export to the sealed request, and the parts of it that repeat with every draft.

#![expect(clippy::expect_used, reason = "a benchmark whose data is wrong should stop")]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use vestnik::article::{Article, Link};
use vestnik::config::Config;
use vestnik::newsroom::Rules;
use vestnik::post::{Fields, Limit, compose};
use vestnik::summary::summarize;

const EXPORT: &str = include_str!("../tests/fixtures/articles/bridge.txt");
const SETTINGS: &str = "[desk]\neditors = [1]\n[[channels]]\nid = -1001\nname = \"Central Asia Cronos\"\n";

/// What a newsroom has that sets nothing but its channel: the default template, 350 characters.
fn rules() -> Rules {
    let config = Config::parse(SETTINGS, "bot.toml", Path::new("")).expect("settings");
    config.into_rules(String::new(), |_| None)
}

fn post(c: &mut Criterion) {
    let rules = rules();
    let channel = rules.channels.first().expect("a channel");
    let link = Link::parse("https://cronos.asia/obshestvo/most-cherez-talas").expect("a link");
    let article = Article::read(EXPORT, &rules.cleaning).expect("an article");
    let sentences = summarize(&article, channel.summary_chars);
    let fields = Fields {
        title: article.title.clone(),
        link: link.as_str().to_owned(),
        source: article.source.clone(),
        credit: article.credit.clone(),
        channel: channel.name.clone(),
        ..Fields::default()
    };

    let mut group = c.benchmark_group("post");
    group.bench_function("export to sealed post", |b| {
        b.iter(|| {
            let article = Article::read(black_box(EXPORT), &rules.cleaning).expect("an article");
            rules.post(channel, &article, &link).expect("a post")
        })
    });
    group.bench_function("read the export", |b| b.iter(|| Article::read(black_box(EXPORT), &rules.cleaning)));
    group.bench_function("choose sentences", |b| {
        b.iter(|| summarize(black_box(&article), channel.summary_chars))
    });
    group.bench_function("compose", |b| {
        b.iter(|| compose(&channel.template, black_box(&fields), &sentences, Limit::Text))
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = post
}
criterion_main!(benches);
