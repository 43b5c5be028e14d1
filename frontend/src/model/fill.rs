//! Which file to fetch so that graphs have no holes that some file can fill.

use std::time::Duration;

use stats::Monotonic;

use super::target::{Interface, Kind, Target};

/// Which files were fetched to fill holes, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Fill {
    attempts: Vec<Attempts>,
}

#[derive(Clone, Debug)]
struct Attempts {
    path: String,
    last: Monotonic,
    in_vain: u32,
}

impl Fill {
    /// More files than that are those of an index that names others each time.
    const REMEMBERED: usize = 1_000;

    /// The next file to fetch for these interfaces, but those that are being fetched: recent ones for those that have just
    /// been opened, live ones where they are enough, recent ones where they weren't. Live files that are polled bring what
    /// they have in any case.
    #[must_use]
    pub(super) fn next<'a>(
        &self,
        interfaces: impl Iterator<Item = (&'a Target, &'a Interface)>,
        asked: &[&str],
        polled: &[&str],
        now: Monotonic,
    ) -> Option<(String, Kind)> {
        for (target, interface) in interfaces {
            // Recent files are written anew every few samples, and more often nothing new can be in them.
            let pause = target.interval() * 5;
            let may = |path: &&String| self.may(path, pause, now);
            let is_asked = |path: &Option<String>| path.as_deref().is_some_and(|path| asked.contains(&path));
            if is_asked(&interface.recent) {
                // That may be all that it takes.
                continue;
            }
            let recent = interface.recent.as_ref().filter(may);
            if let Some(path) = recent.filter(|_| !interface.is_opened) {
                return Some((path.clone(), Kind::Recent));
            }
            if is_asked(&interface.live) {
                continue;
            }
            if interface.track.hole().is_some() {
                let live = interface.live.as_ref().filter(may).filter(|path| !polled.contains(&path.as_str()));
                let live = live.map(|path| (path.clone(), Kind::Patch));
                let file = live.or_else(|| recent.map(|path| (path.clone(), Kind::Recent)));
                if file.is_some() {
                    return file;
                }
            }
        }
        None
    }

    /// A file came.
    pub(super) fn came(&mut self, path: &str, now: Monotonic) {
        self.tried(path, |_| 0, now);
    }

    /// A file did not come, or could not be read.
    pub(super) fn failed(&mut self, path: &str, now: Monotonic) {
        self.tried(path, |in_vain| in_vain + 1, now);
    }

    fn tried(&mut self, path: &str, in_vain: impl Fn(u32) -> u32, now: Monotonic) {
        let before = self.attempts.iter().position(|attempts| attempts.path == path);
        let before = before.map(|at| self.attempts.remove(at).in_vain);
        if self.attempts.len() >= Self::REMEMBERED {
            self.attempts.remove(0);
        }
        let in_vain = in_vain(before.unwrap_or(0));
        self.attempts.push(Attempts { path: path.to_owned(), last: now, in_vain });
    }

    fn may(&self, path: &str, pause: Duration, now: Monotonic) -> bool {
        let Some(attempts) = self.attempts.iter().find(|attempts| attempts.path == path) else { return true };
        let pause = pause.max(Duration::from_secs(2)) * (1 << attempts.in_vain.min(6));
        now.since(attempts.last) >= pause
    }
}
