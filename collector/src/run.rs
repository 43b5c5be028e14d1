//! `run`: reads every target again and again, each in a thread of its own, until it is told to end.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use stats::Monotonic;

use crate::clock;
use crate::config::{Config, TargetConfig};
use crate::earlier::Earlier;
use crate::grid::Grid;
use crate::publish::{GroupFiles, Outlook, Site};
use crate::pulse::Pulse;
use crate::round::{self, Rounds};
use crate::service;
use crate::source::command::Stopper;
use crate::stop::{Stop, Waited};
use crate::timeline::{Now, Timeline};

/// Collects until SIGTERM or SIGINT, or until the terminal that it runs in is closed.
pub(crate) fn run(config: &Config) -> anyhow::Result<()> {
    /// How long a target that is just being read is waited for at the end.
    const PATIENCE: Duration = Duration::from_secs(2);

    // Before the first thread: a signal that came earlier would end the process in its tracks.
    let mut signals = Signals::new([SIGTERM, SIGINT]).context("cannot listen for signals")?;
    if !is_to_outlive_its_terminal() {
        signals.add_signal(SIGHUP).context("cannot listen for signals")?;
    }
    let shortest = config.shortest_interval();
    let stop = Arc::new(Stop::default());
    let start = Now::read();
    let timeline = Timeline::beginning(start);
    let all_rounds: Vec<Rounds> = config.targets.iter().map(|target| Rounds::new(target, timeline)).collect();
    let site = Arc::new(round::site(config, &all_rounds)?);
    let _claim = round::claim(config)?;
    let earlier = Earlier::in_directory(&config.out);
    let wanted = site.expect(&earlier);
    for rounds in &all_rounds {
        round::resume(&rounds.watch, &earlier, wanted, start);
    }
    drop(earlier);

    let pulse = Arc::new(Pulse::new(config.targets.iter().map(TargetConfig::longest_wait)));
    service::watch(&pulse, &stop).context("cannot start a thread")?;
    tracing::info!("writing {} every {}", config.out.display(), humantime::format_duration(shortest));
    let stoppers: Vec<Stopper> = all_rounds.iter().filter_map(Rounds::stopper).collect();
    let mut threads = Vec::with_capacity(config.targets.len());
    for ((number, target), mut rounds) in config.targets.iter().enumerate().zip(all_rounds) {
        // Spread over the interval, so that neither we nor the network have everything to do at once.
        let phase = spread(target.interval(), number, config.targets.len());
        rounds.calibrate();
        let target = Collected {
            number,
            rounds,
            files: GroupFiles::default(),
            points: Grid::new(start.monotonic.after(phase), target.interval()),
            round_numbers: Grid::new(start.monotonic, shortest),
        };
        let (site, pulse, stop) = (site.clone(), pulse.clone(), stop.clone());
        let thread = thread::Builder::new().stack_size(STACK).name(format!("target {number}"));
        threads.push(thread.spawn(move || target.collect(&site, &pulse, &stop)).context("cannot start a thread")?);
    }

    service::begun();
    signals.forever().next();
    service::ending();
    stop.set();
    stoppers.iter().for_each(Stopper::stop);
    let until = clock::monotonic().after(PATIENCE);
    while threads.iter().any(|thread| !thread.is_finished()) && clock::monotonic() < until {
        thread::sleep(Duration::from_millis(5));
    }
    let written = timeline.after_step(Now::read()).unwrap_or(timeline).label(clock::monotonic());
    site.finish(written, Outlook::Ends);
    Ok(())
}

/// Whether it was started to go on when the terminal is closed, as by `nohup`, which has it ignore SIGHUP: to listen would
/// end that.
fn is_to_outlive_its_terminal() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    ignored & (1 << (SIGHUP - 1)) != 0
}

/// Of what a thread may put on its stack; a target needs a small part of it.
const STACK: usize = 512 * 1024;

/// A target as its thread has it.
struct Collected {
    number: usize,
    rounds: Rounds,
    files: GroupFiles,
    /// When to read it.
    points: Grid,
    /// Tells which round a moment belongs to, for all targets alike.
    round_numbers: Grid,
}

impl Collected {
    fn collect(mut self, site: &Site, pulse: &Pulse, stop: &Stop) {
        let mut next = self.points.next_after(Monotonic::default());
        while self.wait_until(next, stop) == Waited::Reached {
            let round = self.round_numbers.number_at(next);
            let begun = clock::monotonic();
            pulse.begin(self.number);
            let now = self.rounds.go_round();
            next = self.points.next_after(clock::monotonic().max(next));
            self.rounds.announce(begun, next);
            site.publish(self.number, &mut self.files, round, now);
            pulse.rest(self.number);
        }
        site.close(self.number, &mut self.files, Now::read());
    }

    /// Waits until it is time for the reading that is due at `point`, and takes the looks in between that are wanted.
    fn wait_until(&mut self, point: Monotonic, stop: &Stop) -> Waited {
        loop {
            let (reading, glance) = self.rounds.next(point);
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
