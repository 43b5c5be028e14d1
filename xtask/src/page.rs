//! Builds the page with Trunk. Knows nothing of what is on it.

use std::net::{TcpStream, ToSocketAddrs};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;
use std::{slice, thread};

use anyhow::{Context, Result};

use crate::progress::say;
use crate::tools::{self, Found, Tool, install};
use crate::workspace::Workspace;
use crate::{command, rust};

/// Builds the page into `dist/`, having got hold of what that needs.
///
/// # Errors
///
/// When a tool can neither be found nor installed, or when the page does not build.
pub fn build(workspace: &Workspace) -> Result<()> {
    rust::ensure_wasm_target()?;
    // First and by itself: it is what fails most, and Trunk's messages would bury it.
    say("compiling the page …");
    compile(workspace)?;

    let trunk = tools::trunk();
    let trunk = trunk.find(workspace).map_or_else(|| install::from_source(&trunk, workspace), Ok)?;
    let others = [tools::wasm_bindgen(workspace)?, tools::wasm_opt()];
    if missing(&others, workspace).next().is_some() && bundle_downloading(&trunk, &others, workspace) {
        return Ok(());
    }
    let mut found = vec![trunk];
    for tool in &others {
        found.push(tool.find(workspace).map_or_else(|| install::from_source(tool, workspace), Ok)?);
    }
    say("bundling the page …");
    command::run(trunk_command(&found, workspace)?.arg("--offline"))
}

/// Whether there is a page, of whatever age.
#[must_use]
pub fn is_built(workspace: &Workspace) -> bool {
    workspace.page().join("index.html").is_file()
}

/// The same build that Trunk asks cargo for, which then finds it done.
fn compile(workspace: &Workspace) -> Result<()> {
    let mut cargo = command::cargo_build();
    command::run(as_configured(&mut cargo).current_dir(workspace.root()).args([
        "build",
        "--release",
        "--package=frontend",
        "--target",
        rust::WASM,
    ]))
}

/// `RUSTFLAGS`, which CI systems like to set, would replace those that `.cargo/config.toml` has for the page.
fn as_configured(command: &mut Command) -> &mut Command {
    command.env_remove("RUSTFLAGS")
}

/// Lets Trunk download what is missing, where there is a network for it. Returns whether the page was built.
fn bundle_downloading(trunk: &Found, others: &[Tool], workspace: &Workspace) -> bool {
    let names = missing(others, workspace).map(|tool| tool.name).collect::<Vec<_>>().join(" and ");
    if !downloads_are_in_reach() {
        say(format_args!("{names}: not on the PATH in a version that fits, and GitHub is out of reach"));
        return false;
    }
    say(format_args!("bundling the page; Trunk downloads {names} …"));
    let built = trunk_command(slice::from_ref(trunk), workspace)
        .and_then(|mut command| command::run(command.env("XDG_CACHE_HOME", tools::downloads(&workspace.tools()))));
    if let Err(error) = &built {
        say(format_args!("that did not work ({error:#}); trying without downloads"));
    }
    built.is_ok()
}

fn missing<'a>(tools: &'a [Tool], workspace: &'a Workspace) -> impl Iterator<Item = &'a Tool> {
    tools.iter().filter(|tool| tool.find(workspace).is_none())
}

fn trunk_command(found: &[Found], workspace: &Workspace) -> Result<Command> {
    let trunk = found.first().context("trunk comes first")?;
    let mut command = Command::new(&trunk.path);
    as_configured(&mut command)
        .current_dir(workspace.root())
        .env("PATH", tools::path_with(found)?)
        // Trunk fails on the `NO_COLOR=1` that many terminals and CI systems set: it wants true or false.
        .env_remove("NO_COLOR")
        .args(["build", "--release"]);
    Ok(command)
}

/// How long a network may take to answer before it counts as none: a build from source should not wait for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether it is worth a try. Behind a proxy only trying tells.
fn downloads_are_in_reach() -> bool {
    let proxied = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    if proxied.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return true;
    }
    // In a thread, since the look-up of a name takes as long as it likes.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let reached = "github.com:443"
            .to_socket_addrs()
            .is_ok_and(|mut addresses| addresses.any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok()));
        // Nobody listens any more when this took too long.
        let _ = sender.send(reached);
    });
    receiver.recv_timeout(PATIENCE).unwrap_or(false)
}
