//! How much further behind graphs are drawn where there are many, and when one of them has to be painted again. Knows nothing
//! of how that is done.
//!
//! Of a small graph of minutes a second is less than a pixel: painted once for several samples it looks the same, and costs
//! a part of it. What lies at its right edge has to be painted before it is seen, so that the edge is so many samples behind.

use std::time::Duration;

use crate::plot::DisplayClock;

use super::motion::Motion;
use super::{Model, Target};

/// Fewer are painted at each sample.
const MANY: usize = 12;

/// Samples that are painted at once, at the most.
const AT_ONCE: u32 = 4;

/// The share of a window that is three pixels of a small graph.
const UNSEEN: u32 = 75;

/// How often it is looked whether a graph has to be painted, at the least.
const LOOK: Duration = Duration::from_secs(1);

impl Model {
    /// How much further behind the graphs of a target are drawn than those of an interface that is opened.
    #[must_use]
    pub fn lag(&self, target: &Target) -> Duration {
        let unseen = self.address.options.window.duration() / UNSEEN;
        let interfaces = || self.targets.iter().map(|target| target.interfaces.len()).sum::<usize>();
        let step = target.pace().max(LOOK);
        if self.address.interface.is_some() || unseen < step || interfaces() <= MANY {
            return Duration::ZERO;
        }
        unseen.min(step * AT_ONCE)
    }

    /// Whether a graph of a target that is painted up to there, in milliseconds of the file's time, has to be painted again where
    /// there is something new: it would soon be seen to end. It is painted `early` sooner than that, as a share of the lag.
    #[must_use]
    pub fn runs_short(&self, target: &Target, clock: DisplayClock, painted_ms: f64, early: f64) -> bool {
        let lag = self.lag(target);
        let needed = Motion::with_reserve(target.pace().max(LOOK)).as_secs_f64() + lag.as_secs_f64() * early;
        let shown_ms = target.motion.shown_ms(clock);
        lag.is_zero() || shown_ms.is_none_or(|shown_ms| painted_ms - shown_ms < needed * 1_000.0)
    }
}
