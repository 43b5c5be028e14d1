//! From the kernel's counters through the collector's files to what a viewer reads.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use xtask::stage::{Browser, Stage};

use super::load::Load;
use super::{PATIENCE, ensure_clean, prefer, text};

const LIVE: &str = "document.body.dataset.state === 'live' && document.querySelector('.card')";

#[test]
fn a_known_load_is_shown_as_what_it_is() -> Result<()> {
    // So many that what the test's own browser sends through the loopback is lost in it.
    const PACKETS_PER_SECOND: u32 = 16_000;

    let mut stage = Stage::under("/graphs/core")?;
    let _load = Load::start(PACKETS_PER_SECOND)?;
    stage.start_collector(&["--interface", "lo"])?;
    let browser = stage.open("")?;
    browser.wait_until("a card", LIVE, PATIENCE)?;
    browser.eval("document.querySelector('.card').click()")?;
    browser.wait_until("the detail", "document.querySelector('.panel.octets .now span')", PATIENCE)?;

    let octets = median_of_figures(&browser, ".panel.octets .figures .in .now span")?;
    let expected = Load::bits_per_second(PACKETS_PER_SECOND);
    ensure!((octets / expected - 1.0).abs() < 0.05, "{octets} bit/s are shown of {expected}");
    let packets = median_of_figures(&browser, ".panel.packets .figures .out .now span")?;
    let expected = f64::from(PACKETS_PER_SECOND);
    ensure!((packets / expected - 1.0).abs() < 0.05, "{packets} packets/s are shown of {expected}");

    for (width, height) in [(1_360, 940), (390, 844)] {
        for scheme in ["dark", "light"] {
            browser.resize(width, height, 1.0)?;
            prefer(&browser, scheme)?;
            sleep(Duration::from_millis(500));
            browser.screenshot(&format!("detail-{width}-{scheme}"))?;
            let overflow = browser.eval("document.documentElement.scrollWidth - innerWidth")?;
            ensure!(overflow.as_f64() <= Some(0.0), "{overflow} px stick out at {width} px");
        }
    }
    ensure_clean(&stage, &browser)
}

/// The median of a figure over some samples: one that other work on the machine delayed says nothing.
fn median_of_figures(browser: &Browser, selector: &str) -> Result<f64> {
    // There is none before the first sample.
    let is_known = format!("document.querySelector({selector:?}).textContent !== '–'");
    browser.wait_until("a figure", &is_known, PATIENCE)?;
    let mut figures = Vec::new();
    // What is shown first may have begun before the load. Of two samples the figure may be the same.
    for _ in 0..6 {
        sleep(Duration::from_secs(1));
        let shown = text(browser, selector)?;
        figures.push(number(&shown).with_context(|| format!("`{shown}` is no figure"))?);
    }
    figures.sort_by(f64::total_cmp);
    Ok(figures[figures.len() / 2])
}

/// What a figure of the page says: `44.8 Mbit/s`, `4 kpps`.
fn number(figure: &str) -> Option<f64> {
    let (digits, unit) = figure.trim().split_once(|c: char| c.is_whitespace())?;
    let factor = match unit.chars().next()? {
        'k' => 1e3,
        'M' => 1e6,
        'G' => 1e9,
        _ => 1.0,
    };
    Some(digits.parse::<f64>().ok()? * factor)
}

#[test]
fn the_page_follows_its_collector_through_stop_and_restart() -> Result<()> {
    let mut stage = Stage::new()?;
    let browser = stage.open("")?;
    browser.wait_until("that there is nothing", "document.body.dataset.state === 'no-data'", PATIENCE)?;
    ensure!(text(&browser, ".sentence")?.contains("is the collector running"), "{}", text(&browser, ".sentence")?);
    browser.screenshot("state-no-data")?;

    // All of it without a reload.
    stage.start_collector(&["--interface", "lo"])?;
    browser.wait_until("life", LIVE, PATIENCE)?;
    stage.stop_collector();
    browser.wait_until("the end", "document.body.dataset.state === 'stopped'", PATIENCE)?;
    ensure!(text(&browser, ".sentence")?.contains("collector stopped at"), "{}", text(&browser, ".sentence")?);
    browser.screenshot("state-stopped")?;
    stage.start_collector(&["--interface", "lo"])?;
    browser.wait_until("life again", LIVE, PATIENCE)?;

    // Nothing but the first requests, while there was no file yet, has failed.
    let errors = browser.console_errors()?;
    ensure!(errors.iter().all(|error| error.contains("404")), "{errors:?}");
    Ok(())
}
