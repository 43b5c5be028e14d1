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
fn three_thousand_interfaces_take_less_than_one_request_after_the_other_would() {
    const ROUND_TRIP: Duration = Duration::from_millis(5);

    let mut scene = distant(3_000, ROUND_TRIP);
    let requests = u32::try_from(scene.requests()).unwrap();
    let before = clock::monotonic();
    let interfaces = scene.read();
    let took = clock::monotonic().since(before);
    assert_eq!(interfaces.len(), 3_000);
    assert!(took < ROUND_TRIP * requests, "{took:?} for {requests} requests");
}

#[test]
fn each_answer_has_its_own_time_and_uptime() {
    const ROUND_TRIP: Duration = Duration::from_millis(100);

    let mut scene = distant(300, ROUND_TRIP);
    let interfaces = scene.read();
    let times: BTreeSet<_> = interfaces.iter().map(|(_, reading)| reading.at).collect();
    // Nine interfaces in each.
    assert_eq!(times.len(), 34);
    // The agent's clock and ours are the same one here: what was read later was true later.
    let mut readings: Vec<&Reading> = interfaces.iter().map(|(_, reading)| reading).collect();
    readings.sort_by_key(|reading| reading.at);
    let first = readings[0];
    let uptime = |reading: &Reading| reading.uptime.unwrap().duration();
    let since = |reading: &Reading| uptime(reading).abs_diff(uptime(first) + reading.at.since(first.at));
    let worst = readings.iter().map(|reading| since(reading)).max().unwrap();
    // Those of another answer would be off by a round trip at the least, and some by several.
    assert!(worst < ROUND_TRIP * 2, "{worst:?}");
}

#[test]
fn answers_that_overtake_each_other_are_told_apart() {
    let mut scene = distant(300, Duration::from_millis(10));
    scene.read();
    scene.device().misbehave(Fault::Reorder(3, Duration::from_millis(30)));
    let interfaces = scene.read();
    assert_eq!(interfaces.len(), 300);
    for (number, (interface, reading)) in interfaces.iter().enumerate() {
        assert_eq!(reading.index, interface.if_index);
        assert_eq!(interface.if_index, u32::try_from(number + 1).ok());
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
