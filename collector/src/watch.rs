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
    pub(crate) fn resume(&mut self, earlier: &TargetStats, mut readings: HashMap<String, Reading>) {
        self.sys_name = earlier.sys_name.as_deref().map(Arc::from);
        for stats in &earlier.interfaces {
            let last = readings.remove(&stats.name);
            let mut history = History::beginning_at(stats.samples.first().unwrap_or(0), KEEP);
            stats.samples.to_vec().into_iter().for_each(|sample| history.push(sample));
            let newest = history.newest().map(|newest| newest.end);
            let Some(reached) = newest.or_else(|| Some(self.timeline.label(last?.at))) else { continue };
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
        let gap = self.history.newest().and_then(|newest| newest.gap.clone());
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
        let all = self.history.last(usize::MAX);
        let absent = |sample: &Sample| sample.gap == Some(GapReason::Absent);
        self.last.is_none()
            && all.clone().all(|entry| absent(entry.sample))
            && all.map(|entry| entry.sample.duration).sum::<Duration>() >= KEEP
    }
}

#[cfg(test)]
mod tests {
    use stats::{Counter, Monotonic, Quantity, Uptime};

    use super::*;
    use crate::source::ReadError;

    /// What a round of the tests gives: no answer, or the octets that came in through each interface.
    type Round<'a> = Option<&'a [(&'a str, u64)]>;

    fn moment(second: u64) -> Now {
        let wall = Timestamp::from_micros(1_000_000_000_000_000).after(Duration::from_secs(second));
        Now { monotonic: Monotonic::new(Duration::from_secs(100 + second)), wall }
    }

    fn outcome(second: u64, round: Round<'_>) -> Result<Snapshot, ReadError> {
        let no_answer = || ReadError::NoAnswer { address: "192.0.2.1:161".to_owned(), waited: Duration::from_secs(1) };
        let interfaces = round.ok_or_else(no_answer)?.iter().map(|(name, octets)| {
            let interface = Interface { name: (*name).to_owned(), ..Interface::default() };
            // An agent that was started with the first round, and again where the counter is below 10.
            let uptime = if *octets < 10 { 5 } else { 100 * u32::try_from(second + 1_000).unwrap() };
            let reading = Reading::new(moment(second).monotonic, Some(Uptime::from_ticks(uptime)));
            (Arc::new(interface), reading.with(Counter::InOctets, *octets))
        });
        Ok(Snapshot { sys_name: None, interfaces: interfaces.collect(), missing: Arc::default() })
    }

    fn watched(rounds: &[Round<'_>]) -> Watch {
        let timeline = Timeline::beginning(moment(0));
        let mut watch = Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs(1), timeline);
        for (second, round) in (0..).zip(rounds) {
            watch.take(outcome(second, *round), moment(second));
        }
        watch
    }

    /// The samples of an interface as text: the octets, `!` and the reason where it is a gap, the seconds where not one.
    fn told(watch: &Watch, name: &str) -> String {
        let stats = watch.stats(0..watch.interface_count(), usize::MAX);
        let found = stats.interfaces.iter().find(|stats| stats.name == name);
        let samples = found.map(|stats| stats.samples.to_vec()).unwrap_or_default();
        let words = samples.iter().map(|sample| {
            let octets =
                sample.passed.get(Quantity::InOctets).map_or_else(|| "?".to_owned(), |octets| octets.to_string());
            let gap = sample.gap.as_ref().map_or_else(String::new, |reason| format!("!{}", reason.as_str()));
            let seconds = sample.duration.as_secs();
            if seconds == 1 { format!("{octets}{gap}") } else { format!("{octets}{gap}/{seconds}s") }
        });
        words.collect::<Vec<String>>().join(" ")
    }

    #[track_caller]
    fn check(rounds: &[Round<'_>], expected: &str) {
        assert_eq!(told(&watched(rounds), "eth0"), expected);
    }

    #[test]
    fn samples_are_what_passed_between_readings() {
        check(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)]), Some(&[("eth0", 150)])], "50 0");
    }

    #[test]
    fn silence_is_a_gap_that_ends_with_what_passed_in_all_of_it() {
        check(
            &[
                Some(&[("eth0", 100)]),
                Some(&[("eth0", 150)]),
                None,
                None,
                Some(&[("eth0", 950)]),
                Some(&[("eth0", 960)]),
            ],
            "50 ?!noAnswer ?!noAnswer 800!noAnswer 10",
        );
    }

    #[test]
    fn what_passed_before_and_in_a_gap_adds_up_to_the_counters_advance() {
        let watch = watched(&[Some(&[("eth0", 100)]), None, Some(&[("eth0", 150)]), Some(&[("eth0", 175)]), None]);
        let samples = watch.stats(0..1, usize::MAX).interfaces[0].samples.to_vec();
        let sum: u64 = samples.iter().filter_map(|sample| sample.passed.get(Quantity::InOctets)).sum();
        assert_eq!(sum, 75);
    }

    #[test]
    fn a_restart_is_a_gap_and_nothing_else() {
        check(&[Some(&[("eth0", 100)]), Some(&[("eth0", 5)]), Some(&[("eth0", 80)])], "?!restarted 75");
    }

    #[test]
    fn an_interface_that_goes_and_comes_is_absent_in_between() {
        check(
            &[
                Some(&[("eth0", 100), ("ppp0", 1_000)]),
                Some(&[("ppp0", 1_000)]),
                Some(&[]),
                Some(&[("eth0", 20)]),
                Some(&[("eth0", 30)]),
            ],
            "?!absent ?!absent ?!absent 10",
        );
    }

    #[test]
    fn an_interface_that_comes_later_begins_then() {
        check(
            &[Some(&[("ppp0", 100)]), Some(&[("ppp0", 100), ("eth0", 500)]), Some(&[("ppp0", 100), ("eth0", 600)])],
            "100",
        );
    }

    #[test]
    fn interfaces_are_followed_by_name_whatever_their_order() {
        check(
            &[Some(&[("eth0", 100), ("ppp0", 10)]), Some(&[("ppp0", 11), ("eth0", 150)]), Some(&[("eth0", 151)])],
            "50 1",
        );
    }

    #[test]
    fn an_interface_that_is_gone_for_longer_than_samples_are_kept_is_forgotten() {
        let mut watch = watched(&[Some(&[("eth0", 100), ("ppp0", 10)])]);
        for second in 1..1_300 {
            watch.take(outcome(second, Some(&[("eth0", 100)])), moment(second));
        }
        assert_eq!(watch.interface_count(), 1);
    }

    #[test]
    fn a_problem_is_told_until_it_is_over() {
        let mut watch = watched(&[Some(&[("eth0", 100)]), None]);
        assert!(watch.problem().unwrap().contains("no answer from 192.0.2.1:161"));
        watch.take(outcome(2, Some(&[("eth0", 100)])), moment(2));
        assert_eq!(watch.problem(), None);
    }

    #[test]
    fn a_clock_that_was_set_moves_all_samples_and_begins_a_run() {
        let mut watch = watched(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)])]);
        let run = watch.stats(0..1, 1).run;
        let set = |second| Now { wall: moment(second).wall.after(Duration::from_hours(1)), ..moment(second) };
        watch.take(outcome(2, Some(&[("eth0", 155)])), set(2));
        let stats = watch.stats(0..1, usize::MAX);
        assert_ne!(stats.run, run);
        let ends: Vec<Timestamp> = stats.interfaces[0].samples.to_vec().iter().map(|sample| sample.end).collect();
        assert_eq!(ends, [set(1).wall, set(2).wall]);
        assert_eq!(told(&watch, "eth0"), "50 5");
    }

    #[test]
    fn a_collector_that_was_restarted_goes_on_after_a_gap() {
        let earlier = watched(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)])]).stats(0..1, usize::MAX);
        let mut watch = watched(&[]);
        watch.resume(&earlier, HashMap::new());
        watch.take(outcome(9, Some(&[("eth0", 800)])), moment(9));
        watch.take(outcome(10, Some(&[("eth0", 801)])), moment(10));
        assert_eq!(told(&watch, "eth0"), "50 ?!collectorStopped/8s 1");
        assert_eq!(watch.stats(0..1, 1).interfaces[0].samples.first(), Some(2));
    }

    #[test]
    fn readings_that_were_kept_bridge_the_time_between_two_calls() {
        let before = watched(&[Some(&[("eth0", 100)]), Some(&[("eth0", 150)])]);
        let mut watch = watched(&[]);
        watch.resume(&before.stats(0..1, usize::MAX), before.readings());
        watch.take(outcome(61, Some(&[("eth0", 750)])), moment(61));
        assert_eq!(told(&watch, "eth0"), "50 600/60s");
    }
}
