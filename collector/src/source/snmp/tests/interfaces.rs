//! Which interfaces there are, as they come, go, and change their numbers.

use stats::Width;

use super::*;

#[test]
fn counters_of_64_bits_are_preferred_and_those_of_32_bits_serve() {
    let mut scene = Scene::of(TWO_PORTS);
    let interfaces = scene.read();
    let (first, reading) = &interfaces[0];
    assert_eq!((first.name(), first.if_descr()), ("Gi1", Some("GigabitEthernet1")));
    assert_eq!(reading.get(Counter::InOctets), Some((u64::MAX, Width::Bits64)));
    assert_eq!(reading.get(Counter::OutOctets), Some((1 << 63, Width::Bits64)));
    assert_eq!(reading.get(Counter::InPackets), None);
    let (_, reading) = &interfaces[1];
    assert_eq!(reading.get(Counter::InOctets), Some((20, Width::Bits32)));
    assert_eq!(reading.get(Counter::OutOctets), Some((u64::from(u32::MAX), Width::Bits32)));
    assert_eq!(reading.uptime.unwrap().ticks(), 1_000_000);
}

#[test]
fn a_reading_takes_one_request_once_the_interfaces_are_known() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    let before = scene.device().answered;
    scene.read();
    let device = scene.device();
    // The uptime, ifNumber, and two counters an interface.
    assert_eq!((device.answered - before, device.last_size), (1, 6));
}

#[test]
fn when_counters_were_interrupted_is_read_beside_them_where_the_agent_tells() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.set("1.3.6.1.2.1.31.1.1.1.19.1", Value::TimeTicks(500));
    for _ in 0..2 {
        let interfaces = scene.read();
        let told = interfaces.iter().map(|(_, reading)| reading.discontinuity.map(stats::Uptime::ticks));
        assert_eq!(told.collect::<Vec<_>>(), [Some(500), None]);
    }
    // The uptime, ifNumber, two counters an interface, and this.
    assert_eq!(scene.device().last_size, 7);
}

#[test]
fn a_description_that_stays_is_the_same_one() {
    let mut scene = Scene::of(TWO_PORTS);
    let before = scene.read();
    scene.set("1.3.6.1.2.1.2.1.0", Value::Integer(3));
    scene.set("1.3.6.1.2.1.31.1.1.1.18.2", Value::Octets(b"uplink".to_vec()));
    // It is noticed at the first of these, and read after it.
    scene.read();
    let after = scene.read();
    assert!(before[0].0.is_same(&after[0].0));
    assert_eq!(after[1].0.unpack().if_alias.as_deref(), Some("uplink"));
}

#[test]
fn only_what_was_selected_is_read_and_what_is_missing_is_told() {
    let selection = Selection::of(vec!["Gi*".to_owned(), "Fa3".to_owned()]).unwrap();
    let mut scene = Scene::with(recording(TWO_PORTS), selection);
    let snapshot = scene.source.read().unwrap();
    assert_eq!(snapshot.interfaces.len(), 1);
    assert_eq!(snapshot.missing[0].pattern, "Fa3");
    assert_eq!(snapshot.missing[0].nearest.as_deref(), Some("Fa2"));
    assert_eq!(snapshot.sys_name.as_deref(), Some("two-ports"));
}

#[test]
fn an_interface_stays_when_its_link_goes_down() {
    let mut scene = Scene::with(recording(TWO_PORTS), Selection::Usable);
    scene.check_names(&["Gi1", "Fa2"]);
    scene.set("1.3.6.1.2.1.2.2.1.8.2", Value::Integer(2));
    scene.set("1.3.6.1.2.1.2.1.0", Value::Integer(3));
    scene.read();
    scene.check_names(&["Gi1", "Fa2"]);
}

#[test]
fn an_interface_that_vanishes_is_left_out_and_others_go_on() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.check_names(&["Gi1", "Fa2"]);
    scene.device().unplug(1);
    scene.check_names(&["Fa2"]);
    scene.check_names(&["Fa2"]);
}

#[test]
fn an_interface_that_comes_back_with_another_index_is_found_by_its_name() {
    let mut scene = Scene::with(recording(TWO_PORTS), Selection::of(vec!["Gi1".to_owned()]).unwrap());
    scene.check_names(&["Gi1"]);
    scene.device().renumber(|index| if index == 1 { 9 } else { index });
    scene.check_names(&[]);
    scene.check_names(&["Gi1"]);
}

