//! Bounds of times that are not known exactly.

use stats::Monotonic;

/// Bounds of what is not known exactly, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Span {
    /// The middle of it.
    pub(super) fn middle(self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    /// How much is not known.
    pub(super) fn width(self) -> f64 {
        self.high - self.low
    }

    /// What both allow; `None` where that is nothing.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }

    /// The same with so much more at both ends.
    pub(super) fn wider(self, by: f64) -> Self {
        Self { low: self.low - by, high: self.high + by }
    }
}

/// Seconds from `origin` to `at`, negative where that is before.
pub(super) fn seconds_since(origin: Monotonic, at: Monotonic) -> f64 {
    at.since(origin).as_secs_f64() - origin.since(at).as_secs_f64()
}
