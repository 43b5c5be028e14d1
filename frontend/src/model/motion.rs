//! How far behind the writer's clock graphs are drawn, and how that changes without being seen.

use std::time::Duration;

use stats::{Monotonic, Timestamp};

use crate::plot::DisplayClock;

/// Where the right edge of a target's graphs is.
///
/// A graph that showed what is now would end in a sample that is not there yet. It is drawn so far behind that each sample
/// is there before it must be shown, and that a file may come a little late. Then it runs as evenly as time: a single file
/// that comes later than that changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    /// How old the newest point of a line was when each of the last files was written.
    ages: Vec<Duration>,
    /// What is shown, and when it was looked at last.
    shown: Option<(DisplayClock, Monotonic)>,
    correction: Correction,
}

/// Whether the right edge is on its way to where it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Correction {
    #[default]
    None,
    /// As far as it was from there when it set out, in milliseconds; backwards where that is negative.
    Going(f64),
}

impl Motion {
    const KEPT: usize = 32;
    /// What a fetch may take.
    const MARGIN: Duration = Duration::from_millis(150);
    /// How late a file may come, as a share of the interval, and at the most. That much of the delay is in reserve: until it
    /// is used up, nothing is put right.
    const LATENESS: (u32, Duration) = (4, Duration::from_millis(500));
    /// A correction takes that long, if it is not so small or so large that the graph would run slower or faster than this.
    const CORRECTED_IN_MS: f64 = 15_000.0;
    const SLEW: (f64, f64) = (0.03, 0.25);
    /// Beyond this they jump there at once.
    const JUMP_MS: f64 = 8_000.0;
    /// The least and the most that is too late and is left as it is. Between them it is an interval: by so much the writer's
    /// clock can be mistaken while there is one file, and that is to set no graph running at another speed.
    const LATE: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(2));
    /// Nearer than this is there.
    const THERE_MS: f64 = 20.0;

    /// A file came; the newest point of its lines was so old when it was written.
    pub fn received(&mut self, age: Duration) {
        if self.ages.len() >= Self::KEPT {
            self.ages.remove(0);
        }
        self.ages.push(age);
    }

    /// How far behind the writer's clock graphs are to be drawn, where a file comes each `interval`, and the newest point
    /// is known to get `expected` old.
    fn delay(&self, interval: Duration, expected: Duration) -> Duration {
        let [oldest, second] = self.ages.iter().fold([Duration::ZERO; 2], |[oldest, second], age| {
            if *age >= oldest { [*age, oldest] } else { [oldest, second.max(*age)] }
        });
        // The oldest of many is an accident, and no more than that.
        let age = if self.ages.len() > Self::KEPT / 4 { second } else { oldest };
        interval + Self::reserve(interval) + age.max(expected) + Self::MARGIN
    }

    fn reserve(interval: Duration) -> Duration {
        let (share, most) = Self::LATENESS;
        (interval / share).min(most)
    }

    /// Moves on towards where the edge should be: behind the writer's clock, which is `anchor` microseconds ahead of the
    /// page's, by [`Self::delay`].
    pub fn follow(&mut self, anchor: i64, interval: Duration, expected: Duration, now: Monotonic) {
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 have 51 bits")]
        let offset_ms = anchor as f64 / 1_000.0 - self.delay(interval, expected).as_secs_f64() * 1_000.0;
        let wanted = DisplayClock::new(offset_ms);
        let Some((clock, _)) = self.shown else {
            self.shown = Some((wanted, now));
            return;
        };
        let page_ms = millis_of(now);
        let off_ms = wanted.shown_at(page_ms) - clock.shown_at(page_ms);
        let (slowest, fastest) = Self::SLEW;
        let early_ms = Self::reserve(interval).as_secs_f64() * 1_000.0;
        let late_ms = interval.clamp(Self::LATE.0, Self::LATE.1).as_secs_f64() * 1_000.0;
        let clock = match self.correction {
            _ if off_ms.abs() > Self::JUMP_MS => {
                self.correction = Correction::None;
                wanted
            }
            Correction::Going(from_ms) if off_ms.abs() < Self::THERE_MS || from_ms * off_ms <= 0.0 => {
                self.correction = Correction::None;
                clock.at_speed(1.0, page_ms)
            }
            // It got worse meanwhile.
            Correction::Going(from_ms) if off_ms.abs() < from_ms.abs() * 1.5 => clock,
            Correction::None if (-early_ms..=late_ms).contains(&off_ms) => clock,
            Correction::None | Correction::Going(_) => {
                self.correction = Correction::Going(off_ms);
                let slew = (off_ms.abs() / Self::CORRECTED_IN_MS).clamp(slowest, fastest);
                clock.at_speed(1.0 + slew * off_ms.signum(), page_ms)
            }
        };
        self.shown = Some((clock, now));
    }

    /// Begins anew: the writer's clock is another one.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The clock to paint by, once there is one, so much further behind. It runs on to `last` at most.
    #[must_use]
    pub fn clock(&self, last: Option<Timestamp>, lag: Duration) -> Option<DisplayClock> {
        let (clock, shown_ms) = self.running(lag)?;
        let last_ms = last.map_or(f64::INFINITY, millis);
        Some(if shown_ms > last_ms { DisplayClock::Standing { shown_ms: last_ms } } else { clock })
    }

    /// The clock to paint by where nothing comes after `last`: it runs out, or stands there at once where that would take
    /// long.
    #[must_use]
    pub fn last_clock(&self, last: Timestamp, lag: Duration) -> Option<DisplayClock> {
        const LONG_MS: f64 = 5_000.0;

        let (_, shown_ms) = self.running(lag)?;
        let is_long = millis(last) - shown_ms > LONG_MS;
        if is_long { Some(DisplayClock::Standing { shown_ms: millis(last) }) } else { self.clock(Some(last), lag) }
    }

    /// What the right edge of graphs that are painted by `clock` showed when it was looked at last.
    #[must_use]
    pub fn shown_ms(&self, clock: DisplayClock) -> Option<f64> {
        self.shown.map(|(_, now)| clock.shown_at(millis_of(now)))
    }

    /// An interval, at the end of which something may come a little late.
    #[must_use]
    pub fn with_reserve(interval: Duration) -> Duration {
        interval + Self::reserve(interval)
    }

    /// The clock as long as it runs, so much further behind, and what it shows.
    fn running(&self, lag: Duration) -> Option<(DisplayClock, f64)> {
        let (clock, now) = self.shown?;
        let clock = clock.behind(lag.as_secs_f64() * 1_000.0);
        Some((clock, clock.shown_at(millis_of(now))))
    }
}

fn millis_of(now: Monotonic) -> f64 {
    now.since_zero().as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 have 51 bits")]
fn millis(at: Timestamp) -> f64 {
    at.as_micros() as f64 / 1_000.0
}

#[cfg(test)]
mod tests;
