//! Samples of a file that was written earlier, gone on from without being read: their columns stay the text that they are.
//! What was written is the history of thousands of interfaces; to take it apart and put it together again each time would
//! cost far more than everything else, and to keep it in memory too.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use memchr::{memchr, memchr_iter};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::draft::{column_names, columns, open_column, value, write_gaps, write_head, write_numbers};
use super::samples::Gap;
use crate::counter::{Amounts, Quantity};
use crate::history::History;
use crate::sample::{GapReason, Sample};
use crate::time::Timestamp;

/// The samples of an interface, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns<'a> {
    first: u64,
    count: usize,
    all: [Column<'a>; 1 + Quantity::ALL.len()],
    gaps: Vec<Gap>,
}

/// What a column is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column<'a> {
    /// Unknown for all samples.
    Absent,
    /// The same for all.
    Same(&'a str),
    /// One for each, without the brackets.
    Each(&'a str),
}

impl<'a> Columns<'a> {
    /// Understands samples as [`Draft`](super::Draft) writes them, which `text` begins with; `None` where these are none.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut rest = text.strip_prefix("{\"first\":")?;
        let first = take_number(&mut rest)?.parse().ok()?;
        let mut count = 1;
        if let Some(after) = rest.strip_prefix(",\"count\":") {
            rest = after;
            count = take_number(&mut rest)?.parse().ok()?;
        }
        rest = rest.strip_prefix(",\"end\":")?;
        take_number(&mut rest)?;
        let mut all = [Column::Absent; 1 + Quantity::ALL.len()];
        for (name, column) in column_names().zip(&mut all) {
            let value = rest.strip_prefix(",\"").and_then(|rest| rest.strip_prefix(name)?.strip_prefix("\":"));
            let Some(value) = value else { continue };
            rest = value;
            *column = match rest.strip_prefix('[') {
                Some(inner) => {
                    let (inner, after) = inner.split_at(memchr(b']', inner.as_bytes())?);
                    rest = &after[1..];
                    let is_plain = inner.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b',' | b'n' | b'u' | b'l'));
                    if !is_plain || memchr_iter(b',', inner.as_bytes()).count() + 1 != count {
                        return None;
                    }
                    Column::Each(inner)
                }
                None => Column::Same(take_number(&mut rest)?),
            };
        }
        let mut gaps = Vec::new();
        if let Some(after) = rest.strip_prefix(",\"gaps\":") {
            let mut values = serde_json::Deserializer::from_str(after).into_iter();
            gaps = values.next()?.ok()?;
            rest = &after[values.byte_offset()..];
        }
        rest.starts_with('}').then_some(Self { first, count, all, gaps })
    }

    /// The samples of a whole file, by the names of their interfaces; nothing where it is none, and those that are as
    /// [`parse`](Self::parse) wants them.
    #[must_use]
    pub fn of_file(text: &'a str) -> HashMap<String, Self> {
        #[derive(Deserialize)]
        struct File<'a> {
            #[serde(borrow)]
            targets: Vec<Target<'a>>,
        }
        #[derive(Deserialize)]
        struct Target<'a> {
            #[serde(borrow, default)]
            interfaces: Vec<Interface<'a>>,
        }
        #[derive(Deserialize)]
        struct Interface<'a> {
            name: String,
            #[serde(borrow)]
            samples: Option<&'a RawValue>,
        }

        let targets = serde_json::from_str::<File>(text).map(|file| file.targets).unwrap_or_default();
        let interfaces = targets.into_iter().flat_map(|target| target.interfaces);
        interfaces.filter_map(|stats| Some((stats.name, Self::parse(stats.samples?.get())?))).collect()
    }

    /// The sequence number of the sample that follows.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.first.saturating_add(self.count as u64)
    }

    /// The last `most` of these samples and those of a history that came since; `None` where they do not follow these.
    #[must_use]
    pub fn followed_by(&self, history: &History, most: usize) -> Option<History> {
        let missing = history.next_sequence().checked_sub(self.next_sequence())?;
        let missing = usize::try_from(missing).ok().filter(|missing| *missing <= history.len())?;
        let from = self.count.saturating_sub(most);
        let mut whole = History::beginning_at(self.first.saturating_add(from as u64), Duration::MAX);
        self.samples(from, history.end()).into_iter().for_each(|sample| whole.push(sample));
        history.last(missing).for_each(|entry| whole.push(entry.sample));
        Some(whole)
    }

    /// The samples from that one on. They all say that they ended at `end`, which a history asks for of the newest alone.
    fn samples(&self, from: usize, end: Timestamp) -> Vec<Sample> {
        let unknown = |gap: Option<&GapReason>| {
            let (duration, gap, passed) = (Duration::ZERO, gap.cloned(), Amounts::UNKNOWN);
            Sample { end, duration, gap, passed }
        };
        let mut samples: Vec<Sample> = self.reasons(from).map(unknown).collect();
        for (of, column) in columns().zip(self.all) {
            let put = |(sample, number): (&mut Sample, &str)| {
                let number = number.parse().ok();
                match of {
                    Some(quantity) => sample.passed.set(quantity, number),
                    None => sample.duration = Duration::from_micros(number.unwrap_or_default()),
                }
            };
            match column {
                Column::Absent => {}
                Column::Same(number) => samples.iter_mut().map(|sample| (sample, number)).for_each(put),
                Column::Each(numbers) => samples.iter_mut().zip(after_commas(numbers, from).split(',')).for_each(put),
            }
        }
        samples
    }

    /// Writes these samples and `samples`, which follow them and the last of which ended then; of all no more than the
    /// last `most`.
    pub(super) fn continued(&self, samples: &[Sample], end: Timestamp, most: usize, text: &mut String) {
        let dropped = (self.count + samples.len()).saturating_sub(most).min(self.count);
        let kept = self.count - dropped;
        write_head(text, self.first + dropped as u64, kept + samples.len(), end);
        for ((name, of), column) in column_names().zip(columns()).zip(self.all) {
            column.continued(name, dropped..self.count, samples.iter().map(|sample| value(sample, of)), text);
        }
        write_gaps(text, self.reasons(dropped).chain(samples.iter().map(|sample| sample.gap.as_ref())));
        text.push('}');
    }

    /// Why each of the samples from that one on is a gap, where it is one.
    fn reasons(&self, from: usize) -> impl Iterator<Item = Option<&GapReason>> {
        let mut gaps = self.gaps.iter().peekable();
        (from..self.count).map(move |at| {
            while gaps.next_if(|gap| gap.range().end <= at).is_some() {}
            gaps.peek().filter(|gap| gap.range().start <= at).map(|gap| &gap.reason)
        })
    }
}

