//! Questions to an agent, no larger than it bears, and what it bears.
//!
//! Which version is spoken is the channel's to know, but for what v1 can't do.

mod scalars;

use std::fmt;
use std::time::Duration;

use snmp::snmp::ERRSTATUS_TOOBIG;
use stats::Monotonic;

use super::agent::Agent;
use super::channel::{Channel, Questions, Reply, Unanswered};
use super::codec::{MOST_NAMES, Malformed, Question, Varbinds};
use super::complaint::Complaint;
use super::learned::Learned;
use super::object::{Name, Object};
use super::pace::Pace;
use crate::clock;
use crate::source::ReadError;

/// A conversation with one agent.
#[derive(Debug)]
pub(super) struct Session {
    address: String,
    channel: Channel,
    pace: Pace,
    /// How long a round of many requests should take.
    budget: Duration,
    /// How many varbinds an answer may have.
    limit: Learned,
    /// The same for GETBULK, where some agents say `genErr` for `tooBig`.
    most_of_bulk: Learned,
    /// Whether GETBULK is understood: 1 or 0.
    bulk: Learned,
    bulk_is_proven: bool,
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
    /// The agent says that something is wrong with the question.
    Complaint(Complaint),
    /// It is of no use to ask again.
    Failed(ReadError),
}

/// How many varbinds can be asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// No more than these.
    pub(super) limit: usize,
    /// So many came whole.
    pub(super) proven: usize,
}

/// How to ask for what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stride {
    /// By GETBULK, so many rows.
    Rows(u32),
    /// By GETNEXT, one row.
    One,
}

impl Session {
    /// How many varbinds an answer has at first: the counters of nine interfaces. Larger answers than an Ethernet frame come
    /// in fragments, which nearly every network carries; where one does not, the limit is lowered once.
    const AT_FIRST: usize = 120;

    /// What net-snmp answers to a GETBULK at the most.
    const MOST_OF_BULK: usize = 100;

    /// The fewest varbinds that an answer can be asked for: the counters of one interface, the time of their last
    /// discontinuity, and the uptime. They fit into the 484 octets that the least of agents must bear (RFC 3417).
    pub(super) const FEWEST: usize = 14;

    pub(super) fn new(agent: Agent) -> Self {
        const { assert!(Self::AT_FIRST <= MOST_NAMES, "a request has room for as many names") };
        let address = agent.address.to_string();
        // A time-out is about half an interval, so that this is an eighth of it.
        let budget = agent.patience.timeout / 4;
        let channel = Channel::new(agent);
        Self {
            address,
            pace: Pace::new(),
            budget,
            limit: Learned::most(Self::AT_FIRST),
            most_of_bulk: Learned::most(Self::MOST_OF_BULK),
            bulk: Learned::most(usize::from(!channel.is_v1())),
            bulk_is_proven: false,
            proven: 1,
            channel,
        }
    }

    /// The most varbinds that an answer should have, as far as is known of this agent.
    pub(super) fn limit(&mut self) -> usize {
        self.limit.limit(clock::monotonic())
    }

    /// Whether the agent speaks v1: what it has not is an error of the whole answer then, and no counter has 64 bits.
    pub(super) const fn is_v1(&self) -> bool {
        self.channel.is_v1()
    }

    /// How to ask for what follows in so many columns.
    pub(super) fn stride(&mut self, columns: usize) -> Stride {
        if self.bulk.limit(clock::monotonic()) == 0 {
            return Stride::One;
        }
        let most = self.limit().min(self.most_of_bulk.limit(clock::monotonic()));
        let rows = most / columns.max(1);
        Stride::Rows(u32::try_from(rows).unwrap_or(1).max(1))
    }

    /// A GETBULK for so many values was of no use where one for fewer was.
    pub(super) fn bulk_too_big(&mut self, size: usize) {
        self.most_of_bulk.lower(size / 2, clock::monotonic());
    }

    /// GETBULK was of no use where GETNEXT was.
    pub(super) fn bulk_failed(&mut self) {
        if !self.bulk_is_proven {
            tracing::debug!("{}: does not answer GETBULK; asking by GETNEXT from now on", self.address);
            self.bulk.lower(0, clock::monotonic());
        }
    }

    /// The values of these instances. `decode` may be called again if what it was given was no answer.
    pub(super) fn get<T>(
        &mut self,
        names: &[Name],
        decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        self.ask_within_bounds(Question::Get, names, names.len(), decode)
    }

    /// What follows after each of these names, row by row, perhaps cut short at the end.
    pub(super) fn following<T>(
        &mut self,
        names: &[Name],
        stride: Stride,
        decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        let (question, rows) = match stride {
            Stride::Rows(repetitions) => (Question::Bulk { repetitions }, repetitions as usize),
            Stride::One => (Question::Next, 1),
        };
        let answered = self.ask_within_bounds(question, names, names.len().saturating_mul(rows), decode);
        self.bulk_is_proven |= answered.is_ok() && stride != Stride::One;
        answered
    }

    /// Asks many questions, about so many requests, as fast as is good.
    pub(super) fn ask_all(&mut self, questions: &mut impl Questions, requests: usize) -> Result<(), ReadError> {
        self.pace.begin(requests, self.budget, clock::monotonic());
        let outcome = self.channel.ask_all(questions, &mut self.pace);
        self.pace.end(clock::monotonic());
        outcome.map_err(|unanswered| match unanswered {
            Unanswered::Failed(error) => error,
            Unanswered::TooLong => self.bad_answer("would have to be asked for more than fits into a message"),
        })
    }

