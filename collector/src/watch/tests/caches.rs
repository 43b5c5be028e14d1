//! Agents that answer from caches, idle and under load, through all that makes samples of their readings.

use proptest::prelude::*;
use stats::Width;

use super::*;
use crate::source::Glance;

/// What a link carries in a second: one of a gigabit.
const CARRIES: f64 = 125_000_000.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Live,
    /// Refreshes by its own timer.
    Timer,
    /// Refreshes when it is asked and what it has is too old.
    Demand,
}

/// An agent, how it is read, and what passes through the one interface that it has.
#[derive(Clone, Debug)]
struct Scene {
    kind: Kind,
    period: f64,
    interval: f64,
    width: Width,
    /// From when on how many octets a second pass.
    load: Vec<(f64, f64)>,
    end: f64,
    restart: Option<f64>,
    /// From when on its timer has another period.
    change: Option<(f64, f64)>,
}

impl Scene {
    fn new(kind: Kind, period: f64, interval: f64, load: &[(f64, f64)], end: f64) -> Self {
        Self { kind, period, interval, width: Width::Bits64, load: load.to_vec(), end, restart: None, change: None }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "octets of some minutes")]
    fn passed(&self, time: f64) -> u64 {
        let ends = self.load.iter().skip(1).map(|(from, _)| *from).chain([f64::INFINITY]);
        let parts = self.load.iter().zip(ends).map(|((from, rate), end)| (end.min(time) - from).max(0.0) * rate);
        parts.sum::<f64>() as u64
    }

    /// The refresh that is shown at `now`, the one before having been at `shown`.
    fn refreshed(&self, now: f64, shown: f64) -> f64 {
        const PHASE: f64 = 0.7;

        let (from, period) = match self.change {
            Some((at, period)) if now >= at => (at, period),
            _ => (self.restart.filter(|at| now >= *at).unwrap_or(PHASE - 100.0 * self.period), self.period),
        };
        let since_restart = self.restart.filter(|at| now >= *at && shown < *at);
        match self.kind {
            Kind::Live => now,
            Kind::Timer => shown.max(from + ((now - from) / period).floor() * period),
            Kind::Demand if now - shown >= period || since_restart.is_some() => now,
            Kind::Demand => shown,
        }
    }

    /// Reads it to the end.
    fn run(&self) -> Told {
        let time = |seconds: f64| Monotonic::new(Duration::from_secs_f64(1_000.0 + seconds));
        let seconds = |time: Monotonic| time.since_zero().as_secs_f64() - 1_000.0;
        let now = |at: f64| Now { monotonic: time(at), wall: moment(0).wall.after(Duration::from_secs_f64(at)) };
        let timeline = Timeline::beginning(now(0.0));
        let mut watch =
            Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs_f64(self.interval), timeline);
        watch.calibrate();
        let speed = Some(Speed::from_bits_per_second(1_000_000_000));
        let interface = KeptInterface::from(Interface {
            name: "eth0".to_owned(),
            if_index: Some(1),
            speed,
            ..Interface::default()
        });
        let (mut shown, mut at, mut readings) = (f64::NEG_INFINITY, 0.0_f64, Vec::new());
        let mut octets = |at: f64| {
            shown = self.refreshed(at, shown);
            let restarted = self.restart.filter(|restart| at >= *restart);
            // It begins as high as it wraps soon.
            restarted.map_or(4_000_000_000, |_| 0) + self.passed(shown) - restarted.map_or(0, |at| self.passed(at))
        };
        let mut point = 0.0;
        while point <= self.end {
            while let Some((glance, _)) = watch.next_glance() {
                let glance = seconds(glance).max(at);
                if glance >= seconds(watch.time_to_read(time(point))) {
                    break;
                }
                at = glance + 0.002;
                let octets = octets(at);
                let octets = if self.width == Width::Bits32 { octets & 0xffff_ffff } else { octets };
                watch.glanced(Some(Glance { at: time(at), octets }), now(at));
            }
            at = at.max(seconds(watch.time_to_read(time(point)))) + 0.002;
            let octets = octets(at);
            let since_start = at - self.restart.filter(|restart| at >= *restart).unwrap_or(-1_000.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundredths of some minutes")]
            let uptime = Uptime::from_ticks((since_start * 100.0) as u32);
            let mut reading = Reading::new(time(at), Some(uptime));
            reading.set(Counter::InOctets, octets, self.width);
            let interfaces = vec![(interface.clone(), reading)];
            watch.take(Ok(Snapshot { sys_name: None, interfaces, missing: Arc::default() }), now(at));
            readings.push(octets);
            point += self.interval;
            while point < at {
                point += self.interval;
            }
        }
        let stats = watch.stats(0..1, usize::MAX);
        let start = moment(0).wall;
        Told { start, samples: stats.interfaces[0].samples.to_vec(), refresh: stats.refresh, readings }
    }
}

