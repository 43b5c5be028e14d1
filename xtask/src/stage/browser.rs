//! A browser with one page, driven by plain calls: no test has to be async.

use std::cell::RefCell;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};
use tokio::runtime::{Builder, Runtime};

use super::chromium::{Chromedriver, Chromium};
use super::journal::Journal;
use crate::progress::{Stopwatch, say};

/// How often a condition is looked at while waiting for it.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A Chromium of its own, with nothing in its profile.
///
/// What is dropped first stands first: the session ends before what it runs in.
#[derive(Debug)]
pub struct Browser {
    session: Option<WebDriver>,
    runtime: Runtime,
    journal: RefCell<Journal>,
    screenshots: PathBuf,
    _chromedriver: Chromedriver,
    chromium: Chromium,
}

impl Browser {
    pub(super) fn start(screenshots: PathBuf) -> Result<Self> {
        let chromium = Chromium::start()?;
        let chromedriver = Chromedriver::start()?;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_debugger_address(&chromium.debugger)?;
        for log in [CONSOLE, EVENTS] {
            capabilities.set_logging_prefs(log, LoggingPrefsLogLevel::All)?;
        }
        let runtime = Builder::new_current_thread().enable_all().build().context("cannot drive a browser")?;
        let session = runtime
            .block_on(WebDriver::new(chromedriver.url.as_str(), capabilities))
            .context("chromedriver cannot drive this chromium: they must be of the same version")?;
        Ok(Self {
            session: Some(session),
            runtime,
            journal: RefCell::default(),
            screenshots,
            _chromedriver: chromedriver,
            chromium,
        })
    }

