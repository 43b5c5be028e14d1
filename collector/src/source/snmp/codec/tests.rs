//! Messages: as net-snmp sends them, as nobody should, and spoilt by chance.

pub(in crate::source::snmp) mod write;

use stats::Width;

use snmp::snmp::MSG_GET;

use super::elements::Elements;
use super::*;
use crate::source::snmp::object::{Name, Object};

/// What net-snmp 5.9.3 answered to a GET of `sysUpTime.0`, `ifHCInOctets.1`, an instance and an object that it has not.
const REPLY: &str = "305d02010104067075626c6963a2500204645851fa0201000201003042\
    300e06082b06010201010300430254343012060b2b060102011f010101060146030eb620\
    300f060b2b060102011f01010106638100300b06072b0601020163018000";

/// The request for it, as `snmpget` sent it.
const REQUEST: &str = "305802010104067075626c6963a04b0204645851fa020100020100303d\
    300c06082b060102010103000500300f060b2b060102011f01010106010500\
    300f060b2b060102011f01010106630500300b06072b0601020163010500";

/// What it answered to a GETBULK at the end of what it has.
const REPLY_AT_THE_END: &str = "302802010104067075626c6963a21b0204033db9dd020100020100300d300b06072b060102011f098200";

/// A page of a walk of ifName and ifAlias.
const REPLY_WITH_TEXTS: &str = "30818b02010104067075626c6963a27e02042477cba1020100020100307030\
    11060b2b060102011f010101010104026c6f300f060b2b060102011f01010112010400\
    3013060b2b060102011f0101010102040469666230300f060b2b060102011f01010112020400\
    3013060b2b060102011f0101010103040469666231300f060b2b060102011f01010112030400";

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

pub(in crate::source::snmp) const PUBLIC: Envelope<'_> = Envelope { version: Version::V2c, community: b"public" };

const IF_HC_IN_OCTETS: Object = Object::new("ifHCInOctets", &[31, 1, 1, 1, 6]);

fn instance(instance: u32) -> Name {
    Name::of(IF_HC_IN_OCTETS, Some(instance))
}

fn encode(question: Question, of: Envelope<'_>, names: &[Name]) -> Option<Vec<u8>> {
    let mut request = Request::default();
    request.write(question, of, names)?;
    request.set_id(0x6458_51fa);
    Some(request.octets().to_vec())
}

#[test]
fn a_get_is_the_one_that_net_snmp_sends() {
    let names =
        [Name::scalar(Object::SYS_UP_TIME), instance(1), instance(99), Name::of(Object::new("none", &[99]), Some(1))];
    assert_eq!(encode(Question::Get, PUBLIC, &names), Some(octets(REQUEST)));
}

#[test]
fn a_getnext_of_v1_differs_in_two_octets() {
    let names = [Name::scalar(Object::SYS_UP_TIME)];
    let get = encode(Question::Get, PUBLIC, &names).unwrap();
    let next = encode(Question::Next, Envelope { version: Version::V1, ..PUBLIC }, &names).unwrap();
    let differ: Vec<_> = get.iter().zip(&next).filter(|(get, next)| get != next).collect();
    assert_eq!(differ, [(&1, &0), (&0xa0, &0xa1)]);
}

#[test]
fn a_get_is_a_get_with_its_id_however_long_it_is() {
    for count in [1, 10, 100, MOST_NAMES] {
        for community in ["c", &"c".repeat(200), &"c".repeat(255)] {
            let names: Vec<Name> = (0..count).map(|at| instance(u32::MAX >> (at % 32))).collect();
            let of = Envelope { community: community.as_bytes(), ..PUBLIC };
            let message = encode(Question::Get, of, &names).unwrap();
            let mut outside = Elements::of(&message);
            let mut elements = outside.next().unwrap().unwrap().elements();
            elements.next().unwrap();
            elements.next().unwrap();
            let pdu = elements.next().unwrap().unwrap();
            assert_eq!(pdu.tag, MSG_GET);
            let mut pdu = pdu.elements();
            let numbers = [(); 3].map(|()| pdu.next().unwrap().unwrap().integer().unwrap());
            assert_eq!(numbers, [0x6458_51fa, 0, 0]);
            let mut varbinds = Varbinds::encoded(pdu.next().unwrap().unwrap().elements(), Version::V2c);
            for name in &names {
                assert_eq!(varbinds.value_of(name.object, name.instance.unwrap()), Ok(Value::Missing));
            }
            for elements in [pdu, elements, outside] {
                assert_eq!(elements.end(), Ok(()));
            }
            assert_eq!(varbinds.end(), Ok(()));
        }
    }
}

