//! Version 1: what is not there is an error of the whole answer, and no counter has 64 bits.

use stats::Width;
use test_agent::{Port, switch};

use super::*;

fn asking(recording: Recording) -> Scene {
    Scene::asking(Device::frozen(recording), Access::V1(Community::public()), Selection::All)
}

fn asking_of(text: &str) -> Scene {
    asking(recording(text))
}

#[test]
fn counters_of_32_bits_are_read_and_those_of_64_bits_are_not() {
    let mut scene = asking_of(TWO_PORTS);
    for _ in 0..2 {
        let interfaces = scene.read();
        assert_eq!(interfaces.len(), 2);
        // It has octets of 64 bits only in one direction each, but for those that v1 can't say.
        assert_eq!(interfaces[0].1.get(Counter::InOctets), Some((1, Width::Bits32)));
        assert_eq!(interfaces[0].1.get(Counter::OutOctets), Some((2, Width::Bits32)));
        assert_eq!(interfaces[1].1.get(Counter::InOctets), Some((20, Width::Bits32)));
        assert_eq!(interfaces[1].1.uptime.unwrap().ticks(), 1_000_000);
    }
}

#[test]
fn an_agent_of_v1_alone_is_not_heard_in_v2c_and_is_in_v1() {
    let mut device = Device::frozen(recording(TWO_PORTS));
    device.versions = test_agent::Versions::V1;
    let mut scene = Scene::asking(device, Access::V2c(Community::public()), Selection::All);
    scene.check_error("no answer from");
    let mut device = Device::frozen(recording(TWO_PORTS));
    device.versions = test_agent::Versions::V1;
    Scene::asking(device, Access::V1(Community::public()), Selection::All).check_names(&["Gi1", "Fa2"]);
}

#[test]
fn what_is_not_there_costs_no_request_once_it_is_known() {
    let mut scene = asking_of(TWO_PORTS);
    scene.read();
    assert_eq!([scene.requests(), scene.requests()], [1, 1]);
    // The uptime, ifNumber and two counters an interface.
    assert_eq!(scene.device().last_size, 6);
}

#[test]
fn many_interfaces_are_read_in_few_requests() {
    let mut scene = asking(switch(40, Port::Narrow));
    assert_eq!(scene.read().len(), 40);
    // Eight counters each: fourteen interfaces fit beside the uptime into 120.
    assert_eq!(scene.requests(), 3);
}

#[test]
fn indexes_with_holes_and_at_the_ends_of_their_range_are_read() {
    for indexes in [[0, 1], [5, 4_000_000], [2_147_483_649, u32::MAX]] {
        let mut device = Device::frozen(recording(TWO_PORTS));
        device.renumber(|index| indexes[index as usize - 1]);
        for access in [Access::V1(Community::public()), Access::V2c(Community::public())] {
            let mut device = Device::frozen(recording(TWO_PORTS));
            device.renumber(|index| indexes[index as usize - 1]);
            let mut scene = Scene::asking(device, access, Selection::All);
            for _ in 0..2 {
                let interfaces = scene.read();
                assert_eq!(interfaces.iter().map(|one| one.0.if_index().unwrap()).collect::<Vec<_>>(), indexes);
                assert_eq!(interfaces[1].1.get(Counter::InOctets), Some((20, Width::Bits32)));
            }
        }
    }
}

#[test]
fn an_interface_that_vanishes_is_left_out_and_costs_one_request_once() {
    let mut scene = asking_of(TWO_PORTS);
    scene.check_names(&["Gi1", "Fa2"]);
    scene.device().unplug(2);
    scene.check_names(&["Gi1"]);
    scene.check_names(&["Gi1"]);
    assert_eq!([scene.requests(), scene.requests()], [1, 1]);
}

#[test]
fn a_counter_that_vanishes_is_left_out_and_the_others_stay() {
    let mut scene = asking_of(TWO_PORTS);
    scene.read();
    scene.device().unset(&name("1.3.6.1.2.1.2.2.1.16.1"));
    assert_eq!(scene.octets()[0], ("Gi1".to_owned(), Some(1), None));
    assert_eq!(scene.octets()[0], ("Gi1".to_owned(), Some(1), None));
    assert_eq!([scene.requests(), scene.requests()], [1, 1]);
}

#[test]
fn an_agent_that_has_nothing_behind_its_counters_is_read() {
    let lines = TWO_PORTS.lines().filter(|line| !line.contains(".31.1.1.") && !line.contains("1.2.1.0"));
    let mut scene = asking_of(&lines.collect::<Vec<_>>().join("\n"));
    scene.check_names(&["GigabitEthernet1", "FastEthernet2"]);
    assert_eq!(scene.requests(), 1);
}

#[test]
fn an_agent_without_an_uptime_or_a_name_is_read() {
    for access in [Access::V1(Community::public()), Access::V2c(Community::public())] {
        let lines = TWO_PORTS.lines().filter(|line| !line.starts_with("1.3.6.1.2.1.1."));
        let device = Device::frozen(recording(&lines.collect::<Vec<_>>().join("\n")));
        let mut scene = Scene::asking(device, access, Selection::All);
        scene.check_names(&["Gi1", "Fa2"]);
        assert_eq!(scene.read()[0].1.uptime, None);
        assert_eq!(scene.requests(), 1);
    }
}

#[test]
fn a_restart_is_noticed() {
    let mut scene = asking_of(TWO_PORTS);
    scene.read();
    scene.device().renumber(|index| 3 - index);
    scene.set("1.3.6.1.2.1.1.3.0", Value::TimeTicks(100));
    assert_eq!(scene.octets()[0], ("Fa2".to_owned(), Some(20), Some(u64::from(u32::MAX))));
}
