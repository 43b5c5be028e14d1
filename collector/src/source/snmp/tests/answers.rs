//! Which of what arrives is the answer, and what is said where none is.

use super::*;

#[test]
fn silence_is_no_answer_and_it_goes_on_after_it() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    scene.faults(Faults { silent: true, ..Faults::default() });
    scene.check_error("within 200ms: is it up, does it allow this machine, and is the community right?");
    scene.faults(Faults::default());
    scene.check_names(&["Gi1", "Fa2"]);
}

#[test]
fn a_wrong_community_is_silence() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.state().community = b"hidden".to_vec();
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
fn check_is_not_heard(faults: Faults) {
    let mut scene = Scene::of(TWO_PORTS);
    scene.faults(faults);
    for _ in 0..3 {
        let octets = scene.octets();
        assert_eq!(octets[0], ("Gi1".to_owned(), Some(u64::MAX), Some(1 << 63)));
        assert_eq!(octets[1], ("Fa2".to_owned(), Some(20), Some(u64::from(u32::MAX))));
    }
}

/// Where the request-id of an answer to `public` is, in messages of the size that is seen here: after two headers, the
/// version and the community.
fn position_of_id(message: &[u8]) -> usize {
    let size_of_length = |at: usize| if message[at] < 0x80 { 1 } else { 1 + usize::from(message[at] & 0x7f) };
    let pdu = 1 + size_of_length(1) + 3 + 8;
    pdu + 1 + size_of_length(pdu + 1) + 2
}

/// The answer with its last octet, a part of a value, changed.
fn forged(answer: &[u8]) -> Vec<u8> {
    let mut forged = answer.to_vec();
    *forged.last_mut().unwrap() ^= 1;
    forged
}

fn with_another_id(answer: &[u8]) -> Vec<u8> {
    let mut forged = forged(answer);
    forged[position_of_id(answer)] ^= 1;
    forged
}

fn with_another_community(answer: &[u8]) -> Vec<u8> {
    let at = answer.windows(6).position(|word| word == b"public").unwrap();
    let mut forged = forged(answer);
    forged[at] = b'P';
    forged
}

fn cut(answer: &[u8]) -> Vec<u8> {
    answer[..answer.len() - 4].to_vec()
}

#[test]
fn answers_with_another_id_or_community_and_broken_ones_are_not_heard() {
    for before in [with_another_id, with_another_community, cut, |_: &[u8]| vec![0x30, 0x84], |_: &[u8]| Vec::new()] {
        check_is_not_heard(Faults { before: Some(before), ..Faults::default() });
    }
}

#[test]
fn answers_from_another_port_are_not_heard() {
    check_is_not_heard(Faults { from_elsewhere: Some(forged), ..Faults::default() });
}

#[test]
fn duplicates_of_an_answer_are_not_the_answer_to_the_next_question() {
    check_is_not_heard(Faults { before: Some(<[u8]>::to_vec), ..Faults::default() });
}

#[test]
fn a_late_answer_is_taken_for_the_try_that_it_answers() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.read();
    // The first try is answered during the second one. What comes later belongs to nothing.
    scene.faults(Faults { delays: vec![Duration::from_millis(130)], ..Faults::default() });
    let before = clock::monotonic();
    let (_, reading) = scene.read()[0].clone();
    let after = clock::monotonic();
    assert!(after.since(before) >= Duration::from_millis(130));
    // Of the first try's time, which began with the read, and not of the second's.
    assert!(reading.at.since(before) < Duration::from_millis(90), "{:?}", reading.at.since(before));
    scene.set("1.3.6.1.2.1.2.2.1.10.2", Value::Counter32(21));
    assert_eq!(scene.octets()[1].1, Some(21));
}

#[test]
fn an_agent_that_answers_nonsense_is_said_to_do_so() {
    let mut scene = Scene::of(TWO_PORTS);
    scene.faults(Faults { instead: Some(cut), ..Faults::default() });
    scene.check_error("sends something that is not the answer: it ends too early");
    scene.faults(Faults { instead: Some(with_another_community), ..Faults::default() });
    scene.check_error("it has another community");
}

#[test]
fn a_host_with_several_addresses_is_asked_at_each() {
    // The agent listens on IPv4 only; where a host has both, IPv6 comes first as a rule.
    let agent = test_agent::Agent::serving(mib(TWO_PORTS));
    let asked =
        Agent::new(AgentAddress { host: "localhost".to_owned(), port: agent.port() }, Access::V2c(Community::public()));
    let interfaces = asked.source(Selection::All).read().unwrap().interfaces;
    assert_eq!(interfaces.len(), 2);
}
