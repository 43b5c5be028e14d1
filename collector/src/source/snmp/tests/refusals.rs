//! Agents that answer to some questions with errors, and to some not at all: what they can answer is read.

use stats::Width::{Bits32, Bits64};
use test_agent::{Port, switch};

use super::*;

/// A switch, some of whose instances the agent can't read.
fn scene_of(ports: u32, refused: &[&str]) -> Scene {
    let scene = Scene::with(switch(ports, Port::Wide), Selection::All);
    for refused in refused {
        scene.device().misbehave(Fault::GenErr(name(refused)));
    }
    scene
}

/// The columns of the counters of an interface.
fn counters(port: u32) -> Vec<String> {
    let narrow = [10, 11, 12, 13, 14, 16, 17, 18, 19, 20].map(|column| format!("1.3.6.1.2.1.2.2.1.{column}.{port}"));
    let wide = (2..=13).map(|column| format!("1.3.6.1.2.1.31.1.1.1.{column}.{port}"));
    narrow.into_iter().chain(wide).collect()
}

#[test]
fn an_interface_that_the_agent_can_not_read_is_left_out_and_the_others_go_on() {
    let refused = counters(7);
    let mut scene = scene_of(20, &refused.iter().map(String::as_str).collect::<Vec<_>>());
    for _ in 0..3 {
        let interfaces = scene.read();
        assert_eq!(interfaces.len(), 19);
        assert!(interfaces.iter().all(|(interface, _)| interface.if_index() != Some(7)));
    }
    // Three of seven each, as if the one were not there: 13 values an interface, nine interfaces a request.
    assert_eq!([scene.requests(), scene.requests()], [3, 3]);
}

#[test]
fn an_interface_that_the_agent_can_not_read_any_more_is_left_out_and_the_others_go_on() {
    let mut scene = scene_of(20, &[]);
    assert_eq!(scene.read().len(), 20);
    for refused in counters(7) {
        scene.device().misbehave(Fault::GenErr(name(&refused)));
    }
    assert_eq!(scene.read().len(), 19);
    assert_eq!([scene.requests(), scene.requests()], [3, 3]);
}

#[test]
fn an_interface_that_the_agent_can_read_again_is_found_when_the_table_is_described_anew() {
    let refused = counters(2);
    let mut scene = scene_of(3, &refused.iter().map(String::as_str).collect::<Vec<_>>());
    scene.check_names(&["Gi1", "Gi3"]);
    scene.device().behave();
    scene.check_names(&["Gi1", "Gi3"]);
    scene.let_a_minute_pass();
    scene.read();
    scene.check_names(&["Gi1", "Gi2", "Gi3"]);
}

#[test]
fn a_counter_that_the_agent_can_not_read_is_read_elsewhere() {
    let mut scene = scene_of(3, &["1.3.6.1.2.1.31.1.1.1.6.2"]);
    let interfaces = scene.read();
    assert_eq!(interfaces.len(), 3);
    let widths = interfaces.iter().map(|(_, reading)| reading.get(Counter::InOctets).map(|(_, width)| width));
    assert_eq!(widths.collect::<Vec<_>>(), [Some(Bits64), Some(Bits32), Some(Bits64)]);
    assert_eq!(scene.requests(), 1);
}

#[test]
fn an_agent_that_can_read_nothing_is_said_to_do_so_and_is_asked_again() {
    let mut scene = scene_of(2, &[]);
    scene.read();
    scene.device().misbehave(Fault::GenErr(name("1.3.6.1.2.1.2")));
    scene.device().misbehave(Fault::GenErr(name("1.3.6.1.2.1.31")));
    scene.check_error("answers with error genErr for if");
    scene.device().behave();
    scene.check_names(&["Gi1", "Gi2"]);
}

#[test]
fn a_row_that_the_agent_can_not_describe_does_not_end_the_walk() {
    let mut scene = scene_of(40, &["1.3.6.1.2.1.31.1.1.1.18.17"]);
    assert_eq!(scene.read().len(), 40);
}

#[test]
fn an_agent_of_v2c_that_says_no_such_name_is_read() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().misbehave(Fault::NoSuchName);
    scene.check_names(&["Gi1", "Fa2"]);
    assert_eq!(scene.requests(), 1);
    scene.device().unplug(1);
    scene.check_names(&["Fa2"]);
    scene.check_names(&["Fa2"]);
    assert_eq!(scene.requests(), 1);
}

#[test]
fn an_agent_that_does_not_answer_getbulk_is_walked_by_getnext() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().misbehave(Fault::NoBulk);
    scene.check_names(&["Gi1", "Fa2"]);
    // That is learned once only.
    let before = scene.device().faults_shown();
    assert!(before > 0);
    scene.let_a_minute_pass();
    assert!(scene.requests() > 1);
    assert_eq!(scene.device().faults_shown(), before);
}
