//! Readings, and what is made of two of them.

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
fn check_at(speed: Option<Speed>, earlier: Reading, later: Reading, expected: Result<&[(Quantity, u64)], GapReason>) {
    let expected = expected
        .map(|amounts| amounts.iter().fold(Amounts::UNKNOWN, |all, (quantity, amount)| all.with(*quantity, *amount)));
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
    check(narrow(0, Counter::InOctets, 3_000_000_000), narrow(1, Counter::InOctets, 0), Err(GapReason::Discontinuity));
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
    check(up(0, 500_000).with(Counter::InOctets, 1), up(1, 10).with(Counter::InOctets, 2), Err(GapReason::Restarted));
}

#[test]
fn an_uptime_that_rose_but_is_shorter_than_the_interval_is_a_restart() {
    check(up(0, 500).with(Counter::InOctets, 1), up(60, 2_000).with(Counter::InOctets, 2), Err(GapReason::Restarted));
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
    let (earlier, later) = (reading(0).with(Counter::InOctets, 0), reading(7).with(Counter::InOctets, 1_200_000_000));
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
