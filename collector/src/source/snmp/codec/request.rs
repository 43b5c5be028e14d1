//! Requests, written from their front to their end: how long each part is, is known before.

use snmp::asn1::{TYPE_INTEGER, TYPE_NULL, TYPE_OBJECTIDENTIFIER, TYPE_OCTETSTRING, TYPE_SEQUENCE};
use snmp::snmp::{MSG_GET, MSG_GET_BULK, MSG_GET_NEXT};

use super::Envelope;
use crate::source::snmp::object::Name;

/// The most varbinds that a request may have, which are some four thousand octets.
pub(in crate::source::snmp) const MOST_NAMES: usize = 150;

/// What is asked about the names of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::snmp) enum Question {
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

/// A message that can be sent again with another request-id. Its memory serves for one after the other.
#[derive(Debug, Default)]
pub(in crate::source::snmp) struct Request {
    message: Vec<u8>,
    /// Where the four octets of the request-id are.
    id: usize,
}

impl Request {
    /// From here on all positive ones take four octets.
    const LEAST_ID: i32 = 1 << 23;

    /// Writes a request without a request-id yet; `None` where there are more names than fit into one.
    pub(in crate::source::snmp) fn write(
        &mut self,
        question: Question,
        of: Envelope<'_>,
        names: &[Name],
    ) -> Option<()> {
        let Envelope { version, community } = of;
        if names.len() > MOST_NAMES || community.len() > 255 {
            return None;
        }
        let (tag, repetitions) = match question {
            Question::Get => (MSG_GET, 0),
            Question::Next => (MSG_GET_NEXT, 0),
            Question::Bulk { repetitions } => (MSG_GET_BULK, repetitions),
        };
        let repetitions = Integer::of(repetitions);
        let varbinds = names.iter().map(|name| size(varbind(name.encoded_length()))).sum();
        // The numbers are the request-id, and the error-status and -index, or what a GETBULK has in their place.
        let pdu = size(4) + size(1) + size(repetitions.octets().len()) + size(varbinds);
        let version = Integer::of(version.number());
        let content = size(version.octets().len()) + size(community.len()) + size(pdu);

        let message = &mut self.message;
        message.clear();
        message.reserve(size(content) + LONGEST_NAME);
        put_header(message, TYPE_SEQUENCE, content);
        put(message, TYPE_INTEGER, version.octets());
        put(message, TYPE_OCTETSTRING, community);
        put_header(message, tag, pdu);
        put(message, TYPE_INTEGER, &Self::LEAST_ID.to_be_bytes());
        self.id = message.len() - 4;
        put(message, TYPE_INTEGER, &[0]);
        put(message, TYPE_INTEGER, repetitions.octets());
        put_header(message, TYPE_SEQUENCE, varbinds);
        for name in names {
            put_varbind(message, *name);
        }
        Some(())
    }

    /// As it goes over the wire.
    pub(in crate::source::snmp) fn octets(&self) -> &[u8] {
        &self.message
    }

    /// Gives it a request-id, which must take four octets.
    pub(in crate::source::snmp) fn set_id(&mut self, id: i32) {
        debug_assert!(id >= Self::LEAST_ID, "{id} takes fewer than four octets");
        if let Some(octets) = self.message.get_mut(self.id..self.id + 4) {
            octets.copy_from_slice(&id.to_be_bytes());
        }
    }
}

/// The most octets that a name takes.
const LONGEST_NAME: usize = 20;

/// A name whose encoding has so many octets, with the value that a question has: none.
const fn varbind(name: usize) -> usize {
    size(name) + size(0)
}

/// An element whose content has so many octets.
const fn size(content: usize) -> usize {
    let header = match content {
        ..0x80 => 2,
        0x80..0x100 => 3,
        _ => 4,
    };
    header + content
}

fn put(message: &mut Vec<u8>, tag: u8, content: &[u8]) {
    put_header(message, tag, content.len());
    message.extend_from_slice(content);
}

fn put_header(message: &mut Vec<u8>, tag: u8, content: usize) {
    let [.., high, low] = content.to_be_bytes();
    match content {
        ..0x80 => message.extend_from_slice(&[tag, low]),
        0x80..0x100 => message.extend_from_slice(&[tag, 0x81, low]),
        _ => message.extend_from_slice(&[tag, 0x82, high, low]),
    }
}

fn put_varbind(message: &mut Vec<u8>, name: Name) {
    let (name, length) = name.encoded();
    let mut octets = [0; LONGEST_NAME + 6];
    #[expect(clippy::cast_possible_truncation, reason = "a name has at most twenty octets")]
    octets[..4].copy_from_slice(&[TYPE_SEQUENCE, varbind(length) as u8, TYPE_OBJECTIDENTIFIER, length as u8]);
    octets[4..4 + LONGEST_NAME].copy_from_slice(&name);
    octets[4 + length..6 + length].copy_from_slice(&[TYPE_NULL, 0]);
    // A number of octets that is known beforehand is moved in two steps; to move as many as there are takes a loop.
    message.extend_from_slice(&octets);
    message.truncate(message.len() - (LONGEST_NAME - length));
}

/// A number that is not negative, in as few octets as may be.
struct Integer {
    octets: [u8; 5],
    begin: usize,
}

impl Integer {
    fn of(number: u32) -> Self {
        let [a, b, c, d] = number.to_be_bytes();
        let octets = [0, a, b, c, d];
        // The highest bit is the sign, so that what has it set begins with a zero.
        let begin = (0..4).find(|at| octets[*at] != 0 || octets[at + 1] >= 0x80).unwrap_or(4);
        Self { octets, begin }
    }

    fn octets(&self) -> &[u8] {
        &self.octets[self.begin..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_as_few_octets_as_may_be_and_no_sign() {
        let octets = |number| Integer::of(number).octets().to_vec();
        assert_eq!(octets(0), [0]);
        assert_eq!(octets(127), [127]);
        assert_eq!(octets(128), [0, 128]);
        assert_eq!(octets(0x7fff), [0x7f, 0xff]);
        assert_eq!(octets(0x1_0000), [1, 0, 0]);
        assert_eq!(octets(u32::MAX), [0, 0xff, 0xff, 0xff, 0xff]);
    }
}
