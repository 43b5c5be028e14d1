//! Requests into what they ask, and what is answered into octets: messages of v1 (RFC 1157) and v2c (RFC 3416).

use std::ops::Range;

use crate::ber::{self, INTEGER, NAME, NULL, OCTETS, SEQUENCE};
use crate::value::Value;

/// A request, understood.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    /// 0 for v1, 1 for v2c.
    pub(crate) version: u8,
    pub(crate) community: &'a [u8],
    pub(crate) asked: Asked,
    /// The names, as they were encoded.
    pub(crate) names: Vec<&'a [u8]>,
    /// The variable bindings, as they were encoded.
    pub(crate) varbinds: &'a [u8],
    /// The octets of the request-id.
    id: &'a [u8],
}

/// What is asked about the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Get,
    Next,
    Bulk { non_repeaters: usize, repetitions: usize },
}

/// `error-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    NoError = 0,
    TooBig = 1,
    NoSuchName = 2,
    GenErr = 5,
}

impl<'a> Request<'a> {
    pub(crate) fn decode(datagram: &'a [u8]) -> Option<Self> {
        let mut rest = datagram;
        let mut message = ber::take(&mut rest, SEQUENCE)?;
        let version = u8::try_from(ber::integer(ber::take(&mut message, INTEGER)?)).ok()?;
        let community = ber::take(&mut message, OCTETS)?;
        let kind = *message.first()?;
        let mut pdu = ber::take(&mut message, kind)?;
        let id = ber::take(&mut pdu, INTEGER)?;
        let first = usize::try_from(ber::integer(ber::take(&mut pdu, INTEGER)?)).ok()?;
        let second = usize::try_from(ber::integer(ber::take(&mut pdu, INTEGER)?)).ok()?;
        let asked = match (kind, version) {
            // A GET that came with an error would be none.
            (0xa0, 0 | 1) if first == 0 && second == 0 => Asked::Get,
            (0xa1, 0 | 1) if first == 0 && second == 0 => Asked::Next,
            (0xa5, 1) => Asked::Bulk { non_repeaters: first, repetitions: second },
            _ => return None,
        };
        let varbinds = ber::take(&mut pdu, SEQUENCE)?;
        let mut names = Vec::new();
        let mut rest = varbinds;
        while !rest.is_empty() {
            let mut varbind = ber::take(&mut rest, SEQUENCE)?;
            names.push(ber::take(&mut varbind, NAME)?);
            ber::take(&mut varbind, NULL)?;
        }
        Some(Self { version, community, asked, names, varbinds, id })
    }
}

/// Variable bindings of an answer.
#[derive(Debug, Default)]
pub(crate) struct Varbinds {
    octets: Vec<u8>,
    ends: Vec<usize>,
}

impl Varbinds {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Adds one whose name was encoded already.
    pub(crate) fn push_same(&mut self, name: &[u8], value: &Value) {
        ber::put_with(&mut self.octets, SEQUENCE, |out| {
            ber::put(out, NAME, name);
            value.encode(out);
        });
        self.ends.push(self.octets.len());
    }

    pub(crate) fn push(&mut self, name: &[u32], value: &Value) {
        ber::put_with(&mut self.octets, SEQUENCE, |out| {
            ber::put_name(out, name);
            value.encode(out);
        });
        self.ends.push(self.octets.len());
    }

    pub(crate) fn remove_last(&mut self, number: usize) {
        self.ends.truncate(self.ends.len().saturating_sub(number));
        self.octets.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(crate) fn swap_last(&mut self) {
        let [before @ .., middle, end] = self.ends.as_mut_slice() else { return };
        let start = before.last().copied().unwrap_or(0);
        self.octets[start..*end].rotate_left(*middle - start);
        *middle = start + (*end - *middle);
    }
}

/// An answer, as it is sent.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) octets: Vec<u8>,
    pub(crate) parts: Parts,
}

/// Where what can be spoilt is in a message.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) version: usize,
    pub(crate) community: Range<usize>,
    pub(crate) pdu: usize,
    pub(crate) id: Range<usize>,
    pub(crate) varbinds: usize,
}

impl Message {
    /// Where the last octet of each counter is.
    pub(crate) fn counters(&self) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut rest = &self.octets[self.parts.varbinds..];
        while let Some(mut varbind) = ber::take(&mut rest, SEQUENCE) {
            let is_counter = ber::take(&mut varbind, NAME).is_some() && matches!(varbind, [0x41 | 0x46, ..]);
            ends.extend(is_counter.then_some(self.octets.len() - rest.len() - 1));
        }
        ends
    }
}

impl Request<'_> {
    /// Octets of an answer beside its variable bindings, at the most.
    pub(crate) fn overhead(&self) -> usize {
        self.community.len() + 40
    }

    pub(crate) fn answer(&self, status: Status, index: usize, varbinds: &[u8]) -> Message {
        // The status and the index are of one octet as a rule.
        let mut head = Vec::with_capacity(16);
        ber::put_signed(&mut head, i64::from(status as u8));
        ber::put_signed(&mut head, i64::try_from(index).unwrap_or(0));
        ber::put_header(&mut head, SEQUENCE, varbinds.len());
        let pdu = ber::size(self.id.len()) + head.len() + varbinds.len();
        let message = 3 + ber::size(self.community.len()) + ber::size(pdu);

        let mut octets = Vec::with_capacity(message + 4);
        ber::put_header(&mut octets, SEQUENCE, message);
        ber::put(&mut octets, INTEGER, &[self.version]);
        let version = octets.len() - 1;
        ber::put(&mut octets, OCTETS, self.community);
        let community = octets.len() - self.community.len()..octets.len();
        let start = octets.len();
        ber::put_header(&mut octets, 0xa2, pdu);
        ber::put(&mut octets, INTEGER, self.id);
        let id = octets.len() - self.id.len()..octets.len();
        octets.extend_from_slice(&head);
        octets.extend_from_slice(varbinds);
        let parts = Parts { version, community, pdu: start, id, varbinds: octets.len() - varbinds.len() };
        Message { octets, parts }
    }
}
