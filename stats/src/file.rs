//! The stats file: what the collector publishes and the page draws. `docs/stats-file.md` describes it field by field.
//!
//! Every file has this one shape, whether it is an index, a live or a recent file; they differ only in how many
//! interfaces and samples they hold. Reads and writes text; where the text comes from and goes to is others' affair.

mod draft;
mod fields;
mod read;
mod samples;
mod splice;

use std::time::Duration;

use serde::Serialize;

pub use self::draft::{Draft, Links};
use self::fields::Version;
use self::read::read;
pub use self::samples::Samples;
pub use self::splice::Columns;
use crate::identity::{AdminStatus, Interface, Maxima, OperStatus, Speed};
use crate::time::{Timestamp, serialize_micros};

/// The version of the stats file that this crate writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// A stats file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatsFile {
    /// The version of the format.
    pub version: u32,
    /// When the file was written, by the writer's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Timestamp>,
    /// When the next one is to be expected, by the same clock; absent where none is, since the writer has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What was read.
    pub targets: Vec<TargetStats>,
}

/// A device, or this machine, and its interfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetStats {
    /// What it is called here; no two of a file are equal.
    pub name: String,
    /// What it calls itself: `sysName` (RFC 3418), or the host's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sys_name: Option<String>,
    /// How it is read, in words for people: `local`, `SNMP v2c`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Which run of the writer this is from: sequence numbers and times of this target's samples in two files fit together
    /// where this is equal. It changes when the writer is restarted, and when its clock was set.
    pub run: u64,
    /// How often it is read.
    #[serde(serialize_with = "serialize_micros", skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// How often it refreshes its counters, where that is less often than it could be read; absent where they are live, and
    /// where that is not known.
    #[serde(serialize_with = "serialize_micros", skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Duration>,
    /// What its octet counters count, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Box<Counts>>,
    /// What is wrong with it at present, in a sentence for people; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// When it last answered, where it has a problem and has not answered since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    /// Its interfaces.
    pub interfaces: Vec<InterfaceStats>,
}

/// What is counted, where that is no traffic of a network: requests, octets of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// What `inOctets` and `outOctets` count, in place of octets: `requests`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What people call what comes in: `read`.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub inbound: Option<String>,
    /// What people call what goes out: `written`.
    #[serde(rename = "out", skip_serializing_if = "Option::is_none")]
    pub outbound: Option<String>,
}

/// An interface and its samples. The descriptive fields are those of [`Interface`], one level up from where they would be
/// if this held one, so that the file stays flat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InterfaceStats {
    /// See [`Interface::name`]; no two of a target are equal.
    pub name: String,
    /// See [`Interface::if_name`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_name: Option<String>,
    /// See [`Interface::if_alias`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_alias: Option<String>,
    /// See [`Interface::if_descr`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_descr: Option<String>,
    /// See [`Interface::if_index`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_index: Option<u32>,
    /// See [`Interface::speed`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// See [`Interface::admin_status`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_status: Option<AdminStatus>,
    /// See [`Interface::oper_status`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oper_status: Option<OperStatus>,
    /// See [`Interface::max`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Box<Maxima>>,
    /// The file with this interface's last few samples, relative to this one; absent where this is it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
    /// The file with ten minutes of this interface's samples, relative to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recent: Option<String>,
    /// The samples, oldest first.
    #[serde(skip_serializing_if = "Samples::is_empty")]
    pub samples: Samples,
}

impl InterfaceStats {
    /// What it is called and what it is, without the samples.
    #[must_use]
    pub fn interface(&self) -> Interface {
        Interface {
            name: self.name.clone(),
            if_name: self.if_name.clone(),
            if_alias: self.if_alias.clone(),
            if_descr: self.if_descr.clone(),
            if_index: self.if_index,
            speed: self.speed,
            admin_status: self.admin_status,
            oper_status: self.oper_status,
            max: self.max.clone(),
        }
    }
}

impl From<Interface> for InterfaceStats {
    fn from(interface: Interface) -> Self {
        // Taken apart rather than read, so that a new field cannot be forgotten here.
        let Interface { name, if_name, if_alias, if_descr, if_index, speed, admin_status, oper_status, max } =
            interface;
        Self {
            name,
            if_name,
            if_alias,
            if_descr,
            if_index,
            speed: speed.and_then(Speed::exact),
            admin_status,
            oper_status,
            max,
            live: None,
            recent: None,
            samples: Samples::default(),
        }
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
    Malformed(String),
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
        let mut file = Self::default();
        if let Err(problem) = read(text, &mut file) {
            let mut version = Version::default();
            return Err(match read(text, &mut version).ok().and(version.0) {
                // The reason that it can't be read is most likely that it is newer.
                Some(found) if found > u64::from(VERSION) => FileError::Newer { found },
                _ => FileError::Malformed(problem),
            });
        }
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
