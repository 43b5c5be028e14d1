//! A value that advances with time. Computed when it is asked for, so that nothing has to be kept up to date.

use std::borrow::Cow;
use std::time::Duration;

use crate::value::Value;

/// A value, and how it advances.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// What it was at `since`.
    pub(crate) value: Value,
    /// How much is added to it each second from then on.
    pub(crate) rate: u64,
    pub(crate) since: Duration,
}

impl Cell {
    /// What it is at a time of the device.
    pub(crate) fn at(&self, time: Duration) -> Cow<'_, Value> {
        if self.rate == 0 {
            return Cow::Borrowed(&self.value);
        }
        let elapsed = time.saturating_sub(self.since);
        let advanced = self.rate.wrapping_mul(elapsed.as_secs())
            + self.rate.wrapping_mul(u64::from(elapsed.subsec_micros())) / 1_000_000;
        Cow::Owned(self.value.advanced(advanced))
    }

    /// From that time on it is `value` and advances at `rate`.
    pub(crate) fn set(&mut self, time: Duration, value: Value, rate: u64) {
        *self = Self { value, rate, since: time };
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, rate: 0, since: Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_advances_with_time_and_wraps() {
        let mut cell = Cell::from(Value::Counter32(u32::MAX));
        cell.set(Duration::from_secs(10), Value::Counter32(u32::MAX), 3);
        assert_eq!(*cell.at(Duration::from_secs(10)), Value::Counter32(u32::MAX));
        assert_eq!(*cell.at(Duration::from_millis(11_500)), Value::Counter32(3));
    }
}
