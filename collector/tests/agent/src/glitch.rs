//! Counters that say something else than what they have counted, for a while.

use crate::counters::{Count, Of};
use crate::mib::Column;
use crate::value::Value;

/// What a counter says instead of what it is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// That it is at 0.
    Zero,
    /// More than it is at.
    Ahead(u64),
    /// Less than it is at.
    Behind(u64),
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until its value was sent so many times.
    Readings(u32),
    /// Until the agent looked at its counters so many times (see [`Refresh`](crate::Refresh)).
    Refreshes(u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Glitch {
    of: Of,
    count: Count,
    effect: Effect,
    readings: Option<u32>,
    /// Up to which refresh.
    refresh: Option<u64>,
}

impl Glitch {
    /// Begins when so many refreshes were seen.
    pub(crate) const fn new(of: Of, count: Count, effect: Effect, until: Until, refreshes: u64) -> Self {
        let (readings, refresh) = match until {
            Until::Readings(readings) => (Some(readings), None),
            Until::Refreshes(number) => (None, Some(refreshes + number)),
        };
        Self { of, count, effect, readings, refresh }
    }

    pub(crate) fn is_over(&self, refreshes: u64) -> bool {
        self.readings == Some(0) || self.refresh.is_some_and(|until| refreshes >= until)
    }

    /// What is said of a cell, where this is about it.
    pub(crate) fn apply(&mut self, (column, index): (Column, u32), value: &Value) -> Option<Value> {
        let is_it = self.of.contains(index) && self.count.columns().contains(&column);
        let at = value.counter().filter(|_| is_it)?;
        self.readings = self.readings.map(|left| left.saturating_sub(1));
        Some(value.counter_at(match self.effect {
            Effect::Zero => 0,
            Effect::Ahead(amount) => at.wrapping_add(amount),
            Effect::Behind(amount) => at.saturating_sub(amount),
        }))
    }
}
