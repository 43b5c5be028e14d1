//! The live and recent files of a target's groups of interfaces.
//!
//! They are made of what is in memory where that is all of it. Where it is not, they go on from themselves: the file that
//! is there is read, and its columns are cut at one end and lengthened at the other. Live files are lengthened by what is
//! new, at each sample; recent ones, each ten samples, by what the live file and memory have together.

use stats::{Columns, Draft, History, Interface, Links, Timestamp};

use super::scale::{Memory, Scale};
use super::written::{Earlier, Written};
use super::{Desk, INDEX, Outlook};
use crate::replace::Outlet;
use crate::timeline::Now;
use crate::watch::{Followed, Pace, Watch};

/// After how many samples a recent file is written again: so few that live and recent file always overlap.
const RECENT_EVERY: usize = 10;

/// How many samples a live file holds.
const LIVE_SAMPLES: usize = Scale::LIVE_SAMPLES as usize;

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
        let head = watch.head();
        for (number, (members, group)) in (0..).zip(groups.iter().zip(&mut self.0)) {
            // Said once: files that nobody reads any more are not to be written for ever.
            let is_empty = members.is_empty();
            if std::mem::replace(&mut group.is_closed, is_empty) && is_empty {
                continue;
            }
            let told = Told::now(watch, members, occasion.scale);
            let has_news = group.told.replace(told) != Some(told);
            if goes_on && !has_news && !super::has_come(group.due, written, watch.interval()) {
                continue;
            }
            group.due = due;
            let names = Names::of(occasion.stem, number, occasion.scale);
            let is_recent_due = (has_news || !goes_on) && group.is_recent_due(watch, occasion, usize::from(number));
            let is_short = occasion.scale.memory() == Memory::Short;
            let begin = |draft: &mut Draft| {
                draft.begin(Some(written), due);
                draft.target(&head);
            };
            let Desk { draft, live, recent, interface } = desk;
            let mut before = match &names.live {
                Some(name) if is_short && group.live.is_there() => {
                    group.live.earlier(name, members.len(), outlet, live)
                }
                _ => Earlier::none(),
            };
            let mut live = None;
            if let Some(name) = &names.live {
                let links = Links { live: None, recent: Some(&names.recent) };
                live = outlet.replace_by(name, |file| {
                    begin(draft);
                    Written::write(draft, file, members.len(), |draft, number| {
                        members[number].interface().unpack_into(interface);
                        let columns = before.of(number, &interface.name);
                        add(draft, columns, interface, links, members[number].history(), LIVE_SAMPLES)
                    })
                });
            }
            if is_recent_due {
                let mut earlier = if is_short && (group.recent.is_there() || watch.is_resumed()) {
                    group.recent.earlier(&names.recent, members.len(), outlet, recent)
                } else {
                    Earlier::none()
                };
                let most = if is_short { watch.samples_to_keep() } else { usize::MAX };
                let recent = outlet.replace_by(&names.recent, |file| {
                    begin(draft);
                    Written::write(draft, file, members.len(), |draft, number| {
                        members[number].interface().unpack_into(interface);
                        let history = members[number].history();
                        let live = before.of(number, &interface.name);
                        let joined = live.and_then(|live| live.followed_by(history, LIVE_SAMPLES));
                        let columns = earlier.of(number, &interface.name);
                        add(draft, columns, interface, names.of_recent(), joined.as_ref().unwrap_or(history), most)
                    })
                });
                if let Some(recent) = recent {
                    group.recent = recent;
                }
            }
            if let Some(live) = live {
                group.live = live;
            }
        }
    }
}

impl Told {
    /// What there is to tell of a group.
    fn now(watch: &Watch, members: &[&Followed], scale: Scale) -> Self {
        Self {
            revision: watch.revision(),
            run: watch.timeline().run(),
            samples: members.iter().map(|member| member.history().next_sequence()).sum(),
            has_live: !scale.has_one_file(),
        }
    }
}

/// Adds an interface to a file, gone on from these samples where there are any; tells where its samples are then.
fn add(
    draft: &mut Draft,
    earlier: Option<Columns<'_>>,
    interface: &Interface,
    links: Links<'_>,
    history: &History,
    most: usize,
) -> Option<usize> {
    if earlier.is_none() && history.is_empty() {
        draft.interface(interface, links, history, most);
        return None;
    }
    Some(draft.interface_after(earlier, interface, links, history, most))
}

impl Group {
    /// Whether the recent file is to be written at this sample; counts them.
    fn is_recent_due(&mut self, watch: &Watch, occasion: Occasion<'_>, number: usize) -> bool {
        let group = u16::try_from(number).unwrap_or_default();
        if std::mem::replace(&mut self.membership, watch.membership(group)) != watch.membership(group) {
            // What the recent file holds is not what the index says.
            self.live.forget_places();
            self.recent.forget_places();
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
