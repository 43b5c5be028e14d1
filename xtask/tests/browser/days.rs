//! A page that is left open: not looked at, under a wrong clock, behind a cache.

use std::thread::sleep;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use stats::{InterfaceStats, StatsFile};
use xtask::stage::{Browser, Stage};

use super::between::Cache;
use super::files::{SECOND, file, interface, now};
use super::{PATIENCE, ensure_clean, text};

fn stats_requests(browser: &Browser) -> Result<usize> {
    Ok(browser.requests()?.iter().filter(|url| url.contains("/stats/")).count())
}

/// An index that is the live file itself, with samples that go on from each other.
fn index(first: u64, last: u64, start: stats::Timestamp) -> StatsFile {
    let mut history = stats::History::beginning_at(first, SECOND * 600);
    for number in first..=last {
        let end = start.after(SECOND * u32::try_from(number).unwrap_or_default());
        history.push(stats::Sample { end, duration: SECOND, gap: None, passed: super::files::amounts(number) });
    }
    let eth0 =
        InterfaceStats { recent: Some("recent.json".to_owned()), ..super::files::with_history("eth0", &history) };
    file(vec![eth0], start.after(SECOND * u32::try_from(last).unwrap_or_default()))
}

#[test]
fn a_hidden_tab_fetches_nothing_and_is_whole_again_at_once() -> Result<()> {
    let stage = Stage::new()?;
    let start = now().before(SECOND * 120);
    let write = |last: u64| -> Result<()> {
        stage.write_stats("recent.json", index(1, last, start).to_json().as_bytes())?;
        stage.write_stats("index.json", index(last - 3, last, start).to_json().as_bytes())
    };
    write(120)?;
    let browser = stage.open("?interface=router/eth0&table")?;
    browser.wait_until("the samples", "document.querySelectorAll('tr').length > 100", PATIENCE)?;

    browser.devtools("Target.createTarget", json!({ "url": "about:blank" }))?;
    browser.wait_until("the tab to be hidden", "document.hidden", PATIENCE)?;
    let before = stats_requests(&browser)?;
    for last in 121..=133 {
        write(last)?;
        // Time goes by faster than usual: what is late is not looked at more often either.
        sleep(SECOND / 4);
    }
    ensure!(stats_requests(&browser)? == before, "a hidden tab fetches");
    let mut done = index(130, 133, start);
    done.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", done.to_json().as_bytes())?;

    browser.devtools("Page.bringToFront", json!({}))?;
    browser.wait_until("the tab to be seen", "!document.hidden", PATIENCE)?;
    sleep(SECOND);
    let missed = "/missed/.test(document.querySelector('table').innerText)";
    ensure!(browser.eval(missed)? == Value::Bool(false), "there is a hole");
    // Each file at most once.
    let fetched = stats_requests(&browser)? - before;
    ensure!((1..=2).contains(&fetched), "{fetched} fetches");
    ensure_clean(&stage, &browser)
}

/// Has the browser think that it is so many milliseconds later than it is, and live there.
fn displace(browser: &Browser, millis: i64, zone: &str) -> Result<()> {
    let source = format!(
        "Date = class extends Date {{
            constructor(...all) {{ all.length ? super(...all) : super(Date.now()); }}
            static now() {{ return super.now() + {millis}; }}
        }};"
    );
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }))?;
    browser.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": zone }))?;
    Ok(())
}

#[test]
fn a_wrong_clock_and_any_time_zone_change_nothing_but_labels() -> Result<()> {
    const DAY: i64 = 86_400_000;

    let stage = Stage::new()?;
    let mut shown = Vec::new();
    for (millis, zone) in
        [(0, "UTC"), (-400 * DAY, "America/New_York"), (3 * DAY, "Pacific/Apia"), (-90_000, "Asia/Kathmandu")]
    {
        let mut still = file(vec![interface("eth0", 60, now())], now());
        still.due = Some(now().after(SECOND * 600));
        stage.write_stats("index.json", still.to_json().as_bytes())?;
        let browser = stage.open("")?;
        displace(&browser, millis, zone)?;
        browser.open(&stage.url(""))?;
        browser.wait_until("life", "document.body.dataset.state === 'live'", PATIENCE)?;
        browser.wait_until("a graph", "document.querySelector('.card canvas')?.width > 100", PATIENCE)?;
        sleep(SECOND * 3);
        ensure!(browser.eval("document.body.dataset.state")? == "live", "{zone}");
        let off = browser.eval("Date.now() - performance.timeOrigin - performance.now()")?;
        #[expect(clippy::cast_precision_loss, reason = "of some days")]
        let is_displaced = off.as_f64().is_some_and(|off| (off - millis as f64).abs() < 10_000.0);
        ensure!(is_displaced, "the browser's clock is {off} ms off");
        shown.push(text(&browser, "main")?);
        ensure_clean(&stage, &browser)?;
    }
    ensure!(shown.iter().all(|text| *text == shown[0]), "{shown:#?}");
    Ok(())
}

#[test]
fn old_copies_are_not_taken_for_a_late_collector() -> Result<()> {
    let stage = Stage::new()?;
    let write =
        || stage.write_stats("index.json", file(vec![interface("eth0", 60, now())], now()).to_json().as_bytes());
    write()?;
    let server = stage.url("").trim_start_matches("http://").trim_end_matches('/').to_owned();
    let cache = Cache::before(&server)?;
    let browser = stage.open("")?;
    browser.open(&cache.url(""))?;
    browser.wait_until("life", "document.body.dataset.state === 'live'", PATIENCE)?;
    for _ in 0..5 {
        write()?;
        sleep(SECOND);
    }
    browser.wait_until("that copies come", "document.body.dataset.state === 'cached'", PATIENCE)?;
    // The clocks part as the copy grows older.
    browser.wait_until(
        "who disagrees",
        "/disagree by/.test(document.querySelector('.sentence').textContent)",
        PATIENCE,
    )?;
    let said = text(&browser, ".sentence")?;
    for word in ["old copies", "the file’s time", "HTTP’s Date", "this browser’s clock", "Age "] {
        ensure!(said.contains(word), "{word} is not in `{said}`");
    }
    ensure!(browser.eval("document.querySelectorAll('.card canvas').length")? == 1, "the graph is gone");
    browser.screenshot("state-cached")?;
    let mut fresh = file(vec![interface("eth0", 60, now())], now());
    fresh.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", fresh.to_json().as_bytes())?;
    cache.clear();
    browser.wait_until("life", "document.body.dataset.state === 'live'", PATIENCE)?;
    Ok(())
}