#[test]
fn after_a_restart_no_counter_is_taken_for_that_of_another_interface() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    scene.device().renumber(|index| 3 - index);
    scene.set("1.3.6.1.2.1.1.3.0", Value::TimeTicks(100));
    let octets = scene.octets();
    assert_eq!(octets[0], ("Fa2".to_owned(), Some(20), Some(u64::from(u32::MAX))));
    assert_eq!(octets[1], ("Gi1".to_owned(), Some(u64::MAX), Some(1 << 63)));
}

#[test]
fn after_a_restart_counters_are_looked_for_anew() {
    let mut scene = Scene::of(TWO_PORTS);
    assert_eq!(scene.read()[0].1.get(Counter::InErrors), None);
    scene.set("1.3.6.1.2.1.2.2.1.14.1", Value::Counter32(7));
    scene.set("1.3.6.1.2.1.1.3.0", Value::TimeTicks(100));
    assert_eq!(scene.read()[0].1.get(Counter::InErrors), Some((7, Width::Bits32)));
}

#[test]
fn an_interface_that_gets_counters_later_is_read_from_then_on() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.set("1.3.6.1.2.1.2.2.1.2.3", Value::Octets(b"Dialer1".to_vec()));
    scene.check_names(&["Gi1", "Fa2"]);
    scene.set("1.3.6.1.2.1.2.2.1.10.3", Value::Counter32(1));
    scene.set("1.3.6.1.2.1.2.1.0", Value::Integer(3));
    scene.read();
    scene.check_names(&["Gi1", "Fa2", "Dialer1"]);
}

#[test]
fn a_new_interface_is_noticed() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    scene.set("1.3.6.1.2.1.2.1.0", Value::Integer(3));
    scene.set("1.3.6.1.2.1.2.2.1.2.30", Value::Octets(b"Tunnel".to_vec()));
    scene.set("1.3.6.1.2.1.2.2.1.10.30", Value::Counter32(5));
    scene.read();
    scene.check_names(&["Gi1", "Fa2", "Tunnel"]);
}

#[test]
fn marks_that_move_all_the_time_are_no_longer_believed() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.set("1.3.6.1.2.1.31.1.5.0", Value::TimeTicks(0));
    let mut requests = |moved: u32| {
        scene.set("1.3.6.1.2.1.31.1.5.0", Value::TimeTicks(moved));
        let before = scene.device().answered;
        scene.read();
        scene.device().answered - before
    };
    let counts: Vec<usize> = (1..10).map(&mut requests).collect();
    assert!(counts[1] > 1, "{counts:?}");
    assert_eq!(counts[5..], [1; 4], "{counts:?}");
}

#[test]
fn an_agent_that_shows_no_interfaces_is_asked_why() {
    let mut scene = Scene::of("1.3.6.1.2.1.1.3.0|67|1\n1.3.6.1.2.1.2.1.0|2|2\n");
    scene.check_error("answers, but shows no interfaces: may this community or user read IF-MIB");
}

/// Reads a table that is wrong in this way, of which these can be read.
#[track_caller]
fn check_wrong_table(kind: test_agent::Port, spoil: impl Fn(&mut Device), expected: &[&str]) {
    for access in [Access::V1(Community::public()), Access::V2c(Community::public())] {
        let mut device = Device::frozen(test_agent::switch(4, kind));
        spoil(&mut device);
        let mut scene = Scene::asking(device, access, Selection::All);
        scene.check_names(expected);
        scene.check_names(expected);
    }
}

#[test]
fn a_table_that_goes_in_a_circle_is_read_as_far_as_that() {
    let expected = ["GigabitEthernet1", "GigabitEthernet2"];
    check_wrong_table(test_agent::Port::Narrow, |device| device.misbehave(Fault::Backwards), &expected);
}

#[test]
fn what_is_no_row_of_a_column_is_passed_over_and_all_rows_are_read() {
    let odd = |device: &mut Device| {
        for column in ["1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.31.1.1.1.1"] {
            for odd in ["1.0", "1.1", "2.4294967295", "4.7.7"] {
                device.set(&name(&format!("{column}.{odd}")), Value::Octets(b"odd".to_vec()));
            }
        }
    };
    check_wrong_table(test_agent::Port::Wide, odd, &["Gi1", "Gi2", "Gi3", "Gi4"]);
}
