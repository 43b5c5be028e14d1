//! The collector as it is given away: stripped, and linked statically where that can be had, so that one file serves every
//! Linux of an architecture.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::NAME;
use crate::progress::say;
use crate::workspace::Workspace;
use crate::{command, rust};

/// A collector to pack.
pub(crate) struct Binary {
    pub(crate) path: PathBuf,
    /// What it runs on, as Rust calls it.
    pub(super) target: String,
    /// Debian's packages that it needs.
    pub(super) depends: String,
}

pub(crate) fn build(workspace: &Workspace) -> Result<Binary> {
    let host = host()?;
    let musl = host.replace("-linux-gnu", "-linux-musl");
    if let Err(error) = rust::ensure_target(&musl) {
        say(format_args!("{error:#}: the collector is linked against this machine's libraries"));
        return Ok(Binary { path: compile(workspace, &host)?, target: host, depends: glibc()? });
    }
    Ok(Binary { path: compile(workspace, &musl)?, target: musl, depends: String::new() })
}

fn compile(workspace: &Workspace, target: &str) -> Result<PathBuf> {
    say(format_args!("building the collector for {target} …"));
    let mut cargo = command::cargo_build();
    cargo.current_dir(workspace.root()).env("CARGO_PROFILE_RELEASE_STRIP", "symbols").args([
        "build",
        "--release",
        "--locked",
        "--package=collector",
        // For `init`: then that one file is all that another machine needs.
        "--features=page",
        "--target",
        target,
    ]);
    command::run(&mut cargo)?;
    Ok(workspace.target().join(target).join("release").join(NAME))
}

/// The architecture and system that this tool chain builds for unless it is told otherwise.
fn host() -> Result<String> {
    let version = command::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not tell what it builds for")
}

/// What is linked against this machine's C library needs one that is as new.
fn glibc() -> Result<String> {
    let version = command::output(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    let version = version.trim().strip_prefix("glibc ").context("the C library of this machine is not glibc")?;
    Ok(format!("libc6 (>= {version}), libgcc-s1"))
}
