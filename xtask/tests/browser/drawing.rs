//! What is drawn: that it moves as time does, that the cursor reads what the file says, that many ports need few requests.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use stats::{InterfaceStats, Quantity, StatsFile};
use xtask::stage::{Browser, Stage};

use super::files::{SECOND, file, interface, interface_with_gap, now};
use super::picture::Picture;
use super::{PATIENCE, ensure_clean, prefer, text};

/// A file that says that nothing new is due for long, so that what is seen is the motion and nothing else.
pub(crate) fn still(interfaces: Vec<InterfaceStats>) -> StatsFile {
    let mut file = file(interfaces, now());
    file.due = Some(now().after(SECOND * 600));
    file
}

pub(crate) fn open_detail(stage: &Stage) -> Result<Browser> {
    let browser = stage.open("?interface=router/eth0&window=1m")?;
    browser.resize(1_280, 900, 1.0)?;
    browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 300", PATIENCE)?;
    sleep(Duration::from_millis(300));
    Ok(browser)
}

pub(crate) fn number(browser: &Browser, expression: &str) -> Result<f64> {
    browser.eval(expression)?.as_f64().with_context(|| format!("`{expression}` is no number"))
}

#[test]
fn two_pictures_differ_by_the_time_between_them() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![interface("eth0", 120, now())]).to_json().as_bytes())?;
    let browser = open_detail(&stage)?;
    // The window is a minute wide.
    let width = number(&browser, "document.querySelector('.panel.octets .chart-clip').getBoundingClientRect().width")?;
    let pixels_a_second = width / 60.0;
    let window = browser.eval(
        "(r => [r.left, r.top, r.width, r.height])(document.querySelector('.panel.octets .chart-clip').getBoundingClientRect())",
    )?;

    // Each picture was taken at some time between these.
    let before = number(&browser, "performance.now()")?;
    let first = browser.png()?;
    let after_first = number(&browser, "performance.now()")?;
    sleep(Duration::from_secs(3));
    let before_second = number(&browser, "performance.now()")?;
    let second = browser.png()?;
    let after = number(&browser, "performance.now()")?;

    let (first, second) = (Picture::of(&first, &window)?, Picture::of(&second, &window)?);
    let shift = f64::from(second.shift_from(&first)?);
    let least = (before_second - after_first) / 1_000.0 * pixels_a_second;
    let most = (after - before) / 1_000.0 * pixels_a_second;
    ensure!(
        (least - 2.0..=most + 2.0).contains(&shift),
        "the graph moved by {shift} px, where time moved by {least:.1} to {most:.1} px"
    );
    ensure_clean(&stage, &browser)
}

#[test]
fn the_graph_moves_in_every_frame_and_evenly() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![interface("eth0", 120, now())]).to_json().as_bytes())?;
    let browser = open_detail(&stage)?;
    // Where the layer is, and when, for two seconds of frames.
    let positions = browser.eval(
        "new Promise(done => {
            const layer = document.querySelector('.panel.octets canvas'), seen = [];
            const look = () => {
                seen.push([document.timeline.currentTime, layer.getBoundingClientRect().left]);
                seen.length < 120 ? requestAnimationFrame(look) : done(seen);
            };
            requestAnimationFrame(look);
        })",
    )?;
    let positions: Vec<(f64, f64)> = serde_json::from_value(positions)?;
    let width = number(&browser, "document.querySelector('.panel.octets .chart-clip').getBoundingClientRect().width")?;
    let expected = width / 60_000.0;
    let (start, origin) = positions[0];
    for (time, left) in &positions {
        let off = (origin - left) - (time - start) * expected;
        ensure!(off.abs() < 0.1, "the graph is {off:.3} px off a straight line after {} ms", time - start);
    }
    Ok(())
}

#[test]
fn the_cursor_reads_what_the_file_says() -> Result<()> {
    let stage = Stage::new()?;
    let eth0 = interface_with_gap("eth0", 120, now());
    let samples = eth0.samples.to_vec();
    stage.write_stats("index.json", still(vec![eth0]).to_json().as_bytes())?;
    let browser = open_detail(&stage)?;
    let place = browser.eval(
        "(r => [r.left + r.width / 3, r.top + r.height / 4].map(Math.round))\
         (document.querySelector('.panel.octets .chart-clip').getBoundingClientRect())",
    )?;
    let (x, y): (i64, i64) = serde_json::from_value(place)?;
    browser.point_at(x, y)?;
    browser.wait_until(
        "the cursor",
        "document.querySelector('.panel.octets .chart-tooltip')?.offsetWidth > 0",
        PATIENCE,
    )?;
    let said = text(&browser, ".panel.octets .chart-tooltip")?;
    let says = |word: &str, octets: Option<f64>| {
        octets.is_some_and(|octets| said.contains(&format!("{word}{:.1} Mbit/s", octets * 8.0 / 1e6)))
    };
    // Both directions, and of one sample.
    let of_a_sample = samples.iter().any(|sample| {
        says("In", sample.per_second(Quantity::InOctets)) && says("Out", sample.per_second(Quantity::OutOctets))
    });
    ensure!(of_a_sample, "`{said}` is nothing that the file says");
    browser.screenshot("cursor")?;

    // A gap says why, wherever in it the pointer is: it wanders past under it.
    let place = browser.eval(
        "(r => [r.right - r.width * 36 / 60, r.top + r.height / 4].map(Math.round))\
         (document.querySelector('.panel.octets .chart-clip').getBoundingClientRect())",
    )?;
    let (x, y): (i64, i64) = serde_json::from_value(place)?;
    browser.point_at(x, y)?;
    let gap = "/answer/.test(document.querySelector('.panel.octets .chart-tooltip').textContent)";
    browser.wait_until("the gap's reason", gap, PATIENCE)?;
    browser.screenshot("cursor-in-gap")?;
    ensure_clean(&stage, &browser)
}

