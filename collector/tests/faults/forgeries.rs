//! Answers that are none: from elsewhere, to something else, or not whole.

use stats::{GapReason, Quantity};
use test_agent::{Count, Fault, Spoil};

use crate::scene::{RATE, Scene, is_known, set_rates, sum};

/// Lets each answer be preceded by what was made of it, which has another value: nobody believes that.
#[track_caller]
fn check_is_not_believed(spoil: Spoil) {
    let scene = Scene::of_switch();
    scene.device().misbehave(Fault::Before(spoil));
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 4);
    scene.ebb("Gi1");
    assert!(scene.device().faults_shown() > 6);
    let counted = beginning.counted(&scene);
    scene.end("Gi1").check_unbroken(&counted);
}

#[test]
fn an_answer_from_another_port_is_not_believed() {
    check_is_not_believed(Spoil::OtherPort);
}

#[test]
fn an_answer_from_another_address_is_not_believed() {
    check_is_not_believed(Spoil::OtherAddress);
}

#[test]
fn an_answer_to_another_question_is_not_believed() {
    check_is_not_believed(Spoil::RequestId);
}

#[test]
fn an_answer_with_another_community_is_not_believed() {
    check_is_not_believed(Spoil::Community);
}

#[test]
fn an_answer_of_another_version_is_not_believed() {
    check_is_not_believed(Spoil::Version);
}

#[test]
fn a_question_is_no_answer() {
    check_is_not_believed(Spoil::PduType);
}

#[test]
fn an_answer_that_is_cut_is_not_believed() {
    check_is_not_believed(Spoil::Truncate(5));
}

#[test]
fn noise_is_not_believed() {
    check_is_not_believed(Spoil::Octets(vec![0x30, 0x84]));
}

/// Lets this come in place of the answers for a while: that is a gap, and what passed in it is not lost.
#[track_caller]
fn check_is_a_gap(spoil: Spoil, reason: &GapReason) {
    let scene = Scene::of_switch_in_haste();
    let beginning = scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 2);
    scene.device().misbehave(Fault::Instead(spoil));
    scene.wait_for_gap(reason);
    assert!(scene.problem().is_some());
    scene.device().behave();
    scene.wait_for_traffic("Gi1", 2);
    scene.ebb("Gi1");
    let counted = beginning.counted(&scene);
    let story = scene.end("Gi1");
    story.check_broken_by(reason, &counted);
    assert_eq!(story.warnings().len(), 1, "{}", story.log);
}

#[test]
fn a_device_that_answers_from_another_port_does_not_answer() {
    check_is_a_gap(Spoil::OtherPort, &GapReason::NoAnswer);
}

#[test]
fn a_device_that_answers_from_another_address_does_not_answer() {
    check_is_a_gap(Spoil::OtherAddress, &GapReason::NoAnswer);
}

#[test]
fn a_device_that_answers_other_questions_does_not_answer() {
    check_is_a_gap(Spoil::RequestId, &GapReason::NoAnswer);
}

#[test]
fn a_device_that_cuts_its_answers_answers_badly() {
    check_is_a_gap(Spoil::Truncate(5), &GapReason::BadAnswer);
}

#[test]
fn a_device_of_another_community_answers_badly() {
    check_is_a_gap(Spoil::Community, &GapReason::BadAnswer);
}

#[test]
fn a_device_of_another_version_answers_badly() {
    check_is_a_gap(Spoil::Version, &GapReason::BadAnswer);
}

#[test]
fn a_device_that_asks_answers_badly() {
    check_is_a_gap(Spoil::PduType, &GapReason::BadAnswer);
}

#[test]
fn a_device_that_sends_noise_answers_badly() {
    check_is_a_gap(Spoil::Octets(vec![0x30, 0x84]), &GapReason::BadAnswer);
}

#[test]
fn after_answers_with_changed_octets_all_goes_on() {
    let scene = Scene::of_switch();
    scene.begin("Gi1", 1);
    scene.wait_for_traffic("Gi1", 2);
    scene.device().misbehave(Fault::Instead(Spoil::Mutate(7)));
    scene.device().misbehave(Fault::Before(Spoil::Mutate(8)));
    scene.wait_until("a hundred spoilt answers", || scene.device().faults_shown() > 100);
    scene.device().behave();
    scene.ebb("Gi1");
    // What was changed was believed where nothing shows that it was: UDP has a checksum for that. What comes after it is
    // right again.
    let before = scene.device().counter(1, Count::InOctets).unwrap();
    let number = scene.samples("Gi1").len();
    set_rates(&mut scene.device(), RATE);
    scene.wait_for_traffic("Gi1", 3);
    scene.ebb("Gi1");
    let counted = scene.device().counter(1, Count::InOctets).unwrap() - before;
    let story = scene.end("Gi1");
    let later = &story.samples[number..];
    assert_eq!(sum(later, Quantity::InOctets), counted, "{later:#?}");
    assert!(later.iter().all(is_known), "{later:#?}");
}