impl Column<'_> {
    fn continued(
        self,
        name: &str,
        kept: Range<usize>,
        new: impl Iterator<Item = Option<u64>> + Clone,
        text: &mut String,
    ) {
        let mut buffer = itoa::Buffer::new();
        let first = new.clone().next().map(|first| first.map_or("null", |first| buffer.format(first)));
        let is_even = new.clone().zip(new.clone().skip(1)).all(|(one, next)| one == next);
        let old = if kept.is_empty() { first } else { self.if_same(kept.start) };
        // Where all are the same, one stands for them.
        if let Some(old) = old
            && is_even
            && first.is_none_or(|first| first == old)
        {
            if old != "null" {
                open_column(text, name);
                text.push_str(old);
            }
            return;
        }
        open_column(text, name);
        text.push('[');
        match self {
            Self::Each(numbers) => text.push_str(after_commas(numbers, kept.start)),
            Self::Absent => repeat("null", kept.len(), text),
            Self::Same(number) => repeat(number, kept.len(), text),
        }
        if !kept.is_empty() && first.is_some() {
            text.push(',');
        }
        write_numbers(text, new);
        text.push(']');
    }

    /// What all numbers from that one on are, if they are the same.
    fn if_same(&self, from: usize) -> Option<&str> {
        match self {
            Self::Absent => Some("null"),
            Self::Same(number) => Some(number),
            Self::Each(numbers) => {
                let kept = after_commas(numbers, from);
                let first = &kept[..memchr(b',', kept.as_bytes()).unwrap_or(kept.len())];
                // A text that is the same when it is moved by a number and its comma is made of that number.
                let moved = kept.get(first.len() + 1..).unwrap_or_default();
                (kept.starts_with(moved) && kept.ends_with(first)).then_some(first)
            }
        }
    }
}

