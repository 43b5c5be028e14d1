//! What is told of a target: to the stats files, and to those who decide which of them to write.

use stats::{Counts, InterfaceStats, Keep, Samples, TargetStats};

use super::{Followed, KEEP, Watch};
use crate::calibration::Calibration;

impl Watch {
    /// How many samples of each interface there are to be, in memory or in files.
    pub(crate) fn samples_to_keep(&self) -> usize {
        Keep::lasting(KEEP).samples(self.interval)
    }

    /// What was learned of how its counters refresh, where that is news.
    pub(crate) fn learned(&mut self) -> Option<String> {
        self.calibration.as_mut().and_then(Calibration::news)
    }

    /// Whether anything was read, or tried to be.
    pub(crate) const fn has_been_read(&self) -> bool {
        self.begun.read
    }

    /// What its counters count, where that is no traffic of a network.
    pub(crate) fn counts(&self) -> Option<&Counts> {
        self.counts.as_deref()
    }

    /// Whether it goes on with what an earlier process published.
    pub(crate) const fn is_resumed(&self) -> bool {
        self.begun.resumed
    }

    /// Changes with what is told of the target and its interfaces, apart from samples.
    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// Changes with who is in that group.
    pub(crate) fn membership(&self, group: u16) -> u32 {
        self.groups.revision(group)
    }

    /// The interfaces, in the order of their indexes.
    pub(crate) fn followed(&self) -> &[Followed] {
        &self.followed
    }

    /// The interfaces by the groups that they are in; a group may be empty.
    pub(crate) fn by_group(&self) -> Vec<Vec<&Followed>> {
        let mut groups = vec![Vec::new(); self.groups.len()];
        for followed in &self.followed {
            groups[usize::from(followed.group)].push(followed);
        }
        groups
    }

    /// The group of each interface.
    pub(crate) fn groups(&self) -> Vec<u16> {
        self.followed.iter().map(|followed| followed.group).collect()
    }

    /// What is published of the interfaces in `range`, each with its last `samples` samples.
    pub(crate) fn stats(&self, range: std::ops::Range<usize>, samples: usize) -> TargetStats {
        let interfaces = self.followed[range].iter().map(|followed| InterfaceStats {
            samples: Samples::of(followed.history.last(samples)),
            ..InterfaceStats::from(followed.interface.unpack())
        });
        TargetStats { interfaces: interfaces.collect(), ..self.head() }
    }

    /// What is published of the target itself.
    pub(crate) fn head(&self) -> TargetStats {
        TargetStats {
            name: self.name.clone(),
            sys_name: self.sys_name.as_deref().map(str::to_owned),
            source: Some(self.source.clone()),
            run: self.timeline.run(),
            interval: Some(self.interval),
            refresh: self.calibration.as_ref().and_then(Calibration::period),
            counts: self.counts.clone(),
            problem: self.problem.clone(),
            // Where it answers its samples say so, and this would be another number each second.
            answered: self.answered.filter(|_| self.problem.is_some()),
            interfaces: Vec::new(),
        }
    }
}