#[test]
fn what_is_too_much_for_one_message_is_not_written() {
    assert!(encode(Question::Get, PUBLIC, &vec![instance(1); MOST_NAMES + 1]).is_none());
    assert!(encode(Question::Get, Envelope { community: &[0; 256], ..PUBLIC }, &[instance(1)]).is_none());
}

#[test]
fn a_reply_is_read_with_its_exceptions_and_what_follows_them() {
    let reply = octets(REPLY);
    let mut answer = Answer::decode(&reply, PUBLIC).unwrap();
    assert_eq!((answer.id, answer.status, answer.index), (0x6458_51fa, 0, 0));
    let varbinds = &mut answer.varbinds;
    assert_eq!(varbinds.value_of(Object::SYS_UP_TIME, 0), Ok(Value::TimeTicks(21_556)));
    assert_eq!(varbinds.value_of(IF_HC_IN_OCTETS, 1), Ok(Value::Counter64(964_128)));
    assert_eq!(varbinds.value_of(IF_HC_IN_OCTETS, 99), Ok(Value::Missing));
    assert_eq!(varbinds.end(), Err(Malformed::TooMany));
    assert_eq!(varbinds.value_of(IF_HC_IN_OCTETS, 1), Err(Malformed::OtherNames));
    assert_eq!(varbinds.value_of(IF_HC_IN_OCTETS, 1), Err(Malformed::TooFew));
    assert_eq!(varbinds.end(), Ok(()));
    assert_eq!(varbinds.taken(), 4);
}

#[test]
fn an_answer_in_v1_has_no_numbers_of_64_bits() {
    let mut reply = octets(REPLY);
    reply[4] = 0;
    let mut answer = Answer::decode(&reply, Envelope { version: Version::V1, ..PUBLIC }).unwrap();
    assert_eq!(answer.varbinds.value_of(Object::SYS_UP_TIME, 0), Ok(Value::TimeTicks(21_556)));
    assert_eq!(answer.varbinds.value_of(IF_HC_IN_OCTETS, 1), Ok(Value::Other));
}

#[test]
fn varbinds_that_others_have_decoded_are_taken_in_the_same_way() {
    let name: &[u8] = &[0x2b, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1];
    let decoded = [(name, Value::Counter64(5)), (name, Value::Missing)];
    let mut varbinds = Varbinds::decoded(&decoded);
    assert_eq!(varbinds.value_of(IF_HC_IN_OCTETS, 1), Ok(Value::Counter64(5)));
    assert_eq!(varbinds.end(), Err(Malformed::TooMany));
    assert_eq!(varbinds.value_of(IF_HC_IN_OCTETS, 2), Err(Malformed::OtherNames));
    assert_eq!((varbinds.end(), varbinds.next(), varbinds.taken()), (Ok(()), Ok(None), 2));
}

#[test]
fn the_end_of_the_mib_is_a_value() {
    let reply = octets(REPLY_AT_THE_END);
    let (_, value) = Answer::decode(&reply, PUBLIC).unwrap().varbinds.next().unwrap().unwrap();
    assert_eq!(value, Value::EndOfMibView);
}

#[track_caller]
fn check_refusal(spoil: impl Fn(&mut Vec<u8>), expected: Malformed) {
    let mut reply = octets(REPLY);
    spoil(&mut reply);
    assert_eq!(Answer::decode(&reply, PUBLIC).unwrap_err(), expected);
}

