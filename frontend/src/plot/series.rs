//! Samples as a graph needs them: stretches of time with a rate each way, or a reason why there is none.

use std::time::Duration;

use stats::{GapReason, Sample, Timestamp};

use crate::list::List;

use super::traffic::{Rates, Traffic};

/// A stretch of time and the average rates over it. Times are the file's, in milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it began.
    pub start_ms: f64,
    /// When it ended.
    pub end_ms: f64,
    /// The average rates over it.
    pub rates: Rates,
    /// Why there are none.
    pub gap: Option<GapReason>,
    /// Where it is of a sum: how many that belong to it are left out.
    pub without: usize,
}

impl Span {
    /// How much is known of it, where counters are refreshed that often.
    #[must_use]
    pub fn quality(&self, refresh: Option<Duration>) -> Quality {
        let took_ms = self.end_ms - self.start_ms;
        // What is shorter was read before it was known that the agent has a cache.
        let is_whole = |refresh: Duration| took_ms >= refresh.as_secs_f64() * 750.0;
        match &self.gap {
            Some(_) => Quality::Gap,
            None if self.without > 0 => Quality::Part,
            None if refresh.is_some_and(is_whole) => Quality::Cached,
            None => Quality::Fine,
        }
    }

    /// Its middle: where its average is drawn.
    #[must_use]
    pub fn middle_ms(&self) -> f64 {
        f64::midpoint(self.start_ms, self.end_ms)
    }
}

/// How much is known of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// What passed between two readings.
    Fine,
    /// What passed between two refreshes of the agent's cache.
    Cached,
    /// What passed of a part of what it is the sum of.
    Part,
    /// Nothing.
    Gap,
}

/// Spans that follow each other without a break, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Series {
    spans: Vec<Span>,
}

impl Series {
    /// The series of samples that follow each other, oldest first.
    pub fn of<'a>(traffic: Traffic, samples: impl IntoIterator<Item = &'a Sample>) -> Self {
        let span = |sample: &Sample| Span {
            start_ms: millis(sample.start()),
            end_ms: millis(sample.end),
            rates: traffic.rates(sample),
            gap: sample.gap.clone(),
            without: 0,
        };
        Self { spans: samples.into_iter().map(span).list() }
    }

    /// The same where they are sums, each without so many of what belongs to it.
    #[must_use]
    pub fn without(mut self, numbers: &[usize]) -> Self {
        for (span, without) in self.spans.iter_mut().zip(numbers) {
            span.without = *without;
        }
        self
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The time from which on this is another series than `earlier`; infinity where it is the same but for spans at its
    /// beginning that were forgotten.
    #[must_use]
    pub fn changed_since(&self, earlier: &Self) -> f64 {
        let Some(first) = self.spans.first() else { return f64::NEG_INFINITY };
        let forgotten = earlier.spans.partition_point(|span| span.start_ms < first.start_ms);
        let rest = earlier.spans.get(forgotten..).unwrap_or_default();
        let same = self.spans.iter().zip(rest).take_while(|(now, then)| now == then).count();
        match self.spans.get(same).or(rest.get(same)) {
            Some(_) if same == 0 => f64::NEG_INFINITY,
            Some(changed) => changed.start_ms,
            None => f64::INFINITY,
        }
    }

    /// When the newest span ended.
    #[must_use]
    pub fn newest_ms(&self) -> Option<f64> {
        self.spans.last().map(|span| span.end_ms)
    }

    /// The newest span.
    #[must_use]
    pub fn newest(&self) -> Option<&Span> {
        self.spans.last()
    }

    /// The spans between two times, and one more at either end, where there are such: what it takes to draw lines up to
    /// the edges.
    #[must_use]
    pub fn around(&self, left_ms: f64, right_ms: f64) -> &[Span] {
        let first = self.spans.partition_point(|span| span.end_ms <= left_ms);
        let beyond = self.spans.partition_point(|span| span.start_ms < right_ms);
        &self.spans[first.saturating_sub(1)..(beyond + 1).min(self.spans.len()).max(first.saturating_sub(1))]
    }

    /// The span that holds this time.
    #[must_use]
    pub fn at(&self, ms: f64) -> Option<&Span> {
        let index = self.spans.partition_point(|span| span.end_ms < ms);
        self.spans.get(index).filter(|span| span.start_ms <= ms)
    }

    /// The span `steps` after the one that holds this time, or before it where `steps` is negative; the first or the last
    /// where that is beyond them.
    #[must_use]
    pub fn step(&self, ms: f64, steps: isize) -> Option<&Span> {
        let last = self.spans.len().checked_sub(1)?;
        let index = self.spans.partition_point(|span| span.end_ms < ms);
        self.spans.get(index.saturating_add_signed(steps).min(last))
    }

    /// The highest rate in either direction between two times; 0 where none is known.
    #[must_use]
    pub fn peak(&self, left_ms: f64, right_ms: f64) -> f64 {
        let mut peak = 0.0_f64;
        for Span { rates, .. } in self.around(left_ms, right_ms) {
            peak = peak.max(rates.inbound.unwrap_or_default()).max(rates.outbound.unwrap_or_default());
        }
        peak
    }
}

