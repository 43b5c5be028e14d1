//! What a device has, in the order of the names: the two tables of interfaces as columns that are found by (column, index),
//! and all else in a map. Knows nothing of time but that some values advance with it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::cell::Cell;
use crate::recording::Recording;
use crate::value::{Name, Value};

/// `ifEntry` and `ifXEntry` of RFC 2863: what is below them has a column and an `ifIndex`.
const TABLES: [&[u32]; 2] = [&[1, 3, 6, 1, 2, 1, 2, 2, 1], &[1, 3, 6, 1, 2, 1, 31, 1, 1, 1]];
/// More columns than either of them has.
const COLUMNS: u8 = 32;

/// A column of `ifTable` (0) or `ifXTable` (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Column {
    table: u8,
    number: u8,
}

impl Column {
    pub(crate) const fn new(table: u8, number: u8) -> Self {
        Self { table, number }
    }

    const fn slot(self) -> usize {
        self.table as usize * COLUMNS as usize + self.number as usize
    }

    pub(crate) fn write_name(self, index: u32, name: &mut Name) {
        name.clear();
        name.extend_from_slice(TABLES[usize::from(self.table)]);
        name.extend([u32::from(self.number), index]);
    }
}

/// What a device has.
#[derive(Clone, Debug)]
pub struct Mib {
    columns: Vec<Vec<(u32, Cell)>>,
    others: BTreeMap<Name, Cell>,
}

/// Where an instance was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) cell: &'a Cell,
    /// Its column and row, where it is of an interface.
    pub(crate) place: Option<(Column, u32)>,
}

impl From<Recording> for Mib {
    fn from(recording: Recording) -> Self {
        let mut mib = Self { columns: vec![Vec::new(); TABLES.len() * usize::from(COLUMNS)], others: BTreeMap::new() };
        for (name, value) in recording {
            mib.insert(&name, value.into());
        }
        mib
    }
}

impl Mib {
    pub(crate) fn insert(&mut self, name: &[u32], cell: Cell) {
        let Some((column, index)) = Self::place(name) else {
            self.others.insert(name.to_vec(), cell);
            return;
        };
        let rows = &mut self.columns[column.slot()];
        match rows.binary_search_by_key(&index, |row| row.0) {
            Ok(at) => rows[at].1 = cell,
            Err(at) => rows.insert(at, (index, cell)),
        }
    }

    /// The column and row of a name, where it is of an interface.
    pub(crate) fn place(name: &[u32]) -> Option<(Column, u32)> {
        (0..).zip(TABLES).find_map(|(table, prefix)| match name.strip_prefix(prefix)? {
            [column, index] => {
                let number = u8::try_from(*column).ok().filter(|number| *number < COLUMNS)?;
                Some((Column::new(table, number), *index))
            }
            _ => None,
        })
    }

    pub(crate) fn get(&self, name: &[u32]) -> Option<Found<'_>> {
        match Self::place(name) {
            Some((column, index)) => {
                let rows = &self.columns[column.slot()];
                let at = position(rows, index).ok()?;
                Some(Found { cell: &rows[at].1, place: Some((column, index)) })
            }
            None => self.others.get(name).map(|cell| Found { cell, place: None }),
        }
    }

    pub(crate) fn get_mut(&mut self, name: &[u32]) -> Option<&mut Cell> {
        match Self::place(name) {
            Some((column, index)) => self.row_mut(column, index),
            None => self.others.get_mut(name),
        }
    }

    /// What follows after a name, whose own name is written into `next`.
    pub(crate) fn next(&self, name: &[u32], next: &mut Name) -> Option<Found<'_>> {
        let row = (0..).zip(TABLES).find_map(|(table, prefix)| self.next_row(table, prefix, name));
        let other = self.others.range::<[u32], _>((Bound::Excluded(name), Bound::Unbounded)).next();
        if let Some((column, (index, cell))) = row {
            column.write_name(*index, next);
            if other.is_none_or(|(other, _)| *next < *other) {
                return Some(Found { cell, place: Some((column, *index)) });
            }
        }
        let (other, cell) = other?;
        next.clone_from(other);
        Some(Found { cell, place: None })
    }

    fn next_row(&self, table: u8, prefix: &[u32], name: &[u32]) -> Option<(Column, &(u32, Cell))> {
        let (mut number, mut at) = (0, 0);
        match name.strip_prefix(prefix) {
            None if name > prefix => return None,
            Some([column, rest @ ..]) => {
                number = u8::try_from(*column).ok().filter(|number| *number < COLUMNS)?;
                let rows = &self.columns[Column::new(table, number).slot()];
                if let Some(index) = rest.first() {
                    at = position(rows, *index).map_or_else(|at| at, |at| at + 1);
                }
            }
            _ => {}
        }
        while number < COLUMNS {
            let column = Column::new(table, number);
            if let Some(row) = self.columns[column.slot()].get(at) {
                return Some((column, row));
            }
            (number, at) = (number + 1, 0);
        }
        None
    }

    /// An interface's cell of a column.
    pub(crate) fn row_mut(&mut self, column: Column, index: u32) -> Option<&mut Cell> {
        let rows = &mut self.columns[column.slot()];
        let at = position(rows, index).ok()?;
        Some(&mut rows[at].1)
    }

    /// An interface's cell of a column.
    pub(crate) fn row(&self, column: Column, index: u32) -> Option<&Cell> {
        let rows = &self.columns[column.slot()];
        position(rows, index).ok().map(|at| &rows[at].1)
    }

    /// All cells of a column, in the order of the indexes.
    pub(crate) fn rows_mut(&mut self, column: Column) -> impl Iterator<Item = (u32, &mut Cell)> {
        self.columns[column.slot()].iter_mut().map(|(index, cell)| (*index, cell))
    }

    /// All cells of the tables.
    pub(crate) fn all_rows_mut(&mut self) -> impl Iterator<Item = (u32, &mut Cell)> {
        self.columns.iter_mut().flatten().map(|(index, cell)| (*index, cell))
    }

    /// The indexes that there are in either table.
    pub(crate) fn indexes(&self) -> BTreeSet<u32> {
        self.columns.iter().flatten().map(|(index, _)| *index).collect()
    }

    /// Removes all of an interface.
    pub(crate) fn remove_interface(&mut self, index: u32) {
        self.columns.iter_mut().for_each(|rows| rows.retain(|row| row.0 != index));
    }

    /// Removes an instance.
    pub(crate) fn remove(&mut self, name: &[u32]) {
        match Self::place(name) {
            Some((column, index)) => self.columns[column.slot()].retain(|row| row.0 != index),
            None => drop(self.others.remove(name)),
        }
    }

    /// Gives each interface another index.
    pub(crate) fn renumber(&mut self, renumbered: impl Fn(u32) -> u32) {
        const IF_INDEX: Column = Column::new(0, 1);

        for rows in &mut self.columns {
            for row in &mut *rows {
                row.0 = renumbered(row.0);
            }
            rows.sort_by_key(|row| row.0);
        }
        for (index, cell) in &mut self.columns[IF_INDEX.slot()] {
            cell.value = Value::Integer(i64::from(*index));
        }
    }
}

