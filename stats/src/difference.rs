//! Subtracts an earlier reading from a later one: the arithmetic that everything else is believed for.

use std::time::Duration;

use crate::counter::{Amounts, Counter, Quantity, Width};
use crate::discontinuity;
use crate::identity::Speed;
use crate::plausible;
use crate::reading::{Reading, Uptime, add_up};
use crate::sample::GapReason;

/// In what time something can have passed between two readings, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// How long it took, as well as that is known: not always the time between the two readings, since what they show may
    /// be older than they are.
    pub took: Duration,
    /// How long it can have taken at most.
    pub at_most: Duration,
    /// The link's speed, where it is known.
    pub speed: Option<Speed>,
    /// The most octets a second that were seen to pass, where anything was.
    pub busiest: Option<u64>,
}

impl Passage {
    /// Of readings that show what was counted when they were taken.
    #[must_use]
    pub fn between(earlier: &Reading, later: &Reading, speed: Option<Speed>) -> Self {
        let took = later.at.since(earlier.at);
        Self { took, at_most: Self::at_most(took), speed, busiest: None }
    }

    /// What took as long as that may have taken so much longer as an answer can be early or late.
    #[must_use]
    pub fn at_most(took: Duration) -> Duration {
        /// It is somewhere between question and answer that an agent takes its counters.
        const ROUND_TRIP: Duration = Duration::from_millis(100);

        took + took / 8 + ROUND_TRIP
    }

    /// The speed, where it is one.
    fn believed(&self) -> Option<Speed> {
        self.speed.filter(|speed| plausible::is_believed(*speed))
    }
}

/// Why it can't be told what passed between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The agent's uptime fell behind the time that passed.
    Restarted,
    /// The agent says that the counters lost their continuity, or they have another index.
    Discontinued,
    /// An octet counter fell, and that was no wrap: it was cleared, or one of the two readings is wrong.
    Fell,
    /// A 32-bit octet counter may have wrapped more than once.
    Ambiguous,
    /// An octet counter rose by more than the link can carry: one of the two readings is wrong.
    Implausible,
}

impl Refusal {
    /// Whether it may be that only one of the readings is wrong, so that the next one tells which.
    #[must_use]
    pub const fn is_doubt(self) -> bool {
        matches!(self, Self::Fell | Self::Implausible)
    }

    /// Whether the later reading has nothing to do with the earlier one.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Restarted | Self::Discontinued)
    }
}

impl From<Refusal> for GapReason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Restarted => Self::Restarted,
            Refusal::Discontinued | Refusal::Fell => Self::Discontinuity,
            Refusal::Ambiguous => Self::Ambiguous,
            Refusal::Implausible => Self::Implausible,
        }
    }
}

/// What passed between two readings of one interface that show what was counted when they were taken; see [`passed`].
///
/// # Errors
///
/// See [`Refusal`].
pub fn difference(earlier: &Reading, later: &Reading, speed: Option<Speed>) -> Result<Amounts, GapReason> {
    passed(earlier, later, Passage::between(earlier, later, speed)).map_err(GapReason::from)
}

/// What passed between two readings of one interface, or why that cannot be told.
///
/// A 32-bit counter that fell is taken to have wrapped only where the link could have carried what that means, and no
/// counter has advanced by more than the link carries.
///
/// # Errors
///
/// Where nothing can be told of the octets. Any other counter that fell, or rose by more than can be, is only unknown itself.
pub fn passed(earlier: &Reading, later: &Reading, passage: Passage) -> Result<Amounts, Refusal> {
    if was_restarted(earlier, later) {
        return Err(Refusal::Restarted);
    }
    // Interfaces are followed by their names. Under another number there may be another one's counters, or new ones.
    let is_elsewhere = earlier.index.is_some() && later.index.is_some() && earlier.index != later.index;
    if is_elsewhere || discontinuity::is_told(earlier, later) {
        return Err(Refusal::Discontinued);
    }
    let mut amounts = Amounts::UNKNOWN;
    for quantity in Quantity::ALL {
        let (mut fell, mut is_ambiguous) = (false, false);
        let amount = add_up(quantity, |counter| {
            let advance = Advance::of(counter, earlier, later, passage);
            fell |= advance == Advance::Fell;
            is_ambiguous |= matches!(advance, Advance::By(_)) && may_wrap_twice(counter, later, passage);
            advance.amount()
        });
        if matches!(quantity, Quantity::InOctets | Quantity::OutOctets) {
            if fell {
                return Err(Refusal::Fell);
            }
            if is_ambiguous {
                return Err(Refusal::Ambiguous);
            }
        }
        let is_counted = !plausible::is_yet_to_begin(earlier, quantity);
        amounts.set(quantity, if fell || !is_counted { None } else { amount });
    }
    plausible::check(amounts, passage.believed().and_then(|speed| speed.octets_in(passage.at_most)))
}

