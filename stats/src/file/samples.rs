//! Samples in columns, and back. Knows nothing of what else is in a file.

use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::read::{Object, Unfit, Value};
use crate::column::Column;
use crate::counter::{Amounts, Quantity};
use crate::history::Entry;
use crate::sample::{GapReason, Sample};
use crate::time::{Timestamp, micros};

/// Samples that follow each other, in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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
pub(super) struct Gap {
    /// The first of them, counted from 0 within the columns.
    at: u32,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: u32,
    pub(super) reason: GapReason,
}

impl Gap {
    pub(super) const fn range(&self) -> Range<usize> {
        let at = self.at as usize;
        at..at.saturating_add(self.count as usize)
    }
}

impl Object for Samples {
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "first" => self.first = value.number_if_any()?,
            "count" => self.count = value.small_number_if_any()?,
            "end" => self.end = value.number_if_any()?.map(Timestamp::from_micros),
            "duration" => self.duration = column(value)?,
            "gaps" => value.objects()?,
            _ => {
                if let Some(quantity) = Quantity::ALL.into_iter().find(|quantity| quantity.name() == field) {
                    *self.column_mut(quantity) = column(value)?;
                }
            }
        }
        Ok(())
    }

    fn another(&mut self, field: &str) -> Option<&mut dyn Object> {
        if field != "gaps" {
            return None;
        }
        self.gaps.push(Gap { at: 0, count: 1, reason: GapReason::NoAnswer });
        self.gaps.last_mut().map(|gap| gap as &mut dyn Object)
    }
}

impl Object for Gap {
    fn required(&self) -> &'static [&'static str] {
        &["at", "reason"]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "at" => self.at = value.small_number()?,
            "count" => self.count = value.small_number()?,
            "reason" => self.reason = GapReason::from(value.text()?.to_owned()),
            _ => {}
        }
        Ok(())
    }
}

impl Samples {
    /// The most samples that a file may hold: a day of seconds of eleven interfaces, or an hour of 277.
    pub(super) const MOST: usize = 1_000_000;
    /// The largest sequence number that the first of them may have: far more than there will ever be, and few enough to
    /// count on from.
    const LARGEST_FIRST: u64 = 1 << 53;

    /// Puts samples into columns.
    #[must_use]
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let entries: Vec<Entry> = entries.into_iter().collect();
        let column = |quantity| Column::of(entries.iter().map(|entry| entry.sample.passed.get(quantity)));
        let durations = entries.iter().map(|entry| Some(micros(entry.sample.duration)));
        let mut gaps: Vec<Gap> = Vec::new();
        for (at, entry) in (0..).zip(&entries) {
            let Some(reason) = &entry.sample.gap else {
                continue;
            };
            match gaps.last_mut() {
                Some(gap) if gap.at + gap.count == at && gap.reason == *reason => gap.count += 1,
                _ => gaps.push(Gap { at, count: 1, reason: reason.clone() }),
            }
        }
        Self {
            first: entries.first().map(|entry| entry.sequence),
            count: u32::try_from(entries.len()).ok().filter(|count| *count > 1),
            end: entries.last().map(|entry| entry.sample.end),
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

    /// When the newest sample ended.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        self.end
    }

    /// The samples, oldest first.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Sample> {
        self.newest(usize::MAX)
    }

    /// The newest of the samples, so many at most, oldest first: a short file may hold more of them than there is memory for.
    #[must_use]
    pub fn newest(&self, most: usize) -> Vec<Sample> {
        let Some(end) = self.end else { return Vec::new() };
        let mut reasons = vec![None; self.len()];
        for gap in &self.gaps {
            reasons[gap.range()].fill(Some(&gap.reason));
        }
        let duration = |offset| self.duration.as_ref().and_then(|column| column.get(offset)).unwrap_or_default();
        let wanted = self.len().saturating_sub(most)..self.len();
        let passed = wanted.clone().fold(0_u64, |sum, offset| sum.saturating_add(duration(offset)));
        let mut begin = end.before(Duration::from_micros(passed));
        let mut samples = Vec::new();
        for offset in wanted {
            let duration = Duration::from_micros(duration(offset));
            let end = begin.after(duration);
            samples.push(Sample { end, duration, gap: reasons[offset].cloned(), passed: self.amounts_at(offset) });
            begin = end;
        }
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

    const fn column_mut(&mut self, quantity: Quantity) -> &mut Option<Column> {
        match quantity {
            Quantity::InOctets => &mut self.in_octets,
            Quantity::OutOctets => &mut self.out_octets,
            Quantity::InPackets => &mut self.in_packets,
            Quantity::OutPackets => &mut self.out_packets,
            Quantity::InErrors => &mut self.in_errors,
            Quantity::OutErrors => &mut self.out_errors,
            Quantity::InDiscards => &mut self.in_discards,
            Quantity::OutDiscards => &mut self.out_discards,
        }
    }

    fn columns(&self) -> impl Iterator<Item = &Column> {
        let quantities = Quantity::ALL.into_iter().filter_map(|quantity| self.column(quantity));
        self.duration.iter().chain(quantities)
    }

    /// Whether the columns fit each other.
    pub(super) fn check(&self) -> Result<(), &'static str> {
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
        if self.first.is_some_and(|first| first > Self::LARGEST_FIRST) {
            return Err("its sequence numbers are too large (`first` is at most 2^53)");
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

fn column(value: Value<'_>) -> Result<Option<Column>, Unfit> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(Column::Same(number))),
        Value::Numbers(numbers) => Ok(Some(Column::Each(numbers))),
        Value::Text(_) | Value::Other => Err(Unfit::from("a whole number or an array of them")),
    }
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field so")]
const fn is_one(count: &u32) -> bool {
    *count == 1
}
