//! The page in a real Chromium, as a viewer has it. `cargo xtask test page browser` builds the page and passes these.

mod access;
mod between;
mod counted;
mod days;
mod drawing;
mod files;
mod keeping;
mod layout;
mod listing;
mod load;
mod motion;
mod others;
mod paper;
mod picture;
mod policy;
mod reading;
mod scales;
mod simulated;
mod states;
mod tools;
mod wall;
mod whole_path;

use std::time::Duration;

use anyhow::{Result, ensure};
use xtask::stage::{Browser, Stage};

/// How long anything may take that a viewer waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The page works without an error and asks nobody else.
#[track_caller]
fn ensure_clean(stage: &Stage, browser: &Browser) -> Result<()> {
    let errors = browser.console_errors()?;
    ensure!(errors.is_empty(), "{errors:?}");
    ensure_at_home(stage, browser)
}

/// Every request went to the server of the page, and below its prefix.
fn ensure_at_home(stage: &Stage, browser: &Browser) -> Result<()> {
    let home = stage.url("");
    let requests = browser.requests()?;
    ensure!(requests.iter().any(|url| url.starts_with(&home)), "{requests:?}");
    let elsewhere: Vec<_> = requests.iter().filter(|url| !url.starts_with(&home)).collect();
    ensure!(elsewhere.is_empty(), "{elsewhere:?}");
    Ok(())
}

/// The page as light or as dark as the viewer wishes.
fn prefer(browser: &Browser, scheme: &str) -> Result<()> {
    let features = serde_json::json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.devtools("Emulation.setEmulatedMedia", features)?;
    Ok(())
}

/// The text of the first element that fits; empty where there is none.
fn text(browser: &Browser, selector: &str) -> Result<String> {
    let text = browser.eval(&format!("document.querySelector({selector:?})?.textContent ?? ''"))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
