//! Answers as an agent writes them, from names and values.

use crate::source::snmp::codec::{Envelope, Version};
use crate::source::snmp::object::Name;

/// What an agent says of an instance.
#[derive(Clone, Copy, Debug)]
pub(in crate::source::snmp) enum Said<'a> {
    Counter32(u32),
    Counter64(u64),
    TimeTicks(u32),
    Text(&'a [u8]),
    Number(u8),
    Missing,
}

/// An answer with this error and these values.
pub(in crate::source::snmp) fn write(
    of: Envelope<'_>,
    [id, status, index]: [u32; 3],
    varbinds: &[(Name, Said<'_>)],
) -> Vec<u8> {
    let number = |number: u32| element(2, &[&[0], number.to_be_bytes().as_slice()].concat());
    let varbinds = varbinds.iter().flat_map(|(name, said)| element(0x30, &[oid(*name), value(*said)].concat()));
    let varbinds = element(0x30, &varbinds.collect::<Vec<u8>>());
    let pdu = element(0xa2, &[number(id), number(status), number(index), varbinds].concat());
    let version = element(2, &[u8::from(of.version == Version::V2c)]);
    element(0x30, &[version, element(4, of.community), pdu].concat())
}

fn oid(name: Name) -> Vec<u8> {
    let (octets, length) = name.encoded();
    element(6, &octets[..length])
}

fn value(said: Said<'_>) -> Vec<u8> {
    match said {
        Said::Counter32(number) => element(0x41, &[&[0], number.to_be_bytes().as_slice()].concat()),
        Said::Counter64(number) => element(0x46, &[&[0], number.to_be_bytes().as_slice()].concat()),
        Said::TimeTicks(number) => element(0x43, &[&[0], number.to_be_bytes().as_slice()].concat()),
        Said::Text(text) => element(4, text),
        Said::Number(number) => element(2, &[number]),
        Said::Missing => element(0x81, &[]),
    }
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let header = if content.len() < 0x80 { vec![tag, low] } else { vec![tag, 0x82, high, low] };
    [header.as_slice(), content].concat()
}
