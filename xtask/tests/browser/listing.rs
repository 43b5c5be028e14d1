//! A large site: an index that only lists its interfaces, and live files of which those in sight are fetched.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use stats::{History, InterfaceStats, Sample, Samples, Timestamp};
use xtask::stage::{Browser, Stage};

use super::files::{SECOND, amounts, file, now, with_history};
use super::{PATIENCE, ensure_clean};

/// How many interfaces share a file.
const GROUP: usize = 64;

/// The interfaces of a group with their newest samples as of then, named by their numbers. Samples are numbered by their
/// seconds.
fn group(number: usize, samples: u32, written: Timestamp) -> Vec<InterfaceStats> {
    let last = written.as_micros() / 1_000_000;
    let first = last + 1 - u64::from(samples);
    let mut history = History::beginning_at(first, Duration::from_mins(10));
    for second in first..=last {
        let end = Timestamp::from_micros(second * 1_000_000);
        history.push(Sample { end, duration: SECOND, gap: None, passed: amounts(second) });
    }
    let ports = number * GROUP..(number + 1) * GROUP;
    ports.map(|port| with_history(&format!("port{port}"), &history)).collect()
}

/// Writes an index that lists the interfaces of so many groups, and their recent files.
fn write_listing(stage: &Stage, groups: usize) -> Result<()> {
    let mut listed = Vec::new();
    for number in 0..groups {
        let (live, recent) = (format!("r-{number}.live.json"), format!("r-{number}.recent.json"));
        for port in group(number, 1, now()) {
            let (live, recent) = (Some(live.clone()), Some(recent.clone()));
            listed.push(InterfaceStats { live, recent, samples: Samples::default(), ..port });
        }
        stage.write_stats(&recent, file(group(number, 120, now()), now()).to_json().as_bytes())?;
    }
    let mut index = file(listed, now());
    index.due = Some(now().after(SECOND * 60));
    stage.write_stats("index.json", index.to_json().as_bytes())
}

/// Writes live files each second, and on time: they are made before it. A page that finds a file late looks for it again
/// soon, so that on a busy machine it would be the writer's delays that are counted.
struct Writer<'a> {
    stage: &'a Stage,
    groups: usize,
    due: Timestamp,
}

impl<'a> Writer<'a> {
    fn of(stage: &'a Stage, groups: usize) -> Self {
        Self { stage, groups, due: now() }
    }

    /// Writes the files of the next so many seconds.
    fn write(&mut self, seconds: u32) -> Result<()> {
        for _ in 0..seconds {
            let text = |number| file(group(number, 16, self.due), self.due).to_json();
            let texts: Vec<String> = (0..self.groups).map(text).collect();
            sleep(self.due.since(now()));
            for (number, text) in texts.into_iter().enumerate() {
                self.stage.write_stats(&format!("r-{number}.live.json"), text.as_bytes())?;
            }
            self.due = self.due.after(SECOND);
        }
        Ok(())
    }
}

/// The seconds since the page was opened, begun ones counted as whole: each may bring a look at a file.
fn seconds(browser: &Browser) -> Result<usize> {
    let seconds = browser.eval("Math.ceil(performance.now() / 1000)")?.as_u64().context("no time")?;
    Ok(usize::try_from(seconds)?)
}

/// How often each file was fetched.
fn fetched(browser: &Browser) -> Result<BTreeMap<String, usize>> {
    let mut count = BTreeMap::new();
    for url in browser.requests()? {
        if let Some((_, name)) = url.split_once("/stats/") {
            *count.entry(name.to_owned()).or_default() += 1;
        }
    }
    Ok(count)
}

