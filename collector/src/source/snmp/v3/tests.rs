//! What comes from others than the agent, against an agent that says whatever a test wants.

use std::net::UdpSocket;
use std::time::Duration;

use async_snmp::DecodeConfig;
use async_snmp::message::{RawV3Message, V3Message};
use bytes::Bytes;

use super::*;
use crate::source::snmp::object::Object;
use crate::source::snmp::user::{AuthProtocol, Authentication, Encryption, Password, PrivProtocol, Security};

const ENGINE: &[u8] = b"\x80\x00\x1f\x88\x04engine";
const OTHER_ENGINE: &[u8] = b"\x80\x00\x1f\x88\x04other";

const RESPONSE: u8 = 0xa2;
const REPORT: u8 = 0xa8;

/// usmStats, 1.3.6.1.6.3.15.1.1.
const USM_STATS: [u8; 8] = [0x2b, 6, 1, 6, 3, 15, 1, 1];
const WRONG_DIGESTS: u8 = 5;
const UNKNOWN_ENGINE_IDS: u8 = 4;

/// An element in BER, of less than 65,536 octets.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]], content.as_slice()].concat()
}

fn integer(value: i32) -> Vec<u8> {
    element(2, &[&value.to_be_bytes()])
}

/// A message that is neither authenticated nor encrypted.
fn message(id: i32, engine: &[u8], user: &str, pdu: &[u8]) -> Vec<u8> {
    message_in("", id, engine, user, pdu)
}

/// The same in a context.
fn message_in(context: &str, id: i32, engine: &[u8], user: &str, pdu: &[u8]) -> Vec<u8> {
    let header = element(0x30, &[&integer(id), &integer(65_507), &element(4, &[&[0]]), &integer(3)]);
    let octets = |octets: &[u8]| element(4, &[octets]);
    let security = [octets(engine), integer(1), integer(1), octets(user.as_bytes()), octets(b""), octets(b"")].concat();
    let security = octets(&element(0x30, &[&security]));
    let scoped = element(0x30, &[&octets(engine), &octets(context.as_bytes()), pdu]);
    element(0x30, &[&integer(3), &header, &security, &scoped])
}

fn pdu(tag: u8, id: i32, name: &[u8], value: &[u8]) -> Vec<u8> {
    let varbind = element(0x30, &[&element(6, &[name]), value]);
    element(tag, &[&integer(id), &integer(0), &integer(0), &element(0x30, &[&varbind])])
}

fn report(id: i32, engine: &[u8], user: &str, what: u8) -> Vec<u8> {
    let name = [USM_STATS.as_slice(), &[what, 0]].concat();
    message(id, engine, user, &pdu(REPORT, 0, &name, &element(0x41, &[&[1]])))
}

fn uptime(ticks: u8) -> Vec<u8> {
    element(0x43, &[&[ticks]])
}

const UPTIME: [u8; 8] = [0x2b, 6, 1, 2, 1, 1, 3, 0];

/// A question as an agent sees it.
struct Asked {
    id: i32,
    /// Where everybody can read it.
    request: Option<i32>,
    /// How many questions there were, without those for the engine.
    count: usize,
    /// All of it.
    octets: Bytes,
}

/// Tells which engine it is, and leaves everything else to `say`.
fn agent(engine: &'static [u8], mut say: impl FnMut(Asked) -> Vec<Vec<u8>> + Send + 'static) -> AgentAddress {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let port = socket.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 65_535];
        let mut count = 0;
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let octets = Bytes::copy_from_slice(&buffer[..length]);
            let raw = RawV3Message::decode(octets.clone(), DecodeConfig::STRICT).unwrap().value;
            let id = raw.msg_id();
            let message = V3Message::decode(octets.clone(), DecodeConfig::STRICT).ok().map(|decoded| decoded.value);
            let pdu = message.as_ref().and_then(V3Message::pdu);
            if pdu.is_some_and(|pdu| pdu.varbinds().is_empty()) {
                socket.send_to(&report(id, engine, "", UNKNOWN_ENGINE_IDS), from).unwrap();
                continue;
            }
            count += 1;
            for said in say(Asked { id, request: pdu.map(async_snmp::Pdu::request_id), count, octets: octets.clone() })
            {
                socket.send_to(&said, from).unwrap();
            }
        }
    });
    AgentAddress { host: "127.0.0.1".to_owned(), port }
}

fn open() -> User {
    User { name: "open".to_owned(), context: String::new(), security: Security::None }
}

fn closed() -> User {
    let password = |word: &str| Password::try_from(word).unwrap();
    let auth = Authentication { protocol: AuthProtocol::Sha1, password: password("authentication") };
    let privacy = Encryption { protocol: PrivProtocol::Aes128, password: password("encryption") };
    User { name: "closed".to_owned(), context: String::new(), security: Security::AuthPriv(auth, privacy) }
}

fn v3(address: AgentAddress, user: User) -> V3 {
    V3::new(address, user, Patience { timeout: Duration::from_millis(400), retries: 0 })
}

/// The uptime, or what is wrong.
fn ask(v3: &mut V3) -> Result<u32, String> {
    let uptime = Object::SYS_UP_TIME;
    let asked = v3.ask(Question::Get, &[Name::scalar(uptime)], |reply| match reply.varbinds.value_of(uptime, 0)? {
        Value::TimeTicks(ticks) => Ok(ticks),
        _ => Err(Malformed::Type),
    });
    asked.map_err(|unanswered| match unanswered {
        Unanswered::Failed(error) => error.to_string(),
        Unanswered::TooLong => "too long".to_owned(),
    })
}

#[track_caller]
fn check_refused(v3: &mut V3, says: &str) {
    let error = ask(v3).unwrap_err();
    assert!(error.contains(says), "{error}");
}

