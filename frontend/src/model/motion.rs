//! How far behind the writer's clock graphs are drawn, and how that changes without being seen.

use std::collections::VecDeque;
use std::time::Duration;

use stats::{Monotonic, Timestamp};

use crate::plot::DisplayClock;

/// Where the right edge of a target's graphs is.
///
/// A graph that showed what is now would end in a sample that is not there yet. It is drawn so far behind that each sample
/// is there before it must be shown.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    /// How old the newest sample was when each of the last files was written.
    ages: VecDeque<Duration>,
    /// The file's time at the right edge less the page's, in milliseconds, and since when.
    shown: Option<(f64, Monotonic)>,
    correction: Correction,
}

/// Whether the right edge is on its way to where it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Correction {
    #[default]
    None,
    Going,
}

impl Motion {
    const KEPT: usize = 32;
    /// What a fetch may take.
    const MARGIN: Duration = Duration::from_millis(150);
    /// Graphs run by so much faster or slower than time where they are not where they should be. It can't be seen.
    const SLEW: f64 = 0.05;
    /// Beyond this they jump there at once.
    const JUMP_MS: f64 = 8_000.0;
    /// So little is left as it is: a graph that runs evenly costs nothing.
    const IDLE_MS: f64 = 60.0;

    /// A file came whose newest sample had ended then when it was written.
    pub fn received(&mut self, newest: Timestamp, written: Timestamp, interval: Duration) {
        let age = written.since(newest);
        // What is older is not the target's way of answering: it does not answer.
        if age <= (interval * 5).max(Duration::from_secs(15)) {
            if self.ages.len() >= Self::KEPT {
                self.ages.pop_front();
            }
            self.ages.push_back(age);
        }
    }

    /// Moves on towards where the edge should be, by the writer's clock less the page's in microseconds.
    pub fn follow(&mut self, anchor: i64, interval: Duration, now: Monotonic) {
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 have 51 bits")]
        let wanted = anchor as f64 / 1_000.0 - self.delay(interval).as_secs_f64() * 1_000.0;
        let offset = match self.shown {
            Some((shown, since)) if (wanted - shown).abs() < Self::JUMP_MS => {
                if (wanted - shown).abs() > Self::IDLE_MS {
                    self.correction = Correction::Going;
                }
                let most = match self.correction {
                    Correction::None => 0.0,
                    Correction::Going => now.since(since).as_secs_f64() * 1_000.0 * Self::SLEW,
                };
                shown + (wanted - shown).clamp(-most, most)
            }
            _ => wanted,
        };
        if (wanted - offset).abs() < 1.0 {
            self.correction = Correction::None;
        }
        self.shown = Some((offset, now));
    }

    /// Begins anew: the writer's clock is another one.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The clock to paint by, once there is one. It runs on to `last` at most.
    #[must_use]
    pub fn clock(&self, last: Option<Timestamp>) -> Option<DisplayClock> {
        let (clock, shown_ms) = self.running()?;
        let last_ms = last.map_or(f64::INFINITY, millis);
        Some(if shown_ms > last_ms { DisplayClock::Standing { shown_ms: last_ms } } else { clock })
    }

    /// The clock to paint by where nothing comes after `last`: it runs out, or stands there at once where that would take
    /// long.
    #[must_use]
    pub fn last_clock(&self, last: Timestamp) -> Option<DisplayClock> {
        const LONG_MS: f64 = 5_000.0;

        let (_, shown_ms) = self.running()?;
        let is_long = millis(last) - shown_ms > LONG_MS;
        if is_long { Some(DisplayClock::Standing { shown_ms: millis(last) }) } else { self.clock(Some(last)) }
    }

    /// The clock as long as it runs, and what it shows.
    fn running(&self) -> Option<(DisplayClock, f64)> {
        let (offset, now) = self.shown?;
        let clock = DisplayClock::new(offset);
        Some((clock, clock.shown_at(now.since_zero().as_secs_f64() * 1_000.0)))
    }

