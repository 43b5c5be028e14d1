//! A program of the user's that tells counters: run at each reading, or kept running, a line for each reading. There is no
//! shell but where the config asks for one, and all that a program starts ends with it.

mod group;
mod kept;
mod output;
mod stopper;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command as Program, Stdio};
use std::time::Duration;

use stats::{Interface, Reading, clean};

use super::roster::Roster;
use super::{ReadError, Snapshot, Source, report};
use crate::clock;
use crate::selection::Selection;

pub(crate) use stopper::Stopper;

use group::Group;
use kept::Kept;

/// What is to be run, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    /// The program and its arguments; never empty.
    pub(crate) words: Vec<String>,
    /// Whether it is started again for each reading, or once.
    pub(crate) life: Life,
}

/// How long a program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Life {
    /// It is started for each reading, prints, and ends.
    #[default]
    Reading,
    /// It goes on running, and prints a line for each reading.
    Kept,
}

impl CommandLine {
    /// What the program is called. Its arguments may hold a secret, and are shown to nobody.
    pub(crate) fn name(&self) -> String {
        let word = self.words.first().map(String::as_str).unwrap_or_default();
        let name = Path::new(word).file_name().map(|name| clean(&name.to_string_lossy())).unwrap_or_default();
        if name.is_empty() { "command".to_owned() } else { name }
    }

    /// How long it may take, where that was `chosen`; or how long it may be silent, where it is kept running.
    pub(crate) fn patience(&self, chosen: Option<Duration>, interval: Duration) -> Duration {
        const USUAL: Duration = Duration::from_secs(10);

        chosen.unwrap_or(match self.life {
            Life::Reading => USUAL,
            Life::Kept => USUAL.max(interval * 3),
        })
    }

    /// What is in the environment for the collector alone: secrets, and what it says to a service manager.
    const OWN_VARIABLES: [&str; 6] = [
        "SNMP_COMMUNITY",
        "SNMP_AUTH_PASSWORD",
        "SNMP_PRIVACY_PASSWORD",
        "NOTIFY_SOCKET",
        "WATCHDOG_PID",
        "WATCHDOG_USEC",
    ];

    /// The program, in a process group of its own, without what only the collector is to know.
    fn program(&self) -> Program {
        let (program, arguments) =
            self.words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let mut program = Program::new(program);
        program.args(arguments).process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for variable in Self::OWN_VARIABLES {
            program.env_remove(variable);
        }
        program
    }
}

/// A program as a source.
#[derive(Debug)]
pub(crate) struct Command {
    line: CommandLine,
    /// What an interface is called that the program gives no name.
    name: String,
    patience: Duration,
    roster: Roster,
    stopper: Stopper,
    kept: Kept,
    /// What the program last complained of.
    complaint: Option<String>,
}

/// What a program printed, or why it is of no use.
type Outcome = Result<Vec<(Interface, Reading)>, ReadError>;

impl Command {
    /// Begins with nothing running.
    pub(crate) fn new(line: CommandLine, name: String, patience: Duration, selection: Selection) -> Self {
        Self {
            line,
            name,
            patience,
            roster: Roster::new(selection),
            stopper: Stopper::default(),
            kept: Kept::default(),
            complaint: None,
        }
    }

    fn run(&mut self) -> Outcome {
        let what = self.line.name();
        let group = Group::start(&mut self.line.program(), &self.stopper).map_err(|error| failed(&what, &error))?;
        let printed = output::read(group, self.patience);
        // As of when it had printed what it had to say: it took its counters somewhat before.
        let at = clock::monotonic();
        if self.stopper.is_stopped() {
            return Err(ReadError::Stopped);
        }
        self.complain(&printed.complaint);
        match printed.end {
            output::End::Success => report::parse(&printed.text, &self.name, at)
                .map_err(|error| ReadError::BadAnswer { address: what, what: error }),
            end => Err(ReadError::Unreachable { what: format!("{what}: {}", end.sentence(self.patience)) }),
        }
    }

    /// Says in the log what a program complained of, where it is not what it said before.
    fn complain(&mut self, said: &[u8]) {
        let text = String::from_utf8_lossy(said);
        let complaint = text.lines().map(clean).find(|line| !line.is_empty());
        if complaint != self.complaint
            && let Some(complaint) = &complaint
        {
            tracing::warn!("{}: {} says: {complaint}", self.name, self.line.name());
        }
        self.complaint = complaint;
    }
}

fn failed(what: &str, error: &std::io::Error) -> ReadError {
    ReadError::Unreachable { what: format!("cannot start {what}: {error}") }
}

impl Source for Command {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        let outcome = match self.line.life {
            Life::Reading => self.run(),
            Life::Kept => self.kept.read(&self.line, &self.name, self.patience, &self.stopper),
        };
        Ok(self.roster.snapshot(outcome?))
    }

    fn stopper(&self) -> Option<Stopper> {
        Some(self.stopper.clone())
    }
}

#[cfg(test)]
mod tests;
