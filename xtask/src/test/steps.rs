//! The steps of `cargo xtask test`, cheap ones first.

use std::process::Command;

use anyhow::{Result, bail};

use crate::debian::{self, CHROMEDRIVER, CHROMIUM, MAN, SNMPD, WASM_OPT};
use crate::page::size::Size;
use crate::progress::say;
use crate::workspace::Workspace;
use crate::{command, npm, page, rust, tools};

/// Something that passes or fails.
#[derive(Debug)]
pub(super) struct Step {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Does it.
    pub run: fn(&Workspace) -> Result<()>,
}

/// All of them, in order.
pub(super) const STEPS: &[Step] = &[
    Step { name: "format", about: "the formatting of all sources", run: format },
    Step { name: "clippy", about: "the lints of everything that runs on this machine", run: clippy },
    Step { name: "wasm", about: "the lints of the page, as it is compiled for the browser", run: wasm },
    Step { name: "unit", about: "unit, golden, integration and doc tests", run: unit },
    Step { name: "docs", about: "the documentation of the code", run: docs },
    Step { name: "page", about: "a release build of the page by Trunk, and its size", run: page },
    Step { name: "package", about: "a Debian package, from its installation to its purge", run: package },
    Step { name: "snmpd", about: "the collector with the page in it, and against a real snmpd", run: snmpd },
    Step { name: "browser", about: "the page in a real Chromium", run: browser },
    Step { name: "servers", about: "the page behind real web servers, and Prometheus", run: servers },
];

/// The step of that name.
///
/// # Errors
///
/// When there is none.
pub(super) fn find(name: &str) -> Result<&'static Step> {
    let Some(step) = STEPS.iter().find(|step| step.name == name) else {
        let names = STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
        bail!("there are these steps: {names}");
    };
    Ok(step)
}

/// What all tests are compiled with. With other features their dependencies would be others, and be compiled again.
const FEATURES: &str = "--features=collector/snmpd-tests,xtask/server-tests";

fn format(workspace: &Workspace) -> Result<()> {
    rust::ensure_component("fmt", "rustfmt")?;
    cargo(workspace, &["fmt", "--all", "--check"])?;
    // The fuzzer, which is no member of the workspace.
    cargo(workspace, &["fmt", "--manifest-path=collector/fuzz/Cargo.toml", "--check"])
}

fn clippy(workspace: &Workspace) -> Result<()> {
    rust::ensure_component("clippy", "clippy")?;
    cargo(workspace, &["clippy", "--quiet", "--workspace", "--all-targets", "--all-features", "--", "-Dwarnings"])?;
    // The tests that `--all-targets` leaves out, since they are run by their names alone.
    let by_name = ["--test=snmpd", "--test=browser", "--test=servers", "--test=package"];
    let selection = ["clippy", "--quiet", "--workspace", "--all-features"];
    cargo(workspace, &[&selection[..], &by_name, &["--", "-Dwarnings"]].concat())?;
    // The smaller collector, which nothing else builds.
    cargo(
        workspace,
        &["clippy", "--quiet", "--package=collector", "--all-targets", "--no-default-features", "--", "-Dwarnings"],
    )?;
    // The fuzzer, of which nothing else compiles a line.
    let mut fuzzer = command(workspace, &["check", "--quiet", "--locked", "--manifest-path=collector/fuzz/Cargo.toml"]);
    command::run(fuzzer.env("RUSTFLAGS", "--cfg fuzzing"))
}

fn wasm(workspace: &Workspace) -> Result<()> {
    rust::ensure_component("clippy", "clippy")?;
    rust::ensure_wasm_target()?;
    cargo(workspace, &["clippy", "--quiet", "--package=frontend", "--target", rust::WASM, "--", "-Dwarnings"])
}

fn unit(workspace: &Workspace) -> Result<()> {
    test(workspace, &[])
}

fn docs(workspace: &Workspace) -> Result<()> {
    let mut cargo = command(workspace, &["doc", "--quiet", "--workspace", "--no-deps", "--all-features"]);
    command::run(cargo.env("RUSTDOCFLAGS", "-Dwarnings"))
}

fn page(workspace: &Workspace) -> Result<()> {
    if tools::wasm_opt().find(workspace).is_none() && debian::can_install() {
        // Minutes sooner than a build from source, which is what remains when this fails.
        if let Err(error) = debian::ensure_installed(&[WASM_OPT]) {
            say(format_args!("{error:#}"));
        }
    }
    page::build(workspace)?;
    Size::of(&workspace.page())?.ensure_small()
}

fn package(workspace: &Workspace) -> Result<()> {
    debian::ensure_installed(&[MAN])?;
    if which::which("systemd-analyze").is_err() {
        debian::unpack(&["systemd"], &workspace.systemd())?;
    }
    build_collector(workspace)?;
    test(workspace, &["--quiet", "--test=package", "--", "--nocapture"])
}

fn snmpd(workspace: &Workspace) -> Result<()> {
    debian::ensure_installed(&[SNMPD])?;
    // They mostly wait for what is cached and for what is late, so that more of them run than there are cores.
    // And with the page, since this builds the collector once more anyway.
    let arguments = ["--features=collector/page", "--test=snmpd", "--test=init", "--", "--test-threads=4"];
    test(workspace, &arguments)
}

fn browser(workspace: &Workspace) -> Result<()> {
    debian::ensure_installed(&[CHROMIUM, CHROMEDRIVER])?;
    npm::AXE.ensure_installed(workspace)?;
    build_collector(workspace)?;
    // One at a time: what moves on the page is measured, and two browsers would be in each other's way.
    test(workspace, &["--test=browser", "--", "--test-threads=1"])
}

fn servers(workspace: &Workspace) -> Result<()> {
    debian::ensure_installed(&[CHROMIUM, CHROMEDRIVER])?;
    debian::unpack(&["nginx", "apache2-bin", "caddy", "lighttpd", "lighttpd-mod-deflate"], &workspace.servers())?;
    debian::unpack(&["prometheus"], &workspace.servers())?;
    debian::unpack(&["rclone"], &workspace.servers())?;
    build_collector(workspace)?;
    test(workspace, &["--test=servers"])
}

/// That which the unit tests have built: of `cargo build` other features of its dependencies would come, and all be built again.
fn build_collector(workspace: &Workspace) -> Result<()> {
    test(workspace, &["--quiet", "--test=cli", "--no-run"])
}

fn test(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    cargo(workspace, &[&["test", "--workspace", FEATURES], arguments].concat())
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    command::run(command(workspace, arguments).env("PATH", debian::path_with_daemons()?))
}

fn command(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut cargo = command::cargo();
    cargo.current_dir(workspace.root()).args(arguments);
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_found_by_its_name() {
        assert_eq!(find("unit").unwrap().name, "unit");
    }

    #[test]
    fn a_name_of_no_step_is_answered_with_those_there_are() {
        let message = find("units").unwrap_err().to_string();
        assert_eq!(
            message,
            "there are these steps: format, clippy, wasm, unit, docs, page, package, snmpd, browser, servers"
        );
    }
}