/// What came of it.
#[derive(Debug)]
struct Told {
    start: Timestamp,
    samples: Vec<Sample>,
    refresh: Option<Duration>,
    /// What each reading showed.
    readings: Vec<u64>,
}

impl Told {
    fn from(&self, sample: &Sample) -> f64 {
        sample.start().since(self.start).as_secs_f64()
    }

    /// The samples add up to what some reading of the last ones showed.
    #[track_caller]
    fn check_sum(&self, scene: &Scene) {
        let sum: u64 = self.samples.iter().filter_map(|sample| sample.passed.get(Quantity::InOctets)).sum();
        assert!(
            self.readings.contains(&(self.readings[0] + sum)),
            "{sum} is what no reading showed: {scene:?}: {:#?}",
            self.samples
        );
        for pair in self.samples.windows(2) {
            assert_eq!(pair[0].end, pair[1].start(), "samples follow each other without a break");
        }
    }

    #[track_caller]
    fn check_no_gap(&self, scene: &Scene) {
        let gap = self.samples.iter().find(|sample| sample.gap.is_some());
        assert!(gap.is_none(), "{gap:?} of {scene:?}");
    }

    /// From then on each sample is of that rate, and they reach to the end.
    #[track_caller]
    fn check_flat(&self, scene: &Scene, after: f64, rate: f64, within: f64) {
        let samples: Vec<&Sample> = self.samples.iter().filter(|sample| self.from(sample) > after).collect();
        for sample in &samples {
            let told = sample.per_second(Quantity::InOctets);
            let off = told.map(|told| (told / rate - 1.0).abs());
            assert!(off.is_some_and(|off| off < within), "{told:?} instead of {rate} in {sample:?} of {scene:?}");
        }
        let reached = self.samples.last().map_or(0.0, |sample| self.from(sample) + sample.duration.as_secs_f64());
        let late = scene.end - reached;
        assert!(
            late < 2.5 * scene.period + 2.0 * scene.interval,
            "{late} s before the end there is no more: {scene:?}"
        );
    }
}

/// No multiples of the intervals, or it would be by accident whether a question comes in time for what is too old.
const PERIODS: [f64; 3] = [1.56, 3.06, 5.06];
const INTERVALS: [f64; 4] = [0.5, 1.0, 2.0, 5.0];

#[test]
fn a_load_that_begins_after_any_idle_time_is_a_flat_line() {
    const LOAD: f64 = 1_000_000.0;

    let long = [(Kind::Timer, 10.06)];
    let kinds = [Kind::Timer, Kind::Demand].map(|kind| PERIODS.map(|period| (kind, period)));
    for (kind, period) in kinds.into_iter().flatten().chain(long) {
        for interval in INTERVALS {
            for idle in [0.0, 5.0, 20.0, 33.0, 45.0, 80.0, 120.0, 300.0, 650.0] {
                let end = idle + 60.0 + 40.0 * period;
                let scene = Scene::new(kind, period, interval, &[(0.0, 0.0), (idle, LOAD)], end);
                let told = scene.run();
                told.check_sum(&scene);
                told.check_no_gap(&scene);
                // What refreshes when it is asked can't always be told from a timer, where that makes so little difference.
                let (learned, within) = if kind == Kind::Timer { (8.0, 0.05) } else { (8.0, 0.09) };
                told.check_flat(&scene, idle + learned * period + 3.0 * interval + 4.0, LOAD, within);
                let highest = told.samples.iter().filter_map(|sample| sample.per_second(Quantity::InOctets));
                let highest = highest.fold(0.0, f64::max);
                assert!(highest < 1.3 * LOAD, "{highest} is a spike: {scene:?}: {told:#?}");
                assert!(told.refresh.is_some(), "{scene:?}");
            }
        }
    }
}

#[test]
fn a_live_agent_that_was_idle_loses_no_resolution() {
    const LOAD: f64 = 1_000_000.0;

    for interval in INTERVALS {
        for idle in [0.0, 33.0, 120.0, 650.0] {
            let scene = Scene::new(Kind::Live, 0.0, interval, &[(0.0, 0.0), (idle, LOAD)], idle + 100.0 * interval);
            let told = scene.run();
            told.check_sum(&scene);
            told.check_no_gap(&scene);
            told.check_flat(&scene, idle + 2.0 * interval + 1.0, LOAD, 0.05);
            let many = told.samples.iter().filter(|sample| told.from(sample) > idle).count();
            assert!(many >= 97, "{many} samples of 100: {scene:?}");
        }
    }
}

