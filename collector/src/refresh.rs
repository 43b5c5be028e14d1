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
//! was thought, and everything is learned anew. Where so little passes that nothing is to be seen, that says nothing of the
//! agent: what was known of it stays known, and what was not is learned as soon as something passes.

mod acquire;
mod age;
mod lattice;
mod probation;
mod span;

use std::time::Duration;

use stats::Monotonic;

use acquire::{Acquired, Acquisition, Known};
use lattice::{Lattice, Outcome};

/// No cache is known that is older.
pub(crate) const OLDEST: Duration = Acquisition::LONGEST;

/// How an agent refreshes its counters, as far as that is known.
#[derive(Clone, Debug)]
pub(crate) struct Refresh {
    interval: Duration,
    state: State,
    /// The last look.
    last: Option<Monotonic>,
    /// When something had last changed, and the look before that.
    changed: Option<Monotonic>,
    refreshed: Option<Monotonic>,
    /// How often a reading showed something new after one that did not, since it was settled what the agent does.
    onsets: u32,
    /// When it was settled what the agent does, and for how long that is believed without a close look.
    settled: Monotonic,
    patience: Duration,
    /// How often in a row a refresh was found again, and the one after it changed nothing.
    lone: u32,
    /// How often refreshes were not where they should be, since they were last where they should.
    surprises: u32,
    /// Whether it is known for sure that they come by a timer of the agent's own.
    is_timer: bool,
}

#[derive(Clone, Debug)]
enum State {
    /// It is being learned.
    Acquiring(Acquisition, Meanwhile),
    /// Counters are those of the time at which they are read: they changed whenever somebody looked.
    Live,
    /// So little passes that nothing can be seen. In this period they were refreshed when there was something to be seen.
    Idle(Option<Duration>),
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
    /// They are taken for those of so long before they are read.
    Behind(Duration),
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
    /// After so many changes that others were missing before, it may be a cache. A reading can be without traffic, too.
    const MANY_ONSETS: u32 = 3;
    /// After so many refreshes that were found again and followed by none, they may come less often than before.
    const MANY_LONE: u32 = 3;

