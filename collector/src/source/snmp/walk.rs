//! Reads columns of a table side by side, a few rows at a time. Knows nothing of what the columns mean.

use super::codec::{Malformed, Value, Varbinds};
use super::object::{Name, Object, Place};
use super::session::{Refusal, Session};
use crate::source::ReadError;

/// Columns of a table on their way to their ends. A step is one request, so that a walk can be taken in passing.
#[derive(Debug)]
pub(super) struct Walk {
    cursors: Vec<Cursor>,
}

/// How far a column has been read.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    object: Object,
    last: Option<u32>,
    ended: bool,
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
        let cursors = objects.iter().map(|object| Cursor { object: *object, last: None, ended: false }).collect();
        Self { cursors }
    }

    /// Reads the next rows and adds what is in them to `cells`.
    ///
    /// Each step ends a column or takes one further, or it fails: an agent cannot keep a walk going by repeating itself.
    pub(super) fn step(&mut self, session: &mut Session, cells: &mut Vec<Cell>) -> Result<Progress, ReadError> {
        let names: Vec<Name> =
            self.open().map(|cursor| Name { object: cursor.object, instance: cursor.last }).collect();
        if names.is_empty() {
            return Ok(Progress::Ended);
        }
        if cells.len() > Self::MOST_CELLS {
            return Err(session.bad_answer("its interface table does not end"));
        }
        let rows = (session.limit() / names.len()).max(1);
        let open: Vec<Cursor> = self.open().copied().collect();
        let asked = u32::try_from(rows).unwrap_or(1);
        let answered = session.bulk(&names, asked, |varbinds| take_rows(varbinds, open.clone(), rows));
        let stuck = match answered {
            Ok(answered) => match answered.value {
                Ok((read, advanced)) => {
                    cells.extend(read);
                    self.cursors.retain(|cursor| cursor.ended);
                    self.cursors.extend(advanced);
                    return Ok(if self.open().next().is_some() { Progress::More } else { Progress::Ended });
                }
                Err(stuck) => stuck,
            },
            // The next step asks for less.
            Err(Refusal::TooBig) => return Ok(Progress::More),
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

    fn open(&self) -> impl Iterator<Item = &Cursor> {
        self.cursors.iter().filter(|cursor| !cursor.ended)
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
        if cursor.ended {
            continue;
        }
        match cursor.object.locate(name) {
            _ if value == Value::EndOfMibView => cursor.ended = true,
            Place::Elsewhere => cursor.ended = true,
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
