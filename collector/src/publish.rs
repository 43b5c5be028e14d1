//! Which files there are, what is in each, and when each is written. Knows nothing of how a file is replaced.
//!
//! Replacing a file costs far more than what is in it, so there are few: the index with everything's newest samples, and,
//! for each group of interfaces, a live file with the last few and a recent file with ten minutes. Where all interfaces
//! fit into one group, the index is the live file, and nothing else is written at most readings. Where there are very
//! many, the index lists them without samples, and is written when that list changes.
//!
//! Begin with [`Site`]. `scale` says what depends on how much there is, `index` when the index is due; `groups` writes the
//! live and recent files of a target.

mod exports;
mod groups;
mod index;
mod scale;
mod written;

use std::collections::{BTreeSet, HashSet};
use std::io::{BufWriter, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use stats::{Draft, Interface, Links, Timestamp, file_stem};

pub(crate) use exports::AllCounted;
use exports::Exporter;
pub(crate) use exports::METRICS;
pub(crate) use groups::GroupFiles;
use index::Index;
use scale::{Memory, Scale};

use crate::config::Exports;
use crate::earlier::{Earlier, Wanted};
use crate::replace::Outlet;
use crate::shared::Shared;
use crate::timeline::Now;
use crate::watch::Watch;

/// The file that lists everything.
pub(crate) const INDEX: &str = "index.json";

/// So much of a file is read and written at a time: that of a large site may be megabytes, which nobody needs in memory.
/// Little where that is tested, so that it comes to parts.
const PART: usize = if cfg!(test) { 512 } else { 64 << 10 };

/// Everything that is published into one directory.
#[derive(Debug)]
pub(crate) struct Site {
    outlet: Outlet,
    targets: Vec<Target>,
    index: Mutex<Index>,
    /// What was written on last, for the next one to use: as many as there were threads that wrote at the same time.
    desks: Mutex<Vec<Desk>>,
}

/// A target, as every thread may see it.
#[derive(Debug)]
struct Target {
    /// What the names of its files begin with.
    stem: String,
    watch: Shared<Watch>,
    /// What else is written of it; `None` where nothing is.
    exporter: Option<Shared<Exporter>>,
}

/// The memory that it takes to write a file.
#[derive(Debug, Default)]
struct Desk {
    draft: Draft,
    /// Of the live file that is gone on from, and of the recent one.
    live: Vec<u8>,
    recent: Vec<u8>,
    /// The description that is being written.
    interface: Interface,
}

/// Whether more is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Another file is to be expected after the target's interval.
    GoesOn,
    /// The collector is about to end.
    Ends,
}

impl Site {
    /// Publishes what is watched into the outlet.
    pub(crate) fn new(outlet: Outlet, watches: Vec<Shared<Watch>>, shortest_interval: Duration) -> Self {
        let mut taken = HashSet::new();
        let index = Mutex::new(Index::new(watches.len(), shortest_interval));
        let targets = watches.into_iter().map(|watch| {
            let stem = free_stem(watch.lock().name(), &mut taken);
            Target { stem, watch, exporter: None }
        });
        Self { outlet, targets: targets.collect(), index, desks: Mutex::default() }
    }

    /// Writes this of the targets too, for others than our page.
    pub(crate) fn exporting(mut self, exports: impl IntoIterator<Item = Exports>) -> Self {
        let mut has_legacy = false;
        for (target, exports) in self.targets.iter_mut().zip(exports) {
            let mark = exports.mark(&target.stem, &mut has_legacy);
            target.exporter = (exports != Exports::default()).then(|| Shared::new(Exporter::new(exports, mark)));
        }
        self
    }

    /// What a target's interfaces have counted for others.
    pub(crate) fn counted(&self, target: usize) -> AllCounted {
        self.targets[target].exporter.as_ref().map(|exporter| exporter.lock().counted().clone()).unwrap_or_default()
    }

    /// Goes on counting from there.
    pub(crate) fn resume_counting(&self, target: usize, counted: AllCounted) {
        if let Some(exporter) = &self.targets[target].exporter {
            exporter.lock().resume(counted);
        }
    }

