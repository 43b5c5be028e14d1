//! Counters that wrap, jump, and go backwards.

use std::time::Duration;

use stats::{GapReason, Quantity, Sample};
use test_agent::{Agent, Count, Device, Effect, Of, Port, Refresh, Until, switch};

use crate::scene::{RATE, SLACK, Scene, gaps, sum};

/// More than a link of 1 Gbit/s carries while these tests run.
const TOO_MUCH: u64 = 1 << 40;

#[test]
fn a_32_bit_counter_that_wraps_has_counted_on() {
    let mut device = Device::new(switch(2, Port::Narrow));
    // A second or two before it wraps.
    device.set_counter(Of::All, Count::InOctets, (1 << 32) - 1_500_000);
    let scene = Scene::with(Agent::serving(device), &["--timeout", "250ms", "--retries", "4"]);
    let beginning = scene.begin("GigabitEthernet1", 1);
    scene.wait_until("a wrap", || scene.device().counter(1, Count::InOctets) < Some(1 << 31));
    scene.wait_for_traffic("GigabitEthernet1", 3);
    scene.ebb("GigabitEthernet1");
    let counted = beginning.counted(&scene);
    let story = scene.end("GigabitEthernet1");
    assert!(gaps(&story.samples).is_empty(), "{:#?}", story.samples);
    story.check_unbroken(&counted);
}

#[test]
fn one_reading_that_no_link_can_have_carried_is_refused_and_nothing_is_lost() {
    let scene = Scene::of_switch();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    scene.device().glitch(Of::Interface(1), Count::InOctets, Effect::Ahead(TOO_MUCH), Until::Readings(1));
    scene.wait_for_gap(&GapReason::Implausible);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_broken_by(&GapReason::Implausible, &counted);
}

#[test]
fn a_jump_that_no_link_can_have_carried_is_no_traffic() {
    let scene = Scene::of_switch();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    scene.device().add(Of::Interface(1), Count::InOctets, TOO_MUCH);
    scene.wait_for_gap(&GapReason::Implausible);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    // Without the jump, which is beyond the 32 bits that are counted here.
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    assert_eq!(gaps(&story.samples), [&GapReason::Implausible], "{:#?}", story.samples);
    story.check_shape();
    // What passed in the gap itself is not known.
    let gap = story.samples.iter().find(|sample| sample.gap.is_some()).unwrap().duration;
    let passed = sum(&story.samples, Quantity::InOctets);
    let missing = u64::try_from(u128::from(RATE) * (gap + SLACK).as_micros() / 1_000_000).unwrap();
    assert!(counted.iter().any(|counted| (passed..passed + missing).contains(counted)), "{passed} {counted:?}");
}

/// Nowhere more packets than can have passed, and known ones in the end.
#[track_caller]
fn check_packets(samples: &[Sample]) {
    let most = |sample: &Sample| u128::from(RATE / 1_000) * (sample.duration + SLACK).as_micros() / 1_000_000;
    let packets = |sample: &Sample| sample.passed.get(Quantity::InPackets);
    assert!(samples.iter().all(|sample| u128::from(packets(sample).unwrap_or(0)) <= most(sample)), "{samples:#?}");
    assert!(samples.iter().any(|sample| packets(sample) > Some(0)), "{samples:#?}");
    assert!(samples.last().is_some_and(|sample| packets(sample).is_some()), "{samples:#?}");
}

#[test]
fn unicast_packets_that_are_0_until_the_second_refresh_are_no_spike() {
    let mut device = Device::new(switch(2, Port::Wide));
    device.set_counter(Of::All, Count::InPackets, 1_000_000_000);
    device.refresh(Refresh::Timer { period: Duration::from_secs(1), jitter: Duration::ZERO });
    device.glitch(Of::All, Count::InPackets, Effect::Zero, Until::Refreshes(3));
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi1", 1);
    scene.wait_until("the third refresh", || scene.device().refreshes() > 3);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_unbroken(&counted);
    check_packets(&story.samples);
}

#[test]
fn unicast_packets_that_step_backwards_are_unknown_for_a_moment() {
    let mut device = Device::new(switch(2, Port::Wide));
    device.set_counter(Of::All, Count::InPackets, 1_000_000_000);
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    scene.device().set_counter(Of::All, Count::InPackets, 999_000_000);
    scene.wait_for("Gi1", "unknown packets", |samples| {
        samples.iter().any(|sample| sample.passed.get(Quantity::InPackets).is_none())
    });
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_unbroken(&counted);
    check_packets(&story.samples);
}
