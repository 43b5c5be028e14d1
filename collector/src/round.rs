//! Rounds of reading: a target is read, and what came of it is kept and said. The loop around them is `run`'s or cron's.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;

use anyhow::{Context, bail};
use stats::Monotonic;

use crate::config::{Config, TargetConfig};
use crate::earlier::{Earlier, Wanted};
use crate::publish::Site;
use crate::replace::{self, Outlet};
use crate::selection::Missing;
use crate::shared::Shared;
use crate::source::command::Stopper;
use crate::source::{ReadError, Snapshot, Source};
use crate::timeline::{Now, Timeline};
use crate::watch::Watch;

/// What publishes these, the targets of a config, into its directory, which is made where it is not there yet.
///
/// # Errors
///
/// When nothing can be written there: whoever starts it is to hear of that at once.
pub(crate) fn site<'a>(config: &Config, rounds: impl IntoIterator<Item = &'a Rounds>) -> anyhow::Result<Site> {
    let outlet = Outlet::open(&config.out)
        .with_context(|| format!("cannot make the directory {}: name another with --out", config.out.display()))?;
    match replace::probe(&config.out) {
        Ok(()) => {}
        // Room may be made, and then it goes on.
        Err(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {}
        Err(error) => {
            return Err(error).with_context(|| {
                format!(
                    "cannot write to {}: name another directory with --out, or let this user write there (as a service: \
                     ReadWritePaths=)",
                    config.out.display()
                )
            });
        }
    }
    let watches = rounds.into_iter().map(|rounds| rounds.watch.clone()).collect();
    let exports = config.targets.iter().map(|target| target.exports);
    Ok(Site::new(outlet, watches, config.shortest_interval()).exporting(exports))
}

/// Keeps other collectors out of the directory that is published into, as long as what is returned is kept.
///
/// # Errors
///
/// When another one is at work there: each would replace what the other has written.
pub(crate) fn claim(config: &Config) -> anyhow::Result<Option<File>> {
    let Ok(directory) = File::open(&config.out) else { return Ok(None) };
    match directory.try_lock() {
        Err(TryLockError::WouldBlock) => {
            bail!("another collector writes to {}: end it, or name another directory with --out", config.out.display())
        }
        // There are file systems without locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(directory)),
    }
}

/// Goes on with what an earlier process published.
pub(crate) fn resume(watch: &Shared<Watch>, earlier: &Earlier, wanted: Wanted, now: Now) {
    let mut watch = watch.lock();
    let name = watch.name().to_owned();
    watch.expect(earlier.interfaces_of(&name));
    for (group, stats) in earlier.groups(&name, wanted) {
        watch.resume(&stats, |_| group, HashMap::new(), now);
    }
}

/// A target with its source, and what was said of it already.
pub(crate) struct Rounds {
    source: Box<dyn Source>,
    pub(crate) watch: Shared<Watch>,
    missing: Vec<Missing>,
}

impl Rounds {
    /// Nothing is read yet.
    pub(crate) fn new(config: &TargetConfig, timeline: Timeline) -> Self {
        let watch = Watch::new(config.name.clone(), config.source_words().to_owned(), config.interval(), timeline);
        let watch = watch.counting(config.counts.clone());
        Self { source: config.source(), watch: Shared::new(watch), missing: Vec::new() }
    }

    /// Learns from now on how the target refreshes its counters, where it may do that less often than it is read.
    pub(crate) fn calibrate(&mut self) {
        if self.source.may_be_cached() {
            self.watch.lock().calibrate();
        }
    }

    /// What ends a reading of it that is under way.
    pub(crate) fn stopper(&self) -> Option<Stopper> {
        self.source.stopper()
    }

    /// Reads the target, and says in the log what has changed about reading it.
    pub(crate) fn go_round(&mut self) -> Now {
        let outcome = self.source.read();
        let now = Now::read();
        if matches!(outcome, Err(ReadError::Stopped)) {
            return now;
        }
        if let Ok(snapshot) = &outcome {
            self.say_what_is_missing(snapshot);
        }
        let mut watch = self.watch.lock();
        let before = watch.problem().map(str::to_owned);
        watch.take(outcome, now);
        let name = watch.name();
        match (before.as_deref(), watch.problem()) {
            (None, Some(problem)) => tracing::warn!("{name}: {problem}"),
            (Some(before), Some(problem)) if before != problem => tracing::warn!("{name}: {problem}"),
            (Some(_), None) => tracing::info!("{name}: answers again"),
            _ => {}
        }
        if let Some(news) = watch.news() {
            tracing::info!("{}: {news}", watch.name());
        }
        now
    }

    /// After the round that began at `begun` the next one is due at `point`: so files say when to expect the next ones.
    pub(crate) fn announce(&self, begun: Monotonic, point: Monotonic) {
        self.watch.lock().expect_next(begun, point);
    }

    /// When to take the reading that is due at `point`, and when to look at some of the counters before that, if at all.
    pub(crate) fn next(&self, point: Monotonic) -> (Monotonic, Option<Monotonic>) {
        let watch = self.watch.lock();
        let reading = watch.time_to_read(point);
        (reading, watch.next_glance().map(|(at, _)| at).filter(|at| *at < reading))
    }

    /// Looks at some of the counters, to learn how the target refreshes them.
    pub(crate) fn glance(&mut self) {
        let interfaces = self.watch.lock().next_glance().map(|(_, interfaces)| interfaces.to_vec());
        let Some(interfaces) = interfaces else { return };
        let glance = self.source.glance(&interfaces);
        self.watch.lock().glanced(glance, Now::read());
    }

    fn say_what_is_missing(&mut self, snapshot: &Snapshot) {
        if *snapshot.missing == *self.missing {
            return;
        }
        for missing in &*snapshot.missing {
            tracing::warn!("{}: {missing}: it is shown as soon as it is there", self.watch.lock().name());
        }
        self.missing = snapshot.missing.to_vec();
    }
}