    /// The process of the browser; there are more, which come of it.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.chromium.process()
    }

    /// Goes to a URL and waits until the document with its scripts and styles is loaded.
    ///
    /// # Errors
    ///
    /// When there is nothing.
    pub fn open(&self, url: &str) -> Result<()> {
        self.drive(async |session| session.goto(url).await).with_context(|| format!("cannot open {url}"))
    }

    /// Loads the page again.
    ///
    /// # Errors
    ///
    /// When it is gone.
    pub fn reload(&self) -> Result<()> {
        self.drive(async |session| session.refresh().await).context("cannot reload")
    }

    /// The value of a JavaScript expression; of a promise, what it comes to.
    ///
    /// # Errors
    ///
    /// When it throws.
    pub fn eval(&self, expression: &str) -> Result<Value> {
        let script = format!("return ({expression});");
        self.drive(async |session| session.execute(script, Vec::new()).await)
            .map(|value| value.json().clone())
            .with_context(|| format!("cannot evaluate `{expression}`"))
    }

    /// Waits until a JavaScript expression is true, or anything else that counts as it.
    ///
    /// # Errors
    ///
    /// When that has not happened in time; the error says what was waited for and what the console says, and what was to
    /// be seen is among the screenshots.
    pub fn wait_until(&self, what: &str, condition: &str, timeout: Duration) -> Result<()> {
        let stopwatch = Stopwatch::start();
        while stopwatch.elapsed() < timeout {
            if self.eval(&format!("!!({condition})"))? == Value::Bool(true) {
                return Ok(());
            }
            thread::sleep(LOOK_EVERY);
        }
        let screenshot = self.screenshot(&format!("in-vain-{what}"))?;
        self.read_journal()?;
        bail!(
            "waited {} s in vain for {what}; see {}; in the console: {:#?}",
            timeout.as_secs_f32(),
            screenshot.display(),
            self.journal.borrow().console
        )
    }

    /// Gives the page a window of so many CSS pixels, on a screen with so many of its own to each.
    ///
    /// # Errors
    ///
    /// When Chromium refuses.
    pub fn resize(&self, width: u32, height: u32, device_pixel_ratio: f64) -> Result<()> {
        self.drive(async |session| {
            session.cdp().emulation().set_device_metrics_override(width, height, device_pixel_ratio, false).await
        })
        .context("cannot resize the window")
    }

    /// Moves the pointer to a place in the window, in CSS pixels.
    ///
    /// # Errors
    ///
    /// When it is outside.
    pub fn point_at(&self, x: i64, y: i64) -> Result<()> {
        self.drive(async |session| session.action_chain().move_to(x, y).perform().await)
            .with_context(|| format!("cannot move the pointer to {x}, {y}"))
    }

    /// Presses keys where the focus is; those without a letter by their `WebDriver` codes, as `\u{e007}` for Enter.
    ///
    /// # Errors
    ///
    /// When Chromium refuses.
    pub fn press(&self, keys: &str) -> Result<()> {
        self.drive(async |session| session.action_chain().send_keys(keys).perform().await)
            .with_context(|| format!("cannot press {keys:?}"))
    }

    /// Sends a command of the `DevTools` protocol, for what has no method here.
    ///
    /// # Errors
    ///
    /// When Chromium refuses.
    pub fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        self.drive(async |session| session.cdp().send_raw(method, parameters).await)
            .with_context(|| format!("cannot call {method}"))
    }

    /// What is to be seen, as a PNG.
    ///
    /// # Errors
    ///
    /// When Chromium draws nothing.
    pub fn png(&self) -> Result<Vec<u8>> {
        self.drive(async |session| session.screenshot_as_png().await).context("cannot take a screenshot")
    }

    /// Puts what is to be seen into `target/screenshots/`, for people to look at, and returns the file.
    ///
    /// # Errors
    ///
    /// When Chromium draws nothing or the file cannot be written.
    pub fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let path = self.screenshots.join(file_name(name));
        let png = self.png()?;
        #[expect(clippy::disallowed_methods, reason = "nobody reads it before the test has ended")]
        std::fs::write(&path, png).with_context(|| format!("cannot write {}", path.display()))?;
        say(format_args!("screenshot: {}", path.display()));
        Ok(path)
    }

    /// The errors in the console since the browser was started, requests that failed among them.
    ///
    /// # Errors
    ///
    /// When chromedriver does not tell.
    pub fn console_errors(&self) -> Result<Vec<String>> {
        self.read_journal()?;
        Ok(self.journal.borrow().errors.clone())
    }

    /// The URL of every request since the browser was started.
    ///
    /// # Errors
    ///
    /// When chromedriver does not tell.
    pub fn requests(&self) -> Result<Vec<String>> {
        self.read_journal()?;
        Ok(self.journal.borrow().requests.clone())
    }

    /// chromedriver forgets what it has told, so it is kept here.
    fn read_journal(&self) -> Result<()> {
        let console = self.drive(async |session| session.get_log(CONSOLE).await).context("cannot read the console")?;
        let events = self.drive(async |session| session.get_log(EVENTS).await).context("cannot read the requests")?;
        let mut journal = self.journal.borrow_mut();
        journal.add_console(console);
        journal.add_events(&events);
        Ok(())
    }

    fn drive<T, E: Into<anyhow::Error>>(&self, action: impl AsyncFnOnce(&WebDriver) -> Result<T, E>) -> Result<T> {
        let session = self.session.as_ref().context("the session has ended")?;
        self.runtime.block_on(action(session)).map_err(Into::into)
    }
}

/// chromedriver's names of its two logs.
const CONSOLE: &str = "browser";
const EVENTS: &str = "performance";

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            // It ends with its browser in any case; this is for chromedriver not to complain.
            let quit = async { tokio::time::timeout(Duration::from_secs(3), session.quit()).await };
            let _ = self.runtime.block_on(quit);
        }
    }
}

fn file_name(name: &str) -> String {
    let safe: String = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    format!("{safe}.png")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screenshot_has_a_name_that_is_no_path() {
        assert_eq!(file_name("../a card for lo"), "---a-card-for-lo.png");
    }
}
