//! What takes a question to an agent and comes back with its answer: one for each way of speaking to it.
//!
//! A channel sends, waits, sends again, and takes nothing for the answer that is not. It judges no answer: that the agent
//! says `tooBig`, or has not what was asked for, is an answer to it.

use stats::Monotonic;

use super::agent::{Access, Agent};
use super::codec::{Malformed, Question, Varbinds, Version};
use super::object::Name;
use super::wire::Wire;
use crate::source::ReadError;

/// A way to speak to one agent.
#[derive(Debug)]
pub(super) enum Channel {
    /// v1 and v2c.
    Wire(Wire),
}

/// An answer, whichever version it came by. It is that to the question.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    /// `error-status` of RFC 3416; 0 for none.
    pub(super) status: u32,
    /// `error-index`: which of the names that is about, from 1; 0 for none.
    pub(super) index: u32,
    pub(super) varbinds: Varbinds<'a>,
    /// The middle between the question and its answer.
    pub(super) at: Monotonic,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// There are more names in it than fit into a message.
    TooLong,
    /// It is of no use to ask again now.
    Failed(ReadError),
}

impl Channel {
    /// Sends nothing yet.
    pub(super) fn new(agent: Agent) -> Self {
        let Agent { address, access, patience } = agent;
        match access {
            Access::V1(community) => Self::Wire(Wire::new(address, Version::V1, community, patience)),
            Access::V2c(community) => Self::Wire(Wire::new(address, Version::V2c, community, patience)),
        }
    }

    /// Whether the version has GETBULK.
    pub(super) const fn has_bulk(&self) -> bool {
        match self {
            Self::Wire(wire) => wire.has_bulk(),
        }
    }

    /// Asks, and lets `hear` tell what it makes of the answer. Where it is `Malformed` to it, it was none, and `hear` may be
    /// called again.
    pub(super) fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        hear: impl FnMut(&mut Reply<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Unanswered> {
        match self {
            Self::Wire(wire) => wire.ask(question, names, hear),
        }
    }
}