#[test]
fn of_a_large_site_the_files_in_sight_are_fetched_once_an_interval() -> Result<()> {
    let stage = Stage::new()?;
    write_listing(&stage, 2)?;
    let mut writer = Writer::of(&stage, 2);
    writer.write(1)?;
    let browser = stage.open("")?;
    browser.resize(800, 600, 1.0)?;
    browser.wait_until("a graph", "document.querySelector('.card canvas')?.width > 100", PATIENCE)?;
    // Time to find out when files are written.
    writer.write(6)?;
    let (before, begun) = (fetched(&browser)?, seconds(&browser)?);
    let figure = "document.querySelector('.card .rate.in .figure').textContent";
    let shown = browser.eval(figure)?;
    ensure!(shown.as_str().is_some_and(|shown| shown.contains("bit/s")), "{shown}");
    writer.write(6)?;
    ensure!(browser.eval(figure)? != shown, "the first card stands still");
    let after = fetched(&browser)?;
    let passed = seconds(&browser)? - begun;
    let since =
        |name: &str| after.get(name).copied().unwrap_or_default() - before.get(name).copied().unwrap_or_default();
    // How evenly it is polled is tried in simulated time: here a busy machine may skip some, and may take longer than the files.
    ensure!((2..=passed + 1).contains(&since("r-0.live.json")), "in {passed} s: {before:?} {after:?}");
    ensure!(since("index.json") == 0, "{before:?} {after:?}");
    ensure!(!after.keys().any(|name| name.starts_with("r-1.")), "{after:?}");
    ensure!(browser.eval("document.body.dataset.state")? == "live");
    ensure!(browser.eval("document.querySelectorAll('canvas').length")?.as_u64() < Some(40), "all cards have a canvas");
    browser.screenshot("large-site")?;

    // What is at the end comes into sight, and what was leaves it.
    browser.eval("window.scrollTo(0, document.body.scrollHeight)")?;
    let last = "[...document.querySelectorAll('.card')].at(-1)";
    let moves = format!("{last}.querySelector('canvas')?.width > 100 && /bit/.test({last}.textContent)");
    browser.wait_until("the last card", &moves, PATIENCE)?;
    let (before, begun) = (fetched(&browser)?, seconds(&browser)?);
    writer.write(6)?;
    let after = fetched(&browser)?;
    let passed = seconds(&browser)? - begun;
    let since =
        |name: &str| after.get(name).copied().unwrap_or_default() - before.get(name).copied().unwrap_or_default();
    // Some looks are to find out when this file is written.
    ensure!((2..=passed + 3).contains(&since("r-1.live.json")), "in {passed} s: {before:?} {after:?}");
    ensure!(since("r-0.live.json") == 0, "{before:?} {after:?}");
    ensure!(after["r-1.recent.json"] == 1 && after["r-0.recent.json"] == 1, "{after:?}");
    browser.screenshot("large-site-end")?;
    ensure_clean(&stage, &browser)
}

#[test]
fn of_two_thousand_interfaces_those_in_sight_have_a_graph() -> Result<()> {
    let stage = Stage::new()?;
    write_listing(&stage, 32)?;
    Writer::of(&stage, 32).write(1)?;
    let browser = stage.open("")?;
    browser.wait_until("all cards", "document.querySelectorAll('.card').length === 2048", PATIENCE)?;
    // Far down, what comes into sight is there, and what was passed leaves nothing heavy behind.
    for _ in 0..20 {
        browser.eval("window.scrollBy(0, 1000)")?;
    }
    // Not in the middle, which is between two cards where there is an even number of them.
    let middle = "document.elementFromPoint(innerWidth / 3, innerHeight / 2)?.closest('.card')";
    browser.wait_until("a graph", &format!("{middle}?.querySelector('canvas')?.width > 100"), PATIENCE)?;
    ensure!(browser.eval("document.querySelectorAll('canvas').length < 200")? == Value::Bool(true));
    ensure_clean(&stage, &browser)
}

#[test]
fn of_five_hundred_ports_one_file_is_polled_and_those_in_sight_are_drawn() -> Result<()> {
    let stage = Stage::new()?;
    // On time, as `Writer` says: who writes late leaves holes, which are filled from other files.
    let mut due = now();
    let mut write = || -> Result<()> {
        let mut index = Vec::new();
        for number in 0..8 {
            let recent = format!("r-{number}.recent.json");
            let live = format!("r-{number}.live.json");
            let ports = group(number, 16, due);
            index.extend(ports.into_iter().map(|port| InterfaceStats {
                recent: Some(recent.clone()),
                live: Some(live.clone()),
                ..port
            }));
        }
        index.truncate(500);
        let index = file(index, due).to_json();
        sleep(due.since(now()));
        due = due.after(SECOND);
        stage.write_stats("index.json", index.as_bytes())
    };
    for number in 0..8 {
        let recent = file(group(number, 120, now()), now()).to_json();
        stage.write_stats(&format!("r-{number}.recent.json"), recent.as_bytes())?;
        stage.write_stats(&format!("r-{number}.live.json"), recent.as_bytes())?;
    }
    write()?;
    let browser = stage.open("")?;
    browser.resize(1_360, 900, 1.0)?;
    browser.wait_until("all cards", "document.querySelectorAll('.card').length === 500", PATIENCE)?;
    browser.wait_until("graphs", "document.querySelectorAll('canvas').length > 20", PATIENCE)?;
    // What was not written meanwhile is made up for.
    for _ in 0..8 {
        write()?;
    }
    ensure!(browser.eval("document.querySelectorAll('canvas').length < 80")? == Value::Bool(true), "all have a canvas");
    let before = fetched(&browser)?;
    ensure!(!before.keys().any(|name| name.starts_with("r-7.")), "{before:?}");
    for _ in 0..5 {
        write()?;
    }
    let after = fetched(&browser)?;
    let polled: Vec<&String> =
        after.iter().filter(|(name, count)| before.get(*name) != Some(count)).map(|(name, _)| name).collect();
    ensure!(polled == ["index.json"], "{before:?} {after:?}");
    ensure_clean(&stage, &browser)
}
