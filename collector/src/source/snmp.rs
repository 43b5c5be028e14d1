//! The counters of a device, by SNMP v1 (RFC 1157) or v2c (RFC 3416), from IF-MIB (RFC 2863).
//!
//! Two rounds, of different pace. What describes the interfaces is *walked* at the start, and again each minute or when
//! something points to a change: `walk` reads the columns, `describe` makes interfaces of them, `table` keeps those that
//! were chosen. The counters of these are *counted* at each read: `watched` knows where each counter of an interface is, of
//! which `standing` finds those that never move, and `count` asks for them by the `reads` of a round, each a `batch` of
//! interfaces. Below both is `session`, which asks no more than an agent bears, and at the `pace` that is good. Below that a
//! `channel` takes questions to the agent until they have their answers or patience ends: that of v1 and v2c is `wire`, with
//! `codec`, where octets are made and understood, and `peer`, the socket.
//!
//! Nothing here knows of samples, files, or of when the next read is due.

mod agent;
#[cfg(feature = "v3")]
mod user;

pub(crate) mod versions;

#[cfg(any(test, fuzzing))]
pub(crate) mod spoilt;

mod agent_clock;
mod batch;
mod count;
mod describe;
mod glance;
mod reads;
mod standing;
mod table;
mod verify;
mod walk;
mod watched;

mod channel;
mod codec;
mod columns;
mod complaint;
mod learned;
mod object;
mod pace;
mod peer;
mod session;
#[cfg(feature = "v3")]
mod v3;
mod wire;

pub(crate) use agent::{Access, Agent, Community, Patience};
#[cfg(feature = "v3")]
pub(crate) use user::{AuthProtocol, Authentication, Encryption, Password, PrivProtocol, Security, User};

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use stats::Monotonic;

use agent_clock::AgentClock;
use count::{Interrupted, Round, count};
use session::Session;
use standing::{Found, examine};
use table::{Inquiry, Renewal, Table};
use verify::verify;
use walk::Progress;
use watched::Watched;

use crate::clock;
use crate::selection::Selection;
use crate::source::{Glance, ReadError, Snapshot, Source};

/// The interfaces of an SNMP agent.
pub(crate) struct Snmp {
    session: Session,
    selection: Selection,
    clock: AgentClock,
    /// `None` before the first description, and after a restart until all was described again: numbers may be those of
    /// other interfaces by then.
    known: Option<(Table, Renewal)>,
    /// What was known before a restart, of which the next description can go on: not where anything is, but what was
    /// chosen, and what it is called.
    before: Table,
    /// A new description that is being read in passing.
    inquiry: Option<Inquiry>,
    /// Why there is no description, and when to ask for one again, where it took long to find that out.
    put_off: Option<(String, Monotonic)>,
    /// How long a whole description may take.
    patience_for_all: Duration,
}

impl Snmp {
    /// How long a whole description may take. The largest devices take a few seconds.
    const MOST_FOR_ALL: Duration = Duration::from_secs(30);
    /// What takes longer than this and comes to nothing that is of use is put off for so many times as long, within reason.
    const LONG: Duration = Duration::from_secs(1);
    const AT_MOST: u32 = 20;
    const LONGEST_PAUSE: Duration = Duration::from_mins(5);
    /// How much of a description is read in passing after the counters.
    const MOST_IN_PASSING: Duration = Duration::from_millis(100);

    fn new(agent: Agent, selection: Selection) -> Self {
        Self {
            session: Session::new(agent),
            selection,
            clock: AgentClock::default(),
            known: None,
            before: Table::default(),
            inquiry: None,
            put_off: None,
            patience_for_all: Self::MOST_FOR_ALL,
        }
    }

    /// Reads the whole description at once, but not again and again where that takes long and comes to nothing.
    fn describe(&mut self) -> Result<(), ReadError> {
        let begun = clock::monotonic();
        if let Some((what, until)) = &self.put_off
            && begun < *until
        {
            return Err(self.session.bad_answer(what.clone()));
        }
        let outcome = self.describe_now();
        let (now, took) = (clock::monotonic(), clock::monotonic().since(begun));
        self.put_off = match &outcome {
            Err(ReadError::BadAnswer { what, .. }) if took > Self::LONG => {
                Some((what.clone(), now.after((took * Self::AT_MOST).min(Self::LONGEST_PAUSE))))
            }
            _ => None,
        };
        outcome
    }

    fn describe_now(&mut self) -> Result<(), ReadError> {
        let until = clock::monotonic().after(self.patience_for_all);
        let mut inquiry = Inquiry::begin(&mut self.session, &mut self.clock)?;
        // What it did before does not matter to those who ask everything anew.
        let (at, uptime) = inquiry.begun;
        self.clock.restarted(at, uptime);
        if inquiry.go_on(&mut self.session, until)? == Progress::More {
            let limit = humantime::format_duration(self.patience_for_all);
            return Err(self.session.bad_answer(format!("its interface table takes longer than {limit} to read")));
        }
        if let Some(lack) = inquiry.lack() {
            return Err(self.session.bad_answer(lack));
        }
        let mut table = inquiry.conclude(&self.before, &self.selection);
        verify(&mut self.session, &mut table.watched)?;
        tell_of_oddity(&self.session, &self.before, &table);
        self.before = Table::default();
        self.known = Some((table, Renewal::new(clock::monotonic())));
        Ok(())
    }

