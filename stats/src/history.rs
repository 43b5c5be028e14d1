//! The last samples of an interface, numbered. Bounded: it grows with what is kept, not with time.

use std::collections::VecDeque;
use std::time::Duration;

use crate::sample::Sample;

/// A sample and its sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Counts up by one from sample to sample.
    pub sequence: u64,
    /// The sample.
    pub sample: &'a Sample,
}

/// The last samples of an interface, oldest first, each with a sequence number.
#[derive(Clone, Debug)]
pub struct History {
    keep: Duration,
    first: u64,
    samples: VecDeque<Sample>,
}

impl History {
    /// However long the interval, so many samples are kept: enough to draw a graph of.
    const AT_LEAST: usize = 120;
    /// However short the interval, no more samples are kept.
    const AT_MOST: usize = 6_000;

    /// An empty history that keeps samples for as long as `keep`, and a few more than that.
    #[must_use]
    pub const fn new(keep: Duration) -> Self {
        Self { keep, first: 0, samples: VecDeque::new() }
    }

    /// An empty history whose first sample will be number `first`.
    #[must_use]
    pub const fn beginning_at(first: u64, keep: Duration) -> Self {
        Self { keep, first, samples: VecDeque::new() }
    }

    /// Adds a sample, and forgets those that ended more than the time to keep before this one.
    pub fn push(&mut self, sample: Sample) {
        let oldest = sample.end.before(self.keep);
        self.samples.push_back(sample);
        while self.samples.len() > Self::AT_LEAST
            && (self.samples.len() > Self::AT_MOST || self.samples.front().is_some_and(|first| first.end <= oldest))
        {
            self.samples.pop_front();
            self.first += 1;
        }
    }

    /// The newest sample.
    #[must_use]
    pub fn newest(&self) -> Option<&Sample> {
        self.samples.back()
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The sequence number that the next sample will have.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.first + self.samples.len() as u64
    }

    /// The last `count` samples, oldest first; all where there are fewer.
    #[must_use]
    pub fn last(&self, count: usize) -> impl ExactSizeIterator<Item = Entry<'_>> + Clone {
        let skipped = self.samples.len().saturating_sub(count);
        let first = self.first + skipped as u64;
        let samples = self.samples.range(skipped..);
        samples.enumerate().map(move |(offset, sample)| Entry { sequence: first + offset as u64, sample })
    }

    /// Puts every sample `by` later or earlier: the wall clock that labels them was wrong.
    pub fn relabel(&mut self, shift: impl Fn(crate::Timestamp) -> crate::Timestamp) {
        for sample in &mut self.samples {
            sample.end = shift(sample.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counter::Amounts;
    use crate::time::Timestamp;

    fn filled(interval: Duration, count: u32) -> History {
        let mut history = History::new(Duration::from_mins(10));
        for number in 1..=count {
            let end = Timestamp::from_micros(0).after(interval * number);
            history.push(Sample { end, duration: interval, gap: None, passed: Amounts::UNKNOWN });
        }
        history
    }

    #[test]
    fn ten_minutes_are_kept_and_numbers_go_on() {
        let history = filled(Duration::from_secs(1), 1_000);
        assert_eq!(history.len(), 600);
        assert_eq!(history.next_sequence(), 1_000);
        let numbers: Vec<u64> = history.last(2).map(|entry| entry.sequence).collect();
        assert_eq!(numbers, [998, 999]);
    }

    #[test]
    fn a_long_interval_keeps_enough_to_draw() {
        assert_eq!(filled(Duration::from_mins(1), 1_000).len(), History::AT_LEAST);
    }

    #[test]
    fn a_tiny_interval_is_bounded_all_the_same() {
        assert_eq!(filled(Duration::from_millis(1), 10_000).len(), History::AT_MOST);
    }

    #[test]
    fn asking_for_more_than_there_is_gives_what_there_is() {
        assert_eq!(filled(Duration::from_secs(1), 3).last(10).len(), 3);
    }
}
