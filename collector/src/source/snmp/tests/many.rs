//! Large devices, far away: several requests at a time, each with its own answer.

use std::collections::BTreeSet;

use test_agent::{Count, Of, Port, switch};

use super::*;

/// A large switch, whose every answer takes so long.
fn distant(ports: u32, delay: Duration) -> Scene {
    let mut device = Device::new(switch(ports, Port::Wide));
    device.set_rate(Of::All, Count::InOctets, 1_000);
    device.misbehave(Fault::Delay(delay));
    let mut scene = Scene::asking(device, Access::V2c(Community::public()), Selection::All);
    scene.read();
    scene
}

#[test]
fn many_requests_to_a_distant_device_are_on_their_way_together() {
    const ROUND_TRIP: Duration = Duration::from_millis(50);

    let mut scene = distant(300, ROUND_TRIP);
    scene.read();
    let before = clock::monotonic();
    assert_eq!(scene.requests(), 34);
    let took = clock::monotonic().since(before);
    // One after the other they would take 34 times as long as one.
    assert!(took < ROUND_TRIP * 34 / 2, "{took:?}");
}

#[test]
fn each_answer_has_its_own_time_and_uptime() {
    let mut scene = distant(300, Duration::from_millis(20));
    let interfaces = scene.read();
    let answers: BTreeSet<_> =
        interfaces.iter().map(|(_, reading)| (reading.at, reading.uptime.unwrap().ticks())).collect();
    // Of nine interfaces each.
    assert_eq!(answers.len(), 34);
    // Eight at a time take five times as long as one.
    let uptimes: BTreeSet<u32> = answers.iter().map(|(_, ticks)| *ticks).collect();
    assert!(uptimes.len() >= 5, "{uptimes:?}");
}

#[test]
fn answers_that_overtake_each_other_are_told_apart() {
    let mut scene = distant(300, Duration::from_millis(10));
    scene.read();
    scene.device().misbehave(Fault::Reorder(3, Duration::from_millis(30)));
    let interfaces = scene.read();
    assert_eq!(interfaces.len(), 300);
    for (number, (interface, reading)) in interfaces.iter().enumerate() {
        assert_eq!(reading.index, interface.if_index());
        assert_eq!(interface.if_index(), u32::try_from(number + 1).ok());
    }
}

#[test]
fn a_request_that_is_lost_is_asked_again_by_itself() {
    let mut scene = distant(300, Duration::from_millis(10));
    scene.read();
    let before = scene.device().answered;
    scene.device().misbehave_when(When::Times(1), Fault::Drop);
    assert_eq!(scene.read().len(), 300);
    assert_eq!(scene.device().answered - before, 34);
}

#[test]
fn of_more_interfaces_than_can_be_read_the_first_are() {
    let mut scene = Scene::with(switch(10_001, Port::Narrow), Selection::All);
    let interfaces = scene.read();
    assert_eq!(interfaces.len(), 10_000);
    assert_eq!(interfaces[9_999].0.if_index(), Some(10_000));
}
