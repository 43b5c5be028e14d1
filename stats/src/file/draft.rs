//! A stats file as text, written straight from what is kept: for those who write thousands of interfaces each second.
//! [`StatsFile::to_json`](super::StatsFile::to_json) writes the same, octet for octet, from a file that was made first.

use std::fmt::Write as _;

use serde::Serialize;

use super::splice::Columns;
use super::{TargetStats, VERSION};
use crate::counter::Quantity;
use crate::history::History;
use crate::identity::Interface;
use crate::sample::{GapReason, Sample};
use crate::time::{Timestamp, micros};

/// A file that is being written. Its memory serves for one file after the other.
#[derive(Debug, Default)]
pub struct Draft {
    text: String,
    /// A value as JSON, which is looked through once for being UTF-8 and not in each of its pieces.
    json: Vec<u8>,
    samples: Vec<Sample>,
    targets: usize,
    interfaces: usize,
}

/// Where the other files of an interface are, relative to the one that is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// The file with its last few samples.
    pub live: Option<&'a str>,
    /// The file with ten minutes of its samples.
    pub recent: Option<&'a str>,
}

impl Draft {
    /// Begins a new file.
    pub fn begin(&mut self, written: Option<Timestamp>, due: Option<Timestamp>) {
        self.text.clear();
        self.targets = 0;
        let mut number = itoa::Buffer::new();
        self.text.push_str("{\"version\":");
        self.text.push_str(number.format(VERSION));
        for (name, time) in [("written", written), ("due", due)] {
            if let Some(time) = time {
                open_column(&mut self.text, name);
                self.text.push_str(number.format(time.as_micros()));
            }
        }
        self.text.push_str(",\"targets\":[");
    }

    /// Adds a target. What interfaces `head` has are left out; they are added one by one.
    pub fn target(&mut self, head: &TargetStats) {
        self.end_target();
        self.text.push_str(if self.targets == 0 { "\n" } else { ",\n" });
        self.targets += 1;
        self.interfaces = 0;
        if head.interfaces.is_empty() {
            self.write_json(head);
        } else {
            self.write_json(&TargetStats { interfaces: Vec::new(), ..head.clone() });
        }
        // The list of interfaces, which comes last, and the target stay open.
        self.text.truncate(self.text.len() - "]}".len());
    }

    /// Adds an interface to the last target, with its last `count` samples.
    pub fn interface(&mut self, interface: &Interface, links: Links<'_>, history: &History, count: usize) {
        self.begin_interface(interface, links);
        if count > 0 && !history.is_empty() {
            let first = history.unpack(count, &mut self.samples);
            self.text.push_str(",\"samples\":");
            write_samples(&mut self.text, first, &self.samples);
        }
        self.text.push('}');
    }

    /// Adds an interface with the samples of an earlier file and those that came since, `count` at most, and tells where
    /// in the text they are. Where these do not follow those, only the history's are there.
    pub fn interface_after(
        &mut self,
        earlier: Option<Columns<'_>>,
        interface: &Interface,
        links: Links<'_>,
        history: &History,
        count: usize,
    ) -> usize {
        self.begin_interface(interface, links);
        let next = earlier.as_ref().map(Columns::next_sequence);
        let missing = next.and_then(|next| usize::try_from(history.next_sequence().checked_sub(next)?).ok());
        let (earlier, missing) = match (earlier, missing) {
            (Some(earlier), Some(missing)) if missing <= history.len() => (Some(earlier), missing),
            _ => (None, history.len()),
        };
        let first = history.unpack(missing.min(count), &mut self.samples);
        self.text.push_str(",\"samples\":");
        let at = self.text.len();
        match earlier {
            Some(earlier) => earlier.continued(&self.samples, history.end(), count, &mut self.text),
            None => write_samples(&mut self.text, first, &self.samples),
        }
        self.text.push('}');
        at
    }

    /// How many octets of the text were not passed on.
    #[must_use]
    pub const fn pending(&self) -> usize {
        self.text.len()
    }

    /// Hands over the text up to here, so that the memory for it can be used again. Where in the text anything is, is told
    /// as of here from then on.
    ///
    /// # Errors
    ///
    /// What `pass` says.
    pub fn pass_on<E>(&mut self, pass: impl FnOnce(&str) -> Result<(), E>) -> Result<(), E> {
        pass(&self.text)?;
        self.text.clear();
        Ok(())
    }

    /// The rest of the text, which is the whole if nothing was passed on. Nothing can be added any more.
    pub fn end(&mut self) -> &str {
        self.end_target();
        self.text.push_str("\n]}\n");
        &self.text
    }

    fn end_target(&mut self) {
        if self.targets > 0 {
            self.text.push_str("]}");
        }
    }

    /// Leaves the interface's object open.
    fn begin_interface(&mut self, interface: &Interface, links: Links<'_>) {
        if self.interfaces > 0 {
            self.text.push(',');
        }
        self.interfaces += 1;
        self.write_json(interface);
        self.text.pop();
        for (name, link) in [(",\"live\":", links.live), (",\"recent\":", links.recent)] {
            if let Some(link) = link {
                self.text.push_str(name);
                self.write_json(link);
            }
        }
    }

