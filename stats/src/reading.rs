//! All counters of one interface at one time. Knows nothing of how they are read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::counter::{Amounts, Counter, Quantity, Width};
use crate::time::Monotonic;

/// All counters of one interface at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When the counters were read, by the collector's monotonic clock.
    pub at: Monotonic,
    /// How long the agent says that it had been up then, where it says so; in the same reply as the counters.
    pub uptime: Option<Uptime>,
    /// The uptime that the agent says it had when the counters last lost their continuity (`ifCounterDiscontinuityTime` of
    /// RFC 2863), where it says so; in the same reply as the counters.
    #[serde(default)]
    pub discontinuity: Option<Uptime>,
    /// The number that the counters were read under (`ifIndex`), where they have one.
    #[serde(default)]
    pub index: Option<u32>,
    values: [Option<(u64, Width)>; Counter::ALL.len()],
}

impl Reading {
    /// A reading without counters yet.
    #[must_use]
    pub const fn new(at: Monotonic, uptime: Option<Uptime>) -> Self {
        Self { at, uptime, discontinuity: None, index: None, values: [None; Counter::ALL.len()] }
    }

    /// The counter's value and width, where the source has it.
    #[must_use]
    pub const fn get(&self, counter: Counter) -> Option<(u64, Width)> {
        self.values[counter as usize]
    }

    /// Puts a counter's value in. A 32-bit value is cut to 32 bits.
    pub const fn set(&mut self, counter: Counter, value: u64, width: Width) {
        let value = match width {
            Width::Bits32 => value & 0xffff_ffff,
            Width::Bits64 => value,
        };
        self.values[counter as usize] = Some((value, width));
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
        self.values == other.values
    }

    /// Whether there is any counter at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
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
