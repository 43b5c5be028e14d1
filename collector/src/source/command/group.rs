//! A program that runs, in a process group of its own, which ends with this.

use std::io;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::Pid;

use super::stopper::Stopper;

/// A program that runs. Dropped, it is gone, and what it started with it.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    stopper: Stopper,
}

impl Group {
    /// How long the kernel may take to end what was killed.
    const MOMENTS: u32 = 100;

    pub(super) fn start(command: &mut Command, stopper: &Stopper) -> io::Result<Self> {
        let child = stopper.start(|| {
            let child = command.spawn()?;
            let group = Pid::from_child(&child);
            Ok((child, group))
        })?;
        Ok(Self { child, stopper: stopper.clone() })
    }

    /// What it prints, and what it complains of. Both are there once.
    pub(super) fn pipes(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// How it ended, if it has ended. What it started may go on running, and is ended now.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        // Its number is kept until it is waited for, so that nobody else's group can be hit.
        let has_ended = has_ended(&self.child);
        if has_ended {
            self.stopper.end();
        }
        if has_ended { self.child.wait().ok() } else { None }
    }
}

/// Whether it has ended, without taking note of it.
fn has_ended(child: &Child) -> bool {
    use rustix::process::{WaitId, WaitIdOptions, waitid};

    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // An error means that there is nothing to wait for any more.
    !matches!(waitid(WaitId::Pid(Pid::from_child(child)), options), Ok(None))
}

impl Drop for Group {
    fn drop(&mut self) {
        self.stopper.end();
        for _ in 0..Self::MOMENTS {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(1));
        }
        // It hangs in the kernel, on a file system that is gone perhaps. It is left as it is.
    }
}
