//! The words that the collector and the page share: what a counter is, what passed between two readings of it, how much
//! of that is kept, and how it is written into a stats file.
//!
//! Begin with [`Reading`] (all counters of one interface at one time), go on to [`Sample`] (what passed between two of
//! them, and how long it took), [`History`] (the last of them) and [`StatsFile`] (what is published). `docs/stats-file.md`
//! describes the same file for those who write one by other means.
//!
//! This crate does no I/O, reads no clock and knows nothing of devices or browsers.

mod time;

mod counter;
mod reading;

mod difference;
mod discontinuity;
mod plausible;
mod sample;

mod history;
mod packed;

mod identity;
mod name;

mod column;
mod file;

pub use counter::{Amounts, Counter, Quantity, Width};
pub use difference::{Passage, Refusal, difference, passed, was_restarted};
pub use file::{Columns, Counts, Draft, FileError, InterfaceStats, Links, Samples, StatsFile, TargetStats, VERSION};
pub use history::{Entry, History, Keep};
pub use identity::{AdminStatus, Interface, KeptInterface, Maxima, OperStatus, Speed};
pub use name::{clean, file_stem};
pub use reading::{KeptReading, Reading, Uptime};
pub use sample::{GapReason, Sample};
pub use time::{Moment, Monotonic, Timestamp, micros};
