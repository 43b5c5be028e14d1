//! All counters of one interface at one time. Knows nothing of how they are read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::counter::{Amounts, Counter, Quantity, Width};
use crate::time::{Moment, Monotonic};

/// All counters of one interface at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Reading {
    /// When the counters were read, by the collector's monotonic clock.
    pub at: Monotonic,
    /// How long the agent says that it had been up then, where it says so; in the same reply as the counters.
    pub uptime: Option<Uptime>,
    /// The uptime that the agent says it had when the counters last lost their continuity (`ifCounterDiscontinuityTime` of
    /// RFC 2863), where it says so; in the same reply as the counters.
    pub discontinuity: Option<Uptime>,
    /// The number that the counters were read under (`ifIndex`), where they have one.
    pub index: Option<u32>,
    // Two bits and a word a counter, rather than twelve `Option<(u64, Width)>`: each interface that is followed has one of
    // these. What is not there is 0 and wide.
    there: u16,
    narrow: u16,
    values: [u64; Counter::ALL.len()],
}

impl Reading {
    /// A reading without counters yet.
    #[must_use]
    pub const fn new(at: Monotonic, uptime: Option<Uptime>) -> Self {
        Self { at, uptime, discontinuity: None, index: None, there: 0, narrow: 0, values: [0; Counter::ALL.len()] }
    }

    /// The counter's value and width, where the source has it.
    #[must_use]
    pub const fn get(&self, counter: Counter) -> Option<(u64, Width)> {
        let bit = 1 << counter as u16;
        let width = if self.narrow & bit == 0 { Width::Bits64 } else { Width::Bits32 };
        if self.there & bit == 0 { None } else { Some((self.values[counter as usize], width)) }
    }

    /// Puts a counter's value in. A 32-bit value is cut to 32 bits.
    pub const fn set(&mut self, counter: Counter, value: u64, width: Width) {
        let bit = 1 << counter as u16;
        self.there |= bit;
        self.values[counter as usize] = match width {
            Width::Bits32 => {
                self.narrow |= bit;
                value & 0xffff_ffff
            }
            Width::Bits64 => {
                self.narrow &= !bit;
                value
            }
        };
    }

    /// The same with a 64-bit counter set; for building one.
    #[must_use]
    pub const fn with(mut self, counter: Counter, value: u64) -> Self {
        self.set(counter, value, Width::Bits64);
        self
    }

    /// Whether all counters are the same.
    #[must_use]
    pub fn counts_as(&self, other: &Self) -> bool {
        (self.there, self.narrow, self.values) == (other.there, other.narrow, other.values)
    }

    /// Whether octets are counted in 32 bits, which wrap.
    #[must_use]
    pub fn wraps(&self) -> bool {
        let is_narrow = |counter| self.get(counter).is_some_and(|(_, width)| width == Width::Bits32);
        is_narrow(Counter::InOctets) || is_narrow(Counter::OutOctets)
    }

    /// Whether there is any counter at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.there == 0
    }

    /// The counters' own values, added up by quantity.
    #[must_use]
    pub fn totals(&self) -> Amounts {
        let mut totals = Amounts::UNKNOWN;
        for quantity in Quantity::ALL {
            totals.set(quantity, add_up(quantity, |counter| self.get(counter).map(|(value, _)| value)));
        }
        totals
    }
}

/// A [`Reading`] in few octets: without room for what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptReading {
    at: Moment,
    uptime: u32,
    discontinuity: u32,
    index: u32,
    /// A bit for each counter that is there, and for each of the three above.
    there: u16,
    narrow: u16,
    /// Of the counters that are there.
    values: Box<[u64]>,
}

impl KeptReading {
    const UPTIME: u16 = 1 << Counter::ALL.len();
    const DISCONTINUITY: u16 = Self::UPTIME << 1;
    const INDEX: u16 = Self::UPTIME << 2;

    /// Keeps a reading.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let mut kept = Self {
            at: reading.at.into(),
            uptime: 0,
            discontinuity: 0,
            index: 0,
            there: 0,
            narrow: 0,
            values: Box::default(),
        };
        kept.keep(reading);
        kept
    }

    /// Keeps another reading in place of this one.
    pub fn keep(&mut self, reading: &Reading) {
        let Reading { at, uptime, discontinuity, index, there, narrow, ref values } = *reading;
        let ticks = |uptime: Option<Uptime>| uptime.map_or(0, Uptime::ticks);
        let bit = |is_there: bool, bit: u16| if is_there { bit } else { 0 };
        self.at = at.into();
        (self.uptime, self.discontinuity, self.index) = (ticks(uptime), ticks(discontinuity), index.unwrap_or(0));
        self.there = there
            | bit(uptime.is_some(), Self::UPTIME)
            | bit(discontinuity.is_some(), Self::DISCONTINUITY)
            | bit(index.is_some(), Self::INDEX);
        self.narrow = narrow;
        let values = values.iter().enumerate().filter(|(at, _)| there & 1 << at != 0).map(|(_, value)| *value);
        if self.values.len() == there.count_ones() as usize {
            self.values.iter_mut().zip(values).for_each(|(kept, value)| *kept = value);
        } else {
            self.values = values.collect();
        }
    }

    /// See [`Reading::wraps`].
    #[must_use]
    pub const fn wraps(&self) -> bool {
        const OCTETS: u16 = 1 << Counter::InOctets as u16 | 1 << Counter::OutOctets as u16;

        self.narrow & OCTETS != 0
    }

    /// The reading.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let option = |number: u32, bit: u16| (self.there & bit != 0).then_some(number);
        let mut reading = Reading {
            at: self.at.into(),
            uptime: option(self.uptime, Self::UPTIME).map(Uptime),
            discontinuity: option(self.discontinuity, Self::DISCONTINUITY).map(Uptime),
            index: option(self.index, Self::INDEX),
            there: self.there & (Self::UPTIME - 1),
            narrow: self.narrow,
            values: [0; Counter::ALL.len()],
        };
        let there = reading.there;
        let places = reading.values.iter_mut().enumerate().filter(|(at, _)| there & 1 << at != 0);
        places.zip(&self.values).for_each(|((_, place), value)| *place = *value);
        reading
    }
}

