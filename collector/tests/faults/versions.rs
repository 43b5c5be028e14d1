//! Versions of the protocol, and IPv6.

use std::net::{Ipv6Addr, UdpSocket};

use stats::Quantity;
use test_agent::{Agent, Count, Device, Of, Port, Versions, name, switch};

use crate::scene::{Scene, gaps, octets};

/// With this interface being the one that is looked at.
const FIRST: &str = "Gi1";

#[test]
fn a_device_of_v1_is_read_by_its_32_bit_counters() {
    let mut device = Device::new(switch(12, Port::Wide));
    device.versions = Versions::V1;
    // What it does not have is an error of the whole answer.
    device.unset(&name("1.3.6.1.2.1.2.2.1.14.2"));
    // More than 32 bits hold, and about to wrap in them.
    device.set_counter(Of::All, Count::InOctets, (7 << 32) - 1_500_000);
    let scene = Scene::with(Agent::serving(device), &["--snmp-version", "1", "--timeout", "250ms", "--retries", "4"]);
    let beginning = scene.begin("Gi1", 1);
    scene.wait_until("a wrap", || scene.device().counter(1, Count::InOctets) > Some(7 << 32));
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    assert_eq!(scene.target().unwrap().source.as_deref(), Some("SNMP v1"));
    let second = scene.samples("Gi2");
    assert!(gaps(&second).is_empty() && second.iter().any(|sample| octets(sample) > Some(0)), "{second:#?}");
    assert!(second.iter().all(|sample| sample.passed.get(Quantity::InErrors).is_none()), "{second:#?}");
    scene.end(FIRST).check_unbroken(&counted);
}

#[test]
fn a_device_that_speaks_another_version_does_not_answer() {
    let mut device = Device::new(switch(2, Port::Wide));
    device.versions = Versions::V1;
    let scene = Scene::with(Agent::serving(device), &["--timeout", "200ms"]);
    scene.wait_until("a problem", || scene.problem().is_some());
    assert!(scene.problem().unwrap().contains("no answer from 127.0.0.1"));
    assert_eq!(scene.end(FIRST).warnings().len(), 1);
}

#[test]
fn a_device_is_read_over_ipv6() {
    if UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        eprintln!("this machine has no IPv6");
        return;
    }
    let device = Device::new(switch(2, Port::Wide));
    let agent = Agent::serving_all([((Ipv6Addr::LOCALHOST, 0).into(), device)]).unwrap();
    let scene = Scene::with(agent, &["--timeout", "250ms", "--retries", "4"]);
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end(FIRST).check_unbroken(&counted);
}

#[test]
fn a_dead_device_costs_the_others_nothing() {
    let mut dead = Device::new(switch(2, Port::Wide));
    dead.misbehave(test_agent::Fault::Drop);
    let devices = [Device::new(switch(2, Port::Wide)), dead];
    let agent = Agent::serving_all(devices.map(|device| (([127, 0, 0, 1], 0).into(), device))).unwrap();
    let scene = Scene::with(agent, &["--timeout", "250ms", "--retries", "4"]);
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 6);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end(FIRST).check_unbroken(&counted);
}
