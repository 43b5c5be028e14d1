//! What depends on how much there is: a router and a data centre are not published in the same way.

use stats::Keep;

use crate::watch::{GROUP, KEEP};

/// How much there is, and what that means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scale {
    interfaces: usize,
    memory: Memory,
}

/// Where the samples are that recent files are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Memory {
    /// In memory.
    #[default]
    Whole,
    /// In the live and recent files themselves. It stays so: what is not in memory any more can't be had from there again.
    Short,
}

impl Scale {
    /// So many samples are kept in memory, of all interfaces together: those of four hundred interfaces in ten minutes, in
    /// some megabytes.
    const MOST_IN_MEMORY: usize = 250_000;

    /// The index of a site of more interfaces than this has no samples: it would be megabytes each second.
    const MOST_WITH_SAMPLES: usize = 10_000;

    /// How many samples a live file holds, and the index where it is one.
    pub(super) const LIVE_SAMPLES: u16 = 16;

    /// How many samples an index holds that is no live file: the newest, and the one before for a page that was late.
    const INDEX_SAMPLES: usize = 2;

    /// With so many interfaces, which would keep so many samples, from now on.
    pub(super) fn with(self, interfaces: usize, samples: usize) -> Self {
        let memory = if samples > Self::MOST_IN_MEMORY { Memory::Short } else { self.memory };
        Self { interfaces, memory }
    }

    /// Whether the index is a live file too, so that there are no others.
    pub(super) const fn has_one_file(self) -> bool {
        // Where live files are what recent ones go on from, they stay.
        self.interfaces <= GROUP && matches!(self.memory, Memory::Whole)
    }

    /// Whether the index only lists the interfaces.
    pub(super) const fn has_listing(self) -> bool {
        self.interfaces > Self::MOST_WITH_SAMPLES
    }

    /// How many samples the index has of each interface.
    pub(super) const fn samples_in_index(self) -> usize {
        if self.has_one_file() {
            Self::LIVE_SAMPLES as usize
        } else if self.has_listing() {
            0
        } else {
            Self::INDEX_SAMPLES
        }
    }

    pub(super) const fn memory(self) -> Memory {
        self.memory
    }

    /// What is kept of each interface in memory, where it can't be written for a while.
    pub(super) const fn keep(self) -> Keep {
        let keep = Keep::lasting(KEEP);
        match self.memory {
            Memory::Whole => keep,
            Memory::Short => keep.at_most(Self::LIVE_SAMPLES),
        }
    }
}
