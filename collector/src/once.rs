//! `once`: reads every target one time, publishes, and keeps what the next call needs.

use std::thread;
use std::time::Duration;

use anyhow::bail;

use crate::args::OnceArguments;
use crate::config::{Config, TargetConfig};
use crate::earlier::Earlier;
use crate::publish::{GroupFiles, Outlook, Site};
use crate::round::{self, Rounds};
use crate::state::{State, StateFile, TargetState, boot};
use crate::timeline::{Now, Timeline};

/// Takes one reading of every target.
pub(crate) fn once(arguments: OnceArguments) -> anyhow::Result<()> {
    let mut config = Config::new(arguments.collect)?;
    let state_file = StateFile::open(arguments.state, &config.out)?;
    let start = Now::read();
    let earlier = state_file.load().filter(|state| state.boot == boot());
    let since = earlier.as_ref().map(|state| start.monotonic.since(state.saved.monotonic));
    for target in &mut config.targets {
        // The next call comes after as long as this one came after the last, if nobody says otherwise.
        target.chosen_interval = target.chosen_interval.or(since.map(to_seconds)).or(Some(Duration::from_mins(1)));
    }

    let timeline_of = |target: &TargetConfig| {
        let state = earlier.as_ref().and_then(|state| state.targets.get(&target.name));
        state.map_or_else(|| Timeline::beginning(start), |state| state.timeline)
    };
    let mut all_rounds: Vec<Rounds> =
        config.targets.iter().map(|target| Rounds::new(target, timeline_of(target))).collect();
    let site = round::site(&config, &all_rounds)?;
    let _claim = round::claim(&config)?;
    resume(&site, &all_rounds, &config, earlier, start);
    thread::scope(|scope| {
        for rounds in &mut all_rounds {
            scope.spawn(|| rounds.go_round());
        }
    });

    let now = Now::read();
    // Counted first, so that it is known from the first target on how all are to be published.
    for number in 0..all_rounds.len() {
        site.count(number);
    }
    for number in 0..all_rounds.len() {
        site.publish_once(number, &mut GroupFiles::default(), now);
    }
    if let Some(rounds) = all_rounds.first() {
        let written = rounds.watch.lock().label(now);
        site.finish(written, Outlook::GoesOn);
    }
    let targets = all_rounds.iter().enumerate().map(|(number, rounds)| {
        let counted = site.counted(number);
        let watch = rounds.watch.lock();
        let stats = watch.stats(0..watch.interface_count(), usize::MAX);
        let (timeline, groups, readings) = (watch.timeline(), watch.groups(), watch.readings());
        (watch.name().to_owned(), TargetState { timeline, stats, groups, readings, counted })
    });
    state_file.save(&State { boot: boot(), saved: now, targets: targets.collect() })?;

    let problems = all_rounds.iter().filter(|rounds| rounds.watch.lock().problem().is_some()).count();
    if problems == all_rounds.len() {
        bail!("no target could be read");
    }
    if site.has_trouble() {
        bail!("not everything could be written to {}", config.out.display());
    }
    Ok(())
}

/// Every target as the call before left it.
fn resume(site: &Site, all_rounds: &[Rounds], config: &Config, state: Option<State>, start: Now) {
    let earlier = Earlier::in_directory(&config.out);
    let wanted = site.expect(&earlier);
    let mut targets = state.map(|state| state.targets).unwrap_or_default();
    for (number, (rounds, target)) in all_rounds.iter().zip(&config.targets).enumerate() {
        match targets.remove(&target.name) {
            Some(TargetState { stats, groups, readings, counted, .. }) => {
                site.resume_counting(number, counted);
                rounds.watch.lock().resume(&stats, |place| groups.get(place).copied(), readings, start);
            }
            None => round::resume(&rounds.watch, &earlier, wanted, start),
        }
    }
}

/// To the second, and one at least: timers are set to whole ones.
fn to_seconds(duration: Duration) -> Duration {
    Duration::from_secs((duration + Duration::from_millis(500)).as_secs().max(1))
}