    /// Nothing that is written here can fail to be: all keys are strings, and a text takes any number of octets.
    fn write_json(&mut self, value: &(impl Serialize + ?Sized)) {
        self.json.clear();
        let _ = serde_json::to_writer(&mut self.json, value);
        self.text.push_str(std::str::from_utf8(&self.json).unwrap_or_default());
    }
}

/// The names of the columns, the one of the durations first.
pub(super) fn column_names() -> impl Iterator<Item = &'static str> {
    std::iter::once("duration").chain(Quantity::ALL.map(Quantity::name))
}

/// What a sample has in a column; `None` for the column of the durations.
pub(super) fn value(sample: &Sample, column: Option<Quantity>) -> Option<u64> {
    column.map_or_else(|| Some(micros(sample.duration)), |quantity| sample.passed.get(quantity))
}

/// All columns, that of the durations first.
pub(super) fn columns() -> impl Iterator<Item = Option<Quantity>> {
    std::iter::once(None).chain(Quantity::ALL.map(Some))
}

/// As `Samples` is written.
fn write_samples(text: &mut String, first: u64, samples: &[Sample]) {
    let Some(last) = samples.last() else { return text.push_str("{}") };
    write_head(text, first, samples.len(), last.end);
    for (name, column) in column_names().zip(columns()) {
        let value = |sample| value(sample, column);
        let same = value(&samples[0]);
        if samples[1..].iter().any(|sample| value(sample) != same) {
            open_column(text, name);
            text.push('[');
            write_numbers(text, samples.iter().map(value));
            text.push(']');
        } else if let Some(same) = same {
            open_column(text, name);
            text.push_str(itoa::Buffer::new().format(same));
        }
    }
    write_gaps(text, samples.iter().map(|sample| sample.gap.as_ref()));
    text.push('}');
}

/// Opens the object of samples.
pub(super) fn write_head(text: &mut String, first: u64, count: usize, end: Timestamp) {
    let mut number = itoa::Buffer::new();
    text.push_str("{\"first\":");
    text.push_str(number.format(first));
    if count > 1 {
        text.push_str(",\"count\":");
        text.push_str(number.format(count));
    }
    text.push_str(",\"end\":");
    text.push_str(number.format(end.as_micros()));
}

pub(super) fn open_column(text: &mut String, name: &str) {
    text.push_str(",\"");
    text.push_str(name);
    text.push_str("\":");
}

/// Numbers with commas between them.
pub(super) fn write_numbers(text: &mut String, numbers: impl Iterator<Item = Option<u64>>) {
    let mut buffer = itoa::Buffer::new();
    for (at, number) in numbers.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(number.map_or("null", |number| buffer.format(number)));
    }
}

/// Which of the samples are gaps, if any.
pub(super) fn write_gaps<'a>(text: &mut String, reasons: impl Iterator<Item = Option<&'a GapReason>>) {
    let (mut open, mut begin): (Option<(usize, &GapReason)>, _) = (None, ",\"gaps\":[");
    let mut close = |text: &mut String, open: Option<(usize, &GapReason)>, end: usize| {
        let Some((at, reason)) = open else { return };
        let _ = write!(text, "{begin}{{\"at\":{at}");
        if end - at > 1 {
            let _ = write!(text, ",\"count\":{}", end - at);
        }
        let _ = write!(text, ",\"reason\":{}}}", serde_json::to_string(reason.as_str()).unwrap_or_default());
        begin = ",";
    };
    let mut count = 0;
    for reason in reasons {
        if open.map(|(_, reason)| reason) != reason {
            close(text, open.take(), count);
            open = reason.map(|reason| (count, reason));
        }
        count += 1;
    }
    close(text, open, count);
    if begin == "," {
        text.push(']');
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_file_that_is_passed_on_in_parts_is_the_same() {
        let name = "\u{7}\"核\\".to_owned();
        let interface = Interface { name, if_alias: Some("}".to_owned()), ..Interface::default() };
        let empty = crate::StatsFile::parse(br#"{"version":1,"targets":[{"name":"t","interfaces":[]}]}"#).unwrap();
        let links = Links { live: Some("a \"live\".json"), recent: None };
        let write = |pass_on_above: usize| {
            let (mut draft, mut parts) = (Draft::default(), String::new());
            draft.begin(Some(Timestamp::from_micros(7)), None);
            for _ in 0..3 {
                draft.target(&empty.targets[0]);
                draft.interface(&interface, links, &History::new(std::time::Duration::from_secs(1)), 1);
                draft.interface(&interface, links, &History::new(std::time::Duration::from_secs(1)), 1);
                if draft.pending() > pass_on_above {
                    let Ok(()) = draft.pass_on(|part| {
                        parts.push_str(part);
                        Ok::<(), Infallible>(())
                    });
                }
            }
            parts + draft.end()
        };
        let whole = write(usize::MAX);
        assert_eq!(write(0), whole);
        let file = crate::StatsFile::parse(whole.as_bytes()).unwrap();
        assert_eq!(file.targets[2].interfaces[1].interface(), interface);
    }
}
