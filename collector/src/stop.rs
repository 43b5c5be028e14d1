//! The wish to end, as threads that wait hear of it.

use std::sync::{Condvar, Mutex, PoisonError};

use stats::Monotonic;

use crate::clock;

/// Set once, and heard by all who wait.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    wanted: Mutex<bool>,
    changed: Condvar,
}

/// How waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    /// The time has come.
    Reached,
    /// The collector is to end.
    Stopped,
}

impl Stop {
    /// Tells everybody to end.
    pub(crate) fn set(&self) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits until that time, or until everybody is to end.
    pub(crate) fn wait_until(&self, time: Monotonic) -> Waited {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if *wanted {
                return Waited::Stopped;
            }
            let left = time.since(clock::monotonic());
            if left.is_zero() {
                return Waited::Reached;
            }
            (wanted, _) = self.changed.wait_timeout(wanted, left).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