    /// An answer of so many varbinds came whole.
    pub(super) fn bears(&mut self, size: usize) {
        self.proven = self.proven.max(size);
    }

    /// No more than so many varbinds at a time, as was learned in a round.
    pub(super) fn bears_at_most(&mut self, limit: usize) {
        if limit < self.limit() {
            self.lower(limit);
        }
    }

    /// How many varbinds can be asked for.
    pub(super) fn bounds(&mut self) -> Bounds {
        Bounds { limit: self.limit(), proven: self.proven }
    }

    /// An answer of so many varbinds is lost on the way: asks for half as many from now on, as each try costs a time-out.
    pub(super) fn too_big_for_the_way(&mut self, size: usize) {
        let limit = size.min(self.limit()) / 2;
        self.lower(limit.max(Self::FEWEST));
    }

    /// The agent says that an answer of so many varbinds is too big: asks for less from now on.
    pub(super) fn too_big(&mut self, size: usize) {
        let size = size.min(self.limit());
        self.lower(less(size, self.proven));
    }

    fn lower(&mut self, limit: usize) {
        tracing::debug!("{}: asking for no more than {limit} values at a time from now on", self.address);
        self.limit.lower(limit, clock::monotonic());
    }

    /// Whether silence, where so many varbinds were asked for, means that they are too many for the way. The agent tells,
    /// if it answers a small question.
    pub(super) fn is_silence_of_size(&mut self, error: &ReadError, size: usize) -> bool {
        matches!(error, ReadError::NoAnswer { .. }) && size > self.proven && size > Self::FEWEST && self.is_there()
    }

    /// Says in the log what is wrong with the agent, though it can be read.
    pub(super) fn warn(&self, what: fmt::Arguments<'_>) {
        tracing::warn!("{}: {what}", self.address);
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
        let is_new = matches!(question, Question::Bulk { .. }) && !self.bulk_is_proven;
        match self.ask(question, names, size, decode) {
            // The agent may know nothing of the whole question.
            Err(Refusal::Failed(ReadError::NoAnswer { .. })) if is_new && self.is_there() => {
                Err(Refusal::Complaint(Complaint::SILENCE))
            }
            Err(Refusal::Failed(error)) if self.is_silence_of_size(&error, size) => {
                self.too_big_for_the_way(size);
                Err(Refusal::TooBig)
            }
            Err(Refusal::TooBig) => {
                self.too_big(size);
                Err(Refusal::TooBig)
            }
            outcome => outcome,
        }
    }

    /// Whether anything is said in this version, be it that one is not let in.
    pub(super) fn is_spoken(&mut self) -> bool {
        match self.ask_uptime() {
            Err(Refusal::Failed(error)) => matches!(error, ReadError::BadAnswer { .. } | ReadError::NoneOfIt { .. }),
            Ok(_) | Err(Refusal::TooBig | Refusal::Complaint(_)) => true,
        }
    }

    fn is_there(&mut self) -> bool {
        matches!(self.ask_uptime(), Ok(_) | Err(Refusal::Complaint(_)))
    }

    fn ask_uptime(&mut self) -> Result<Answered<()>, Refusal> {
        let uptime = Object::SYS_UP_TIME;
        self.ask(Question::Get, &[Name::scalar(uptime)], 1, |varbinds| varbinds.value_of(uptime, 0).map(drop))
    }

    /// Asks once, as patiently as the channel does. `size` is how many varbinds the answer is to have.
    fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        size: usize,
        mut decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        let heard = self.channel.ask(question, names, |reply| match judge(reply, size) {
            Some(refusal) => Ok(Err(refusal)),
            None => match decode(&mut reply.varbinds) {
                Ok(value) => Ok(Ok((Answered { value, at: reply.at }, reply.varbinds.taken()))),
                Err(Malformed::TooFew) if size > Self::FEWEST => Ok(Err(Refusal::TooBig)),
                Err(malformed) => Err(malformed),
            },
        });
        match heard {
            Ok(Ok((answered, taken))) => {
                self.bears(taken);
                Ok(answered)
            }
            Ok(Err(refusal)) => Err(refusal),
            Err(Unanswered::TooLong) => Err(Refusal::TooBig),
            Err(Unanswered::Failed(error)) => Err(Refusal::Failed(error)),
        }
    }
}

/// How many varbinds to ask for after so many were too many: the middle between these and those that came whole, until it
/// would be no further interface.
pub(super) fn less(refused: usize, proven: usize) -> usize {
    let least = if proven < refused { proven } else { 0 };
    let limit = if refused - least < Session::FEWEST { least } else { usize::midpoint(least, refused) };
    limit.max(Session::FEWEST)
}

/// What an answer that was to have so many varbinds says is wrong, if anything is.
fn judge(reply: &Reply<'_>, size: usize) -> Option<Refusal> {
    let complaint = Complaint::of(reply)?;
    let is_too_big = complaint.status == ERRSTATUS_TOOBIG && size > Session::FEWEST;
    Some(if is_too_big { Refusal::TooBig } else { Refusal::Complaint(complaint) })
}
