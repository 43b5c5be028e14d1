//! What takes a question to an agent and comes back with its answer: one for each way of speaking to it.
//!
//! A channel sends, waits, sends again, and takes nothing for the answer that is not. It judges no answer: that the agent
//! says `tooBig`, or has not what was asked for, is an answer to it.

use std::time::Duration;

use stats::Monotonic;

use super::agent::{Access, Agent};
use super::codec::{Malformed, Question, Varbinds, Version};
use super::object::Name;
use super::pace::Pace;
#[cfg(feature = "v3")]
use super::v3::V3;
use super::wire::Wire;
use crate::source::ReadError;

/// A way to speak to one agent.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one for each target, and which is larger depends on what v3 is built of"
)]
pub(super) enum Channel {
    /// v1 and v2c.
    Wire(Wire),
    #[cfg(feature = "v3")]
    V3(V3),
}

/// An answer, whichever version it came by. It is that to the question.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    /// `error-status` of RFC 3416; 0 for none.
    pub(super) status: u32,
    /// `error-index`: which of the names that is about, from 1; 0 for none.
    pub(super) index: u32,
    pub(super) varbinds: Varbinds<'a>,
    /// The middle between the question and its answer, and the time between them.
    pub(super) at: Monotonic,
    pub(super) round_trip: Duration,
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
            #[cfg(feature = "v3")]
            Access::V3(user) => Self::V3(V3::new(address, user, patience)),
        }
    }

    /// Whether it is v1 that is spoken: without GETBULK, without exceptions in place of a value, and without counters of
    /// 64 bits.
    pub(super) const fn is_v1(&self) -> bool {
        match self {
            Self::Wire(wire) => wire.is_v1(),
            #[cfg(feature = "v3")]
            Self::V3(_) => false,
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
            #[cfg(feature = "v3")]
            Self::V3(v3) => v3.ask(question, names, hear),
        }
    }

    /// Asks all of these, several at a time where the channel can do that and the pace allows it.
    pub(super) fn ask_all(&mut self, questions: &mut impl Questions, pace: &mut Pace) -> Result<(), Unanswered> {
        match self {
            Self::Wire(wire) => wire.ask_all(questions, pace),
            #[cfg(feature = "v3")]
            Self::V3(v3) => v3.ask_all(questions, pace),
        }
    }
}

/// Questions that don't depend on each other's answers.
pub(super) trait Questions {
    /// The next one, with its names put into `names`, which is empty. There may be more when others were answered.
    fn next(&mut self, names: &mut Vec<Name>) -> Option<(Ticket, Question)>;

    /// Takes the answer to one of them. Where it is `Malformed` to it, it was none, and another one is waited for.
    fn hear(&mut self, ticket: Ticket, reply: &mut Reply<'_>) -> Result<Then, Malformed>;

    /// There was no answer to this one, and that is why the others will not be waited for either.
    fn unanswered(&mut self, ticket: Ticket);
}

/// What tells one of the questions from the others.
pub(super) type Ticket = usize;

/// Whether the other questions are still of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    Stop,
}
