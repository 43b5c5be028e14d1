//! Pages of a walk: as they should be, cut, repeated and spoilt.

use super::*;
use crate::source::snmp::codec::tests::write::{Said, write};
use crate::source::snmp::codec::tests::{PUBLIC, mutate};
use crate::source::snmp::codec::{Answer, Envelope, Version};
use crate::source::snmp::describe::{Rows as Described, describe};

const IF_NAME: Object = Object::new("ifName", &[31, 1, 1, 1, 1]);
const IF_ALIAS: Object = Object::new("ifAlias", &[31, 1, 1, 1, 18]);

/// An answer with these columns of `ifXTable`, rows and values; all of it shorter than 128 octets.
fn answer(varbinds: &[(u8, u8, &[u8])]) -> Vec<u8> {
    let element = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let varbinds = varbinds.iter().flat_map(|(column, row, value)| {
        let name = element(6, &[0x2b, 6, 1, 2, 1, 31, 1, 1, 1, *column, *row]);
        element(0x30, &[name.as_slice(), value].concat())
    });
    let pdu = [&[2, 1, 1, 2, 1, 0, 2, 1, 0], element(0x30, &varbinds.collect::<Vec<u8>>()).as_slice()].concat();
    element(0x30, &[&[2, 1, 1, 4, 1, b'p'], element(0xa2, &pdu).as_slice()].concat())
}

fn take(varbinds: &[(u8, u8, &[u8])], last: Option<u32>) -> Result<Option<Page>, Malformed> {
    let datagram = answer(varbinds);
    let cursors = [IF_NAME, IF_ALIAS].map(|object| Cursor { last, top: last, ..Cursor::before(object) });
    let varbinds = &mut Answer::decode(&datagram, Envelope { community: b"p", ..PUBLIC })?.varbinds;
    take_rows(varbinds, &cursors, 2, &HashSet::new())
}

#[track_caller]
fn check(varbinds: &[(u8, u8, &[u8])], instances: &[(&str, u32)], ended: [bool; 2]) {
    let Page { cells, cursors, .. } = take(varbinds, None).unwrap().unwrap();
    let read: Vec<_> = cells.iter().map(|cell| (cell.object.name(), cell.instance)).collect();
    assert_eq!(read, instances);
    assert_eq!([0, 1].map(|at| cursors[at].state == State::Ended), ended);
}

const TEXT: &[u8] = &[4, 1, b'x'];
const END: &[u8] = &[0x82, 0];

#[test]
fn columns_are_read_side_by_side() {
    check(
        &[(1, 1, TEXT), (18, 1, TEXT), (1, 2, TEXT), (18, 2, TEXT)],
        &[("ifName", 1), ("ifAlias", 1), ("ifName", 2), ("ifAlias", 2)],
        [false, false],
    );
}

#[test]
fn an_answer_may_be_cut_within_a_row() {
    check(&[(1, 1, TEXT), (18, 1, TEXT), (1, 2, TEXT)], &[("ifName", 1), ("ifAlias", 1), ("ifName", 2)], [false; 2]);
}

#[test]
fn a_column_ends_where_another_begins_or_the_view_ends() {
    check(&[(1, 7, TEXT), (18, 7, END), (2, 1, TEXT), (18, 7, END)], &[("ifName", 7)], [true, true]);
}

/// What is read of `ifName` after its fifth row, where that is then, and whether that is said to be odd.
#[track_caller]
fn check_odd(rows: &[u8], read: &[u32], last: u32, state: State, from_to: Option<(u32, u32)>) {
    let varbinds: Vec<_> = rows.iter().flat_map(|row| [(1, *row, TEXT), (18, row + 100, TEXT)]).collect();
    let page = take(&varbinds, Some(5)).unwrap().unwrap();
    let of_name = page.cells.iter().filter(|cell| cell.object == IF_NAME).map(|cell| cell.instance);
    assert_eq!(of_name.collect::<Vec<_>>(), read);
    assert_eq!((page.cursors[0].last, page.cursors[0].state), (Some(last), state));
    assert_eq!(page.oddity, from_to.map(|(from, to)| Oddity::Backwards { object: IF_NAME, from, to }));
}

#[test]
fn a_row_that_should_have_come_before_is_read_and_one_that_comes_again_is_the_end() {
    check_odd(&[6, 7], &[6, 7], 7, State::Open, None);
    check_odd(&[5], &[], 5, State::Circling, Some((5, 5)));
    check_odd(&[4, 9], &[4, 9], 9, State::Open, Some((5, 4)));
    check_odd(&[9, 9], &[9], 9, State::Circling, Some((9, 9)));
}

#[test]
fn more_than_was_asked_for_is_no_answer() {
    let rising: Vec<_> = (1..=3).flat_map(|row| [(1, row, TEXT), (18, row, TEXT)]).collect();
    assert_eq!(take(&rising, None), Err(Malformed::TooMany));
}

/// A page of so many rows after those that were read, as an agent with five of them writes it, spoilt or not.
fn page(of: Envelope<'_>, cursors: &[Cursor], rows: u32, random: Option<&mut u64>) -> Vec<u8> {
    const ROWS: u32 = 5;

    let mut varbinds = Vec::new();
    for row in 1..=rows {
        for cursor in cursors {
            let instance = cursor.last.unwrap_or_default() + row;
            let name = Name::of(cursor.object, Some(instance));
            // What follows a column is another one.
            let beyond = Name::of(Object::SYS_NAME, Some(0));
            varbinds.push((if instance > ROWS { beyond } else { name }, Said::Text(b"Gi1/0/1")));
        }
    }
    let message = write(of, [1 << 24, 0, 0], &varbinds);
    random.map_or_else(|| message.clone(), |random| mutate(&message, random))
}

#[test]
fn forty_thousand_spoilt_pages_end_their_walks_and_make_interfaces_at_the_worst() {
    let mut random = 2;
    let (mut pages, mut spoilt_and_taken) = (0, 0);
    while pages < 40_000 {
        for (version, rows) in [(Version::V1, 1), (Version::V2c, 3)] {
            let of = Envelope { version, ..PUBLIC };
            let mut walk = Walk::new(&[IF_NAME, IF_ALIAS], None);
            let mut cells = Vec::new();
            for number in 0..20 {
                let open: Vec<Cursor> = walk.open().copied().collect();
                if open.is_empty() {
                    break;
                }
                // At most ten of twenty are spoilt, which is more than the walk has steps.
                let spoil = number % 2 == 0;
                let message = page(of, &open, rows, spoil.then_some(&mut random));
                pages += 1;
                let Ok(mut answer) = Answer::decode(&message, of) else { continue };
                let taken = take_rows(&mut answer.varbinds, &open, rows as usize, &walk.strays);
                let Ok(Some(page)) = taken else { continue };
                walk.go_on_from(&page.cursors, if rows == 1 { Stride::One } else { Stride::Rows(rows) });
                walk.strays.extend(page.strays);
                cells.extend(page.cells);
                spoilt_and_taken += usize::from(spoil);
            }
            assert_eq!(walk.progress(), Progress::Ended);
            assert!(cells.len() <= 120);
            let mut described = Described::default();
            described.extend(cells);
            assert!(describe(described).len() <= 60);
        }
    }
    // Otherwise the test would look at nothing but the first few octets.
    assert!(spoilt_and_taken > 2_000, "{spoilt_and_taken}");
}

#[test]
fn an_answer_without_anything_is_none() {
    assert_eq!(take(&[], None), Ok(None));
}
