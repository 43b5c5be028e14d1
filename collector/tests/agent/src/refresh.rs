//! When an agent looks at its counters: at each request, or from time to time, as most do. Pure.

use std::time::Duration;

use crate::random::Random;

/// When an agent looks at its counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refresh {
    /// Each time it is asked.
    #[default]
    Live,
    /// By its own timer, each time up to `jitter` late, which is to be less than the period.
    Timer {
        /// From one time to the next.
        period: Duration,
        /// How late it may be.
        jitter: Duration,
    },
    /// When it is asked and what it knows is older than this.
    OnDemand {
        /// How old it may be.
        period: Duration,
    },
}

/// What an agent knows of its counters is of this time.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    refresh: Refresh,
    /// Since when it has been refreshed in this way.
    epoch: Duration,
    taken: Duration,
    /// How often it was refreshed, as far as somebody looked.
    count: u64,
}

impl Cache {
    pub(crate) const fn new(refresh: Refresh, now: Duration) -> Self {
        Self { refresh, epoch: now, taken: now, count: 0 }
    }

    /// Goes on in another way. What is known stays known until that says otherwise.
    pub(crate) fn change(&mut self, refresh: Refresh, now: Duration) {
        self.time(now);
        *self = Self { refresh, epoch: self.taken, taken: self.taken, count: self.count };
    }

    /// The time that what is known now is of.
    pub(crate) fn time(&mut self, now: Duration) -> Duration {
        let taken = match self.refresh {
            Refresh::Live => now,
            Refresh::Timer { period, jitter } => self.last_tick(period, jitter, now),
            Refresh::OnDemand { period } if now >= self.taken + period => now,
            Refresh::OnDemand { .. } => self.taken,
        };
        if taken > self.taken {
            self.taken = taken;
            self.count += 1;
        }
        self.taken
    }

    pub(crate) const fn refresh(&self) -> Refresh {
        self.refresh
    }

    /// How often what is known has changed.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    fn last_tick(&self, period: Duration, jitter: Duration, now: Duration) -> Duration {
        let period = period.as_micros().max(1);
        let number = now.saturating_sub(self.epoch).as_micros() / period;
        let tick = |number: u128| {
            let number = u64::try_from(number).unwrap_or(u64::MAX);
            let bound = u64::try_from(jitter.as_micros()).unwrap_or(u64::MAX).saturating_add(1);
            let late = if number == 0 { 0 } else { Random::new(number).below(bound) };
            let period = u64::try_from(period).unwrap_or(u64::MAX);
            self.epoch + Duration::from_micros(period.saturating_mul(number)) + Duration::from_micros(late)
        };
        let due = tick(number);
        if due <= now { due } else { tick(number.saturating_sub(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cache: &mut Cache, times: &[(u64, u64)]) {
        for (now, expected) in times {
            assert_eq!(cache.time(Duration::from_millis(*now)), Duration::from_millis(*expected), "at {now} ms");
        }
    }

    const SECONDS: Duration = Duration::from_secs(3);

    #[test]
    fn by_a_timer_it_is_of_the_last_multiple_of_the_period() {
        let refresh = Refresh::Timer { period: SECONDS, jitter: Duration::ZERO };
        let mut cache = Cache::new(refresh, Duration::from_secs(1));
        check(&mut cache, &[(1_000, 1_000), (3_999, 1_000), (4_000, 4_000), (10_500, 10_000)]);
        cache.change(Refresh::Timer { period: Duration::from_secs(1), jitter: Duration::ZERO }, SECONDS * 4);
        check(&mut cache, &[(12_000, 12_000), (12_900, 12_000)]);
    }

    #[test]
    fn on_demand_it_is_of_the_request_that_found_it_too_old() {
        let mut cache = Cache::new(Refresh::OnDemand { period: SECONDS }, Duration::ZERO);
        check(&mut cache, &[(2_000, 0), (4_000, 4_000), (6_999, 4_000), (7_500, 7_500)]);
        assert_eq!(cache.count(), 2);
    }

    #[test]
    fn jitter_makes_it_late_and_never_goes_backwards() {
        let refresh = Refresh::Timer { period: SECONDS, jitter: Duration::from_secs(1) };
        let mut cache = Cache::new(refresh, Duration::ZERO);
        let times: Vec<Duration> = (0..1_000).map(|tenth| cache.time(Duration::from_millis(tenth * 100))).collect();
        assert!(times.is_sorted());
        let late = times.iter().map(|time| time.as_micros() % 3_000_000);
        assert!(late.clone().all(|late| late <= 1_000_000) && late.max() > Some(500_000));
    }
}
