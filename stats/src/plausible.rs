//! Whether so much can have passed: no link carries more than its speed, and no packet is without octets.

use crate::counter::{Amounts, Counter, Quantity};
use crate::difference::Refusal;
use crate::identity::Speed;
use crate::reading::Reading;

/// The amounts that can be where the link carries `capacity` at most, the others made unknown; [`Refusal::Implausible`] where
/// the octets can't be.
pub(crate) fn check(mut amounts: Amounts, capacity: Option<u64>) -> Result<Amounts, Refusal> {
    for (octets, packets) in [
        (Quantity::InOctets, [Quantity::InPackets, Quantity::InErrors, Quantity::InDiscards]),
        (Quantity::OutOctets, [Quantity::OutPackets, Quantity::OutErrors, Quantity::OutDiscards]),
    ] {
        let passed = amounts.get(octets);
        if let (Some(passed), Some(capacity)) = (passed, capacity)
            && passed > capacity
        {
            return Err(Refusal::Implausible);
        }
        let [whole, ..] = packets;
        for quantity in packets {
            // What was damaged or thrown away need not be among the octets.
            let most = if quantity == whole { passed.or(capacity) } else { capacity };
            if amounts.get(quantity).zip(most).is_some_and(|(packets, octets)| packets > most_packets(octets)) {
                amounts.set(quantity, None);
            }
        }
        if amounts.get(whole) == Some(0) && passed.is_some_and(has_packets) {
            amounts.set(whole, None);
        }
    }
    Ok(amounts)
}

/// Whether packets are not counted yet that were there: net-snmp shows no unicast packet until it has filled its cache for
/// the second time, and then all that there ever were.
pub(crate) fn is_yet_to_begin(reading: &Reading, quantity: Quantity) -> bool {
    /// Most octets that a packet has which is not unicast: a frame that is not a jumbo.
    const MOST_OCTETS: u64 = 1_518;

    let (octets, unicast, others) = match quantity {
        Quantity::InPackets => (Counter::InOctets, Counter::InPackets, [Counter::InMulticast, Counter::InBroadcast]),
        Quantity::OutPackets => {
            (Counter::OutOctets, Counter::OutPackets, [Counter::OutMulticast, Counter::OutBroadcast])
        }
        _ => return false,
    };
    let value = |counter| reading.get(counter).map(|(value, _)| value);
    let others = others.into_iter().filter_map(value).fold(0, u64::saturating_add);
    let of_others = others.saturating_mul(MOST_OCTETS);
    value(unicast) == Some(0) && value(octets).is_some_and(|octets| has_packets(octets.saturating_sub(of_others)))
}

/// Whether this is a speed that nothing exceeds, and not what stands in for one: interfaces that have none are called
/// 10 Mbit/s by some systems, the loopback of net-snmp among them, and carry a thousand times as much. And the highest
/// `ifSpeed` means that the link has that speed or a higher one (RFC 2863).
pub(crate) const fn is_believed(speed: Speed) -> bool {
    const NOMINAL: u64 = 10_000_000;

    speed.bits_per_second() > NOMINAL && speed.bits_per_second() != Speed::OR_HIGHER.bits_per_second()
}

/// Octets and packets are not counted at the very same time: so many packets may be among the ones and not the others.
const SLACK: u64 = 100;

/// The most packets that so many octets can have been.
const fn most_packets(octets: u64) -> u64 {
    /// A header of IP alone: what a tunnel counts of a packet, which has no frame there. Frames have more.
    const LEAST_OCTETS: u64 = 20;

    octets / LEAST_OCTETS + SLACK
}

/// Whether so many octets can't be without a packet.
const fn has_packets(octets: u64) -> bool {
    /// A jumbo frame.
    const MOST_OCTETS: u64 = 9_018;

    octets > SLACK * MOST_OCTETS
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::time::Monotonic;

    /// What is made of amounts that passed within a second.
    #[track_caller]
    fn check_amounts(speed: u64, passed: &[(Quantity, u64)], expected: Result<&[(Quantity, u64)], Refusal>) {
        let amounts = |amounts: &[(Quantity, u64)]| {
            amounts.iter().fold(Amounts::UNKNOWN, |all, (quantity, amount)| all.with(*quantity, *amount))
        };
        let speed = Some(Speed::from_bits_per_second(speed)).filter(|speed| is_believed(*speed));
        let capacity = speed.and_then(|speed| speed.octets_in(Duration::from_secs(1)));
        assert_eq!(check(amounts(passed), capacity), expected.map(amounts));
    }

    #[test]
    fn a_full_link_is_plausible_and_more_is_not() {
        let full = [(Quantity::OutOctets, 12_500_000)];
        check_amounts(100_000_000, &full, Ok(&full));
        check_amounts(100_000_000, &[(Quantity::OutOctets, 12_500_001)], Err(Refusal::Implausible));
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
    fn octets_have_packets() {
        let none = (Quantity::OutPackets, 0);
        check_amounts(0, &[(Quantity::OutOctets, 60_000), none], Ok(&[(Quantity::OutOctets, 60_000), none]));
        check_amounts(0, &[(Quantity::OutOctets, 3_000_000), none], Ok(&[(Quantity::OutOctets, 3_000_000)]));
    }

    #[test]
    fn small_packets_of_a_tunnel_are_plausible() {
        let acknowledgements = [(Quantity::InOctets, 400_000), (Quantity::InPackets, 10_000)];
        check_amounts(0, &acknowledgements, Ok(&acknowledgements));
    }

    #[test]
    fn unicast_packets_that_are_not_counted_yet_are_told_from_none() {
        let reading = |octets, multicast| {
            let reading = Reading::new(Monotonic::default(), None).with(Counter::InOctets, octets);
            reading.with(Counter::InPackets, 0).with(Counter::InMulticast, multicast)
        };
        assert!(is_yet_to_begin(&reading(60_000_000, 0), Quantity::InPackets));
        assert!(is_yet_to_begin(&reading(60_000_000, 1_000), Quantity::InPackets));
        assert!(!is_yet_to_begin(&reading(60_000_000, 50_000), Quantity::InPackets));
        assert!(!is_yet_to_begin(&reading(60_000, 0), Quantity::InPackets));
        assert!(!is_yet_to_begin(&reading(60_000_000, 0), Quantity::InErrors));
    }

    #[test]
    fn errors_fit_onto_the_link_if_not_into_the_octets() {
        let errors = [(Quantity::InOctets, 0), (Quantity::InErrors, 100_000)];
        check_amounts(100_000_000, &errors, Ok(&errors));
        check_amounts(100_000_000, &[(Quantity::InErrors, 100_000_000)], Ok(&[]));
    }
}
