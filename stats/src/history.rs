//! The last samples of an interface, numbered. Bounded: it grows with what is kept, not with time.

use std::time::Duration;

use crate::packed::Packed;
use crate::sample::Sample;
use crate::time::{Timestamp, micros};

/// A sample and its sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts up by one from sample to sample.
    pub sequence: u64,
    /// The sample.
    pub sample: Sample,
}

/// The last samples of an interface, each beginning where the one before it ended, and each with a sequence number.
#[derive(Clone, Debug)]
pub struct History {
    keep: Keep,
    first: u64,
    /// When the newest sample ended, or the first one is to begin.
    end: Timestamp,
    /// `None` where there is none: of very many interfaces there is one only while it is not written into a file yet.
    kept: Option<Box<Kept>>,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    /// How long all samples took together, in microseconds.
    span: u64,
    samples: Packed,
}

/// How much a history keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    seconds: u32,
    most: u16,
}

impl Keep {
    /// However long the interval, so many samples are kept: enough to draw a graph of.
    const AT_LEAST: usize = 120;
    /// However short the interval, no more samples are kept.
    const AT_MOST: u16 = 6_000;
    /// No longer, in seconds.
    const A_DAY: u64 = 86_400;

    /// Samples for as long as that, and a few more.
    #[must_use]
    pub const fn lasting(time: Duration) -> Self {
        let seconds = time.as_secs();
        let seconds = if seconds < Self::A_DAY { seconds } else { Self::A_DAY };
        #[expect(clippy::cast_possible_truncation, reason = "a day is short")]
        Self { seconds: seconds as u32, most: Self::AT_MOST }
    }

    /// No more than so many samples, however short a time that is.
    #[must_use]
    pub const fn at_most(self, most: u16) -> Self {
        Self { most, ..self }
    }

    /// How many samples that is of targets that are read that often, as a rule.
    #[must_use]
    pub fn samples(self, interval: Duration) -> usize {
        let samples = u128::from(self.seconds) * 1_000_000 / interval.as_micros().max(1);
        let samples = usize::try_from(samples).unwrap_or(usize::MAX);
        samples.max(Self::AT_LEAST).min(usize::from(self.most))
    }
}

impl History {
    /// An empty history that keeps samples for as long as `keep`, and a few more than that.
    #[must_use]
    pub const fn new(keep: Duration) -> Self {
        Self::beginning_at(0, keep)
    }

    /// An empty history whose first sample will be number `first`.
    #[must_use]
    pub const fn beginning_at(first: u64, keep: Duration) -> Self {
        let end = Timestamp::from_micros(0);
        Self { keep: Keep::lasting(keep), first, end, kept: None }
    }

    /// Keeps so much from now on.
    pub const fn set_keep(&mut self, keep: Keep) {
        self.keep = keep;
    }

    /// Adds a sample, and forgets those that ended more than the time to keep before this one.
    #[expect(clippy::needless_pass_by_value, reason = "it is handed over, however it is kept")]
    pub fn push(&mut self, sample: Sample) {
        let kept = self.kept.get_or_insert_default();
        self.end = sample.end;
        kept.span = kept.span.saturating_add(micros(sample.duration));
        kept.samples.push(&sample);
        let Keep { seconds, most } = self.keep;
        while kept.samples.len() > most.into()
            || kept.samples.len() > Keep::AT_LEAST && kept.reaches_back_without_oldest(seconds)
        {
            kept.drop_oldest();
            self.first += 1;
        }
    }

    /// Lets go of all samples but the last `count`; they stay numbered as they are.
    pub fn forget(&mut self, count: usize) {
        if count == 0 {
            self.first = self.next_sequence();
            self.kept = None;
        }
        let Some(kept) = &mut self.kept else { return };
        while kept.samples.len() > count {
            kept.drop_oldest();
            self.first += 1;
        }
    }

    /// The newest sample.
    #[must_use]
    pub fn newest(&self) -> Option<Sample> {
        self.last(1).next().map(|entry| entry.sample)
    }