fn repeat(number: &str, times: usize, text: &mut String) {
    for at in 0..times {
        if at > 0 {
            text.push(',');
        }
        text.push_str(number);
    }
}

/// What comes after so many commas; nothing where there are fewer.
fn after_commas(numbers: &str, commas: usize) -> &str {
    match commas.checked_sub(1) {
        None => numbers,
        Some(last) => memchr_iter(b',', numbers.as_bytes()).nth(last).map_or("", |at| &numbers[at + 1..]),
    }
}

fn take_number<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at(length);
    *rest = after;
    // As JSON has it: neither nothing nor a number that begins with 0 and goes on.
    (length == 1 || length > 1 && !number.starts_with('0')).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::super::{Draft, InterfaceStats, Links, Samples, StatsFile, TargetStats};
    use super::*;
    use crate::history::Keep;
    use crate::identity::Interface;

    /// A sample of any kind; the seed makes what changes in a while.
    fn sample(second: u64) -> Sample {
        let rough = second.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let is_gap = (20..25).contains(&second) || second == 37;
        let reason = if second == 23 { GapReason::Other("a ]}\" b".to_owned()) } else { GapReason::NoAnswer };
        let mut passed = Amounts::UNKNOWN.with(Quantity::OutOctets, 7).with(Quantity::InErrors, 0);
        passed.set(Quantity::InOctets, (!is_gap).then_some(rough));
        passed.set(Quantity::InPackets, (second >= 30).then_some(5));
        passed.set(Quantity::OutPackets, Some(if second < 12 { 1 } else { 11 }));
        let duration = Duration::from_micros(1_000_000 + u64::from(second == 50));
        let end = Timestamp::from_micros(1_790_000_000_000_000).after(Duration::from_secs(second));
        Sample { end, duration, gap: is_gap.then_some(reason), passed }
    }

    fn text(file: &StatsFile) -> String {
        file.to_json()
    }

    fn target(interfaces: Vec<InterfaceStats>) -> TargetStats {
        TargetStats {
            name: "t".to_owned(),
            sys_name: None,
            source: None,
            run: 1,
            interval: None,
            refresh: None,
            counts: None,
            problem: None,
            answered: None,
            interfaces,
        }
    }

    #[test]
    fn a_file_that_goes_on_from_itself_is_the_one_that_is_written_from_memory() {
        let interface = Interface { name: "a\"b".to_owned(), if_index: Some(3), ..Interface::default() };
        let links = Links { live: Some("x.json"), recent: None };
        for step in [1, 3, 10] {
            let mut whole = History::new(Duration::from_mins(10));
            let mut short = History::new(Duration::from_mins(10));
            short.set_keep(Keep::lasting(Duration::from_mins(10)).at_most(16));
            let (mut draft, mut earlier, mut at) = (Draft::default(), String::new(), 0);
            for second in 0..200 {
                whole.push(sample(second));
                short.push(sample(second));
                if second % step > 0 {
                    continue;
                }
                draft.begin(None, None);
                draft.target(&target(Vec::new()));
                let columns = earlier.get(at..).and_then(Columns::parse);
                assert_eq!(columns.is_some(), second > 0);
                let found = Columns::of_file(&earlier).remove("a\"b");
                assert_eq!(found, columns);
                at = draft.interface_after(columns, &interface, links, &short, 60);
                earlier = draft.end().to_owned();
                let samples = Samples::of(whole.last(60));
                let stats = InterfaceStats { live: Some("x.json".to_owned()), samples, ..interface.clone().into() };
                let file = StatsFile { version: 1, written: None, due: None, targets: vec![target(vec![stats])] };
                assert_eq!(earlier, text(&file), "{step}, {second}");
            }
        }
    }

    #[test]
    fn a_file_that_others_go_on_from_is_as_good_as_the_memory_that_it_was_written_from() {
        let interface = Interface::default();
        let (mut whole, mut short) = (History::new(Duration::from_mins(10)), History::new(Duration::from_mins(10)));
        let (mut draft, mut live, mut at) = (Draft::default(), String::new(), 0);
        for second in 0..100 {
            let columns = live.get(at..).and_then(Columns::parse);
            if second % 3 > 0 {
                whole.push(sample(second));
                short.push(sample(second));
            }
            if let Some(columns) = &columns {
                let joined = columns.followed_by(&short, 16).unwrap();
                assert!(joined.len() >= whole.len().min(16));
                assert!(joined.last(usize::MAX).eq(whole.last(joined.len())), "{second}");
            }
            draft.begin(None, None);
            draft.target(&target(Vec::new()));
            at = draft.interface_after(columns, &interface, Links::default(), &short, 16);
            live = draft.end().to_owned();
            short.forget(0);
            let expected = InterfaceStats { samples: Samples::of(whole.last(16)), ..interface.clone().into() };
            if second > 0 {
                let file = StatsFile { version: 1, written: None, due: None, targets: vec![target(vec![expected])] };
                assert_eq!(live, text(&file), "{second}");
            }
        }
        let columns = live.get(at..).and_then(Columns::parse).unwrap();
        assert!(columns.followed_by(&History::beginning_at(200, Duration::from_secs(1)), 16).is_none());
        assert!(columns.followed_by(&History::beginning_at(3, Duration::from_secs(1)), 16).is_none());
    }

    #[test]
    fn samples_that_do_not_follow_are_left_out() {
        let mut history = History::beginning_at(100, Duration::from_mins(10));
        history.push(sample(1));
        let mut draft = Draft::default();
        draft.begin(None, None);
        draft.target(&target(Vec::new()));
        for first in [90, 200] {
            let earlier = format!("{{\"first\":{first},\"count\":3,\"end\":9,\"duration\":1}}");
            let earlier = Columns::parse(&earlier);
            assert!(earlier.is_some());
            draft.interface_after(earlier, &Interface::default(), Links::default(), &history, 60);
        }
        let file = StatsFile::parse(draft.end().as_bytes()).unwrap();
        for interface in &file.targets[0].interfaces {
            assert_eq!((interface.samples.first(), interface.samples.len()), (Some(100), 1));
        }
    }

    #[test]
    fn what_was_not_written_by_us_is_not_gone_on_from() {
        for text in [
            "",
            "{}",
            r#"{"first":1,"end":2"#,
            r#"{"first":1,"end":2,"duration":01}"#,
            r#"{"first":1,"end":2,"duration":[1,2]}"#,
            r#"{"first":1,"count":2,"end":2,"duration":[1,x]}"#,
            r#"{"first":1,"count":2,"end":2,"duration":[1,2"#,
            r#"{"first":1,"count":2,"end":2,"duration":1,"gaps":[{"at":0}]}"#,
            r#"{"first":1,"count":2,"end":2,"duration":1,"other":1}"#,
        ] {
            assert!(Columns::parse(text).is_none(), "{text}");
        }
        assert!(Columns::parse(r#"{"first":1,"count":2,"end":2,"duration":[1,2]}"#).is_some());
    }
}
