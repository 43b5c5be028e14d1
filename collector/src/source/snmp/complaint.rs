//! What an agent says is wrong with a question.

use snmp::snmp::ERRSTATUS_GENERR;

use super::channel::Reply;

/// What an agent says is wrong with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// `error-status` of RFC 3416.
    pub(super) status: u32,
    /// `error-index`: which of the names it is about, from 1.
    index: u32,
}

impl Complaint {
    /// None at all, where one answer could have been expected.
    pub(super) const SILENCE: Self = Self { status: ERRSTATUS_GENERR, index: 0 };

    /// `None` where the reply is without an error.
    pub(super) fn of(reply: &Reply<'_>) -> Option<Self> {
        (reply.status != 0).then_some(Self { status: reply.status, index: reply.index })
    }

    /// Which of so many names it is about, from 0, where the agent says so.
    pub(super) fn about(self, names: usize) -> Option<usize> {
        usize::try_from(self.index).ok()?.checked_sub(1).filter(|at| *at < names)
    }

    /// In a sentence, about one of these names where the agent says so.
    pub(super) fn explain<T: std::fmt::Display>(self, names: &[T]) -> String {
        let about = self.about(names.len()).map_or_else(String::new, |at| format!(" for {}", names[at]));
        format!("answers with error {}{about}", status_name(self.status))
    }
}

/// `error-status` of RFC 3416, in words.
fn status_name(status: u32) -> String {
    const NAMES: [&str; 19] = [
        "noError",
        "tooBig",
        "noSuchName",
        "badValue",
        "readOnly",
        "genErr",
        "noAccess",
        "wrongType",
        "wrongLength",
        "wrongEncoding",
        "wrongValue",
        "noCreation",
        "inconsistentValue",
        "resourceUnavailable",
        "commitFailed",
        "undoFailed",
        "authorizationError",
        "notWritable",
        "inconsistentName",
    ];
    let name = usize::try_from(status).ok().and_then(|status| NAMES.get(status));
    name.map_or_else(|| status.to_string(), |name| (*name).to_owned())
}
