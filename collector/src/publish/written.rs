//! Files as they were written last, and the samples in them, which the next ones go on from. Reads a part of a file at a
//! time: that of large groups and ten minutes is a megabyte, and many threads may have one in their hands at a time.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::{io, str};

use stats::{Columns, Draft};

use super::PART;
use crate::replace::Outlet;

/// A file as it was written last.
#[derive(Debug, Default)]
pub(super) struct Written {
    length: usize,
    /// Where the samples of each of its interfaces are in it. Nothing where it is not known, or not what it was.
    samples: Vec<u32>,
}

/// The samples of a file that is gone on from.
pub(super) enum Earlier<'a> {
    /// It is as it was written.
    AsWritten(InParts<'a>),
    /// It is looked through for the interfaces' names, which takes longer.
    Found(HashMap<String, Columns<'a>>),
}

/// A file of which some is in memory.
pub(super) struct InParts<'a> {
    file: File,
    written: &'a Written,
    part: &'a mut Vec<u8>,
    /// What part it is.
    range: Range<usize>,
}

impl Written {
    /// Whether there is such a file of this process.
    pub(super) const fn is_there(&self) -> bool {
        self.length > 0
    }

    /// What the file holds is not what it is to hold.
    pub(super) fn forget_places(&mut self) {
        self.samples.clear();
    }

    /// The samples that are in the file, which is to be of so many interfaces. `part` is memory to use for it.
    pub(super) fn earlier<'a>(
        &'a self,
        name: &str,
        interfaces: usize,
        outlet: &Outlet,
        part: &'a mut Vec<u8>,
    ) -> Earlier<'a> {
        /// No file is longer.
        const MOST: u64 = 64 << 20;

        part.clear();
        part.shrink_to(2 * PART);
        let Ok(file) = outlet.open_file(name) else { return Earlier::none() };
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        if length == self.length as u64 && self.samples.len() == interfaces {
            return Earlier::AsWritten(InParts { file, written: self, part, range: 0..0 });
        }
        if file.take(MOST).read_to_end(part).is_err() {
            part.clear();
        }
        Earlier::Found(Columns::of_file(str::from_utf8(part).unwrap_or_default()))
    }

    /// Writes the file in parts: `add` adds the interface with this number to the draft, and tells where its samples are, if
    /// anywhere.
    pub(super) fn write(
        draft: &mut Draft,
        file: &mut File,
        interfaces: usize,
        mut add: impl FnMut(&mut Draft, usize) -> Option<usize>,
    ) -> io::Result<Self> {
        let mut written = Self { length: 0, samples: Vec::with_capacity(interfaces) };
        for number in 0..interfaces {
            let place = add(draft, number).and_then(|at| u32::try_from(written.length + at).ok());
            written.samples.push(place.unwrap_or(u32::MAX));
            if draft.pending() > PART {
                written.length += draft.pending();
                draft.pass_on(|text| file.write_all(text.as_bytes()))?;
            }
        }
        let text = draft.end();
        written.length += text.len();
        file.write_all(text.as_bytes())?;
        Ok(written)
    }

    /// Where the samples of an interface are, and perhaps more behind them.
    fn range(&self, number: usize) -> Option<Range<usize>> {
        let known = |place: &&u32| **place < u32::MAX;
        let begin = *self.samples.get(number).filter(known)? as usize;
        let end = self.samples[number + 1..].iter().find(known).map_or(self.length, |place| *place as usize);
        Some(begin..end)
    }
}

impl Earlier<'_> {
    /// There are none.
    pub(super) fn none() -> Self {
        Self::Found(HashMap::new())
    }

    /// The samples of the interface with this number and name.
    pub(super) fn of(&mut self, number: usize, name: &str) -> Option<Columns<'_>> {
        match self {
            Self::AsWritten(file) => Columns::parse(file.text(number)?),
            Self::Found(found) => found.get(name).cloned(),
        }
    }
}

impl InParts<'_> {
    fn text(&mut self, number: usize) -> Option<&str> {
        let wanted = self.written.range(number)?;
        if wanted.start < self.range.start || wanted.end > self.range.end {
            // The others come in this order.
            let end = wanted.end.max(self.written.length.min(wanted.start + PART));
            self.range = 0..0;
            self.part.resize(end.checked_sub(wanted.start)?, 0);
            self.file.read_exact_at(self.part, wanted.start as u64).ok()?;
            self.range = wanted.start..end;
        }
        let octets = self.part.get(wanted.start - self.range.start..wanted.end - self.range.start)?;
        str::from_utf8(octets).ok()
    }
}
