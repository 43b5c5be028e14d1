//! Where readings come from. One narrow seam: what is behind it knows sockets and kernels, what is before it does not.

mod proc_net_dev;
mod report;
mod roster;

pub(crate) mod command;
pub(crate) mod file;
pub(crate) mod local;
pub(crate) mod marked;
pub(crate) mod snmp;

use std::sync::Arc;
use std::time::Duration;

use stats::{GapReason, KeptInterface, Monotonic, Reading};

use crate::selection::Missing;
use command::Stopper;

/// A target's interfaces and their counters, read on request.
pub(crate) trait Source: Send {
    /// Reads the counters of the interfaces that were chosen when the source was made.
    ///
    /// Blocks for as long as the source's own time-outs allow, which is what a caller has a thread for.
    fn read(&mut self) -> Result<Snapshot, ReadError>;

    /// Whether the counters may be some time old when they are read.
    fn may_be_cached(&self) -> bool {
        false
    }

    /// What ends a reading that is under way, from another thread, where that needs more than to end the collector.
    fn stopper(&self) -> Option<Stopper> {
        None
    }

    /// Looks at the octets of some interfaces that were read before, by their indexes: as cheaply as it can be done, and
    /// without patience. `None` where that did not work out.
    fn glance(&mut self, _interfaces: &[u32]) -> Option<Glance> {
        None
    }
}

/// What a look at the counters of some interfaces gave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glance {
    /// When.
    pub(crate) at: Monotonic,
    /// The octets of both directions of all of them.
    pub(crate) octets: u64,
}

/// What one round of reading gave.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// What the target calls itself, cleaned; `None` where it does not tell.
    pub(crate) sys_name: Option<Arc<str>>,
    /// The chosen interfaces, in the order of their indexes. Their names are cleaned, not empty, and differ.
    ///
    /// The descriptions are shared with the round before where nothing has changed (they are read more seldom than the
    /// counters), so that pointers can be compared instead of texts.
    pub(crate) interfaces: Vec<(KeptInterface, Reading)>,
    /// The patterns of the selection that fit none of the target's interfaces, as of the last time they were listed; see
    /// [`Selection::unmatched`](crate::selection::Selection::unmatched).
    pub(crate) missing: Arc<[Missing]>,
}

/// Why a round gave nothing. Each is a sentence for people, and none holds a secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// Nothing came back in time.
    #[error(
        "no answer from {address} within {}: is it up, does it allow this machine, and is {doubt} right?",
        humantime::format_duration(*.waited)
    )]
    NoAnswer {
        /// Who was asked.
        address: String,
        /// All tries together.
        waited: Duration,
        /// What an agent does not answer to if it is wrong.
        doubt: &'static str,
    },
    /// Something came back, and it cannot be used.
    #[error("{address}: {what}")]
    BadAnswer {
        /// Who answered.
        address: String,
        /// What is wrong with it, and what to do about it.
        what: String,
    },
    /// Something came back each time, and it was no answer to the question.
    #[error("{address}: sends something that is not the answer: {what}")]
    NoneOfIt {
        /// Who sent it, or somebody in its name.
        address: String,
        /// What shows that.
        what: String,
    },
    /// The question could not be asked.
    #[error("{what}")]
    Unreachable {
        /// Why, and what to do about it.
        what: String,
    },
    /// The collector is to end, and this reading with it.
    #[error("the collector is ending")]
    Stopped,
}

impl ReadError {
    /// What the gap is called that this leaves in the graph.
    pub(crate) const fn gap_reason(&self) -> GapReason {
        match self {
            Self::NoAnswer { .. } | Self::Unreachable { .. } | Self::Stopped => GapReason::NoAnswer,
            Self::BadAnswer { .. } | Self::NoneOfIt { .. } => GapReason::BadAnswer,
        }
    }
}