    /// Publishes what is now known of a target, and the index where it is due.
    pub(crate) fn publish(&self, target: usize, files: &mut GroupFiles, round: u64, now: Now) {
        let scale = self.count(target);
        self.write_groups(target, files, scale, now, Outlook::GoesOn);
        self.export(target);
        let mut watch = self.targets[target].watch.lock();
        if scale.memory() == Memory::Short && !self.outlet.has_trouble() {
            watch.forget(scale.samples_in_index());
        }
        let written = watch.label(now);
        let state = index::TargetState::of(&watch, round, written);
        drop(watch);
        // Whoever writes the index holds this, and looks at one target after the other. Nobody waits for it meanwhile who
        // has something that the index needs.
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if index.is_due(target, state, written) {
            self.write_index(&mut index, written, Outlook::GoesOn);
        }
    }

    /// Takes note of how much there is of a target, which decides about how everything is published.
    pub(crate) fn count(&self, target: usize) -> Scale {
        let watch = &self.targets[target].watch;
        let (interfaces, most) = {
            let watch = watch.lock();
            (watch.interface_count(), watch.samples_to_keep())
        };
        let scale =
            self.index.lock().unwrap_or_else(PoisonError::into_inner).count(target, interfaces, interfaces * most);
        watch.lock().set_keep(scale.keep());
        scale
    }

    /// Expects what there was before anything is read, and tells how much of that is to be kept in memory.
    pub(crate) fn expect(&self, earlier: &Earlier) -> Wanted {
        let most = |target: &Target| target.watch.lock().samples_to_keep();
        let most = self.targets.iter().map(most).max().unwrap_or_default();
        let scale = {
            let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
            index.expect(earlier.interfaces, earlier.interfaces * most)
        };
        self.targets.iter().for_each(|target| target.watch.lock().set_keep(scale.keep()));
        match scale.memory() {
            Memory::Whole => Wanted::All,
            Memory::Short => Wanted::Last,
        }
    }

    /// Publishes what is now known of a target, without an index.
    pub(crate) fn publish_once(&self, target: usize, files: &mut GroupFiles, now: Now) {
        let scale = self.count(target);
        self.write_groups(target, files, scale, now, Outlook::GoesOn);
        self.export(target);
    }

    /// Whether something could not be written.
    pub(crate) fn has_trouble(&self) -> bool {
        self.outlet.has_trouble()
    }

    /// Publishes a target for the last time.
    pub(crate) fn close(&self, target: usize, files: &mut GroupFiles, now: Now) {
        let scale = self.count(target);
        self.write_groups(target, files, scale, now, Outlook::Ends);
    }

    /// Publishes the index for the last time, or, where nothing runs on, for this time.
    pub(crate) fn finish(&self, written: Timestamp, outlook: Outlook) {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_index(&mut index, written, outlook);
    }

    fn write_groups(&self, target: usize, files: &mut GroupFiles, scale: Scale, now: Now, outlook: Outlook) {
        let Target { stem, watch, .. } = &self.targets[target];
        self.at_desk(|desk| {
            let occasion = groups::Occasion { number: target, stem, scale, now, outlook };
            files.write(&watch.lock(), occasion, desk, &self.outlet);
        });
    }

    /// Counts a target's new samples for others, and writes the predecessor's files.
    fn export(&self, target: usize) {
        let Target { watch, exporter, .. } = &self.targets[target];
        let Some(exporter) = exporter else { return };
        let files = exporter.lock().take(&watch.lock());
        for (name, line) in files {
            self.outlet.replace(&name, &line);
        }
    }

    /// The counters for Prometheus, where it is to have them.
    fn write_metrics(&self, written: Timestamp, outlook: Outlook) {
        let exporters = self.targets.iter().filter_map(|Target { watch, exporter, .. }| {
            let exporter = exporter.as_ref().filter(|exporter| exporter.lock().has_metrics())?;
            Some(exports::Source { watch, exporter })
        });
        let sources: Vec<exports::Source<'_>> = exporters.collect();
        if !sources.is_empty() {
            self.outlet.replace_in_parts(exports::METRICS, |file| {
                let mut file = BufWriter::new(file);
                exports::write_metrics(&mut file, &sources, written, outlook)?;
                file.flush()
            });
        }
    }

