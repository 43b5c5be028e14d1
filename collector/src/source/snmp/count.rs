//! Reads the counters of the watched interfaces, each with the agent's uptime in the same answer.
//!
//! By GET: of instances that are known, it takes as many answers as GETBULK would (the answer is what is limited, and is
//! as large), it skips what is not watched, and each value has its place, so that a row that is gone cannot be taken for
//! the one behind it.

use std::sync::Arc;

use stats::{Counter, Interface, Monotonic, Reading, Uptime};

use super::codec::{Malformed, Value, Varbinds};
use super::object::{Name, Object};
use super::session::{Answered, Refusal, Session};
use super::watched::Watched;
use crate::source::ReadError;

/// What one round of counting gave.
#[derive(Debug)]
pub(super) struct Round {
    /// The interfaces that have counters, in the order in which they are watched.
    pub(super) interfaces: Vec<(Arc<Interface>, Reading)>,
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

/// Follows the agent's uptime.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentClock {
    last: Option<(Monotonic, Uptime)>,
}

impl AgentClock {
    /// Takes note of an uptime, and tells whether the agent was started since the one before.
    ///
    /// That is so where the uptime fell, and where it is shorter than the time since, unless it stands still, as that of
    /// some devices does. (It also falls each 497 days, which costs no more than that the interfaces are looked for again.)
    pub(super) fn restarted(&mut self, at: Monotonic, uptime: Option<Uptime>) -> bool {
        let Some(uptime) = uptime else { return false };
        let Some((then, before)) = self.last.replace((at, uptime)) else { return false };
        uptime.ticks() < before.ticks() || (uptime != before && uptime.duration() < at.since(then))
    }
}

/// Reads all counters once; `known` are the marks that the agent is known to have.
pub(super) fn count(
    session: &mut Session,
    clock: &mut AgentClock,
    watched: &mut [Watched],
    known: Marks,
) -> Result<Round, Interrupted> {
    let unread = Reading::new(Monotonic::default(), None);
    let mut round = Round {
        interfaces: watched.iter().map(|watched| (Arc::clone(&watched.interface), unread)).collect(),
        marks: known,
    };
    let mut wanted: Vec<usize> = (0..watched.len()).collect();
    let mut marks = Some(known);
    // Again for those whose counters are still being looked for: once for each other place that one could be in.
    while !wanted.is_empty() {
        count_some(session, clock, watched, &wanted, marks.take(), &mut round)?;
        wanted.retain(|at| watched[*at].is_searching());
    }
    round.interfaces.retain(|(_, reading)| !reading.is_empty());
    Ok(round)
}

/// Reads the counters of `wanted`, in as few answers as the agent bears.
fn count_some(
    session: &mut Session,
    clock: &mut AgentClock,
    watched: &mut [Watched],
    wanted: &[usize],
    mut marks: Option<Marks>,
    round: &mut Round,
) -> Result<(), Interrupted> {
    let mut names = Vec::with_capacity(session.limit());
    let mut missed = Vec::new();
    let mut rest = wanted;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(fill(&mut names, watched, rest, session.limit(), marks));
        let interfaces = &mut round.interfaces;
        let seen = &mut round.marks;
        let answered = session.get(&names, |varbinds| {
            missed.clear();
            let uptime = varbinds.value_of(Object::SYS_UP_TIME, 0)?;
            let uptime = if let Value::TimeTicks(ticks) = uptime { Some(Uptime::from_ticks(ticks)) } else { None };
            for name in marks_in(&names) {
                seen.note(name.object, varbinds.value_of(name.object, 0)?);
            }
            for at in batch {
                interfaces[*at].1 = take_reading(varbinds, *at, &watched[*at], uptime, &mut missed)?;
            }
            varbinds.end()?;
            Ok(uptime)
        });
        let Answered { value: uptime, at: time } = match answered {
            Ok(answered) => answered,
            Err(Refusal::TooBig) => continue,
            Err(Refusal::Failed(error)) => return Err(Interrupted::Failed(error)),
        };
        if clock.restarted(time, uptime) {
            return Err(Interrupted::Restarted);
        }
        for at in batch {
            interfaces[*at].1.at = time;
        }
        settle(watched, batch, &missed);
        marks = None;
        rest = after;
    }
    Ok(())
}

/// Fills a request with the counters of as many of `wanted` as the limit allows, and tells how many that are: one at the
/// least, since the counters of an interface are always of one answer.
fn fill(names: &mut Vec<Name>, watched: &[Watched], wanted: &[usize], limit: usize, marks: Option<Marks>) -> usize {
    let width = |at: &usize| watched[*at].width();
    names.clear();
    names.push(Name::scalar(Object::SYS_UP_TIME));
    let marks: Vec<Name> = marks.map(Marks::names).unwrap_or_default();
    if names.len() + marks.len() + wanted.first().map_or(0, width) <= limit {
        names.extend(marks);
    }
    let mut taken = 0;
    for at in wanted {
        if taken > 0 && names.len() + width(at) > limit {
            break;
        }
        let instance = Some(watched[*at].index);
        names.extend(watched[*at].columns().map(|(_, object)| Name { object, instance }));
        taken += 1;
    }
    taken
}

/// The names between the uptime and the counters.
fn marks_in(names: &[Name]) -> impl Iterator<Item = &Name> {
    let is_mark = |name: &&Name| matches!(name.object, Object::IF_NUMBER | Object::IF_TABLE_LAST_CHANGE);
    names.iter().skip(1).take_while(is_mark)
}

/// The reading of one interface, without its time; what it does not have is added to `missed`.
fn take_reading(
    varbinds: &mut Varbinds<'_>,
    at: usize,
    watched: &Watched,
    uptime: Option<Uptime>,
    missed: &mut Vec<(usize, Counter)>,
) -> Result<Reading, Malformed> {
    let mut reading = Reading::new(Monotonic::default(), uptime);
    for (counter, object) in watched.columns() {
        match varbinds.value_of(object, watched.index)?.counter() {
            Some((value, width)) => reading.set(counter, value, width),
            None => missed.push((at, counter)),
        }
    }
    Ok(reading)
}

/// Tells the interfaces of an answer what of theirs it did not have.
fn settle(watched: &mut [Watched], batch: &[usize], missed: &[(usize, Counter)]) {
    let mut missed = missed.iter().peekable();
    for at in batch {
        let mut complete = true;
        while let Some((_, counter)) = missed.next_if(|(of, _)| of == at) {
            complete = false;
            watched[*at].missed(*counter);
        }
        if complete {
            watched[*at].found_all();
        }
    }
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
    fn names(self) -> Vec<Name> {
        let has = [(self.number, Object::IF_NUMBER), (self.last_change, Object::IF_TABLE_LAST_CHANGE)];
        has.into_iter().filter(|(value, _)| value.is_some()).map(|(_, object)| Name::scalar(object)).collect()
    }
}
