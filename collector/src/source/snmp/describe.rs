//! Makes interfaces of the cells of `ifTable` and `ifXTable`: what each is called, and what it is. Asks nobody.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU64;

use stats::{AdminStatus, Interface, OperStatus, Speed, clean};

use super::columns::{
    IF_ADMIN_STATUS, IF_ALIAS, IF_DESCR, IF_HC_IN_OCTETS, IF_HIGH_SPEED, IF_NAME, IF_OPER_STATUS, IF_SPEED, IF_TYPE,
};
use super::object::Object;
use super::walk::{Cell, Content};

/// The columns that say what there is to say.
pub(super) const COLUMNS: [Object; 9] =
    [IF_DESCR, IF_TYPE, IF_SPEED, IF_ADMIN_STATUS, IF_OPER_STATUS, IF_NAME, IF_HIGH_SPEED, IF_ALIAS, IF_HC_IN_OCTETS];

/// An interface as its agent describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) index: u32,
    pub(super) interface: Interface,
    /// `softwareLoopback`.
    pub(super) loopback: bool,
    /// Whether it has `ifHCInOctets`.
    pub(super) wide: bool,
    /// Whether that is at anything but 0.
    pub(super) moves: bool,
    /// The column that its name is from.
    pub(super) named_by: Option<NamedBy>,
}

/// The column that a name is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedBy {
    /// `ifName`.
    Name,
    /// `ifDescr`.
    Descr,
}

impl NamedBy {
    pub(super) const fn column(self) -> Object {
        match self {
            Self::Name => IF_NAME,
            Self::Descr => IF_DESCR,
        }
    }
}

/// What the cells say of each row, by its index.
#[derive(Debug, Default)]
pub(super) struct Rows(BTreeMap<u32, Row>);

impl Rows {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<Cell> for Rows {
    fn extend<I: IntoIterator<Item = Cell>>(&mut self, cells: I) {
        for cell in cells {
            self.0.entry(cell.instance).or_default().put(cell.object, cell.content);
        }
    }
}

/// The interfaces that one of the columns knows, in the order of their indexes, each with a name of its own.
pub(super) fn describe(Rows(rows): Rows) -> Vec<Described> {
    let mut described: Vec<Described> = rows.into_iter().map(|(index, row)| row.describe(index)).collect();
    tell_apart(&mut described);
    for Described { interface, .. } in &mut described {
        let Interface { name, if_name, if_descr, .. } = interface;
        if_name.take_if(|other| other == name);
        if_descr.take_if(|other| other == name);
    }
    described
}

/// A text from a device, which may be in UTF-8, cut short within a character, or in Latin-1. `None` where nothing of it
/// can be seen.
pub(super) fn text(octets: &[u8]) -> Option<String> {
    let cleaned = match std::str::from_utf8(octets) {
        Ok(text) => clean(text),
        Err(error) if error.error_len().is_none() => clean(&String::from_utf8_lossy(&octets[..error.valid_up_to()])),
        Err(_) => clean(&octets.iter().map(|octet| char::from(*octet)).collect::<String>()),
    };
    (!cleaned.is_empty()).then_some(cleaned)
}

/// What the columns say of one interface, in few octets: of many devices all rows may be in memory at a time.
#[derive(Debug, Default)]
struct Row {
    descr: Option<Box<str>>,
    name: Option<Box<str>>,
    alias: Option<Box<str>>,
    kind: Option<u32>,
    /// Devices say 0 that don't know.
    speed: Option<NonZeroU64>,
    high_speed: Option<NonZeroU64>,
    admin_status: Option<AdminStatus>,
    oper_status: Option<OperStatus>,
    /// Whether `ifHCInOctets` is at anything but 0.
    moves: Option<bool>,
}

impl Row {
    fn put(&mut self, object: Object, content: Content) {
        match content {
            Content::Text(octets) => {
                let text = || text(&octets).map(String::into_boxed_str);
                match object {
                    IF_DESCR => self.descr = text(),
                    IF_NAME => self.name = text(),
                    IF_ALIAS => self.alias = text(),
                    _ => {}
                }
            }
            Content::Number(number) => match object {
                IF_TYPE => self.kind = u32::try_from(number).ok(),
                IF_SPEED => self.speed = NonZeroU64::new(number),
                IF_HIGH_SPEED => self.high_speed = NonZeroU64::new(number),
                IF_ADMIN_STATUS => self.admin_status = Some(admin_status(number)),
                IF_OPER_STATUS => self.oper_status = Some(oper_status(number)),
                IF_HC_IN_OCTETS => self.moves = Some(number > 0),
                _ => {}
            },
        }
    }