fn millis(timestamp: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "microseconds of this century fit into 53 bits")]
    let micros = timestamp.as_micros() as f64;
    micros / 1_000.0
}

#[cfg(test)]
pub(super) mod tests {
    use stats::{Amounts, Quantity};

    use super::*;

    /// One sample a second from the time 1,000 s on; each is octets in and out, or a gap.
    pub(in crate::plot) fn seconds(amounts: &[Option<(u64, u64)>]) -> Vec<Sample> {
        let sample = |(number, amounts): (u64, &Option<(u64, u64)>)| Sample {
            end: Timestamp::from_micros((1_000 + number) * 1_000_000),
            duration: Duration::from_secs(1),
            gap: amounts.is_none().then_some(GapReason::NoAnswer),
            passed: amounts.map_or(Amounts::UNKNOWN, |(inbound, outbound)| {
                Amounts::UNKNOWN.with(Quantity::InOctets, inbound).with(Quantity::OutOctets, outbound)
            }),
        };
        (1..).zip(amounts).map(sample).collect()
    }

    fn series() -> Series {
        Series::of(Traffic::Octets, &seconds(&[Some((1, 0)), Some((2, 5)), None, Some((4, 0)), Some((3, 0))]))
    }

    #[track_caller]
    fn check_around(left_ms: f64, right_ms: f64, expected_ends: &[f64]) {
        let series = series();
        let ends: Vec<f64> = series.around(left_ms, right_ms).iter().map(|span| span.end_ms).collect();
        assert_eq!(ends, expected_ends);
    }

    #[test]
    fn one_span_more_is_taken_at_either_end() {
        check_around(1_002_500.0, 1_003_500.0, &[1_002_000.0, 1_003_000.0, 1_004_000.0, 1_005_000.0]);
        check_around(1_002_000.0, 1_003_000.0, &[1_002_000.0, 1_003_000.0, 1_004_000.0]);
    }

    #[test]
    fn beyond_the_ends_nothing_is_made_up() {
        check_around(0.0, 1_000_000.0, &[1_001_000.0]);
        check_around(2_000_000.0, 3_000_000.0, &[1_005_000.0]);
        assert!(Series::default().around(0.0, 1.0).is_empty());
    }

    #[test]
    fn octets_are_bits_and_a_gap_has_none() {
        let series = series();
        let rates = |ms| series.at(ms).map(|span| span.rates);
        assert_eq!(rates(1_001_500.0), Some(Rates { inbound: Some(16.0), outbound: Some(40.0) }));
        assert_eq!(rates(1_002_500.0), Some(Rates::default()));
        assert_eq!(rates(999_999.0), None);
        assert_eq!(rates(1_005_001.0), None);
    }

    #[test]
    fn the_peak_is_the_higher_of_both_directions() {
        assert!((series().peak(1_000_000.0, 1_001_500.0) - 40.0).abs() < f64::EPSILON);
        assert!((series().peak(1_003_500.0, 1_005_000.0) - 32.0).abs() < f64::EPSILON);
    }

    #[test]
    fn steps_end_at_the_first_and_the_last() {
        let series = series();
        let end = |ms, steps| series.step(ms, steps).map(|span| span.end_ms);
        assert_eq!(end(1_001_500.0, 1), Some(1_003_000.0));
        assert_eq!(end(1_001_500.0, -5), Some(1_001_000.0));
        assert_eq!(end(1_001_500.0, 50), Some(1_005_000.0));
        assert_eq!(Series::default().step(0.0, 1), None);
    }
}
