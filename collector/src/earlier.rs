//! What an earlier process published, to go on from: a collector that was restarted has its graphs full.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use stats::{StatsFile, TargetStats};

use crate::open;
use crate::publish::INDEX;

/// What an earlier process left in a directory.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    directory: PathBuf,
    targets: HashMap<String, Vec<Group>>,
    /// How many interfaces there were.
    pub(crate) interfaces: usize,
}

/// Interfaces of a target that shared their files.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    live: Option<String>,
    recent: String,
    interfaces: usize,
}

/// How much of it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All samples that there are.
    All,
    /// The last few: the others stay where they are.
    Last,
}

/// The index, as far as it says which files there are: of very many interfaces all the rest would take much memory.
#[derive(Deserialize)]
struct Listing {
    targets: Vec<ListedTarget>,
}

#[derive(Deserialize)]
struct ListedTarget {
    name: String,
    #[serde(default, deserialize_with = "groups")]
    interfaces: Vec<Group>,
}

impl Earlier {
    /// What is in this directory; nothing where there is no index that can be read.
    pub(crate) fn in_directory(directory: &Path) -> Self {
        let listing = read(&directory.join(INDEX)).and_then(|text| serde_json::from_slice::<Listing>(&text).ok());
        let listed = listing.map(|listing| listing.targets).unwrap_or_default();
        let interfaces = listed.iter().flat_map(|target| &target.interfaces).map(|group| group.interfaces).sum();
        let targets = listed.into_iter().map(|target| (target.name, target.interfaces)).collect();
        Self { directory: directory.to_owned(), targets, interfaces }
    }

    /// How many interfaces a target had.
    pub(crate) fn interfaces_of(&self, target: &str) -> usize {
        self.targets.get(target).into_iter().flatten().map(|group| group.interfaces).sum()
    }

    /// The samples of a target, a group of interfaces at a time, with the number that the group has in the names of its
    /// files.
    pub(crate) fn groups(&self, target: &str, wanted: Wanted) -> impl Iterator<Item = (Option<u16>, TargetStats)> {
        let groups = self.targets.get(target).into_iter().flatten();
        groups.filter_map(move |group| {
            let recent = Some(&group.recent);
            let file = if wanted == Wanted::Last { group.live.as_ref().or(recent) } else { recent };
            let file = StatsFile::parse(&read(&self.directory.join(file?))?).ok()?;
            let stats = file.targets.into_iter().find(|found| found.name == target)?;
            Some((number(&group.recent), stats))
        })
    }
}

/// Which group that recent file is of.
fn number(recent: &str) -> Option<u16> {
    /// More files than this would be more interfaces than any device has.
    const MOST: u16 = 10_000;

    let (_, number) = recent.strip_suffix(".recent.json")?.rsplit_once('-')?;
    number.parse::<u16>().ok()?.checked_sub(1).filter(|number| *number < MOST)
}

/// Interfaces come in the order of their indexes; those of a group need not be neighbours.
fn groups<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Group>, D::Error> {
    #[derive(Deserialize)]
    struct Listed {
        live: Option<String>,
        recent: Option<String>,
    }
    struct Groups;

    impl<'de> serde::de::Visitor<'de> for Groups {
        type Value = Vec<Group>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("interfaces")
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut interfaces: A) -> Result<Vec<Group>, A::Error> {
            let mut groups: Vec<Group> = Vec::new();
            while let Some(Listed { live, recent }) = interfaces.next_element()? {
                // The directory is open to the world, if only for reading: nothing in it leads out of it.
                let Some(recent) = recent.filter(|recent| !recent.contains('/')) else { continue };
                let live = live.filter(|live| !live.contains('/'));
                match groups.iter_mut().rev().find(|group| group.recent == recent) {
                    Some(group) => group.interfaces += 1,
                    None => groups.push(Group { live, recent, interfaces: 1 }),
                }
            }
            Ok(groups)
        }
    }

    deserializer.deserialize_seq(Groups)
}

fn read(path: &Path) -> Option<Vec<u8>> {
    const MOST: u64 = 64 << 20;

    let mut text = Vec::new();
    open::without_waiting(path).ok()?.take(MOST).read_to_end(&mut text).ok()?;
    Some(text)
}
