//! Messages of SNMP v1 (RFC 1157) and v2c (RFC 3416) into octets and back. Knows no socket, no clock, and of no question but how it looks.
//!
//! What is decoded came from a network: nothing here panics, allocates by a length that was claimed, or takes a part of a
//! message for the whole.

mod elements;
#[cfg(any(test, fuzzing))]
pub(super) mod replay;
mod request;
mod value;
mod varbinds;

pub(super) use request::{MOST_NAMES, Question, Request};
pub(super) use value::Value;
pub(super) use varbinds::Varbinds;

use snmp::asn1::{TYPE_INTEGER, TYPE_OCTETSTRING, TYPE_SEQUENCE};
use snmp::snmp::MSG_RESPONSE;

use elements::{Element, Elements};

/// The versions that go over the wire as they are: without a word of who speaks but the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2c,
}

impl Version {
    /// As it is written in a message.
    const fn number(self) -> u32 {
        match self {
            Self::V1 => 0,
            Self::V2c => 1,
        }
    }
}

/// Whose messages they are: all have the same beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Envelope<'a> {
    pub(super) version: Version,
    pub(super) community: &'a [u8],
}

/// An agent's answer. Whether it is the answer to a question that was asked is for others to say, by its request-id.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub(super) id: i32,
    /// `error-status` of RFC 3416.
    pub(super) status: u32,
    /// `error-index`: which varbind that is about, from 1; 0 for none.
    pub(super) index: u32,
    pub(super) varbinds: Varbinds<'a>,
}

impl<'a> Answer<'a> {
    /// Decodes a datagram as far as the varbinds.
    pub(super) fn decode(datagram: &'a [u8], of: Envelope<'_>) -> Result<Self, Malformed> {
        let mut outside = Elements::of(datagram);
        let mut message = outside.expect(TYPE_SEQUENCE)?.elements();
        outside.end()?;
        if message.expect(TYPE_INTEGER)?.integer()? != i64::from(of.version.number()) {
            return Err(Malformed::Version);
        }
        if message.expect(TYPE_OCTETSTRING)?.content != of.community {
            return Err(Malformed::Community);
        }
        let pdu = message.next()?.filter(|pdu| pdu.tag == MSG_RESPONSE).ok_or(Malformed::NoAnswer)?;
        message.end()?;
        let mut pdu = pdu.elements();
        let mut number = || pdu.expect(TYPE_INTEGER).and_then(Element::integer);
        let id = i32::try_from(number()?).map_err(|_| Malformed::Number)?;
        let status = u32::try_from(number()?).map_err(|_| Malformed::Number)?;
        let index = u32::try_from(number()?).map_err(|_| Malformed::Number)?;
        let varbinds = Varbinds::encoded(pdu.expect(TYPE_SEQUENCE)?.elements(), of.version);
        pdu.end()?;
        Ok(Self { id, status, index, varbinds })
    }
}

/// Why a datagram is not the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("it ends too early")]
    Truncated,
    #[error("something follows where it should end")]
    Trailing,
    #[error("a length in it is not allowed")]
    Length,
    #[error("a part of it has an unexpected type")]
    Type,
    #[error("a number in it is out of range")]
    Number,
    #[error("it has another version")]
    Version,
    #[error("it has another community")]
    Community,
    #[error("it is no response")]
    NoAnswer,
    #[error("it is about something else than what was asked for")]
    OtherNames,
    #[error("it leaves out some of what was asked for")]
    TooFew,
    #[error("it has more than what was asked for")]
    TooMany,
}

#[cfg(test)]
pub(super) mod tests;
