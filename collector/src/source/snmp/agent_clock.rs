//! The agent's own clock: by it a restart is known, and when it read its counters. Asks nobody.

use std::time::Duration;

use stats::{Monotonic, Uptime, micros};

/// Follows the agent's uptime.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentClock {
    last: Option<(Monotonic, Uptime)>,
    is_missing: bool,
    offset: Option<Offset>,
}

/// What our clock shows when the agent's begins: within these bounds, in microseconds.
#[derive(Clone, Copy, Debug)]
struct Offset {
    low: i64,
    high: i64,
    /// When that was last seen, in microseconds of our clock.
    at: i64,
    /// How many answers in a row agree on it.
    agreed: u8,
}

impl AgentClock {
    /// The agent was asked for its uptime by itself, and has it or not.
    pub(super) const fn looked_up(&mut self, uptime: Option<Uptime>) {
        self.is_missing = uptime.is_none();
    }

    /// Whether the agent does not tell its uptime.
    pub(super) const fn is_missing(self) -> bool {
        self.is_missing
    }

    /// Takes note of an uptime, and tells whether the agent was started since the one before.
    ///
    /// That is so where the uptime fell, and where it is shorter than the time since, unless it stands still, as that of
    /// some devices does. (It also falls each 497 days, which costs no more than that the interfaces are looked for again.)
    pub(super) fn restarted(&mut self, at: Monotonic, uptime: Option<Uptime>) -> bool {
        /// Where several requests are on their way, their answers overtake each other.
        const SLACK: Duration = Duration::from_secs(5);

        let Some(uptime) = uptime else { return false };
        let Some((then, before)) = self.last.filter(|(then, _)| *then < at) else { return self.begin_at(at, uptime) };
        self.last = Some((at, uptime));
        uptime.duration() + SLACK < before.duration() || (uptime != before && uptime.duration() < at.since(then))
    }

    /// When the counters of an answer were read, which came with this uptime, and whose question was asked half of `round_trip`
    /// before `middle`.
    ///
    /// That is at some time between question and answer, and nothing tells which: where answers take longer at one time than
    /// at another, the middle is too late or too early. The agent's own clock, in the same answer, tells it to a hundredth of
    /// a second, as soon as it is known how the two clocks stand to each other.
    pub(super) fn date(&mut self, middle: Monotonic, round_trip: Duration, uptime: Option<Uptime>) -> Monotonic {
        /// After so many answers that agree the agent's clock is trusted.
        const MANY: u8 = 40;

        let Some(uptime) = uptime else { return middle };
        let (at, uptime) = (i64::try_from(micros(middle.since_zero())).unwrap_or(i64::MAX / 2), uptime.ticks());
        let half = i64::try_from(micros(round_trip / 2)).unwrap_or_default();
        let (sent, received) = (at - half, at + half);
        let offset = Offset::after(self.offset, sent, received, uptime);
        self.offset = Some(offset);
        if offset.agreed < MANY {
            return middle;
        }
        let [from, to] = offset.span(uptime);
        let read_at = i64::midpoint(from.max(sent), to.min(received));
        Monotonic::new(Duration::from_micros(u64::try_from(read_at).unwrap_or_default()))
    }

    /// Earlier ones than the last are of no interest.
    fn begin_at(&mut self, at: Monotonic, uptime: Uptime) -> bool {
        self.last.get_or_insert((at, uptime));
        false
    }
}

impl Offset {
    /// The time that an uptime is told to.
    const TICK: i64 = 10_000;

    /// What is known of it after an answer with that uptime, in hundredths of a second, by what was known before.
    fn after(before: Option<Self>, sent: i64, received: i64, uptime: u32) -> Self {
        /// By what part of the time that passes two clocks drift apart, at most.
        const DRIFT: i64 = 2_000;

        let agent = i64::from(uptime) * Self::TICK;
        let now = Self { low: sent - agent - Self::TICK, high: received - agent, at: received, agreed: 0 };
        let Some(before) = before else { return now };
        let drift = (received - before.at).max(0) / DRIFT;
        let (low, high) = (now.low.max(before.low - drift), now.high.min(before.high + drift));
        if low > high {
            // It is another clock than it seemed, or was started again.
            return now;
        }
        Self { low, high, at: received.max(before.at), agreed: before.agreed.saturating_add(1) }
    }

