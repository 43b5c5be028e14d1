//! The stats file: what the collector publishes and the page draws. `docs/stats-file.md` describes it field by field.
//!
//! Every file has this one shape, whether it is an index, a live or a recent file; they differ only in how many
//! interfaces and samples they hold. Reads and writes text; where the text comes from and goes to is others' affair.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::column::Column;
use crate::counter::{Amounts, Quantity};
use crate::history::Entry;
use crate::identity::{AdminStatus, Interface, OperStatus, Speed};
use crate::sample::{GapReason, Sample};
use crate::time::{Timestamp, as_micros};

/// The version of the stats file that this crate writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// A stats file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatsFile {
    /// The version of the format.
    pub version: u32,
    /// When the file was written, by the writer's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Timestamp>,
    /// When the next one is to be expected, by the same clock; absent where none is, since the writer has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What was read.
    pub targets: Vec<TargetStats>,
}

/// A device, or this machine, and its interfaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetStats {
    /// What it is called here; no two of a file are equal.
    pub name: String,
    /// What it calls itself: `sysName` (RFC 3418), or the host's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sys_name: Option<String>,
    /// How it is read, in words for people: `local`, `SNMP v2c`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Which run of the writer this is from: sequence numbers and times of this target's samples in two files fit together
    /// where this is equal. It changes when the writer is restarted, and when its clock was set.
    #[serde(default)]
    pub run: u64,
    /// How often it is read.
    #[serde(default, with = "as_micros", skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// What is wrong with it at present, in a sentence for people; absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Its interfaces.
    #[serde(default)]
    pub interfaces: Vec<InterfaceStats>,
}

/// An interface and its samples. The descriptive fields are those of [`Interface`], one level up from where they would be
/// if this held one, so that the file stays flat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InterfaceStats {
    /// See [`Interface::name`]; no two of a target are equal.
    pub name: String,
    /// See [`Interface::if_name`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_name: Option<String>,
    /// See [`Interface::if_alias`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_alias: Option<String>,
    /// See [`Interface::if_descr`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_descr: Option<String>,
    /// See [`Interface::if_index`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_index: Option<u32>,
    /// See [`Interface::speed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// See [`Interface::admin_status`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_status: Option<AdminStatus>,
    /// See [`Interface::oper_status`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oper_status: Option<OperStatus>,
    /// The file with this interface's last few samples, relative to this one; absent where this is it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
    /// The file with ten minutes of this interface's samples, relative to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recent: Option<String>,
    /// The samples, oldest first.
    #[serde(default, skip_serializing_if = "Samples::is_empty")]
    pub samples: Samples,
}

impl InterfaceStats {
    /// What it is called and what it is, without the samples.
    #[must_use]
    pub fn interface(&self) -> Interface {
        let Self { name, if_name, if_alias, if_descr, if_index, speed, admin_status, oper_status, .. } = self.clone();
        Interface { name, if_name, if_alias, if_descr, if_index, speed, admin_status, oper_status }
    }
}

impl From<Interface> for InterfaceStats {
    fn from(interface: Interface) -> Self {
        // Taken apart rather than read, so that a new field cannot be forgotten here.
        let Interface { name, if_name, if_alias, if_descr, if_index, speed, admin_status, oper_status } = interface;
        Self {
            name,
            if_name,
            if_alias,
            if_descr,
            if_index,
            speed,
            admin_status,
            oper_status,
            live: None,
            recent: None,
            samples: Samples::default(),
        }
    }
}

/// Samples that follow each other, in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Samples {
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_octets: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_octets: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_packets: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_packets: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_errors: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_errors: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_discards: Option<Column>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_discards: Option<Column>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<Gap>,
}

/// Consecutive samples that are gaps for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Gap {
    /// The first of them, counted from 0 within the columns.
    at: u32,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: u32,
    reason: GapReason,
}

impl Gap {
    const fn range(&self) -> std::ops::Range<usize> {
        let at = self.at as usize;
        at..at.saturating_add(self.count as usize)
    }
}

