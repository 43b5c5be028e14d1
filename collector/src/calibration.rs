//! Applies what is learned of an agent's refresh to its interfaces: which of them are looked at for it, and as of when their
//! readings are. Asks nobody and reads no clock.

use std::time::Duration;

use stats::{Counter, Monotonic, Reading};

use crate::refresh::{AsOf, Kind, Look, Refresh};
use crate::source::Glance;

/// What is learned of an agent's refresh, from its busiest interfaces.
#[derive(Debug)]
pub(crate) struct Calibration {
    refresh: Refresh,
    /// The indexes of the interfaces that are looked at.
    watched: Vec<u32>,
    /// What their counters were when they were last looked at.
    seen: Option<u64>,
    /// When the next look may be.
    not_before: Monotonic,
    /// What was last said of the period.
    told: Option<Duration>,
}

/// An interface's counters, and by how much they had advanced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) index: u32,
    pub(crate) reading: &'a Reading,
    pub(crate) advanced: u64,
}

impl Calibration {
    /// How many interfaces are looked at: so many that some of them are busy, and so few that they fit into any answer.
    const MOST: usize = 4;
    /// An agent that does not answer is not pressed.
    const PAUSE: Duration = Duration::from_secs(2);

    /// Nothing is known of an agent that is read once in that interval.
    pub(crate) fn new(interval: Duration) -> Self {
        Self {
            refresh: Refresh::new(interval),
            watched: Vec::new(),
            seen: None,
            not_before: Monotonic::new(Duration::ZERO),
            told: None,
        }
    }

