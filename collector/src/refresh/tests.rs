//! Agents that refresh their counters in all kinds of ways, under a constant load: what comes out is flat.

use super::*;

/// Of how many octets a second the load is.
const LOAD: f64 = 1_000_000.0;

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

fn at(seconds: f64) -> Monotonic {
    Monotonic::new(Duration::from_secs_f64(1_000.0 + seconds))
}

/// How an agent refreshes what it shows.
#[derive(Clone, Copy, Debug)]
enum Agent {
    Live,
    /// By its own timer, each so many seconds, and late by up to so many.
    Timer {
        period: f64,
        phase: f64,
        late: f64,
    },
    /// When it is asked and what it has is older than so many seconds.
    OnDemand {
        period: f64,
    },
}

/// A collector that reads an agent, in a time of its own.
#[derive(Debug)]
struct Scene {
    agent: Agent,
    interval: f64,
    /// Octets counted by then, as the agent knows.
    load: fn(f64) -> f64,
    refresh: Refresh,
    /// When the agent refreshed what it shows.
    shown: f64,
    seen: Option<f64>,
    glances: usize,
    /// What part of all answers is lost, those after half a second of waiting.
    lost: f64,
    random: u64,
    now: f64,
    samples: Vec<Sample>,
    /// As of when, and of how many octets, the last reading was that became a sample.
    base: Option<(Monotonic, f64)>,
    /// What the first reading showed.
    first: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    /// When it came to be known.
    known: f64,
    duration: f64,
    octets: f64,
}

impl Sample {
    fn rate(&self) -> f64 {
        self.octets / self.duration
    }
}

impl Scene {
    fn new(agent: Agent, interval: f64, load: fn(f64) -> f64) -> Self {
        Self {
            agent,
            interval,
            load,
            refresh: Refresh::new(Duration::from_secs_f64(interval)),
            shown: f64::NEG_INFINITY,
            seen: None,
            glances: 0,
            lost: 0.0,
            random: 7,
            now: 0.0,
            samples: Vec::new(),
            base: None,
            first: None,
        }
    }

    fn random(&mut self) -> f64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.random >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    fn round_trip(&mut self) -> f64 {
        let lost = if self.random() < self.lost { 0.5 } else { 0.0 };
        lost + 0.001 + self.random() * 0.003
    }

    /// What the agent shows at that time.
    fn octets(&mut self, now: f64) -> f64 {
        self.shown = match self.agent {
            Agent::Live => now,
            Agent::Timer { period, phase, late } => {
                let refreshed = |number: f64| number * period + phase + (number * 0.618_034).fract().abs() * late;
                // As late as that, each time another one, whenever it is asked.
                let number = ((now - phase) / period).floor();
                if refreshed(number) <= now { refreshed(number) } else { refreshed(number - 1.0) }
            }
            Agent::OnDemand { period } => {
                if now - self.shown >= period {
                    now
                } else {
                    self.shown
                }
            }
        };
        (self.load)(self.shown).floor()
    }

    fn look(&mut self, now: f64, kind: Kind) -> f64 {
        let octets = self.octets(now);
        let before = self.seen.replace(octets).unwrap_or(octets);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "octets of some minutes")]
        self.refresh.look(Look { at: at(now), octets: (octets - before) as u64, kind });
        octets
    }

    /// Reads for so many seconds.
    fn run(&mut self, seconds: f64) {
        let end = self.now + seconds;
        let mut number = (self.now / self.interval).ceil();
        while number * self.interval < end {
            let point = number * self.interval;
            number += 1.0;
            let mut due = self.refresh.better_time(at(point)).since(at(0.0)).as_secs_f64().max(point);
            while let Some(glance) = self.refresh.next_glance() {
                let glance = glance.since(at(0.0)).as_secs_f64().max(self.now);
                if glance >= due {
                    break;
                }
                self.now = glance + self.round_trip();
                self.glances += 1;
                self.look(self.now, Kind::Glance);
                due = self.refresh.better_time(at(point)).since(at(0.0)).as_secs_f64().max(due);
            }
            self.now = due.max(self.now) + self.round_trip();
            let octets = self.look(self.now, Kind::Reading);
            self.sample(octets);
        }
        self.now = self.now.max(end);
    }

    fn sample(&mut self, octets: f64) {
        let now = at(self.now);
        let Some((base, before)) = self.base else {
            self.base = Some((now, octets));
            self.first = Some(octets);
            return;
        };
        #[expect(clippy::float_cmp, reason = "they are whole")]
        let AsOf::At(as_of) = self.refresh.as_of(now, octets != before) else { return };
        assert!(as_of <= now, "{as_of:?} is after {now:?}");
        let base = if self.samples.is_empty() { self.refresh.was_as_of(base) } else { base };
        if as_of > base {
            let duration = as_of.since(base).as_secs_f64();
            self.samples.push(Sample { known: self.now, duration, octets: octets - before });
            self.base = Some((as_of, octets));
        }
    }

    /// The samples that came to be known after that have all the rate of the load, and none is missing.
    #[track_caller]
    fn check_flat(&self, after: f64, within: f64) {
        let samples: Vec<&Sample> = self.samples.iter().filter(|sample| sample.known > after).collect();
        let told: f64 = samples.iter().map(|sample| sample.duration).sum();
        let missing = self.now - after - told;
        let period = self.refresh.period().unwrap_or_default().as_secs_f64();
        assert!(missing < 2.5 * period + 2.0 * self.interval, "{missing} s are missing: {self:#?}");
        for sample in samples {
            let off = (sample.rate() / LOAD - 1.0).abs();
            assert!(off < within, "{sample:?} in {self:#?}");
        }
    }
}

