//! What an earlier process published, to go on from: a collector that was restarted has its graphs full.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use stats::{StatsFile, TargetStats};

use crate::publish::INDEX;

/// The samples of a target that are in this directory; `None` where there are none that can be read.
pub(crate) fn published(directory: &Path, target: &str) -> Option<TargetStats> {
    let find = |file: StatsFile| file.targets.into_iter().find(|found| found.name == target);
    let mut earlier = find(read(&directory.join(INDEX))?)?;
    let mut recents: Vec<String> = earlier.interfaces.iter().filter_map(|stats| stats.recent.clone()).collect();
    recents.dedup();
    earlier.interfaces.clear();
    for recent in recents {
        // The directory is open to the world, if only for reading: nothing in it leads out of it.
        if !recent.contains('/') {
            let group = read(&directory.join(recent)).and_then(find);
            earlier.interfaces.extend(group.map(|group| group.interfaces).unwrap_or_default());
        }
    }
    (!earlier.interfaces.is_empty()).then_some(earlier)
}

fn read(path: &Path) -> Option<StatsFile> {
    const MOST: u64 = 64 << 20;

    let mut text = Vec::new();
    File::open(path).ok()?.take(MOST).read_to_end(&mut text).ok()?;
    StatsFile::parse(&text).ok()
}
