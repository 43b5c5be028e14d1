//! Questions to an agent, no larger than it bears, and what its errors mean.
//!
//! Which version is spoken is the channel's to know, but for what that version can't do.

use snmp::snmp::{ERRSTATUS_GENERR, ERRSTATUS_NOERROR, ERRSTATUS_TOOBIG};
use stats::Monotonic;

use super::agent::Agent;
use super::channel::{Channel, Reply, Unanswered};
use super::codec::{Malformed, Question, Varbinds};
use super::object::{Name, Object};
use crate::source::ReadError;

/// A conversation with one agent.
#[derive(Debug)]
pub(super) struct Session {
    address: String,
    channel: Channel,
    limit: usize,
    proven: usize,
}

/// What was decoded from an answer, and when it was true.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered<T> {
    pub(super) value: T,
    /// The middle between the question and its answer.
    pub(super) at: Monotonic,
}

/// Why a question has no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The answer would be larger than what the agent, or the way to it, bears. The limit has been lowered: ask for less.
    TooBig,
    /// It is of no use to ask again.
    Failed(ReadError),
}

impl Session {
    /// How many varbinds an answer has at first: net-snmp's own limit for GETBULK. Larger answers than an Ethernet frame
    /// come in fragments, which nearly every network carries; where one does not, the limit is lowered once.
    const AT_FIRST: usize = 100;

    /// The fewest varbinds that an answer can be asked for: the counters of one interface and the uptime. They fit into
    /// the 484 octets that the least of agents must bear (RFC 3417).
    const FEWEST: usize = 13;

    pub(super) fn new(agent: Agent) -> Self {
        Self { address: agent.address.to_string(), channel: Channel::new(agent), limit: Self::AT_FIRST, proven: 1 }
    }

    /// The most varbinds that an answer should have, as far as is known of this agent.
    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    /// The values of these instances. `decode` may be called again if what it was given was no answer.
    pub(super) fn get<T>(
        &mut self,
        names: &[Name],
        decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        self.ask_within_bounds(Question::Get, names, names.len(), decode)
    }

    /// What follows after each of these names, `repetitions` times, row by row, perhaps cut short at the end: one row where
    /// the agent is asked by GETNEXT.
    pub(super) fn bulk<T>(
        &mut self,
        names: &[Name],
        repetitions: u32,
        decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        let (question, rows) =
            if self.channel.has_bulk() { (Question::Bulk { repetitions }, repetitions) } else { (Question::Next, 1) };
        self.ask_within_bounds(question, names, names.len().saturating_mul(rows as usize), decode)
    }

    /// An answer that came, and can't be used.
    pub(super) fn bad_answer(&self, what: impl Into<String>) -> ReadError {
        ReadError::BadAnswer { address: self.address.clone(), what: what.into() }
    }

    fn ask_within_bounds<T>(
        &mut self,
        question: Question,
        names: &[Name],
        size: usize,
        decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        let refusal = match self.ask(question, names, size, decode) {
            Ok(answered) => return Ok(answered),
            Err(refusal) => refusal,
        };
        let too_big = match refusal {
            Refusal::TooBig => true,
            // Silence may mean that the answer was too large for the way. The agent tells, if it answers a small question.
            Refusal::Failed(ReadError::NoAnswer { .. }) if size > self.proven && size > Self::FEWEST => self.is_there(),
            Refusal::Failed(_) => false,
        };
        if !too_big {
            return Err(refusal);
        }
        self.limit = (size.min(self.limit) / 2).max(Self::FEWEST);
        tracing::debug!(
            "{}: {size} values are too many at a time; asking for {} from now on",
            self.address,
            self.limit
        );
        Err(Refusal::TooBig)
    }

    fn is_there(&mut self) -> bool {
        let uptime = Object::SYS_UP_TIME;
        self.ask(Question::Get, &[Name::scalar(uptime)], 1, |varbinds| varbinds.value_of(uptime, 0).map(drop)).is_ok()
    }

    /// Asks once, as patiently as the channel does. `size` is how many varbinds the answer is to have.
    fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        size: usize,
        mut decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        let heard = self.channel.ask(question, names, |reply| hear(reply, size, &mut decode));
        match heard {
            Ok(Heard::Values(answered, taken)) => {
                self.proven = self.proven.max(taken);
                Ok(answered)
            }
            Ok(Heard::TooBig) | Err(Unanswered::TooLong) => Err(Refusal::TooBig),
            Ok(Heard::Error { status, index }) => {
                let what = format!("answers with error {}{}", status_name(status), about(index, names));
                Err(Refusal::Failed(self.bad_answer(what)))
            }
            Err(Unanswered::Failed(error)) => Err(Refusal::Failed(error)),
        }
    }
}

/// What an answer says.
enum Heard<T> {
    /// And how many varbinds it had.
    Values(Answered<T>, usize),
    TooBig,
    Error {
        status: u32,
        index: u32,
    },
}

fn hear<T>(
    reply: &mut Reply<'_>,
    size: usize,
    decode: &mut impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
) -> Result<Heard<T>, Malformed> {
    match reply.status {
        ERRSTATUS_NOERROR => {}
        // Some agents say the latter where they mean the former.
        ERRSTATUS_TOOBIG | ERRSTATUS_GENERR if size > Session::FEWEST => return Ok(Heard::TooBig),
        status => return Ok(Heard::Error { status, index: reply.index }),
    }
    match decode(&mut reply.varbinds) {
        Ok(value) => Ok(Heard::Values(Answered { value, at: reply.at }, reply.varbinds.taken())),
        Err(Malformed::TooFew) if size > Session::FEWEST => Ok(Heard::TooBig),
        Err(malformed) => Err(malformed),
    }
}

/// `error-status` of RFC 3416, in words.
fn status_name(status: u32) -> String {
    const NAMES: [&str; 19] = [
        "noError",
        "tooBig",
        "noSuchName",
        "badValue",
        "readOnly",
        "genErr",
        "noAccess",
        "wrongType",
        "wrongLength",
        "wrongEncoding",
        "wrongValue",
        "noCreation",
        "inconsistentValue",
        "resourceUnavailable",
        "commitFailed",
        "undoFailed",
        "authorizationError",
        "notWritable",
        "inconsistentName",
    ];
    let name = usize::try_from(status).ok().and_then(|status| NAMES.get(status));
    name.map_or_else(|| status.to_string(), |name| (*name).to_owned())
}

/// Which of the names an error is about, where the agent says so.
fn about(index: u32, names: &[Name]) -> String {
    let name = index.checked_sub(1).and_then(|at| names.get(usize::try_from(at).ok()?));
    name.map_or_else(String::new, |name| format!(" for {name}"))
}
