//! A program that goes on running, and prints a line for each reading.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use stats::Monotonic;

use super::group::Group;
use super::stopper::Stopper;
use super::{CommandLine, Outcome, failed};
use crate::clock;
use crate::source::{ReadError, report};

/// What is known of the program.
#[derive(Debug, Default)]
pub(super) struct Kept {
    running: Option<Running>,
    /// When it may be started again.
    rest: Monotonic,
    /// How often in a row it ended without having said anything of use.
    in_vain: u32,
}

#[derive(Debug)]
struct Running {
    group: Group,
    newest: Newest,
    since: Monotonic,
    /// Whether it said something of use.
    is_of_use: bool,
}

/// The newest line, and when it came.
type Newest = Arc<Mutex<Option<(Monotonic, Vec<u8>)>>>;

impl Kept {
    /// A line is no longer.
    const MOST: u64 = super::output::MOST as u64;
    /// What is kept of complaints to tell in the log is the first line.
    const LONGEST_REST: Duration = Duration::from_mins(1);

    /// The newest line, where it came within `patience`.
    pub(super) fn read(&mut self, line: &CommandLine, name: &str, patience: Duration, stopper: &Stopper) -> Outcome {
        let what = line.name();
        let now = clock::monotonic();
        if self.running.is_none() && now >= self.rest {
            self.running = Some(Running::start(line, now, stopper).map_err(|error| {
                self.rest_from(now);
                failed(&what, &error)
            })?);
        }
        let Some(running) = &mut self.running else {
            return Err(ReadError::Unreachable { what: format!("{what} ended, and is started again soon") });
        };
        let deadline = running.since.after(patience);
        let newest = loop {
            let newest = running.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if stopper.is_stopped() {
                return Err(ReadError::Stopped);
            }
            let ended = running.group.ended();
            if let Some(status) = ended {
                let in_vain = !running.is_of_use && newest.is_none();
                self.running = None;
                self.in_vain = if in_vain { self.in_vain } else { 0 };
                self.rest_from(now);
                return Err(ReadError::Unreachable {
                    what: format!("{what}: it ended with {status}, and is started again"),
                });
            }
            // Only for its first line is it waited: later ones are there, or are not.
            if newest.is_some() || clock::monotonic() >= deadline {
                break newest;
            }
            thread::sleep(Duration::from_millis(10));
        };
        let silent = || ReadError::Unreachable {
            what: format!("{what} has printed no line for {}", humantime::format_duration(patience)),
        };
        let (at, text) = newest.ok_or_else(silent)?;
        if clock::monotonic().since(at) > patience {
            return Err(silent());
        }
        let parsed =
            report::parse(&text, name, at).map_err(|what_is| ReadError::BadAnswer { address: what, what: what_is })?;
        running.is_of_use = true;
        Ok(parsed)
    }

    fn rest_from(&mut self, now: Monotonic) {
        let rest = Duration::from_secs(1) * 2_u32.saturating_pow(self.in_vain.min(10));
        self.rest = now.after(rest.min(Self::LONGEST_REST));
        self.in_vain += 1;
    }
}

impl Running {
    fn start(line: &CommandLine, now: Monotonic, stopper: &Stopper) -> std::io::Result<Self> {
        let mut group = Group::start(&mut line.program(), stopper)?;
        let newest = Newest::default();
        let (stdout, stderr) = group.pipes();
        if let Some(stdout) = stdout {
            let newest = Arc::clone(&newest);
            thread::Builder::new().name("lines".to_owned()).spawn(move || {
                let mut lines = BufReader::new(stdout);
                while let Some(line) = next_line(&mut lines) {
                    // An empty one says nothing.
                    if !line.trim_ascii().is_empty() {
                        *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some((clock::monotonic(), line));
                    }
                }
            })?;
        }
        if let Some(stderr) = stderr {
            let what = line.name();
            thread::Builder::new().name("complaints".to_owned()).spawn(move || {
                let mut lines = BufReader::new(stderr);
                let mut told = 0;
                while let Some(line) = next_line(&mut lines) {
                    // All of it is read, or the program would wait; little of it is told.
                    if told < 3 {
                        told += 1;
                        tracing::warn!("{what} says: {}", stats::clean(&String::from_utf8_lossy(&line)));
                    }
                }
            })?;
        }
        Ok(Self { group, newest, since: now, is_of_use: false })
    }
}

/// The next line, cut where it is too long; nothing at the end.
fn next_line(lines: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let read = lines.by_ref().take(Kept::MOST).read_until(b'\n', &mut line).ok()?;
    if read == 0 { None } else { Some(line) }
}
