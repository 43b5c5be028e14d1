//! When to read: points at equal distances that don't drift, whatever the reading takes. Reads no clock.

use std::time::Duration;

use stats::Monotonic;

/// Points in time at equal distances.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    first: Monotonic,
    interval: Duration,
}

impl Grid {
    /// A grid that begins at `first`. The interval is not zero.
    pub(crate) const fn new(first: Monotonic, interval: Duration) -> Self {
        Self { first, interval }
    }

    /// The number of the last point that is not after `now`; 0 before the first.
    pub(crate) fn number_at(&self, now: Monotonic) -> u64 {
        let points = now.since(self.first).as_nanos() / self.interval.as_nanos().max(1);
        u64::try_from(points).unwrap_or(u64::MAX)
    }

    /// The next point after `now`. Points that were missed stay missed: the counters tell what passed all the same.
    pub(crate) fn next_after(&self, now: Monotonic) -> Monotonic {
        if now < self.first {
            return self.first;
        }
        let nanoseconds = self.interval.as_nanos().saturating_mul(u128::from(self.number_at(now)) + 1);
        let since_first = Duration::from_nanos_u128(nanoseconds);
        self.first.after(since_first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Monotonic {
        Monotonic::new(Duration::from_millis(millis))
    }

    #[track_caller]
    fn check(now: u64, next: u64) {
        let grid = Grid::new(at(500), Duration::from_secs(1));
        assert_eq!(grid.next_after(at(now)), at(next));
    }

    #[test]
    fn the_first_point_comes_first() {
        check(0, 500);
    }

    #[test]
    fn a_late_reading_does_not_move_the_points() {
        check(500, 1_500);
        check(1_499, 1_500);
        check(1_500, 2_500);
        check(1_731, 2_500);
    }

    #[test]
    fn what_was_missed_is_left_out() {
        check(7_100, 7_500);
    }

    #[test]
    fn a_billion_seconds_later_it_is_still_exact() {
        check(1_000_000_000_400, 1_000_000_000_500);
    }
}