#[test]
fn forty_eight_ports_open_full_with_a_handful_of_requests_and_then_poll_one_file() -> Result<()> {
    let stage = Stage::new()?;
    write_switch(&stage)?;
    let browser = stage.open("")?;
    browser.resize(1_360, 900, 1.0)?;
    browser.wait_until("all cards", "document.querySelectorAll('.card').length === 48", PATIENCE)?;
    sleep(Duration::from_secs(1));
    let opened = data_requests(&browser)?;
    let files: BTreeSet<&String> = opened.iter().collect();
    ensure!(files.len() <= 7, "{opened:?}");
    let figures = "[...document.querySelectorAll('.card .rate.in .figure')].every(f => /bit/.test(f.textContent))";
    ensure!(browser.eval(figures)? == Value::Bool(true), "a card has no figure");
    prefer(&browser, "dark")?;
    browser.screenshot("overview-48-dark")?;
    prefer(&browser, "light")?;
    sleep(Duration::from_millis(300));
    browser.screenshot("overview-48-light")?;

    for _ in 0..4 {
        write_switch(&stage)?;
        sleep(SECOND);
    }
    let polled: BTreeSet<String> = data_requests(&browser)?.split_off(opened.len()).into_iter().collect();
    ensure!(polled == BTreeSet::from([stage.url("stats/index.json")]), "{polled:?}");
    let fetched_once = files.iter().filter(|url| !url.ends_with("index.json"));
    let again = fetched_once.filter(|url| opened.iter().filter(|other| other == *url).count() > 1);
    ensure!(again.count() == 0, "{opened:?}");
    ensure_clean(&stage, &browser)
}

/// The files of a switch of 48 ports, as the collector lays them out.
fn write_switch(stage: &Stage) -> Result<()> {
    let now = now();
    let mut index = Vec::new();
    for group in 1..=3 {
        let names = (1..=16).map(|port| format!("Port {}", (group - 1) * 16 + port));
        let (live, recent) = (format!("switch-{group}.live.json"), format!("switch-{group}.recent.json"));
        let ports: Vec<InterfaceStats> = names.map(|name| interface(&name, 300, now)).collect();
        for port in &ports {
            let newest = interface(&port.name, 300, now);
            index.push(InterfaceStats { live: Some(live.clone()), recent: Some(recent.clone()), ..newest });
        }
        let text = file(ports, now).to_json();
        stage.write_stats(&live, text.as_bytes())?;
        stage.write_stats(&recent, text.as_bytes())?;
    }
    stage.write_stats("index.json", file(index, now).to_json().as_bytes())
}

fn data_requests(browser: &Browser) -> Result<Vec<String>> {
    let all = browser.requests()?;
    Ok(all.into_iter().filter(|url| url.contains("/stats/")).collect())
}

#[test]
fn a_card_opens_by_the_keyboard_and_back_leads_back() -> Result<()> {
    let stage = Stage::new()?;
    let ports: Vec<InterfaceStats> = (0..40).map(|number| interface(&format!("Port {number}"), 60, now())).collect();
    stage.write_stats("index.json", still(ports).to_json().as_bytes())?;
    let browser = stage.open("")?;
    for way in ["history.back()", "document.querySelector('.back a').click()"] {
        browser.wait_until("the cards", "document.querySelectorAll('.card').length === 40", PATIENCE)?;
        browser.eval("document.querySelectorAll('.card')[37].focus()")?;
        browser.press("\u{e007}")?;
        browser.wait_until("the detail", "document.querySelectorAll('.panel').length === 2", PATIENCE)?;
        ensure!(browser.eval("location.search.includes('interface=router')")? == Value::Bool(true));
        ensure!(browser.eval("document.activeElement.tagName")? == "H1");
        browser.press("1")?;
        browser.eval(way)?;
        // To where the viewer came from: the keyboard goes on there, and it is seen.
        let is_there = "document.activeElement.innerText.startsWith('Port 37') && (box => box.top >= 0 && box.bottom
            <= innerHeight)(document.activeElement.getBoundingClientRect())";
        browser.wait_until("the card again", is_there, PATIENCE)?;
        browser.wait_until("the window that was chosen", "location.search.includes('window=1m')", PATIENCE)?;
        ensure!(text(&browser, ".segments [aria-pressed=true]")? == "1 min");
    }
    ensure_clean(&stage, &browser)
}
