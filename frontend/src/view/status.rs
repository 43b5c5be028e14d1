//! Whether the page is live, in a word and a sentence.

use stats::Monotonic;

use crate::model::Model;
use crate::model::failure::Failure;
use crate::model::freshness::Freshness;

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
}

impl State {
    /// A word for style sheets and tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Live => "live",
            Self::Late => "late",
            Self::NoData => "no-data",
            Self::Unreadable => "unreadable",
            Self::Stopped => "stopped",
            Self::Still => "still",
            Self::Problem => "problem",
        }
    }
}

pub(super) fn status(model: &Model, now: Monotonic, local: LocalTime) -> Status {
    let url = stats::clean(model.address.stats_url());
    let (state, word, sentence) = match model.freshness(now) {
        Freshness::Loading => (State::Loading, "loading".to_owned(), None),
        Freshness::Live => return live(model),
        Freshness::Late(age) => {
            let age = words::duration(age);
            let sentence = format!("the newest data are {age} old: the collector's next file is overdue");
            (State::Late, format!("late {age}"), Some(sentence))
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
fn live(model: &Model) -> Status {
    let shown = model.opened().map_or(&model.targets[..], |place| std::slice::from_ref(model.at(place).0));
    let live = |sentence| Status { state: State::Live, word: "live".to_owned(), sentence };
    if shown.iter().all(|target| target.interfaces.is_empty()) && shown.iter().all(|target| target.problem.is_none()) {
        return live(Some("the stats file lists no interface".to_owned()));
    }
    let has_trouble = |target: &crate::model::Target| trouble(target).is_some();
    match shown {
        // Where all are silent, this is what the page is about. Where only some are, it is said beside those.
        [_, ..] if shown.iter().all(has_trouble) => {
            let sentence = match shown {
                [target] => trouble(target).map(|trouble| format!("{}: {trouble}", stats::clean(&target.name))),
                _ => Some("no device is well".to_owned()),
            };
            Status { state: State::Problem, word: "device trouble".to_owned(), sentence }
        }
        _ => live(None),
    }
}

/// What is wrong with a target.
pub(super) fn trouble(target: &crate::model::Target) -> Option<String> {
    let silence = || target.silence().map(|silence| format!("no new samples for {}", words::duration(silence)));
    target.problem.as_deref().map(stats::clean).or_else(silence)
}
