//! What a viewer is told when something is not as it should be: one sentence, no reload, no frozen page.

use std::fs::File;

use anyhow::{Result, ensure};
use xtask::stage::{Browser, Stage};

use super::files::{SECOND, file, interface, now};
use super::{PATIENCE, ensure_at_home, ensure_clean, text};

#[track_caller]
fn check(query: &str, prepare: impl FnOnce(&Stage) -> Result<()>, kind: &str, sentence: &str) -> Result<()> {
    let stage = Stage::new()?;
    prepare(&stage)?;
    let browser = stage.open(query)?;
    browser.wait_until(&format!("the state {kind}"), &format!("document.body.dataset.state === {kind:?}"), PATIENCE)?;
    let said = text(&browser, ".sentence")?;
    ensure!(said.contains(sentence), "`{said}` is said instead of `{sentence}`");
    browser.screenshot(&format!("state-{kind}-{}", &sentence[..12]))?;
    ensure_answers(&browser)?;
    ensure_at_home(&stage, &browser)
}

/// The page is not frozen.
fn ensure_answers(browser: &Browser) -> Result<()> {
    let frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
    ensure!(browser.eval(frames)? == true, "no frame is drawn");
    Ok(())
}

#[test]
fn a_file_that_is_no_json_is_unreadable() -> Result<()> {
    check(
        "",
        |stage| stage.write_stats("index.json", b"<html>"),
        "unreadable",
        "not a stats file: no JSON in line 1, column 1",
    )
}

#[test]
fn a_file_that_was_cut_is_unreadable() -> Result<()> {
    let cut = |stage: &Stage| {
        let whole = file(vec![interface("eth0", 60, now())], now()).to_json();
        stage.write_stats("index.json", &whole.as_bytes()[..whole.len() / 2])
    };
    check("", cut, "unreadable", "not a stats file: it ends too soon")
}

#[test]
fn a_newer_version_says_what_to_do() -> Result<()> {
    let newer = |stage: &Stage| stage.write_stats("index.json", br#"{"version":2,"targets":[]}"#);
    check("", newer, "unreadable", "version 2 is newer than this page understands (1): reload the page")
}

#[test]
fn a_gigabyte_is_not_read() -> Result<()> {
    let huge = |stage: &Stage| Ok(File::create(stage.stats().join("index.json"))?.set_len(1 << 30)?);
    check("", huge, "unreadable", "larger than 16 MiB")
}

#[test]
fn samples_from_the_future_are_refused() -> Result<()> {
    let future = |stage: &Stage| {
        let file = file(vec![interface("eth0", 60, now().after(SECOND * 3_600))], now());
        stage.write_stats("index.json", file.to_json().as_bytes())
    };
    check("", future, "unreadable", "not a stats file: eth0: its newest sample ended")
}

#[test]
fn a_stats_url_that_is_none_is_said_to_be_none() -> Result<()> {
    check("?stats=http://[", |_| Ok(()), "unreadable", "is not a URL: write ?stats=")
}

#[test]
fn a_device_that_does_not_answer_is_not_the_collectors_fault() -> Result<()> {
    let silent = |stage: &Stage| {
        let mut file = file(vec![interface("eth0", 60, now())], now());
        file.targets[0].problem = Some("no answer from 192.0.2.1:161 within 900ms".to_owned());
        file.due = Some(now().after(SECOND * 600));
        stage.write_stats("index.json", file.to_json().as_bytes())
    };
    check("", silent, "problem", "router: no answer from 192.0.2.1:161 within 900ms; the collector is well")
}

#[test]
fn a_late_file_is_late_and_the_graph_stays() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", file(vec![interface("eth0", 60, now())], now()).to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.wait_until("lateness", "document.body.dataset.state === 'late'", PATIENCE)?;
    ensure!(text(&browser, ".status .word")?.starts_with("late "), "{}", text(&browser, ".status .word")?);
    browser.wait_until(
        "the age",
        "/late [5-9] s/.test(document.querySelector('.status .word').textContent)",
        PATIENCE,
    )?;
    ensure!(browser.eval("document.querySelectorAll('.card canvas').length")? == 1, "the graph is gone");
    browser.screenshot("state-late")?;
    // And it is live again as soon as there is something new.
    let mut fresh = file(vec![interface("eth0", 60, now())], now());
    fresh.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", fresh.to_json().as_bytes())?;
    browser.wait_until("life", "document.body.dataset.state === 'live'", PATIENCE)?;
    ensure_clean(&stage, &browser)
}