    fn describe(self, index: u32) -> Described {
        const SOFTWARE_LOOPBACK: u32 = 24;

        let name = self.name.as_deref().or(self.descr.as_deref()).map_or_else(|| index.to_string(), str::to_owned);
        let named_by = match (&self.name, &self.descr) {
            (Some(_), _) => Some(NamedBy::Name),
            (None, Some(_)) => Some(NamedBy::Descr),
            (None, None) => None,
        };
        Described {
            index,
            interface: Interface {
                name,
                if_name: self.name.map(String::from),
                if_alias: self.alias.map(String::from),
                if_descr: self.descr.map(String::from),
                if_index: Some(index),
                speed: speed(self.kind, self.speed.map(NonZeroU64::get), self.high_speed.map(NonZeroU64::get)),
                admin_status: self.admin_status,
                oper_status: self.oper_status,
                max: None,
            },
            loopback: self.kind == Some(SOFTWARE_LOOPBACK),
            wide: self.moves.is_some(),
            moves: self.moves == Some(true),
            named_by,
        }
    }
}

/// Adds the index to each name that several have, until each has its own.
fn tell_apart(described: &mut [Described]) {
    loop {
        let mut bearers: HashMap<&str, u32> = HashMap::new();
        for Described { interface, .. } in &*described {
            *bearers.entry(&interface.name).or_default() += 1;
        }
        let shared: Vec<bool> = described.iter().map(|one| bearers[one.interface.name.as_str()] > 1).collect();
        if !shared.contains(&true) {
            return;
        }
        // A name may be made that was there before. Each round makes names longer, and those that were made of one name
        // differ from then on, so that this ends.
        for (one, _) in described.iter_mut().zip(&shared).filter(|(_, shared)| **shared) {
            one.interface.name = format!("{} (#{})", one.interface.name, one.index);
        }
    }
}

/// The speed, from `ifSpeed` in bit/s and `ifHighSpeed` in Mbit/s. 0 is what devices say that don't know.
fn speed(kind: Option<u32>, speed: Option<u64>, high_speed: Option<u64>) -> Option<Speed> {
    const MEGA: u64 = 1_000_000;
    const ETHERNET: u32 = 6;

    let is_or_higher = speed == Some(Speed::OR_HIGHER.bits_per_second());
    let speed = speed.filter(|speed| *speed > 0 && !is_or_higher);
    // There are firewalls that have Mbit/s in both. No Ethernet is slower than one.
    let speed = speed.map(|speed| if kind == Some(ETHERNET) && speed < MEGA { speed * MEGA } else { speed });
    // And switches that have bit/s in both.
    let high_speed = high_speed.filter(|high_speed| *high_speed < MEGA || Some(*high_speed) != speed);
    let high_speed = high_speed.filter(|speed| *speed > 0).map(|speed| speed.saturating_mul(MEGA));
    let bits = match (speed, high_speed) {
        // `ifHighSpeed` is rounded: of two that agree, the other one is exact (1.544 Mbit/s).
        (Some(speed), Some(high_speed)) if speed.abs_diff(high_speed) <= MEGA / 2 => Some(speed),
        (speed, high_speed) => high_speed.or(speed),
    };
    // How fast a link is at least tells at least how soon its counters wrap.
    bits.map(Speed::from_bits_per_second).or_else(|| is_or_higher.then_some(Speed::OR_HIGHER))
}

const fn admin_status(number: u64) -> AdminStatus {
    match number {
        1 => AdminStatus::Up,
        2 => AdminStatus::Down,
        3 => AdminStatus::Testing,
        _ => AdminStatus::Unknown,
    }
}

const fn oper_status(number: u64) -> OperStatus {
    match number {
        1 => OperStatus::Up,
        2 => OperStatus::Down,
        3 => OperStatus::Testing,
        5 => OperStatus::Dormant,
        6 => OperStatus::NotPresent,
        7 => OperStatus::LowerLayerDown,
        _ => OperStatus::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(object: Object, instance: u32, octets: &[u8]) -> Cell {
        Cell { object, instance, content: Content::Text(octets.into()) }
    }

    #[track_caller]
    fn check_names(cells: Vec<Cell>, expected: &[(&str, Option<&str>, Option<&str>)]) {
        let mut rows = Rows::default();
        rows.extend(cells);
        let described = describe(rows);
        let names: Vec<_> = described
            .iter()
            .map(|Described { interface, .. }| {
                (interface.name.as_str(), interface.if_name.as_deref(), interface.if_descr.as_deref())
            })
            .collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn an_interface_is_called_by_its_name_else_its_description_else_its_index() {
        check_names(
            vec![
                named(IF_DESCR, 1, b"GigabitEthernet0/1"),
                named(IF_NAME, 1, b"Gi0/1"),
                named(IF_DESCR, 2, b"eth0"),
                named(IF_NAME, 2, b"\0"),
                named(IF_ALIAS, 3, b"uplink"),
            ],
            &[("Gi0/1", None, Some("GigabitEthernet0/1")), ("eth0", None, None), ("3", None, None)],
        );
    }

    #[test]
    fn equal_names_are_told_apart_by_their_index_all_of_them() {
        check_names(
            vec![named(IF_DESCR, 3, b"port"), named(IF_DESCR, 4, b"trunk"), named(IF_DESCR, 10, b"port")],
            &[("port (#3)", None, Some("port")), ("trunk", None, None), ("port (#10)", None, Some("port"))],
        );
    }

    #[test]
    fn a_name_that_looks_like_one_that_was_told_apart_is_told_apart_too() {
        check_names(
            vec![named(IF_NAME, 1, b"a"), named(IF_NAME, 2, b"a"), named(IF_NAME, 3, b"a (#1)")],
            &[("a (#1) (#1)", Some("a"), None), ("a (#2)", Some("a"), None), ("a (#1) (#3)", Some("a (#1)"), None)],
        );
    }

    #[track_caller]
    fn check_text(octets: &[u8], expected: Option<&str>) {
        assert_eq!(text(octets).as_deref(), expected);
    }

    #[test]
    fn texts_are_utf_8_or_latin_1_and_without_what_cannot_be_seen() {
        check_text(b"Bluetooth Device\0", Some("Bluetooth Device"));
        check_text("上联核心".as_bytes(), Some("上联核心"));
        check_text(b"B\xfcro", Some("Büro"));
        check_text(b"\0\0", None);
    }

    #[test]
    fn a_text_that_is_cut_within_a_character_loses_only_that() {
        check_text(&"上联核心".as_bytes()[..11], Some("上联核"));
    }

    #[track_caller]
    fn check_speed(if_speed: Option<u64>, high_speed: Option<u64>, expected: Option<u64>) {
        assert_eq!(speed(None, if_speed, high_speed).map(Speed::bits_per_second), expected);
    }

    #[test]
    fn the_high_speed_is_believed_and_0_is_unknown() {
        check_speed(Some(1_000_000_000), Some(1_000), Some(1_000_000_000));
        check_speed(Some(u64::from(u32::MAX)), Some(10_000), Some(10_000_000_000));
        // Which is not published: it is no speed of the link.
        check_speed(Some(u64::from(u32::MAX)), None, Some(u64::from(u32::MAX)));
        check_speed(Some(10_000_000), Some(1_000), Some(1_000_000_000));
        check_speed(Some(0), Some(0), None);
        check_speed(Some(54_000_000), None, Some(54_000_000));
    }

    #[test]
    fn a_rounded_high_speed_gives_way_to_the_exact_speed() {
        check_speed(Some(1_544_000), Some(2), Some(1_544_000));
        check_speed(Some(128_000), Some(0), Some(128_000));
    }

    #[test]
    fn a_high_speed_in_bits_is_none_of_megabits() {
        check_speed(Some(100_000_000), Some(100_000_000), Some(100_000_000));
    }

    #[test]
    fn an_ethernet_of_some_kilobits_is_one_of_megabits() {
        assert_eq!(speed(Some(6), Some(10_000), None), Some(Speed::from_bits_per_second(10_000_000_000)));
    }
}
