//! An interface's description in few octets: there is one for each interface that is followed, and little else.

use std::fmt;
use std::sync::Arc;

use super::{AdminStatus, Interface, Maxima, OperStatus, Speed};
use crate::packed::{put, take, take_octet};

/// An [`Interface`] in few octets, to be kept and shared.
///
/// What there is of it one after the other, in a single piece of memory: a bit for each field that is there, the states,
/// the numbers, and the texts with their lengths.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptInterface(Arc<[u8]>);

/// What may be there, a bit each.
const IF_INDEX: u8 = 1;
const SPEED: u8 = 1 << 1;
const MAX: u8 = 1 << 2;
const IF_NAME: u8 = 1 << 3;
const IF_ALIAS: u8 = 1 << 4;
const IF_DESCR: u8 = 1 << 5;

/// States by their numbers here; 0 is none.
const ADMIN: [AdminStatus; 4] = [AdminStatus::Up, AdminStatus::Down, AdminStatus::Testing, AdminStatus::Unknown];
const OPER: [OperStatus; 7] = [
    OperStatus::Up,
    OperStatus::Down,
    OperStatus::Testing,
    OperStatus::Dormant,
    OperStatus::NotPresent,
    OperStatus::LowerLayerDown,
    OperStatus::Unknown,
];

/// What is kept, taken apart.
struct Parts<'a> {
    if_index: Option<u32>,
    speed: Option<Speed>,
    admin_status: Option<AdminStatus>,
    oper_status: Option<OperStatus>,
    max: Option<Maxima>,
    name: &'a [u8],
    if_name: Option<&'a [u8]>,
    if_alias: Option<&'a [u8]>,
    if_descr: Option<&'a [u8]>,
}

impl From<&Interface> for KeptInterface {
    fn from(interface: &Interface) -> Self {
        let Interface { name, if_name, if_alias, if_descr, if_index, speed, admin_status, oper_status, max } =
            interface;
        let texts = [(IF_NAME, if_name), (IF_ALIAS, if_alias), (IF_DESCR, if_descr)];
        let bit = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
        let there = bit(if_index.is_some(), IF_INDEX) | bit(speed.is_some(), SPEED) | bit(max.is_some(), MAX);
        let there = texts.iter().fold(there, |there, (of, text)| there | bit(text.is_some(), *of));
        let number = |place: Option<usize>| place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or_default();
        let admin = number(admin_status.and_then(|status| ADMIN.iter().position(|one| *one == status)));
        let oper = number(oper_status.and_then(|status| OPER.iter().position(|one| *one == status)));

        let mut octets = vec![there, admin << 4 | oper];
        if let Some(index) = if_index {
            put(&mut octets, (*index).into());
        }
        if let Some(speed) = speed {
            put(&mut octets, speed.bits_per_second());
        }
        if let Some(max) = max {
            let Maxima { in_octets, out_octets, in_packets, out_packets } = **max;
            for most in [in_octets, out_octets, in_packets, out_packets] {
                octets.push(most.is_some().into());
                put(&mut octets, most.unwrap_or_default());
            }
        }
        for text in [Some(name)].into_iter().chain(texts.map(|(_, text)| text.as_ref())).flatten() {
            put(&mut octets, text.len() as u64);
            octets.extend(text.bytes());
        }
        Self(octets.into())
    }
}

impl From<Interface> for KeptInterface {
    fn from(interface: Interface) -> Self {
        Self::from(&interface)
    }
}

impl KeptInterface {
    /// Whether it is the same piece of memory, which is a quick way to see that nothing has changed.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// [`Interface::name`].
    #[must_use]
    pub fn name(&self) -> &str {
        text(self.parts().name)
    }

    /// [`Interface::if_name`].
    #[must_use]
    pub fn if_name(&self) -> Option<&str> {
        self.parts().if_name.map(text)
    }

    /// [`Interface::if_descr`].
    #[must_use]
    pub fn if_descr(&self) -> Option<&str> {
        self.parts().if_descr.map(text)
    }

    /// [`Interface::if_index`].
    #[must_use]
    pub fn if_index(&self) -> Option<u32> {
        self.parts().if_index
    }

    /// [`Interface::speed`].
    #[must_use]
    pub fn speed(&self) -> Option<Speed> {
        self.parts().speed
    }

    /// The description.
    #[must_use]
    pub fn unpack(&self) -> Interface {
        let mut interface = Interface::default();
        self.unpack_into(&mut interface);
        interface
    }

    /// The same in place of what `interface` holds, which saves its memory.
    pub fn unpack_into(&self, interface: &mut Interface) {
        let parts = self.parts();
        interface.name.clear();
        interface.name.push_str(text(parts.name));
        replace(&mut interface.if_name, parts.if_name);
        replace(&mut interface.if_alias, parts.if_alias);
        replace(&mut interface.if_descr, parts.if_descr);
        (interface.if_index, interface.speed) = (parts.if_index, parts.speed);
        (interface.admin_status, interface.oper_status) = (parts.admin_status, parts.oper_status);
        interface.max = parts.max.map(Box::new);
    }

