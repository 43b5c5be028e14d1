//! What a target of a config file is, and what it counts.

use std::ops::Range;

use stats::{Counts, clean};
use toml::Spanned;

use super::{ConfigError, Document};
use crate::config_file::TargetEntry;
use crate::source::command::{CommandLine, Life};
use crate::target::{Target, is_interface};

impl Document {
    /// What is read: what the address says, or a command.
    pub(super) fn what(&self, entry: &TargetEntry) -> Result<Target, ConfigError> {
        let both = |at, names: [&str; 2]| {
            self.wrong_at(at, format!("both `{}` and `{}`: leave one of them out", names[0], names[1]))
        };
        let words = match (&entry.address, &entry.command, &entry.shell) {
            (Some(_), Some(command), _) => return Err(both(command.span(), ["address", "command"])),
            (Some(_), None, Some(shell)) => return Err(both(shell.span(), ["address", "shell"])),
            (None, Some(_), Some(shell)) => return Err(both(shell.span(), ["command", "shell"])),
            (Some(address), None, None) => {
                if let Some(keep_running) = &entry.keep_running {
                    let what = "keep-running: that belongs to a command: leave it out".to_owned();
                    return Err(self.wrong(keep_running, what));
                }
                let address_in_words = address.get_ref();
                if is_interface(address_in_words) {
                    let what = format!(
                        "address: `{address_in_words}` is no target: an interface of this machine is chosen with `address = \
                         \"local\"` and `interfaces = [\"{address_in_words}\"]`"
                    );
                    return Err(self.wrong(address, what));
                }
                let parsed: Result<Target, _> = address_in_words.parse();
                return parsed.map_err(|error| self.wrong(address, format!("address: {error}")));
            }
            (None, Some(command), None) => match command.get_ref().first() {
                Some(program) if !program.is_empty() => command.get_ref().clone(),
                _ => {
                    let what =
                        "command: it is empty: write the program and its arguments, [\"cat\", \"/proc/net/dev\"]";
                    return Err(self.wrong(command, what.to_owned()));
                }
            },
            (None, None, shell) => {
                let script = shell.as_ref().map(|shell| shell.get_ref().clone()).unwrap_or_default();
                vec!["/bin/sh".to_owned(), "-c".to_owned(), script]
            }
        };
        let keeps_running = entry.keep_running.as_ref().is_some_and(|keep_running| *keep_running.get_ref());
        Ok(Target::Command(CommandLine { words, life: if keeps_running { Life::Kept } else { Life::Reading } }))
    }

    /// What the target's counters count, where somebody said.
    pub(super) fn counts(&self, entry: &TargetEntry) -> Result<Option<Box<Counts>>, ConfigError> {
        /// Of a word that stands beside each figure, in octets: the page shows no more.
        const MOST: usize = 30;
        const LABELS: &str = "labels: write two short words, for what comes in and goes out: [\"read\", \"written\"]";

        let is_word = |word: &str| (1..=MOST).contains(&word.len());
        let mut counts = Counts::default();
        if let Some(unit) = &entry.unit {
            let word = clean(unit.get_ref());
            if entry.command.is_none() && entry.shell.is_none() {
                return Err(
                    self.wrong(unit, "unit: interfaces count octets: leave it out, or read a command".to_owned())
                );
            }
            if !is_word(&word) {
                return Err(self.wrong(unit, "unit: write a short word for what is counted: \"requests\"".to_owned()));
            }
            counts.unit = Some(word);
        }
        if let Some(labels) = &entry.labels {
            let words: Vec<String> = labels.get_ref().iter().map(|label| clean(label)).collect();
            let [inbound, outbound] = words.as_slice() else { return Err(self.wrong(labels, LABELS.to_owned())) };
            if !is_word(inbound) || !is_word(outbound) {
                return Err(self.wrong(labels, LABELS.to_owned()));
            }
            (counts.inbound, counts.outbound) = (Some(inbound.clone()), Some(outbound.clone()));
        }
        Ok((counts != Counts::default()).then(|| Box::new(counts)))
    }
}

/// Where a target says what is read.
pub(super) fn place(entry: &TargetEntry) -> Range<usize> {
    let command = entry.command.as_ref().map(Spanned::span);
    let shell = entry.shell.as_ref().map(Spanned::span);
    entry.address.as_ref().map(Spanned::span).or(command).or(shell).unwrap_or_default()
}
