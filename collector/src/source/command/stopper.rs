//! Ends what a source runs, from another thread.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// Ends what a source runs, from another thread, and keeps it from starting anything again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopper(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_stopped: bool,
    running: Option<Pid>,
}

impl Stopper {
    /// Ends it.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.is_stopped = true;
        if let Some(group) = state.running.take() {
            kill(group);
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// Starts something that is to be ended. Nothing can be started once everything is to end.
    pub(super) fn start<T>(&self, start: impl FnOnce() -> std::io::Result<(T, Pid)>) -> std::io::Result<T> {
        let mut state = self.lock();
        if state.is_stopped {
            return Err(std::io::Error::other("the collector is ending"));
        }
        let (started, group) = start()?;
        state.running = Some(group);
        Ok(started)
    }

    /// Ends what was started, if it has not ended, all that it started with it. To be called before its own process is
    /// waited for: until then nobody else can have its number.
    pub(super) fn end(&self) {
        if let Some(group) = self.lock().running.take() {
            kill(group);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kill(group: Pid) {
    // That it is gone already is what is wanted.
    let _ = kill_process_group(group, Signal::KILL);
}
