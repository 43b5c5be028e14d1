//! What a rate did in the window, as figures to be read.

use stats::{Quantity, Sample};

use crate::model::track::Track;
use crate::plot::Traffic;
use crate::statistics::Statistics;
use crate::units::Units;

use super::LocalTime;

/// What a rate did in the window; a dash where that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// In the newest sample.
    pub now: String,
    /// Over all samples, by the time that each took.
    pub average: String,
    /// In the sample in which it was highest.
    pub peak: String,
    /// When that was.
    pub peak_at: String,
    /// In the sample in which it was lowest.
    pub minimum: String,
    /// The rate that was not exceeded for 95 % of the time.
    pub percentile: String,
    /// All that passed.
    pub total: String,
}

/// What is not known.
const DASH: &str = "–";

impl Figures {
    /// How they were come by, for people.
    pub const METHOD: &str = "Of the time shown, gaps left out. Averages count each sample by how long it took; so does the \
                              95th percentile, which is the nearest rank: the rate that was not exceeded for 95 % of the \
                              time.";

    pub(super) fn of(
        samples: &[&Sample],
        traffic: Traffic,
        quantity: Quantity,
        units: Units,
        local: LocalTime,
    ) -> Self {
        let of = Statistics::of(samples.iter().copied(), quantity);
        let figure = |rate| figure(rate, traffic, units);
        let total = of.total.map(|total| match traffic {
            Traffic::Octets => units.amount(total),
            Traffic::Packets | Traffic::Errors | Traffic::Discards => units.count(total),
        });
        Self {
            now: figure(of.now),
            average: figure(of.average),
            peak: figure(of.peak.map(|(rate, _)| rate)),
            peak_at: of.peak.map(|(_, at)| local(at)).unwrap_or_default(),
            minimum: figure(of.minimum),
            percentile: figure(of.percentile_95),
            total: total.unwrap_or_else(|| DASH.to_owned()),
        }
    }
}

/// The rate in the newest sample.
pub(super) fn newest(track: &Track, quantity: Quantity, units: Units) -> String {
    now(track.newest(), quantity, units)
}

/// The rate of octets in a sample.
pub(super) fn now(sample: Option<&Sample>, quantity: Quantity, units: Units) -> String {
    figure(sample.and_then(|sample| sample.per_second(quantity)), Traffic::Octets, units)
}

/// A rate of what is counted, a second.
pub(super) fn figure(rate: Option<f64>, traffic: Traffic, units: Units) -> String {
    rate.map_or_else(|| DASH.to_owned(), |rate| traffic.figure(traffic.rate(rate), units))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use stats::{Amounts, Timestamp};

    use super::*;
    use crate::units::{Prefixes, Unit};

    #[track_caller]
    fn check(traffic: Traffic, units: Units, expected: [&str; 7]) {
        let sample = |second: u64, octets| Sample {
            end: Timestamp::from_micros(second * 1_000_000),
            duration: Duration::from_secs(2),
            gap: None,
            passed: Amounts::UNKNOWN.with(Quantity::InOctets, octets),
        };
        let samples = [sample(2, 2_000_000), sample(4, 6_000_000), sample(6, 1_000_000)];
        let samples: Vec<&Sample> = samples.iter().collect();
        let local = |at: Timestamp| format!("{} s", at.as_micros() / 1_000_000);
        let Figures { now, average, peak, peak_at, minimum, percentile, total } =
            Figures::of(&samples, traffic, Quantity::InOctets, units, &local);
        assert_eq!([now.as_str(), &average, &peak, &peak_at, &minimum, &percentile, &total], expected);
    }

    #[test]
    fn octets_are_bits_a_second_unless_the_viewer_likes_octets() {
        check(
            Traffic::Octets,
            Units::default(),
            ["4.00 Mbit/s", "12.0 Mbit/s", "24.0 Mbit/s", "4 s", "4.00 Mbit/s", "24.0 Mbit/s", "9.00 MB"],
        );
        check(
            Traffic::Octets,
            Units { unit: Unit::Octets, prefixes: Prefixes::Binary },
            ["488.3 KiB/s", "1.43 MiB/s", "2.86 MiB/s", "4 s", "488.3 KiB/s", "2.86 MiB/s", "8.58 MiB"],
        );
    }

    #[test]
    fn packets_are_counted_in_tens() {
        let expected = ["500.0 kpps", "1.50 Mpps", "3.00 Mpps", "4 s", "500.0 kpps", "3.00 Mpps", "9.00 M"];
        check(Traffic::Packets, Units { unit: Unit::Octets, prefixes: Prefixes::Binary }, expected);
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        let figures = Figures::of(&[], Traffic::Octets, Quantity::InOctets, Units::default(), &|_| String::new());
        assert_eq!([figures.now, figures.total, figures.peak_at], ["–", "–", ""]);
    }
}
