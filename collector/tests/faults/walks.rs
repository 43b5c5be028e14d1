//! Tables that are not as tables are, and rows that are not whole.

use stats::{GapReason, Quantity};
use test_agent::{Count, Device, Fault, Of, Port, When, name, switch};

use crate::scene::{Scene, gaps, octets, sum};

/// Lets this be wrong with a table from the beginning: that is said in a sentence with `words`, and nothing is made up.
#[track_caller]
fn said(ports: u32, fault: Fault, words: &str) -> Scene {
    let mut device = Device::new(switch(ports, Port::Wide));
    device.misbehave(fault);
    let scene = Scene::of(device);
    scene.wait_until("a problem", || scene.problem().is_some());
    let problem = scene.problem().unwrap();
    assert!(problem.contains(words), "{problem}");
    assert_eq!(scene.target().unwrap().interfaces, []);
    scene
}

/// That is said once, what can be read is shown meanwhile, and all is well.
#[track_caller]
fn check_is_passed_over(ports: u32, fault: Fault, words: &str) {
    let mut device = Device::new(switch(ports, Port::Wide));
    device.misbehave(fault);
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 2);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_unbroken(&counted);
    let warnings = story.warnings();
    assert!(warnings.len() == 1 && warnings[0].contains(words), "{}", story.log);
}

#[test]
fn a_table_that_repeats_itself() {
    check_is_passed_over(2, Fault::Repeats, "its interface table is broken: ifDescr.1 comes after ifDescr.1");
}

#[test]
fn a_table_that_goes_backwards() {
    check_is_passed_over(4, Fault::Backwards, "its interface table is broken: ifDescr.1 comes after ifDescr.2");
}

#[test]
fn a_table_without_an_end() {
    let scene = said(2, Fault::Endless, "its interface table does not end");
    assert_eq!(scene.end("Gi1").samples, []);
}

/// Lets some of the answers to questions for counters be wrong in this way: they are asked for again.
#[track_caller]
fn check_is_asked_for_again(fault: Fault) {
    let scene = Scene::of_switch();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 2);
    scene.device().misbehave_when(When::Every(2), fault);
    scene.wait_for_traffic("Gi1", 4);
    assert!(scene.device().faults_shown() > 1);
    scene.device().behave();
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

#[test]
fn an_answer_without_its_last_value() {
    check_is_asked_for_again(Fault::Short(1));
}

#[test]
fn an_answer_without_any_value() {
    check_is_asked_for_again(Fault::Short(1_000));
}

#[test]
fn an_answer_whose_values_are_not_where_they_should_be() {
    check_is_asked_for_again(Fault::Swapped);
}

#[test]
fn rows_that_are_never_whole_are_a_bad_answer() {
    let scene = Scene::of_switch_in_haste();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 2);
    scene.device().misbehave(Fault::Swapped);
    scene.wait_for_gap(&GapReason::BadAnswer);
    scene.device().behave();
    scene.wait_for_traffic("Gi1", 2);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_broken_by(&GapReason::BadAnswer, &counted);
}

#[test]
fn a_counter_that_the_agent_chokes_on_costs_the_others_nothing() {
    let mut device = Device::new(switch(4, Port::Wide));
    // ifInErrors.2
    device.misbehave(Fault::GenErr(name("1.3.6.1.2.1.2.2.1.14.2")));
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi1", 1);
    scene.device().set_rate(Of::All, Count::InErrors, 100);
    scene.wait_for_traffic("Gi1", 4);
    scene.device().set_rate(Of::All, Count::InErrors, 0);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let errors = scene.device().counter(1, Count::InErrors).unwrap();
    let ill = scene.samples("Gi2");
    assert!(ill.iter().all(|sample| sample.passed.get(Quantity::InErrors).is_none()), "{ill:#?}");
    assert!(ill.iter().any(|sample| octets(sample) > Some(0)) && gaps(&ill).is_empty(), "{ill:#?}");
    let story = scene.end("Gi1");
    story.check_unbroken(&counted);
    assert_eq!(sum(&story.samples, Quantity::InErrors), errors);
}

#[test]
fn an_agent_that_says_no_such_name_in_v2c() {
    let mut device = Device::new(switch(4, Port::Wide));
    device.misbehave(Fault::NoSuchName);
    // Nobody has all counters, so that it has a reason to.
    device.unset(&name("1.3.6.1.2.1.2.2.1.14.2"));
    let scene = Scene::of(device);
    let beginning = scene.begin("Gi2", 2);
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi2");
    story.check_unbroken(&counted);
    assert!(story.samples.iter().all(|sample| sample.passed.get(Quantity::InErrors).is_none()));
}
