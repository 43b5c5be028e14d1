//! Answers that do not come, or come late, twice or in another order.

use std::time::Duration;

use stats::GapReason;
use test_agent::{Device, Fault, Port, Spoil, When, switch};

use crate::scene::{RATE, Scene, octets};

/// Lets traffic pass while this is wrong: it leaves no trace.
#[track_caller]
fn check_is_not_seen(device: Device, when: When, fault: Fault) {
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi1", 1);
    scene.device().misbehave_when(when, fault);
    scene.wait_for_traffic("Gi1", 6);
    assert!(scene.device().faults_shown() > 1, "it was seen by nobody");
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

fn two_ports() -> Device {
    Device::new(switch(2, Port::Wide))
}

#[test]
fn each_third_datagram_is_lost() {
    check_is_not_seen(two_ports(), When::Every(3), Fault::Drop);
}

#[test]
fn datagrams_are_lost_by_chance() {
    let scene = Scene::of(two_ports());
    let beginning = scene.begin("Gi1", 1);
    scene.device().misbehave_when(When::Percent(20), Fault::Drop);
    scene.wait_until("some losses", || scene.device().faults_shown() > 4);
    scene.wait_for_traffic("Gi1", 2);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

#[test]
fn answers_that_take_longer_at_times_bend_no_line() {
    let scene = Scene::of_switch();
    let beginning = scene.begin("Gi1", 1);
    // The middle between question and answer is off by a third of the interval half of the time.
    scene.device().misbehave_when(When::Every(2), Fault::Delay(Duration::from_millis(70)));
    // Until the agent's clock is known.
    scene.wait_for_traffic("Gi1", 60);
    let from = scene.samples("Gi1").len();
    scene.wait_for_traffic("Gi1", 20);
    let samples = scene.samples("Gi1").split_off(from);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
    let rates =
        samples.iter().map(|sample| u128::from(octets(sample).unwrap()) * 1_000_000 / sample.duration.as_micros());
    // The agent tells hundredths of a second, which are tenths of the interval.
    let bent = rates.filter(|rate| rate.abs_diff(u128::from(RATE)) > u128::from(RATE) / 5).count();
    // A machine that is busy may keep even the agent waiting, between its clock and its counters.
    assert!(bent <= samples.len() / 10, "{samples:#?}");
}

#[test]
fn for_a_moment_nothing_comes() {
    let scene = Scene::of(two_ports());
    let beginning = scene.begin("Gi1", 1);
    {
        let mut device = scene.device();
        let now = device.now();
        device.misbehave_when(When::Between(now, now + Duration::from_millis(400)), Fault::Drop);
    }
    scene.wait_for_traffic("Gi1", 6);
    assert!(scene.device().faults_shown() > 0, "it was seen by nobody");
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

#[test]
fn each_answer_is_late() {
    check_is_not_seen(two_ports(), When::Always, Fault::Delay(Duration::from_millis(30)));
}

#[test]
fn some_answers_are_later_than_the_next_question() {
    check_is_not_seen(two_ports(), When::Every(3), Fault::Delay(Duration::from_millis(290)));
}

#[test]
fn each_answer_comes_twice() {
    check_is_not_seen(two_ports(), When::Always, Fault::Before(Spoil::Copy));
}

#[test]
fn answers_come_in_another_order() {
    // So many interfaces that several questions are on their way at a time.
    let device = Device::new(switch(40, Port::Wide));
    check_is_not_seen(device, When::Always, Fault::Reorder(2, Duration::from_millis(20)));
}

#[test]
fn silence_is_a_gap_whose_last_sample_has_what_passed_meanwhile() {
    let scene = Scene::of_switch_in_haste();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    scene.device().misbehave(Fault::Drop);
    scene.wait_for("Gi1", "a gap of two samples", |samples| {
        samples.iter().rev().take(2).all(|sample| sample.gap == Some(GapReason::NoAnswer))
    });
    assert!(scene.problem().unwrap().contains("no answer from 127.0.0.1"));
    scene.device().behave();
    scene.wait_for_traffic("Gi1", 3);
    assert_eq!(scene.problem(), None);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_broken_by(&GapReason::NoAnswer, &counted);
    // However long it was, it is said once that it began.
    assert_eq!(story.warnings().len(), 1, "{}", story.log);
    assert_eq!(story.log.matches("answers again").count(), 1, "{}", story.log);
}

#[test]
fn a_device_that_is_not_there_at_first_is_read_as_soon_as_it_is() {
    let mut device = Device::new(switch(2, Port::Wide));
    device.misbehave(Fault::Drop);
    let scene = Scene::of(device);
    scene.wait_until("a problem", || scene.problem().is_some());
    scene.device().behave();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_sum(&counted);
    assert_eq!(story.warnings().len(), 1, "{}", story.log);
}
