//! As of when the counters are that an agent shows, by what is known of its refreshes.

use std::time::Duration;

use stats::Monotonic;

use super::{AsOf, Meanwhile, OLDEST, Refresh, State};

impl Refresh {
    /// As of when the counters of an interface are that were read at `at`. `changed`: since those that were last taken.
    pub(crate) fn as_of(&self, at: Monotonic, changed: bool) -> AsOf {
        match &self.state {
            State::Even(lattice) => lattice.as_of(at, changed),
            State::Uneven { newest, .. } if *newest <= at => AsOf::At(*newest),
            State::Uneven { .. } | State::Acquiring(_, Meanwhile::Wait) => AsOf::Unknown,
            State::Live | State::Idle(_) | State::Acquiring(_, Meanwhile::Behind(_)) => AsOf::At(self.was_as_of(at)),
        }
    }

    /// As of when the counters were that were read at `at`, before it was known how they are refreshed.
    pub(crate) fn was_as_of(&self, at: Monotonic) -> Monotonic {
        let behind = match &self.state {
            State::Even(lattice) => return lattice.was_as_of(at),
            State::Idle(Some(period)) => *period,
            State::Acquiring(_, Meanwhile::Behind(behind)) => *behind,
            State::Live | State::Idle(None) | State::Uneven { .. } | State::Acquiring(_, Meanwhile::Wait) => {
                Duration::ZERO
            }
        };
        Monotonic::new(at.since_zero().saturating_sub(behind))
    }

    /// Since when at least the counters are that were read at `at`, where that is known better than it was then.
    pub(crate) fn earliest(&self, at: Monotonic) -> Option<Monotonic> {
        match &self.state {
            State::Even(lattice) => Some(lattice.was_as_of(at)),
            State::Uneven { period, .. } => Some(Monotonic::new(at.since_zero().saturating_sub(*period))),
            State::Live | State::Idle(_) | State::Acquiring(..) => None,
        }
    }

    /// How much older counters may be than is told, that did not change for as long as `stood`.
    pub(crate) fn doubt(&self, stood: Duration) -> Duration {
        match &self.state {
            State::Even(lattice) => lattice.period() / 2,
            State::Uneven { period, .. } | State::Idle(Some(period)) => *period,
            State::Live => stood.min(OLDEST),
            State::Idle(None) | State::Acquiring(..) => OLDEST,
        }
    }
}
