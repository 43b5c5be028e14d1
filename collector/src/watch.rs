//! What is kept of one target: its interfaces, their last readings, and their samples. Turns what a source gave into
//! samples and gaps. Does no I/O and reads no clock.

mod followed;
mod groups;
mod told;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use stats::{Amounts, Counts, History, Keep, KeptInterface, Monotonic, Reading, TargetStats, Timestamp, was_restarted};

pub(crate) use self::followed::Followed;
pub(crate) use self::groups::GROUP;
use self::groups::Groups;
use crate::calibration::{self, Calibration, Candidate};
use crate::source::{Glance, ReadError, Snapshot};
use crate::timeline::{Now, Timeline};

/// How much is published at full resolution.
pub(crate) const KEEP: Duration = Duration::from_mins(10);

/// One target, as it is watched.
#[derive(Debug)]
pub(crate) struct Watch {
    name: String,
    source: String,
    /// What it counts, where that is no traffic of a network.
    counts: Option<Box<Counts>>,
    interval: Duration,
    pace: Pace,
    timeline: Timeline,
    sys_name: Option<Arc<str>>,
    problem: Option<String>,
    /// When it last answered.
    answered: Option<Timestamp>,
    followed: Vec<Followed>,
    /// How many of them were there at a time at the most.
    most_at_a_time: usize,
    /// How the target refreshes its counters; `None` where they are live by their nature.
    calibration: Option<Calibration>,
    /// Whether it was said that counters of 32 bits are read too seldom.
    has_told_of_wraps: bool,
    groups: Groups,
    /// How much is kept of each interface.
    keep: Keep,
    /// Whether anything was read, or tried to be.
    begun: Begun,
    /// Counts the changes of what is told of the target apart from its samples.
    revision: u64,
}

/// What is to be expected of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// How long after these readings the next ones come: the interval, but for readings that are put off.
    pub(crate) next: Duration,
    /// How many of those will show nothing new, as far as is known of when the counters are refreshed.
    pub(crate) barren: u32,
}

impl Pace {
    /// Whoever looks is to hear from a collector that works, whether or not there is anything new.
    const LONGEST: Duration = Duration::from_secs(5);
}

/// Whether a target was read already, or what is known of it is from an earlier process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Begun {
    read: bool,
    resumed: bool,
}

impl Watch {
    /// Begins to watch a target. `source` says in words how it is read.
    pub(crate) fn new(name: String, source: String, interval: Duration, timeline: Timeline) -> Self {
        Self {
            name,
            source,
            counts: None,
            interval,
            pace: Pace { next: interval, barren: 0 },
            timeline,
            sys_name: None,
            problem: None,
            answered: None,
            followed: Vec::new(),
            most_at_a_time: 0,
            calibration: None,
            has_told_of_wraps: false,
            groups: Groups::default(),
            keep: Keep::lasting(KEEP),
            begun: Begun { read: false, resumed: false },
            revision: 0,
        }
    }

    /// Tells what its counters count.
    pub(crate) fn counting(self, counts: Option<Box<Counts>>) -> Self {
        Self { counts, ..self }
    }

    /// Learns from now on how the target refreshes its counters.
    pub(crate) fn calibrate(&mut self) {
        self.calibration = Some(Calibration::new(self.interval));
    }

    /// Goes on with the samples that an earlier process published, and with the readings that it took last, where they
    /// are known. Those are of the same clock, and of the same timeline. `group` tells for each interface, by its place,
    /// the group that it was in, where that is known.
    pub(crate) fn resume(
        &mut self,
        earlier: &TargetStats,
        group: impl Fn(usize) -> Option<u16>,
        mut readings: HashMap<String, Reading>,
        now: Now,
    ) {
        let now = self.label(now);
        self.begun.resumed = true;
        self.groups.expect(earlier.interfaces.len());
        self.sys_name = earlier.sys_name.as_deref().map(Arc::from);
        let samples = earlier.interfaces.iter().flat_map(|interface| interface.samples.to_vec());
        let answers = samples.filter(|sample| sample.gap.is_none()).map(|sample| sample.end);
        // Nothing is later than now, but for a clock that was set back.
        self.answered = answers.chain(earlier.answered).chain(self.answered).max().map(|answered| answered.min(now));
        for (place, stats) in earlier.interfaces.iter().enumerate() {
            let last = readings.remove(&stats.name);
            let mut history = History::beginning_at(stats.samples.first().unwrap_or(0), KEEP);
            history.set_keep(self.keep);
            stats.samples.to_vec().into_iter().for_each(|sample| history.push(sample));
            let newest = history.newest().map(|newest| newest.end);
            let Some(reached) = newest.or_else(|| Some(self.timeline.label(last?.at))) else { continue };
            // The clock may have been set back while no collector ran: nothing could follow samples from the future.
            history.reach(reached.min(now));
            let group = match group(place) {
                Some(group) => {
                    self.groups.join_again(group);
                    group
                }
                None => self.groups.join(),
            };
            self.followed.push(Followed::continuing(stats.interface().into(), last, history, group));
        }
        self.most_at_a_time = self.followed.len();
    }