/// What one counter did between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Advance {
    By(u64),
    Fell,
    Unknown,
}

impl Advance {
    fn of(counter: Counter, earlier: &Reading, later: &Reading, passage: Passage) -> Self {
        match (earlier.get(counter), later.get(counter)) {
            // Only where both have it, and it is the same counter: a source may fall back from 64 bits to 32.
            (Some((before, width)), Some((now, width_now))) if width == width_now => {
                match now.checked_sub(before) {
                    Some(amount) => Self::By(amount),
                    None if width == Width::Bits32 => {
                        // Both are below 2^32, so this is what a counter that wrapped once has advanced by.
                        let amount = now + (1 << 32) - before;
                        if amount <= most(counter, passage) { Self::By(amount) } else { Self::Fell }
                    }
                    None => Self::Fell,
                }
            }
            (None, None) => Self::Unknown,
            // It came, went or changed its width: not known this once. Even for a part of a sum that could be done
            // without, or the sum would seem to have dropped.
            _ if counter.is_essential() => Self::Unknown,
            _ => Self::Fell,
        }
    }

    const fn amount(self) -> Option<u64> {
        match self {
            Self::By(amount) => Some(amount),
            Self::Fell | Self::Unknown => None,
        }
    }
}

/// Whether the link could have carried more in that time than a 32-bit counter tells apart.
fn may_wrap_twice(counter: Counter, reading: &Reading, passage: Passage) -> bool {
    let is_narrow = reading.get(counter).is_some_and(|(_, width)| width == Width::Bits32);
    let carried = passage.speed.and_then(|speed| speed.octets_in(passage.took));
    is_narrow && carried.is_some_and(|octets| octets > u64::from(u32::MAX))
}

/// The most that a 32-bit counter that fell may have advanced by to be taken for one that wrapped.
fn most(counter: Counter, passage: Passage) -> u64 {
    /// A counter that lost more than it had left was more likely cleared.
    const HALF: u64 = 1 << 31;
    /// One that had so little left was most likely about to wrap, where nothing is known of its link; and where it is
    /// known how much passed at most so far.
    const LITTLE: u64 = 1 << 29;
    const LEAST: u64 = 1 << 26;
    /// What passes may become so many times as much as was seen before.
    const TIMES: u64 = 4;
    /// No packet is shorter on the wire than an Ethernet frame with its preamble and gap.
    const OCTETS_A_PACKET: u64 = 84;

    let is_octets = matches!(counter.quantity(), Quantity::InOctets | Quantity::OutOctets);
    if let Some(octets) = passage.believed().and_then(|speed| speed.octets_in(passage.at_most)) {
        return if is_octets { octets } else { octets / OCTETS_A_PACKET };
    }
    match passage.busiest {
        Some(busiest) if is_octets => {
            let seen = u128::from(busiest.saturating_mul(TIMES)) * passage.at_most.as_micros() / 1_000_000;
            u64::try_from(seen).unwrap_or(HALF).clamp(LEAST, HALF)
        }
        _ => LITTLE,
    }
}

