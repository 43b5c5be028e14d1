//! Makes something else of an answer, as broken devices, broken networks and forgers do.

use crate::message::Message;
use crate::random::Random;

/// What is made of an answer.
///
/// In those that change whom or what it is from, each counter is another one too, and further off or less each time: that
/// one was believed is seen then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// The same, as the network may make of one.
    Copy,
    /// From another port of the same address.
    OtherPort,
    /// From another address, where there is one (127.9.9.9).
    OtherAddress,
    /// With another request-id.
    RequestId,
    /// With another community of the same length.
    Community,
    /// With another version.
    Version,
    /// As a request (GET) and not as a response.
    PduType,
    /// Without so many of its last octets.
    Truncate(usize),
    /// With some octets changed, the same ones each time for the same seed and answer.
    Mutate(u64),
    /// Something else altogether.
    Octets(Vec<u8>),
}

/// Where a datagram is sent from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Own,
    OtherPort,
    OtherAddress,
}

impl Spoil {
    pub(crate) const fn via(&self) -> Via {
        match self {
            Self::OtherPort => Via::OtherPort,
            Self::OtherAddress => Via::OtherAddress,
            _ => Via::Own,
        }
    }

    /// What is sent.
    pub(crate) fn apply(&self, message: &Message) -> Vec<u8> {
        let Message { octets, parts } = message;
        let mut spoilt = octets.clone();
        match self {
            Self::Copy => return spoilt,
            Self::Truncate(number) => {
                spoilt.truncate(octets.len().saturating_sub(*number));
                return spoilt;
            }
            Self::Mutate(seed) => {
                mutate(&mut spoilt, *seed);
                return spoilt;
            }
            Self::Octets(octets) => return octets.clone(),
            Self::OtherPort | Self::OtherAddress => {}
            Self::RequestId => spoilt[parts.id.end - 1] ^= 1,
            Self::Community => spoilt[parts.community.clone()].iter_mut().for_each(|octet| *octet ^= 0x20),
            Self::Version => spoilt[parts.version] ^= 1,
            Self::PduType => spoilt[parts.pdu] = 0xa0,
        }
        let salt = octets[parts.id.end - 1] | 1;
        for at in message.counters() {
            spoilt[at] ^= salt;
        }
        spoilt
    }
}

/// Changes up to eight octets, and sometimes the length.
fn mutate(octets: &mut Vec<u8>, seed: u64) {
    // The answer is a part of the seed, so that not all are spoilt in the same place.
    let sum = octets.iter().fold(seed, |sum, octet| sum.wrapping_mul(31).wrapping_add(u64::from(*octet)));
    let mut random = Random::new(sum);
    for _ in 0..=random.place(8) {
        let at = random.place(octets.len());
        let Some(octet) = octets.get_mut(at) else { return };
        *octet = random.next().to_le_bytes()[0];
    }
    if random.below(4) == 0 {
        octets.truncate(random.place(octets.len()));
    }
}