#[test]
fn an_answer_that_is_not_authenticated_is_none_to_a_user_with_a_password() {
    let address = agent(ENGINE, |Asked { id, .. }| {
        (0..3).map(|request| message(id, ENGINE, "closed", &pdu(RESPONSE, request, &UPTIME, &uptime(7)))).collect()
    });
    check_refused(&mut v3(address, closed()), "sends something that is not the answer");
}

#[test]
fn an_answer_of_another_version_is_none() {
    let address = agent(ENGINE, |Asked { id, request, .. }| {
        let answer = |version: i32, id: i32| {
            let pdu = pdu(RESPONSE, id, &UPTIME, &uptime(7));
            element(0x30, &[&integer(version), &element(4, &[b"public"]), &pdu])
        };
        [Some(id), request].into_iter().flatten().flat_map(|id| [answer(0, id), answer(1, id)]).collect()
    });
    check_refused(&mut v3(address.clone(), closed()), "is there, and does not answer user `closed`");
    check_refused(&mut v3(address, open()), "is there, and does not answer user `open`");
}

#[test]
fn an_answer_to_an_earlier_question_is_none_to_a_later_one() {
    let mut earlier = Vec::new();
    let address = agent(ENGINE, move |Asked { id, request, count, .. }| {
        if count == 1 {
            earlier = message(id, ENGINE, "open", &pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(7)));
        }
        vec![earlier.clone()]
    });
    let mut v3 = v3(address, open());
    assert_eq!(ask(&mut v3), Ok(7));
    check_refused(&mut v3, "no answer from 127.0.0.1");
}

#[test]
fn an_answer_about_something_else_or_to_somebody_else_is_none() {
    let address = agent(ENGINE, |Asked { id, request, .. }| {
        vec![
            message(id, ENGINE, "other", &pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(1))),
            message(id, OTHER_ENGINE, "open", &pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(2))),
            message(id, ENGINE, "open", &pdu(RESPONSE, request.unwrap() ^ 1, &UPTIME, &uptime(3))),
            message(id, ENGINE, "open", &pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(4))),
        ]
    });
    assert_eq!(ask(&mut v3(address, open())), Ok(4));

    let address = agent(ENGINE, |Asked { id, request, .. }| {
        let name = [&UPTIME[..6], &[5, 0]].concat();
        vec![message(id, ENGINE, "open", &pdu(RESPONSE, request.unwrap(), &name, &uptime(5)))]
    });
    check_refused(&mut v3(address, open()), "it is about something else than what was asked for");
}

#[test]
fn a_report_that_anybody_can_forge_does_not_stand_in_the_way_of_an_answer() {
    let address = agent(ENGINE, |Asked { id, request, .. }| {
        vec![
            report(id, OTHER_ENGINE, "open", WRONG_DIGESTS),
            report(id, OTHER_ENGINE, "", UNKNOWN_ENGINE_IDS),
            message(id, ENGINE, "open", &pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(7))),
        ]
    });
    assert_eq!(ask(&mut v3(address, open())), Ok(7));
}

#[test]
fn an_engine_that_is_never_the_same_is_not_followed_for_ever() {
    let address = agent(ENGINE, |Asked { id, count, .. }| {
        // Each question is asked once more, and not more often.
        assert!(count <= 2);
        vec![report(id, OTHER_ENGINE, "", UNKNOWN_ENGINE_IDS)]
    });
    check_refused(&mut v3(address, open()), "changes its engine ID all the time");
}

/// A user in a context, asking an agent that has `bridge1` alone.
fn ask_in_context(context: &str) -> Result<u32, String> {
    /// snmpUnknownContexts (RFC 3413).
    const UNKNOWN_CONTEXTS: [u8; 9] = [0x2b, 6, 1, 6, 3, 12, 1, 5, 0];

    let address = agent(ENGINE, |Asked { id, request, octets, .. }| {
        let known = element(4, &[b"bridge1"]);
        // In as few octets as can be.
        let known = [&known[..1], &known[3..]].concat();
        if octets.windows(known.len()).any(|part| part == known) {
            let answer = pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(7));
            vec![message_in("bridge1", id, ENGINE, "open", &answer)]
        } else {
            vec![message(id, ENGINE, "open", &pdu(REPORT, 0, &UNKNOWN_CONTEXTS, &element(0x41, &[&[1]])))]
        }
    });
    ask(&mut v3(address, User { context: context.to_owned(), ..open() }))
}

#[test]
fn a_question_names_its_context_and_one_that_is_not_there_is_said_not_to_be() {
    assert_eq!(ask_in_context("bridge1"), Ok(7));
    for context in ["bridge2", ""] {
        let error = ask_in_context(context).unwrap_err();
        let says = format!("has no context `{context}` for user `open` (snmpUnknownContexts)");
        assert!(error.contains(&says), "{error}");
    }
}

#[test]
fn spoilt_messages_do_no_harm() {
    let mut random = 3_u64;
    let address = agent(ENGINE, move |Asked { id, request, .. }| {
        let whole = message(id, ENGINE, "open", &pdu(RESPONSE, request.unwrap(), &UPTIME, &uptime(7)));
        let mut spoilt = |octets: usize| {
            let mut message = whole.clone();
            for _ in 0..octets {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(random >> 33).unwrap() % message.len();
                message[at] = random.to_be_bytes()[3];
            }
            message
        };
        // Those first that are least likely to be understood.
        [3; 20].into_iter().chain([2; 20]).chain([1; 40]).map(&mut spoilt).collect()
    });
    let mut v3 = v3(address, open());
    // Neither a panic nor an endless loop; and some of them are still understood, so that there was something to try.
    let understood = (0..20).filter(|_| ask(&mut v3).is_ok()).count();
    assert!(understood > 0);
}