/// Why a text is no stats file that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It was written by a later version.
    #[error(
        "stats file version {found} is newer than this page understands ({VERSION}): reload the page, or update it"
    )]
    Newer {
        /// The file's version.
        found: u64,
    },
    /// It is no JSON of this shape, or was cut short.
    #[error("not a stats file: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is of this shape and means nothing.
    #[error("not a stats file: {interface}: {what}")]
    Inconsistent {
        /// The interface's name.
        interface: String,
        /// What is wrong with its samples.
        what: &'static str,
    },
}

impl StatsFile {
    /// Reads a stats file. Fields that this version does not know are ignored.
    ///
    /// # Errors
    ///
    /// See [`FileError`]; each is a sentence that can be shown as it is.
    pub fn parse(text: &[u8]) -> Result<Self, FileError> {
        let file: Self = serde_json::from_slice(text).map_err(|error| match Version::of(text) {
            // The reason that it can't be read is most likely that it is newer.
            Some(found) if found > u64::from(VERSION) => FileError::Newer { found },
            _ => FileError::Malformed(error),
        })?;
        if file.version > VERSION {
            return Err(FileError::Newer { found: file.version.into() });
        }
        let mut room = Samples::MOST;
        for stats in file.targets.iter().flat_map(|target| &target.interfaces) {
            let inconsistent = |what| FileError::Inconsistent { interface: stats.name.clone(), what };
            stats.samples.check().map_err(inconsistent)?;
            // A column can be one number that stands for many, so that a short text can ask for much memory.
            room = room.checked_sub(stats.samples.len()).ok_or_else(|| inconsistent("too many samples up to here"))?;
        }
        Ok(file)
    }

    /// The text of the file: JSON without white space, but for a line a target, for those who look at it in a terminal.
    #[must_use]
    pub fn to_json(&self) -> String {
        let targets: Vec<String> = self.targets.iter().map(TargetStats::to_json).collect();
        Self::assemble(self.written, self.due, targets.iter().map(String::as_str))
    }

    /// The text of a file of targets whose text is there already.
    #[must_use]
    pub fn assemble<'a>(
        written: Option<Timestamp>,
        due: Option<Timestamp>,
        targets: impl IntoIterator<Item = &'a str>,
    ) -> String {
        let field = |name, time: Option<Timestamp>| {
            time.map_or_else(String::new, |time| format!("\"{name}\":{},", time.as_micros()))
        };
        let (written, due) = (field("written", written), field("due", due));
        let mut json = format!("{{\"version\":{VERSION},{written}{due}\"targets\":[");
        for (number, target) in targets.into_iter().enumerate() {
            json.push_str(if number == 0 { "\n" } else { ",\n" });
            json.push_str(target);
        }
        json.push_str("\n]}\n");
        json
    }
}

