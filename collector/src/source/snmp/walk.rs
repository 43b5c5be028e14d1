//! Reads columns of a table side by side, a few rows at a time. Knows nothing of what the columns mean.

use std::collections::HashSet;
use std::fmt;

use snmp::snmp::ERRSTATUS_NOSUCHNAME;

use super::codec::{Malformed, Value, Varbinds};
use super::complaint::Complaint;
use super::object::{Name, Object, Place};
use super::session::{Refusal, Session, Stride};
use crate::source::ReadError;

/// Columns of a table on their way to their ends. A step is one request, so that a walk can be taken in passing.
#[derive(Debug)]
pub(super) struct Walk {
    cursors: Vec<Cursor>,
    /// The most rows to ask for at a time, after the agent refused more; 0 for one row by GETNEXT.
    most_rows: u32,
    /// So many values were refused here.
    refused: Option<usize>,
    steps: usize,
    /// How many cells were read.
    read: usize,
    /// How many there are at the most.
    most_cells: usize,
    /// Rows that came behind others that they should come before, by column: one that comes again ends its column.
    strays: HashSet<(&'static str, u32)>,
    /// What is wrong with the table, though some of it can be read.
    oddity: Option<Oddity>,
}

/// How far a column has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    object: Object,
    last: Option<u32>,
    /// Whether it is behind something that is below `last`.
    is_below: bool,
    /// The highest row of all.
    top: Option<u32>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The agent has trouble with its next row, and goes on behind it when the other columns have told which that is.
    Waiting,
    /// The answer went in a circle, which may be that of GETBULK alone.
    Circling,
    Ended,
}

/// A value of a column, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) object: Object,
    /// The row.
    pub(super) instance: u32,
    pub(super) content: Content,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Number(u64),
    Text(Box<[u8]>),
}

/// Whether there is more to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    Ended,
}

/// What no table should have, and some have all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// A row that comes after one that it should come before, or after itself.
    Backwards { object: Object, from: u32, to: u32 },
    /// Something below a column that is no row.
    NoRow { object: Object },
}

impl fmt::Display for Oddity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backwards { object, from, to } => {
                let name = object.name();
                write!(formatter, "its interface table is broken: {name}.{to} comes after {name}.{from}")
            }
            Self::NoRow { object } => {
                write!(formatter, "its interface table is broken: below {} is more than rows", object.name())
            }
        }
    }
}

/// What an answer holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    cells: Vec<Cell>,
    /// Where the columns are then.
    cursors: Vec<Cursor>,
    strays: Vec<(&'static str, u32)>,
    oddity: Option<Oddity>,
}

impl Walk {
    /// More than any device has.
    const MOST_ROWS: u64 = 100_000;

    /// Of these columns, which are to have about so many rows, where that is known. Some agents leave some of their interfaces
    /// out when they count them.
    pub(super) fn new(objects: &[Object], rows: Option<u64>) -> Self {
        let most =
            rows.map_or(Self::MOST_ROWS, |rows| rows.saturating_mul(10).saturating_add(1_000).min(Self::MOST_ROWS));
        Self {
            cursors: objects.iter().copied().map(Cursor::before).collect(),
            most_rows: u32::MAX,
            refused: None,
            steps: 0,
            read: 0,
            most_cells: usize::try_from(most).unwrap_or(usize::MAX).saturating_mul(objects.len()),
            strays: HashSet::new(),
            oddity: None,
        }
    }

