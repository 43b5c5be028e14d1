//! How high a graph reaches: round numbers of the unit that is used, up at once and down with reserve.

use crate::list::List;
use crate::options::{Reach, Spread};
use crate::within::within;

use super::setting::Setting;
use super::traffic::{Direction, Traffic};

/// By what a scale is chosen, apart from what is seen. Rates are in the graph's own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauge {
    /// The unit that rates are written in: steps are round numbers of it.
    pub unit: f64,
    /// What the next prefix is times the one before.
    pub thousand: f64,
    /// The lowest top: less than this is noise, and is to look like it.
    pub least: f64,
    /// What it holds even where nothing reaches so high.
    pub holds: f64,
    /// How high it reaches whatever is seen.
    pub fixed: Option<f64>,
    /// How rates are spread over the height.
    pub spread: Spread,
}

/// How high a graph reaches on a side of the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    gauge: Gauge,
    top: f64,
    step: f64,
}

impl Gauge {
    /// What the viewer has chosen, and what is known of the link.
    #[must_use]
    pub fn of(traffic: Traffic, setting: &Setting) -> Self {
        let (unit, thousand) = match traffic {
            Traffic::Octets => (setting.units.bits(), setting.units.thousand()),
            _ => (1.0, 1_000.0),
        };
        let fixed = match (setting.reach, traffic) {
            (Reach::Link, Traffic::Octets) => setting.speed.map(|speed| real(speed.bits_per_second())),
            // The number alone is the viewer's, where bits are not what is counted.
            (Reach::Pinned(number), Traffic::Octets) if setting.counted().is_some() => Some(traffic.rate(real(number))),
            (Reach::Pinned(bits), Traffic::Octets) => Some(real(bits)),
            _ => None,
        };
        let holds = match setting.reach {
            Reach::Max => Direction::both(|direction| setting.max(traffic, direction).unwrap_or_default()),
            _ => [0.0; 2],
        };
        let [inbound, outbound] = holds;
        // What is counted one by one is no noise.
        let least = if setting.counted().is_some() { unit } else { traffic.least_top() };
        Self { unit, thousand, least, holds: inbound.max(outbound), fixed, spread: setting.spread }
    }

    /// What is as good as nothing where ten times as much is a step higher.
    fn floor(&self) -> f64 {
        self.least / 10.0
    }

    /// All powers of ten that have a prefix or none, from the unit on, and past what any link carries.
    fn tens(self) -> impl Iterator<Item = f64> {
        let (mut prefix, mut tens) = (self.unit, Vec::new());
        for _ in 0..7 {
            tens.extend([prefix, prefix * 10.0, prefix * 100.0]);
            prefix *= self.thousand;
        }
        tens.into_iter()
    }
}

impl Scale {
    /// Of a power of ten: the step between two lines of the grid, and the number of them that make the top. Steps are 1, 2
    /// or 5; the tops are close enough to each other for a graph to fill two thirds of its height at least.
    const LADDER: [(f64, f64); 8] =
        [(0.5, 2.0), (0.5, 3.0), (1.0, 2.0), (1.0, 3.0), (2.0, 2.0), (2.0, 3.0), (2.0, 4.0), (5.0, 2.0)];
    /// No more lines on a side, where it is not by the ladder how many there are.
    const MOST_LINES: f64 = 4.0;
    /// The edge of the graph is so many times as high as its top, and a peak may be: a link that is full, which is a round
    /// number but for what clocks differ by, is not to be drawn at two thirds of the height.
    const EDGE: f64 = 1.01;
    /// How much smaller than the next lower top the highest point must be for a graph to shrink to that. Without this, a
    /// peak that wavers about a top would make the graph jump up and down.
    const RESERVE: f64 = 1.25;

    /// The lowest scale that `peak` fits into.
    #[must_use]
    pub fn fitting(peak: f64, gauge: Gauge) -> Self {
        let scale = |top, step| Self { gauge, top, step };
        if let Some(top) = gauge.fixed {
            for ten in gauge.tens() {
                for step in [ten, 2.0 * ten, 5.0 * ten] {
                    if top / step <= Self::MOST_LINES {
                        return scale(top, step);
                    }
                }
            }
            return scale(top, top);
        }
        let needed = (peak / Self::EDGE).max(gauge.least).max(gauge.holds);
        match gauge.spread {
            Spread::Linear => {
                for ten in gauge.tens() {
                    for (step, steps) in Self::LADDER {
                        let step = step * ten;
                        if step * steps >= needed {
                            return scale(step * steps, step);
                        }
                    }
                }
                scale(needed, needed)
            }
            Spread::Logarithmic => {
                let top = gauge.tens().find(|ten| *ten >= needed).unwrap_or(needed);
                scale(top, top)
            }
        }
    }

    /// The scale for `peak` after this one.
    #[must_use]
    pub fn followed_by(self, peak: f64, gauge: Gauge) -> Self {
        let needed = Self::fitting(peak, gauge);
        if gauge != self.gauge || needed.top > self.top {
            return needed;
        }
        let lower = Self::fitting(peak * Self::RESERVE, gauge);
        if lower.top < self.top { lower } else { self }
    }

    /// How many times higher what is drawn at this scale was at the one before: where the two differ. No more than the eye
    /// could follow: a change that is larger begins with a step.
    #[must_use]
    pub fn settles_from(self, before: Self) -> Option<f64> {
        /// Times higher or lower.
        const FOLLOWED: f64 = 10.0;

        let ratio = self.spread(self.top) / before.spread(before.top);
        // A scale is followed by the very same one or by one that is a good deal higher or lower.
        let differ = (ratio - 1.0).abs() > 1e-3 && self.gauge.spread == before.gauge.spread;
        differ.then_some(within(ratio, 1.0 / FOLLOWED, FOLLOWED))
    }

    /// How high a rate is, as a share of the height of its side; more than 1 where it is higher than the graph reaches.
    #[must_use]
    pub fn height(self, rate: f64) -> f64 {
        self.spread(rate) / (self.spread(self.top) * Self::EDGE)
    }

    /// The rates at which lines of the grid are, the highest first and without 0.
    #[must_use]
    pub fn lines(self) -> Vec<f64> {
        // What is as good as the top is at it.
        let limit = self.top * (1.0 + 1e-9);
        match self.gauge.spread {
            Spread::Linear => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful")]
                let count = (limit / self.step) as u32;
                (1..=count).rev().map(|number| f64::from(number) * self.step).list()
            }
            Spread::Logarithmic => {
                /// A line that is lower could not be told from the one at 0.
                const LOW: f64 = 0.1;

                let tens = self.gauge.tens().filter(|ten| *ten <= limit && self.height(*ten) >= LOW);
                let tens: Vec<f64> = tens.list();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful")]
                let most = Self::MOST_LINES as usize;
                let every = tens.len().div_ceil(most).max(1);
                tens.into_iter().rev().step_by(every).list()
            }
        }
    }

    /// What is as high as the rate, in whatever measure.
    fn spread(self, rate: f64) -> f64 {
        match self.gauge.spread {
            Spread::Linear => rate,
            // Not the logarithm alone, which has no 0.
            Spread::Logarithmic => (1.0 + rate / self.gauge.floor()).ln(),
        }
    }
}

fn real(rate: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no link needs 53 bits")]
    let rate = rate as f64;
    rate
}

#[cfg(test)]
pub(super) mod tests;
