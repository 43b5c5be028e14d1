//! How many requests are on their way at a time: one, but where that would take a good part of the interval. Pure.

use std::time::Duration;

use stats::Monotonic;

use super::learned::Learned;

/// How many requests to one agent are on their way at a time, and why.
#[derive(Debug)]
pub(super) struct Pace {
    window: usize,
    ceiling: Learned,
    /// How long an answer takes, smoothed.
    round_trip: Option<Duration>,
    round: Round,
}

/// A number of requests that don't depend on each other.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    /// How many requests are still to be asked, as far as is known.
    left: usize,
    /// How long they should take.
    budget: Duration,
    asked: usize,
    lost: usize,
    /// The window in which the first one was lost.
    lost_in: usize,
}

impl Pace {
    /// The answers to so many, of 150 values each at the most, fit into a socket's buffer several times.
    const MOST: usize = 8;

    /// Begins with one.
    pub(super) const fn new() -> Self {
        let round = Round { left: 0, budget: Duration::ZERO, asked: 0, lost: 0, lost_in: 0 };
        Self { window: 1, ceiling: Learned::most(Self::MOST), round_trip: None, round }
    }

    /// About so many requests are to be asked, within this time if that is possible.
    pub(super) fn begin(&mut self, requests: usize, budget: Duration, now: Monotonic) {
        self.round = Round { left: requests, budget, ..Round::default() };
        self.window = self.window.min(self.needed()).min(self.ceiling.limit(now));
    }

    /// How many requests may be on their way.
    pub(super) const fn window(&self) -> usize {
        self.window
    }

    /// One was asked.
    pub(super) const fn asked(&mut self) {
        self.round.asked += 1;
    }

    /// One was answered after this time.
    pub(super) fn answered(&mut self, round_trip: Duration, now: Monotonic) {
        let smoothed = self.round_trip.map_or(round_trip, |before| (before * 7 + round_trip) / 8);
        self.round_trip = Some(smoothed);
        self.round.left = self.round.left.saturating_sub(1);
        if self.round.lost == 0 && self.window < self.needed().min(self.ceiling.limit(now)) {
            self.window += 1;
        }
    }

    /// One was not answered in time: slow agents drop what they can't queue.
    pub(super) fn lost(&mut self) {
        if self.round.lost == 0 {
            self.round.lost_in = self.window;
        }
        self.round.lost += 1;
        self.window = (self.window / 2).max(1);
    }

    /// All were asked. Where only few were lost, that was chance, and no reason to ask more slowly the next time.
    pub(super) fn end(&mut self, now: Monotonic) {
        const FEW: usize = 50;

        let Round { asked, lost, lost_in, .. } = self.round;
        if lost_in > 1 {
            if lost * FEW > asked {
                self.ceiling.lower((lost_in / 2).max(1), now);
            } else {
                self.window = lost_in;
            }
        }
    }

    /// How many at a time would finish what is left within the budget.
    fn needed(&self) -> usize {
        let Some(round_trip) = self.round_trip else { return 1 };
        let requests = u32::try_from(self.round.left).unwrap_or(u32::MAX);
        let alone = round_trip.saturating_mul(requests).as_micros();
        let needed = alone.div_ceil(self.round.budget.as_micros().max(1));
        usize::try_from(needed).unwrap_or(usize::MAX).clamp(1, Self::MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Duration = Duration::from_millis(100);
    const NOW: Monotonic = Monotonic::new(Duration::ZERO);

    /// Asks so many, all answered after this time but for some that are lost first, and tells the largest window.
    fn round(pace: &mut Pace, requests: usize, millis: u64, lost: usize, now: Monotonic) -> usize {
        pace.begin(requests, BUDGET, now);
        let mut widest = pace.window();
        for number in 0..requests {
            pace.asked();
            // Somewhere in the middle, when it is as wide as it gets.
            if (20..20 + lost).contains(&number) {
                pace.lost();
            }
            pace.answered(Duration::from_millis(millis), now);
            widest = widest.max(pace.window());
        }
        pace.end(now);
        widest
    }

    #[test]
    fn few_requests_are_asked_one_after_the_other() {
        let mut pace = Pace::new();
        assert_eq!(round(&mut pace, 10, 5, 0, NOW), 1);
        assert_eq!(round(&mut pace, 10, 5, 0, NOW), 1);
    }

    #[test]
    fn many_requests_to_a_distant_agent_are_asked_several_at_a_time() {
        let mut pace = Pace::new();
        assert_eq!(round(&mut pace, 300, 5, 0, NOW), 8);
    }

    #[test]
    fn many_requests_to_a_near_agent_are_asked_one_after_the_other() {
        assert_eq!(round(&mut Pace::new(), 300, 0, 0, NOW), 1);
    }

    #[test]
    fn no_more_are_on_their_way_than_it_takes() {
        assert_eq!(round(&mut Pace::new(), 60, 5, 0, NOW), 3);
    }

    #[test]
    fn an_agent_that_drops_what_it_cannot_queue_is_asked_more_slowly_for_a_long_time() {
        let mut pace = Pace::new();
        round(&mut pace, 300, 5, 30, NOW);
        assert_eq!(round(&mut pace, 300, 5, 0, NOW), 4);
        round(&mut pace, 300, 5, 30, NOW);
        assert_eq!(round(&mut pace, 300, 5, 0, NOW), 2);
        assert_eq!(round(&mut pace, 300, 5, 0, NOW.after(Duration::from_mins(10))), 4);
    }

    #[test]
    fn what_is_lost_by_chance_is_no_reason_to_be_slow() {
        let mut pace = Pace::new();
        round(&mut pace, 300, 5, 1, NOW);
        pace.begin(300, BUDGET, NOW);
        assert_eq!(pace.window(), 8);
    }
}
