//! What is known of an agent's interfaces, and how it comes to be known anew without holding up the counters.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use stats::{Monotonic, Uptime};

use super::agent_clock::AgentClock;
use super::columns::IF_HC_IN_OCTETS;
use super::count::Marks;
use super::describe::{self, Described, Rows, describe};
use super::object::Object;
use super::session::Session;
use super::walk::{Oddity, Progress, Walk};
use super::watched::Watched;
use crate::clock;
use crate::selection::{Candidate, Missing, Selection};
use crate::source::ReadError;

/// What is known of an agent's interfaces.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) sys_name: Option<Arc<str>>,
    pub(super) marks: Marks,
    /// The chosen interfaces, in the order of their indexes.
    pub(super) watched: Vec<Watched>,
    /// What was to be chosen and is not there.
    pub(super) missing: Arc<[Missing]>,
    /// How many were chosen, where that is more than can be read.
    pub(super) too_many: Option<usize>,
    /// What is wrong with it, though some of it could be read.
    pub(super) oddity: Option<Oddity>,
    /// Whether counters that stand still were looked for since this was described.
    pub(super) is_examined: bool,
}

impl Table {
    /// How many interfaces of a device are read: more than any that people look at, and what a second suffices for.
    pub(super) const MOST: usize = 10_000;
}

/// A description on its way: the agent's own names first, then the interfaces by and by.
#[derive(Debug)]
pub(super) struct Inquiry {
    /// When the agent was asked, and how long it had been up then.
    pub(super) begun: (Monotonic, Option<Uptime>),
    sys_name: Option<String>,
    marks: Marks,
    walk: Walk,
    rows: Rows,
    /// For how long it has been asked for.
    pub(super) took: Duration,
}

impl Inquiry {
    /// Asks the agent who it is. The question is a small one, which whoever answers at all can answer.
    ///
    /// Whether it was restarted is left to whoever counts: what is known of the interfaces is void then.
    pub(super) fn begin(session: &mut Session, clock: &mut AgentClock) -> Result<Self, ReadError> {
        const HEAD: [Object; 4] =
            [Object::SYS_UP_TIME, Object::SYS_NAME, Object::IF_NUMBER, Object::IF_TABLE_LAST_CHANGE];

        let (mut uptime, mut sys_name, mut marks) = (None, None, Marks::default());
        let at = session.scalars(&HEAD, |object, value| match object {
            Object::SYS_UP_TIME => uptime = value.number(),
            Object::SYS_NAME => sys_name = value.octets().and_then(describe::text),
            _ => marks.note(object, value),
        })?;
        let uptime = uptime.and_then(|ticks| u32::try_from(ticks).ok()).map(Uptime::from_ticks);
        clock.looked_up(uptime);
        let columns: Vec<Object> =
            describe::COLUMNS.into_iter().filter(|column| !session.is_v1() || *column != IF_HC_IN_OCTETS).collect();
        Ok(Self {
            begun: (at, uptime),
            sys_name,
            marks,
            walk: Walk::new(&columns, marks.number),
            rows: Rows::default(),
            took: Duration::ZERO,
        })
    }

    /// Asks for more of the interfaces until all is known or the time has come.
    pub(super) fn go_on(&mut self, session: &mut Session, until: Monotonic) -> Result<Progress, ReadError> {
        let begun = clock::monotonic();
        loop {
            let progress = self.walk.step(session, &mut self.rows)?;
            let now = clock::monotonic();
            if progress == Progress::Ended || now >= until {
                self.took += now.since(begun);
                return Ok(progress);
            }
        }
    }

    /// The table that this amounts to.
    pub(super) fn conclude(self, before: &Table, selection: &Selection) -> Table {
        let by_index: HashMap<u32, &Watched> = before.watched.iter().map(|watched| (watched.index, watched)).collect();
        let described = describe(self.rows);
        let missing = selection.unmatched(&described.iter().map(|described| &described.interface)).into();
        let watched = described.into_iter().filter_map(|described| {
            let of_that_name = |watched: &&&Watched| watched.interface.name() == described.interface.name;
            let before = by_index.get(&described.index).filter(of_that_name).copied();
            // What was chosen stays as long as it is there: that a link goes down is something to see.
            (before.is_some() || admits(selection, &described)).then(|| Watched::new(described, before))
        });
        let sys_name = match (self.sys_name, &before.sys_name) {
            (Some(now), Some(before)) if now == **before => Some(Arc::clone(before)),
            (now, _) => now.map(Arc::from),
        };
        let mut watched: Vec<Watched> = watched.collect();
        let too_many = Some(watched.len()).filter(|chosen| *chosen > Table::MOST);
        watched.truncate(Table::MOST);
        // They are collected where the descriptions were, which are much larger.
        watched.shrink_to_fit();
        let oddity = self.walk.oddity();
        Table { sys_name, marks: self.marks, watched, missing, too_many, oddity, is_examined: false }
    }

