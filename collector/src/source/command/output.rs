//! What a program prints until it ends, within bounds of length and time.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::process::ExitStatus;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::group::Group;
use crate::clock;

/// What a program printed.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) text: Vec<u8>,
    /// The beginning of what it said on standard error.
    pub(super) complaint: Vec<u8>,
    pub(super) end: End,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, and content.
    Success,
    /// By itself, or by a signal of somebody else's.
    Failure(Option<ExitStatus>),
    /// It took too long.
    TimedOut,
    /// It printed too much.
    TooLong,
}

impl End {
    /// In words.
    pub(super) fn sentence(self, patience: Duration) -> String {
        match self {
            Self::Success => "ended".to_owned(),
            Self::Failure(Some(status)) => format!("it ended with {status}"),
            Self::Failure(None) => "it ended in an unknown way".to_owned(),
            Self::TimedOut => {
                format!(
                    "it had not ended after {}, and was killed: make it faster, or write a longer `timeout`",
                    humantime::format_duration(patience)
                )
            }
            Self::TooLong => format!("it printed more than {} KiB, and was killed", MOST >> 10),
        }
    }
}

/// No more is taken of what is printed.
pub(super) const MOST: usize = 1 << 20;

/// No more is kept of what is complained of.
const MOST_OF_COMPLAINT: usize = 4 << 10;

/// Reads what the program prints until it ends, which it does in the end.
pub(super) fn read(mut group: Group, patience: Duration) -> Printed {
    /// How often to see whether it has ended, where it leaves its output to something that goes on.
    const LOOK: Duration = Duration::from_millis(100);

    let until = clock::monotonic().after(patience);
    let (mut stdout, mut stderr) = group.pipes();
    let mut printed = Printed { text: Vec::new(), complaint: Vec::new(), end: End::TimedOut };
    for pipe in [stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)].into_iter().flatten() {
        // Where that did not work, what follows would wait; it works for pipes.
        let _ = fcntl_getfl(pipe).and_then(|flags| fcntl_setfl(pipe, flags | OFlags::NONBLOCK));
    }
    let mut pause = Duration::from_millis(1);
    loop {
        // Ended first, drained then: what it wrote before it ended is all there.
        let ended = group.ended();
        drain(&mut stdout, &mut printed.text, MOST + 1);
        drain(&mut stderr, &mut printed.complaint, MOST_OF_COMPLAINT);
        if printed.text.len() > MOST {
            printed.end = End::TooLong;
            return printed;
        }
        if let Some(status) = ended {
            printed.end = if status.success() { End::Success } else { End::Failure(Some(status)) };
            return printed;
        }
        let left = until.since(clock::monotonic());
        if left.is_zero() {
            return printed;
        }
        let pipes: Vec<BorrowedFd<'_>> =
            [stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)].into_iter().flatten().collect();
        if pipes.is_empty() {
            // It has nothing to say any more, and is about to end.
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(LOOK);
        } else {
            wait(&pipes, left.min(LOOK));
        }
    }
}

/// Waits until there is something to read.
pub(super) fn wait(pipes: &[BorrowedFd<'_>], at_most: Duration) {
    let mut polled: Vec<PollFd<'_>> = pipes.iter().map(|pipe| PollFd::from_borrowed_fd(*pipe, PollFlags::IN)).collect();
    let timeout = Timespec {
        tv_sec: i64::try_from(at_most.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: at_most.subsec_nanos().into(),
    };
    // Whatever came of it, there is a look next.
    let _ = poll(&mut polled, Some(&timeout));
}

/// Takes what is there, and drops the pipe at its end. What is more than `most` is thrown away, but for the octet that tells.
fn drain(pipe: &mut Option<impl Read>, text: &mut Vec<u8>, most: usize) {
    let mut piece = [0; 4096];
    while let Some(reader) = pipe {
        match reader.read(&mut piece) {
            Ok(0) => *pipe = None,
            Ok(length) => {
                let room = most.saturating_sub(text.len());
                text.extend_from_slice(&piece[..length.min(room)]);
                if room == 0 {
                    // Read on at the next look: a program that never stops must not keep this from looking at the clock.
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
            Err(_) => *pipe = None,
        }
    }
}
