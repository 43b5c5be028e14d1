//! A target that is asked all that `check` tells of it. Prints nothing.

use std::thread;
use std::time::Duration;

use super::{counted, some};
use crate::clock;
use crate::config::TargetConfig;
use crate::source::{ReadError, Snapshot, Source};
use crate::timeline::{Now, Timeline};
use crate::watch::Watch;

/// How long it is waited for an agent to show how often it refreshes its counters.
pub(super) const LOOK: Duration = Duration::from_secs(15);

/// A target that was asked.
pub(super) struct Asked {
    pub(super) sentences: Vec<String>,
    pub(super) problems: usize,
    /// What would be published of it.
    pub(super) watch: Watch,
}

impl Asked {
    pub(super) fn about(target: &TargetConfig) -> Self {
        let start = Now::read();
        // Only to learn from: there is no time for what is read each minute.
        let interval = target.interval().min(Duration::from_secs(1));
        let name = target.name.clone();
        let watch = Watch::new(name, target.source_words().to_owned(), interval, Timeline::beginning(start));
        let mut asked = Self { sentences: Vec::new(), problems: 0, watch };
        let mut source = target.source();
        let outcome = source.read();
        match &outcome {
            Ok(snapshot) => {
                let took = clock::monotonic().since(start.monotonic);
                asked.tell(target, snapshot, took);
                asked.watch.take(outcome, Now::read());
                asked.tell_versions(target);
                asked.time(target, source.as_mut());
                asked.learn(source.as_mut(), interval);
            }
            Err(error) => {
                let sentence = format!("{} ({}): {error}", target.name, target.source_words());
                // Some end as a question.
                asked.blame(if sentence.ends_with('?') { sentence } else { sentence + "." });
                if matches!(error, ReadError::NoAnswer { .. }) {
                    asked.tell_versions(target);
                }
            }
        }
        asked
    }

    fn say(&mut self, sentence: String) {
        self.sentences.push(sentence);
    }

    fn blame(&mut self, sentence: String) {
        self.say(sentence);
        self.problems += 1;
    }

    fn tell(&mut self, target: &TargetConfig, snapshot: &Snapshot, took: Duration) {
        let (name, words) = (&target.name, target.source_words());
        let calls = snapshot.sys_name.as_deref().map(|own| format!(" and calls itself {own}")).unwrap_or_default();
        self.say(format!("{name} ({words}) answers{calls}. To list its interfaces took {}.", millis(took)));
        for missing in &*snapshot.missing {
            self.blame(format!("{name}: {missing}."));
        }
        let names: Vec<&str> = snapshot.interfaces.iter().map(|(interface, _)| interface.name()).collect();
        match names.as_slice() {
            [] if target.has_short_counters_only() => {
                self.blame(format!(
                    "{name}: no interface has counters of 32 bits, and SNMP v1 knows no others: try --snmp-version 2c."
                ));
            }
            [] => self.blame(format!("{name}: none of its interfaces is to be read: see them with `list`.")),
            names => self.say(format!("{} of it will be read: {}.", counted(names.len(), "interface"), some(names))),
        }
    }

    /// What else it could be read by, which is what most likely is wrong where it does not answer.
    fn tell_versions(&mut self, target: &TargetConfig) {
        let Some(others) = target.other_versions() else { return };
        let others = others.join(" and ");
        self.say(match (others.as_str(), self.watch.has_been_read()) {
            ("", true) => "It answers to no other version of SNMP.".to_owned(),
            ("", false) => "It answers to no version of SNMP.".to_owned(),
            (others, true) => format!("It answers to {others} too."),
            (others, false) => {
                format!("It does answer to {others}: choose that version, or look at its list of communities.")
            }
        });
    }

    /// What a reading takes from the second on.
    fn time(&mut self, target: &TargetConfig, source: &mut dyn Source) {
        let interval = target.interval();
        let shown = humantime::format_duration(interval);
        // What some commands count is there once an interval.
        let begun = clock::monotonic();
        let outcome = source.read();
        let took = clock::monotonic().since(begun);
        if let Err(error) = &outcome {
            self.blame(format!("{}: the second reading failed: {error}", target.name));
        } else if took >= interval {
            self.blame(format!("A reading takes {}: too long to be taken every {shown}.", millis(took)));
        } else {
            self.say(format!("A reading takes {} and will be taken every {shown}.", millis(took)));
        }
        self.watch.take(outcome, Now::read());
    }

    /// Goes on reading until it is known how often the counters refresh, or it would take too long.
    fn learn(&mut self, source: &mut dyn Source, interval: Duration) {
        if !source.may_be_cached() {
            return self.say("Its counters are taken to be live.".to_owned());
        }
        self.watch.calibrate();
        let mut point = clock::monotonic();
        let until = point.after(LOOK);
        while clock::monotonic() < until {
            let reading = self.watch.time_to_read(point);
            let glance = self.watch.next_glance().filter(|(at, _)| *at < reading);
            let (at, interfaces) = glance.map_or((reading, None), |(at, interfaces)| (at, Some(interfaces.to_vec())));
            thread::sleep(at.min(until).since(clock::monotonic()));
            if let Some(interfaces) = interfaces {
                let glance = source.glance(&interfaces);
                self.watch.glanced(glance, Now::read());
            } else {
                let outcome = source.read();
                self.watch.take(outcome, Now::read());
                point = point.after(interval);
            }
            if let Some(learned) = self.watch.learned() {
                return self.say(format!("Its {learned}."));
            }
        }
        self.say(format!(
            "How often its counters refresh is not known after {} s: little passes, or it is a long time. `run` goes on \
             learning.",
            LOOK.as_secs()
        ));
    }
}

fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}
