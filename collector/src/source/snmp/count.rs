//! Reads the counters of the watched interfaces, each with the agent's uptime in the same answer.
//!
//! By GET, of instances that are known. What limits both it and GETBULK is how many values an answer may hold: of `n` values
//! with the uptime beside them, `(n - 1) / w` interfaces of `w` values each, rounded down, by either. GETBULK would reach as
//! many only where they are neighbours and all have the same columns; where there are holes, or interfaces that nobody
//! watches, it would need more requests, and never fewer. By GET each value has its place besides, so that a row that is
//! gone cannot be taken for the one behind it. In v1 the columns are found by GETNEXT, since there one value that is missing
//! takes all others of the answer with it.

use stats::{KeptInterface, Monotonic, Reading};

use super::agent_clock::AgentClock;
use super::batch::{By, Head};
use super::codec::Value;
use super::object::Object;
use super::reads::{Lessons, Reads, ticks};
use super::session::Session;
use super::watched::Watched;
use crate::source::ReadError;

/// What one round of counting gave.
#[derive(Debug)]
pub(super) struct Round {
    /// The interfaces that have counters, in the order in which they are watched.
    pub(super) interfaces: Vec<(KeptInterface, Reading)>,
    /// What the agent says of its table as a whole.
    pub(super) marks: Marks,
}

/// What tells that the table has changed: that they differ from before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// `ifNumber`.
    pub(super) number: Option<u64>,
    /// `ifTableLastChange`.
    pub(super) last_change: Option<u64>,
}

/// Why a round was given up.
#[derive(Debug)]
pub(super) enum Interrupted {
    /// The agent was started again, and may have numbered its interfaces in another way.
    Restarted,
    Failed(ReadError),
}

/// Reads all counters once; `known` are the marks that the agent is known to have.
pub(super) fn count(
    session: &mut Session,
    clock: &mut AgentClock,
    watched: &mut [Watched],
    known: Marks,
) -> Result<Round, Interrupted> {
    let unread = Reading::new(Monotonic::default(), None);
    let mut round =
        Round { interfaces: watched.iter().map(|watched| (watched.interface.clone(), unread)).collect(), marks: known };
    let mut wanted: Vec<usize> = (0..watched.len()).filter(|at| watched[*at].is_read()).collect();
    if wanted.is_empty() {
        ask_for_nothing(session, clock, &mut round)?;
    }
    let mut marks = Some(known);
    let mut refused = None;
    // Again for those whose counters are still being looked for: once for each other place that one could be in.
    while !wanted.is_empty() {
        let is_missed_at_a_price = session.is_v1() && wanted.iter().any(|at| watched[*at].is_searching());
        let by = if is_missed_at_a_price { By::Next } else { By::Get };
        let head = Head { uptime: !(session.is_v1() && clock.is_missing()), marks: marks.take() };
        let reads = Reads::new(watched, clock, &mut round, &wanted, by, head, session.bounds());
        refused = go_through(session, reads)?.or(refused);
        wanted.retain(|at| watched[*at].is_searching() && watched[*at].is_read());
    }
    round.interfaces.retain(|(_, reading)| !reading.is_empty());
    match refused {
        // There is more amiss than one interface: the next time all are asked again.
        Some(what) if round.interfaces.is_empty() => {
            watched.iter_mut().for_each(Watched::doubt);
            Err(Interrupted::Failed(session.bad_answer(what)))
        }
        _ => Ok(round),
    }
}

/// Asks for the uptime and the marks alone: where nothing is chosen, or there is nothing of it any more, an agent that fell
/// silent looked well otherwise, and what comes would not be seen.
fn ask_for_nothing(session: &mut Session, clock: &mut AgentClock, round: &mut Round) -> Result<(), Interrupted> {
    let objects: Vec<Object> = [Object::SYS_UP_TIME].into_iter().chain(round.marks.objects()).collect();
    let mut uptime = None;
    let answered = session.scalars(&objects, |object, value| match object {
        Object::SYS_UP_TIME => uptime = ticks(value),
        _ => round.marks.note(object, value),
    });
    let at = answered.map_err(Interrupted::Failed)?;
    if clock.restarted(at, uptime) { Err(Interrupted::Restarted) } else { Ok(()) }
}

/// Asks for all of these, and takes note of what the agent bears. Tells what it says of interfaces that it can't answer for.
fn go_through(session: &mut Session, mut reads: Reads<'_>) -> Result<Option<String>, Interrupted> {
    loop {
        let requests = reads.requests();
        let outcome = session.ask_all(&mut reads, requests);
        let Lessons { limit, largest, has_restarted, .. } = reads.learned;
        session.bears(largest);
        session.bears_at_most(limit);
        if has_restarted {
            return Err(Interrupted::Restarted);
        }
        let Err(error) = outcome else { break };
        match reads.learned.silent.take() {
            Some(batch) if session.is_silence_of_size(&error, batch.size) => {
                session.too_big_for_the_way(batch.size);
                reads.put_back(session.limit());
            }
            _ => return Err(Interrupted::Failed(error)),
        }
    }
    let Lessons { refused, split, .. } = reads.learned;
    if let Some(size) = split.filter(|_| refused.is_none()) {
        // Each part of it was answered: some agents say `genErr` for `tooBig`.
        session.too_big(size);
    }
    Ok(refused)
}

impl Marks {
    /// Takes note of what the agent says; what it does not have is unknown.
    pub(super) fn note(&mut self, object: Object, value: Value<'_>) {
        match object {
            Object::IF_NUMBER => self.number = value.number(),
            Object::IF_TABLE_LAST_CHANGE => self.last_change = value.number(),
            _ => {}
        }
    }

    /// Those that the agent has.
    pub(super) fn objects(self) -> impl Iterator<Item = Object> {
        let has = [(self.number, Object::IF_NUMBER), (self.last_change, Object::IF_TABLE_LAST_CHANGE)];
        has.into_iter().filter(|(value, _)| value.is_some()).map(|(_, object)| object)
    }
}
