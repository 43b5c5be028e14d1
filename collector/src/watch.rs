//! What is kept of one target: its interfaces, their last readings, and their samples. Turns what a source gave into
//! samples and gaps. Does no I/O and reads no clock.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use stats::{
    Amounts, GapReason, History, Interface, InterfaceStats, Reading, Sample, Samples, TargetStats, Timestamp,
    difference,
};

use crate::source::{ReadError, Snapshot};
use crate::timeline::{Now, Timeline};

/// How much is published at full resolution.
pub(crate) const KEEP: Duration = Duration::from_mins(10);

/// One target, as it is watched.
#[derive(Debug)]
pub(crate) struct Watch {
    name: String,
    source: String,
    interval: Duration,
    timeline: Timeline,
    sys_name: Option<Arc<str>>,
    problem: Option<String>,
    followed: Vec<Followed>,
}

/// One interface, followed by its name.
#[derive(Debug)]
struct Followed {
    interface: Arc<Interface>,
    /// The last reading that gave counters; `None` while there is nothing to subtract from.
    last: Option<Reading>,
    /// Up to when samples and gaps tell what happened.
    reached: Timestamp,
    history: History,
}

impl Watch {
    /// Begins to watch a target. `source` says in words how it is read.
    pub(crate) const fn new(name: String, source: String, interval: Duration, timeline: Timeline) -> Self {
        Self { name, source, interval, timeline, sys_name: None, problem: None, followed: Vec::new() }
    }

    /// Goes on with the samples that an earlier process published, and with the readings that it took last, where they
    /// are known. Those are of the same clock, and of the same timeline.
    pub(crate) fn resume(&mut self, earlier: &TargetStats, mut readings: HashMap<String, Reading>, now: Now) {
        let now = self.label(now);
        self.sys_name = earlier.sys_name.as_deref().map(Arc::from);
        for stats in &earlier.interfaces {
            let last = readings.remove(&stats.name);
            let mut history = History::beginning_at(stats.samples.first().unwrap_or(0), KEEP);
            stats.samples.to_vec().into_iter().for_each(|sample| history.push(sample));
            let newest = history.newest().map(|newest| newest.end);
            let Some(mut reached) = newest.or_else(|| Some(self.timeline.label(last?.at))) else { continue };
            let ahead = reached.since(now);
            if !ahead.is_zero() {
                // The clock was set back while no collector ran: nothing could follow samples from the future.
                history.relabel(|label| label.before(ahead));
                reached = now;
            }
            self.followed.push(Followed { interface: Arc::new(stats.interface()), last, reached, history });
        }
    }

    /// Takes in what a round of reading gave.
    pub(crate) fn take(&mut self, outcome: Result<Snapshot, ReadError>, now: Now) {
        self.follow_the_wall_clock(now);
        match outcome {
            Ok(snapshot) => {
                self.problem = None;
                self.sys_name = snapshot.sys_name;
                self.take_readings(snapshot.interfaces, now);
            }
            Err(error) => {
                let end = self.timeline.label(now.monotonic);
                for followed in &mut self.followed {
                    followed.push(end, Some(error.gap_reason()), Amounts::UNKNOWN);
                }
                self.problem = Some(error.to_string());
            }
        }
    }

    /// The wall time of a moment, as the samples are labelled.
    pub(crate) fn label(&self, now: Now) -> Timestamp {
        self.timeline.label(now.monotonic)
    }

    /// How often the target is read.
    pub(crate) const fn interval(&self) -> Duration {
        self.interval
    }

    /// What the target is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What turns the clock's points into labels.
    pub(crate) const fn timeline(&self) -> Timeline {
        self.timeline
    }

    /// How many interfaces there are.
    pub(crate) const fn interface_count(&self) -> usize {
        self.followed.len()
    }

    /// What is wrong with the target at present.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The last readings, by the interfaces' names.
    pub(crate) fn readings(&self) -> HashMap<String, Reading> {
        let readings = self.followed.iter().filter_map(|one| Some((one.interface.name.clone(), one.last?)));
        readings.collect()
    }

