//! A device: what it has, how that advances, and how it behaves. Sends nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::cell::Cell;
use crate::clock::Clock;
use crate::counters::{Count, Of};
use crate::fault::{Fault, Faults, When};
use crate::glitch::{Effect, Glitch, Until};
use crate::mib::{Column, Found, Mib};
use crate::refresh::{Cache, Refresh};
use crate::value::Value;

const SYS_UP_TIME: &[u32] = &[1, 3, 6, 1, 2, 1, 1, 3, 0];
const TICKS_A_SECOND: u64 = 100;
const IF_COUNTER_DISCONTINUITY_TIME: Column = Column::new(1, 19);

/// A device, as it is served.
#[derive(Debug)]
pub struct Device {
    /// The community that it answers to.
    pub community: Vec<u8>,
    /// The versions of the protocol that it speaks.
    pub versions: Versions,
    /// The largest answer that it sends, in octets.
    pub largest_answer: usize,
    /// How many requests it has answered.
    pub answered: usize,
    /// How many values the last answer held.
    pub last_size: usize,
    pub(crate) mib: Mib,
    pub(crate) faults: Faults,
    clock: Clock,
    cache: Cache,
    glitches: Vec<Glitch>,
    /// What was said of a count, by the interface, where somebody wants to know.
    said: Option<(Count, BTreeMap<u32, Vec<u64>>)>,
}

/// The versions of the protocol that a device speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// v1 and v2c.
    #[default]
    Both,
    /// v1 alone.
    V1,
    /// v2c alone.
    V2c,
}

impl Versions {
    /// Whether it understands messages with this number.
    pub(crate) const fn contain(self, version: u8) -> bool {
        matches!((self, version), (Self::Both, 0 | 1) | (Self::V1, 0) | (Self::V2c, 1))
    }
}

impl Device {
    /// A device whose time goes on: its uptime advances, and its counters as soon as they are given rates.
    #[must_use]
    pub fn new(mib: impl Into<Mib>) -> Self {
        Self::with_clock(mib.into(), Clock::real())
    }

    /// A device whose time stands still but for [`Device::pass`].
    #[must_use]
    pub fn frozen(mib: impl Into<Mib>) -> Self {
        Self::with_clock(mib.into(), Clock::Manual(Duration::ZERO))
    }

    fn with_clock(mut mib: Mib, clock: Clock) -> Self {
        let now = clock.now();
        if let Some(uptime) = mib.get_mut(SYS_UP_TIME) {
            uptime.set(now, uptime.value.clone(), TICKS_A_SECOND);
        }
        Self {
            community: b"public".to_vec(),
            versions: Versions::default(),
            largest_answer: 65_507,
            answered: 0,
            last_size: 0,
            mib,
            faults: Faults::default(),
            clock,
            cache: Cache::new(Refresh::Live, now),
            glitches: Vec::new(),
            said: None,
        }
    }

    /// How long it has been there.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Lets some of a frozen device's time pass.
    pub fn pass(&mut self, time: Duration) {
        if let Clock::Manual(now) = &mut self.clock {
            *now += time;
        }
    }

    /// From now on this is wrong with it, each time.
    pub fn misbehave(&mut self, fault: Fault) {
        self.misbehave_when(When::Always, fault);
    }

    /// From now on this is wrong with it at these times.
    pub fn misbehave_when(&mut self, when: When, fault: Fault) {
        self.faults.add(when, fault);
    }

    /// Nothing is wrong with it any more.
    pub fn behave(&mut self) {
        self.faults.clear();
    }

    /// How often something of what is wrong with it at present has shown.
    #[must_use]
    pub const fn faults_shown(&self) -> u64 {
        self.faults.shown()
    }

    /// Looks at its counters in another way from now on.
    pub fn refresh(&mut self, refresh: Refresh) {
        self.cache.change(refresh, self.clock.now());
    }

    /// How often it has looked at its counters, as far as somebody asked for them.
    pub fn refreshes(&mut self) -> u64 {
        self.cache.time(self.clock.now());
        self.cache.count()
    }

    /// Lets counters advance by so much a second. What they were at stays.
    pub fn set_rate(&mut self, of: Of, count: Count, rate: u64) {
        self.change_counters(of, count, |value| (value.clone(), Some(rate)));
    }

    /// Puts counters to a value, those of 32 bits to what they hold of it. They go on from there.
    pub fn set_counter(&mut self, of: Of, count: Count, at: u64) {
        self.change_counters(of, count, |value| (value.counter_at(at), None));
    }

    /// Adds to counters, at once.
    pub fn add(&mut self, of: Of, count: Count, amount: u64) {
        self.change_counters(of, count, |value| (value.advanced(amount), None));
    }

    /// What an interface's counter is known to be at, by the wider of its columns; nobody is told.
    pub fn counter(&mut self, index: u32, count: Count) -> Option<u64> {
        let time = self.cache.time(self.clock.now());
        count.columns().iter().rev().find_map(|column| self.mib.row(*column, index)?.at(time).counter())
    }