    /// Reads the next rows and adds what is in them to `cells`.
    ///
    /// Each step ends a column, takes one further or asks for less, or it fails: an agent cannot keep a walk going by
    /// repeating itself. What is odd about a table is left aside, and the rest of it read.
    pub(super) fn step(&mut self, session: &mut Session, cells: &mut impl Extend<Cell>) -> Result<Progress, ReadError> {
        let open: Vec<Cursor> = self.open().copied().collect();
        let names: Vec<Name> = open.iter().map(Cursor::name).collect();
        if names.is_empty() {
            return Ok(Progress::Ended);
        }
        self.steps += 1;
        if self.read > self.most_cells || self.steps > self.most_cells {
            return Err(session.bad_answer("its interface table does not end"));
        }
        let stride = match session.stride(names.len()) {
            Stride::Rows(rows) if self.most_rows > 0 => Stride::Rows(rows.min(self.most_rows)),
            _ => Stride::One,
        };
        let rows = if let Stride::Rows(rows) = stride { rows as usize } else { 1 };
        let strays = &self.strays;
        let answered = session.following(&names, stride, |varbinds| take_rows(varbinds, &open, rows, strays));
        match answered {
            Ok(answered) => {
                let page = answered
                    .value
                    .ok_or_else(|| session.bad_answer("answers without an error and without an answer"))?;
                self.learn(session, stride);
                self.go_on_from(&page.cursors, stride);
                self.read += page.cells.len();
                self.strays.extend(page.strays);
                self.oddity = self.oddity.or(page.oddity);
                cells.extend(page.cells);
            }
            // The next step asks for less.
            Err(Refusal::TooBig) => return Ok(Progress::More),
            Err(Refusal::Complaint(complaint)) => {
                self.avoid(complaint, stride, names.len());
                if self.progress() == Progress::Ended && self.read == 0 && complaint.status != ERRSTATUS_NOSUCHNAME {
                    return Err(session.bad_answer(complaint.explain(&names)));
                }
            }
            Err(Refusal::Failed(error)) => return Err(error),
        }
        Ok(self.progress())
    }

    /// What is wrong with the table, though some of it can be read.
    pub(super) const fn oddity(&self) -> Option<Oddity> {
        self.oddity
    }

    /// What was refused before, and is not in another form, tells of the agent and not of the row.
    fn learn(&mut self, session: &mut Session, stride: Stride) {
        match (self.refused.take(), stride) {
            (Some(size), Stride::Rows(_)) => session.bulk_too_big(size),
            (Some(_), Stride::One) => session.bulk_failed(),
            (None, _) => {}
        }
        self.most_rows = if self.most_rows == 0 { 1 } else { u32::MAX };
    }

    /// Takes the columns that were read to where they are now, and those that wait behind the row that they stumbled over.
    fn go_on_from(&mut self, advanced: &[Cursor], stride: Stride) {
        let row = advanced.iter().filter(|cursor| cursor.state == State::Open).filter_map(|cursor| cursor.last).min();
        for cursor in &mut self.cursors {
            if let Some(advanced) = advanced.iter().find(|advanced| advanced.object == cursor.object) {
                *cursor = *advanced;
                if cursor.state == State::Circling {
                    // There are agents that answer GETBULK so, and not GETNEXT.
                    if stride == Stride::One {
                        cursor.state = State::Ended;
                    } else {
                        cursor.state = State::Open;
                        self.most_rows = 0;
                    }
                }
            } else if cursor.state == State::Waiting {
                let skipped = row.filter(|row| cursor.last.is_none_or(|last| last < *row));
                cursor.last = skipped.or(cursor.last);
                cursor.is_below &= skipped.is_none();
                cursor.state = if skipped.is_some() { State::Open } else { State::Ended };
            }
        }
    }

    /// Asks in another way for what the agent refused: for less, by GETNEXT, and at last without the column that it has
    /// trouble with.
    fn avoid(&mut self, complaint: Complaint, stride: Stride, columns: usize) {
        match stride {
            Stride::Rows(rows) => {
                self.refused = Some(columns.saturating_mul(rows as usize));
                // Silence costs more than an error.
                self.most_rows = if complaint == Complaint::SILENCE { u32::from(rows > 1) } else { rows / 4 };
            }
            Stride::One => {
                // What an agent of v1 says at the end of all that it has.
                let state = if complaint.status == ERRSTATUS_NOSUCHNAME { State::Ended } else { State::Waiting };
                let culprit = complaint.about(columns).unwrap_or_default();
                if let Some(cursor) = self.cursors.iter_mut().filter(|cursor| cursor.state == State::Open).nth(culprit)
                {
                    cursor.state = state;
                }
                if state == State::Waiting {
                    self.refused = None;
                }
            }
        }
    }

