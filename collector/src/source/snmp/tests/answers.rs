//! Which of what arrives is the answer, and what is said where none is.

use super::*;

#[test]
fn silence_is_no_answer_and_it_goes_on_after_it() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    scene.device().misbehave(Fault::Drop);
    scene.check_error("within 800ms: is it up, does it allow this machine, and is the community right?");
    scene.device().behave();
    scene.check_names(&["Gi1", "Fa2"]);
}

#[test]
fn a_wrong_community_is_silence() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().community = b"hidden".to_vec();
    scene.check_error("is the community right?");
}

#[test]
fn a_closed_port_is_told_at_once() {
    let port = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let agent = Agent::new(AgentAddress { host: "127.0.0.1".to_owned(), port }, Access::V2c(Community::public()));
    let error = agent.source(Selection::All).read().unwrap_err().to_string();
    assert!(error.starts_with(&format!("nothing listens at 127.0.0.1:{port}")), "{error}");
}

#[test]
fn a_name_that_does_not_resolve_is_said_to_be_one() {
    let agent = Agent::new(
        AgentAddress { host: "no-such-host.invalid".to_owned(), port: 161 },
        Access::V2c(Community::public()),
    );
    let error = agent.source(Selection::All).read().unwrap_err().to_string();
    assert!(error.starts_with("cannot resolve no-such-host.invalid: "), "{error}");
}

#[track_caller]
fn check_is_not_heard(spoil: Spoil) {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().misbehave(Fault::Before(spoil));
    for _ in 0..3 {
        let octets = scene.octets();
        assert_eq!(octets[0], ("Gi1".to_owned(), Some(u64::MAX), Some(1 << 63)));
        assert_eq!(octets[1], ("Fa2".to_owned(), Some(20), Some(u64::from(u32::MAX))));
    }
}

#[test]
fn answers_with_another_id_or_community_and_broken_ones_are_not_heard() {
    check_is_not_heard(Spoil::RequestId);
    check_is_not_heard(Spoil::Community);
    check_is_not_heard(Spoil::Version);
    check_is_not_heard(Spoil::PduType);
    check_is_not_heard(Spoil::Truncate(4));
    check_is_not_heard(Spoil::Octets(vec![0x30, 0x84]));
    check_is_not_heard(Spoil::Octets(Vec::new()));
}

#[test]
fn answers_from_elsewhere_are_not_heard() {
    check_is_not_heard(Spoil::OtherPort);
    check_is_not_heard(Spoil::OtherAddress);
}

#[test]
fn duplicates_of_an_answer_are_not_the_answer_to_the_next_question() {
    check_is_not_heard(Spoil::Copy);
}

#[test]
fn a_late_answer_is_taken_for_the_try_that_it_answers() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    // The first try is answered during the second one, which has no answer.
    scene.device().misbehave_when(When::Times(1), Fault::Delay(TIMEOUT * 4 / 3));
    scene.device().misbehave_when(When::Every(2), Fault::Drop);
    let before = clock::monotonic();
    let (_, reading) = scene.read()[0].clone();
    let after = clock::monotonic();
    assert!(after.since(before) >= TIMEOUT * 4 / 3);
    // In the middle of the first try's time, which began with the read; the second's began a time-out later.
    let middle = after.since(before) / 2;
    assert!(reading.at.since(before) < middle + TIMEOUT / 4, "{:?}", reading.at.since(before));
    scene.device().behave();
    scene.set("1.3.6.1.2.1.2.2.1.10.2", Value::Counter32(21));
    assert_eq!(scene.octets()[1].1, Some(21));
}

#[test]
fn an_agent_that_answers_nonsense_is_said_to_do_so() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.device().misbehave(Fault::Instead(Spoil::Truncate(4)));
    scene.check_error("sends something that is not the answer: it ends too early");
    scene.device().behave();
    scene.device().misbehave(Fault::Instead(Spoil::Community));
    scene.check_error("it has another community");
}

#[test]
fn a_host_with_several_addresses_is_asked_at_each() {
    // The agent listens on IPv4 only; where a host has both, IPv6 comes first as a rule.
    let agent = test_agent::Agent::serving(Device::frozen(recording(TWO_PORTS)));
    let asked =
        Agent::new(AgentAddress { host: "localhost".to_owned(), port: agent.port() }, Access::V2c(Community::public()));
    let interfaces = asked.source(Selection::All).read().unwrap().interfaces;
    assert_eq!(interfaces.len(), 2);
}

/// A device of which nothing is chosen.
fn of_nothing(device: Device, access: Access) -> Scene {
    let mut scene = Scene::asking(device, access, Selection::of(vec!["nothing*".to_owned()]).unwrap());
    scene.check_names(&[]);
    scene
}

#[test]
fn an_agent_that_falls_silent_is_missed_though_nothing_of_it_was_chosen() {
    for access in [Access::V1(Community::public()), Access::V2c(Community::public())] {
        let mut scene = of_nothing(Device::frozen(recording(TWO_PORTS)), access);
        assert_eq!(scene.requests(), 1);
        scene.device().misbehave(Fault::Drop);
        scene.check_error("no answer from");
    }
}

#[test]
fn an_agent_without_an_uptime_of_which_nothing_was_chosen_answers() {
    for access in [Access::V1(Community::public()), Access::V2c(Community::public())] {
        let mut device = Device::frozen(recording(TWO_PORTS));
        device.unset(&name("1.3.6.1.2.1.1.3.0"));
        of_nothing(device, access).check_names(&[]);
    }
}

#[test]
fn an_interface_that_was_waited_for_is_noticed_when_it_comes() {
    let mut scene = of_nothing(Device::frozen(recording(TWO_PORTS)), Access::default());
    scene.set("1.3.6.1.2.1.2.1.0", Value::Integer(3));
    scene.set("1.3.6.1.2.1.2.2.1.2.30", Value::Octets(b"nothing0".to_vec()));
    scene.set("1.3.6.1.2.1.2.2.1.10.30", Value::Counter32(5));
    scene.read();
    scene.check_names(&["nothing0"]);
}

#[test]
fn an_agent_all_of_whose_interfaces_were_lost_is_missed_when_it_falls_silent() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    scene.device().unplug(1);
    scene.device().unplug(2);
    scene.check_names(&[]);
    scene.device().misbehave(Fault::Drop);
    scene.check_error("no answer from");
}
