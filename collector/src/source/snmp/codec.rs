//! Messages of SNMP v2c (RFC 3416) into octets and back. Knows no socket, no clock, and of no question but how it looks.
//!
//! What is decoded came from a network: nothing here panics, allocates by a length that was claimed, or takes a part of a
//! message for the whole.

mod elements;
mod value;

pub(super) use value::Value;

use snmp::asn1::{TYPE_INTEGER, TYPE_OBJECTIDENTIFIER, TYPE_OCTETSTRING, TYPE_SEQUENCE};
use snmp::pdu;
use snmp::snmp::{MSG_GET, MSG_GET_BULK, MSG_RESPONSE, VERSION_2};

use crate::source::snmp::object::{Name, Object, Place};
use elements::{Element, Elements};

/// The most varbinds that a request may have. The crate's builder panics beyond 4,096 octets; each of these takes at most
/// 23, and a community at most 260.
pub(super) const MOST_NAMES: usize = 150;

/// What is asked about the names of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// The values of these instances.
    Get,
    /// What follows after each name, so many times.
    Bulk {
        /// How many rows.
        repetitions: u32,
    },
}

/// Builds requests. Keeps its buffers, so that a request costs no allocation worth the name.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    built: pdu::Buf,
    message: Vec<u8>,
    numbers: Vec<([u32; 12], usize)>,
}

impl Encoder {
    /// The message; `None` where there are more names than fit into one.
    pub(super) fn encode(&mut self, question: Question, community: &[u8], id: i32, names: &[Name]) -> Option<&[u8]> {
        if names.len() > MOST_NAMES || community.len() > 255 {
            return None;
        }
        self.numbers.clear();
        self.numbers.extend(names.iter().map(|name| name.numbers()));
        let names: Vec<&[u32]> = self.numbers.iter().map(|(numbers, length)| &numbers[..*length]).collect();
        let repetitions = match question {
            Question::Get => 0,
            Question::Bulk { repetitions } => repetitions,
        };
        pdu::build_getbulk(community, id, &names, 0, repetitions, &mut self.built);
        self.message.clear();
        self.message.extend_from_slice(&self.built);
        if question == Question::Get {
            // The crate's own `build_get` takes one name. A GETBULK of no repetitions has a zero where a GET has its
            // error-status and another one where that has its error-index, so that one octet tells them apart.
            let pdu = pdu_offset(&self.message, community)?;
            *self.message.get_mut(pdu).filter(|tag| **tag == MSG_GET_BULK)? = MSG_GET;
        }
        Some(&self.message)
    }
}

/// Where the PDU begins in a message that was built here: after the header, the version and the community.
fn pdu_offset(message: &[u8], community: &[u8]) -> Option<usize> {
    let length_octets = |first: u8| if first < 0x80 { 1 } else { 1 + usize::from(first & 0x7f) };
    let version = 1 + length_octets(*message.get(1)?);
    let word = version + 3;
    Some(word + 1 + length_octets(*message.get(word + 1)?) + community.len())
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
    pub(super) fn decode(datagram: &'a [u8], community: &[u8]) -> Result<Self, Malformed> {
        let mut outside = Elements::of(datagram);
        let mut message = outside.expect(TYPE_SEQUENCE)?.elements();
        outside.end()?;
        if message.expect(TYPE_INTEGER)?.integer()? != VERSION_2 {
            return Err(Malformed::Version);
        }
        if message.expect(TYPE_OCTETSTRING)?.content != community {
            return Err(Malformed::Community);
        }
        let pdu = message.next()?.filter(|pdu| pdu.tag == MSG_RESPONSE).ok_or(Malformed::NoAnswer)?;
        message.end()?;
        let mut pdu = pdu.elements();
        let mut number = || pdu.expect(TYPE_INTEGER).and_then(Element::integer);
        let id = i32::try_from(number()?).map_err(|_| Malformed::Number)?;
        let status = u32::try_from(number()?).map_err(|_| Malformed::Number)?;
        let index = u32::try_from(number()?).map_err(|_| Malformed::Number)?;
        let varbinds = Varbinds { rest: pdu.expect(TYPE_SEQUENCE)?.elements(), taken: 0 };
        pdu.end()?;
        Ok(Self { id, status, index, varbinds })
    }
}

/// The names and values of an answer, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Varbinds<'a> {
    rest: Elements<'a>,
    taken: usize,
}

impl<'a> Varbinds<'a> {
    /// The next name, in BER, and its value; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<(&'a [u8], Value<'a>)>, Malformed> {
        let Some(varbind) = self.rest.next()? else { return Ok(None) };
        if varbind.tag != TYPE_SEQUENCE {
            return Err(Malformed::Type);
        }
        let mut pair = varbind.elements();
        let name = pair.expect(TYPE_OBJECTIDENTIFIER)?.content;
        let value = Value::decode(pair.next()?.ok_or(Malformed::Truncated)?)?;
        pair.end()?;
        self.taken += 1;
        Ok(Some((name, value)))
    }

    /// The value of this instance, which must be the next one.
    pub(super) fn value_of(&mut self, object: Object, instance: u32) -> Result<Value<'a>, Malformed> {
        let (name, value) = self.next()?.ok_or(Malformed::TooFew)?;
        if object.locate(name) == Place::Instance(instance) { Ok(value) } else { Err(Malformed::OtherNames) }
    }

    /// Nothing more may follow.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        self.rest.end().map_err(|_| Malformed::TooMany)
    }

    /// How many were taken so far.
    pub(super) const fn taken(&self) -> usize {
        self.taken
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
    #[error("its version is not v2c")]
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
