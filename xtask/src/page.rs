//! Builds the page with Trunk. Knows nothing of what is on it.

mod shrink;
pub mod size;

use std::net::{TcpStream, ToSocketAddrs};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

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
    let others = [tools::wasm_bindgen(workspace)?, tools::wasm_opt()];
    let plan = plan(&trunk, &others, workspace)?;
    let trunk = obtain(&trunk, workspace)?;
    if plan != Plan::Download || !bundle_downloading(&trunk, &others, workspace) {
        let mut found = vec![trunk];
        for tool in &others {
            found.push(obtain(tool, workspace)?);
        }
        say("bundling the page …");
        command::run(trunk_command(&found, workspace)?.arg("--offline"))?;
    }
    shrink::shrink(&workspace.page())
}

/// How to come by wasm-bindgen and wasm-opt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// Both are there, or can be built.
    Build,
    /// Trunk can try.
    Download,
}

/// What cannot be built is known before anything is, since that takes minutes.
fn plan(trunk: &Tool, others: &[Tool], workspace: &Workspace) -> Result<Plan> {
    let missing: Vec<_> = others.iter().filter(|tool| tool.find(workspace).is_none()).collect();
    if !missing.is_empty() && downloads_are_in_reach() {
        return Ok(Plan::Download);
    }
    for tool in missing {
        say(format_args!("{} is not on the PATH in a version that fits, and GitHub is out of reach", tool.name));
        install::check_prerequisites(tool)?;
    }
    if trunk.find(workspace).is_none() {
        say("trunk is not on the PATH in a version that fits");
    }
    Ok(Plan::Build)
}

fn obtain(tool: &Tool, workspace: &Workspace) -> Result<Found> {
    tool.find(workspace).map_or_else(|| install::from_source(tool, workspace), Ok)
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
        // As `index.html` has it.
        "--profile=page",
        "--package=frontend",
        "--target",
        rust::WASM,
    ]))
}

/// `RUSTFLAGS`, which CI systems like to set, would replace those that `.cargo/config.toml` has for the page.
fn as_configured(command: &mut Command) -> &mut Command {
    command.env_remove("RUSTFLAGS")
}

/// Lets Trunk download what is missing. Returns whether the page was built.
fn bundle_downloading(trunk: &Found, others: &[Tool], workspace: &Workspace) -> bool {
    say("bundling the page; Trunk downloads what it needs …");
    let mut found = vec![trunk.clone()];
    found.extend(others.iter().filter_map(|tool| tool.find(workspace)));
    let built = trunk_command(&found, workspace).and_then(|mut command| {
        command.env("XDG_CACHE_HOME", tools::downloads(&workspace.tools()));
        if tools::wasm_opt().find(workspace).is_none() {
            // Without a version Trunk takes whatever is on the PATH, which does not fit.
            command.env("TRUNK_TOOLS_WASM_OPT", tools::DOWNLOADED_WASM_OPT);
        }
        command::run(&mut command)
    });
    if let Err(error) = &built {
        say(format_args!("that did not work ({error:#}); trying without downloads"));
    }
    built.is_ok()
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
