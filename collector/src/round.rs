//! One round: a target is read, and what came of it is kept, said and published. The loop around it is `run`'s or cron's.

use stats::Timestamp;

use crate::config::TargetConfig;
use crate::selection::Missing;
use crate::source::{Snapshot, Source};
use crate::timeline::{Now, Timeline};
use crate::watch::Watch;

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
        now
    }

    /// The wall time of a moment, as the samples are labelled.
    pub(crate) fn label(&self, now: Now) -> Timestamp {
        self.watch.label(now)
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