#[test]
fn a_graph_of_a_collector_that_has_stopped_says_when_it_ended() -> Result<()> {
    let stage = Stage::new()?;
    let mut file = file(vec![interface("eth0", 60, now())], now());
    file.due = None;
    stage.write_stats("index.json", file.to_json().as_bytes())?;
    let browser = stage.open("?interface=router/eth0")?;
    browser.wait_until("the end", "document.body.dataset.state === 'stopped'", PATIENCE)?;
    let label =
        "[...document.querySelectorAll('.chart-time')].some(time => /^\\d\\d:\\d\\d:\\d\\d$/.test(time.textContent))";
    browser.wait_until("the time of the end", label, PATIENCE)?;
    let now = "[...document.querySelectorAll('.chart-time')].some(time => time.textContent === 'now')";
    ensure!(browser.eval(now)? == false, "the end is said to be now");
    browser.screenshot("state-stopped-detail")?;
    ensure_clean(&stage, &browser)
}

#[test]
fn an_unknown_interface_gets_the_nearest_name() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", file(vec![interface("ge-0/0/1", 60, now())], now()).to_json().as_bytes())?;
    let browser = stage.open("?interface=router/ge-0/0/7")?;
    browser.wait_until("a sentence", "document.querySelector('main a')", PATIENCE)?;
    ensure!(text(&browser, "main")?.contains("router/ge-0/0/1"), "{}", text(&browser, "main")?);
    browser.eval("document.querySelector('main a').click()")?;
    browser.wait_until("the detail", "document.querySelector('h1')?.textContent === 'ge-0/0/1'", PATIENCE)?;
    ensure_clean(&stage, &browser)
}

#[test]
fn what_devices_call_themselves_is_text() -> Result<()> {
    let stage = Stage::new()?;
    let markup = "<img src=x onerror=alert(1)>";
    let mut eth0 = interface(markup, 60, now());
    eth0.if_alias = Some("<script>alert(2)</script>".to_owned());
    let mut file = file(vec![eth0], now());
    file.targets[0].name = "<b>router</b>".to_owned();
    file.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", file.to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.wait_until("a card", "document.querySelector('.card h3')", PATIENCE)?;
    ensure!(text(&browser, ".card h3")? == markup);
    browser.eval("document.querySelector('.card').click()")?;
    browser.wait_until("the detail", "document.querySelector('.detail h1')", PATIENCE)?;
    ensure!(text(&browser, "h1")? == markup);
    ensure!(browser.eval("document.querySelectorAll('img, b, main script').length")? == 0);
    ensure_clean(&stage, &browser)
}

#[test]
fn a_page_of_which_files_are_missing_says_so() -> Result<()> {
    let stage = Stage::new()?;
    let browser = stage.open("")?;
    browser.devtools("Network.enable", serde_json::json!({}))?;
    // As where an old page is kept by a cache, and its program is on the server no more.
    browser.devtools("Network.setBlockedURLs", serde_json::json!({ "urls": ["*.wasm"] }))?;
    browser.open(&stage.url("?again"))?;
    let is_shown = "document.querySelector('.stuck')?.getAnimations().map(animation => animation.finish()).length === 1 \
                    && getComputedStyle(document.querySelector('.stuck')).opacity === '1'";
    browser.wait_until("the sentence", is_shown, PATIENCE)?;
    let said = text(&browser, ".stuck")?;
    ensure!(said.contains("has not loaded") && said.contains("all files of the page on the web server"), "{said}");
    ensure!(browser.eval("document.querySelector('main') === null")? == true, "the page has begun all the same");
    Ok(())
}
