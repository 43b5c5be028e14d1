//! The questions of a round of counting: the counters of as many interfaces in each as the agent bears, and what is to be
//! done about those that it can't answer.

mod refusals;

use std::collections::VecDeque;

use snmp::snmp::ERRSTATUS_TOOBIG;
use stats::{Counter, Reading, Uptime};

use super::agent_clock::AgentClock;
use super::batch::{Batch, By, Head, Item};
use super::channel::{Questions, Reply, Then, Ticket};
use super::codec::{Malformed, Question, Value};
use super::complaint::Complaint;
use super::count::Round;
use super::object::{Name, Object};
use super::session::{Bounds, Session};
use super::watched::Watched;

/// Reads of some of the watched interfaces, on their way.
pub(super) struct Reads<'a> {
    pub(super) watched: &'a mut [Watched],
    pub(super) clock: &'a mut AgentClock,
    pub(super) round: &'a mut Round,
    /// Where those are in `watched` that are to be read.
    wanted: &'a [usize],
    /// Parts of `wanted` that are still to be asked for.
    left: VecDeque<Batch>,
    /// What was asked, by the tickets; `None` where that was answered.
    asked: Vec<Option<Batch>>,
    missed: Vec<(usize, Counter)>,
    pub(super) learned: Lessons,
}

/// What was learned from the answers.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    /// How many values an answer may have.
    pub(super) limit: usize,
    /// The most values that came.
    pub(super) largest: usize,
    /// The agent was started again.
    pub(super) has_restarted: bool,
    /// What the agent says of those that it could not answer for.
    pub(super) refused: Option<String>,
    /// How many values it could not answer for at a time, with an error that may mean that they are too many.
    pub(super) split: Option<usize>,
    /// What it did not answer to.
    pub(super) silent: Option<Batch>,
}

impl<'a> Reads<'a> {
    pub(super) fn new(
        watched: &'a mut [Watched],
        clock: &'a mut AgentClock,
        round: &'a mut Round,
        wanted: &'a [usize],
        by: By,
        head: Head,
        bounds: Bounds,
    ) -> Self {
        let all = Batch { from: 0, to: wanted.len(), by, head, size: 0, dropped: 0 };
        let learned = Lessons { limit: bounds.limit, largest: bounds.proven, ..Lessons::default() };
        let left = VecDeque::from([all]);
        Self { watched, clock, round, wanted, left, asked: Vec::new(), missed: Vec::new(), learned }
    }

    /// About how many requests there will be.
    pub(super) fn requests(&self) -> usize {
        let width: usize = self.wanted.iter().map(|at| self.watched[*at].width()).sum();
        width / self.learned.limit.max(1) + 1
    }

    /// Asks once more for what was asked for and not answered.
    pub(super) fn put_back(&mut self, limit: usize) {
        self.learned.limit = limit;
        for batch in std::mem::take(&mut self.asked).into_iter().rev().flatten() {
            self.left.push_front(batch);
        }
    }

    /// As much of a batch as the limit allows, and the rest: one interface at the least, since the counters of an interface
    /// are always of one answer.
    fn cut(&self, batch: Batch) -> (Batch, Option<Batch>) {
        let limit = self.learned.limit;
        let width = |at: usize| self.watched[self.wanted[at]].width();
        let mut batch = batch;
        if batch.head.objects().count() + width(batch.from) > limit {
            batch.head.marks = None;
        }
        batch.size = batch.head.objects().count();
        let mut to = batch.from;
        while to < batch.to && (to == batch.from || batch.size + width(to) <= limit) {
            batch.size += width(to);
            to += 1;
        }
        let rest = (to < batch.to).then(|| batch.part(to, batch.to));
        (Batch { to, ..batch }, rest)
    }

    /// Takes the counters out of an answer.
    fn take(&mut self, batch: Batch, reply: &mut Reply<'_>) -> Result<(), Malformed> {
        let Self { watched, round, wanted, missed, .. } = self;
        missed.clear();
        for at in batch.from..batch.to {
            let mut reading = Reading::new(reply.at, None);
            reading.index = Some(watched[wanted[at]].index);
            round.interfaces[wanted[at]].1 = reading;
        }
        let mut uptime = None;
        batch.each(watched, wanted, |item, object, instance| {
            let value = batch.by.value(&mut reply.varbinds, object, instance)?;
            match item {
                Item::Head if object == Object::SYS_UP_TIME => uptime = ticks(value),
                Item::Head => round.marks.note(object, value),
                Item::Counter(at, counter) => match value.counter() {
                    Some((value, width)) => round.interfaces[wanted[at]].1.set(counter, value, width),
                    None => missed.push((at, counter)),
                },
                Item::Discontinuity(at) => round.interfaces[wanted[at]].1.discontinuity = ticks(value),
            }
            Ok(())
        })?;
        reply.varbinds.end()?;
        let read_at = self.clock.date(reply.at, reply.round_trip, uptime);
        for at in batch.from..batch.to {
            let reading = &mut self.round.interfaces[self.wanted[at]].1;
            (reading.at, reading.uptime) = (read_at, uptime);
        }
        self.settle(batch);
        self.learned.has_restarted |= self.clock.restarted(reply.at, uptime);
        self.learned.largest = self.learned.largest.max(batch.size);
        Ok(())
    }

    /// Tells the interfaces of an answer what of theirs it did not have.
    fn settle(&mut self, batch: Batch) {
        let mut missed = self.missed.iter().peekable();
        for at in batch.from..batch.to {
            let watched = &mut self.watched[self.wanted[at]];
            let mut complete = true;
            while let Some((_, counter)) = missed.next_if(|(of, _)| *of == at) {
                complete = false;
                watched.missed(*counter);
            }
            if complete {
                watched.found_all();
            }
            watched.told(self.round.interfaces[self.wanted[at]].1.discontinuity);
        }
    }
}

/// A time of the agent's own clock.
pub(super) fn ticks(value: Value<'_>) -> Option<Uptime> {
    if let Value::TimeTicks(ticks) = value { Some(Uptime::from_ticks(ticks)) } else { None }
}

impl Questions for Reads<'_> {
    fn next(&mut self, names: &mut Vec<Name>) -> Option<(Ticket, Question)> {
        loop {
            let batch = self.left.pop_front()?;
            let (batch, rest) = self.cut(batch);
            if let Some(rest) = rest {
                self.left.push_front(rest);
            }
            if batch.size == batch.head.objects().count() {
                // Nothing of theirs is left to be asked for.
                continue;
            }
            batch.names(self.watched, self.wanted, names);
            self.asked.push(Some(batch));
            return Some((self.asked.len() - 1, batch.by.question()));
        }
    }

    fn hear(&mut self, ticket: Ticket, reply: &mut Reply<'_>) -> Result<Then, Malformed> {
        let Some(batch) = self.asked.get(ticket).copied().flatten() else { return Ok(Then::GoOn) };
        match Complaint::of(reply) {
            Some(complaint) if complaint.status == ERRSTATUS_TOOBIG => self.too_big(batch, Some(complaint)),
            Some(complaint) => self.complained(batch, complaint),
            None => match self.take(batch, reply) {
                Ok(()) => {}
                Err(Malformed::TooFew) if batch.size > Session::FEWEST => self.too_big(batch, None),
                Err(malformed) => return Err(malformed),
            },
        }
        self.asked[ticket] = None;
        Ok(if self.learned.has_restarted { Then::Stop } else { Then::GoOn })
    }

    fn unanswered(&mut self, ticket: Ticket) {
        self.learned.silent = self.asked.get(ticket).copied().flatten();
    }
}

#[cfg(test)]
mod tests;