impl TargetStats {
    /// The text of this part of a file; see [`StatsFile::assemble`].
    #[must_use]
    pub fn to_json(&self) -> String {
        // Nothing in it can fail to be written: all keys are strings, and a string takes any number of octets.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Samples {
    /// The most samples that a file may hold: a day of seconds of eleven interfaces, or an hour of 277.
    const MOST: usize = 1_000_000;

    /// Puts samples into columns.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "an iterator is made to be passed so")]
    pub fn of<'a>(entries: impl ExactSizeIterator<Item = Entry<'a>> + Clone) -> Self {
        let column = |quantity| Column::of(entries.clone().map(|entry| entry.sample.passed.get(quantity)));
        let durations = entries.clone().map(|entry| Some(crate::time::micros(entry.sample.duration)));
        let mut gaps: Vec<Gap> = Vec::new();
        for (at, entry) in (0..).zip(entries.clone()) {
            let Some(reason) = &entry.sample.gap else {
                continue;
            };
            match gaps.last_mut() {
                Some(gap) if gap.at + gap.count == at && gap.reason == *reason => gap.count += 1,
                _ => gaps.push(Gap { at, count: 1, reason: reason.clone() }),
            }
        }
        Self {
            first: entries.clone().next().map(|entry| entry.sequence),
            count: u32::try_from(entries.len()).ok().filter(|count| *count > 1),
            end: entries.clone().last().map(|entry| entry.sample.end),
            duration: Column::of(durations),
            in_octets: column(Quantity::InOctets),
            out_octets: column(Quantity::OutOctets),
            in_packets: column(Quantity::InPackets),
            out_packets: column(Quantity::OutPackets),
            in_errors: column(Quantity::InErrors),
            out_errors: column(Quantity::OutErrors),
            in_discards: column(Quantity::InDiscards),
            out_discards: column(Quantity::OutDiscards),
            gaps,
        }
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.end {
            Some(_) => {
                self.count.map_or_else(|| self.columns().find_map(Column::len).unwrap_or(1), |count| count as usize)
            }
            None => 0,
        }
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sequence number of the first sample, where the writer gave one.
    #[must_use]
    pub const fn first(&self) -> Option<u64> {
        self.first
    }

    /// The samples, oldest first.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Sample> {
        let Some(mut end) = self.end else { return Vec::new() };
        let mut reasons = vec![None; self.len()];
        for gap in &self.gaps {
            reasons[gap.range()].fill(Some(&gap.reason));
        }
        let newest_first = (0..self.len()).rev().map(|offset| {
            let micros = self.duration.as_ref().and_then(|column| column.get(offset)).unwrap_or_default();
            let duration = Duration::from_micros(micros);
            let sample = Sample { end, duration, gap: reasons[offset].cloned(), passed: self.amounts_at(offset) };
            end = sample.start();
            sample
        });
        let mut samples: Vec<Sample> = newest_first.collect();
        samples.reverse();
        samples
    }

    fn amounts_at(&self, offset: usize) -> Amounts {
        let mut amounts = Amounts::UNKNOWN;
        for quantity in Quantity::ALL {
            amounts.set(quantity, self.column(quantity).and_then(|column| column.get(offset)));
        }
        amounts
    }

    const fn column(&self, quantity: Quantity) -> Option<&Column> {
        match quantity {
            Quantity::InOctets => self.in_octets.as_ref(),
            Quantity::OutOctets => self.out_octets.as_ref(),
            Quantity::InPackets => self.in_packets.as_ref(),
            Quantity::OutPackets => self.out_packets.as_ref(),
            Quantity::InErrors => self.in_errors.as_ref(),
            Quantity::OutErrors => self.out_errors.as_ref(),
            Quantity::InDiscards => self.in_discards.as_ref(),
            Quantity::OutDiscards => self.out_discards.as_ref(),
        }
    }

    fn columns(&self) -> impl Iterator<Item = &Column> {
        let quantities = Quantity::ALL.into_iter().filter_map(|quantity| self.column(quantity));
        self.duration.iter().chain(quantities)
    }

    /// Whether the columns fit each other.
    fn check(&self) -> Result<(), &'static str> {
        let Some(end) = self.end else {
            let nothing = self.columns().next().is_none() && self.gaps.is_empty() && self.count.unwrap_or(0) == 0;
            return if nothing { Ok(()) } else { Err("its samples have no `end`") };
        };
        let count = self.len();
        if count > Self::MOST {
            return Err("it has more samples than a file may hold (1000000)");
        }
        if self.columns().filter_map(Column::len).any(|len| len != count) {
            return Err("its columns are not of one length");
        }
        let Some(duration) = &self.duration else {
            return Err("its samples have no `duration`");
        };
        let total = (0..count).try_fold(0_u64, |sum, offset| sum.checked_add(duration.get(offset)?));
        if total.is_none_or(|total| total > end.as_micros()) {
            return Err("its `duration` is not a number of microseconds for each sample, all of them before `end`");
        }
        let mut free = 0;
        for range in self.gaps.iter().map(Gap::range) {
            if range.start < free || range.end > count {
                return Err("its gaps overlap, are out of order, or lie beyond its samples");
            }
            free = range.end;
        }
        Ok(())
    }
}

/// The one field that every version of the format has.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

impl Version {
    fn of(text: &[u8]) -> Option<u64> {
        serde_json::from_slice(text).ok().map(|Self { version }| version)
    }
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field so")]
const fn is_one(count: &u32) -> bool {
    *count == 1
}
