//! Programs that run beside this one and never outlive it. Those that are run to their end are in [`crate::command`].

use std::ffi::OsStr;
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::command;
use crate::progress::Stopwatch;

/// How long a program may take to end by itself after SIGTERM.
const GRACE: Duration = Duration::from_secs(3);

/// How often to look whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A command whose process the kernel ends when the thread that starts it is gone, even if by SIGKILL, where the
/// machine has util-linux's `setpriv` to ask it for that. Without, [`Process`] ends it in all other cases.
#[must_use]
pub fn tied_command(program: &OsStr) -> Command {
    static CAN_TIE: LazyLock<bool> = LazyLock::new(|| {
        let probe = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        probe.is_ok_and(|status| status.success())
    });
    if !*CAN_TIE {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// A running program. It is ended when this is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts a command.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start `{}`", command::line(command)))?;
        Ok(Self(child))
    }

    /// The process, with its pipes.
    #[must_use]
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    ///
    /// When the system does not tell.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.try_wait()
    }

    /// Asks the program to end, and ends it when it does not.
    ///
    /// # Errors
    ///
    /// When the system does not tell how it ended.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.ended()? {
            return Ok(status);
        }
        // It may end by itself just now, which is as good.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let stopwatch = Stopwatch::start();
        while stopwatch.elapsed() < GRACE {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            thread::sleep(LOOK_EVERY);
        }
        self.0.kill()?;
        self.0.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Process {
        let mut command = tied_command(OsStr::new("sleep"));
        Process::start(command.arg("600")).unwrap()
    }

    #[test]
    fn a_process_that_is_dropped_is_gone() {
        let process = sleeper();
        let id = Pid::from_child(&process.0);
        drop(process);
        assert!(rustix::process::test_kill_process(id).is_err());
    }

    #[test]
    fn a_process_is_asked_before_it_is_killed() {
        use std::os::unix::process::ExitStatusExt;
        let status = sleeper().stop().unwrap();
        assert_eq!(status.signal(), Some(Signal::TERM.as_raw()));
    }
}
