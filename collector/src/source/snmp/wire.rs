//! Questions and answers of v1 and v2c: a datagram each, with a community, and known by a request-id.
//!
//! This is where a request gets its request-id and its time. It knows neither which objects there are nor what they are
//! good for.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use stats::Monotonic;

use super::agent::{Community, Patience};
use super::channel::{Questions, Reply, Then, Ticket, Unanswered};
use super::codec::{Answer, Envelope, Malformed, Question, Request, Version};
use super::object::Name;
use super::pace::Pace;
use super::peer::Peer;
use crate::clock;
use crate::source::ReadError;
use crate::target::AgentAddress;

/// A conversation with one agent in v1 or v2c.
#[derive(Debug)]
pub(super) struct Wire {
    address: String,
    version: Version,
    community: Community,
    patience: Patience,
    peer: Peer,
    ids: RequestIds,
    pending: Vec<Pending>,
    /// Those of earlier questions, for their buffers.
    idle: Vec<Pending>,
    names: Vec<Name>,
}

impl Wire {
    pub(super) fn new(address: AgentAddress, version: Version, community: Community, patience: Patience) -> Self {
        Self {
            address: address.to_string(),
            version,
            community,
            patience,
            peer: Peer::new(address),
            ids: RequestIds::default(),
            pending: Vec::new(),
            idle: Vec::new(),
            names: Vec::new(),
        }
    }

    pub(super) const fn is_v1(&self) -> bool {
        matches!(self.version, Version::V1)
    }

    /// Asks one question. `hear` may be called again if what it was given was no answer.
    pub(super) fn ask<T>(
        &mut self,
        question: Question,
        names: &[Name],
        hear: impl FnMut(&mut Reply<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Unanswered> {
        let mut one = One { asked: Some((question, names)), hear, heard: None };
        self.ask_all(&mut one, &mut Pace::new())?;
        one.heard.ok_or(Unanswered::TooLong)
    }

    /// Asks one after the other of the host's addresses, until one has answered, and there all of the questions, as many at
    /// a time as the pace allows.
    pub(super) fn ask_all(&mut self, questions: &mut impl Questions, pace: &mut Pace) -> Result<(), Unanswered> {
        let outcome = self.go_through(questions, pace);
        // Nobody waits for what is still on its way: its answer fits nothing that will be asked.
        self.idle.append(&mut self.pending);
        outcome
    }

    fn go_through(&mut self, questions: &mut impl Questions, pace: &mut Pace) -> Result<(), Unanswered> {
        let mut heard = Heard::default();
        loop {
            while self.pending.len() < if self.peer.is_proven() { pace.window() } else { 1 } {
                self.names.clear();
                let Some((ticket, question)) = questions.next(&mut self.names) else { break };
                let mut pending = self.idle.pop().unwrap_or_default();
                let of = Envelope { version: self.version, community: self.community.as_bytes() };
                pending.request.write(question, of, &self.names).ok_or(Unanswered::TooLong)?;
                pending.begin(ticket, self.patience);
                self.pending.push(pending);
                pace.asked();
                self.send(self.pending.len() - 1)?;
            }
            let Some(deadline) = self.pending.iter().map(|pending| pending.deadline).min() else { return Ok(()) };
            match self.peer.receive(deadline) {
                Ok(Some(datagram)) => {
                    let of = Envelope { version: self.version, community: self.community.as_bytes() };
                    let now = clock::monotonic();
                    match take(datagram, of, &self.pending, now, questions) {
                        Ok(Some((at, round_trip, then))) => {
                            pace.answered(round_trip, now);
                            heard = Heard { last: Some(now), odd: None };
                            self.idle.push(self.pending.swap_remove(at));
                            if then == Then::Stop {
                                return Ok(());
                            }
                        }
                        // Late, a duplicate, or forged.
                        Ok(None) => {}
                        Err(malformed) => heard.odd = Some(malformed),
                    }
                }
                Ok(None) => self.ask_again(questions, pace, heard)?,
                Err(error) => self.elsewhere(error)?,
            }
        }
    }

    /// Sends those again that were not answered in time, as often as patience allows.
    fn ask_again(&mut self, questions: &mut impl Questions, pace: &mut Pace, heard: Heard) -> Result<(), Unanswered> {
        let now = clock::monotonic();
        for at in 0..self.pending.len() {
            let pending = &mut self.pending[at];
            if pending.deadline > now {
                continue;
            }
            pace.lost();
            if pending.may_be_sent_again(heard.last) {
                self.send(at)?;
                continue;
            }
            self.peer.forsake();
            let address = self.address.clone();
            let error = match heard.odd {
                Some(malformed) => ReadError::NoneOfIt { address, what: malformed.to_string() },
                None => ReadError::NoAnswer { address, waited: self.patience.total(), doubt: "the community" },
            };
            if !self.peer.has_another() {
                questions.unanswered(self.pending[at].ticket);
            }
            return self.elsewhere(error);
        }
        Ok(())
    }

    /// Asks everything anew at the host's next address, where it has another one.
    fn elsewhere(&mut self, mut error: ReadError) -> Result<(), Unanswered> {
        'addresses: while self.peer.has_another() {
            for at in 0..self.pending.len() {
                let pending = &mut self.pending[at];
                pending.begin(pending.ticket, self.patience);
                if let Err(Unanswered::Failed(other)) = self.send_once(at) {
                    error = other;
                    continue 'addresses;
                }
            }
            return Ok(());
        }
        Err(Unanswered::Failed(error))
    }

    fn send(&mut self, at: usize) -> Result<(), Unanswered> {
        match self.send_once(at) {
            Err(Unanswered::Failed(error)) => self.elsewhere(error),
            outcome => outcome,
        }
    }

    fn send_once(&mut self, at: usize) -> Result<(), Unanswered> {
        let pending = &mut self.pending[at];
        let id = self.ids.next();
        pending.request.set_id(id);
        let sent = clock::monotonic();
        pending.tries.push((id, sent));
        pending.deadline = sent.after(self.patience.timeout);
        self.peer.send(pending.request.octets()).map_err(Unanswered::Failed)
    }
}

/// What was heard since the questions began.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    /// When the last answer came.
    last: Option<Monotonic>,
    /// What came since then and was none.
    odd: Option<Malformed>,
}