/// A reading as the state of `once` has it.
#[derive(Serialize, Deserialize)]
struct Stored {
    at: Monotonic,
    uptime: Option<Uptime>,
    #[serde(default)]
    discontinuity: Option<Uptime>,
    #[serde(default)]
    index: Option<u32>,
    values: [Option<(u64, Width)>; Counter::ALL.len()],
}

impl From<Stored> for Reading {
    fn from(stored: Stored) -> Self {
        let Stored { at, uptime, discontinuity, index, values } = stored;
        let mut reading = Self { discontinuity, index, ..Self::new(at, uptime) };
        for (counter, value) in Counter::ALL.into_iter().zip(values) {
            if let Some((value, width)) = value {
                reading.set(counter, value, width);
            }
        }
        reading
    }
}

impl From<Reading> for Stored {
    fn from(reading: Reading) -> Self {
        let Reading { at, uptime, discontinuity, index, .. } = reading;
        Self { at, uptime, discontinuity, index, values: Counter::ALL.map(|counter| reading.get(counter)) }
    }
}

/// `sysUpTime` (RFC 3418): hundredths of a second since the agent started, in 32 bits, which last for 497 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uptime(u32);

impl Uptime {
    /// As `TimeTicks` has it.
    #[must_use]
    pub const fn from_ticks(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// Hundredths of a second.
    #[must_use]
    pub const fn ticks(self) -> u32 {
        self.0
    }

    /// As a duration.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0 as u64 * 10)
    }
}

/// The sum over the counters of a quantity; `None` where an essential one is missing.
pub(crate) fn add_up(quantity: Quantity, mut amount: impl FnMut(Counter) -> Option<u64>) -> Option<u64> {
    let mut parts = Counter::ALL.into_iter().filter(|counter| counter.quantity() == quantity);
    parts.try_fold(0_u64, |sum, counter| match amount(counter) {
        Some(amount) => sum.checked_add(amount),
        None if counter.is_essential() => None,
        None => Some(sum),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_stored_and_comes_back_whole() {
        let mut reading = Reading::new(Monotonic::new(Duration::from_millis(1_500)), Some(Uptime::from_ticks(7)));
        reading.index = Some(3);
        reading.set(Counter::InOctets, u64::MAX, Width::Bits32);
        reading.set(Counter::OutDiscards, u64::MAX, Width::Bits64);
        let stored = serde_json::to_string(&reading).unwrap();
        assert!(stored.contains("\"values\":[[4294967295,\"32\"],null,"), "{stored}");
        assert_eq!(serde_json::from_str::<Reading>(&stored).unwrap(), reading);
    }

    #[test]
    fn a_reading_that_is_kept_comes_back_whole_and_takes_few_octets() {
        let mut reading = Reading::new(Monotonic::new(Duration::new(7, 999_999_999)), None);
        let mut kept = KeptReading::of(&reading);
        assert_eq!(kept.reading(), reading);
        (reading.uptime, reading.index) = (Some(Uptime::from_ticks(u32::MAX)), Some(0));
        for counter in [Counter::OutDiscards, Counter::InOctets, Counter::InErrors, Counter::OutOctets] {
            reading.set(counter, u64::MAX, if counter == Counter::InErrors { Width::Bits32 } else { Width::Bits64 });
            kept.keep(&reading);
            assert_eq!(kept.reading(), reading);
            assert_eq!(KeptReading::of(&reading), kept);
            assert_eq!(kept.wraps(), reading.wraps());
        }
        assert!(size_of::<KeptReading>() + size_of_val(&*kept.values) <= 72);
        (reading.uptime, reading.discontinuity) = (None, Some(Uptime::from_ticks(3)));
        kept.keep(&reading);
        assert_eq!(kept.reading(), reading);
    }

    #[test]
    fn a_counter_that_becomes_wide_is_wide() {
        let mut reading = Reading::new(Monotonic::default(), None);
        reading.set(Counter::InErrors, 3, Width::Bits32);
        assert_eq!(reading.get(Counter::InErrors), Some((3, Width::Bits32)));
        reading.set(Counter::InErrors, 3, Width::Bits64);
        assert_eq!(reading.get(Counter::InErrors), Some((3, Width::Bits64)));
        assert_eq!(reading.get(Counter::OutErrors), None);
    }
}
