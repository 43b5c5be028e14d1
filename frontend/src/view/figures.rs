//! What a rate did in the window, as figures to be read.

use stats::{Quantity, Sample};

use crate::plot::{Load, Setting, Traffic};
use crate::statistics::Statistics;
use crate::units::{BitsPerSecond, Units};

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
    /// What the newest sample is for the link, where the viewer wants to know.
    pub load: Option<(Load, String)>,
}

/// What is not known.
const DASH: &str = "–";

impl Figures {
    /// How they were come by, for people.
    pub const METHOD: &str = "Of the time shown, gaps left out. Averages count each sample by how long it took; so does the \
                              95th percentile, which is the nearest rank: the rate that was not exceeded for 95 % of the \
                              time.";

    pub(super) fn of(
        samples: &[Sample],
        traffic: Traffic,
        quantity: Quantity,
        setting: &Setting,
        local: LocalTime,
    ) -> Self {
        let units = setting.units;
        let of = Statistics::of(samples.iter(), quantity);
        let figure = |rate| figure(rate, traffic, units);
        let total = of.total.map(|total| match traffic {
            Traffic::Octets => units.amount(total),
            Traffic::Packets | Traffic::Errors | Traffic::Discards => units.count(total),
        });
        Self {
            now: figure(of.now),
            average: figure(of.average),
            peak: figure(of.peak.map(|(rate, _)| rate)),
            // Where nothing passed there was no peak: it would be told of the oldest sample, each second of another.
            peak_at: of.peak.filter(|(rate, _)| *rate > 0.0).map(|(_, at)| local(at)).unwrap_or_default(),
            minimum: figure(of.minimum),
            percentile: figure(of.percentile_95),
            total: total.unwrap_or_else(|| DASH.to_owned()),
            load: of.now.filter(|_| traffic == Traffic::Octets).and_then(|rate| load(rate, setting)),
        }
    }
}

/// What that many octets a second are for the link, and their share of its speed.
fn load(rate: f64, setting: &Setting) -> Option<(Load, String)> {
    let bits = BitsPerSecond::from_octets(rate).0;
    let (load, speed) = setting.load(bits).zip(setting.speed)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundred per cent at most")]
    let per_cent = (bits / BitsPerSecond::from(speed).0 * 100.0).round() as u32;
    Some((load, format!("{per_cent} % of the link")))
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
    use crate::options::{Options, Thresholds};
    use crate::units::{Prefixes, Unit};

    /// A link of a megabit a second.
    fn setting(thresholds: Option<Thresholds>) -> Setting {
        let about = stats::Interface {
            speed: Some(stats::Speed::from_bits_per_second(1_000_000)),
            ..stats::Interface::default()
        };
        Setting::of(&Options { thresholds, ..Options::default() }, &about)
    }

    #[track_caller]
    fn check_load(octets: u64, thresholds: Option<Thresholds>, expected: Option<(Load, &str)>) {
        let sample = Sample {
            end: Timestamp::from_micros(1),
            duration: Duration::from_secs(1),
            gap: None,
            passed: Amounts::UNKNOWN.with(Quantity::InOctets, octets),
        };
        let setting = setting(thresholds);
        let figures = Figures::of(&[sample], Traffic::Octets, Quantity::InOctets, &setting, &|_| String::new());
        assert_eq!(figures.load.as_ref().map(|(load, words)| (*load, words.as_str())), expected);
    }

    #[test]
    fn what_is_high_for_the_link_says_how_high() {
        check_load(87_499, Some(Thresholds::USUAL), None);
        check_load(90_000, Some(Thresholds::USUAL), Some((Load::High, "72 % of the link")));
        check_load(150_000, Some(Thresholds::USUAL), Some((Load::Full, "120 % of the link")));
        check_load(150_000, None, None);
    }

    #[track_caller]
    fn check(traffic: Traffic, units: Units, expected: [&str; 7]) {
        let sample = |second: u64, octets| Sample {
            end: Timestamp::from_micros(second * 1_000_000),
            duration: Duration::from_secs(2),
            gap: None,
            passed: Amounts::UNKNOWN.with(Quantity::InOctets, octets),
        };
        let samples = [sample(2, 2_000_000), sample(4, 6_000_000), sample(6, 1_000_000)];
        let local = |at: Timestamp| format!("{} s", at.as_micros() / 1_000_000);
        let options = Options { units, ..Options::default() };
        let setting = Setting::of(&options, &stats::Interface::default());
        let Figures { now, average, peak, peak_at, minimum, percentile, total, .. } =
            Figures::of(&samples, traffic, Quantity::InOctets, &setting, &local);
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
        let figures = Figures::of(&[], Traffic::Octets, Quantity::InOctets, &setting(None), &|_| String::new());
        assert_eq!([figures.now, figures.total, figures.peak_at], ["–", "–", ""]);
    }
}