    /// When the agent's clock showed that, at the earliest and at the latest.
    fn span(self, uptime: u32) -> [i64; 2] {
        let agent = i64::from(uptime) * Self::TICK;
        [agent + self.low, agent + Self::TICK + self.high]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An agent that is asked at even distances of so many seconds, and answers after some time.
    struct Agent {
        clock: AgentClock,
        distance: f64,
        random: u64,
        number: u32,
    }

    impl Agent {
        fn new(distance: f64) -> Self {
            Self { clock: AgentClock::default(), distance, random: 3, number: 0 }
        }

        /// A number below 1.
        fn random(&mut self) -> f64 {
            self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(self.random >> 33).unwrap()) / f64::from(1_u32 << 31)
        }

        /// Asks it `count` times, each way taking up to `there` and `back`, and its clock showing what `shown` makes of the time.
        /// Tells by how much each date is off, in seconds.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundredths of some minutes")]
        fn ask(&mut self, count: u32, there: f64, back: f64, shown: impl Fn(f64) -> f64) -> Vec<f64> {
            let mut off = Vec::new();
            for _ in 0..count {
                self.number += 1;
                let sent = 1_000.0 + f64::from(self.number) * self.distance;
                let read = sent + 0.001 + self.random() * there;
                let received = read + 0.001 + self.random() * back;
                let uptime = Uptime::from_ticks((shown(read) * 100.0) as u32);
                let round_trip = Duration::from_secs_f64(received - sent);
                let middle = Monotonic::new(Duration::from_secs_f64(sent)).after(round_trip / 2);
                let told = self.clock.date(middle, round_trip, Some(uptime)).since_zero().as_secs_f64();
                assert!(sent <= told + 1e-5 && told <= received + 1e-5, "{told} is not between {sent} and {received}");
                off.push(told - read);
            }
            off
        }
    }

    /// How far apart the largest and the smallest are.
    fn spread(off: &[f64]) -> f64 {
        off.iter().copied().fold(f64::MIN, f64::max) - off.iter().copied().fold(f64::MAX, f64::min)
    }

    #[test]
    fn the_agents_clock_tells_when_it_read_whatever_way_takes_longer() {
        for (there, back) in [(0.2, 0.0), (0.0, 0.2), (0.15, 0.15)] {
            // Clocks drift apart, and one may be asked at always the same part of a second of its own.
            for (rate, distance) in [(1.0, 1.0), (1.0, 1.003), (1.000_1, 1.0), (0.999_9, 1.003)] {
                let mut agent = Agent::new(distance);
                let shown = |time: f64| time * rate - 700.0;
                agent.ask(80, there, back, shown);
                let off = agent.ask(200, there, back, shown);
                // A quarter of what the middle is off by, and a hundredth of a second.
                let most = f64::midpoint(there, back) / 4.0 + 0.01;
                assert!(spread(&off) < most, "{} s of {there} s and {back} s: {off:?}", spread(&off));
            }
        }
    }

    #[test]
    fn where_answers_come_at_once_a_hundredth_of_a_second_spoils_nothing() {
        let mut agent = Agent::new(1.003);
        let off = agent.ask(200, 0.001, 0.001, |time| time - 700.0);
        assert!(spread(&off) < 0.002, "{off:?}");
    }

    #[test]
    fn a_clock_that_shows_whole_seconds_or_stands_still_is_not_trusted() {
        let clocks: [fn(f64) -> f64; 3] = [|time| (time - 700.0).floor(), |_| 300.0, |time| (time * 0.99) - 700.0];
        for shown in clocks {
            let mut agent = Agent::new(1.003);
            let off = agent.ask(200, 0.1, 0.1, shown);
            // As the middle is.
            assert!(off.iter().all(|off| off.abs() < 0.052), "{off:?}");
        }
    }

    #[test]
    fn after_a_restart_it_is_learned_anew() {
        let mut agent = Agent::new(1.003);
        agent.ask(100, 0.2, 0.0, |time| time - 700.0);
        agent.ask(80, 0.2, 0.0, |time| time - 1_099.0);
        let off = agent.ask(100, 0.2, 0.0, |time| time - 1_099.0);
        assert!(spread(&off) < 0.025, "{off:?}");
    }
}