    fn progress(&self) -> Progress {
        if self.open().next().is_some() { Progress::More } else { Progress::Ended }
    }

    fn open(&self) -> impl Iterator<Item = &Cursor> {
        self.cursors.iter().filter(|cursor| cursor.state == State::Open)
    }
}

impl Cursor {
    const fn before(object: Object) -> Self {
        Self { object, last: None, is_below: false, top: None, state: State::Open }
    }

    /// What to ask for what follows on.
    const fn name(&self) -> Name {
        match self.last {
            Some(last) if self.is_below => Name::last_below(self.object, last),
            last => Name::of(self.object, last),
        }
    }

    /// Takes it to a row, unless that was there before: then it goes in a circle.
    fn advance(&mut self, row: u32, page: &mut Page, strays: &HashSet<(&'static str, u32)>) {
        if let (Some(from), Some(top)) = (self.last, self.top)
            && row <= top
        {
            page.oddity = page.oddity.or(Some(Oddity::Backwards { object: self.object, from, to: row }));
            let stray = (self.object.name(), row);
            if row == from || strays.contains(&stray) || page.strays.contains(&stray) {
                self.state = State::Circling;
                return;
            }
            page.strays.push(stray);
        }
        (self.last, self.is_below, self.top) = (Some(row), false, self.top.max(Some(row)));
    }

    /// Takes it behind all that is below a row, of which this is some. `began` is where the answer found it.
    fn pass(&mut self, row: Option<u32>, page: &mut Page, began: &Self) {
        page.oddity = page.oddity.or(Some(Oddity::NoRow { object: self.object }));
        match row {
            Some(row) if self.last.is_none_or(|last| last < row) || self.last == Some(row) && !began.is_behind(row) => {
                (self.last, self.is_below, self.top) = (Some(row), true, self.top.max(Some(row)));
            }
            _ => self.state = State::Circling,
        }
    }

    /// Whether nothing more should come that is below that row.
    fn is_behind(&self, row: u32) -> bool {
        self.last.is_some_and(|last| last > row || last == row && self.is_below)
    }
}

/// The cells of an answer, and where the columns are then; `None` where there is nothing in it. The answer may be cut short
/// anywhere, also within a row.
fn take_rows(
    varbinds: &mut Varbinds<'_>,
    began: &[Cursor],
    rows: usize,
    strays: &HashSet<(&'static str, u32)>,
) -> Result<Option<Page>, Malformed> {
    let mut cursors = began.to_vec();
    let mut page = Page::default();
    let columns = cursors.len();
    let mut at = 0;
    while let Some((name, value)) = varbinds.next()? {
        if at == rows * columns {
            return Err(Malformed::TooMany);
        }
        let column = at % columns;
        let cursor = &mut cursors[column];
        at += 1;
        if cursor.state != State::Open {
            continue;
        }
        match cursor.object.locate(name) {
            _ if value == Value::EndOfMibView => cursor.state = State::Ended,
            Place::Elsewhere => cursor.state = State::Ended,
            Place::Odd(row) => cursor.pass(row, &mut page, &began[column]),
            Place::Instance(instance) => {
                cursor.advance(instance, &mut page, strays);
                let text = value.octets().map(|text| Content::Text(text.into()));
                if cursor.state == State::Open
                    && let Some(content) = text.or_else(|| value.number().map(Content::Number))
                {
                    page.cells.push(Cell { object: cursor.object, instance, content });
                }
            }
        }
    }
    page.cursors = cursors;
    Ok((at > 0).then_some(page))
}

#[cfg(test)]
mod tests;
