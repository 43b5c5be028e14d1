//! Rounds of reading: a target is read, and what came of it is kept and said. The loop around them is `run`'s or cron's.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;

use crate::config::{Config, TargetConfig};
use crate::earlier;
use crate::publish::Publisher;
use crate::replace::Outlet;
use crate::selection::Missing;
use crate::source::{Snapshot, Source};
use crate::timeline::{Now, Timeline};
use crate::watch::Watch;

/// What publishes the targets of a config, into its directory, which is made where it is not there yet.
pub(crate) fn publisher(config: &Config) -> anyhow::Result<Publisher> {
    let outlet = Outlet::open(&config.out)
        .with_context(|| format!("cannot make the directory {}: name another with --out", config.out.display()))?;
    let names: Vec<&str> = config.targets.iter().map(|target| target.name.as_str()).collect();
    Ok(Publisher::new(outlet, &names, config.shortest_interval()))
}

/// A target with its source, and what was said of it already.
pub(crate) struct Rounds {
    source: Box<dyn Source>,
    pub(crate) watch: Watch,
    missing: Vec<Missing>,
}

impl Rounds {
    /// Nothing is read yet.
    pub(crate) fn new(config: &TargetConfig, timeline: Timeline) -> Self {
        let watch = Watch::new(config.name.clone(), config.source_words().to_owned(), config.interval(), timeline);
        Self { source: config.source(), watch, missing: Vec::new() }
    }

    /// Nothing is read yet, but what an earlier process published into that directory is there.
    pub(crate) fn continuing(config: &TargetConfig, out: &Path, timeline: Timeline, now: Now) -> Self {
        let mut rounds = Self::new(config, timeline);
        if let Some(published) = earlier::published(out, &config.name) {
            rounds.watch.resume(&published, HashMap::new(), now);
        }
        rounds
    }

    /// Learns from now on how the target refreshes its counters, where it may do that less often than it is read.
    pub(crate) fn calibrate(&mut self) {
        if self.source.may_be_cached() {
            self.watch.calibrate();
        }
    }

    /// Reads the target, and says in the log what has changed about reading it.
    pub(crate) fn go_round(&mut self) -> Now {
        let outcome = self.source.read();
        let now = Now::read();
        if let Ok(snapshot) = &outcome {
            self.say_what_is_missing(snapshot);
        }
        let before = self.watch.problem().map(str::to_owned);
        self.watch.take(outcome, now);
        let name = self.watch.name();
        match (before.as_deref(), self.watch.problem()) {
            (None, Some(problem)) => tracing::warn!("{name}: {problem}"),
            (Some(before), Some(problem)) if before != problem => tracing::warn!("{name}: {problem}"),
            (Some(_), None) => tracing::info!("{name}: answers again"),
            _ => {}
        }
        if let Some(news) = self.watch.news() {
            tracing::info!("{}: {news}", self.watch.name());
        }
        now
    }

    /// Looks at some of the counters, to learn how the target refreshes them.
    pub(crate) fn glance(&mut self) {
        let Some((_, interfaces)) = self.watch.next_glance() else { return };
        let glance = self.source.glance(interfaces);
        self.watch.glanced(glance, Now::read());
    }

    fn say_what_is_missing(&mut self, snapshot: &Snapshot) {
        if *snapshot.missing == *self.missing {
            return;
        }
        for missing in &*snapshot.missing {
            tracing::warn!("{}: {missing}: it is shown as soon as it is there", self.watch.name());
        }
        self.missing = snapshot.missing.to_vec();
    }
}
