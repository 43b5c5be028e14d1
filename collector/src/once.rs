//! `once`: reads every target one time, publishes, and keeps what the next call needs.

use std::thread;
use std::time::Duration;

use anyhow::bail;

use crate::args::OnceArguments;
use crate::config::{Config, TargetConfig};
use crate::publish::Outlook;
use crate::round::{self, Rounds};
use crate::state::{State, StateFile, TargetState, boot};
use crate::timeline::{Now, Timeline};

/// Takes one reading of every target.
pub(crate) fn once(arguments: OnceArguments) -> anyhow::Result<()> {
    let mut config = Config::new(arguments.collect)?;
    let state_file = StateFile::open(arguments.state, &config.out)?;
    let start = Now::read();
    let mut earlier = state_file.load().filter(|state| state.boot == boot());
    let since = earlier.as_ref().map(|state| start.monotonic.since(state.saved.monotonic));
    for target in &mut config.targets {
        // The next call comes after as long as this one came after the last, if nobody says otherwise.
        target.chosen_interval = target.chosen_interval.or(since.map(to_seconds)).or(Some(Duration::from_mins(1)));
    }

    let mut publisher = round::publisher(&config)?;
    let all_rounds = config.targets.iter().map(|target| begin(&config, target, earlier.as_mut(), start));
    let mut all_rounds: Vec<Rounds> = all_rounds.collect();
    thread::scope(|scope| {
        for rounds in &mut all_rounds {
            scope.spawn(|| rounds.go_round());
        }
    });

    let now = Now::read();
    // Counted first, so that it is known from the first target on whether all fit into one file.
    all_rounds.iter().enumerate().for_each(|(number, rounds)| publisher.count(number, &rounds.watch));
    for (number, rounds) in all_rounds.iter().enumerate() {
        publisher.publish_once(number, &rounds.watch, now);
    }
    if let Some(rounds) = all_rounds.first() {
        publisher.finish(rounds.watch.label(now), Outlook::GoesOn);
    }
    let targets = all_rounds.iter().map(|rounds| {
        let watch = &rounds.watch;
        let stats = watch.stats(0..watch.interface_count(), usize::MAX);
        (watch.name().to_owned(), TargetState { timeline: watch.timeline(), stats, readings: watch.readings() })
    });
    state_file.save(&State { boot: boot(), saved: now, targets: targets.collect() })?;

    let problems = all_rounds.iter().filter(|rounds| rounds.watch.problem().is_some()).count();
    if problems == all_rounds.len() {
        bail!("no target could be read");
    }
    if publisher.has_trouble() {
        bail!("not everything could be written to {}", config.out.display());
    }
    Ok(())
}

/// A target as the call before left it.
fn begin(config: &Config, target: &TargetConfig, earlier: Option<&mut State>, start: Now) -> Rounds {
    if let Some(state) = earlier.and_then(|state| state.targets.remove(&target.name)) {
        let mut rounds = Rounds::new(target, state.timeline);
        rounds.watch.resume(&state.stats, state.readings, start);
        return rounds;
    }
    Rounds::continuing(target, &config.out, Timeline::beginning(start), start)
}

/// To the second, and one at least: timers are set to whole ones.
fn to_seconds(duration: Duration) -> Duration {
    Duration::from_secs((duration + Duration::from_millis(500)).as_secs().max(1))
}
