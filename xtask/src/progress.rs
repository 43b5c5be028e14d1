//! Tells the person at the terminal what is going on. The one place that prints and that reads a clock.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// Prints a line about what xtask does, apart from what the programs print that it starts.
#[expect(clippy::print_stderr, reason = "this is the command line")]
pub fn say(message: impl Display) {
    eprintln!("xtask: {message}");
}

/// Measures how long a step takes.
#[derive(Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "this is the outermost edge")]
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
