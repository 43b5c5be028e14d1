//! Whatever an agent does, and however it is read: nothing is invented, and nothing is lost that could be had.

use proptest::prelude::*;
use stats::Width;

use super::*;

/// What happens in one interval.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// So much passes, in parts of what the link carries.
    Traffic(f64),
    /// The same, and the answer is lost.
    Silence(f64),
    /// The agent is started again; its counters begin at 0.
    Restart,
    /// The counters are cleared, and nobody says so.
    Clear,
    /// The interface is not there.
    Absence,
    /// The reading shows a value that is none, once: one that is too high, or one that is too low.
    Glitch,
    Dip,
}

/// A link of a gigabit, read each second.
const CARRIES: f64 = 125_000_000.0;

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        20 => (0.0..1.0).prop_map(Event::Traffic),
        5 => Just(Event::Traffic(0.0)),
        2 => (0.0..1.0).prop_map(Event::Silence),
        1 => Just(Event::Restart),
        1 => Just(Event::Clear),
        1 => Just(Event::Absence),
        1 => Just(Event::Glitch),
        1 => Just(Event::Dip),
    ]
}

/// An agent and those who read it.
struct Scene {
    watch: Watch,
    width: Width,
    second: u64,
    started: u64,
    /// What the counter of the agent would be if it had never been reset, and less that, what it is.
    passed: u64,
    offset: u64,
    /// Readings that could be subtracted from each other add up to this: those between two that could not are not in it.
    told: u64,
    /// What may be told beyond what passed: a narrow counter that is cleared when it was about to wrap looks like one
    /// that did.
    doubt: u64,
    /// The second of the last answer, and of the last one that showed less than the one before.
    answered: u64,
    fell: u64,
    /// What was last shown too high, and how many answers ago.
    glitch: (u64, u32),
    /// What the last reading showed that is one of the sum.
    base: Option<u64>,
}

impl Scene {
    fn new(width: Width, start: u64) -> Self {
        let timeline = Timeline::beginning(moment(0));
        let watch = Watch::new("router".to_owned(), "test".to_owned(), Duration::from_secs(1), timeline);
        Self {
            watch,
            width,
            second: 0,
            started: 0,
            passed: start,
            offset: 0,
            told: 0,
            doubt: 0,
            answered: 0,
            fell: u64::MAX,
            glitch: (0, u32::MAX),
            base: None,
        }
    }

    fn step(&mut self, event: Event) {
        self.second += 1;
        match event {
            Event::Traffic(part) => {
                self.pass(part);
                self.read(self.passed - self.offset);
                if let Some(base) = self.base.replace(self.passed) {
                    self.told += self.passed - base;
                }
            }
            Event::Silence(part) => {
                self.pass(part);
                self.watch.take(outcome(self.second, None), moment(self.second));
            }
            Event::Restart => {
                self.started = self.second;
                self.offset = self.passed;
                self.read(0);
                self.base = Some(self.passed);
            }
            Event::Clear => {
                self.fall();
                self.offset = self.passed;
                self.read(0);
                self.base = Some(self.passed);
            }
            Event::Absence => {
                self.watch.take(outcome(self.second, Some(&[])), moment(self.second));
                self.base = None;
            }
            // Of two that are not known yet, or three that contradict each other, none is known for the wrong one.
            Event::Glitch | Event::Dip if self.base.is_none() || self.fell == self.answered => {
                self.watch.take(outcome(self.second, None), moment(self.second));
            }
            // More than the link carries, and it is not the new value.
            Event::Glitch => {
                self.glitch = (self.passed - self.offset + 1_900_000_000, 0);
                self.read(self.glitch.0);
            }
            Event::Dip => {
                self.fall();
                self.read((self.passed - self.offset).min(1_000));
            }
        }
    }

