//! The names and values of an answer, one after the other.

use snmp::asn1::{TYPE_OBJECTIDENTIFIER, TYPE_SEQUENCE};

use super::elements::Elements;
use super::{Malformed, Value, Version};
use crate::source::snmp::object::{Object, Place};

/// The names and values of an answer, one after the other, whichever version it came by.
#[derive(Clone, Debug)]
pub(in crate::source::snmp) struct Varbinds<'a> {
    rest: Rest<'a>,
    taken: usize,
}

/// What was not taken yet.
#[derive(Clone, Debug)]
enum Rest<'a> {
    Encoded(Elements<'a>, Version),
    Decoded(&'a [(&'a [u8], Value<'a>)]),
}

impl<'a> Varbinds<'a> {
    /// Those of a message of a version.
    pub(super) const fn encoded(elements: Elements<'a>, version: Version) -> Self {
        Self { rest: Rest::Encoded(elements, version), taken: 0 }
    }

    /// Those that others have decoded: names in BER, without their tags and lengths, and values.
    #[cfg_attr(not(any(test, feature = "v3")), expect(dead_code, reason = "v3 comes by it"))]
    pub(in crate::source::snmp) const fn decoded(varbinds: &'a [(&'a [u8], Value<'a>)]) -> Self {
        Self { rest: Rest::Decoded(varbinds), taken: 0 }
    }

    /// The next name, in BER, and its value; `None` after the last one.
    #[inline]
    pub(in crate::source::snmp) fn next(&mut self) -> Result<Option<(&'a [u8], Value<'a>)>, Malformed> {
        let varbind = match &mut self.rest {
            Rest::Encoded(elements, version) => decode(elements, *version)?,
            Rest::Decoded(varbinds) => varbinds.split_off_first().copied(),
        };
        self.taken += usize::from(varbind.is_some());
        Ok(varbind)
    }

    /// The value of this instance, which must be the next one.
    #[inline]
    pub(in crate::source::snmp) fn value_of(&mut self, object: Object, instance: u32) -> Result<Value<'a>, Malformed> {
        let (name, value) = self.next()?.ok_or(Malformed::TooFew)?;
        if object.locate(name) == Place::Instance(instance) { Ok(value) } else { Err(Malformed::OtherNames) }
    }

    /// Nothing more may follow.
    pub(in crate::source::snmp) fn end(&self) -> Result<(), Malformed> {
        let is_over = match &self.rest {
            Rest::Encoded(elements, _) => elements.end().is_ok(),
            Rest::Decoded(varbinds) => varbinds.is_empty(),
        };
        if is_over { Ok(()) } else { Err(Malformed::TooMany) }
    }

    /// How many were taken so far.
    pub(in crate::source::snmp) const fn taken(&self) -> usize {
        self.taken
    }
}

#[inline]
fn decode<'a>(elements: &mut Elements<'a>, version: Version) -> Result<Option<(&'a [u8], Value<'a>)>, Malformed> {
    let Some(varbind) = elements.next()? else { return Ok(None) };
    if varbind.tag != TYPE_SEQUENCE {
        return Err(Malformed::Type);
    }
    let mut pair = varbind.elements();
    let name = pair.expect(TYPE_OBJECTIDENTIFIER)?.content;
    let value = Value::decode(pair.next()?.ok_or(Malformed::Truncated)?)?;
    pair.end()?;
    Ok(Some((name, if version == Version::V1 { value.in_v1() } else { value })))
}
