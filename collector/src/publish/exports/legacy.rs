//! The file of this project's predecessor, `live_interface_stats`: a line of nine numbers an interface, for the pages that
//! read it.

use std::fmt::Write as _;
use std::time::Duration;

use stats::{Interface, Quantity, Sample, Speed, file_stem};

/// In the order of the line.
const QUANTITIES: [Quantity; 4] = [Quantity::InOctets, Quantity::OutOctets, Quantity::InPackets, Quantity::OutPackets];

/// What the file of an interface is called. Names that the predecessor could have had stay as they are.
pub(super) fn file_name(interface: &str, mark: Option<&str>) -> String {
    let is_plain = (1..=64).contains(&interface.len())
        && interface.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    let name = if is_plain { interface.to_owned() } else { file_stem(interface) };
    match mark {
        None => format!("live_interface_stats_{name}.txt"),
        // No name has this sign in it.
        Some(mark) => format!("live_interface_stats_{name}@{mark}.txt"),
    }
}

/// What the samples since the last line come to: seconds, and what counts as full and what passed, each way. Nothing where
/// there is none, or one of the numbers is not known: the line has no word for that.
pub(super) fn line(samples: &[Sample], interface: &Interface) -> Option<String> {
    // What was before a gap is over.
    let after_gap = samples.iter().rposition(|sample| sample.gap.is_some()).map_or(0, |gap| gap + 1);
    let samples = &samples[after_gap..];
    let duration: Duration = samples.iter().map(|sample| sample.duration).sum();
    if duration.is_zero() {
        return None;
    }
    let mut line = seconds(duration);
    for quantity in QUANTITIES {
        let passed = samples.iter().map(|sample| sample.passed.get(quantity));
        let passed = passed.sum::<Option<u64>>()?;
        let _ = write!(line, " {} {passed}", full(quantity, interface));
    }
    line.push('\n');
    Some(line)
}

/// Whether it is known of an interface how many octets count as full, both ways.
pub(super) fn is_full_known(interface: &Interface) -> bool {
    [Quantity::InOctets, Quantity::OutOctets].iter().all(|quantity| full(*quantity, interface) > 0)
}

/// What counts as full: what the config says, else what the link carries; 0 where that is not known.
fn full(quantity: Quantity, interface: &Interface) -> u64 {
    /// As many as there are where none is shorter than the usual limit of Ethernet.
    const OCTETS_A_PACKET: u64 = 1_500;

    let said = interface.max.as_ref().and_then(|max| max.get(quantity));
    let octets = interface.speed.and_then(Speed::exact).map_or(0, |speed| speed.bits_per_second() / 8);
    said.unwrap_or(match quantity {
        Quantity::InOctets | Quantity::OutOctets => octets,
        _ => octets / OCTETS_A_PACKET,
    })
}

/// Whole ones where that is right to a hundredth: so the predecessor wrote them, and so pages may read them.
fn seconds(duration: Duration) -> String {
    let millis = duration.as_millis();
    let rounded = (millis + 500) / 1_000 * 1_000;
    if millis.abs_diff(rounded) * 100 <= millis {
        return (rounded / 1_000).to_string();
    }
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

#[cfg(test)]
mod tests {
    use stats::{Amounts, GapReason, Maxima, Speed, Timestamp};

    use super::*;

    fn sample(millis: u64, gap: Option<GapReason>, amounts: [Option<u64>; 4]) -> Sample {
        let mut passed = Amounts::UNKNOWN;
        QUANTITIES.into_iter().zip(amounts).for_each(|(quantity, amount)| passed.set(quantity, amount));
        Sample { end: Timestamp::from_micros(1), duration: Duration::from_millis(millis), gap, passed }
    }

    #[track_caller]
    fn check(samples: &[Sample], expected: Option<&str>) {
        let max = Some(Box::new(Maxima { out_octets: Some(5_000), ..Maxima::default() }));
        let speed = Some(Speed::from_bits_per_second(100_000_000));
        let line = line(samples, &Interface { speed, max, ..Interface::default() });
        assert_eq!(line.as_deref(), expected);
    }

    const KNOWN: [Option<u64>; 4] = [Some(20), Some(30), Some(4), Some(5)];

    #[test]
    fn a_line_is_seconds_and_four_pairs() {
        check(&[sample(2_004, None, KNOWN)], Some("2 12500000 20 5000 30 8333 4 8333 5\n"));
        check(&[sample(500, None, KNOWN)], Some("0.500 12500000 20 5000 30 8333 4 8333 5\n"));
    }

    #[test]
    fn samples_that_came_together_are_one() {
        let two = [sample(1_000, None, KNOWN), sample(3_000, None, [Some(1), Some(0), Some(1), Some(0)])];
        check(&two, Some("4 12500000 21 5000 30 8333 5 8333 5\n"));
    }

    #[test]
    fn nothing_is_written_of_what_is_not_known() {
        check(&[], None);
        check(&[sample(1_000, Some(GapReason::NoAnswer), KNOWN)], None);
        check(&[sample(1_000, None, [Some(1), None, Some(1), Some(1)])], None);
        let gap = sample(1_000, Some(GapReason::NoAnswer), KNOWN);
        check(
            &[sample(1_000, None, KNOWN), gap, sample(2_000, None, KNOWN)],
            Some("2 12500000 20 5000 30 8333 4 8333 5\n"),
        );
    }

    #[test]
    fn names_stay_where_they_are_safe() {
        assert_eq!(file_name("ppp0", None), "live_interface_stats_ppp0.txt");
        assert_eq!(file_name("Ethernet0.1", None), "live_interface_stats_Ethernet0.1.txt");
        assert_eq!(file_name("../../x", None), format!("live_interface_stats_{}.txt", file_stem("../../x")));
        assert_eq!(file_name("eth0", Some("switch")), "live_interface_stats_eth0@switch.txt");
    }
}