    /// Counts, and forgets where the counters are if that may not be so any more, whatever becomes of the next description.
    fn count(&mut self) -> Result<Round, Interrupted> {
        let Some((table, _)) = &mut self.known else { return Err(Interrupted::Restarted) };
        let counted = count(&mut self.session, &mut self.clock, &mut table.watched, table.marks);
        if let Err(Interrupted::Restarted) = counted
            && let Some((table, _)) = self.known.take()
        {
            self.before = table;
            self.before.watched.iter_mut().for_each(Watched::doubt);
            self.inquiry = None;
        }
        counted
    }

    /// Looks for counters that stand still, once after each description.
    fn examine(&mut self, round: &Round) -> Found {
        let Some((table, _)) = self.known.as_mut().filter(|(table, _)| !table.is_examined) else { return Found::None };
        table.is_examined = true;
        examine(&mut self.session, &mut table.watched, round.interfaces.iter().map(|(_, reading)| reading))
    }

    /// Reads a part of a new description where one is due. If that fails there will be another time: the counters, which
    /// matter more, are there.
    fn describe_in_passing(&mut self) {
        let Some((table, renewal)) = &mut self.known else { return };
        let now = clock::monotonic();
        if self.inquiry.is_none() && renewal.is_due(now) {
            match Inquiry::begin(&mut self.session, &mut self.clock) {
                Ok(inquiry) => self.inquiry = Some(inquiry),
                Err(_) => renewal.failed(now),
            }
        }
        let Some(mut inquiry) = self.inquiry.take() else { return };
        match inquiry.go_on(&mut self.session, now.after(Self::MOST_IN_PASSING)) {
            Ok(Progress::More) if inquiry.took < self.patience_for_all => self.inquiry = Some(inquiry),
            Ok(Progress::Ended) => {
                let took = inquiry.took;
                let mut after = inquiry.conclude(table, &self.selection);
                // The table may have been renumbered while it was walked.
                if verify(&mut self.session, &mut after.watched).is_err() {
                    return renewal.failed(now);
                }
                tell_of_oddity(&self.session, table, &after);
                renewal.done(now, took, table, &after);
                *table = after;
            }
            Ok(Progress::More) | Err(_) => renewal.failed(now),
        }
    }
}

/// Says in the log what is wrong with a table, where that is news.
fn tell_of_oddity(session: &Session, before: &Table, after: &Table) {
    if let Some(oddity) = after.oddity.filter(|oddity| before.oddity != Some(*oddity)) {
        session.warn(format_args!("{oddity}: what can be read of it is shown"));
    }
    if let Some(chosen) = after.too_many.filter(|_| before.too_many.is_none()) {
        let most = Table::MOST;
        session.warn(format_args!(
            "{chosen} of its interfaces are chosen, and the first {most} are read: choose fewer of them by `interfaces` in \
             the config, or by --interface"
        ));
    }
}

impl Source for Snmp {
    fn read(&mut self) -> Result<Snapshot, ReadError> {
        if self.known.is_none() {
            self.describe()?;
        }
        let mut counted = self.count();
        if let Err(Interrupted::Restarted) = counted {
            self.describe()?;
            counted = self.count();
        }
        if let Ok(round) = &counted
            && self.examine(round) == Found::Some
        {
            counted = self.count();
        }
        let mut round = counted.map_err(|interrupted| match interrupted {
            Interrupted::Restarted => self.session.bad_answer("its uptime falls again and again"),
            Interrupted::Failed(error) => error,
        })?;
        if let Some((table, renewal)) = &mut self.known
            && renewal.believes(table, round.marks)
        {
            // What was read may be of others than it seems.
            verify(&mut self.session, &mut table.watched)?;
            let lost: HashSet<_> =
                table.watched.iter().filter(|watched| watched.is_lost()).map(|lost| lost.index).collect();
            round.interfaces.retain(|(_, reading)| reading.index.is_none_or(|index| !lost.contains(&index)));
        }
        let mut snapshot = Snapshot { sys_name: None, interfaces: round.interfaces, missing: Arc::default() };
        if let Some((table, renewal)) = &mut self.known {
            snapshot.sys_name.clone_from(&table.sys_name);
            snapshot.missing = Arc::clone(&table.missing);
            renewal.look(table, round.marks);
        }
        self.describe_in_passing();
        Ok(snapshot)
    }

    fn may_be_cached(&self) -> bool {
        true
    }

    fn glance(&mut self, interfaces: &[u32]) -> Option<Glance> {
        let (table, _) = self.known.as_ref()?;
        glance::glance(&mut self.session, &table.watched, interfaces)
    }
}

#[cfg(test)]
mod tests;