    /// What is published of the interfaces in `range`, each with its last `samples` samples.
    pub(crate) fn stats(&self, range: std::ops::Range<usize>, samples: usize) -> TargetStats {
        let interfaces = self.followed[range].iter().map(|followed| InterfaceStats {
            samples: Samples::of(followed.history.last(samples)),
            ..InterfaceStats::from((*followed.interface).clone())
        });
        TargetStats {
            name: self.name.clone(),
            sys_name: self.sys_name.as_deref().map(str::to_owned),
            source: Some(self.source.clone()),
            run: self.timeline.run(),
            interval: Some(self.interval),
            problem: self.problem.clone(),
            interfaces: interfaces.collect(),
        }
    }

    fn follow_the_wall_clock(&mut self, now: Now) {
        let Some(timeline) = self.timeline.after_step(now) else { return };
        let shift = self.timeline.to(timeline);
        for followed in &mut self.followed {
            followed.reached = shift(followed.reached);
            followed.history.relabel(&shift);
        }
        self.timeline = timeline;
    }

    fn take_readings(&mut self, interfaces: Vec<(Arc<Interface>, Reading)>, now: Now) {
        let latest = interfaces.iter().map(|(_, reading)| reading.at).max().unwrap_or(now.monotonic);
        let mut present = HashSet::with_capacity(interfaces.len());
        let count = self.followed.len();
        for (place, (interface, reading)) in interfaces.into_iter().enumerate() {
            let position = self.position(place, &interface).unwrap_or_else(|| {
                self.followed.push(Followed {
                    interface: interface.clone(),
                    last: None,
                    reached: self.timeline.label(reading.at),
                    history: History::new(KEEP),
                });
                self.followed.len() - 1
            });
            self.followed[position].take(interface, reading, &self.timeline);
            present.insert(position);
        }
        let end = self.timeline.label(latest);
        for (position, followed) in self.followed.iter_mut().enumerate() {
            if !present.contains(&position) {
                followed.miss(end);
            }
        }
        self.forget_the_absent();
        if self.followed.len() != count {
            self.followed.sort_by_key(|followed| followed.interface.if_index);
        }
    }

    /// Where an interface is that came at `place` of a snapshot: they come in the same order but when something changed.
    fn position(&self, place: usize, interface: &Interface) -> Option<usize> {
        let is_it = |followed: &Followed| followed.interface.name == interface.name;
        match self.followed.get(place) {
            Some(followed) if is_it(followed) => Some(place),
            _ => self.followed.iter().position(is_it),
        }
    }

    /// An interface that was not there for as long as samples are kept is not shown any more.
    fn forget_the_absent(&mut self) {
        self.followed.retain(|followed| !followed.is_forgotten());
    }
}

impl Followed {
    fn take(&mut self, interface: Arc<Interface>, reading: Reading, timeline: &Timeline) {
        self.interface = interface;
        let end = timeline.label(reading.at);
        let gap = self.history.newest().and_then(|newest| newest.gap);
        let Some(last) = self.last.replace(reading) else {
            // Nothing to subtract from: it has only just been seen, or it is back.
            return self.push(end, Some(gap.unwrap_or(GapReason::CollectorStopped)), Amounts::UNKNOWN);
        };
        // While a gap is open, more is known than when it began, but not how that was spread over its time.
        let is_in_gap = timeline.label(last.at) < self.reached;
        match difference(&last, &reading, self.interface.speed) {
            Ok(passed) => self.push(end, gap.filter(|_| is_in_gap), passed),
            Err(reason) => self.push(end, Some(reason), Amounts::UNKNOWN),
        }
    }

    /// It was not among the interfaces that were read.
    fn miss(&mut self, end: Timestamp) {
        self.last = None;
        self.push(end, Some(GapReason::Absent), Amounts::UNKNOWN);
    }

    /// Tells what happened from where samples and gaps had reached to `end`.
    fn push(&mut self, end: Timestamp, gap: Option<GapReason>, passed: Amounts) {
        let duration = end.since(self.reached);
        if !duration.is_zero() {
            self.history.push(Sample { end, duration, gap, passed });
            self.reached = end;
        }
    }

    fn is_forgotten(&self) -> bool {
        let absent = |sample: &Sample| sample.gap == Some(GapReason::Absent);
        if self.last.is_some() || !self.history.newest().as_ref().is_some_and(absent) {
            return false;
        }
        let all = self.history.last(usize::MAX).map(|entry| entry.sample);
        all.clone().all(|sample| absent(&sample)) && all.map(|sample| sample.duration).sum::<Duration>() >= KEEP
    }
}

#[cfg(test)]
mod tests;