    /// Nothing is known of an agent that is read once in that interval.
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            interval,
            state: State::Acquiring(Acquisition::new(Known::Nothing, interval), Meanwhile::Wait),
            last: None,
            changed: None,
            refreshed: None,
            onsets: 0,
            lone: 0,
            settled: Monotonic::new(Duration::ZERO),
            patience: Self::SHORTEST_PATIENCE,
            surprises: 0,
            is_timer: false,
        }
    }

    /// The time from one refresh to the next; `None` where the counters are live, and where that is not known.
    pub(crate) fn period(&self) -> Option<Duration> {
        match &self.state {
            State::Acquiring(acquisition, _) => acquisition.known().period(),
            State::Live => None,
            State::Idle(period) => *period,
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
            State::Live | State::Idle(_) | State::Uneven { .. } => None,
        }
    }

    /// The time at which to take a reading that would be due at `point`: a little later where it would otherwise not be
    /// clear which refresh it shows.
    pub(crate) fn better_time(&self, point: Monotonic) -> Monotonic {
        if let State::Even(lattice) = &self.state { lattice.better_time(point) } else { point }
    }

    /// Before when the counters that are shown will be the same; `None` where that can't be told.
    pub(crate) fn next(&self) -> Option<Monotonic> {
        match &self.state {
            State::Even(lattice) => Some(lattice.next()),
            State::Uneven { period, newest, .. } => Some(newest.after(*period / 2)),
            State::Live | State::Idle(_) | State::Acquiring(..) => None,
        }
    }

    /// Takes note of a look.
    pub(crate) fn look(&mut self, look: Look) {
        let before = self.last.replace(look.at);
        let changed = if look.changed() { self.changed.replace(look.at) } else { self.changed };
        let Some(before) = before else { return };
        if look.changed() {
            self.refreshed = Some(before);
        }
        if look.kind == Kind::Reading && look.changed() && changed.is_some_and(|changed| changed < before) {
            self.onsets = self.onsets.saturating_add(1);
        }
        let is_due = look.at.since(self.settled) >= self.patience;
        match &mut self.state {
            State::Acquiring(acquisition, meanwhile) => {
                *meanwhile = acquisition.meanwhile(*meanwhile, look);
                if let Some(acquired) = acquisition.look(before, look) {
                    let known = acquisition.known();
                    self.conclude(acquired, known, look.at);
                }
            }
            State::Live => {
                let is_overdue = look.at.since(self.settled) >= Self::LONGEST_PATIENCE;
                let seems_cached = self.onsets >= Self::MANY_ONSETS;
                if look.changed() && (is_overdue || is_due && seems_cached) {
                    self.acquire(Known::Live);
                }
            }
            State::Idle(period) => {
                let is_frequent = changed.is_some_and(|changed| look.at.since(changed) < Acquisition::LONGEST);
                let known = match *period {
                    Some(period) => self.known_again(period),
                    None if look.octets >= Look::MANY => Known::Nothing,
                    None if is_due || is_frequent => Known::Little,
                    None => return,
                };
                if look.changed() {
                    self.wake(known, before, look);
                }
            }
            State::Even(lattice) => {
                let (period, follows) = (lattice.period(), lattice.follows());
                let outcome = lattice.look(before, look);
                self.is_timer |= lattice.is_of_timer();
                match outcome {
                    Outcome::Consistent if look.changed() && follows => self.lone = 0,
                    Outcome::Consistent => {}
                    Outcome::Surprise => self.be_surprised(look.at),
                    Outcome::Lost if look.changed() => self.wake(self.known_again(period), before, look),
                    Outcome::Lost => self.settle(State::Idle(Some(period)), look.at),
                    Outcome::OnDemand => {
                        self.settle(State::Uneven { period, longest: period * 11 / 10, newest: look.at }, look.at);
                    }
                }
            }
            State::Uneven { period, longest, newest } => {
                let since = look.at.since(*newest);
                let is_quick = look.changed() && since < *period / 2;
                // Where nothing changes the refresh can't be seen, but there will have been one.
                if look.changed() || since > *longest {
                    *newest = look.at;
                }
                if is_due && is_quick {
                    let period = *period;
                    self.acquire(Known::Doubted(period));
                }
            }
        }
    }

    /// A time that counters which were read at the last look or since are no older than, where something was seen to change.
    pub(crate) const fn refreshed(&self) -> Option<Monotonic> {
        self.refreshed
    }

    /// Takes note that the agent was started again before it answered at `at`. It will be as it was, but at other times.
    pub(crate) fn restart(&mut self, at: Monotonic) {
        self.last = Some(at);
        let period = self.period();
        match (&mut self.state, period) {
            (State::Live | State::Idle(None), _) => {}
            (State::Uneven { newest, .. }, _) => *newest = at,
            (_, Some(period)) => self.acquire(Known::Period(period)),
            (_, None) => self.acquire(Known::Nothing),
        }
    }

    /// Takes note that the agent did not answer.
    pub(crate) const fn fall_silent(&mut self) {
        if let State::Even(lattice) = &mut self.state {
            lattice.fall_silent();
        }
    }

    /// Begins to learn how it is refreshed.
    fn acquire(&mut self, known: Known) {
        self.is_timer &= matches!(known, Known::Period(_));
        self.state = State::Acquiring(Acquisition::new(known, self.interval), known.meanwhile());
    }

    /// Begins to learn it from the first change after some time without any.
    fn wake(&mut self, known: Known, before: Monotonic, look: Look) {
        self.acquire(known);
        let State::Acquiring(acquisition, _) = &mut self.state else { return };
        if let Some(acquired) = acquisition.look(before, look) {
            self.conclude(acquired, known, look.at);
        }
    }

    /// What is known of an agent that had that period when there was something to be seen.
    const fn known_again(&self, period: Duration) -> Known {
        if self.lone < Self::MANY_LONE { Known::Period(period) } else { Known::Doubted(period) }
    }

    fn conclude(&mut self, acquired: Acquired, known: Known, now: Monotonic) {
        // Where a close look showed nothing new, the next one is taken later.
        let is_news = !matches!(
            (&acquired, known),
            (Acquired::Live | Acquired::Nothing, Known::Live)
                | (Acquired::Nothing, Known::Little)
                | (Acquired::Uneven(_), Known::Doubted(_))
        );
        self.patience = if is_news { Self::SHORTEST_PATIENCE } else { (self.patience * 2).min(Self::LONGEST_PATIENCE) };
        let state = match acquired {
            Acquired::Nothing if known == Known::Live => State::Live,
            Acquired::Nothing => State::Idle(known.likely_period()),
            Acquired::Live => State::Live,
            Acquired::Uneven(period) => self.uneven(period, now),
            Acquired::Even(lattice) if self.is_timer => State::Even(lattice.of_timer()),
            Acquired::Even(lattice) => State::Even(lattice),
        };
        if matches!(known, Known::Period(_)) {
            // Where the refreshes are was not known before, so that it was no surprise.
            self.surprises = 0;
            self.lone += 1;
        } else {
            self.lone = 0;
        }
        self.settle(state, now);
    }

    fn settle(&mut self, state: State, now: Monotonic) {
        self.state = state;
        self.settled = now;
        self.onsets = 0;
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
            self.acquire(Known::Doubted(period));
        }
    }
}

#[cfg(test)]
mod tests;