    fn delay(&self, interval: Duration) -> Duration {
        let age = self.ages.iter().max().copied().unwrap_or_default();
        interval + (interval / 2).min(Duration::from_secs(1)) + age + Self::MARGIN
    }
}

#[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 have 51 bits")]
fn millis(at: Timestamp) -> f64 {
    at.as_micros() as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn seconds(seconds: u64) -> Monotonic {
        Monotonic::new(SECOND * u32::try_from(seconds).unwrap())
    }

    fn motion(ages_ms: &[u64]) -> Motion {
        let mut motion = Motion::default();
        let newest = Timestamp::from_micros(1_000_000_000);
        for age in ages_ms {
            motion.received(newest, newest.after(Duration::from_millis(*age)), SECOND);
        }
        motion
    }

    /// The file's time at the right edge, in milliseconds before the writer's clock.
    #[track_caller]
    fn check(motion: &Motion, anchor_ms: f64, expected: f64) {
        let shown = motion.clock(None).map(|clock| anchor_ms - clock.shown_at(0.0));
        assert!(shown.is_some_and(|shown| (shown - expected).abs() < 0.01), "{shown:?} is not {expected}");
    }

    #[test]
    fn a_sample_is_there_before_it_must_be_shown() {
        let mut motion = motion(&[20, 30]);
        motion.follow(0, SECOND, seconds(0));
        check(&motion, 0.0, 1_680.0);
    }

    #[test]
    fn an_agent_that_answers_from_a_cache_is_shown_later() {
        let mut motion = motion(&[0, 1_000, 2_000, 0, 1_000]);
        motion.follow(0, SECOND, seconds(0));
        check(&motion, 0.0, 3_650.0);
    }

    #[test]
    fn a_target_that_is_silent_does_not_hold_the_graph_up() {
        let mut motion = motion(&[0, 20_000]);
        motion.follow(0, SECOND, seconds(0));
        check(&motion, 0.0, 1_650.0);
    }

    #[test]
    fn the_graph_stands_where_nothing_more_comes() {
        let mut motion = motion(&[0]);
        let anchor = 5_000_000;
        motion.follow(anchor, SECOND, seconds(0));
        let last = Timestamp::from_micros(4_000_000);
        assert_eq!(motion.clock(Some(last)), Some(DisplayClock::new(3_350.0)));
        motion.follow(anchor, SECOND, seconds(1));
        assert_eq!(motion.clock(Some(last)), Some(DisplayClock::Standing { shown_ms: 4_000.0 }));
    }

    #[test]
    fn what_is_over_is_seen_whole_at_once() {
        let mut motion = motion(&[0]);
        motion.follow(60_000_000, Duration::from_mins(1), seconds(0));
        let end = Timestamp::from_micros(60_000_000);
        assert_eq!(motion.last_clock(end), Some(DisplayClock::Standing { shown_ms: 60_000.0 }));
    }

    #[test]
    fn a_correction_is_spread_over_time() {
        let mut motion = motion(&[0]);
        motion.follow(0, SECOND, seconds(0));
        motion.follow(100_000, SECOND, seconds(1));
        check(&motion, 100.0, 1_700.0);
        motion.follow(100_000, SECOND, seconds(3));
        check(&motion, 100.0, 1_650.0);
    }

    #[test]
    fn what_cannot_be_seen_is_not_corrected() {
        let mut motion = motion(&[0]);
        motion.follow(0, SECOND, seconds(0));
        motion.follow(50_000, SECOND, seconds(9));
        check(&motion, 50.0, 1_700.0);
    }

    #[test]
    fn a_large_correction_is_made_at_once() {
        let mut motion = motion(&[0]);
        motion.follow(0, SECOND, seconds(0));
        motion.follow(60_000_000, SECOND, seconds(1));
        check(&motion, 60_000.0, 1_650.0);
    }
}
