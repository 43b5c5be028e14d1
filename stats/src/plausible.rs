//! Whether so much can have passed: no link carries more than its speed, and no packet is without octets.

use std::time::Duration;

use crate::counter::{Amounts, Quantity};
use crate::identity::Speed;
use crate::sample::GapReason;

/// Agents take their counters some time before they answer, so that more may have passed than fits into the time between.
const SLACK: Duration = Duration::from_secs(1);

/// The amounts that can be, the others made unknown; [`GapReason::Implausible`] where the octets can't be.
pub(crate) fn check(mut amounts: Amounts, took: Duration, speed: Option<Speed>) -> Result<Amounts, GapReason> {
    let capacity = speed.filter(|speed| is_believed(*speed)).and_then(|speed| speed.octets_in(took + SLACK));
    for (octets, packets) in [
        (Quantity::InOctets, [Quantity::InPackets, Quantity::InErrors, Quantity::InDiscards]),
        (Quantity::OutOctets, [Quantity::OutPackets, Quantity::OutErrors, Quantity::OutDiscards]),
    ] {
        let passed = amounts.get(octets);
        if let (Some(passed), Some(capacity)) = (passed, capacity)
            && passed > capacity
        {
            return Err(GapReason::Implausible);
        }
        let [whole, ..] = packets;
        for quantity in packets {
            // What was damaged or thrown away need not be among the octets.
            let most = if quantity == whole { passed.or(capacity) } else { capacity };
            if amounts.get(quantity).zip(most).is_some_and(|(packets, octets)| packets > most_packets(octets)) {
                amounts.set(quantity, None);
            }
        }
    }
    Ok(amounts)
}

/// Whether this is a speed, and not what stands in for one: interfaces that have none are called 10 Mbit/s by some systems,
/// the loopback of net-snmp among them, and carry a thousand times as much.
const fn is_believed(speed: Speed) -> bool {
    const NOMINAL: u64 = 10_000_000;

    speed.bits_per_second() > NOMINAL
}

/// The most packets that so many octets can have been.
const fn most_packets(octets: u64) -> u64 {
    /// A header of Ethernet alone. Those of PPP and IP, which are counted elsewhere, are longer together.
    const LEAST_OCTETS: u64 = 14;
    /// Octets and packets are not counted at the very same time.
    const SLACK: u64 = 100;

    octets / LEAST_OCTETS + SLACK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_amounts(speed: u64, passed: &[(Quantity, u64)], expected: Result<&[(Quantity, u64)], GapReason>) {
        let amounts = |amounts: &[(Quantity, u64)]| {
            amounts.iter().fold(Amounts::UNKNOWN, |all, (quantity, amount)| all.with(*quantity, *amount))
        };
        let speed = Some(Speed::from_bits_per_second(speed));
        assert_eq!(check(amounts(passed), Duration::from_secs(1), speed), expected.map(amounts));
    }

    #[test]
    fn a_full_link_is_plausible_and_more_is_not() {
        let full = [(Quantity::OutOctets, 12_500_000)];
        check_amounts(100_000_000, &full, Ok(&full));
        check_amounts(100_000_000, &[(Quantity::OutOctets, 25_000_001)], Err(GapReason::Implausible));
    }

    #[test]
    fn a_nominal_speed_limits_nothing() {
        let fast = [(Quantity::InOctets, 900_000_000), (Quantity::InPackets, 900_000)];
        check_amounts(10_000_000, &fast, Ok(&fast));
        check_amounts(0, &fast, Ok(&fast));
    }

    #[test]
    fn packets_have_octets() {
        let octets = (Quantity::InOctets, 64_000);
        check_amounts(0, &[octets, (Quantity::InPackets, 1_000)], Ok(&[octets, (Quantity::InPackets, 1_000)]));
        check_amounts(0, &[octets, (Quantity::InPackets, 1_000_000)], Ok(&[octets]));
    }

    #[test]
    fn errors_fit_onto_the_link_if_not_into_the_octets() {
        let errors = [(Quantity::InOctets, 0), (Quantity::InErrors, 100_000)];
        check_amounts(100_000_000, &errors, Ok(&errors));
        check_amounts(100_000_000, &[(Quantity::InErrors, 100_000_000)], Ok(&[]));
    }
}
