//! What a quantity did over some samples: by how long each took, and leaving out all of which nothing is known. Knows nothing
//! of windows and units.

use stats::{Quantity, Sample, Timestamp};

use crate::order::order;

/// What a quantity did over some samples. Rates are a second; `None` where there was nothing to tell it by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// In the newest sample; `None` where that is a gap.
    pub now: Option<f64>,
    /// What passed, by the time that it took.
    pub average: Option<f64>,
    /// The highest rate, and when the sample ended that had it first.
    pub peak: Option<(f64, Timestamp)>,
    /// The lowest rate.
    pub minimum: Option<f64>,
    /// The lowest rate that was not exceeded for 95 % of the time of which the rates are known: the nearest rank, where
    /// each sample counts by how long it took. No rate is made up between two that were.
    pub percentile_95: Option<f64>,
    /// All that passed. What passed in gaps is left out, since it is not known of all of them.
    pub total: Option<f64>,
}

impl Statistics {
    /// Of samples in the order of their time.
    pub fn of<'a>(samples: impl Iterator<Item = &'a Sample>, quantity: Quantity) -> Self {
        let mut statistics = Self::default();
        let (mut seconds, mut passed) = (0.0, 0.0);
        let mut rates: Vec<(f64, f64)> = Vec::new();
        for sample in samples {
            statistics.now = sample.per_second(quantity);
            let Some(rate) = statistics.now else { continue };
            let duration = sample.duration.as_secs_f64();
            seconds += duration;
            passed += rate * duration;
            if statistics.peak.is_none_or(|(peak, _)| rate > peak) {
                statistics.peak = Some((rate, sample.end));
            }
            statistics.minimum = Some(statistics.minimum.map_or(rate, |minimum| minimum.min(rate)));
            rates.push((rate, duration));
        }
        if !rates.is_empty() {
            statistics.average = Some(passed / seconds);
            statistics.total = Some(passed);
            statistics.percentile_95 = percentile(&rates, seconds * 0.95);
        }
        statistics
    }
}

/// The lowest of these rates for which the times of those that are no higher add up to that many seconds.
fn percentile(rates: &[(f64, f64)], seconds: f64) -> Option<f64> {
    let rising = order(rates.len(), &|one, other| rates[one].0.total_cmp(&rates[other].0));
    let mut sum = 0.0;
    let reached = rising.iter().find(|number| {
        sum += rates[**number].1;
        // Sums of durations miss round numbers by a little.
        sum >= seconds * (1.0 - 1e-9)
    });
    reached.or(rising.last()).map(|number| rates[*number].0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use stats::{Amounts, GapReason};

    use super::*;

    /// Samples as (milliseconds, octets), gaps as `None`; each ends a second after the one before.
    fn samples(samples: &[(u64, Option<u64>)]) -> Vec<Sample> {
        let sample = |(number, (millis, octets)): (u64, &(u64, Option<u64>))| Sample {
            end: Timestamp::from_micros(number * 1_000_000),
            duration: Duration::from_millis(*millis),
            gap: octets.is_none().then_some(GapReason::NoAnswer),
            passed: Amounts::UNKNOWN.with(Quantity::InOctets, octets.unwrap_or(900_000)),
        };
        (1..).zip(samples).map(sample).collect()
    }

    /// Now, average, peak, minimum, percentile and total.
    #[track_caller]
    fn check(given: &[(u64, Option<u64>)], expected: [Option<f64>; 6]) {
        let of = Statistics::of(samples(given).iter(), Quantity::InOctets);
        let peak = of.peak.map(|(rate, _)| rate);
        let found = [of.now, of.average, peak, of.minimum, of.percentile_95, of.total];
        for (found, expected) in found.into_iter().zip(expected) {
            let is_near = found.zip(expected).is_some_and(|(found, expected)| (found - expected).abs() < 1e-6);
            assert!(is_near || found == expected, "{of:?}");
        }
    }

    #[test]
    fn long_samples_weigh_more() {
        check(
            &[(3_000, Some(3_000)), (1_000, Some(5_000))],
            [Some(5_000.0), Some(2_000.0), Some(5_000.0), Some(1_000.0), Some(5_000.0), Some(8_000.0)],
        );
    }

    #[test]
    fn gaps_are_left_out_of_all_even_those_that_hold_what_passed() {
        check(
            &[(1_000, Some(10)), (60_000, None), (1_000, Some(30)), (1_000, None)],
            [None, Some(20.0), Some(30.0), Some(10.0), Some(30.0), Some(40.0)],
        );
    }

    #[test]
    fn a_quantity_that_is_not_known_has_no_figures() {
        let of = Statistics::of(samples(&[(1_000, Some(10))]).iter(), Quantity::OutOctets);
        assert_eq!(of, Statistics::default());
        check(&[], [None; 6]);
        check(&[(0, Some(5))], [None; 6]);
    }

    #[test]
    fn the_peak_is_dated_by_its_first_sample() {
        let samples = samples(&[(1_000, Some(1)), (1_000, Some(9)), (1_000, Some(9))]);
        let of = Statistics::of(samples.iter(), Quantity::InOctets);
        assert_eq!(of.peak, Some((9.0, Timestamp::from_micros(2_000_000))));
    }

    #[test]
    fn for_five_per_cent_of_the_time_it_was_higher() {
        let seconds: Vec<(u64, Option<u64>)> = (1..=100).map(|octets| (1_000, Some(octets))).collect();
        let of = Statistics::of(samples(&seconds).iter(), Quantity::InOctets);
        assert_eq!(of.percentile_95, Some(95.0));
    }

    #[test]
    fn a_burst_counts_by_its_time_and_not_by_its_samples() {
        // Nineteen minutes at 1, and a minute at 50 that was read each second: exactly 5 % of the time.
        let mut given = vec![(1_140_000, Some(1_140))];
        given.extend([(1_000, Some(50)); 60]);
        let of = Statistics::of(samples(&given).iter(), Quantity::InOctets);
        assert_eq!(of.percentile_95, Some(1.0));
        given.push((1_000, Some(50)));
        let of = Statistics::of(samples(&given).iter(), Quantity::InOctets);
        assert_eq!(of.percentile_95, Some(50.0));
    }
}
