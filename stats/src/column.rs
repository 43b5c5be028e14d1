//! A column of a stats file: a number a sample, or one number that stands for all of them.

use serde::{Serialize, Serializer};

/// A number a sample, each perhaps unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The same for every sample; written as one number.
    Same(u64),
    /// One for each sample; written as an array, with `null` for what is unknown.
    Each(Vec<Option<u64>>),
}

impl Column {
    /// The shortest way to write these; `None` where all are unknown, since a column of that is left out.
    pub(crate) fn of(values: impl Iterator<Item = Option<u64>> + Clone) -> Option<Self> {
        let mut others = values.clone();
        let first = others.next()?;
        if others.all(|other| other == first) { first.map(Self::Same) } else { Some(Self::Each(values.collect())) }
    }

    /// The number for the sample at `offset`.
    pub(crate) fn get(&self, offset: usize) -> Option<u64> {
        match self {
            Self::Same(value) => Some(*value),
            Self::Each(values) => values.get(offset).copied().flatten(),
        }
    }

    /// How many samples it has numbers for; `None` where it fits any number of them.
    pub(crate) const fn len(&self) -> Option<usize> {
        match self {
            Self::Same(_) => None,
            Self::Each(values) => Some(values.len()),
        }
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Same(value) => serializer.serialize_u64(*value),
            Self::Each(values) => serializer.collect_seq(values),
        }
    }
}
