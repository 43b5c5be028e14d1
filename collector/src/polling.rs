//! Polling only: reads the targets of a config for a while and throws the readings away. A second root over the program's
//! own modules, for `cargo xtask bench`, which tells by it what publishing costs.

#![expect(dead_code, reason = "much of these modules is the program's alone")]

mod args;
mod config;
mod config_file;
mod secret;
mod settings;
mod target;

mod max;
mod open;
mod selection;
mod source;

mod clock;
mod grid;
mod pulse;

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{env, thread};

use clap::Parser;
use rustix::time::{ClockId, clock_gettime};

use crate::args::{Arguments, Command};
use crate::config::Config;
use crate::grid::Grid;

/// Prints how many interfaces were read for each CPU-second. The arguments are a config and for how many seconds to read;
/// what it takes until every target was read once does not count.
#[expect(clippy::print_stdout, reason = "the figure is what this is for")]
fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let (path, seconds) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    let Command::Run(arguments) = Arguments::parse_from(["polling", "run", "--config", &path]).command else {
        anyhow::bail!("`run` is another command");
    };
    let (config, seconds) = (Config::new(arguments)?, seconds.parse()?);
    let all_known = Barrier::new(config.targets.len() + 1);
    let interfaces = AtomicUsize::new(0);
    let before = thread::scope(|scope| {
        for target in &config.targets {
            scope.spawn(|| {
                let mut source = target.source();
                let _ = source.read();
                all_known.wait();
                let points = Grid::new(clock::monotonic(), target.interval());
                for _ in 0..seconds {
                    thread::sleep(points.next_after(clock::monotonic()).since(clock::monotonic()));
                    let read = source.read().map_or(0, |snapshot| snapshot.interfaces.len());
                    interfaces.fetch_add(read, Ordering::Relaxed);
                }
            });
        }
        all_known.wait();
        cpu()
    });
    let used = cpu().saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "it is a figure for people")]
    let rate = interfaces.into_inner() as f64 / used.as_secs_f64();
    println!("{rate:.0}");
    Ok(())
}

/// What this process has used of a processor.
fn cpu() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    Duration::from_secs(part(used.tv_sec)) + Duration::from_nanos(part(used.tv_nsec))
}