/// A question that is on its way.
#[derive(Debug, Default)]
struct Pending {
    ticket: Ticket,
    request: Request,
    /// Each try has its own request-id, so that a late answer is known for the one of an earlier try: that is as good, and
    /// was true earlier. An answer to anything else that was ever asked fits none of them.
    tries: Vec<(i32, Monotonic)>,
    deadline: Monotonic,
    retries: usize,
}

impl Pending {
    fn begin(&mut self, ticket: Ticket, patience: Patience) {
        self.ticket = ticket;
        self.tries.clear();
        self.retries = usize::try_from(patience.retries).unwrap_or(usize::MAX);
    }

    /// `heard` is when another question was answered. An agent that does answer others is there, and one answer that is
    /// missing would take all the others with it: that is worth some more tries.
    fn may_be_sent_again(&self, heard: Option<Monotonic>) -> bool {
        const MORE: usize = 2;

        let Some((_, sent)) = self.tries.last() else { return true };
        let more = if heard.is_some_and(|heard| heard > *sent) { MORE } else { 0 };
        self.tries.len() <= self.retries.saturating_add(more)
    }
}

/// Gives an answer to whom it is for: which of the questions it answers, after what time, and what then.
fn take(
    datagram: &[u8],
    of: Envelope<'_>,
    pending: &[Pending],
    now: Monotonic,
    questions: &mut impl Questions,
) -> Result<Option<(usize, Duration, Then)>, Malformed> {
    let Answer { id, status, index, varbinds } = Answer::decode(datagram, of)?;
    let tries = pending.iter().enumerate().flat_map(|(at, one)| one.tries.iter().map(move |tried| (at, tried)));
    let Some((at, (_, sent))) = tries.into_iter().find(|(_, (tried, _))| *tried == id) else { return Ok(None) };
    let round_trip = now.since(*sent);
    let mut reply = Reply { status, index, varbinds, at: sent.after(round_trip / 2), round_trip };
    let then = questions.hear(pending[at].ticket, &mut reply)?;
    Ok(Some((at, round_trip, then)))
}

/// A single question.
struct One<'a, T, H> {
    asked: Option<(Question, &'a [Name])>,
    hear: H,
    heard: Option<T>,
}

impl<T, H: FnMut(&mut Reply<'_>) -> Result<T, Malformed>> Questions for One<'_, T, H> {
    fn next(&mut self, names: &mut Vec<Name>) -> Option<(Ticket, Question)> {
        let (question, asked) = self.asked.take()?;
        names.extend_from_slice(asked);
        Some((0, question))
    }

    fn hear(&mut self, _: Ticket, reply: &mut Reply<'_>) -> Result<Then, Malformed> {
        self.heard = Some((self.hear)(reply)?);
        Ok(Then::GoOn)
    }

    fn unanswered(&mut self, _: Ticket) {}
}

/// Request-ids that nobody can guess who did not see them.
#[derive(Debug, Default)]
pub(super) struct RequestIds {
    /// `SipHash` with the system's randomness for a key: a generator without a state that leaks.
    random: RandomState,
    count: u64,
}

impl RequestIds {
    /// The next one: positive, since some agents trip over others, and always of four octets, so that it can be exchanged in
    /// a message.
    pub(super) fn next(&mut self) -> i32 {
        self.count += 1;
        let [a, b, c, d, ..] = self.random.hash_one(self.count).to_be_bytes();
        i32::from_be_bytes([a & 0x3f | 0x40, b, c, d])
    }
}
