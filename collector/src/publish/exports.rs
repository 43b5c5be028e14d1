//! What is published beside the stats files for others than our page: the files of this project's predecessor, and counters
//! for Prometheus. Both are made of samples, so that they tell what the graphs tell, and nothing where those have a gap.

mod legacy;
mod openmetrics;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use stats::{Amounts, Interface, Quantity, Sample, Timestamp};

use super::LegacyFile;
use crate::config::Exports;
use crate::shared::Shared;
use crate::watch::{Followed, Watch};

/// The file with the counters for Prometheus. Static servers call it plain text, which Prometheus reads.
pub(crate) const METRICS: &str = "metrics.txt";

/// What a target's interfaces have counted, by their names, as `once` keeps it for its next call.
pub(crate) type AllCounted = BTreeMap<String, Counted>;

/// What is written of a target, and what it takes to know that.
#[derive(Debug)]
pub(super) struct Exporter {
    exports: Exports,
    /// What tells this target's files from those of the others.
    mark: Option<String>,
    counted: AllCounted,
}

/// What an interface has counted since somebody counts along.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Counted {
    /// The sequence number of the next sample.
    next: u64,
    /// Since when.
    since: Timestamp,
    /// Whether the newest sample is none that is a gap.
    is_known: bool,
    /// In the order of [`Quantity::ALL`]; `None` where nothing was ever counted.
    sums: [Option<u64>; Quantity::ALL.len()],
}

impl Exporter {
    /// Nothing was counted yet. The first target of a config needs no mark.
    pub(super) fn new(exports: Exports, mark: Option<String>) -> Self {
        Self { exports, mark, counted: BTreeMap::new() }
    }

    /// Goes on with what was counted earlier.
    pub(super) fn resume(&mut self, counted: AllCounted) {
        self.counted = counted;
    }

    pub(super) fn counted(&self) -> &AllCounted {
        &self.counted
    }

    pub(super) const fn has_metrics(&self) -> bool {
        self.exports.openmetrics
    }

    /// Counts what is new, and tells which files of the predecessor are to be replaced, with what.
    pub(super) fn take(&mut self, watch: &Watch) -> Vec<(String, String)> {
        let (mut files, mut without_max) = (Vec::new(), Vec::new());
        let mut before = std::mem::take(&mut self.counted);
        for followed in watch.followed() {
            let name = followed.interface().name();
            let counted = if let Some((_, mut counted)) = before.remove_entry(name) {
                let new = counted.take(followed);
                if self.exports.legacy
                    && let Some(line) = legacy::line(&new, &followed.interface().unpack())
                {
                    files.push((legacy::file_name(name, self.mark.as_deref()), line));
                }
                counted
            } else {
                if self.exports.legacy && !legacy::is_full_known(&followed.interface().unpack()) {
                    without_max.push(name);
                }
                Counted::from_now_on(followed)
            };
            self.counted.insert(name.to_owned(), counted);
        }
        if !without_max.is_empty() {
            // To the predecessor it was given: pages that draw by it would draw nothing.
            tracing::warn!(
                "{}: what counts as full of {} is not known, and 0 in the files of the original: write `max` into a config",
                watch.name(),
                without_max.join(", "),
            );
        }
        files
    }
}

impl Counted {
    /// Counts what comes after the newest sample.
    fn from_now_on(followed: &Followed) -> Self {
        let next = followed.history().next_sequence();
        Self { next, since: followed.reached(), is_known: false, sums: Default::default() }
    }

    /// Adds the samples that are new, and gives them back.
    fn take(&mut self, followed: &Followed) -> Vec<Sample> {
        let history = followed.history();
        // Fewer than there were: it had been forgotten, and is there again.
        let new = history.next_sequence().checked_sub(self.next).unwrap_or(history.next_sequence());
        let mut samples = Vec::new();
        history.unpack(usize::try_from(new).unwrap_or(usize::MAX), &mut samples);
        self.next = history.next_sequence();
        for sample in &samples {
            self.add(sample.passed);
            self.is_known = sample.gap.is_none();
        }
        samples
    }

    fn add(&mut self, passed: Amounts) {
        for (quantity, sum) in Quantity::ALL.into_iter().zip(&mut self.sums) {
            if let Some(amount) = passed.get(quantity) {
                *sum = Some(sum.unwrap_or_default().wrapping_add(amount));
            }
        }
    }
}

impl Exports {
    /// What tells the predecessor's files of a target from those of the others, of which one may have some.
    pub(super) fn mark(self, stem: &str, has_legacy: &mut bool) -> Option<String> {
        // The first one's files are called as they ever were.
        let mark = (self.legacy && *has_legacy).then(|| stem.to_owned());
        *has_legacy |= self.legacy;
        mark
    }
}

/// The file of the predecessor for an interface.
pub(super) fn legacy_file(interface: &Interface, mark: Option<&str>) -> LegacyFile {
    LegacyFile { name: legacy::file_name(&interface.name, mark), is_full_known: legacy::is_full_known(interface) }
}

/// A target, as the metrics need it.
pub(super) struct Source<'a> {
    pub(super) watch: &'a Shared<Watch>,
    pub(super) exporter: &'a Shared<Exporter>,
}

/// Writes what was counted of these, as of `written`. Where that is the last time, nobody counts any more.
pub(super) fn write_metrics(
    out: &mut impl io::Write,
    sources: &[Source<'_>],
    written: Timestamp,
    outlook: super::Outlook,
) -> io::Result<()> {
    openmetrics::write(out, sources, written, outlook)
}

#[cfg(test)]
mod tests;
