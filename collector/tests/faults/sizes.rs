//! Devices and networks that bear little.

use test_agent::{Device, Fault, Port, switch};

use crate::scene::Scene;

/// Lets a switch of forty ports bear little from the beginning: all of it is read.
#[track_caller]
fn check_is_borne(prepare: impl FnOnce(&mut Device)) {
    let mut device = Device::new(switch(40, Port::Wide));
    prepare(&mut device);
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi40", 40);
    scene.wait_for_traffic("Gi40", 4);
    scene.ebb("Gi40");
    let counted = beginning.counted(&scene);
    assert_eq!(scene.target().unwrap().interfaces.len(), 40);
    scene.end("Gi40").check_unbroken(&counted);
}

#[test]
fn an_agent_that_says_too_big() {
    check_is_borne(|device| device.misbehave(Fault::TooBigAbove(30)));
}

#[test]
fn a_way_that_loses_large_answers() {
    check_is_borne(|device| device.misbehave(Fault::LostAbove(30)));
}

#[test]
fn an_agent_whose_answers_have_484_octets_at_the_most() {
    check_is_borne(|device| device.largest_answer = 484);
}

#[test]
fn an_agent_that_does_not_know_getbulk() {
    check_is_borne(|device| device.misbehave(Fault::NoBulk));
}