    /// So many interfaces are to be expected, which decides how many share a file.
    pub(crate) const fn expect(&mut self, interfaces: usize) {
        self.groups.expect(interfaces);
    }

    /// Takes in what a round of reading gave.
    pub(crate) fn take(&mut self, outcome: Result<Snapshot, ReadError>, now: Now) {
        self.follow_the_wall_clock(now);
        self.begun.read = true;
        match outcome {
            Ok(snapshot) => {
                self.answered = Some(self.timeline.label(now.monotonic));
                self.tell(None, snapshot.sys_name);
                self.take_readings(snapshot.interfaces, now);
            }
            Err(error) => {
                let calibration = self.calibration.as_mut();
                let lost_until =
                    calibration.map_or(now.monotonic, |calibration| calibration.fall_silent(now.monotonic));
                let end = self.timeline.label(lost_until);
                for followed in &mut self.followed {
                    followed.push(end, Some(error.gap_reason()), Amounts::UNKNOWN);
                }
                self.tell(Some(error.to_string()), self.sys_name.clone());
            }
        }
    }

    fn tell(&mut self, problem: Option<String>, sys_name: Option<Arc<str>>) {
        if (&self.problem, &self.sys_name) != (&problem, &sys_name) {
            self.revision += 1;
            (self.problem, self.sys_name) = (problem, sys_name);
        }
    }

    /// Keeps so much of each interface in memory from now on.
    pub(crate) fn set_keep(&mut self, keep: Keep) {
        if keep != self.keep {
            self.keep = keep;
            self.followed.iter_mut().for_each(|followed| followed.history.set_keep(keep));
        }
    }

    /// Lets go of samples that are in files, but for the last `but` of each interface.
    pub(crate) fn forget(&mut self, but: usize) {
        self.followed.iter_mut().for_each(|followed| followed.forget(but));
    }

    /// Takes in what a look at some counters gave, if anything.
    pub(crate) fn glanced(&mut self, glance: Option<Glance>, now: Now) {
        if let Some(calibration) = &mut self.calibration {
            calibration.glanced(glance, now.monotonic);
        }
    }

    /// When to look at which interfaces, by their indexes, before the next reading.
    pub(crate) fn next_glance(&self) -> Option<(Monotonic, &[u32])> {
        self.calibration.as_ref()?.next_glance()
    }

    /// When to take the reading that is due at `point`.
    pub(crate) fn time_to_read(&self, point: Monotonic) -> Monotonic {
        self.calibration.as_ref().map_or(point, |calibration| calibration.better_time(point))
    }

    /// What there is to say that is news.
    pub(crate) fn news(&mut self) -> Option<String> {
        if let Some(news) = self.calibration.as_mut().and_then(Calibration::news) {
            return Some(news);
        }
        if self.has_told_of_wraps {
            return None;
        }
        let is_seldom = |longest: &Duration| *longest < self.interval;
        let (ambiguous, longest) = self
            .followed
            .iter()
            .filter(|followed| followed.is_ambiguous())
            .find_map(|followed| Some((followed, followed.longest_interval().filter(is_seldom)?)))?;
        self.has_told_of_wraps = true;
        Some(format!(
            "{}: its 32-bit counters may wrap more than once between two readings: read them each {:.1} s or more often",
            ambiguous.interface.name(),
            // Not rounded up: that would be too seldom.
            (longest.as_secs_f64() * 10.0).floor() / 10.0,
        ))
    }

    /// The wall time of a moment, as the samples are labelled.
    pub(crate) fn label(&self, now: Now) -> Timestamp {
        self.timeline.label(now.monotonic)
    }

    /// What is to be expected after these readings.
    pub(crate) const fn pace(&self) -> Pace {
        self.pace
    }

