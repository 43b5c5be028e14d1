//! How high graphs reach: round, in the unit in use, calm.

use stats::{Maxima, Speed};

use super::*;
use crate::options::Options;
use crate::units::{Prefixes, Unit, Units};

pub(in crate::plot) const BITS: Gauge =
    Gauge { unit: 1.0, thousand: 1_000.0, least: 10.0, holds: 0.0, fixed: None, spread: Spread::Linear };
const LOG: Gauge = Gauge { spread: Spread::Logarithmic, least: 10_000.0, ..BITS };

fn near(one: f64, other: f64) -> bool {
    (one / other - 1.0).abs() < 1e-9
}

#[track_caller]
fn check(peak: f64, gauge: Gauge, expected_top: f64, expected_step: f64) {
    let scale = Scale::fitting(peak, gauge);
    assert!(near(scale.top, expected_top), "{} is not {expected_top}", scale.top);
    assert!(near(scale.step, expected_step), "{} is not {expected_step}", scale.step);
}

#[test]
fn tops_and_steps_are_round() {
    check(941e6, BITS, 1e9, 5e8);
    check(1.1e6, BITS, 1.5e6, 5e5);
    check(190.0, BITS, 200.0, 100.0);
    check(2.5e6, BITS, 3e6, 1e6);
    check(3.3e6, BITS, 4e6, 2e6);
    check(5e6, BITS, 6e6, 2e6);
    check(998e6, BITS, 1e9, 5e8);
    check(7e3, BITS, 8e3, 2e3);
}

#[test]
fn they_are_round_in_the_unit_in_use() {
    let octets = Gauge { unit: 8.0, ..BITS };
    check(941e6, octets, 8.0 * 150e6, 8.0 * 50e6);
    let binary = Gauge { thousand: 1_024.0, ..octets };
    check(8.0 * 900.0 * 1_024.0, binary, 8.0 * 1_000.0 * 1_024.0, 8.0 * 500.0 * 1_024.0);
    check(8.0 * 1_020.0 * 1_024.0, binary, 8.0 * 1_048_576.0, 8.0 * 524_288.0);
    check(8.0 * 70.0 * 1_048_576.0, binary, 8.0 * 80.0 * 1_048_576.0, 8.0 * 20.0 * 1_048_576.0);
}

#[test]
fn a_full_link_fills_the_graph() {
    check(1_000_500_000.0, BITS, 1e9, 5e8);
    check(1_020_000_000.0, BITS, 1.5e9, 5e8);
}

#[test]
fn an_idle_interface_does_not_blow_up_its_noise() {
    check(0.0, BITS, 10.0, 5.0);
    check(3.0, BITS, 10.0, 5.0);
}

#[test]
fn what_is_pinned_stays_whatever_is_seen() {
    check(941e6, Gauge { fixed: Some(1e6), ..BITS }, 1e6, 5e5);
    check(0.0, Gauge { fixed: Some(155_520_000.0), ..BITS }, 155_520_000.0, 5e7);
    let lines = Scale::fitting(0.0, Gauge { fixed: Some(155_520_000.0), ..BITS }).lines();
    assert_eq!(lines, [150e6, 100e6, 50e6]);
}

#[test]
fn a_maximum_is_held_and_may_be_exceeded() {
    let gauge = Gauge { holds: 50e6, ..BITS };
    check(1e6, gauge, 60e6, 20e6);
    check(90e6, gauge, 100e6, 50e6);
}

#[track_caller]
fn check_followed(peaks: &[f64], expected_tops: &[f64]) {
    let mut scale = Scale::fitting(0.0, BITS);
    let tops = peaks.iter().map(|peak| {
        scale = scale.followed_by(*peak, BITS);
        scale.top.round()
    });
    assert_eq!(tops.collect::<Vec<f64>>(), expected_tops);
}

#[test]
fn it_rises_at_once() {
    check_followed(&[50.0, 5_000.0], &[60.0, 6_000.0]);
}

#[test]
fn it_falls_when_there_is_room_to_spare() {
    check_followed(&[180.0, 140.0, 110.0, 10.0], &[200.0, 200.0, 150.0, 15.0]);
}

#[test]
fn a_peak_that_wavers_about_a_top_moves_it_once() {
    check_followed(&[199.0, 204.0, 199.0, 205.0, 190.0], &[200.0, 300.0, 300.0, 300.0, 300.0]);
}

#[test]
fn what_the_viewer_chooses_holds_at_once() {
    let high = Scale::fitting(190.0, BITS);
    let octets = Gauge { unit: 8.0, ..BITS };
    assert_eq!(high.followed_by(190.0, octets), Scale::fitting(190.0, octets));
}

#[test]
fn every_change_is_followed_as_far_as_the_eye_can() {
    let [one, two, far] = [90.0, 190.0, 90e6].map(|peak| Scale::fitting(peak, BITS));
    assert_eq!(two.settles_from(one), Some(2.0));
    assert_eq!(one.settles_from(one), None);
    assert_eq!(far.settles_from(one), Some(10.0));
    assert_eq!(one.settles_from(far), Some(0.1));
    assert_eq!(Scale::fitting(190.0, LOG).settles_from(one), None);
}

#[test]
fn ten_times_as_much_is_a_step_higher() {
    let scale = Scale::fitting(700e6, LOG);
    assert!(near(scale.top, 1e9));
    let heights = [1e6, 1e7, 1e8, 1e9].map(|rate| scale.height(rate));
    let steps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.iter().all(|step| (step - 1.0 / 6.0).abs() < 0.005), "{steps:?}");
    assert!(scale.height(0.0).abs() < 1e-9, "nothing is at the line");
    assert_eq!(scale.lines(), [1e9, 1e7, 1e5]);
}

#[test]
fn a_logarithmic_scale_settles_as_a_whole() {
    let (low, high) = (Scale::fitting(90e6, LOG), Scale::fitting(900e6, LOG));
    let ratio = high.settles_from(low).unwrap();
    for rate in [0.0, 1e4, 1e6, 9e7] {
        assert!((high.height(rate) * ratio - low.height(rate)).abs() < 1e-9, "{rate}");
    }
}

#[test]
fn a_gauge_is_what_the_viewer_has_chosen_where_that_is_known() {
    let max = Maxima { in_octets: Some(1_000_000), out_octets: Some(500_000), ..Maxima::default() };
    let speed = Some(Speed::from_bits_per_second(100_000_000));
    let about = stats::Interface { speed, max: Some(Box::new(max)), ..stats::Interface::default() };
    let gauge = |reach, traffic| {
        let units = Units { unit: Unit::Octets, prefixes: Prefixes::Binary };
        let options = Options { units, reach, ..Options::default() };
        let gauge = Gauge::of(traffic, &Setting::of(&options, &about));
        (gauge.unit, gauge.thousand, gauge.holds, gauge.fixed)
    };
    assert_eq!(gauge(Reach::Auto, Traffic::Octets), (8.0, 1_024.0, 0.0, None));
    assert_eq!(gauge(Reach::Link, Traffic::Octets), (8.0, 1_024.0, 0.0, Some(1e8)));
    assert_eq!(gauge(Reach::Max, Traffic::Octets), (8.0, 1_024.0, 8e6, None));
    assert_eq!(gauge(Reach::Pinned(5_000_000), Traffic::Octets), (8.0, 1_024.0, 0.0, Some(5e6)));
    assert_eq!(gauge(Reach::Pinned(5_000_000), Traffic::Packets), (1.0, 1_000.0, 0.0, None));
    assert_eq!(gauge(Reach::Max, Traffic::Packets), (1.0, 1_000.0, 0.0, None));
}
