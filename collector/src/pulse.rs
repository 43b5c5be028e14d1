//! Signs of life: which threads are at work, and whether they get on with it. Knows nothing of who wants to know.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use stats::Monotonic;

/// What each thread has done. One that waits for its next round is well, however long that takes; one that is at work and
/// gives no sign of life is not.
#[derive(Debug)]
pub(crate) struct Pulse(Box<[Thread]>);

#[derive(Debug)]
struct Thread {
    beats: Arc<Beats>,
    /// How long its work may have it wait for others between two signs of life.
    patience: Duration,
}

/// Odd while the thread works, and another number after each sign of life. A thread reads no clock for that.
#[derive(Debug, Default)]
struct Beats(AtomicU64);

thread_local! {
    static OWN: RefCell<Option<Arc<Beats>>> = const { RefCell::new(None) };
}

/// A sign of life of the calling thread: something else is waited for than before.
pub(crate) fn beat() {
    OWN.with_borrow(|own| own.as_ref().map(|beats| beats.change(|count| count + 2)));
}

impl Pulse {
    /// A thread for each of these, none of them at work, and how long each may have to wait for others.
    pub(crate) fn new(patience: impl IntoIterator<Item = Duration>) -> Self {
        Self(patience.into_iter().map(|patience| Thread { beats: Arc::default(), patience }).collect())
    }

    /// The calling thread begins to work, and is this one.
    pub(crate) fn begin(&self, thread: usize) {
        let beats = &self.0[thread].beats;
        beats.change(|count| count | 1);
        OWN.with_borrow_mut(|own| {
            own.get_or_insert_with(|| Arc::clone(beats));
        });
    }

    /// It waits again.
    pub(crate) fn rest(&self, thread: usize) {
        self.0[thread].beats.change(|count| (count + 2) & !1);
    }
}

impl Beats {
    /// Only the thread itself does.
    fn change(&self, to: impl FnOnce(u64) -> u64) {
        self.0.store(to(self.0.load(Ordering::Relaxed)), Ordering::Relaxed);
    }
}

/// What somebody has seen who feels a pulse again and again.
#[derive(Debug)]
pub(crate) struct Felt {
    /// Of each thread, what was seen last, and since when.
    seen: Vec<(u64, Monotonic)>,
}

impl Felt {
    /// Of so many threads nothing was seen yet.
    pub(crate) fn of(pulse: &Pulse, now: Monotonic) -> Self {
        Self { seen: vec![(0, now); pulse.0.len()] }
    }

    /// Whether each thread that is at work gave a sign of life within the time that it may take, and `longest` beyond that.
    pub(crate) fn is_well(&mut self, pulse: &Pulse, now: Monotonic, longest: Duration) -> bool {
        let mut is_well = true;
        for (Thread { beats, patience }, (count, since)) in pulse.0.iter().zip(&mut self.seen) {
            let new = beats.0.load(Ordering::Relaxed);
            let is_at_work = new % 2 == 1;
            if *count != new || !is_at_work {
                (*count, *since) = (new, now);
            }
            is_well &= now.since(*since) <= longest.saturating_add(*patience);
        }
        is_well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn at(second: u64) -> Monotonic {
        Monotonic::new(Duration::from_secs(second))
    }

    #[test]
    fn who_waits_is_well_and_who_does_not_get_on_is_not() {
        let pulse = Pulse::new([Duration::ZERO, 2 * MINUTE]);
        let mut felt = Felt::of(&pulse, at(0));
        let mut is_well = |second| felt.is_well(&pulse, at(second), MINUTE);
        assert!(is_well(1_000));
        pulse.begin(0);
        pulse.begin(1);
        assert!(is_well(1_010));
        assert!(is_well(1_070));
        assert!(!is_well(1_071), "nothing was heard of the first one for more than a minute");
        pulse.rest(0);
        assert!(is_well(1_190), "the second one may have to wait for two more");
        assert!(!is_well(1_191));
        pulse.rest(1);
        pulse.begin(1);
        assert!(is_well(1_192), "another round has begun");
    }

    #[test]
    fn a_thread_that_goes_on_trying_is_well_however_long_that_takes() {
        let pulse = Pulse::new([Duration::ZERO]);
        let mut felt = Felt::of(&pulse, at(0));
        pulse.begin(0);
        for minute in 1..10 {
            beat();
            assert!(felt.is_well(&pulse, at(minute * 60), MINUTE));
        }
        assert!(!felt.is_well(&pulse, at(10 * 60 + 1), MINUTE));
    }
}
