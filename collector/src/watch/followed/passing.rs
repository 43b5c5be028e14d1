//! What can have passed between two readings of one interface, by what is known of their age.

use std::time::Duration;

use stats::{Amounts, Monotonic, Passage, Quantity, Reading, Refusal, micros, passed};

use super::Followed;
use crate::calibration::Calibration;
use crate::refresh::OLDEST;

/// A reading, and as of when its counters are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) reading: Reading,
    pub(super) as_of: Monotonic,
    /// How much older they may be.
    pub(super) doubt: Duration,
    /// Whether that was not known, so that they were taken for those of the time at which they were read.
    pub(super) is_guess: bool,
}

/// A reading that can't be right if the one that samples tell of is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) dated: Dated,
    /// How many in a row, up to this one, each say that more passed than the link carries.
    pub(super) too_fast: u8,
}

/// A reading that waits to be told of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) reading: Reading,
    /// When counters were last read that were otherwise.
    pub(super) differed: Monotonic,
    /// What passed up to it since the last reading that samples tell of.
    pub(super) passed: Amounts,
}

impl Followed {
    /// Whether a sample up to `as_of` would tell of too high a rate, since the last reading turns out to be older than was
    /// told. The later it ends, the less does that matter.
    pub(super) fn is_too_soon(&self, last: &Reading, as_of: Monotonic, calibration: Option<&Calibration>) -> bool {
        let earliest = calibration.filter(|_| self.is_guess).and_then(|calibration| calibration.earliest(last.at));
        earliest.is_some_and(|earliest| as_of.since(self.as_of()) < as_of.since(earliest) * 4 / 5)
    }

    /// What passed since the last reading that samples tell of.
    pub(super) fn passed_since(&self, last: &Reading, newest: &Dated) -> Result<Amounts, Refusal> {
        let reading = &newest.reading;
        if let Some(waiting) = self.waiting() {
            let passage = self.step(&waiting.reading, reading, waiting.differed);
            if let Ok(passed) = self.passed(&waiting.reading, reading, passage) {
                return Ok(waiting.passed.and(&passed));
            }
        }
        self.passed(
            last,
            reading,
            self.passage(newest.as_of.since(self.as_of()), Duration::from_micros(self.doubt.into()).max(newest.doubt)),
        )
    }

    pub(super) fn passed(&self, earlier: &Reading, later: &Reading, passage: Passage) -> Result<Amounts, Refusal> {
        match passed(earlier, later, passage) {
            // Without a speed, what was seen tells what can be.
            Err(Refusal::Fell) if later.wraps() => {
                passed(earlier, later, Passage { busiest: self.busiest(), ..passage })
            }
            outcome => outcome,
        }
    }

    /// What passes between two readings of which it is not known how old they are. When the counters were last otherwise
    /// than in the earlier one, they had not yet been refreshed as they are there.
    pub(super) fn step(&self, earlier: &Reading, later: &Reading, differed: Monotonic) -> Passage {
        /// Most caches are younger.
        const OLD: Duration = Duration::from_secs(12);

        let (elapsed, known) = (later.at.since(earlier.at), later.at.since(differed));
        Passage { took: known.min(elapsed + OLD), ..self.passage(known.min(elapsed + OLDEST), Duration::ZERO) }
    }

    /// What passes in a time that is known so well.
    pub(super) fn passage(&self, took: Duration, doubt: Duration) -> Passage {
        let speed = self.interface.speed().filter(|_| !self.is_speed_wrong);
        Passage { took, at_most: Passage::at_most(took) + doubt, speed, busiest: Some(0) }
    }

    /// The most octets a second that a sample tells of.
    fn busiest(&self) -> Option<u64> {
        let samples = self.history.last(usize::MAX).map(|entry| entry.sample).filter(|sample| sample.gap.is_none());
        let rates = samples.filter_map(|sample| {
            let octets = [Quantity::InOctets, Quantity::OutOctets].map(|quantity| sample.passed.get(quantity));
            octets.into_iter().flatten().max()?.saturating_mul(1_000_000).checked_div(micros(sample.duration))
        });
        rates.max()
    }
}

/// How much older counters may be than is told, that did not change for as long as `stood`.
pub(super) fn doubt(calibration: Option<&Calibration>, stood: Duration) -> Duration {
    /// There are drivers that refresh them each second.
    const LIVE: Duration = Duration::from_secs(1);

    calibration.map_or(stood.min(LIVE), |calibration| calibration.doubt(stood))
}
