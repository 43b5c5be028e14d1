//! What an interface learns of where its counters are.

use stats::Interface;

use super::*;

fn watched(wide: bool) -> Watched {
    let described =
        Described { index: 1, interface: Interface::default(), loopback: false, wide, moves: wide, named_by: None };
    Watched::new(described, None)
}

/// Tells of columns what an agent that has only `there` would, until all is settled.
#[track_caller]
fn check_columns(wide: bool, there: &[&str], expected: &[(Counter, &str)]) {
    let mut watched = watched(wide);
    while watched.is_searching() {
        let missing: Vec<Counter> = watched
            .columns()
            .filter(|(_, object)| !there.contains(&object.name()))
            .map(|(counter, _)| counter)
            .collect();
        if missing.is_empty() {
            watched.found_all();
        }
        for counter in missing {
            watched.missed(counter);
        }
    }
    let columns: Vec<_> = watched.columns().map(|(counter, object)| (counter, object.name())).collect();
    assert_eq!(columns, expected);
}

#[test]
fn each_counter_is_taken_from_the_best_place_that_has_it() {
    check_columns(
        true,
        &["ifHCInOctets", "ifInOctets", "ifInUcastPkts", "ifHCInMulticastPkts", "ifInErrors"],
        &[
            (Counter::InOctets, "ifHCInOctets"),
            (Counter::InPackets, "ifInUcastPkts"),
            (Counter::InMulticast, "ifHCInMulticastPkts"),
            (Counter::InErrors, "ifInErrors"),
        ],
    );
}

#[test]
fn packets_that_are_not_unicast_stand_for_broadcast_ones_too() {
    check_columns(
        false,
        &["ifInOctets", "ifInNUcastPkts", "ifInBroadcastPkts"],
        &[(Counter::InOctets, "ifInOctets"), (Counter::InMulticast, "ifInNUcastPkts")],
    );
}

#[test]
fn an_interface_without_counters_has_no_columns() {
    check_columns(false, &["ifDescr"], &[]);
}

#[test]
fn a_counter_that_was_there_and_went_is_lost_and_not_looked_for_elsewhere() {
    let mut watched = watched(true);
    watched.found_all();
    let before: Vec<_> = watched.columns().collect();
    watched.missed(Counter::InOctets);
    assert!(watched.is_lost());
    assert_eq!(watched.columns().collect::<Vec<_>>(), before[1..]);
}

#[test]
fn an_interface_that_has_two_names_is_asked_for_none_of_them() {
    let described = Described {
        index: 1,
        interface: Interface::default(),
        loopback: false,
        wide: true,
        moves: true,
        named_by: Some(NamedBy::Name),
    };
    let mut first = Watched::new(described.clone(), None);
    assert_eq!(first.named_by, Some(NamedBy::Name));
    first.lose();
    assert!(!first.is_read());
    let second = Watched::new(described, Some(&first));
    assert!(second.is_read());
    assert_eq!(second.named_by, None);
}

/// Tells of these discontinuities, and whether they are still read then.
#[track_caller]
fn check_told(told: &[Option<u32>], expected: bool) {
    let mut watched = watched(true);
    for ticks in told {
        watched.told(ticks.map(Uptime::from_ticks));
    }
    assert_eq!(watched.tells_of_discontinuities(), expected);
}

#[test]
fn a_discontinuity_that_the_agent_does_not_tell_of_is_not_asked_for_again() {
    check_told(&[None], false);
    check_told(&[Some(0), Some(0)], true);
}

#[test]
fn a_discontinuity_that_is_another_one_each_time_is_nonsense() {
    check_told(&[Some(0), Some(100), Some(100), Some(700)], true);
    check_told(&[Some(1), Some(2), Some(3), Some(4), Some(5), Some(6), Some(7)], false);
}

#[test]
fn what_is_known_of_an_interface_outlives_a_new_description_of_it() {
    let mut before = watched(true);
    before.missed(Counter::InBroadcast);
    before.found_all();
    let described = Described {
        index: 1,
        interface: Interface::default(),
        loopback: false,
        wide: true,
        moves: true,
        named_by: None,
    };
    let after = Watched::new(described, Some(&before));
    assert!(!after.is_searching());
    assert!(after.interface.is_same(&before.interface));
    assert_eq!(after.columns().collect::<Vec<_>>(), before.columns().collect::<Vec<_>>());
}

#[test]
fn what_is_known_of_where_counters_are_takes_little_memory() {
    assert!(size_of::<Watched>() <= 48, "{} octets", size_of::<Watched>());
}
