//! Devices that begin anew, and interfaces that are cleared, go, or get other numbers.

use stats::{GapReason, Quantity};
use test_agent::{Count, Of};

use crate::scene::{Scene, Story, is_known, octets, sum};

/// What came before a break and after it is right, and of the break itself nothing is said.
#[track_caller]
fn check_begins_anew(story: &Story, reason: &GapReason, before: u64, after: u64) {
    let at = story.samples.iter().position(|sample| sample.gap.as_ref() == Some(reason));
    let (earlier, later) = story.samples.split_at(at.unwrap());
    let most: u64 = earlier.iter().filter_map(octets).sum();
    // The last of what passed before it was seen by nobody.
    assert!(most <= before && most > 0, "{before} passed: {:#?}", story.samples);
    let rest: u64 = later.iter().filter_map(octets).sum();
    assert!(rest <= after && rest > 0, "{after} passed: {:#?}", story.samples);
    assert!(later.iter().skip(1).all(is_known), "{:#?}", story.samples);
    story.check_shape();
}

#[test]
fn a_restart_is_a_gap_and_counters_go_on_from_0() {
    let scene = Scene::of_switch();
    scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    let before = {
        let mut device = scene.device();
        let before = device.counter(1, Count::InOctets).unwrap();
        device.restart();
        before
    };
    scene.wait_for_gap(&GapReason::Restarted);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let after = scene.device().counter(1, Count::InOctets).unwrap();
    check_begins_anew(&scene.end("Gi1"), &GapReason::Restarted, before, after);
}

#[test]
fn after_a_restart_with_other_numbers_interfaces_are_followed_by_name() {
    let scene = Scene::of_switch();
    scene.begin("Gi1", 1);
    // What is of the other interface is known by its counter.
    scene.device().set_counter(Of::Interface(2), Count::InOctets, 1 << 50);
    scene.wait_for_traffic("Gi1", 3);
    let before = {
        let mut device = scene.device();
        let before = device.counter(1, Count::InOctets).unwrap();
        device.restart();
        device.renumber(|index| 30 - index);
        device.set_counter(Of::Interface(28), Count::InOctets, 1 << 50);
        before
    };
    scene.wait_for_gap(&GapReason::Restarted);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let after = scene.device().counter(29, Count::InOctets).unwrap();
    let target = scene.target().unwrap();
    let indexes: Vec<_> = target.interfaces.iter().map(|one| (one.name.as_str(), one.if_index)).collect();
    assert_eq!(indexes, [("Gi1", Some(29)), ("Gi2", Some(28))]);
    check_begins_anew(&scene.end("Gi1"), &GapReason::Restarted, before, after);
}

#[test]
fn counters_that_are_cleared_are_a_discontinuity() {
    let scene = Scene::of_switch();
    scene.begin("Gi1", 1);
    let others_beginning = scene.begin("Gi2", 2);
    scene.wait_for_traffic("Gi1", 3);
    let before = {
        let mut device = scene.device();
        let before = device.counter(1, Count::InOctets).unwrap();
        device.clear_counters(Of::Interface(1));
        before
    };
    scene.wait_for_gap(&GapReason::Discontinuity);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let after = scene.device().counter(1, Count::InOctets).unwrap();
    let other = others_beginning.counted(&scene);
    let others = scene.samples("Gi2");
    assert!(other.contains(&sum(&others, Quantity::InOctets)), "{other:?} {others:#?}");
    check_begins_anew(&scene.end("Gi1"), &GapReason::Discontinuity, before, after);
}

#[test]
fn an_interface_that_is_gone_is_absent_and_the_others_go_on() {
    let scene = Scene::of_switch();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    scene.device().unplug(2);
    scene.wait_for("Gi2", "that it is absent", |samples| {
        samples.last().is_some_and(|sample| sample.gap == Some(GapReason::Absent))
    });
    scene.wait_for_traffic("Gi1", 2);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}