    #[inline]
    fn parts(&self) -> Parts<'_> {
        let mut rest = &*self.0;
        let there = take_octet(&mut rest);
        let states = take_octet(&mut rest);
        let state = |number: u8| usize::from(number).checked_sub(1);
        let if_index = (there & IF_INDEX != 0).then(|| u32::try_from(take(&mut rest)).unwrap_or_default());
        let speed = (there & SPEED != 0).then(|| Speed::from_bits_per_second(take(&mut rest)));
        let max = (there & MAX != 0).then(|| {
            let [in_octets, out_octets, in_packets, out_packets] = [(); 4].map(|()| {
                let is_there = take_octet(&mut rest) != 0;
                Some(take(&mut rest)).filter(|_| is_there)
            });
            Maxima { in_octets, out_octets, in_packets, out_packets }
        });
        let mut take_text = || {
            let length = usize::try_from(take(&mut rest)).unwrap_or_default().min(rest.len());
            let (text, after) = rest.split_at(length);
            rest = after;
            text
        };
        let name = take_text();
        let [if_name, if_alias, if_descr] =
            [IF_NAME, IF_ALIAS, IF_DESCR].map(|of| (there & of != 0).then(&mut take_text));
        Parts {
            if_index,
            speed,
            admin_status: state(states >> 4).and_then(|place| ADMIN.get(place).copied()),
            oper_status: state(states & 0xf).and_then(|place| OPER.get(place).copied()),
            max,
            name,
            if_name,
            if_alias,
            if_descr,
        }
    }
}

impl fmt::Debug for KeptInterface {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unpack().fmt(formatter)
    }
}

/// All of it was a text before.
fn text(octets: &[u8]) -> &str {
    std::str::from_utf8(octets).unwrap_or_default()
}

fn replace(place: &mut Option<String>, octets: Option<&[u8]>) {
    match (&mut *place, octets) {
        (Some(before), Some(octets)) => {
            before.clear();
            before.push_str(text(octets));
        }
        (_, octets) => *place = octets.map(|octets| text(octets).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(interface: &Interface) {
        let kept = KeptInterface::from(interface);
        assert_eq!(kept.unpack(), *interface);
        let mut other = Interface { if_alias: Some("another".to_owned()), if_name: None, ..everything() };
        kept.unpack_into(&mut other);
        assert_eq!(other, *interface);
        assert_eq!(
            (kept.name(), kept.if_index(), kept.speed()),
            (&*interface.name, interface.if_index, interface.speed)
        );
        assert_eq!((kept.if_name(), kept.if_descr()), (interface.if_name.as_deref(), interface.if_descr.as_deref()));
    }

    fn everything() -> Interface {
        Interface {
            name: "核心 (#4294967295)".to_owned(),
            if_name: Some("核心".to_owned()),
            if_alias: Some("x".repeat(300)),
            if_descr: Some(String::new()),
            if_index: Some(u32::MAX),
            speed: Some(Speed::from_bits_per_second(u64::MAX)),
            admin_status: Some(AdminStatus::Unknown),
            oper_status: Some(OperStatus::Unknown),
            max: Some(Box::new(Maxima { in_octets: Some(u64::MAX), out_packets: Some(0), ..Maxima::default() })),
        }
    }

    #[test]
    fn what_is_kept_comes_back_whole() {
        check(&Interface::default());
        check(&everything());
        check(&Interface { if_index: Some(0), oper_status: Some(OperStatus::Up), ..Interface::default() });
        for status in ADMIN {
            check(&Interface { admin_status: Some(status), ..Interface::default() });
        }
        for status in OPER {
            check(&Interface { oper_status: Some(status), ..Interface::default() });
        }
    }

    #[test]
    fn what_has_not_changed_is_the_same_piece_of_memory_and_otherwise_equal() {
        let kept = KeptInterface::from(everything());
        assert!(kept.is_same(&kept.clone()));
        let again = KeptInterface::from(everything());
        assert!(!kept.is_same(&again) && kept == again);
        assert_ne!(kept, KeptInterface::from(Interface { if_index: None, ..everything() }));
    }

    #[test]
    fn a_usual_description_takes_little_memory() {
        let interface = Interface {
            name: "Gi1/0/48".to_owned(),
            if_descr: Some("GigabitEthernet1/0/48".to_owned()),
            if_index: Some(10_148),
            speed: Some(Speed::from_bits_per_second(1_000_000_000)),
            admin_status: Some(AdminStatus::Up),
            oper_status: Some(OperStatus::Up),
            ..Interface::default()
        };
        assert!(KeptInterface::from(interface).0.len() <= 44);
    }
}
