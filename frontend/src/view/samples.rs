//! The samples of the window as a table, for those who read rather than look.

use stats::{Quantity, Sample};

use crate::list::List;
use crate::options::Options;
use crate::plot::{Traffic, reason_in_words};
use crate::units::Units;

use super::LocalTime;
use super::figures::figure;
use super::words;

/// How many columns it has.
pub const COLUMNS: usize = 6;

/// What each column is, where the two directions are called so.
#[must_use]
pub fn columns(labels: &[String; 2]) -> [String; COLUMNS] {
    let [inbound, outbound] = labels.each_ref().map(|label| label.to_ascii_lowercase());
    let packets = [format!("packets {inbound}"), format!("packets {outbound}")];
    let [packets_in, packets_out] = packets;
    ["until".to_owned(), inbound, outbound, packets_in, packets_out, "note".to_owned()]
}

/// What the table is of.
#[must_use]
pub fn caption(options: &Options) -> String {
    format!("Samples of the last {}, the newest first", words::window(options.window))
}

/// A sample as a row of the table: its cells.
#[must_use]
pub fn row(sample: &Sample, units: Units, local: LocalTime) -> [String; COLUMNS] {
    let rate = |traffic, quantity| figure(sample.per_second(quantity), traffic, units);
    [
        local(sample.end),
        rate(Traffic::Octets, Quantity::InOctets),
        rate(Traffic::Octets, Quantity::OutOctets),
        rate(Traffic::Packets, Quantity::InPackets),
        rate(Traffic::Packets, Quantity::OutPackets),
        note(sample),
    ]
}

/// Why there are no rates, or what went wrong with some packets.
fn note(sample: &Sample) -> String {
    if let Some(reason) = &sample.gap {
        return stats::clean(reason_in_words(reason));
    }
    let told = [
        ("errors in", Quantity::InErrors),
        ("errors out", Quantity::OutErrors),
        ("discards in", Quantity::InDiscards),
        ("discards out", Quantity::OutDiscards),
    ];
    let some = told.iter().filter_map(|(words, quantity)| {
        let count = sample.passed.get(*quantity).filter(|count| *count > 0)?;
        Some(format!("{count} {words}"))
    });
    some.list().join(", ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use stats::{Amounts, GapReason, Timestamp};

    use super::*;

    #[track_caller]
    fn check(gap: Option<GapReason>, passed: Amounts, expected: [&str; COLUMNS]) {
        let sample = Sample { end: Timestamp::from_micros(7_000_000), duration: Duration::from_secs(2), gap, passed };
        let local = |at: Timestamp| format!("{} s", at.as_micros() / 1_000_000);
        assert_eq!(row(&sample, Units::default(), &local), expected);
    }

    #[test]
    fn a_row_is_what_the_graph_shows() {
        let passed = Amounts::UNKNOWN.with(Quantity::InOctets, 1_000_000).with(Quantity::InPackets, 600);
        check(None, passed, ["7 s", "4.00 Mbit/s", "–", "300 pps", "–", ""]);
    }

    #[test]
    fn what_went_wrong_is_counted_in_the_note() {
        let passed =
            Amounts::UNKNOWN.with(Quantity::InErrors, 3).with(Quantity::OutDiscards, 1).with(Quantity::OutErrors, 0);
        check(None, passed, ["7 s", "–", "–", "–", "–", "3 errors in, 1 discards out"]);
    }

    #[test]
    fn a_gap_says_why() {
        let passed = Amounts::UNKNOWN.with(Quantity::InOctets, 1);
        check(Some(GapReason::NoAnswer), passed, ["7 s", "–", "–", "–", "–", "no answer from the device"]);
        let words = GapReason::Other("<b>\u{0}no</b>".to_owned());
        check(Some(words), Amounts::UNKNOWN, ["7 s", "–", "–", "–", "–", "<b>no</b>"]);
    }
}
