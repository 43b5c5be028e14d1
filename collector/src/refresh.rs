//! Learns how often an agent refreshes its counters, and tells as of when those are that it shows. Reads no clock.
//!
//! Many agents answer from a cache. Divided by the time between two readings, what such a reading shows makes a saw-tooth
//! of a constant load: `0, 0, 3, 0, 0, 3`. What makes the load flat again is to divide it by the time between the two
//! *refreshes* that the readings show, and to know that time needs no more than to see when counters change.
//!
//! [`Refresh`] is told of each look at a few busy counters: when it was, and whether something had changed since the look
//! before. At first it asks for some looks between the readings, in close succession (`acquire`). An agent that is live
//! shows itself by changing at each of them, within half a second. Otherwise two equal distances between changes are a
//! period. From then on the instants of the refreshes are followed (`lattice`): each change that is seen tells that one of
//! them lies between two looks, which narrows down where it is; what lies where none can be shows that the agent is not as
//! was thought, and everything is learned anew.

mod acquire;
mod lattice;
mod probation;
mod span;

use std::time::Duration;

use stats::Monotonic;

use acquire::{Acquired, Acquisition};
use lattice::{Lattice, Outcome};

/// How an agent refreshes its counters, as far as that is known.
#[derive(Clone, Debug)]
pub(crate) struct Refresh {
    interval: Duration,
    state: State,
    /// The last look.
    last: Option<Monotonic>,
    /// The last looks that were readings, the newest in the lowest bit: 1 where something had changed.
    changes: u16,
    /// When it was settled what the agent does, and for how long that is believed without a close look.
    settled: Monotonic,
    patience: Duration,
    /// How often refreshes were not where they should be, since they were last where they should.
    surprises: u32,
}

#[derive(Clone, Debug)]
enum State {
    /// It is being learned.
    Acquiring(Acquisition, Meanwhile),
    /// Counters are those of the time at which they are read, as far as could be seen.
    Live,
    /// Refreshed at even distances.
    Even(Lattice),
    /// Refreshed at distances that are not even, by and large at this one and not at more than the longest: as when the
    /// question itself makes the agent refresh what is too old. A change is as old as the look that found it.
    Uneven { period: Duration, longest: Duration, newest: Monotonic },
}

/// What becomes of readings while it is being learned as of when they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meanwhile {
    /// They wait until it is known.
    Wait,
    /// They are taken for those of the time at which they are read.
    Live,
}

/// As of when counters are that were read at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AsOf {
    /// They are those of this instant.
    At(Monotonic),
    /// That can't be told, or will be known better soon: nothing is lost where the next reading is taken instead.
    Unknown,
}

/// One look at the counters of an agent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) at: Monotonic,
    /// By how much what is looked at had advanced since the look before.
    pub(crate) octets: u64,
    pub(crate) kind: Kind,
}

impl Look {
    /// So many octets are more than some packets that came by accident.
    const MANY: u64 = 20_000;

    /// Whether something had changed since the look before.
    const fn changed(&self) -> bool {
        self.octets > 0
    }
}

/// Why it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// All counters were read, as they are each interval.
    Reading,
    /// A few were read in between.
    Glance,
}

impl Refresh {
    /// For how long what was learned is believed without a close look: at first, and at most.
    const SHORTEST_PATIENCE: Duration = Duration::from_secs(30);
    const LONGEST_PATIENCE: Duration = Duration::from_mins(10);
    /// After so many surprises in a row, refreshes are taken to be uneven.
    const MOST_SURPRISES: u32 = 2;

    /// Nothing is known of an agent that is read once in that interval.
    pub(crate) const fn new(interval: Duration) -> Self {
        Self {
            interval,
            state: State::Acquiring(Acquisition::new(interval), Meanwhile::Wait),
            last: None,
            changes: 0,
            settled: Monotonic::new(Duration::ZERO),
            patience: Self::SHORTEST_PATIENCE,
            surprises: 0,
        }
    }

    /// The time from one refresh to the next; `None` where the counters are live, and where that is not known.
    pub(crate) fn period(&self) -> Option<Duration> {
        match &self.state {
            State::Acquiring(..) | State::Live => None,
            State::Even(lattice) => Some(lattice.period()),
            State::Uneven { period, .. } => Some(*period),
        }
    }

    /// Whether that is just being learned.
    pub(crate) const fn is_acquiring(&self) -> bool {
        matches!(self.state, State::Acquiring(..))
    }

    /// When to look at the counters before the next reading, if at all.
    pub(crate) fn next_glance(&self) -> Option<Monotonic> {
        match &self.state {
            State::Acquiring(acquisition, _) => Some(acquisition.next_glance(self.last?)),
            State::Even(lattice) => lattice.next_glance(self.last?),
            State::Live | State::Uneven { .. } => None,
        }
    }