    /// What is read next is less than before.
    fn fall(&mut self) {
        if matches!(self.width, Width::Bits32) {
            // Two that were too high alike were believed, if they came after each other.
            let glitch = Some(self.glitch.0).filter(|_| self.glitch.1 <= 2);
            for shown in [Some(self.passed - self.offset), glitch].into_iter().flatten() {
                let left = (1 << 32) - (shown & 0xffff_ffff);
                if left <= 125_000_000 * (self.second - self.answered + 2) {
                    self.doubt += left;
                }
            }
        }
        self.fell = self.second;
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of what a link carries")]
    fn pass(&mut self, part: f64) {
        self.passed += (part * CARRIES) as u64;
    }

    fn read(&mut self, octets: u64) {
        let ticks = u32::try_from((self.second - self.started) * 100 + 5).unwrap();
        let mut reading = Reading::new(moment(self.second).monotonic, Some(Uptime::from_ticks(ticks)));
        reading.set(Counter::InOctets, octets, self.width);
        let interface = Interface {
            name: "eth0".to_owned(),
            speed: Some(Speed::from_bits_per_second(1_000_000_000)),
            ..Interface::default()
        };
        let interfaces = vec![(interface.into(), reading)];
        let snapshot = Snapshot { sys_name: None, interfaces, missing: Arc::default() };
        self.watch.take(Ok(snapshot), moment(self.second));
        self.answered = self.second;
        self.glitch.1 = self.glitch.1.saturating_add(1);
    }

    fn samples(&self) -> Vec<Sample> {
        let stats = self.watch.stats(0..self.watch.interface_count(), usize::MAX);
        stats.interfaces.first().map(|stats| stats.samples.to_vec()).unwrap_or_default()
    }
}

fn check_is_true(scene: &Scene) -> Result<(), TestCaseError> {
    let samples = scene.samples();
    for pair in samples.windows(2) {
        prop_assert_eq!(pair[0].end, pair[1].start(), "samples follow each other without a break");
    }
    for sample in &samples {
        let rate = sample.per_second(Quantity::InOctets);
        // A second's worth of slack, as agents have it.
        prop_assert!(rate.is_none_or(|rate| rate <= 2.0 * CARRIES), "no link carries {:?}", sample);
        prop_assert!(rate.is_some() || sample.gap.is_some(), "what is not known is a gap: {:?}", sample);
    }
    Ok(())
}

proptest! {
    #![proptest_config(from_a_seed())]

    #[test]
    fn over_any_run_in_which_nothing_was_lost_the_samples_are_the_counters_advance(
        parts in prop::collection::vec((0.0..1.0_f64, prop::bool::weighted(0.2)), 1..60),
        start in prop_oneof![0..10_u64, Just((1 << 32) - 1_000), Just((1 << 63) - 1_000)],
        narrow in any::<bool>(),
    ) {
        let mut scene = Scene::new(if narrow { Width::Bits32 } else { Width::Bits64 }, start);
        for (part, is_lost) in parts {
            scene.step(if is_lost { Event::Silence(part) } else { Event::Traffic(part) });
        }
        check_is_true(&scene)?;
        let sum: u64 = scene.samples().iter().filter_map(|sample| sample.passed.get(Quantity::InOctets)).sum();
        // A 32-bit counter that nobody saw for half a minute may have wrapped more than once, and then says nothing.
        let is_ambiguous = scene.samples().iter().any(|sample| sample.gap == Some(GapReason::Ambiguous));
        prop_assert!(sum == scene.told || is_ambiguous && sum < scene.told, "{} of {}", sum, scene.told);
    }

    #[test]
    fn whatever_happens_nothing_is_invented(
        events in prop::collection::vec(event(), 1..80),
        narrow in any::<bool>(),
    ) {
        let mut scene = Scene::new(if narrow { Width::Bits32 } else { Width::Bits64 }, 5_000_000_000);
        for event in events {
            scene.step(event);
        }
        check_is_true(&scene)?;
        let sum: u64 = scene.samples().iter().filter_map(|sample| sample.passed.get(Quantity::InOctets)).sum();
        let most = scene.passed - 5_000_000_000 + scene.doubt;
        prop_assert!(sum <= most, "{} are told of {}: {:#?}", sum, most, scene.samples());
    }
}
