//! `cargo xtask test`: every test there is, each a named step. A step that could not run has failed.

mod steps;

use std::time::Duration;

use anyhow::{Error, Result, bail};
use clap::Args;

use self::steps::{STEPS, Step};
use crate::progress::{Stopwatch, say};
use crate::workspace::Workspace;

/// What `cargo xtask test` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// The steps to pass, by name [default: all]
    #[arg(value_name = "STEP", value_parser = steps::find)]
    steps: Vec<&'static Step>,
}

/// Passes the steps in their order, going on after one that failed, so that one run tells all.
///
/// # Errors
///
/// When a step failed.
pub fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let chosen: Vec<&Step> = if options.steps.is_empty() { STEPS.iter().collect() } else { options.steps.clone() };
    let stopwatch = Stopwatch::start();
    let outcomes: Vec<Outcome> = chosen.into_iter().map(|step| pass(step, workspace)).collect();

    say("summary");
    for outcome in &outcomes {
        say(outcome.line());
    }
    let failed = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
    let total = seconds(stopwatch.elapsed());
    if failed > 0 {
        bail!("{failed} of {} steps failed, in {total} s", outcomes.len());
    }
    say(format_args!("all {} steps passed, in {total} s", outcomes.len()));
    Ok(())
}

struct Outcome {
    step: &'static Step,
    took: Duration,
    error: Option<Error>,
}

impl Outcome {
    fn line(&self) -> String {
        let verdict = if self.error.is_some() { "FAILED" } else { "passed" };
        let reason = self.error.as_ref().map(|error| format!("  {error:#}")).unwrap_or_default();
        format!("{verdict}  {:<9} {:>6} s{reason}", self.step.name, seconds(self.took))
    }
}

fn pass(step: &'static Step, workspace: &Workspace) -> Outcome {
    say(format_args!("── {}: {}", step.name, step.about));
    let stopwatch = Stopwatch::start();
    let error = (step.run)(workspace).err();
    let outcome = Outcome { step, took: stopwatch.elapsed(), error };
    say(outcome.line());
    outcome
}

fn seconds(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(error: Option<Error>) -> String {
        Outcome { step: &STEPS[0], took: Duration::from_millis(1250), error }.line()
    }

    #[test]
    fn a_step_that_passed_tells_its_time() {
        assert_eq!(outcome(None), "passed  format       1.2 s");
    }

    #[test]
    fn a_step_that_failed_tells_why() {
        let error = anyhow::anyhow!("no such file").context("cannot read it");
        assert_eq!(outcome(Some(error)), "FAILED  format       1.2 s  cannot read it: no such file");
    }
}
