//! The Rust tool chain: adds what a fresh rustup lacks. Knows nothing of other tools.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command;
use crate::progress::say;

/// What the page is compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler can build for wasm.
///
/// # Errors
///
/// When its standard library for wasm is missing and rustup cannot add it.
pub fn ensure_wasm_target() -> Result<()> {
    ensure_target(WASM).with_context(|| format!("the page is compiled for {WASM}"))
}

/// Makes sure that the compiler can build for a target.
///
/// # Errors
///
/// When its standard library for that is missing and rustup cannot add it.
pub fn ensure_target(target: &str) -> Result<()> {
    let libraries = command::output(Command::new("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    say(format_args!("adding Rust's standard library for {target} …"));
    rustup(&["target", "add", target]).with_context(|| format!("rustc has no standard library for {target}"))
}

/// Makes sure that cargo has a subcommand such as `fmt`, that is in the rustup component `component`.
///
/// # Errors
///
/// When it is missing and rustup cannot add it.
pub fn ensure_component(subcommand: &str, component: &str) -> Result<()> {
    let probe = command::cargo()
        .args([subcommand, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    if probe.success() {
        return Ok(());
    }
    say(format_args!("adding {component} …"));
    rustup(&["component", "add", component]).with_context(|| format!("cargo has no `{subcommand}`"))
}

/// rustup takes the tool chain from the environment that the outer cargo has set.
fn rustup(arguments: &[&str]) -> Result<()> {
    if which::which("rustup").is_err() {
        bail!(
            "there is no rustup here: install what `rustup {}` would, from where this Rust came",
            arguments.join(" ")
        );
    }
    command::run(Command::new("rustup").args(arguments))
}
