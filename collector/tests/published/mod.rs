//! What a collector has published, read as a page reads it: the index, and the files that it names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use stats::{Sample, StatsFile, TargetStats};

/// What is in the files of a directory.
pub(crate) struct Published {
    /// The targets of the index, with the newest samples only.
    pub(crate) targets: Vec<TargetStats>,
    samples: BTreeMap<(usize, String), Vec<Sample>>,
}

impl Published {
    /// Reads a directory, where there is an index yet.
    pub(crate) fn read(directory: &Path) -> Option<Self> {
        let read = |name: &str| fs::read(directory.join(name)).ok();
        let parse = |text: Vec<u8>| StatsFile::parse(&text).expect("a stats file, whole");
        let index = parse(read("index.json")?);
        let mut files: BTreeMap<String, Option<StatsFile>> = BTreeMap::new();
        let mut samples = BTreeMap::new();
        for (number, target) in index.targets.iter().enumerate() {
            for interface in &target.interfaces {
                // The oldest first, as each goes on where the one before ends.
                let mut all: Vec<(u64, Sample)> = Vec::new();
                for name in [&interface.recent, &interface.live].into_iter().flatten() {
                    let file = files.entry(name.clone()).or_insert_with(|| read(name).map(parse));
                    let found = file.iter().flat_map(|file| &file.targets).flat_map(|target| &target.interfaces);
                    found.filter(|other| other.name == interface.name).for_each(|other| go_on(&mut all, other));
                }
                go_on(&mut all, interface);
                let key = (number, interface.name.clone());
                samples.insert(key, all.into_iter().map(|(_, sample)| sample).collect());
            }
        }
        Some(Self { targets: index.targets, samples })
    }

    /// All samples of an interface of a target, counted from 0.
    pub(crate) fn samples(&self, target: usize, interface: &str) -> &[Sample] {
        self.samples.get(&(target, interface.to_owned())).map_or(&[], Vec::as_slice)
    }
}

fn go_on(all: &mut Vec<(u64, Sample)>, stats: &stats::InterfaceStats) {
    let next = all.last().map_or(0, |(number, _)| number + 1);
    let first = stats.samples.first().unwrap_or(0);
    all.extend((first..).zip(stats.samples.to_vec()).filter(|(number, _)| *number >= next));
}
