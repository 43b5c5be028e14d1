//! Now, average and peak of a window. Gaps are left out of all of them.

use stats::{Quantity, Sample};

use crate::model::track::Track;
use crate::plot::Traffic;
use crate::units::Units;

/// What a rate was in the window; a dash where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// In the newest sample.
    pub now: String,
    /// Over all samples, by the time that each took.
    pub average: String,
    /// In the sample in which it was highest.
    pub peak: String,
}

/// What is not known.
const DASH: &str = "–";

impl Figures {
    pub(super) fn of(samples: &[&Sample], traffic: Traffic, quantity: Quantity, units: Units) -> Self {
        let known = samples.iter().filter_map(|sample| Some((sample, sample.per_second(quantity)?)));
        let (mut seconds, mut passed, mut peak) = (0.0, 0.0, None::<f64>);
        for (sample, rate) in known {
            let duration = sample.duration.as_secs_f64();
            seconds += duration;
            passed += rate * duration;
            peak = Some(peak.map_or(rate, |peak| peak.max(rate)));
        }
        Self {
            now: now(samples.last().copied(), traffic, quantity, units),
            average: figure((seconds > 0.0).then_some(passed / seconds), traffic, units),
            peak: figure(peak, traffic, units),
        }
    }
}

/// The rate in the newest sample.
pub(super) fn newest(track: &Track, quantity: Quantity, units: Units) -> String {
    now(track.newest(), Traffic::Octets, quantity, units)
}

fn now(sample: Option<&Sample>, traffic: Traffic, quantity: Quantity, units: Units) -> String {
    figure(sample.and_then(|sample| sample.per_second(quantity)), traffic, units)
}

fn figure(rate: Option<f64>, traffic: Traffic, units: Units) -> String {
    let factor = match traffic {
        Traffic::Octets => 8.0,
        Traffic::Packets => 1.0,
    };
    rate.map_or_else(|| DASH.to_owned(), |rate| traffic.figure(rate * factor, units))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use stats::{Amounts, GapReason, Timestamp};

    use super::*;

    fn sample(millis: u64, octets: u64, gap: Option<GapReason>) -> Sample {
        let passed = Amounts::UNKNOWN.with(Quantity::InOctets, octets);
        Sample { end: Timestamp::from_micros(1), duration: Duration::from_millis(millis), gap, passed }
    }

    #[track_caller]
    fn check(samples: &[Sample], expected: [&str; 3]) {
        let samples: Vec<&Sample> = samples.iter().collect();
        let Figures { now, average, peak } =
            Figures::of(&samples, Traffic::Octets, Quantity::InOctets, Units::default());
        assert_eq!([now.as_str(), &average, &peak], expected);
    }

    #[test]
    fn long_samples_weigh_more() {
        check(
            &[sample(3_000, 3_000_000, None), sample(1_000, 5_000_000, None)],
            ["40.0 Mbit/s", "16.0 Mbit/s", "40.0 Mbit/s"],
        );
    }

    #[test]
    fn gaps_are_left_out_even_those_that_hold_what_passed() {
        check(
            &[sample(1_000, 1_000, None), sample(1_000, 900_000, Some(GapReason::NoAnswer))],
            ["–", "8.00 kbit/s", "8.00 kbit/s"],
        );
    }

    #[test]
    fn nothing_is_known_of_nothing() {
        check(&[], ["–", "–", "–"]);
        check(&[sample(0, 5, None)], ["–", "–", "–"]);
    }
}