/// How an agent that does not know its own tables goes on after a name.
impl Mib {
    /// With the same name, where there is such an instance.
    pub(crate) fn same(&self, name: &[u32], next: &mut Name) -> Option<Found<'_>> {
        let Some(found) = self.get(name) else { return self.next(name, next) };
        next.clear();
        next.extend_from_slice(name);
        Some(found)
    }

    /// With the first row of the column in place of the third.
    pub(crate) fn backwards(&self, name: &[u32], next: &mut Name) -> Option<Found<'_>> {
        let found = self.next(name, next)?;
        let Some((column, index)) = found.place else { return Some(found) };
        match self.columns[column.slot()].as_slice() {
            [(first, cell), _, (third, _), ..] if *third == index => {
                column.write_name(*first, next);
                Some(Found { cell, place: Some((column, *first)) })
            }
            _ => Some(found),
        }
    }

    /// With another row, which says what the first one says.
    pub(crate) fn endless(&self, name: &[u32], next: &mut Name) -> Option<Found<'_>> {
        let row = Self::place(name).and_then(|(column, index)| {
            let (_, cell) = self.columns[column.slot()].first()?;
            let index = index.checked_add(1)?;
            column.write_name(index, next);
            Some(Found { cell, place: Some((column, index)) })
        });
        if row.is_some() { row } else { self.next(name, next) }
    }
}

/// Where a row is, or where it would be. Most devices count their interfaces up by one.
fn position(rows: &[(u32, Cell)], index: u32) -> Result<usize, usize> {
    let likely = rows.first().and_then(|(first, _)| index.checked_sub(*first)).map(|at| at as usize);
    match likely.and_then(|at| Some((at, rows.get(at)?))) {
        Some((at, row)) if row.0 == index => Ok(at),
        _ => rows.binary_search_by_key(&index, |row| row.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::name;

    #[test]
    fn a_walk_meets_everything_in_the_order_of_the_names() {
        let names = [
            "1.3.6.1.2.1.1.3.0",
            "1.3.6.1.2.1.2.1.0",
            "1.3.6.1.2.1.2.2.1.2.1",
            "1.3.6.1.2.1.2.2.1.2.1.5",
            "1.3.6.1.2.1.2.2.1.2.10101",
            "1.3.6.1.2.1.2.2.1.10.1",
            "1.3.6.1.2.1.2.2.1.40.1",
            "1.3.6.1.2.1.2.3.0",
            "1.3.6.1.2.1.31.1.1.1.1.3",
            "1.3.6.1.2.1.31.1.5.0",
            "1.3.6.1.4.1.9.0",
        ];
        let recording: Recording = names.iter().map(|text| (name(text), Value::Integer(1))).collect();
        let expected: Vec<Name> = recording.keys().cloned().collect();
        let mib = Mib::from(recording);
        let (mut at, mut next, mut seen) = (vec![1, 3], Vec::new(), Vec::new());
        while mib.next(&at, &mut next).is_some() {
            assert!(mib.get(&next).is_some(), "{next:?}");
            at.clone_from(&next);
            seen.push(next.clone());
        }
        assert_eq!(seen, expected);
    }
}