    /// Lets counters say something else than what they are at, for a while.
    pub fn glitch(&mut self, of: Of, count: Count, effect: Effect, until: Until) {
        let refreshes = self.refreshes();
        self.glitches.push(Glitch::new(of, count, effect, until, refreshes));
    }

    /// Keeps what it says of this from now on.
    pub fn remember(&mut self, count: Count) {
        self.said = Some((count, BTreeMap::new()));
    }

    /// What it said of an interface since it remembers, in answers that were sent or lost.
    #[must_use]
    pub fn said(&self, index: u32) -> &[u64] {
        self.said.as_ref().and_then(|(_, said)| said.get(&index)).map_or(&[], Vec::as_slice)
    }

    /// Puts an instance to a value, or makes it; it goes on from there if it advanced before.
    pub fn set(&mut self, name: &[u32], value: Value) {
        let time = self.clock.now();
        match self.mib.get_mut(name) {
            Some(cell) => cell.set(time, value, cell.rate),
            None => self.mib.insert(name, value.into()),
        }
    }

    /// Removes an instance.
    pub fn unset(&mut self, name: &[u32]) {
        self.mib.remove(name);
    }

    /// Removes all of an interface.
    pub fn unplug(&mut self, index: u32) {
        self.mib.remove_interface(index);
    }

    /// Gives interfaces other indexes. Everything else of theirs stays.
    pub fn renumber(&mut self, renumbered: impl Fn(u32) -> u32) {
        self.mib.renumber(renumbered);
    }

    /// The indexes of its interfaces.
    #[must_use]
    pub fn indexes(&self) -> Vec<u32> {
        self.mib.indexes().into_iter().collect()
    }

    /// Starts it anew: its uptime and all counters begin at 0, and advance as before.
    pub fn restart(&mut self) {
        let now = self.clock.now();
        if let Some(uptime) = self.mib.get_mut(SYS_UP_TIME) {
            uptime.set(now, Value::TimeTicks(0), TICKS_A_SECOND);
        }
        self.cache = Cache::new(self.cache.refresh(), now);
        self.clear_rows(Of::All, now);
    }

    /// Clears the counters of interfaces, and says so in `ifCounterDiscontinuityTime` where there is one.
    pub fn clear_counters(&mut self, of: Of) {
        let now = self.clock.now();
        let uptime = self.mib.get(SYS_UP_TIME).map(|found| found.cell.at(now).into_owned());
        self.cache = Cache::new(self.cache.refresh(), now);
        self.clear_rows(of, now);
        let Some(uptime) = uptime else { return };
        let rows = self.mib.rows_mut(IF_COUNTER_DISCONTINUITY_TIME).filter(|(index, _)| of.contains(*index));
        rows.for_each(|(_, cell)| cell.set(now, uptime.clone(), 0));
    }

    /// Finds an instance by a function of what there is, and gives what it says now.
    pub(crate) fn look<'a>(
        &'a mut self,
        find: impl FnOnce(&'a Mib) -> Option<Found<'a>>,
        now: Duration,
    ) -> Option<Cow<'a, Value>> {
        let Found { cell, place } = find(&self.mib)?;
        let Some(place) = place else { return Some(cell.at(now)) };
        let mut value = cell.at(self.cache.time(now));
        if !self.glitches.is_empty() {
            let refreshes = self.cache.count();
            self.glitches.retain(|glitch| !glitch.is_over(refreshes));
            let glitch = self.glitches.iter_mut().find_map(|glitch| glitch.apply(place, &value));
            value = glitch.map_or(value, Cow::Owned);
        }
        if let Some((count, said)) = &mut self.said
            && let Some(counter) = value.counter().filter(|_| count.columns().contains(&place.0))
        {
            said.entry(place.1).or_default().push(counter);
        }
        Some(value)
    }

    fn change_counters(&mut self, of: Of, count: Count, change: impl Fn(&Value) -> (Value, Option<u64>)) {
        // From the time that is known of on: otherwise what is known would change between two refreshes.
        let time = self.cache.time(self.clock.now());
        for column in count.columns() {
            for (_, cell) in self.mib.rows_mut(*column).filter(|(index, _)| of.contains(*index)) {
                let (value, rate) = change(&cell.at(time));
                cell.set(time, value, rate.unwrap_or(cell.rate));
            }
        }
    }

    fn clear_rows(&mut self, of: Of, now: Duration) {
        let counters = self.mib.all_rows_mut().filter(|(index, cell)| of.contains(*index) && is_counter(cell));
        counters.for_each(|(_, cell)| cell.set(now, cell.value.counter_at(0), cell.rate));
    }
}

fn is_counter(cell: &Cell) -> bool {
    cell.value.counter().is_some()
}
