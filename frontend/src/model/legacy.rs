//! The file of this project's predecessor, `live_interface_stats_IFNAME.txt`, as a stats file: seconds between two readings,
//! then what counts as full and what passed, of octets in and out and packets in and out. Such a file says neither when it
//! was written nor which reading it is of; the server tells the one, and whether it changed tells the other. Pure.

mod line;

use std::time::Duration;

use stats::{StatsFile, Timestamp};

use self::line::Line;
use super::testimony::Testimony;

/// The last such file, and what was made of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Legacy(Option<Last>);

#[derive(Clone, Debug)]
struct Last {
    text: Vec<u8>,
    modified: Option<Timestamp>,
    tag: Option<u64>,
    sequence: u64,
    end: Timestamp,
    /// By how much later than the server says all is taken to be, whose clock was set back.
    shift: Duration,
    line: Line,
}

impl Legacy {
    /// What a file from `url` says; `None` where it is none of the predecessor's. One that is the same as before is no new
    /// sample: the server's time and tag tell. Where it gives neither, only what is in the file does: then a new one may be
    /// missed that says the same, but none is invented.
    pub(super) fn read(&mut self, text: &[u8], url: &str, testimony: &Testimony) -> Option<StatsFile> {
        let Some(line) = Line::parse(text) else {
            // The predecessor writes into the file that is read: for a moment there is nothing in it, or a part.
            let last = self.0.as_ref().filter(|_| Line::is_begun(text));
            return last.map(|last| last.file(url));
        };
        let Testimony { modified, tag, .. } = *testimony;
        let is_same = |last: &&Last| last.modified == modified && last.tag == tag && last.text == text;
        if let Some(last) = self.0.as_ref().filter(is_same) {
            return Some(last.file(url));
        }
        let at = modified.or(testimony.sent).unwrap_or(testimony.received);
        let (sequence, end, shift) = match &self.0 {
            Some(last) => last.next(at, line.seconds),
            // A sample does not begin before there is time.
            None => (0, at.max(Timestamp::default().after(line.seconds)), Duration::ZERO),
        };
        let last = Last { text: text.to_owned(), modified, tag, sequence, end, shift, line };
        Some(self.0.insert(last).file(url))
    }
}

impl Last {
    fn file(&self, url: &str) -> StatsFile {
        self.line.file(url, self.sequence, self.end)
    }

    /// The number of the sample that came to be known at `at`, when it ended, and by how much that is shifted. Times of
    /// servers are whole seconds, and scripts take a little longer than they sleep: what fits is taken to follow, and to be
    /// evenly spaced.
    fn next(&self, at: Timestamp, seconds: Duration) -> (u64, Timestamp, Duration) {
        let expected = self.end.after(seconds);
        let tolerance = (seconds / 2).max(Duration::from_secs(1) + seconds / 4);
        let shifted = at.after(self.shift);
        let (late, early) = (shifted.since(expected), expected.since(shifted));
        if late <= tolerance && early <= tolerance {
            (self.sequence + 1, expected.after(late / 8).before(early / 8), self.shift)
        } else if shifted.after(tolerance) < self.end {
            (self.sequence + 2, expected, expected.since(at))
        } else {
            // Some are missing in between, or the clock was set ahead.
            (self.sequence + 2, shifted.max(expected), self.shift)
        }
    }
}

#[cfg(test)]
mod tests;
