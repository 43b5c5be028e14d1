//! What a service manager is told (`sd_notify(3)`): that the collector has begun, that it is alive, that it is about to end.
//! Where there is none, nothing is said and nothing is done.

use std::sync::Arc;
use std::thread;

use sd_notify::NotifyState;

use crate::clock;
use crate::pulse::{Felt, Pulse};
use crate::stop::{Stop, Waited};

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
        let mut felt = Felt::of(&pulse, next);
        while stop.wait_until(next) == Waited::Reached {
            if felt.is_well(&pulse, clock::monotonic(), period) {
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
