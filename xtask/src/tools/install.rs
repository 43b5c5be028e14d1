//! Builds tools from the crates registry. Downloads no programs.

use std::ffi::OsStr;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use super::{Found, Language, Tool};
use crate::command;
use crate::progress::{Stopwatch, say};
use crate::workspace::Workspace;

/// Tells whether a tool can be built, as far as that is known beforehand.
///
/// # Errors
///
/// When something is missing that it is built with.
pub fn check_prerequisites(tool: &Tool) -> Result<()> {
    let name = tool.name;
    ensure!(
        tool.source.language == Language::Rust || has_cpp_compiler(),
        "{name} has to be built, which needs a C++ compiler: install {name} (Debian: binaryen) or g++"
    );
    Ok(())
}

/// Builds a tool and installs it under `target/tools/`.
///
/// # Errors
///
/// When it does not build.
pub fn from_source(tool: &Tool, workspace: &Workspace) -> Result<Found> {
    let (name, source) = (tool.name, &tool.source);
    check_prerequisites(tool)?;
    say(format_args!("building {name} from the crates registry, once; this takes {} on two cores …", source.takes));
    let stopwatch = Stopwatch::start();
    let intermediate = workspace.tools().join("build");
    command::run(&mut install_command(tool, workspace, intermediate.as_os_str()))
        .with_context(|| format!("cannot install {name}: install it by hand, so that it is on the PATH"))?;
    // Hundreds of megabytes that the next tool has no use for.
    fs::remove_dir_all(&intermediate).with_context(|| format!("cannot remove {}", intermediate.display()))?;
    say(format_args!("{name} took {} s", stopwatch.elapsed().as_secs()));
    tool.find(workspace)
        .with_context(|| format!("{name} was installed, but does not print a version that fits {}", tool.fits))
}

fn install_command(tool: &Tool, workspace: &Workspace, intermediate: &OsStr) -> Command {
    let mut command = command::cargo_build();
    command
        .args(["install", tool.source.package])
        .arg(format!("--version={}", tool.source.version))
        .arg("--root")
        .arg(tool.folder(&workspace.tools()))
        .args(tool.source.options)
        // A build that was interrupted goes on from where it was.
        .env("CARGO_TARGET_DIR", intermediate)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.source.optimisation)
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_LTO", "off");
    command
}

fn has_cpp_compiler() -> bool {
    env::var_os("CXX").is_some() || which::which("c++").is_ok()
}