fn constant(time: f64) -> f64 {
    1e9 + LOAD * time
}

/// Reads such an agent for a good while: each sample has the rate of the load, after so many periods within so much.
#[track_caller]
fn check(agent: Agent, period: f64, interval: f64, seed: u64, bounds: &[(f64, f64)]) {
    let mut scene = Scene::new(agent, interval, constant);
    scene.random += seed;
    scene.run((200.0 * interval).max(600.0));
    // What is refreshed that often is taken for live, and off by a sixteenth at most.
    let least = if period * 16.0 > interval { 0.0 } else { 0.064 };
    for (periods, within) in bounds {
        let after = if *periods > 0.0 { periods * period + 3.0 * interval + 4.0 } else { 0.0 };
        scene.check_flat(after, within.max(least));
    }
}

const INTERVALS: [f64; 7] = [0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0];

#[test]
fn a_timer_is_learned_whatever_its_period() {
    for interval in INTERVALS {
        for period in [0.5, 1.0, 2.0, 3.0, 3.06, 5.0, 10.0, 15.0, 30.0] {
            for phase in [0.0, 0.33, 0.9] {
                for late in [0.0, 0.004] {
                    let (phase, late) = (phase * period, late * period);
                    // It may begin with a zero where nothing changes for longer than most caches are old.
                    let bounds = [(if period > 12.0 { 5.0 } else { 0.0 }, 0.05)];
                    check(Agent::Timer { period, phase, late }, period, interval, 0, &bounds);
                }
            }
        }
    }
}

#[test]
fn a_cache_that_is_filled_when_it_is_asked_is_learned() {
    for interval in [0.5, 1.0, 2.0, 5.0, 10.0] {
        for period in [1.0, 1.5, 2.0, 3.0, 3.06, 5.0, 7.3, 10.0] {
            for seed in 0..6 {
                // While it is taken for a timer, a reading that comes a little later than the refresh makes no difference.
                check(Agent::OnDemand { period }, period, interval, seed * 1_000_003, &[(0.0, 0.09), (30.0, 0.05)]);
            }
        }
    }
}

#[test]
fn whatever_the_period_the_first_sample_is_as_flat_as_the_last() {
    let mut scene = Scene::new(Agent::Live, 1.0, constant);
    for number in 0..400 {
        let (period, phase) = (1.0 + scene.random() * 11.0, scene.random() * 12.0);
        let interval = [0.5, 1.0, 2.0, 5.0, 10.0][number % 5];
        check(Agent::OnDemand { period }, period, interval, scene.random >> 40, &[(0.0, 0.09)]);
        check(Agent::Timer { period, phase, late: 0.004 }, period, interval, scene.random >> 40, &[(0.0, 0.05)]);
    }
}

#[test]
fn a_live_agent_is_recognised_and_loses_no_resolution() {
    for interval in INTERVALS {
        let mut scene = Scene::new(Agent::Live, interval, constant);
        scene.run(interval * 120.0);
        assert_eq!(scene.refresh.period(), None);
        assert!(scene.samples.len() >= 117, "{} of {interval}", scene.samples.len());
        // Some at first, and some more each ten minutes.
        assert!(count(scene.glances) < 10.0 + 5.0 * (scene.now / 600.0), "{} glances", scene.glances);
        scene.check_flat(interval * 2.0, 0.001);
    }
}