    /// When the newest sample ended, or the first one is to begin, where that was said.
    #[must_use]
    pub const fn end(&self) -> Timestamp {
        self.end
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.as_ref().map_or(0, |kept| kept.samples.len())
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sequence number that the next sample will have.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.first + self.len() as u64
    }

    /// The last `count` samples, oldest first; all where there are fewer.
    #[must_use]
    pub fn last(&self, count: usize) -> impl ExactSizeIterator<Item = Entry> + Clone {
        let mut samples = Vec::new();
        let first = self.unpack(count, &mut samples);
        let numbered = samples.into_iter().enumerate();
        numbered.map(move |(offset, sample)| Entry { sequence: first + offset as u64, sample })
    }

    /// The same in place of what `samples` holds, which saves its memory; tells the sequence number of the first.
    pub fn unpack(&self, count: usize, samples: &mut Vec<Sample>) -> u64 {
        samples.clear();
        if let Some(kept) = &self.kept {
            kept.samples.unpack(count, self.end, samples);
        }
        self.next_sequence() - samples.len() as u64
    }

    /// The next sample begins then.
    pub const fn reach(&mut self, end: Timestamp) {
        self.end = end;
    }

    /// Puts every sample `by` later or earlier: the wall clock that labels them was wrong.
    pub fn relabel(&mut self, shift: impl Fn(Timestamp) -> Timestamp) {
        self.end = shift(self.end);
    }
}

impl Kept {
    fn drop_oldest(&mut self) {
        self.span = self.span.saturating_sub(self.samples.drop_oldest());
    }

    /// Whether the samples last for so long without the oldest one.
    fn reaches_back_without_oldest(&self, seconds: u32) -> bool {
        self.span.saturating_sub(micros(self.samples.oldest_duration())) >= u64::from(seconds) * 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counter::Amounts;

    fn filled(interval: Duration, count: u32) -> History {
        fill(History::new(Duration::from_mins(10)), interval, count)
    }

    fn fill(mut history: History, interval: Duration, count: u32) -> History {
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
        assert_eq!(Keep::lasting(Duration::from_mins(10)).samples(Duration::from_secs(1)), 600);
    }

    #[test]
    fn a_long_interval_keeps_enough_to_draw() {
        assert_eq!(filled(Duration::from_mins(1), 1_000).len(), Keep::AT_LEAST);
    }

    #[test]
    fn a_tiny_interval_is_bounded_all_the_same() {
        assert_eq!(filled(Duration::from_millis(1), 10_000).len(), usize::from(Keep::AT_MOST));
    }

    #[test]
    fn a_history_can_be_held_short() {
        let mut history = History::new(Duration::from_mins(10));
        history.set_keep(Keep::lasting(Duration::from_mins(10)).at_most(16));
        let history = fill(history, Duration::from_secs(1), 100);
        let ends: Vec<u64> = history.last(100).map(|entry| entry.sample.end.as_micros() / 1_000_000).collect();
        assert_eq!(ends, (85..=100).collect::<Vec<u64>>());
        assert_eq!(history.next_sequence(), 100);
    }

    #[test]
    fn what_is_let_go_of_leaves_its_numbers_behind() {
        let mut history = filled(Duration::from_secs(1), 10);
        for (count, kept) in [(2, vec![8, 9]), (0, vec![])] {
            history.forget(count);
            assert_eq!(history.last(10).map(|entry| entry.sequence).collect::<Vec<u64>>(), kept);
            assert_eq!((history.next_sequence(), history.end()), (10, Timestamp::from_micros(10_000_000)));
        }
        let history = fill(history, Duration::from_secs(1), 3);
        assert_eq!(history.last(10).map(|entry| entry.sequence).collect::<Vec<u64>>(), [10, 11, 12]);
    }

    #[test]
    fn asking_for_more_than_there_is_gives_what_there_is() {
        assert_eq!(filled(Duration::from_secs(1), 3).last(10).len(), 3);
    }
}
