//! The live and recent files of a target's groups of interfaces.
//!
//! They are made of what is in memory where that is all of it. Where it is not, they go on from themselves: the file that
//! is there is read, and its columns are cut at one end and lengthened at the other. Live files are lengthened by what is
//! new, at each sample; recent ones, each ten samples, by what the live file and memory have together.

use std::collections::HashMap;

use stats::{Columns, Draft, History, Interface, Links, Timestamp};

use super::scale::{Memory, Scale};
use super::{Desk, INDEX, Outlook};
use crate::replace::Outlet;
use crate::timeline::Now;
use crate::watch::{Followed, Pace, Watch};

/// After how many samples a recent file is written again: so few that live and recent file always overlap.
const RECENT_EVERY: usize = 10;

/// What is known of the files of a target.
#[derive(Debug, Default)]
pub(crate) struct GroupFiles(Vec<Group>);

#[derive(Debug, Default)]
struct Group {
    /// Changes with who is in it.
    membership: u32,
    /// What its files told last, and when they are to be written again even if that is all there is to tell.
    told: Option<Told>,
    due: Option<Timestamp>,
    /// In how many samples its recent file is due; `None` before it is known.
    recent_due: Option<usize>,
    live: Written,
    recent: Written,
    /// Whether its files say that nobody is in it.
    is_closed: bool,
}

/// What files told last, by which it is seen whether there is anything new to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    /// Of the target.
    revision: u64,
    run: u64,
    /// How many samples there ever were.
    samples: u64,
    has_live: bool,
}

/// A file as it was written last.
#[derive(Debug, Default)]
struct Written {
    length: usize,
    /// Where the samples of each of the group's interfaces are in it. Nothing where it is not known, or not what it was.
    samples: Vec<u32>,
}

/// The samples of a file that is gone on from.
struct Earlier<'a> {
    text: &'a str,
    /// Where those of each of the group's interfaces are.
    places: &'a [u32],
    /// The same by the interfaces' names, where that is not known.
    found: HashMap<String, Columns<'a>>,
}

/// For what the files are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occasion<'a> {
    /// Of the target.
    pub(super) number: usize,
    /// What the names of its files begin with.
    pub(super) stem: &'a str,
    pub(super) scale: Scale,
    pub(super) now: Now,
    pub(super) outlook: Outlook,
}

/// What the files of a group are called.
pub(super) struct Names {
    /// `None` where the index is the live file.
    pub(super) live: Option<String>,
    pub(super) recent: String,
}

impl Names {
    pub(super) fn of(stem: &str, group: u16, scale: Scale) -> Self {
        let number = group + 1;
        let live = (!scale.has_one_file()).then(|| format!("{stem}-{number}.live.json"));
        Self { live, recent: format!("{stem}-{number}.recent.json") }
    }

    /// What a recent file says of where the others are.
    fn of_recent(&self) -> Links<'_> {
        Links { live: Some(self.live.as_deref().unwrap_or(INDEX)), recent: None }
    }
}

impl GroupFiles {
    /// Writes those that are due.
    pub(super) fn write(&mut self, watch: &Watch, occasion: Occasion<'_>, desk: &mut Desk, outlet: &Outlet) {
        let groups = watch.by_group();
        self.0.resize_with(groups.len(), Group::default);
        let written = watch.label(occasion.now);
        let Pace { next, barren } = watch.pace();
        let goes_on = occasion.outlook == Outlook::GoesOn;
        let due = goes_on.then(|| written.after(next + watch.interval() * barren));
        let nearly_now = written.after(watch.interval() / 2);
        let head = watch.head();
        for (number, (members, group)) in (0..).zip(groups.iter().zip(&mut self.0)) {
            // Said once: files that nobody reads any more are not to be written for ever.
            let is_empty = members.is_empty();
            if std::mem::replace(&mut group.is_closed, is_empty) && is_empty {
                continue;
            }
            let names = Names::of(occasion.stem, number, occasion.scale);
            let told = Told::now(watch, members, &names);
            let has_news = group.told.replace(told) != Some(told);
            if goes_on && !has_news && group.due.is_some_and(|due| due > nearly_now) {
                continue;
            }
            group.due = due;
            let is_recent_due = (has_news || !goes_on) && group.is_recent_due(watch, occasion, usize::from(number));
            let is_short = occasion.scale.memory() == Memory::Short;
            let Desk { draft, live, recent } = desk;
            live.clear();
            if let Some(name) = names.live.as_ref().filter(|_| is_short && group.live.length > 0) {
                outlet.read(name, live);
            }
            let places = std::mem::take(&mut group.live.samples);
            let live = Earlier::of(live, group.live.length, &places, members.len());
            if let Some(name) = &names.live {
                let links = Links { live: None, recent: Some(&names.recent) };
                draft.begin(Some(written), due);
                draft.target(&head);
                group.live.samples = draft_live(draft, members, &live, links);
                let text = draft.end();
                group.live.length = text.len();
                outlet.replace(name, text);
            }
            if is_recent_due {
                draft.begin(Some(written), due);
                draft.target(&head);
                if is_short {
                    recent.clear();
                    if group.recent.length > 0 || watch.is_resumed() {
                        outlet.read(&names.recent, recent);
                    }
                    let recent = Earlier::of(recent, group.recent.length, &group.recent.samples, members.len());
                    let most = watch.samples_to_keep();
                    group.recent.samples = go_on(draft, members, &live, &recent, names.of_recent(), most);
                } else {
                    for member in members {
                        draft.interface(&member.interface().unpack(), names.of_recent(), member.history(), usize::MAX);
                    }
                }
                let text = draft.end();
                group.recent.length = text.len();
                outlet.replace(&names.recent, text);
            }
        }
    }
}

