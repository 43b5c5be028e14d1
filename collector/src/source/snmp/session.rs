//! Questions and their answers: asks, waits, asks again, and takes nothing for the answer that is not.
//!
//! This is where a request gets its request-id and its time. It knows neither which objects there are nor what they are
//! good for. Another version of the protocol is another one of these.

use std::hash::{BuildHasher, RandomState};

use snmp::snmp::{ERRSTATUS_GENERR, ERRSTATUS_NOERROR, ERRSTATUS_TOOBIG};
use stats::Monotonic;

use super::agent::{Agent, Community, Patience};
use super::codec::{Answer, Encoder, Malformed, Question, Varbinds};
use super::object::{Name, Object};
use super::peer::Peer;
use crate::clock;
use crate::source::ReadError;

/// A conversation with one agent.
#[derive(Debug)]
pub(super) struct Session {
    address: String,
    community: Community,
    patience: Patience,
    peer: Peer,
    encoder: Encoder,
    ids: RequestIds,
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
        Self {
            address: agent.address.to_string(),
            peer: Peer::new(agent.address),
            community: agent.community,
            patience: agent.patience,
            encoder: Encoder::default(),
            ids: RequestIds::default(),
            limit: Self::AT_FIRST,
            proven: 1,
        }
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

    /// What follows after each of these names, `repetitions` times, row by row, perhaps cut short at the end.
    pub(super) fn bulk<T>(
        &mut self,
        names: &[Name],
        repetitions: u32,
        decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        let size = names.len().saturating_mul(repetitions as usize);
        self.ask_within_bounds(Question::Bulk { repetitions }, names, size, decode)
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

    /// Asks one after the other of the host's addresses, until one has answered. `size` is how many varbinds the answer is
    /// to have.
    fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        size: usize,
        mut decode: impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        loop {
            match self.ask_patiently(question, names, size, &mut decode) {
                Err(Refusal::Failed(_)) if self.peer.has_another() => {}
                outcome => return outcome,
            }
        }
    }

    /// Asks, and asks again as often as patience allows.
    fn ask_patiently<T>(
        &mut self,
        question: Question,
        names: &[Name],
        size: usize,
        decode: &mut impl FnMut(&mut Varbinds<'_>) -> Result<T, Malformed>,
    ) -> Result<Answered<T>, Refusal> {
        // Each try has its own request-id, so that a late answer is known for the one of an earlier try: that is as good,
        // and was true earlier. An answer to anything else that was ever asked fits none of them.
        let mut tries: Vec<(i32, Monotonic)> = Vec::with_capacity(1);
        let mut odd = None;
        for _ in 0..=self.patience.retries {
            let id = self.ids.next();
            let Some(message) = self.encoder.encode(question, self.community.as_bytes(), id, names) else {
                return Err(Refusal::TooBig);
            };
            let sent = clock::monotonic();
            self.peer.send(message).map_err(Refusal::Failed)?;
            tries.push((id, sent));
            let deadline = sent.after(self.patience.timeout);
            while let Some(datagram) = self.peer.receive(deadline).map_err(Refusal::Failed)? {
                let mut answer = match Answer::decode(datagram, self.community.as_bytes()) {
                    Ok(answer) => answer,
                    Err(malformed) => {
                        odd = Some(malformed);
                        continue;
                    }
                };
                // Late, a duplicate, or forged.
                let Some((_, sent)) = tries.iter().find(|(id, _)| *id == answer.id) else { continue };
                match answer.status {
                    ERRSTATUS_NOERROR => {}
                    // Some agents say the latter where they mean the former.
                    ERRSTATUS_TOOBIG | ERRSTATUS_GENERR if size > Self::FEWEST => return Err(Refusal::TooBig),
                    status => {
                        let what = format!("answers with error {}{}", status_name(status), about(answer.index, names));
                        return Err(Refusal::Failed(self.bad_answer(what)));
                    }
                }
                match decode(&mut answer.varbinds) {
                    Ok(value) => {
                        let round_trip = clock::monotonic().since(*sent);
                        self.proven = self.proven.max(answer.varbinds.taken());
                        return Ok(Answered { value, at: sent.after(round_trip / 2) });
                    }
                    Err(Malformed::TooFew) if size > Self::FEWEST => return Err(Refusal::TooBig),
                    Err(malformed) => odd = Some(malformed),
                }
            }
        }
        self.peer.forsake();
        Err(Refusal::Failed(match odd {
            Some(malformed) => self.bad_answer(format!("sends something that is not the answer: {malformed}")),
            None => ReadError::NoAnswer { address: self.address.clone(), waited: self.patience.total() },
        }))
    }
}

/// Request-ids that nobody can guess who did not see them.
#[derive(Debug, Default)]
struct RequestIds {
    /// `SipHash` with the system's randomness for a key: a generator without a state that leaks.
    random: RandomState,
    count: u64,
}

impl RequestIds {
    /// The next one: positive, since some agents trip over others.
    fn next(&mut self) -> i32 {
        self.count += 1;
        let [a, b, c, d, ..] = self.random.hash_one(self.count).to_be_bytes();
        i32::from_be_bytes([a & 0x7f, b, c, d])
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
