//! Two kinds of time: the wall's, which labels, and the monotonic one, which measures. Reads no clock.

use std::num::NonZeroU64;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

/// A wall time: whole microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. It labels; it measures nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The time that many microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// This time, later by `duration`; the end of time where that is beyond it.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// This time, earlier by `duration`; the epoch where that is before it.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// How long after `earlier` this is; nothing where it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

/// A point on a clock that never steps and goes on while the machine sleeps. Its zero means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Monotonic(Duration);

impl Monotonic {
    /// The point that long after the clock's zero.
    #[must_use]
    pub const fn new(since_zero: Duration) -> Self {
        Self(since_zero)
    }

    /// How long after the clock's zero this is.
    #[must_use]
    pub const fn since_zero(self) -> Duration {
        self.0
    }

    /// How long after `earlier` this is; nothing where it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// This point, later by `duration`.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

/// A [`Monotonic`] in few octets, of which there are several for each interface that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(
    /// Nanoseconds since the clock's zero, which last for 584 years, and one more: where there is none takes no room then.
    NonZeroU64,
);

impl From<Monotonic> for Moment {
    fn from(Monotonic(since_zero): Monotonic) -> Self {
        let nanos = since_zero.as_secs().saturating_mul(1_000_000_000).saturating_add(since_zero.subsec_nanos().into());
        Self(NonZeroU64::MIN.saturating_add(nanos))
    }
}

impl From<Moment> for Monotonic {
    fn from(Moment(nanos): Moment) -> Self {
        Self(Duration::from_nanos(nanos.get() - 1))
    }
}

/// Whole microseconds, rounded down; the largest number where they are more.
///
/// Not by way of 128 bits, as [`Duration::as_micros`], which is a good deal of code; and in one place, since the page asks often.
#[must_use]
#[inline(never)]
pub fn micros(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000).saturating_add(duration.subsec_micros().into())
}

/// A duration in JSON: whole microseconds.
#[expect(clippy::ref_option, reason = "serde passes the field so")]
pub(crate) fn serialize_micros<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => serializer.serialize_u64(micros(*duration)),
        None => serializer.serialize_none(),
    }
}