impl Told {
    /// What there is to tell of a group.
    fn now(watch: &Watch, members: &[&Followed], names: &Names) -> Self {
        Self {
            revision: watch.revision(),
            run: watch.timeline().run(),
            samples: members.iter().map(|member| member.history().next_sequence()).sum(),
            has_live: names.live.is_some(),
        }
    }
}

impl Group {
    /// Whether the recent file is to be written at this sample; counts them.
    fn is_recent_due(&mut self, watch: &Watch, occasion: Occasion<'_>, number: usize) -> bool {
        let group = u16::try_from(number).unwrap_or_default();
        if std::mem::replace(&mut self.membership, watch.membership(group)) != watch.membership(group) {
            // What the recent file holds is not what the index says.
            self.live.samples.clear();
            self.recent.samples.clear();
            self.recent_due = self.recent_due.map(|_| 0);
        }
        // So that not all of them are written at the same time.
        let part = (number + occasion.number) % RECENT_EVERY;
        let is_short = occasion.scale.memory() == Memory::Short;
        let due = self.recent_due.unwrap_or(if is_short && watch.is_resumed() { part } else { 0 });
        let is_due = due == 0 || occasion.outlook == Outlook::Ends && !is_short;
        let next = if self.recent_due.is_none() && is_short { 1 + part } else { RECENT_EVERY };
        self.recent_due = Some(if is_due { next - 1 } else { due - 1 });
        is_due
    }
}

impl<'a> Earlier<'a> {
    /// Of a file that had this length when these were the places in it of so many interfaces.
    fn of(octets: &'a [u8], length: usize, places: &'a [u32], members: usize) -> Self {
        let text = std::str::from_utf8(octets).unwrap_or_default();
        if text.len() == length && places.len() == members {
            return Self { text, places, found: HashMap::new() };
        }
        // Where it is not known what is where, it is looked for, which takes longer.
        Self { text, places: &[], found: Columns::of_file(text) }
    }

    /// The samples of a member, which has that number.
    fn of_member(&self, number: usize, member: &Followed) -> Option<Columns<'a>> {
        match self.places.get(number) {
            Some(place) => self.text.get(*place as usize..).and_then(Columns::parse),
            None => self.found.get(member.interface().name()).cloned(),
        }
    }
}

/// Adds what a live file holds, gone on from the one that is there; tells where the samples are.
fn draft_live(draft: &mut Draft, members: &[&Followed], live: &Earlier<'_>, links: Links<'_>) -> Vec<u32> {
    let mut interface = Interface::default();
    let samples = members.iter().enumerate().map(|(number, member)| {
        member.interface().unpack_into(&mut interface);
        let history = member.history();
        let most = Scale::LIVE_SAMPLES.into();
        let columns = live.of_member(number, member);
        if columns.is_none() && history.is_empty() {
            draft.interface(&interface, links, history, most);
            return u32::MAX;
        }
        place(draft.interface_after(columns, &interface, links, history, most))
    });
    samples.collect()
}

/// Adds what a recent file holds, `most` samples of each interface, gone on from the one that is there by way of the live
/// one; tells where they are.
fn go_on(
    draft: &mut Draft,
    members: &[&Followed],
    live: &Earlier<'_>,
    recent: &Earlier<'_>,
    links: Links<'_>,
    most: usize,
) -> Vec<u32> {
    let mut interface = Interface::default();
    let samples = members.iter().enumerate().map(|(number, member)| {
        member.interface().unpack_into(&mut interface);
        let columns = live.of_member(number, member);
        let joined = columns.and_then(|live| live.followed_by(member.history(), Scale::LIVE_SAMPLES.into()));
        let history: &History = joined.as_ref().unwrap_or(member.history());
        let columns = recent.of_member(number, member);
        place(draft.interface_after(columns, &interface, links, history, most))
    });
    samples.collect()
}

/// In 32 bits, since there is one an interface; no file is longer than they tell.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