#[test]
fn answers_that_are_lost_make_learning_longer_and_not_wrong() {
    for period in [3.0, 5.0] {
        for phase in [0.0, 0.4, 0.7] {
            let mut scene = Scene::new(Agent::Timer { period, phase: phase * period, late: 0.0 }, 1.0, constant);
            scene.lost = 0.2;
            scene.run(600.0);
            let told = scene.refresh.period().unwrap().as_secs_f64();
            assert!((told / period - 1.0).abs() < 0.01, "{told} of {period}");
            scene.check_flat(120.0, 0.05);
        }
    }
}

#[test]
fn the_period_is_told() {
    let mut scene = Scene::new(Agent::Timer { period: 3.0, phase: 1.0, late: 0.01 }, 1.0, constant);
    scene.run(60.0);
    let period = scene.refresh.period().unwrap().as_secs_f64();
    assert!((2.95..3.05).contains(&period), "{period}");
}

#[test]
fn what_is_learned_costs_few_looks() {
    for (period, interval, most) in [(3.0, 1.0, 400), (3.0, 5.0, 800), (10.0, 1.0, 400)] {
        let mut scene = Scene::new(Agent::Timer { period, phase: 1.0, late: 0.01 }, interval, constant);
        scene.run(3_600.0);
        assert!(scene.glances < most, "{} glances in an hour of {period} s, read each {interval} s", scene.glances);
    }
}

#[test]
fn a_period_that_changes_is_learned_again() {
    for (from, to) in [(3.0, 5.0), (5.0, 3.0), (3.0, 1.0), (10.0, 4.0)] {
        for interval in [0.5, 1.0, 5.0] {
            let mut scene = Scene::new(Agent::Timer { period: from, phase: 0.5, late: 0.0 }, interval, constant);
            scene.run(100.0);
            scene.agent = Agent::Timer { period: to, phase: 0.7, late: 0.0 };
            scene.run(400.0);
            scene.check_flat(300.0, 0.05);
        }
    }
}

#[test]
fn an_agent_that_becomes_live_loses_no_resolution() {
    let mut scene = Scene::new(Agent::Timer { period: 3.0, phase: 0.5, late: 0.0 }, 1.0, constant);
    scene.run(100.0);
    scene.agent = Agent::Live;
    scene.run(100.0);
    assert_eq!(scene.refresh.period(), None);
    scene.check_flat(120.0, 0.01);
}

#[test]
fn an_agent_that_ceases_to_be_live_is_found_out() {
    let mut scene = Scene::new(Agent::Live, 1.0, constant);
    scene.run(100.0);
    scene.agent = Agent::Timer { period: 3.0, phase: 0.5, late: 0.0 };
    scene.run(300.0);
    scene.check_flat(250.0, 0.05);
}

#[test]
fn what_is_idle_is_a_true_zero_before_long() {
    let idle = |_| 1e9;
    let mut scene = Scene::new(Agent::Timer { period: 3.0, phase: 0.5, late: 0.0 }, 1.0, idle);
    scene.run(60.0);
    let told: f64 = scene.samples.iter().map(|sample| sample.duration).sum();
    assert!(told > 58.0, "{told}");
    assert!(scene.samples.first().unwrap().known < 14.0);
}

#[test]
fn nothing_is_lost_of_what_comes_and_goes() {
    /// A second of load each 17 seconds.
    fn bursts(time: f64) -> f64 {
        1e9 + LOAD * ((time / 17.0).floor() + (time % 17.0).min(1.0))
    }

    let timer = Agent::Timer { period: 3.0, phase: 0.5, late: 0.01 };
    for agent in [Agent::Live, timer, Agent::OnDemand { period: 3.0 }] {
        for interval in [0.5, 1.0, 5.0] {
            let mut scene = Scene::new(agent, interval, bursts);
            scene.run(900.0);
            let told: f64 = scene.samples.iter().map(|sample| sample.octets).sum();
            let (_, seen) = scene.base.unwrap();
            let first = scene.first.unwrap();
            assert!((told - (seen - first)).abs() < 0.5, "{told} of {}", seen - first);
            let known: f64 = scene.samples.iter().map(|sample| sample.duration).sum();
            // While it is learned anew, a burst and what comes after it are waited for.
            assert!(known > 900.0 - 17.0 - 12.0 - interval, "{known} s of 900 are told of: {scene:#?}");
        }
    }
}