#[test]
fn what_is_not_the_answer_of_this_agent_is_refused() {
    check_refusal(|reply| reply[4] = 0, Malformed::Version);
    check_refusal(|reply| reply[7] = b'P', Malformed::Community);
    check_refusal(|reply| reply[13] = 0xa0, Malformed::NoAnswer);
    check_refusal(|reply| reply[13] = 0xa8, Malformed::NoAnswer);
}

#[test]
fn what_is_cut_or_has_something_behind_it_is_refused() {
    check_refusal(|reply| reply.truncate(60), Malformed::Truncated);
    check_refusal(Vec::clear, Malformed::Truncated);
    check_refusal(|reply| reply.push(0), Malformed::Trailing);
    check_refusal(|reply| *reply = vec![0x30, 0x84], Malformed::Truncated);
    check_refusal(|reply| *reply = vec![0x30, 0x00], Malformed::Truncated);
}

#[test]
fn a_varbind_that_leaves_its_bounds_ends_the_answer_with_an_error() {
    let mut reply = octets(REPLY);
    // The length of the first name.
    reply[32] = 0x7f;
    let mut answer = Answer::decode(&reply, PUBLIC).unwrap();
    assert_eq!(answer.varbinds.next().map(|_| ()), Err(Malformed::Truncated));
}

#[track_caller]
fn check_counter(element: &[u8], expected: Option<(u64, Width)>) {
    let element = Elements::of(element).next().unwrap().unwrap();
    assert_eq!(Value::decode(element).unwrap().counter(), expected);
}

#[test]
fn a_counter_has_the_width_of_the_wire() {
    check_counter(&[0x46, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 1], Some(((1 << 63) + 1, Width::Bits64)));
    check_counter(&[0x41, 5, 0, 0xff, 0xff, 0xff, 0xff], Some((0xffff_ffff, Width::Bits32)));
    check_counter(&[0x42, 1, 7], Some((7, Width::Bits32)));
    check_counter(&[0x02, 1, 7], Some((7, Width::Bits32)));
    check_counter(&[0x02, 1, 0xff], None);
    check_counter(&[0x81, 0], None);
    check_counter(&[0x04, 1, b'7'], None);
}

#[test]
fn a_counter_of_32_bits_that_has_more_is_refused() {
    let element = Elements::of(&[0x41, 5, 1, 0, 0, 0, 0]).next().unwrap().unwrap();
    assert_eq!(Value::decode(element), Err(Malformed::Number));
}

/// Changes some octets, or cuts, repeats or adds some: the same ones for the same seed.
pub(in crate::source::snmp) fn mutate(message: &[u8], random: &mut u64) -> Vec<u8> {
    let mut next = |below: usize| {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*random >> 33).unwrap() % below
    };
    let mut message = message.to_vec();
    for _ in 0..=next(4) {
        let at = next(message.len());
        match next(8) {
            0 => message.truncate(at.max(1)),
            1 => message.insert(at, 0x84),
            2 => drop(message.remove(at).min(1)),
            3 => message[at] = [0, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff][next(7)],
            4 => message.extend_from_within(at..),
            5 => message[at] ^= 1 << next(8),
            _ => message[at] = u8::try_from(next(256)).unwrap(),
        }
        if message.is_empty() {
            message.push(0x30);
        }
    }
    message
}

#[test]
fn a_hundred_thousand_spoilt_messages_do_no_harm() {
    let originals = [REPLY, REPLY_AT_THE_END, REPLY_WITH_TEXTS, REQUEST].map(octets);
    let mut random = 1;
    let mut understood = 0;
    for original in originals.iter().cycle().take(100_000) {
        let message = mutate(original, &mut random);
        let Ok(mut answer) = Answer::decode(&message, PUBLIC) else { continue };
        let mut count = 0;
        while let Ok(Some((name, value))) = answer.varbinds.next() {
            let _ = (IF_HC_IN_OCTETS.locate(name), value.counter(), value.number(), value.octets());
            count += 1;
        }
        // Each takes seven octets at the least.
        assert!(count <= message.len() / 7);
        understood += 1;
    }
    // Otherwise the test would look at nothing but the first few octets.
    assert!(understood > 10_000, "{understood}");
}
