//! Runs programs to their end, and says which one failed and how. What is started and left running is in [`crate::process`].

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::process::{Command, Stdio};
use std::{env, io, iter};

use anyhow::{Context, Result, ensure};

/// The cargo that started this program, so that all builds use one tool chain.
#[must_use]
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// The same for builds, which show their progress to somebody who watches and are quiet in a log.
#[must_use]
pub fn cargo_build() -> Command {
    let mut cargo = cargo();
    if !io::stderr().is_terminal() {
        cargo.env("CARGO_TERM_QUIET", "true");
    }
    cargo
}

/// Runs a command, which prints where this program prints.
///
/// # Errors
///
/// When it cannot be started, or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    ensure!(status.success(), "`{}` failed ({status})", line(command));
    Ok(())
}

/// Runs a command and returns what it printed; what it says on standard error is shown.
///
/// # Errors
///
/// When it cannot be started, does not succeed, or prints something else than text.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| cannot_start(command))?;
    ensure!(output.status.success(), "`{}` failed ({})", line(command), output.status);
    String::from_utf8(output.stdout).with_context(|| format!("`{}` did not print text", line(command)))
}

/// The command as one would type it.
#[must_use]
pub fn line(command: &Command) -> String {
    iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`: is it installed and on the PATH?", line(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_named_with_its_arguments() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[test]
    fn a_command_that_is_not_there_is_named() {
        let error = output(&mut Command::new("no-such-program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `no-such-program`: is it installed and on the PATH?");
    }
}