/// Whether the agent started again between two readings.
///
/// `sysUpTime` falls then, but for two cases: it also falls when it wraps after 497 days, and it does not fall where the
/// agent had only just been started before.
#[must_use]
pub fn was_restarted(earlier: &Reading, later: &Reading) -> bool {
    /// What an agent's clock may differ from ours by, and what a reply may be on its way.
    const SLACK: Duration = Duration::from_secs(5);

    let (Some(before), Some(now)) = (earlier.uptime, later.uptime) else { return false };
    let elapsed = later.at.since(earlier.at);
    let advanced = Uptime::from_ticks(now.ticks().wrapping_sub(before.ticks())).duration();
    let kept_pace = advanced + SLACK >= elapsed && advanced <= elapsed + elapsed / 8 + SLACK;
    if kept_pace {
        return false;
    }
    // Out of step. Agents' clocks are stepped, and devices sleep; but what has been up for longer than the time between
    // the readings, and went forwards, was not restarted between them.
    // And there are agents whose uptime stands still.
    now.ticks() < before.ticks() || (now != before && now.duration() <= elapsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Monotonic;

    const GIGABIT: Option<Speed> = Some(Speed::from_bits_per_second(1_000_000_000));

    fn reading(seconds: u64) -> Reading {
        Reading::new(Monotonic::new(Duration::from_secs(seconds)), None)
    }

    fn up(seconds: u64, ticks: u32) -> Reading {
        Reading::new(Monotonic::new(Duration::from_secs(seconds)), Some(Uptime::from_ticks(ticks)))
    }

    fn narrow(seconds: u64, counter: Counter, value: u64) -> Reading {
        let mut reading = reading(seconds);
        reading.set(counter, value, Width::Bits32);
        reading
    }

    #[track_caller]
    fn check(earlier: Reading, later: Reading, expected: Result<&[(Quantity, u64)], GapReason>) {
        check_at(GIGABIT, earlier, later, expected);
    }

    #[track_caller]
    fn check_at(
        speed: Option<Speed>,
        earlier: Reading,
        later: Reading,
        expected: Result<&[(Quantity, u64)], GapReason>,
    ) {
        let expected = expected.map(|amounts| {
            amounts.iter().fold(Amounts::UNKNOWN, |all, (quantity, amount)| all.with(*quantity, *amount))
        });
        assert_eq!(difference(&earlier, &later, speed), expected);
    }

    #[test]
    fn a_counter_that_advanced_has_advanced_by_the_difference() {
        check(
            reading(0).with(Counter::InOctets, 1_000),
            reading(1).with(Counter::InOctets, 1_500),
            Ok(&[(Quantity::InOctets, 500)]),
        );
    }

    #[test]
    fn equal_readings_are_a_true_zero() {
        check(
            reading(0).with(Counter::OutOctets, 7),
            reading(1).with(Counter::OutOctets, 7),
            Ok(&[(Quantity::OutOctets, 0)]),
        );
    }

    #[test]
    fn a_32_bit_counter_that_falls_has_wrapped_where_the_link_allows_it() {
        check(
            narrow(0, Counter::InOctets, 4_294_967_000),
            narrow(1, Counter::InOctets, 704),
            Ok(&[(Quantity::InOctets, 1_000)]),
        );
    }

    #[test]
    fn a_32_bit_counter_that_wrapped_onto_zero_has_advanced_by_what_was_left() {
        check(
            narrow(0, Counter::InOctets, u64::from(u32::MAX)),
            narrow(1, Counter::InOctets, 0),
            Ok(&[(Quantity::InOctets, 1)]),
        );
    }

    #[test]
    fn a_32_bit_counter_that_falls_by_more_than_the_link_carries_was_cleared() {
        check(
            narrow(0, Counter::InOctets, 3_000_000_000),
            narrow(1, Counter::InOctets, 0),
            Err(GapReason::Discontinuity),
        );
    }

    #[test]
    fn without_a_speed_a_32_bit_counter_that_lost_less_than_half_was_cleared() {
        check_at(
            None,
            narrow(0, Counter::InOctets, 1_000_000_000),
            narrow(1, Counter::InOctets, 0),
            Err(GapReason::Discontinuity),
        );
        check_at(
            None,
            narrow(0, Counter::InOctets, 4_000_000_000),
            narrow(1, Counter::InOctets, 0),
            Ok(&[(Quantity::InOctets, 294_967_296)]),
        );
    }

    #[test]
    fn a_32_bit_counter_that_may_have_wrapped_more_than_once_says_nothing() {
        check(
            narrow(0, Counter::InOctets, 1_000),
            narrow(34, Counter::InOctets, 2_000),
            Ok(&[(Quantity::InOctets, 1_000)]),
        );
        check(narrow(0, Counter::InOctets, 1_000), narrow(60, Counter::InOctets, 2_000), Err(GapReason::Ambiguous));
        check_at(
            None,
            narrow(0, Counter::InOctets, 1_000),
            narrow(60, Counter::InOctets, 2_000),
            Ok(&[(Quantity::InOctets, 1_000)]),
        );
    }

    #[test]
    fn a_32_bit_packet_counter_wraps_too() {
        check(
            narrow(0, Counter::OutPackets, 4_294_967_290),
            narrow(1, Counter::OutPackets, 4),
            Ok(&[(Quantity::OutPackets, 10)]),
        );
    }

    #[test]
    fn a_64_bit_counter_near_its_end_is_subtracted_exactly() {
        check(
            reading(0).with(Counter::InOctets, u64::MAX - 10),
            reading(1).with(Counter::InOctets, u64::MAX),
            Ok(&[(Quantity::InOctets, 10)]),
        );
    }

    #[test]
    fn a_64_bit_counter_that_goes_backwards_is_a_discontinuity() {
        check(
            reading(0).with(Counter::InOctets, u64::MAX),
            reading(1).with(Counter::InOctets, 5),
            Err(GapReason::Discontinuity),
        );
    }

    #[test]
    fn a_packet_counter_that_goes_backwards_is_unknown_and_the_octets_stay() {
        check(
            reading(0).with(Counter::InOctets, 10).with(Counter::InPackets, 10),
            reading(1).with(Counter::InOctets, 30).with(Counter::InPackets, 5),
            Ok(&[(Quantity::InOctets, 20)]),
        );
    }

    #[test]
    fn packets_are_the_sum_of_all_kinds_that_are_counted() {
        check(
            reading(0).with(Counter::InPackets, 1).with(Counter::InMulticast, 10).with(Counter::InBroadcast, 100),
            reading(1).with(Counter::InPackets, 3).with(Counter::InMulticast, 14).with(Counter::InBroadcast, 108),
            Ok(&[(Quantity::InPackets, 14)]),
        );
        check(
            reading(0).with(Counter::InPackets, 1),
            reading(1).with(Counter::InPackets, 3),
            Ok(&[(Quantity::InPackets, 2)]),
        );
    }

    #[test]
    fn a_kind_of_packets_that_came_or_went_makes_the_sum_unknown() {
        let with = reading(0).with(Counter::InPackets, 1).with(Counter::InMulticast, 10);
        let without = reading(1).with(Counter::InPackets, 3);
        check(with, without, Ok(&[]));
        check(without, with, Ok(&[]));
    }

    #[test]
    fn a_missing_counter_is_unknown_and_not_zero() {
        check(reading(0).with(Counter::InErrors, 1), reading(1), Ok(&[]));
        check(reading(0), reading(1).with(Counter::InErrors, 1), Ok(&[]));
    }

    #[test]
    fn a_counter_that_changed_its_width_is_unknown() {
        check(narrow(0, Counter::InOctets, 5), reading(1).with(Counter::InOctets, 8_000_000_000), Ok(&[]));
    }

    #[test]
    fn an_uptime_that_fell_is_a_restart() {
        check(
            up(0, 500_000).with(Counter::InOctets, 1),
            up(1, 10).with(Counter::InOctets, 2),
            Err(GapReason::Restarted),
        );
    }

    #[test]
    fn an_uptime_that_rose_but_is_shorter_than_the_interval_is_a_restart() {
        check(
            up(0, 500).with(Counter::InOctets, 1),
            up(60, 2_000).with(Counter::InOctets, 2),
            Err(GapReason::Restarted),
        );
    }

    #[test]
    fn an_uptime_that_wraps_after_497_days_is_no_restart() {
        check(
            up(0, u32::MAX - 49).with(Counter::InOctets, 1),
            up(1, 50).with(Counter::InOctets, 2),
            Ok(&[(Quantity::InOctets, 1)]),
        );
    }

    #[test]
    fn an_octet_counter_that_rises_by_more_than_the_link_carries_is_implausible() {
        check(
            reading(0).with(Counter::InOctets, 0),
            reading(1).with(Counter::InOctets, 1_000_000_000),
            Err(GapReason::Implausible),
        );
    }

    #[test]
    fn a_packet_counter_that_begins_at_0_and_jumps_to_its_total_is_unknown() {
        check(
            reading(0).with(Counter::InOctets, 9_000_000).with(Counter::InPackets, 0),
            reading(1).with(Counter::InOctets, 9_001_000).with(Counter::InPackets, 60_000),
            Ok(&[(Quantity::InOctets, 1_000)]),
        );
    }

    #[test]
    fn a_discontinuity_that_the_agent_tells_of_is_one_though_no_counter_fell() {
        let mut later = up(1, 500_100).with(Counter::InOctets, 2);
        later.discontinuity = Some(Uptime::from_ticks(500_050));
        let mut earlier = up(0, 500_000).with(Counter::InOctets, 1);
        earlier.discontinuity = Some(Uptime::from_ticks(0));
        check(earlier, later, Err(GapReason::Discontinuity));
    }

    #[test]
    fn counters_under_another_index_are_others() {
        let under = |index, seconds, octets| {
            let mut reading = reading(seconds).with(Counter::InOctets, octets);
            reading.index = index;
            reading
        };
        check(under(Some(1), 0, 1), under(Some(2), 1, 5), Err(GapReason::Discontinuity));
        check(under(Some(1), 0, 1), under(Some(1), 1, 5), Ok(&[(Quantity::InOctets, 4)]));
        check(under(None, 0, 1), under(Some(1), 1, 5), Ok(&[(Quantity::InOctets, 4)]));
    }

    #[test]
    fn an_agent_whose_uptime_stands_still_was_not_restarted() {
        check(
            up(0, 100).with(Counter::InOctets, 1),
            up(60, 100).with(Counter::InOctets, 2),
            Ok(&[(Quantity::InOctets, 1)]),
        );
    }

    #[test]
    fn an_agent_whose_clock_lags_was_not_restarted() {
        check(
            up(0, 10_000_000).with(Counter::InOctets, 1),
            up(60, 10_003_000).with(Counter::InOctets, 2),
            Ok(&[(Quantity::InOctets, 1)]),
        );
    }

    #[test]
    fn a_true_wrap_of_an_interface_with_a_nominal_speed_is_told() {
        check_at(
            Some(Speed::from_bits_per_second(10_000_000)),
            narrow(0, Counter::InOctets, 4_290_000_000),
            narrow(1, Counter::InOctets, 20_000_000),
            Ok(&[(Quantity::InOctets, 24_967_296)]),
        );
    }

    #[test]
    fn a_speed_that_may_be_higher_tells_that_counters_wrap_and_limits_nothing() {
        // `ifSpeed` of a link of 10 Gbit/s whose agent has no `ifHighSpeed`.
        let or_higher = Some(Speed::from_bits_per_second(u64::from(u32::MAX)));
        let in_ten_seconds = 12_500_000_000 % (1 << 32);
        check_at(
            or_higher,
            narrow(0, Counter::InOctets, 0),
            narrow(10, Counter::InOctets, in_ten_seconds),
            Err(GapReason::Ambiguous),
        );
        check_at(
            or_higher,
            reading(0).with(Counter::InOctets, 0),
            reading(10).with(Counter::InOctets, 12_500_000_000),
            Ok(&[(Quantity::InOctets, 12_500_000_000)]),
        );
    }

    #[test]
    fn without_a_speed_a_wrap_is_of_a_few_times_what_passed_before_at_most() {
        let wraps = |before, busiest| {
            let (earlier, later) = (narrow(0, Counter::InOctets, before), narrow(1, Counter::InOctets, 0));
            let passage = Passage { busiest, ..Passage::between(&earlier, &later, None) };
            passed(&earlier, &later, passage).is_ok()
        };
        assert!(!wraps(3_000_000_000, None));
        assert!(!wraps(3_000_000_000, Some(25_000_000)));
        assert!(wraps(3_000_000_000, Some(1_000_000_000)));
        assert!(wraps(4_200_000_000, Some(25_000_000)));
        assert!(!wraps(4_200_000_000, Some(1_000)));
        assert!(wraps(4_290_000_000, Some(1_000)));
    }

    #[test]
    fn no_spike_hides_in_the_slack_of_a_short_time() {
        let after = |millis, octets| {
            let reading = Reading::new(Monotonic::new(Duration::from_millis(millis)), None);
            reading.with(Counter::InOctets, octets)
        };
        let nothing = reading(0).with(Counter::InOctets, 0);
        check(nothing, after(1_000, 249_000_000), Err(GapReason::Implausible));
        check(nothing, after(100, 137_000_000), Err(GapReason::Implausible));
        check(nothing, after(1_000, 125_000_000), Ok(&[(Quantity::InOctets, 125_000_000)]));
    }

    #[test]
    fn what_may_have_taken_longer_than_the_readings_are_apart_is_plausible() {
        let (earlier, later) =
            (reading(0).with(Counter::InOctets, 0), reading(7).with(Counter::InOctets, 1_200_000_000));
        let passage = Passage::between(&earlier, &later, GIGABIT);
        assert_eq!(passed(&earlier, &later, passage), Err(Refusal::Implausible));
        let passage = Passage { at_most: Duration::from_secs(12), ..passage };
        assert!(passed(&earlier, &later, passage).is_ok());
    }

    #[test]
    fn unicast_packets_that_begin_at_0_are_unknown_until_they_are_all_there() {
        // net-snmp, with its cache filled once and for the second time.
        check(
            reading(0).with(Counter::InOctets, 90_000_000).with(Counter::InPackets, 0),
            reading(3).with(Counter::InOctets, 93_000_000).with(Counter::InPackets, 93_000),
            Ok(&[(Quantity::InOctets, 3_000_000)]),
        );
        check(
            reading(3).with(Counter::InOctets, 93_000_000).with(Counter::InPackets, 93_000),
            reading(6).with(Counter::InOctets, 96_000_000).with(Counter::InPackets, 96_000),
            Ok(&[(Quantity::InOctets, 3_000_000), (Quantity::InPackets, 3_000)]),
        );
    }
}
