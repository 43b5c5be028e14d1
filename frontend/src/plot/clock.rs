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
    /// It shows the file's time `page_ms` and so many milliseconds more.
    Running {
        /// The file's time less the page's.
        offset_ms: f64,
    },
    /// It shows that moment all the time: nothing more is to come, or what was to come does not.
    Standing {
        /// The file's time.
        shown_ms: f64,
    },
}

impl DisplayClock {
    /// A clock that shows the file's time `page_ms + offset_ms`.
    ///
    /// Graphs jump by as much as the offset changes: it should seldom do so, and then by little.
    #[must_use]
    pub const fn new(offset_ms: f64) -> Self {
        Self::Running { offset_ms }
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
            Self::Running { offset_ms } => page_ms + offset_ms,
            Self::Standing { shown_ms } => shown_ms,
        }
    }

    /// The page's time at which the right edge shows that moment; never, where the clock stands.
    #[must_use]
    pub const fn page_at(self, shown_ms: f64) -> f64 {
        match self {
            Self::Running { offset_ms } => shown_ms - offset_ms,
            Self::Standing { .. } => f64::INFINITY,
        }
    }
}