    /// The time at which to take a reading that would be due at `point`: a little later where it would otherwise not be
    /// clear which refresh it shows.
    pub(crate) fn better_time(&self, point: Monotonic) -> Monotonic {
        if let State::Even(lattice) = &self.state { lattice.better_time(point) } else { point }
    }

    /// Takes note of a look.
    pub(crate) fn look(&mut self, look: Look) {
        let before = self.last.replace(look.at);
        if look.kind == Kind::Reading {
            self.changes = self.changes << 1 | u16::from(look.changed());
        }
        let Some(before) = before else { return };
        let is_due = look.at.since(self.settled) >= self.patience;
        let is_overdue = look.at.since(self.settled) >= Self::LONGEST_PATIENCE;
        let seems_cached = self.seems_cached();
        match &mut self.state {
            State::Acquiring(acquisition, meanwhile) => {
                *meanwhile = acquisition.meanwhile(*meanwhile, look);
                if let Some(acquired) = acquisition.look(before, look) {
                    self.conclude(acquired, look.at);
                }
            }
            State::Live => {
                if look.changed() && (is_overdue || is_due && seems_cached) {
                    self.state = State::Acquiring(Acquisition::new(self.interval), Meanwhile::Live);
                }
            }
            State::Even(lattice) => match lattice.look(before, look) {
                Outcome::Consistent => {}
                Outcome::Surprise => self.be_surprised(look.at),
                Outcome::OnDemand => {
                    let period = lattice.period();
                    self.settle(State::Uneven { period, longest: period * 11 / 10, newest: look.at }, look.at);
                }
            },
            State::Uneven { period, longest, newest } => {
                let since = look.at.since(*newest);
                let is_quick = look.changed() && since < *period / 2;
                // Where nothing changes the refresh can't be seen, but there will have been one.
                if look.changed() || since > *longest {
                    *newest = look.at;
                }
                if is_due && is_quick {
                    self.state = State::Acquiring(Acquisition::new(self.interval), Meanwhile::Live);
                }
            }
        }
    }

    /// Takes note that the agent did not answer.
    pub(crate) const fn fall_silent(&mut self) {
        if let State::Even(lattice) = &mut self.state {
            lattice.fall_silent();
        }
    }

    /// As of when the counters of an interface are that were read at `at`. `changed`: since those that were last taken.
    pub(crate) fn as_of(&self, at: Monotonic, changed: bool) -> AsOf {
        match &self.state {
            State::Live | State::Acquiring(_, Meanwhile::Live) => AsOf::At(at),
            State::Even(lattice) => lattice.as_of(at, changed),
            State::Uneven { newest, .. } if *newest <= at => AsOf::At(*newest),
            State::Uneven { .. } | State::Acquiring(_, Meanwhile::Wait) => AsOf::Unknown,
        }
    }

    /// As of when the counters were that were read at `at`, before it was known how they are refreshed.
    pub(crate) fn was_as_of(&self, at: Monotonic) -> Monotonic {
        if let State::Even(lattice) = &self.state { lattice.was_as_of(at) } else { at }
    }

    fn conclude(&mut self, acquired: Acquired, now: Monotonic) {
        self.patience = match acquired {
            // Where a close look showed nothing new, the next one is taken later.
            Acquired::Live | Acquired::Nothing => (self.patience * 2).min(Self::LONGEST_PATIENCE),
            Acquired::Even(_) | Acquired::Uneven(_) => Self::SHORTEST_PATIENCE,
        };
        let state = match acquired {
            Acquired::Live | Acquired::Nothing => State::Live,
            Acquired::Uneven(period) => self.uneven(period, now),
            Acquired::Even(lattice) => State::Even(lattice),
        };
        self.settle(state, now);
    }

    fn settle(&mut self, state: State, now: Monotonic) {
        self.state = state;
        self.settled = now;
        self.changes = 0;
    }

    fn uneven(&self, period: Duration, newest: Monotonic) -> State {
        State::Uneven { period, longest: period * 3 / 2 + self.interval, newest }
    }

    fn be_surprised(&mut self, now: Monotonic) {
        /// What lasted for so many periods was no mistake.
        const LONG: u32 = 50;

        let Some(period) = self.period() else { return };
        let is_first = now.since(self.settled) > period * LONG;
        self.surprises = if is_first { 1 } else { self.surprises + 1 };
        if self.surprises >= Self::MOST_SURPRISES {
            // Looked at closely it seems even, and then it isn't: it is our own questions that make the difference.
            self.surprises = 0;
            self.settle(self.uneven(period, now), now);
        } else {
            self.state = State::Acquiring(Acquisition::after(period, self.interval), Meanwhile::Wait);
        }
    }

    /// Whether of the last twelve readings some showed a change and others none.
    const fn seems_cached(&self) -> bool {
        const READINGS: u16 = 0xfff;
        let changed = (self.changes & READINGS).count_ones();
        3 <= changed && changed <= 9
    }
}

#[cfg(test)]
mod tests;