    /// What is wrong where the agent has shown no interface.
    pub(super) fn lack(&self) -> Option<String> {
        const NOTHING: &str =
            "answers, but shows no interfaces: may this community or user read IF-MIB (1.3.6.1.2.1.2 and .31)?";

        self.rows.is_empty().then(|| self.walk.oddity().map_or_else(|| NOTHING.to_owned(), |oddity| oddity.to_string()))
    }
}

fn admits(selection: &Selection, described: &Described) -> bool {
    selection.admits(Candidate { interface: &described.interface, loopback: described.loopback })
}

/// When to ask anew.
#[derive(Debug)]
pub(super) struct Renewal {
    /// When the table was last known to be right.
    since: Monotonic,
    /// Marks that moved although nothing had changed.
    false_alarms: u32,
    cause: Option<Cause>,
    /// Whatever points to a change, not before this.
    not_before: Monotonic,
    /// How often in a row it could not be asked for.
    failures: u32,
}

/// Why the table should be asked for before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Marks,
    Lost,
}

impl Renewal {
    const EACH: Duration = Duration::from_mins(1);
    /// Agents whose marks move all the time are no longer believed.
    const MOST_FALSE_ALARMS: u32 = 3;

    pub(super) const fn new(now: Monotonic) -> Self {
        Self { since: now, false_alarms: 0, cause: None, not_before: now, failures: 0 }
    }

    /// Whether marks that differ from those of the table tell of a change.
    pub(super) fn believes(&self, table: &Table, marks: Marks) -> bool {
        marks != table.marks && self.false_alarms < Self::MOST_FALSE_ALARMS
    }

    /// Looks at what a round of counting saw.
    pub(super) fn look(&mut self, table: &Table, marks: Marks) {
        if table.watched.iter().any(Watched::is_lost) {
            self.cause = Some(Cause::Lost);
        } else if self.believes(table, marks) {
            self.cause = Some(Cause::Marks);
        }
    }

    pub(super) fn is_due(&self, now: Monotonic) -> bool {
        now >= self.not_before && (self.cause.is_some() || now.since(self.since) >= Self::EACH)
    }

    /// The table was asked for anew, for so long in all.
    pub(super) fn done(&mut self, now: Monotonic, took: Duration, before: &Table, after: &Table) {
        /// What takes less than that is no burden.
        const LITTLE: Duration = Duration::from_millis(100);
        /// Part of the time, where a table is another one whenever it is asked for.
        const AT_MOST: u32 = 20;

        self.failures = 0;
        if took > LITTLE {
            self.not_before = now.after((took * AT_MOST).min(Self::EACH));
        }
        let indexes = |table: &Table| table.watched.iter().map(|watched| watched.index).collect::<Vec<_>>();
        if self.cause == Some(Cause::Marks) {
            self.false_alarms = if indexes(before) == indexes(after) { self.false_alarms + 1 } else { 0 };
        }
        self.since = now;
        self.cause = None;
    }

    /// It could not be asked for; the next try is due in a while, and each further one in twice as long a while.
    pub(super) fn failed(&mut self, now: Monotonic) {
        const FIRST: Duration = Duration::from_secs(5);
        const LAST: Duration = Duration::from_mins(10);

        self.not_before = now.after((FIRST * (1 << self.failures.min(10))).min(LAST));
        self.failures += 1;
        self.since = now;
        self.cause = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seconds of half an hour at which a table is asked for that is always lost, where that fails or takes so long.
    fn asked(mut ask: impl FnMut(&mut Renewal, Monotonic)) -> Vec<u64> {
        let mut renewal = Renewal::new(Monotonic::default());
        let is_asked = |second: &u64| {
            let now = Monotonic::new(Duration::from_secs(*second));
            renewal.cause = Some(Cause::Lost);
            let is_due = renewal.is_due(now);
            if is_due {
                ask(&mut renewal, now);
            }
            is_due
        };
        (1..=1_800).filter(is_asked).collect()
    }

    #[test]
    fn a_description_that_fails_is_tried_ever_more_seldom() {
        let asked = asked(Renewal::failed);
        assert_eq!(asked, [1, 6, 16, 36, 76, 156, 316, 636, 1_236]);
    }

    #[test]
    fn a_table_that_changes_all_the_time_is_asked_for_in_a_part_of_the_time() {
        let done = |millis| {
            asked(move |renewal, now| {
                renewal.done(now, Duration::from_millis(millis), &Table::default(), &Table::default());
            })
        };
        assert_eq!(done(5).len(), 1_800);
        assert_eq!(done(500).len(), 180);
        assert_eq!(done(20_000).len(), 30);
    }
}
