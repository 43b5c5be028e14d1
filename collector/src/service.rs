//! What a service manager is told (`sd_notify(3)`): that the collector has begun, that it is alive, that it is about to end.
//! Where there is none, nothing is said and nothing is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use sd_notify::NotifyState;
use stats::Monotonic;

use crate::clock;
use crate::stop::{Stop, Waited};

/// Since when each thread has been at work without a pause. A thread that waits for its next round is well, however long
/// that takes; one that does not come to the end of a round is not.
#[derive(Debug)]
pub(crate) struct Pulse(Box<[AtomicU64]>);

/// What stands for a thread that waits.
const RESTS: u64 = u64::MAX;

impl Pulse {
    /// So many threads, none of them at work.
    pub(crate) fn new(threads: usize) -> Self {
        Self((0..threads).map(|_| AtomicU64::new(RESTS)).collect())
    }

    /// A thread begins to work.
    pub(crate) fn begin(&self, thread: usize, now: Monotonic) {
        self.0[thread].store(seconds(now), Ordering::Relaxed);
    }

    /// It waits again.
    pub(crate) fn rest(&self, thread: usize) {
        self.0[thread].store(RESTS, Ordering::Relaxed);
    }

    /// Whether every thread has come to the end of what it began that long ago.
    fn is_well(&self, now: Monotonic, longest: Duration) -> bool {
        let since = self.0.iter().map(|since| since.load(Ordering::Relaxed)).min().unwrap_or(RESTS);
        seconds(now).saturating_sub(since) <= longest.as_secs()
    }
}

fn seconds(now: Monotonic) -> u64 {
    now.since_zero().as_secs()
}

/// The collector reads and writes.
pub(crate) fn begun() {
    tell(NotifyState::Ready);
}

/// The collector is about to end.
pub(crate) fn ending() {
    tell(NotifyState::Stopping);
}

/// Tells the service manager again and again that all is well for as long as it is, where it wants to know (`WatchdogSec=`).
///
/// # Errors
///
/// When there can be no thread for that.
pub(crate) fn watch(pulse: &Arc<Pulse>, stop: &Arc<Stop>) -> std::io::Result<()> {
    const STACK: usize = 64 * 1024;

    let Some(period) = sd_notify::watchdog_enabled() else { return Ok(()) };
    let (pulse, stop) = (Arc::clone(pulse), Arc::clone(stop));
    thread::Builder::new().stack_size(STACK).name("watchdog".to_owned()).spawn(move || {
        let mut next = clock::monotonic();
        while stop.wait_until(next) == Waited::Reached {
            if pulse.is_well(clock::monotonic(), period) {
                tell(NotifyState::Watchdog);
            }
            next = next.after(period / 3);
        }
    })?;
    Ok(())
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!("cannot tell the service manager: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_well_and_who_does_not_come_to_an_end_is_not() {
        const MINUTE: Duration = Duration::from_mins(1);

        let at = |second| Monotonic::new(Duration::from_secs(second));
        let pulse = Pulse::new(2);
        assert!(pulse.is_well(at(1_000), MINUTE));
        pulse.begin(0, at(1_000));
        pulse.begin(1, at(1_050));
        assert!(pulse.is_well(at(1_060), MINUTE));
        assert!(!pulse.is_well(at(1_061), MINUTE));
        pulse.rest(0);
        assert!(pulse.is_well(at(1_061), MINUTE));
    }
}
