//! When to look for the next file. Knows nothing of fetching.

use std::time::Duration;

use stats::{Monotonic, Timestamp};

use super::anchor::Anchor;

/// When to look for the next file: just after it is due, soon again where it was not there yet, and ever more seldom where
/// something is wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Schedule {
    next: Monotonic,
    /// Attempts in a row that brought nothing.
    in_vain: u32,
    /// How much later than announced files are there.
    lateness: Duration,
    due: Option<Timestamp>,
    random: Random,
}

impl Schedule {
    /// The least time between two attempts.
    const PAUSE: Duration = Duration::from_millis(100);
    /// How often a file is looked at that does not say when the next one comes.
    const UNANNOUNCED: Duration = Duration::from_secs(5);
    /// How long it waits at most, whatever a file says.
    const AT_MOST: Duration = Duration::from_mins(10);
    /// How long it waits at most while something is wrong: whoever mends it is looking at the page.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// The first look is at once. `seed` is a number that each viewer has another of.
    #[must_use]
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Random(seed), ..Self::default() }
    }

    /// When to look.
    #[must_use]
    pub(super) const fn next(&self) -> Monotonic {
        self.next
    }

    /// Looks at once: the page is seen again, or shows something else.
    pub(super) fn hurry(&mut self, now: Monotonic) {
        self.next = now;
        self.in_vain = 0;
    }

    /// Looks at `at`, if not sooner: another file says that there may be something new.
    pub(super) fn advance(&mut self, at: Monotonic) {
        self.next = self.next.min(at);
    }

    /// A new file came.
    pub(super) fn received(&mut self, written: Timestamp, due: Option<Timestamp>, anchor: &Anchor, now: Monotonic) {
        // Only a file that was waited for tells. Where one was left out, by the page or by the writer, this is no lateness.
        let late = self.due.zip(anchor.file_time(now)).map(|(due, file_time)| file_time.since(due));
        let late = late.filter(|late| self.in_vain > 0 && *late < Duration::from_secs(1));
        self.lateness = late.unwrap_or_default().max(self.lateness * 15 / 16);
        self.due = due;
        self.in_vain = 0;
        self.plan(due.map(|due| due.since(written)), anchor, now);
    }

    /// The file that came was the one that came before.
    pub(super) fn unchanged(&mut self, anchor: &mut Anchor, now: Monotonic) {
        anchor.came_too_early();
        let is_overdue =
            self.due.zip(anchor.file_time(now)).is_some_and(|(due, file_time)| file_time > due.after(self.lateness));
        if is_overdue {
            self.again(now, Self::PAUSE);
        } else {
            self.plan(None, anchor, now);
        }
    }

    /// No file came, or none that can be read.
    pub(super) fn failed(&mut self, now: Monotonic) {
        self.again(now, Duration::from_secs(1));
    }

    /// After the `interval` in which files come.
    fn plan(&mut self, interval: Option<Duration>, anchor: &Anchor, now: Monotonic) {
        let expected = self.due.and_then(|due| anchor.expect(due));
        self.next = match expected {
            Some(expected) => {
                let interval = interval.unwrap_or_default().min(Duration::from_secs(5));
                // So that a thousand viewers don't come at the same moment.
                let jitter = self.random.up_to(interval / 10);
                let margin = Duration::from_millis(30) + self.lateness + jitter;
                expected.after(margin).clamp(now.after(Self::PAUSE), now.after(Self::AT_MOST))
            }
            None => now.after(Self::UNANNOUNCED),
        };
    }

    /// After `pause`, and after half as long again each time.
    fn again(&mut self, now: Monotonic, pause: Duration) {
        let pause = pause.mul_f64(1.5_f64.powi(self.in_vain.min(20).cast_signed())).min(Self::PATIENCE);
        self.in_vain += 1;
        let jitter = self.random.up_to(pause / 10);
        self.next = now.after(pause + jitter);
    }
}

/// Numbers that differ from viewer to viewer; nothing more is asked of them.
#[derive(Clone, Debug, Default)]
struct Random(u64);

impl Random {
    /// Some part of it.
    fn up_to(&mut self, most: Duration) -> Duration {
        // Knuth's MMIX generator; the upper bits are the better ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        most / 256 * u32::try_from(self.0 >> 56).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(millis: u64) -> Monotonic {
        Monotonic::new(Duration::from_millis(millis))
    }

    fn file(millis: u64) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000).after(Duration::from_millis(millis))
    }

    #[track_caller]
    fn check(schedule: &Schedule, expected_ms: std::ops::RangeInclusive<u64>) {
        let next = u64::try_from(schedule.next().since_zero().as_millis()).unwrap();
        assert!(expected_ms.contains(&next), "{next}");
    }

    /// Just having got a file each second, one at `millis`.
    fn running(millis: u64) -> (Schedule, Anchor) {
        let (mut schedule, mut anchor) = (Schedule::new(1), Anchor::default());
        for at in (0..=millis).step_by(1_000) {
            anchor.received(file(at), Duration::ZERO, Some(file(at + 1_000)), page(at));
            schedule.received(file(at), Some(file(at + 1_000)), &anchor, page(at));
        }
        for _ in 0..10 {
            anchor.came_too_early();
        }
        (schedule, anchor)
    }

    #[test]
    fn the_first_look_is_at_once() {
        check(&Schedule::new(7), 0..=0);
    }

    #[test]
    fn the_next_look_is_just_after_the_file_is_due() {
        let (mut schedule, anchor) = running(5_000);
        schedule.received(file(6_000), Some(file(7_000)), &anchor, page(6_050));
        check(&schedule, 7_030..=7_130);
    }

    #[test]
    fn a_late_file_is_looked_for_soon_and_then_ever_more_seldom() {
        let (mut schedule, mut anchor) = running(5_000);
        schedule.unchanged(&mut anchor, page(6_050));
        check(&schedule, 6_150..=6_160);
        for _ in 0..60 {
            schedule.unchanged(&mut anchor, page(7_000));
        }
        check(&schedule, 17_000..=18_000);
    }

    #[test]
    fn what_fails_is_tried_ever_more_seldom_and_at_once_when_asked() {
        let (mut schedule, _) = running(5_000);
        schedule.failed(page(6_000));
        check(&schedule, 7_000..=7_100);
        for _ in 0..60 {
            schedule.failed(page(7_000));
        }
        check(&schedule, 17_000..=18_000);
        schedule.hurry(page(8_000));
        check(&schedule, 8_000..=8_000);
    }

    #[test]
    fn a_file_that_promises_nothing_is_looked_at_now_and_then() {
        let (mut schedule, anchor) = running(5_000);
        schedule.received(file(6_000), None, &anchor, page(6_000));
        check(&schedule, 11_000..=11_000);
    }

    #[test]
    fn a_file_that_promises_the_next_one_in_a_year_is_not_believed() {
        let (mut schedule, anchor) = running(5_000);
        schedule.received(file(6_000), Some(file(31_536_000_000)), &anchor, page(6_000));
        check(&schedule, 606_000..=606_000);
    }
}
