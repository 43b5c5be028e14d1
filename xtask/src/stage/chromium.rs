//! Starts Chromium and chromedriver. Knows nothing of pages.
//!
//! Both are started here, and not Chromium by chromedriver, which leaves it behind when it is killed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::process::{Process, tied_command};
use crate::progress::Stopwatch;

/// What Chromium is told: to draw without a screen, as root in a container too, and to ask nobody for anything but the
/// page. Scroll bars are hidden since they would be in the screenshots.
const OPTIONS: [&str; 15] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--remote-debugging-port=0",
    "about:blank",
];

/// How long either may take to start on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// A browser with a profile of its own.
#[derive(Debug)]
pub(super) struct Chromium {
    process: Process,
    /// Where it can be driven, as `host:port`.
    pub(super) debugger: String,
    _profile: TempDir,
}

impl Chromium {
    pub(super) fn start() -> Result<Self> {
        let profile = tempfile::tempdir().context("cannot make a profile for Chromium")?;
        let mut command = tied_command(OsStr::new("chromium"));
        command.args(OPTIONS).arg(format!("--user-data-dir={}", profile.path().display()));
        // Its own log is long, and of its own affairs.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Process::start(&mut command)?;
        let port = wait_for_port(&mut process, &profile.path().join("DevToolsActivePort"))?;
        Ok(Self { process, debugger: format!("127.0.0.1:{port}"), _profile: profile })
    }
}

impl Chromium {
    pub(super) fn process(&self) -> u32 {
        self.process.id()
    }
}

/// Chromium chooses a port, and writes it into the first line of a file.
fn wait_for_port(process: &mut Process, file: &Path) -> Result<u16> {
    let stopwatch = Stopwatch::start();
    while stopwatch.elapsed() < STARTS_WITHIN {
        if let Some(status) = process.ended()? {
            bail!("chromium ended at once ({status}): see what it says when you start it by hand");
        }
        let text = fs::read_to_string(file).unwrap_or_default();
        if let Some(port) = text.split_once('\n').and_then(|(line, _)| line.parse().ok()) {
            return Ok(port);
        }
        thread::sleep(Duration::from_millis(20));
    }
    bail!("chromium has not started within {} s", STARTS_WITHIN.as_secs())
}

/// What translates between `WebDriver` and Chromium.
#[derive(Debug)]
pub(super) struct Chromedriver {
    _process: Process,
    /// Where it is spoken to.
    pub(super) url: String,
}

impl Chromedriver {
    pub(super) fn start() -> Result<Self> {
        let mut command = tied_command(OsStr::new("chromedriver"));
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process::start(&mut command)?;
        let output = process.child().stdout.take().context("chromedriver has no output")?;
        let mut lines = BufReader::new(output).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| announced_port(&line))
            .context("chromedriver ended at once: see what it says when you start it by hand")?;
        // It would wait for a reader of what it goes on to print.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self { _process: process, url: format!("http://127.0.0.1:{port}") })
    }
}

/// Reads `ChromeDriver was started successfully on port 34511.`
fn announced_port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_in_the_last_line_that_chromedriver_prints() {
        assert_eq!(announced_port("ChromeDriver was started successfully on port 34511."), Some(34511));
        assert_eq!(announced_port("Starting ChromeDriver 156.0.8078.79 on port 0"), None);
    }
}
