//! Messages of SNMP v1 (RFC 1157) and v2c (RFC 3416) into octets and back. Knows no socket, no clock, and of no question but how it looks.
//!
//! What is decoded came from a network: nothing here panics, allocates by a length that was claimed, or takes a part of a
//! message for the whole.

mod elements;
#[cfg(any(test, fuzzing))]
pub(super) mod replay;
mod value;
mod varbinds;

pub(super) use value::Value;
pub(super) use varbinds::Varbinds;

use snmp::asn1::{TYPE_INTEGER, TYPE_OCTETSTRING, TYPE_SEQUENCE};
use snmp::pdu;
use snmp::snmp::{MSG_GET, MSG_GET_BULK, MSG_GET_NEXT, MSG_RESPONSE, VERSION_2};

use crate::source::snmp::object::Name;
use elements::{Element, Elements};

/// The most varbinds that a request may have. The crate's builder panics beyond 4,096 octets; each of these takes at most
/// 23, and a community at most 260.
pub(super) const MOST_NAMES: usize = 150;

/// What is asked about the names of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// The values of these instances.
    Get,
    /// What follows after each name.
    Next,
    /// What follows after each name, so many times. Not in v1.
    Bulk {
        /// How many rows.
        repetitions: u32,
    },
}

/// The versions that go over the wire as they are: without a word of who speaks but the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2c,
}

impl Version {
    /// As it is written in a message.
    const fn number(self) -> i64 {
        match self {
            Self::V1 => 0,
            Self::V2c => VERSION_2,
        }
    }
}

/// Whose messages they are: all have the same beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Envelope<'a> {
    pub(super) version: Version,
    pub(super) community: &'a [u8],
}

/// A message that can be sent again with another request-id.
#[derive(Debug, Default)]
pub(super) struct Request {
    message: Vec<u8>,
    /// Where the four octets of the request-id are.
    id: usize,
}

impl Request {
    /// As it goes over the wire.
    pub(super) fn octets(&self) -> &[u8] {
        &self.message
    }

    /// Gives it a request-id, which must take four octets.
    pub(super) fn set_id(&mut self, id: i32) {
        debug_assert!(id >= Self::LEAST_ID, "{id} takes fewer than four octets");
        if let Some(octets) = self.message.get_mut(self.id..self.id + 4) {
            octets.copy_from_slice(&id.to_be_bytes());
        }
    }

    /// From here on all positive ones take four octets.
    const LEAST_ID: i32 = 1 << 23;
}

/// Builds requests. Keeps its buffers, so that a request costs no allocation worth the name.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    built: pdu::Buf,
    numbers: Vec<([u32; 13], usize)>,
}

impl Encoder {
    /// Writes a request without a request-id yet; `None` where there are more names than fit into one.
    pub(super) fn encode(
        &mut self,
        question: Question,
        of: Envelope<'_>,
        names: &[Name],
        request: &mut Request,
    ) -> Option<()> {
        let Envelope { version, community } = of;
        if names.len() > MOST_NAMES || community.len() > 255 {
            return None;
        }
        self.numbers.clear();
        self.numbers.extend(names.iter().map(|name| name.numbers()));
        let names: Vec<&[u32]> = self.numbers.iter().map(|(numbers, length)| &numbers[..*length]).collect();
        let (tag, repetitions) = match question {
            Question::Get => (MSG_GET, 0),
            Question::Next => (MSG_GET_NEXT, 0),
            Question::Bulk { repetitions } => (MSG_GET_BULK, repetitions),
        };
        pdu::build_getbulk(community, Request::LEAST_ID, &names, 0, repetitions, &mut self.built);
        let Request { message, id } = request;
        message.clear();
        message.extend_from_slice(&self.built);
        // The crate's own `build_get` takes one name, and each writes the version of v2c. A GETBULK of no repetitions has
        // a zero where a GET has its error-status and another one where that has its error-index, so that one octet tells
        // them apart, and another one the versions.
        let places = Places::of(message, community)?;
        *message.get_mut(places.version)? = u8::try_from(version.number()).ok()?;
        *message.get_mut(places.pdu).filter(|tag| **tag == MSG_GET_BULK)? = tag;
        *id = places.id;
        Some(())
    }
}

/// Where some octets of a message are that was built here.
struct Places {
    version: usize,
    /// The tag.
    pdu: usize,
    id: usize,
}

impl Places {
    fn of(message: &[u8], community: &[u8]) -> Option<Self> {
        let length_octets = |first: u8| if first < 0x80 { 1 } else { 1 + usize::from(first & 0x7f) };
        let version = 1 + length_octets(*message.get(1)?) + 2;
        let word = version + 1;
        let pdu = word + 1 + length_octets(*message.get(word + 1)?) + community.len();
        let id = pdu + 1 + length_octets(*message.get(pdu + 1)?) + 2;
        Some(Self { version, pdu, id })
    }
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
        if message.expect(TYPE_INTEGER)?.integer()? != of.version.number() {
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
