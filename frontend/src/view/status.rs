//! Whether the page is live, in a word and a sentence.

use stats::Monotonic;

use std::time::Duration;

use crate::list::List;
use crate::model::failure::Failure;
use crate::model::freshness::{Copies, Freshness};
use crate::model::{Model, Target};

use super::{LocalTime, words};

/// Whether the page is live, and what is the matter where it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What it looks like.
    pub state: State,
    /// In a word or two.
    pub word: String,
    /// What is the matter.
    pub sentence: Option<String>,
}

/// The kinds of status: what they look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    Loading,
    /// All is well.
    Live,
    /// It should be live, and is behind.
    Late,
    /// It may be live, but what comes are old copies.
    Cached,
    /// There is no file yet.
    NoData,
    /// There is something that cannot be read.
    Unreadable,
    /// It is over.
    Stopped,
    /// The file does not say when the next one comes.
    Still,
    /// The collector is well, but a device is not.
    Problem,
    /// It is a file of the viewer's.
    Replay,
}

impl State {
    /// A word for style sheets and tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Live => "live",
            Self::Late => "late",
            Self::Cached => "cached",
            Self::NoData => "no-data",
            Self::Unreadable => "unreadable",
            Self::Stopped => "stopped",
            Self::Still => "still",
            Self::Problem => "problem",
            Self::Replay => "replay",
        }
    }
}

pub(super) fn status(model: &Model, now: Monotonic, local: LocalTime) -> Status {
    if let Some(name) = &model.replay {
        let at = model.targets.iter().filter_map(Target::newest).max().map(local).unwrap_or_default();
        let sentence = format!("what is shown is the file {}, up to {at}: nothing here is live", stats::clean(name));
        return Status { state: State::Replay, word: "replay".to_owned(), sentence: Some(sentence) };
    }
    let url = stats::clean(model.address.stats_url());
    let (state, word, sentence) = match model.freshness(now) {
        Freshness::Loading => (State::Loading, "loading".to_owned(), None),
        Freshness::Live => return live(model, local),
        Freshness::Late(age, due) => {
            let age = words::duration(age);
            let due = local(due);
            let sentence =
                format!("the newest data are {age} old: the collector’s file that was due at {due} has not come");
            (State::Late, format!("late {age}"), Some(sentence))
        }
        Freshness::Cached(copies) => {
            (State::Cached, format!("cached {}", words::duration(copies.age)), Some(copies_in_words(&copies, local)))
        }
        Freshness::NoData(failure) => (State::NoData, "no data yet".to_owned(), Some(failure.sentence(&url))),
        Freshness::Unreadable(failure, age) => {
            let word = match &failure {
                Failure::Status(_) | Failure::NoAnswer | Failure::TimedOut => "no contact",
                Failure::BadUrl => "no URL",
                Failure::TooLarge | Failure::Unreadable(_) => "unreadable",
            };
            let shown = age.map(|age| format!("; what is shown is {} old", words::duration(age)));
            let sentence = failure.sentence(&url) + shown.as_deref().unwrap_or_default();
            (State::Unreadable, word.to_owned(), Some(sentence))
        }
        Freshness::Stopped(at) => {
            (State::Stopped, "stopped".to_owned(), Some(format!("collector stopped at {}", local(at))))
        }
        Freshness::Unannounced(newest) => (State::Still, format!("as of {}", local(newest)), None),
    };
    Status { state, word, sentence }
}

/// The collector is live; its targets may not be.
fn live(model: &Model, local: LocalTime) -> Status {
    let shown = model.opened().map_or(&model.targets[..], |place| std::slice::from_ref(model.at(place).0));
    let live = |sentence| Status { state: State::Live, word: "live".to_owned(), sentence };
    if shown.iter().all(|target| target.interfaces.is_empty()) && shown.iter().all(|target| target.problem.is_none()) {
        return live(Some("the stats file lists no interface".to_owned()));
    }
    let has_trouble = |target: &Target| trouble(target, local).is_some();
    match shown {
        // Where all are silent, this is what the page is about. Where only some are, it is said beside those.
        [_, ..] if shown.iter().all(has_trouble) => {
            let sentence = match shown {
                [target] => trouble(target, local)
                    .map(|trouble| format!("{}: {trouble}; the collector is well", stats::clean(&target.name))),
                _ => Some("no device is well, but the collector is".to_owned()),
            };
            Status { state: State::Problem, word: "device trouble".to_owned(), sentence }
        }
        _ => live(None),
    }
}

/// What is wrong with a target, and since when.
pub(super) fn trouble(target: &Target, local: LocalTime) -> Option<String> {
    let silence = target.silence();
    let trouble = match &target.problem {
        Some(problem) => stats::clean(problem),
        None => format!("no new samples for {}", words::duration(silence?)),
    };
    // There may be samples nevertheless, and some other problem; or none that was no gap, for as long as they are kept.
    let answered = target.answered().filter(|answered| silence.is_some() || target.newest() > Some(*answered));
    let answered = answered.or(target.last_answered.filter(|_| target.answered().is_none()));
    Some(answered.map_or(trouble.clone(), |answered| format!("{trouble}, since {}", local(answered))))
}

/// Names all that tell the age of a copy, and which of them disagree.
fn copies_in_words(copies: &Copies, local: LocalTime) -> String {
    /// Clocks of computers that are looked after, and the seconds that HTTP counts in, differ by less.
    const APART: Duration = Duration::from_secs(5);

    let testimony = copies.testimony;
    let clocks = [
        ("the file’s time", copies.written),
        ("HTTP’s Date", testimony.sent),
        ("this browser’s clock", Some(testimony.received)),
    ];
    let clocks: Vec<_> = clocks.into_iter().filter_map(|(name, time)| Some((name, time?))).list();
    let says = clocks.iter().map(|(name, time)| format!("{name} {}", local(*time)));
    let says: Vec<String> = says.chain([format!("Age {} s", testimony.kept.as_secs())]).list();
    let mut words = vec![format!("old copies of the file come from something in between: {}", says.join(", "))];
    for pair in clocks.windows(2) {
        let [(one, earlier), (other, later)] = [pair[0], pair[1]];
        let apart = later.since(earlier).max(earlier.since(later));
        if apart > APART {
            words.push(format!("{one} and {other} disagree by {}", words::duration(apart)));
        }
    }
    words.join("; ")
}
