//! `run`: reads every target again and again, each in a thread of its own, until it is told to end.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use stats::Monotonic;

use crate::clock;
use crate::config::Config;
use crate::grid::Grid;
use crate::publish::{Outlook, Publisher};
use crate::round::{self, Rounds};
use crate::stop::{Stop, Waited};
use crate::timeline::{Now, Timeline};

/// Collects until SIGTERM or SIGINT.
pub(crate) fn run(config: &Config) -> anyhow::Result<()> {
    /// How long a target that is just being read is waited for at the end.
    const PATIENCE: Duration = Duration::from_secs(2);

    // Before the first thread: a signal that came earlier would end the process in its tracks.
    let mut signals = Signals::new([SIGTERM, SIGINT]).context("cannot listen for signals")?;
    let publisher = Arc::new(Mutex::new(round::publisher(config)?));
    let shortest = config.shortest_interval();
    let stop = Arc::new(Stop::default());
    let start = Now::read();
    let timeline = Timeline::beginning(start);

    tracing::info!("writing {} every {}", config.out.display(), humantime::format_duration(shortest));
    let mut threads = Vec::with_capacity(config.targets.len());
    for (number, target) in config.targets.iter().enumerate() {
        // Spread over the interval, so that neither we nor the network have everything to do at once.
        let phase = spread(target.interval(), number, config.targets.len());
        let mut rounds = Rounds::continuing(target, &config.out, timeline, start);
        rounds.calibrate();
        let target = Collected {
            number,
            rounds,
            points: Grid::new(start.monotonic.after(phase), target.interval()),
            round_numbers: Grid::new(start.monotonic, shortest),
        };
        let (publisher, stop) = (publisher.clone(), stop.clone());
        let thread = thread::Builder::new().stack_size(STACK).name(format!("target {number}"));
        threads.push(thread.spawn(move || target.collect(&publisher, &stop)).context("cannot start a thread")?);
    }

    signals.forever().next();
    stop.set();
    let until = clock::monotonic().after(PATIENCE);
    while threads.iter().any(|thread| !thread.is_finished()) && clock::monotonic() < until {
        thread::sleep(Duration::from_millis(5));
    }
    let written = timeline.after_step(Now::read()).unwrap_or(timeline).label(clock::monotonic());
    lock(&publisher).finish(written, Outlook::Ends);
    Ok(())
}

/// Of what a thread may put on its stack; a target needs a small part of it.
const STACK: usize = 512 * 1024;

/// A target as its thread has it.
struct Collected {
    number: usize,
    rounds: Rounds,
    /// When to read it.
    points: Grid,
    /// Tells which round a moment belongs to, for all targets alike.
    round_numbers: Grid,
}

impl Collected {
    fn collect(mut self, publisher: &Mutex<Publisher>, stop: &Stop) {
        let mut next = self.points.next_after(Monotonic::default());
        while self.wait_until(next, stop) == Waited::Reached {
            let round = self.round_numbers.number_at(next);
            let now = self.rounds.go_round();
            lock(publisher).publish(self.number, &self.rounds.watch, round, now);
            next = self.points.next_after(clock::monotonic().max(next));
        }
        lock(publisher).close(self.number, &self.rounds.watch, Now::read());
    }

    /// Waits until it is time for the reading that is due at `point`, and takes the looks in between that are wanted.
    fn wait_until(&mut self, point: Monotonic, stop: &Stop) -> Waited {
        loop {
            let reading = self.rounds.watch.time_to_read(point);
            let glance = self.rounds.watch.next_glance().map(|(at, _)| at).filter(|at| *at < reading);
            let waited = stop.wait_until(glance.unwrap_or(reading));
            if waited == Waited::Stopped || glance.is_none() {
                return waited;
            }
            self.rounds.glance();
        }
    }
}

fn spread(interval: Duration, number: usize, of: usize) -> Duration {
    let (number, of) = (u32::try_from(number).unwrap_or(0), u32::try_from(of).unwrap_or(1).max(1));
    interval * number / of
}

/// What a thread left behind that ended in the middle is still whole: every file is written as a whole.
fn lock(publisher: &Mutex<Publisher>) -> std::sync::MutexGuard<'_, Publisher> {
    publisher.lock().unwrap_or_else(PoisonError::into_inner)
}
