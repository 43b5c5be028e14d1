//! What a process has used up to now, as the kernel counts it in `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// What a process has used since it began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    /// The time that its threads ran, in the kernel and out of it.
    pub(super) cpu: Duration,
    /// How often one of its threads went to sleep by itself, and was woken.
    pub(super) wake_ups: u64,
    /// The most memory that it had at any time, in KB.
    pub(super) peak_kb: u64,
    /// The memory that it has, in KB.
    pub(super) resident_kb: u64,
}

impl Usage {
    /// Of a process that still runs. Threads that have ended are not in it.
    pub(super) fn of(process: u32) -> Result<Self> {
        let directory = format!("/proc/{process}");
        let read = |path: String| fs::read_to_string(&path).with_context(|| format!("cannot read {path}"));
        let status = read(format!("{directory}/status"))?;
        let mut usage = Self {
            peak_kb: number_after(&status, "VmHWM:"),
            resident_kb: number_after(&status, "VmRSS:"),
            ..Self::default()
        };
        for task in fs::read_dir(format!("{directory}/task"))? {
            let task = task?.path();
            let both = ["schedstat", "status"].map(|name| read(format!("{}/{name}", task.display())));
            let [times, status] = match both {
                [Ok(times), Ok(status)] => [times, status],
                // It ended after it was listed.
                _ if !task.exists() => continue,
                [Err(error), _] | [_, Err(error)] => return Err(error),
            };
            // The first number is the time on a processor in nanoseconds.
            let nanoseconds = times.split(' ').next().and_then(|word| word.parse().ok());
            usage.cpu += Duration::from_nanos(nanoseconds.context("the kernel does not count in schedstat")?);
            usage.wake_ups += number_after(&status, "\nvoluntary_ctxt_switches:");
        }
        Ok(usage)
    }

    /// Of a process and all that come of it, as a browser's do. What ended before is not in it.
    #[cfg(feature = "browser-tests")]
    pub(super) fn of_tree(process: u32) -> Result<Self> {
        let mut usage = Self::of(process)?;
        let parents: Vec<(u32, u32)> = fs::read_dir("/proc")?.filter_map(|entry| parent(&entry.ok()?.path())).collect();
        let mut family = vec![process];
        let mut at = 0;
        while let Some(&parent) = family.get(at) {
            family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
            at += 1;
        }
        // One that has ended meanwhile is not missed.
        for one in family.into_iter().skip(1).filter_map(|process| Self::of(process).ok()) {
            usage.cpu += one.cpu;
            usage.wake_ups += one.wake_ups;
            usage.peak_kb += one.peak_kb;
            usage.resident_kb += one.resident_kb;
        }
        Ok(usage)
    }

    /// What was used since `earlier`.
    pub(super) fn since(self, earlier: Self) -> Self {
        let wake_ups = self.wake_ups.saturating_sub(earlier.wake_ups);
        Self { cpu: self.cpu.saturating_sub(earlier.cpu), wake_ups, ..self }
    }
}

/// A process and its parent, from its folder in `/proc`.
#[cfg(feature = "browser-tests")]
fn parent(folder: &std::path::Path) -> Option<(u32, u32)> {
    let process = folder.file_name()?.to_str()?.parse().ok()?;
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    // Its name is in brackets, and may be anything.
    let (_, rest) = stat.rsplit_once(')')?;
    Some((process, rest.split_whitespace().nth(1)?.parse().ok()?))
}

fn number_after(text: &str, label: &str) -> u64 {
    let rest = text.split_once(label).map_or("", |(_, rest)| rest);
    rest.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.cpu > Duration::ZERO && usage.resident_kb > 0 && usage.peak_kb >= usage.resident_kb);
    }

    #[test]
    fn voluntary_and_involuntary_switches_are_told_apart() {
        let status = "x\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t9\n";
        assert_eq!(number_after(status, "\nvoluntary_ctxt_switches:"), 7);
    }
}
