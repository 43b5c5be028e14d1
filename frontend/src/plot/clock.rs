//! Which moment is shown where. Reads no clock.

use stats::Timestamp;

/// Says which moment of the file's time the right edge of every graph shows.
///
/// The page's time is what `document.timeline.currentTime` and `performance.now()` count, in milliseconds since the page
/// was opened; it never steps. The file's time is the collector's, in milliseconds since 1970-01-01T00:00:00Z. What is
/// shown lies a fixed distance behind what is known, so that motion does not wait for data: that delay is part of the
/// offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DisplayClock {
    /// It shows the file's time `page_ms * speed + offset_ms`.
    Running {
        /// The file's time less the page's, were that always as fast.
        offset_ms: f64,
        /// How much faster than time it runs: 1, but for a while after it was found to be wrong.
        speed: f64,
    },
    /// It shows that moment all the time: nothing more is to come, or what was to come does not.
    Standing {
        /// The file's time.
        shown_ms: f64,
    },
}

impl DisplayClock {
    /// A clock that shows the file's time `page_ms + offset_ms`.
    #[must_use]
    pub const fn new(offset_ms: f64) -> Self {
        Self::Running { offset_ms, speed: 1.0 }
    }

    /// The clock that shows the same as this one at `page_ms`, and goes on from there at that speed: nothing jumps.
    #[must_use]
    pub const fn at_speed(self, speed: f64, page_ms: f64) -> Self {
        Self::Running { offset_ms: self.shown_at(page_ms) - page_ms * speed, speed }
    }

    /// The same, so many milliseconds behind.
    #[must_use]
    pub const fn behind(self, ms: f64) -> Self {
        match self {
            Self::Running { offset_ms, speed } => Self::Running { offset_ms: offset_ms - ms, speed },
            Self::Standing { shown_ms } => Self::Standing { shown_ms: shown_ms - ms },
        }
    }

    /// A clock that stands at that moment.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of this century fit into 53 bits")]
        let micros = at.as_micros() as f64;
        Self::Standing { shown_ms: micros / 1_000.0 }
    }

    /// Whether it shows the same moment all the time.
    #[must_use]
    pub const fn is_standing(self) -> bool {
        matches!(self, Self::Standing { .. })
    }

    /// The file's time at the right edge, in milliseconds since the epoch.
    #[must_use]
    pub const fn shown_at(self, page_ms: f64) -> f64 {
        match self {
            Self::Running { offset_ms, speed } => page_ms * speed + offset_ms,
            Self::Standing { shown_ms } => shown_ms,
        }
    }

    /// The page's time at which the right edge shows that moment; never, where the clock stands.
    #[must_use]
    pub const fn page_at(self, shown_ms: f64) -> f64 {
        match self {
            Self::Running { offset_ms, speed } => (shown_ms - offset_ms) / speed,
            Self::Standing { .. } => f64::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_speed_moves_nothing_at_that_moment() {
        let before = DisplayClock::new(1_700_000_000_000.0);
        let after = before.at_speed(0.9, 5_000.0);
        assert!((after.shown_at(5_000.0) - before.shown_at(5_000.0)).abs() < 1e-3);
        assert!((before.shown_at(6_000.0) - after.shown_at(6_000.0) - 100.0).abs() < 1e-3);
        assert!((after.page_at(after.shown_at(7_000.0)) - 7_000.0).abs() < 1e-3);
    }
}
