//! How much is asked for at once, and what is learned about that.

use stats::Width;

use super::*;

/// A switch of so many ports with all counters.
fn switch(ports: u32) -> Recording {
    let mut recording = recording("1.3.6.1.2.1.1.3.0|67|1000000\n");
    for port in 1..=ports {
        let mut put = |table: &[u32], column: u32, value: Value| {
            recording.insert([&[1, 3, 6, 1, 2, 1], table, &[column, port]].concat(), value);
        };
        put(&[2, 2, 1], 2, Value::Octets(format!("port {port}").into_bytes()));
        for column in [10, 11, 13, 14, 16, 17, 19, 20] {
            put(&[2, 2, 1], column, Value::Counter32(port * 100 + column));
        }
        for column in [6, 7, 8, 9, 10, 11, 12, 13] {
            put(&[31, 1, 1, 1], column, Value::Counter64(u64::from(port) << 40 | u64::from(column)));
        }
    }
    recording
}

#[track_caller]
fn check_switch(scene: &mut Scene, ports: u32) {
    let interfaces = scene.read();
    assert_eq!(interfaces.len(), ports as usize);
    for ((interface, reading), port) in interfaces.iter().zip(1..) {
        assert_eq!(interface.if_index(), Some(port));
        assert_eq!(reading.get(Counter::InOctets), Some((u64::from(port) << 40 | 6, Width::Bits64)));
        assert_eq!(reading.get(Counter::OutDiscards), Some((u64::from(port * 100 + 19), Width::Bits32)));
    }
}

#[test]
fn many_interfaces_are_read_in_few_requests() {
    let mut scene = Scene::with(switch(48), Selection::All);
    check_switch(&mut scene, 48);
    let before = scene.device().answered;
    check_switch(&mut scene, 48);
    // Of twelve counters each, nine fit beside the uptime into 120.
    assert_eq!(scene.device().answered - before, 6);
}

#[test]
fn an_agent_that_says_too_big_is_asked_for_less_from_then_on() {
    let mut scene = Scene::with(switch(48), Selection::All);
    scene.device().misbehave(Fault::TooBigAbove(30));
    check_switch(&mut scene, 48);
    let before = scene.device().answered;
    check_switch(&mut scene, 48);
    // The uptime and the counters of two interfaces.
    assert_eq!(scene.device().answered - before, 24);
}

#[test]
fn a_way_that_drops_large_answers_is_sent_smaller_ones_from_then_on() {
    let mut scene = Scene::with(switch(20), Selection::All);
    scene.device().misbehave(Fault::LostAbove(60));
    check_switch(&mut scene, 20);
    let before = clock::monotonic();
    check_switch(&mut scene, 20);
    assert!(clock::monotonic().since(before) < TIMEOUT);
}

#[test]
fn an_agent_that_bears_nothing_is_said_to_do_so() {
    let mut scene = Scene::with(switch(2), Selection::All);
    scene.device().misbehave(Fault::TooBigAbove(5));
    scene.check_error("answers with error tooBig");
}

#[test]
fn an_agent_that_repeats_itself_does_not_hold_the_walk() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().misbehave(Fault::Repeats);
    scene.check_names(&["Gi1"]);
}

#[test]
fn an_agent_whose_table_does_not_end_is_said_to_be_one_after_ten_times_as_many_rows_as_it_counts() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().misbehave(Fault::Endless);
    scene.check_error("its interface table does not end");
    // Of eleven rows each.
    assert!(scene.device().answered < 110, "{}", scene.device().answered);
}

#[test]
fn a_table_that_takes_long_and_does_not_end_is_not_asked_for_again_at_once() {
    let mut scene = Scene::of(TWO_PORTS);
    // Nobody knows of how many interfaces.
    scene.device().unset(&name("1.3.6.1.2.1.2.1.0"));
    scene.device().misbehave(Fault::Endless);
    scene.device().misbehave(Fault::Delay(Duration::from_millis(15)));
    scene.source.patience_for_all = Duration::from_secs(2);
    scene.check_error("its interface table takes longer than 2s to read");
    let before = scene.device().answered;
    scene.check_error("its interface table takes longer than 2s to read");
    assert_eq!(scene.device().answered, before);
}
