//! Asks an agent far more often than the collector does, and so knows when it refreshed its counters, and how late it
//! answered. What the collector could not know is not held against it: on a busy machine the agent itself is late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use snmp::{SyncSession, Value};
use stats::Timestamp;

use super::refresh::now;

/// `ifHCInOctets` of the loopback.
const IN_OCTETS: &[u32] = &[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1];

/// One that asks until it is ended.
pub(crate) struct Observer {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Observed>,
}

/// What it saw.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// When the answer was another one than before, in order.
    changes: Vec<Timestamp>,
    /// How long each answer took, and when it came, in order.
    answers: Vec<(Timestamp, Duration)>,
}

impl Observer {
    /// Asks the agent at that port of this machine.
    pub(crate) fn begin(port: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut session =
                SyncSession::new(("127.0.0.1", port), b"public", Some(Duration::from_secs(5)), 1).expect("a session");
            let mut observed = Observed::default();
            let mut last = None;
            while !stopped.load(Ordering::Relaxed) {
                let asked = now();
                let octets = session.get(IN_OCTETS).expect("an answer").varbinds.next();
                let Some((_, Value::Counter64(octets))) = octets else { panic!("no counter: {octets:?}") };
                let answered = now();
                observed.answers.push((answered, answered.since(asked)));
                if last.replace(octets).is_some_and(|last| last != octets) {
                    observed.changes.push(answered);
                }
                sleep(Duration::from_millis(20));
            }
            observed
        });
        Self { stop, thread }
    }

    /// What it saw until now.
    pub(crate) fn end(self) -> Observed {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("what was seen")
    }
}

impl Observed {
    /// The usual time from one refresh to the next.
    pub(crate) fn period(&self) -> Duration {
        let mut periods: Vec<Duration> = self.periods().map(|(_, period)| period).collect();
        periods.sort_unstable();
        periods[periods.len() / 2]
    }

    /// By how much the agent of a period was out of its step, or late with an answer, in half a minute before a time.
    pub(crate) fn late(&self, period: Option<Duration>, until: Timestamp) -> Duration {
        const LATELY: Duration = Duration::from_secs(30);

        let lately = |at: Timestamp| until.before(LATELY) <= at && at <= until;
        let answers = self.answers.iter().filter(|(at, _)| lately(*at)).map(|(_, took)| *took);
        let refreshes = self.periods().filter(|(at, _)| lately(*at));
        let steps = period.into_iter().flat_map(|usual| refreshes.clone().map(move |(_, this)| this.abs_diff(usual)));
        answers.chain(steps).max().unwrap_or_default()
    }

    /// By how much an agent of that period was out of its step at any time.
    pub(crate) fn late_at_all(&self, period: Duration) -> Duration {
        self.periods().map(|(_, this)| this.abs_diff(period)).max().unwrap_or_default()
    }

    /// When each refresh was, and how long after the one before.
    fn periods(&self) -> impl Iterator<Item = (Timestamp, Duration)> + Clone {
        self.changes.windows(2).map(|pair| (pair[1], pair[1].since(pair[0])))
    }
}