    /// After the readings that began at `begun` the next ones are due at `point`.
    pub(crate) fn expect_next(&mut self, begun: Monotonic, point: Monotonic) {
        let next = self.time_to_read(point);
        let change = self.calibration.as_ref().and_then(Calibration::next);
        let barren = change.map_or(0, |change| {
            let until = change.since(next).min(Pace::LONGEST).as_micros().div_ceil(self.interval.as_micros().max(1));
            u32::try_from(until).unwrap_or_default()
        });
        self.pace = Pace { next: next.since(begun), barren };
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

    /// How many samples there ever were of all its interfaces together.
    pub(crate) fn samples(&self) -> u64 {
        self.followed.iter().map(|followed| followed.history.next_sequence()).sum()
    }

    /// The last readings, by the interfaces' names.
    pub(crate) fn readings(&self) -> HashMap<String, Reading> {
        let readings = self.followed.iter().filter_map(|one| Some((one.interface.name().to_owned(), one.newest()?)));
        readings.collect()
    }

    fn follow_the_wall_clock(&mut self, now: Now) {
        let Some(timeline) = self.timeline.after_step(now) else { return };
        let shift = self.timeline.to(timeline);
        self.answered = self.answered.map(&shift);
        for followed in &mut self.followed {
            followed.relabel(&shift);
        }
        self.timeline = timeline;
    }

    fn take_readings(&mut self, interfaces: Vec<(KeptInterface, Reading)>, now: Now) {
        let latest = interfaces.iter().map(|(_, reading)| reading.at).max().unwrap_or(now.monotonic);
        let (mut revision, mut came) = (self.revision, 0);
        self.groups.expect(interfaces.len());
        let known = self.positions(&interfaces);
        // They come all at once and stay: no room is made for more.
        self.followed.reserve_exact(known.iter().filter(|known| known.is_none()).count());
        let mut positions = Vec::with_capacity(interfaces.len());
        for ((interface, reading), known) in interfaces.iter().zip(known) {
            let position = known.unwrap_or_else(|| {
                let mut history = History::new(KEEP);
                history.set_keep(self.keep);
                history.reach(self.timeline.label(reading.at));
                let group = self.groups.join();
                self.followed.push(Followed::continuing(interface.clone(), None, history, group));
                came += 1;
                self.followed.len() - 1
            });
            // What has not changed is the same allocation.
            revision += u64::from(!self.followed[position].interface.is_same(interface));
            positions.push(position);
        }
        if let Some(calibration) = &mut self.calibration {
            let followed = &self.followed;
            let readings = interfaces
                .iter()
                .zip(&positions)
                .map(|((interface, reading), position)| (interface, reading, followed[*position].last()));
            let candidates = readings.clone().filter_map(|(interface, reading, last)| {
                let advanced =
                    last.map_or(0, |last| calibration::octets(reading).saturating_sub(calibration::octets(&last)));
                Some(Candidate { index: interface.if_index()?, reading, advanced })
            });
            let mut pairs = readings.filter_map(|(_, reading, last)| Some((last?, reading)));
            if pairs.any(|(last, reading)| was_restarted(&last, reading)) {
                calibration.restart(candidates);
            } else {
                calibration.read(candidates);
            }
        }
        for ((interface, reading), position) in interfaces.into_iter().zip(&positions) {
            self.followed[*position].take(&interface, reading, &self.timeline, self.calibration.as_ref());
        }
        // No two of them are the same interface: as many as there are, are all of them.
        if positions.len() < self.followed.len() {
            let (present, end): (HashSet<usize>, _) = (positions.into_iter().collect(), self.timeline.label(latest));
            let absent = self.followed.iter_mut().enumerate().filter(|(position, _)| !present.contains(position));
            absent.for_each(|(_, followed)| followed.miss(end));
        }
        let went = self.forget_the_absent();
        if came + went > 0 {
            self.followed.sort_by_key(|followed| followed.interface.if_index());
        }
        self.revision = revision + came + went;
    }

    /// Where the interfaces of a snapshot are among those that are followed, which come in the same order but when something
    /// changed.
    fn positions(&self, interfaces: &[(KeptInterface, Reading)]) -> Vec<Option<usize>> {
        let followed = || self.followed.iter().map(|followed| &followed.interface);
        let mut pairs = interfaces.iter().map(|(interface, _)| interface).zip(followed());
        if interfaces.len() <= self.followed.len()
            && pairs.all(|(one, other)| one.is_same(other) || one.name() == other.name())
        {
            return (0..interfaces.len()).map(Some).collect();
        }
        let places: HashMap<&str, usize> = followed().map(KeptInterface::name).zip(0..).collect();
        interfaces.iter().map(|(interface, _)| places.get(interface.name()).copied()).collect()
    }

    /// An interface that was not there for as long as samples are kept is not shown any more, and of those that were there
    /// since no more than there ever were at a time: on some devices what vanished never comes again. Tells how many went.
    fn forget_the_absent(&mut self) -> u64 {
        /// Of a device with few interfaces, all may go and come.
        const FEW: usize = 64;

        let count = self.followed.len();
        let mut absent: Vec<Timestamp> = self.followed.iter().filter_map(Followed::absent_since).collect();
        self.most_at_a_time = self.most_at_a_time.max(count - absent.len());
        let most = FEW.max(self.most_at_a_time);
        let recent = absent.len().checked_sub(most + 1).map(|last| *absent.select_nth_unstable(last).1);
        let groups = &mut self.groups;
        self.followed.retain(|followed| {
            let is_one_too_many = followed.absent_since().is_some_and(|since| Some(since) <= recent);
            let is_forgotten = followed.is_forgotten() || is_one_too_many;
            if is_forgotten {
                groups.leave(followed.group);
            }
            !is_forgotten
        });
        (count - self.followed.len()) as u64
    }
}

#[cfg(test)]
mod tests;