    /// Takes note that the agent was started again before this reading of all interfaces.
    pub(crate) fn restart<'a>(&mut self, candidates: impl Iterator<Item = Candidate<'a>>) {
        if let Some((at, octets)) = self.sum(candidates) {
            self.seen = Some(octets);
            self.refresh.restart(at);
        }
    }

    /// Takes note of a reading of all interfaces.
    pub(crate) fn read<'a>(&mut self, candidates: impl Iterator<Item = Candidate<'a>> + Clone) {
        let sum = self.sum(candidates.clone());
        let is_busy = sum.is_some_and(|(at, octets)| self.look(at, octets, Kind::Reading));
        // Where others are busy and these are not, the others tell more.
        if self.watched.is_empty() || !is_busy && candidates.clone().any(|candidate| candidate.advanced > 0) {
            self.choose(candidates);
        }
    }

    /// Takes note of a look at the counters of the interfaces that are looked at, which may have come to nothing.
    pub(crate) fn glanced(&mut self, glance: Option<Glance>, now: Monotonic) {
        match glance {
            Some(Glance { at, octets }) => drop(self.look(at, octets, Kind::Glance)),
            None => self.not_before = now.after(Self::PAUSE),
        }
    }

    /// When to look next, and at which interfaces.
    pub(crate) fn next_glance(&self) -> Option<(Monotonic, &[u32])> {
        let at = self.refresh.next_glance().filter(|_| !self.watched.is_empty())?;
        Some((at.max(self.not_before), &self.watched))
    }

    /// See [`Refresh::better_time`].
    pub(crate) fn better_time(&self, point: Monotonic) -> Monotonic {
        self.refresh.better_time(point)
    }

    /// See [`Refresh::next`].
    pub(crate) fn next(&self) -> Option<Monotonic> {
        self.refresh.next()
    }

    /// See [`Refresh::as_of`].
    pub(crate) fn as_of(&self, at: Monotonic, changed: bool) -> AsOf {
        self.refresh.as_of(at, changed)
    }

    /// See [`Refresh::earliest`].
    pub(crate) fn earliest(&self, at: Monotonic) -> Option<Monotonic> {
        self.refresh.earliest(at)
    }

    /// See [`Refresh::doubt`].
    pub(crate) fn doubt(&self, stood: Duration) -> Duration {
        self.refresh.doubt(stood)
    }

    /// See [`Refresh::refreshed`].
    pub(crate) const fn refreshed(&self) -> Option<Monotonic> {
        self.refresh.refreshed()
    }

    /// See [`Refresh::was_as_of`].
    pub(crate) fn was_as_of(&self, at: Monotonic) -> Monotonic {
        self.refresh.was_as_of(at)
    }

    /// Takes note that the agent did not answer at `at`, and tells up to when nothing can be known any more: the refresh before the last one may
    /// have been missed. The last one is still to be had.
    pub(crate) fn fall_silent(&mut self, at: Monotonic) -> Monotonic {
        self.refresh.fall_silent();
        self.not_before = at.after(Self::PAUSE);
        let Some(period) = self.refresh.period() else { return at };
        Monotonic::new(self.refresh.was_as_of(at).since_zero().saturating_sub(period))
    }

    /// How often the agent refreshes its counters; `None` where they are live, and where that is not known.
    pub(crate) fn period(&self) -> Option<Duration> {
        self.refresh.period()
    }

    /// What there is to say of the period that is news.
    pub(crate) fn news(&mut self) -> Option<String> {
        let period = self.refresh.period();
        let is_other = match (self.told, period) {
            (Some(told), Some(period)) => told.abs_diff(period) > told / 10,
            (told, period) => told.is_some() != period.is_some() && !self.refresh.is_acquiring(),
        };
        if !is_other {
            return None;
        }
        self.told = period;
        Some(match period {
            Some(period) => {
                format!("counters refresh every {:.1} s: samples are of whole refreshes", period.as_secs_f64())
            }
            None => "counters are live".to_owned(),
        })
    }

    /// The octets of the interfaces that are looked at, and when they were read.
    fn sum<'a>(&self, candidates: impl Iterator<Item = Candidate<'a>>) -> Option<(Monotonic, u64)> {
        let watched = candidates.filter(|candidate| self.watched.contains(&candidate.index));
        watched.fold(None, |sum, Candidate { reading, .. }| {
            let (at, octets_before) = sum.unwrap_or((reading.at, 0_u64));
            Some((at.max(reading.at), octets_before.wrapping_add(octets(reading))))
        })
    }

    /// Tells whether something had changed.
    fn look(&mut self, at: Monotonic, octets: u64, kind: Kind) -> bool {
        let before = self.seen.replace(octets).unwrap_or(octets);
        // What falls has changed as well, if not by an amount.
        let octets = octets.checked_sub(before).unwrap_or(1);
        self.refresh.look(Look { at, octets, kind });
        octets > 0
    }

    /// Chooses the interfaces that most passes through, or has.
    fn choose<'a>(&mut self, candidates: impl Iterator<Item = Candidate<'a>>) {
        let mut busiest: Vec<(u64, u64, u32, Monotonic)> = Vec::with_capacity(Self::MOST + 1);
        for Candidate { index, reading, advanced } in candidates {
            let rank = (advanced, octets(reading), index, reading.at);
            let place = busiest.partition_point(|other| *other > rank);
            if place < Self::MOST {
                busiest.insert(place, rank);
                busiest.truncate(Self::MOST);
            }
        }
        let watched: Vec<u32> = busiest.iter().map(|(_, _, index, _)| *index).collect();
        if watched != self.watched {
            self.watched = watched;
            self.seen = Some(busiest.iter().fold(0, |sum, (_, octets, ..)| sum.wrapping_add(*octets)));
            if let Some(at) = busiest.iter().map(|(.., at)| *at).max() {
                self.refresh.look(Look { at, octets: 0, kind: Kind::Glance });
            }
        }
    }
}

/// The octets of both directions.
pub(crate) fn octets(reading: &Reading) -> u64 {
    let of = |counter| reading.get(counter).map_or(0, |(value, _)| value);
    of(Counter::InOctets).wrapping_add(of(Counter::OutOctets))
}
