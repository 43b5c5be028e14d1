//! The time of a device: how long it has been there. The one place here where a clock is read.

use std::time::{Duration, Instant};

/// What a device goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    /// It goes on by itself.
    Real(Instant),
    /// It stands where a test has put it.
    Manual(Duration),
}

impl Clock {
    pub(crate) fn real() -> Self {
        Self::Real(instant())
    }

    pub(crate) fn now(&self) -> Duration {
        match self {
            Self::Real(start) => instant().duration_since(*start),
            Self::Manual(now) => *now,
        }
    }
}

/// Now.
pub(crate) fn instant() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "this is the outermost edge")]
    Instant::now()
}
