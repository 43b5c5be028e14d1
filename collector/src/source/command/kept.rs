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

/// What it said last, and when it came.
type Newest = Arc<Mutex<Option<(Monotonic, Said)>>>;

/// What a program says at a time.
#[derive(Clone, Debug)]
enum Said {
    /// A line, which is a reading.
    Line(Arc<[u8]>),
    /// More than a line may be.
    TooMuch,
}

impl Kept {
    /// A line is no longer.
    const MOST: usize = super::output::MOST;
    const LONGEST_REST: Duration = Duration::from_mins(1);

    /// The newest line, where it came within `patience`. A program from which none came is ended, and started again.
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
            if let Some(status) = running.group.ended() {
                running.is_of_use |= matches!(newest, Some((_, Said::Line(_))));
                return Err(self.end(&what, &format!("it ended with {status}")));
            }
            // Only for its first line is it waited: later ones are there, or are not.
            if newest.is_some() || clock::monotonic() >= deadline {
                break newest;
            }
            thread::sleep(Duration::from_millis(10));
        };
        let (at, text) = match newest {
            Some((_, Said::TooMuch)) => {
                let why = format!("it printed a line of more than {} KiB, and was killed", Self::MOST >> 10);
                return Err(self.end(&what, &why));
            }
            Some((at, Said::Line(text))) if clock::monotonic().since(at) <= patience => (at, text),
            // It may hang for good: a connection, say, of which the other end is gone.
            _ => {
                let why = format!(
                    "it has printed no line for {}, and was killed: have it print more often, or write a longer `timeout`",
                    humantime::format_duration(patience)
                );
                return Err(self.end(&what, &why));
            }
        };
        let parsed =
            report::parse(&text, name, at).map_err(|what_is| ReadError::BadAnswer { address: what, what: what_is })?;
        running.is_of_use = true;
        Ok(parsed)
    }

    /// Ends the program if it runs on, to be started again after a rest.
    fn end(&mut self, what: &str, why: &str) -> ReadError {
        if self.running.take().is_some_and(|running| running.is_of_use) {
            self.in_vain = 0;
        }
        self.rest_from(clock::monotonic());
        ReadError::Unreachable { what: format!("{what}: {why}; it is started again") }
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
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    let is_too_much = line.len() > Kept::MOST;
                    let said = if is_too_much { Said::TooMuch } else { Said::Line(line.into()) };
                    *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some((clock::monotonic(), said));
                    if is_too_much {
                        // Nothing more is read of it: it is killed at the next reading.
                        return;
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

/// The next line, cut after the octet that tells that it is too long; nothing at the end.
fn next_line(lines: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let read = lines.by_ref().take(Kept::MOST as u64 + 1).read_until(b'\n', &mut line).ok()?;
    if read == 0 { None } else { Some(line) }
}
