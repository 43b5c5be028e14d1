//! `cargo xtask bench`: what the collector and the page cost, measured by the kernel's own accounting of their processes.

mod collector;
#[cfg(feature = "browser-tests")]
mod page;

mod accounting;
mod machine;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;

/// What `cargo xtask bench` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// What to measure
    #[arg(value_enum, default_value = "collector")]
    subject: Subject,

    /// Seconds that many interfaces are measured for, and each page
    #[arg(long, default_value_t = 20)]
    seconds: u32,

    /// Seconds that they are read before; ten minutes fill the recent files
    #[arg(long, default_value_t = 40)]
    settle: u32,

    /// Only the measurements whose name holds this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// The collector: one host, and many interfaces
    Collector,
    /// The page, beside pages made with other libraries, in a real Chromium
    Page,
}

impl Options {
    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }

    /// Before anything is built for what is called by none of these names.
    fn ensure_wanted(&self, names: &[String]) -> Result<()> {
        let is_wanted = names.iter().any(|name| self.wants(name));
        ensure!(is_wanted, "nothing that is measured has that in its name; there are: {}", names.join("; "));
        Ok(())
    }
}

/// Measures, and prints what came of it as tables in Markdown.
///
/// # Errors
///
/// When something could not be built, started or measured.
pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    match options.subject {
        Subject::Collector => collector::bench(workspace, options),
        Subject::Page => page(workspace, options),
    }
}

#[cfg(feature = "browser-tests")]
fn page(workspace: &Workspace, options: &Options) -> Result<()> {
    page::bench(workspace, options)
}

/// What drives a browser is not built until somebody asks for it; then this program runs itself with it.
#[cfg(not(feature = "browser-tests"))]
fn page(workspace: &Workspace, options: &Options) -> Result<()> {
    use crate::{command, debian};

    debian::ensure_installed(&[debian::CHROMIUM, debian::CHROMEDRIVER])?;
    let mut cargo = command::cargo_build();
    cargo.current_dir(workspace.root()).args([
        "run",
        "--package=xtask",
        "--features=browser-tests",
        "--",
        "bench",
        "page",
    ]);
    cargo.arg(format!("--seconds={}", options.seconds));
    cargo.args(options.only.iter().map(|only| format!("--only={only}")));
    command::run(&mut cargo)
}