#[test]
fn a_link_that_is_nearly_full_is_told_of_to_the_octet() {
    for kind in [Kind::Live, Kind::Timer, Kind::Demand] {
        for (period, interval) in [
            (3.06, 0.5),
            (3.06, 1.0),
            (3.06, 5.0),
            (3.06, 10.0),
            (5.0, 1.0),
            (5.0, 7.0),
            (10.0, 1.0),
            (10.0, 5.0),
            (10.0, 15.0),
        ] {
            for part in [0.05, 0.4, 0.8, 0.96] {
                for width in [Width::Bits64, Width::Bits32] {
                    for idle in [0.0, 40.0] {
                        let load = [(0.0, 0.0), (idle, part * CARRIES)];
                        let scene = Scene { width, ..Scene::new(kind, period, interval, &load, idle + 400.0) };
                        let told = scene.run();
                        told.check_no_gap(&scene);
                        told.check_sum(&scene);
                    }
                }
            }
        }
    }
}

#[test]
fn a_restart_of_a_cache_costs_no_more_than_a_refresh() {
    const LOAD: f64 = 1_000_000.0;

    for (period, interval) in [(3.06, 0.5), (3.06, 1.0), (5.0, 1.0), (5.0, 2.0), (10.0, 1.0), (10.0, 5.0)] {
        for restart in [167.0, 168.3, 169.9] {
            let load = [(0.0, LOAD)];
            let scene = Scene { restart: Some(restart), ..Scene::new(Kind::Timer, period, interval, &load, 300.0) };
            let told = scene.run();
            let gaps: Vec<&Sample> = told.samples.iter().filter(|sample| sample.gap.is_some()).collect();
            assert!(!gaps.is_empty() && gaps.iter().all(|sample| sample.gap == Some(GapReason::Restarted)), "{gaps:?}");
            let lost: Duration = gaps.iter().map(|sample| sample.duration).sum();
            assert!(lost.as_secs_f64() < period + interval + 0.1, "{lost:?} of {scene:?}: {gaps:?}");
            told.check_flat(&scene, restart + period + interval, LOAD, 0.05);
        }
    }
}

#[test]
fn a_period_that_becomes_a_multiple_while_nothing_passes_is_learned_again() {
    const LOAD: f64 = 1_000_000.0;

    for interval in [0.2, 0.5] {
        let load = [(0.0, LOAD), (60.0, 0.0), (160.0, LOAD)];
        let scene = Scene { change: Some((100.0, 5.0)), ..Scene::new(Kind::Timer, 1.0, interval, &load, 500.0) };
        let told = scene.run();
        told.check_sum(&scene);
        told.check_flat(&scene, 220.0, LOAD, 0.05);
    }
}

#[test]
fn what_passed_for_a_moment_long_before_keeps_no_refresh_from_being_learned() {
    let load = [(0.0, 3_000_000.0), (3.2, 0.0), (32.6, 0.8 * CARRIES)];
    let scene = Scene::new(Kind::Timer, 5.345, 6.745, &load, 150.0);
    let told = scene.run();
    told.check_sum(&scene);
    told.check_no_gap(&scene);
    assert!(
        told.refresh.is_some_and(|refresh| refresh.abs_diff(Duration::from_millis(5_345)) < Duration::from_millis(50))
    );
}

proptest! {
    #![proptest_config(from_a_seed())]

    #[test]
    fn whatever_passes_through_a_cache_is_told_of_and_nothing_else(
        kind in prop_oneof![Just(Kind::Live), Just(Kind::Timer), Just(Kind::Demand)],
        period in 0.5..12.0_f64,
        interval in 0.2..12.0_f64,
        // No longer in all than samples are kept.
        parts in prop::collection::vec((0.5..45.0_f64, prop_oneof![Just(0.0), 0.0..0.05_f64, 0.8..0.95_f64]), 1..12),
        narrow in any::<bool>(),
    ) {
        // Of 32 bits a counter wraps each 34 s on such a link, which is sooner than some caches can be learned.
        let carries = if narrow { CARRIES / 4.0 } else { CARRIES };
        let mut from = 0.0;
        let load: Vec<(f64, f64)> = parts.iter().map(|(lasts, part)| {
            let begins = from;
            from += lasts;
            (begins, part * carries)
        }).collect();
        let width = if narrow { Width::Bits32 } else { Width::Bits64 };
        let scene = Scene { width, ..Scene::new(kind, period, interval, &load, from + 60.0) };
        let told = scene.run();
        told.check_no_gap(&scene);
        told.check_sum(&scene);
    }
}
