//! Whether an agent says truly that an interface's counters lost their continuity between two readings.

use crate::reading::{Reading, Uptime};

/// Whether `ifCounterDiscontinuityTime` (RFC 2863) tells of a discontinuity between these readings of one interface.
///
/// It is the uptime that the agent had at the last discontinuity. So where it changed, what happened did so between the two
/// uptimes; agents that say anything else, or that say "now" whenever they are asked, are not believed.
pub(crate) fn is_told(earlier: &Reading, later: &Reading) -> bool {
    /// Agents that compute it from two clocks each time are off by a tick now and then.
    const JITTER: u32 = 5;
    /// Agents with a cache tell of it late, and some have the uptime from another clock than this.
    const SLACK: u32 = 3_000;

    let (Some(before), Some(now)) = (earlier.discontinuity, later.discontinuity) else { return false };
    if distance(before, now) <= JITTER {
        return false;
    }
    let (Some(from), Some(to)) = (earlier.uptime, later.uptime) else { return true };
    let advance = to.ticks().wrapping_sub(from.ticks());
    let tracks = now.ticks().wrapping_sub(before.ticks()).abs_diff(advance) <= JITTER;
    let since_from = now.ticks().wrapping_sub(from.ticks()).wrapping_add(SLACK);
    !tracks && since_from <= advance.saturating_add(2 * SLACK)
}

/// How far apart two of them are, the one that is ahead aside: they wrap.
fn distance(one: Uptime, other: Uptime) -> u32 {
    let forwards = one.ticks().wrapping_sub(other.ticks());
    forwards.min(forwards.wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Monotonic;

    /// Of an uptime and an `ifCounterDiscontinuityTime`.
    fn reading(uptime: Option<u32>, discontinuity: Option<u32>) -> Reading {
        let mut reading = Reading::new(Monotonic::default(), uptime.map(Uptime::from_ticks));
        reading.discontinuity = discontinuity.map(Uptime::from_ticks);
        reading
    }

    #[track_caller]
    fn check(before: (u32, u32), now: (u32, u32), expected: bool) {
        let [before, now] = [before, now].map(|(uptime, at)| reading(Some(uptime), Some(at)));
        assert_eq!(is_told(&before, &now), expected);
    }

    #[test]
    fn a_time_between_the_readings_is_that_of_a_discontinuity() {
        check((100_000, 0), (100_100, 100_050), true);
        check((100_000, 99_000), (100_100, 100_100), true);
    }

    #[test]
    fn a_time_that_stays_tells_of_nothing() {
        check((100_000, 0), (100_100, 0), false);
        check((100_000, 99_990), (100_100, 99_990), false);
    }

    #[test]
    fn a_time_that_is_told_of_late_is_believed() {
        check((101_000, 0), (101_100, 100_000), true);
    }

    #[test]
    fn a_time_of_long_ago_or_of_the_future_is_not_believed() {
        check((100_000, 40_000), (100_100, 50_000), false);
        check((100_000, 40_000), (100_100, 0), false);
        check((100_000, 0), (100_100, 900_000), false);
    }

    #[test]
    fn a_time_that_is_off_by_a_tick_tells_of_nothing() {
        check((100_000, 99_990), (100_100, 99_991), false);
        check((100_000, 99_990), (100_100, 99_988), false);
    }

    #[test]
    fn a_time_that_goes_with_the_uptime_tells_of_nothing() {
        check((100_000, 100_000), (100_100, 100_100), false);
        check((100_000, 99_000), (100_100, 99_101), false);
    }

    #[test]
    fn an_uptime_that_wraps_in_between_changes_nothing_about_that() {
        check((u32::MAX - 50, 0), (49, u32::MAX - 10), true);
        check((u32::MAX - 50, 1_000_000), (49, 20), true);
        check((u32::MAX - 50, u32::MAX - 50), (49, 49), false);
    }

    #[test]
    fn a_time_that_only_one_of_the_readings_has_tells_of_nothing() {
        assert!(!is_told(&reading(Some(100), None), &reading(Some(200), Some(150))));
        assert!(!is_told(&reading(Some(100), Some(50)), &reading(Some(200), None)));
    }

    #[test]
    fn without_an_uptime_any_other_time_is_that_of_a_discontinuity() {
        assert!(is_told(&reading(None, Some(50)), &reading(None, Some(150))));
    }
}
