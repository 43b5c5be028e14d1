//! Reads columns of a table side by side, a few rows at a time. Knows nothing of what the columns mean.

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
}

/// How far a column has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    object: Object,
    last: Option<u32>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The agent has trouble with its next row, and goes on behind it when the other columns have told which that is.
    Waiting,
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

/// Why an answer can't be gone on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stuck {
    Backwards { object: Object, from: u32, to: u32 },
    Odd { object: Object },
    Empty,
}

impl Walk {
    /// More than any device has: 100,000 interfaces of nine columns.
    const MOST_CELLS: usize = 900_000;

    pub(super) fn new(objects: &[Object]) -> Self {
        let cursors = objects.iter().map(|object| Cursor { object: *object, last: None, state: State::Open });
        Self { cursors: cursors.collect(), most_rows: u32::MAX, refused: None, steps: 0, read: 0 }
    }

    /// Reads the next rows and adds what is in them to `cells`.
    ///
    /// Each step ends a column, takes one further or asks for less, or it fails: an agent cannot keep a walk going by
    /// repeating itself.
    pub(super) fn step(&mut self, session: &mut Session, cells: &mut impl Extend<Cell>) -> Result<Progress, ReadError> {
        let open: Vec<Cursor> = self.open().copied().collect();
        let names: Vec<Name> =
            open.iter().map(|cursor| Name { object: cursor.object, instance: cursor.last }).collect();
        if names.is_empty() {
            return Ok(Progress::Ended);
        }
        self.steps += 1;
        if self.read > Self::MOST_CELLS || self.steps > Self::MOST_CELLS {
            return Err(session.bad_answer("its interface table does not end"));
        }
        let stride = match session.stride(names.len()) {
            Stride::Rows(rows) if self.most_rows > 0 => Stride::Rows(rows.min(self.most_rows)),
            _ => Stride::One,
        };
        let rows = if let Stride::Rows(rows) = stride { rows as usize } else { 1 };
        let answered = session.following(&names, stride, |varbinds| take_rows(varbinds, open.clone(), rows));
        let stuck = match answered {
            Ok(answered) => match answered.value {
                Ok((read, advanced)) => {
                    self.learn(session, stride);
                    self.go_on_from(&advanced);
                    self.read += read.len();
                    cells.extend(read);
                    return Ok(self.progress());
                }
                Err(stuck) => stuck,
            },
            // The next step asks for less.
            Err(Refusal::TooBig) => return Ok(Progress::More),
            Err(Refusal::Complaint(complaint)) => {
                self.avoid(complaint, stride, names.len());
                if self.progress() == Progress::Ended && self.read == 0 && complaint.status != ERRSTATUS_NOSUCHNAME {
                    return Err(session.bad_answer(complaint.explain(&names)));
                }
                return Ok(self.progress());
            }
            Err(Refusal::Failed(error)) => return Err(error),
        };
        Err(session.bad_answer(match stuck {
            Stuck::Backwards { object, from, to } => {
                let name = object.name();
                format!("its interface table is broken: {name}.{to} comes after {name}.{from}")
            }
            Stuck::Odd { object } => {
                format!("its interface table is broken: below {} is more than rows", object.name())
            }
            Stuck::Empty => "answers without an error and without an answer".to_owned(),
        }))
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
    fn go_on_from(&mut self, advanced: &[Cursor]) {
        let row = advanced.iter().filter(|cursor| cursor.state == State::Open).filter_map(|cursor| cursor.last).min();
        for cursor in &mut self.cursors {
            if let Some(advanced) = advanced.iter().find(|advanced| advanced.object == cursor.object) {
                *cursor = *advanced;
            } else if cursor.state == State::Waiting {
                let skipped = row.filter(|row| cursor.last.is_none_or(|last| last < *row));
                cursor.last = skipped.or(cursor.last);
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

type Rows = Result<(Vec<Cell>, Vec<Cursor>), Stuck>;

/// The cells of an answer, and where the columns are then. The answer may be cut short anywhere, also within a row.
fn take_rows(varbinds: &mut Varbinds<'_>, mut cursors: Vec<Cursor>, rows: usize) -> Result<Rows, Malformed> {
    let mut cells = Vec::new();
    let columns = cursors.len();
    let mut at = 0;
    while let Some((name, value)) = varbinds.next()? {
        if at == rows * columns {
            return Err(Malformed::TooMany);
        }
        let cursor = &mut cursors[at % columns];
        at += 1;
        if cursor.state == State::Ended {
            continue;
        }
        match cursor.object.locate(name) {
            _ if value == Value::EndOfMibView => cursor.state = State::Ended,
            Place::Elsewhere => cursor.state = State::Ended,
            Place::Odd => return Ok(Err(Stuck::Odd { object: cursor.object })),
            Place::Instance(instance) => {
                if let Some(last) = cursor.last.filter(|last| *last >= instance) {
                    return Ok(Err(Stuck::Backwards { object: cursor.object, from: last, to: instance }));
                }
                cursor.last = Some(instance);
                let text = value.octets().map(|text| Content::Text(text.into()));
                if let Some(content) = text.or_else(|| value.number().map(Content::Number)) {
                    cells.push(Cell { object: cursor.object, instance, content });
                }
            }
        }
    }
    Ok(if at == 0 { Err(Stuck::Empty) } else { Ok((cells, cursors)) })
}

#[cfg(test)]
mod tests;