    fn write_index(&self, index: &mut Index, written: Timestamp, outlook: Outlook) {
        let scale = index.scale();
        let due = (outlook == Outlook::GoesOn).then(|| index.written(written));
        self.at_desk(|Desk { draft, .. }| {
            self.outlet.replace_in_parts(INDEX, |file| {
                draft.begin(Some(written), due);
                for Target { stem, watch, .. } in &self.targets {
                    list(&watch.lock(), stem, scale, draft);
                    if draft.pending() > PART {
                        draft.pass_on(|text| file.write_all(text.as_bytes()))?;
                    }
                }
                file.write_all(draft.end().as_bytes())
            });
        });
        self.write_metrics(written, outlook);
    }

    /// Gives one of the desks to whoever has something to write: there need not be one for each target, and of those that
    /// many threads had at the same time few are kept.
    fn at_desk<T>(&self, write: impl FnOnce(&mut Desk) -> T) -> T {
        /// So many threads are at work at a time where nothing holds them up.
        const IDLE: usize = 2;

        let desks = || self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let free = desks().pop();
        let mut desk = free.unwrap_or_default();
        let written = write(&mut desk);
        let mut desks = desks();
        if desks.len() < IDLE {
            desks.push(desk);
        }
        written
    }
}

/// Adds a target to the index.
fn list(watch: &Watch, stem: &str, scale: Scale, draft: &mut Draft) {
    if !watch.has_been_read() {
        return;
    }
    draft.target(&watch.head());
    let mut interface = Interface::default();
    for followed in watch.followed() {
        followed.interface().unpack_into(&mut interface);
        let names = groups::Names::of(stem, followed.group(), scale);
        let links = Links { live: names.live.as_deref(), recent: Some(&names.recent) };
        draft.interface(&interface, links, followed.history(), scale.samples_in_index());
    }
}

/// Whether a file is to be written now that was to be written then, of what is read in that interval: the reading that it waits
/// for may take less time than the one before.
fn has_come(due: Option<Timestamp>, now: Timestamp, interval: Duration) -> bool {
    due.is_none_or(|due| due <= now.after(interval / 2))
}

/// What the files are called that these targets are published in.
pub(crate) fn file_names<'a>(watches: impl Iterator<Item = &'a Watch> + Clone) -> Vec<String> {
    let interfaces = watches.clone().map(Watch::interface_count).sum();
    let scale = Scale::default().with(interfaces, 0);
    let (mut names, mut taken) = (vec![INDEX.to_owned()], HashSet::new());
    for watch in watches {
        let stem = free_stem(watch.name(), &mut taken);
        for group in watch.groups().into_iter().collect::<BTreeSet<u16>>() {
            let groups::Names { live, recent } = groups::Names::of(&stem, group, scale);
            names.extend(live);
            names.push(recent);
        }
    }
    names
}

/// A file of this project's predecessor.
#[derive(Debug)]
pub(crate) struct LegacyFile {
    pub(crate) name: String,
    /// Whether it says of both ways what counts as full.
    pub(crate) is_full_known: bool,
}

/// Those that are written of these targets.
pub(crate) fn legacy_files<'a>(targets: impl Iterator<Item = (&'a Watch, &'a Exports)>) -> Vec<LegacyFile> {
    let (mut files, mut taken, mut has_legacy) = (Vec::new(), HashSet::new(), false);
    for (watch, exports) in targets {
        let stem = free_stem(watch.name(), &mut taken);
        let mark = exports.mark(&stem, &mut has_legacy);
        if exports.legacy {
            files.extend(
                watch
                    .followed()
                    .iter()
                    .map(|followed| exports::legacy_file(&followed.interface().unpack(), mark.as_deref())),
            );
        }
    }
    files
}

/// A stem that no other target has: that two names get the same one is unlikely, but not impossible.
fn free_stem(name: &str, taken: &mut HashSet<String>) -> String {
    let mut stem = file_stem(name);
    while !taken.insert(stem.clone()) {
        stem.push('x');
    }
    stem
}

#[cfg(test)]
mod tests;
