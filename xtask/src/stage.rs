//! What a test in a real browser stands on: the page on a web server, a collector that writes beside it, a browser.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use std::time::Duration;
//!
//! let mut stage = xtask::stage::Stage::new()?;
//! stage.start_collector(&["--interface", "lo"])?;
//! let browser = stage.open("")?;
//! browser.wait_until("a card for lo", "document.querySelector('article')", Duration::from_secs(10))?;
//! browser.screenshot("overview")?;
//! assert_eq!(browser.console_errors()?, Vec::<String>::new());
//! # Ok(())
//! # }
//! ```
//!
//! All of it is gone when it is dropped, after a panic too; where `setpriv` is, even after a SIGKILL.

mod browser;
mod chromium;
mod journal;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

pub use self::browser::Browser;
use crate::page;
use crate::process::{Process, tied_command};
use crate::serve::{self, Server, Site};
use crate::workspace::{Profile, Workspace};

/// A web server with the page that `cargo xtask test page` has built, and an empty folder for its stats files.
///
/// What is dropped first stands first: the collector writes into the folder.
#[derive(Debug)]
pub struct Stage {
    collector: Option<Process>,
    server: Server,
    stats: TempDir,
    prefix: String,
    workspace: Workspace,
}

impl Stage {
    /// Serves the page at the root of a server.
    ///
    /// # Errors
    ///
    /// When the page has not been built.
    pub fn new() -> Result<Self> {
        Self::under("")
    }

    /// Serves the page below a path like `/graphs/core`.
    ///
    /// # Errors
    ///
    /// When the page has not been built.
    pub fn under(prefix: &str) -> Result<Self> {
        let workspace = Workspace::find()?;
        ensure!(
            page::is_built(&workspace),
            "{} has no page: build it with `cargo xtask test page`",
            workspace.page().display()
        );
        let stats = tempfile::tempdir().context("cannot make a folder for the stats files")?;
        let site = Site { page: workspace.page(), stats: stats.path().to_owned(), prefix: prefix.to_owned() };
        let server = Server::start(serve::listen(Some(0))?, &site)?;
        Ok(Self { collector: None, server, stats, prefix: prefix.to_owned(), workspace })
    }

    /// The folder that is served at `stats/`.
    #[must_use]
    pub fn stats(&self) -> &Path {
        self.stats.path()
    }

    /// Puts a stats file where the page looks for it, in one step as the collector does.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write_stats(&self, name: &str, contents: &[u8]) -> Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(self.stats()).context("cannot write a stats file")?;
        std::io::Write::write_all(&mut file, contents).context("cannot write a stats file")?;
        file.persist(self.stats().join(name)).with_context(|| format!("cannot write {name}"))?;
        Ok(())
    }

    /// Lets the collector write into [`Stage::stats`], with these arguments to its `run`.
    ///
    /// # Errors
    ///
    /// When it does not start, or was not built, which whoever runs the tests has done with what else they need.
    pub fn start_collector(&mut self, arguments: &[&str]) -> Result<()> {
        let collector = self.workspace.collector(Profile::Debug);
        ensure!(collector.is_file(), "there is no {}: `cargo xtask test page browser` builds it", collector.display());
        let mut command = tied_command(collector.as_os_str());
        command.args(["run", "--out"]).arg(self.stats()).args(arguments);
        self.collector = Some(Process::start(&mut command)?);
        Ok(())
    }

    /// Ends the collector, as a crash of it or of its machine would, from the viewer's side.
    pub fn stop_collector(&mut self) {
        self.collector = None;
    }

    /// Where the page is, with a query like `?interface=local/lo` or none.
    #[must_use]
    pub fn url(&self, query: &str) -> String {
        format!("http://{}{}/{query}", self.server.address(), self.prefix)
    }

    /// Opens the page in a new browser.
    ///
    /// # Errors
    ///
    /// When Chromium or chromedriver is missing or does not start.
    pub fn open(&self, query: &str) -> Result<Browser> {
        let browser = Browser::start(self.screenshots()?)?;
        browser.open(&self.url(query))?;
        Ok(browser)
    }

    /// A new browser without a page yet.
    ///
    /// # Errors
    ///
    /// When Chromium or chromedriver is missing or does not start.
    pub fn open_blank(&self) -> Result<Browser> {
        Browser::start(self.screenshots()?)
    }

    fn screenshots(&self) -> Result<PathBuf> {
        let folder = self.workspace.screenshots();
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }
}
