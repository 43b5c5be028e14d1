//! A display on a wall: that all of it is seen, on whatever screen, and that whoever comes to it can leave.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use stats::{Amounts, History, InterfaceStats, Maxima, Quantity, Sample};
use xtask::stage::{Browser, Stage};

use super::drawing::{number, still};
use super::files::{SECOND, amounts, interface, now, with_history};
use super::{PATIENCE, ensure_clean};

/// The key that leads back, as it is pressed in a test.
const ESCAPE: &str = "\u{e00c}";

/// An interface that has everything: errors, discards, a long name and a `max`.
pub(crate) fn troubled() -> InterfaceStats {
    let mut history = History::beginning_at(1_000, Duration::from_mins(10));
    for number in 0..120_u32 {
        let end = now().before(SECOND * (119 - number));
        let passed = with_troubles(amounts(u64::from(number)), u64::from(number % 7));
        history.push(Sample { end, duration: SECOND, gap: None, passed });
    }
    let max = Maxima { in_octets: Some(90_000_000), out_octets: Some(60_000_000), ..Maxima::default() };
    let alias = Some("Uplink to core-sw2 (po1)".to_owned());
    InterfaceStats { max: Some(Box::new(max)), if_alias: alias, ..with_history("GigabitEthernet1/0/48", &history) }
}

fn with_troubles(amounts: Amounts, count: u64) -> Amounts {
    amounts
        .with(Quantity::InErrors, count)
        .with(Quantity::OutErrors, 0)
        .with(Quantity::InDiscards, 0)
        .with(Quantity::OutDiscards, count * 100)
}

/// What is wrong with how the wall is laid out: graphs that are too low, figures that stick out, letters over each other.
const WRONG: &str = "(() => {
    const wrong = [], seen = selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility());
    const box = element => element.getBoundingClientRect();
    const root = document.documentElement;
    if (root.scrollHeight > innerHeight) wrong.push(`higher than the screen by ${root.scrollHeight - innerHeight}`);
    if (root.scrollWidth > innerWidth) wrong.push(`wider than the screen by ${root.scrollWidth - innerWidth}`);
    for (const panel of seen('.panel')) {
        const name = panel.querySelector('h2').textContent, { left, right, top, bottom } = box(panel);
        const height = box(panel.querySelector('.chart-clip')).height;
        if (height < 40) wrong.push(`${name} is ${height} high`);
        for (const part of panel.querySelectorAll('h2, .figures :is(th, td), .chart-rate, .chart-time')) {
            const its = box(part);
            const sticksOut = its.left < left || its.right > right || its.top < top || its.bottom > bottom;
            if (its.width > 0 && sticksOut) wrong.push(`${name}: ${part.textContent} sticks out`);
        }
        for (const kind of ['.chart-rate:not(.chart-rate-zero)', '.chart-time']) {
            const labels = [...panel.querySelectorAll(kind)].map(box);
            const overlap = (one, other) => one.left < other.right && other.left < one.right &&
                one.top + 1 < other.bottom && other.top + 1 < one.bottom;
            const two = labels.some((one, at) => labels.slice(at + 1).some(other => overlap(one, other)));
            if (two) wrong.push(`${name}: ${kind} over each other`);
        }
    }
    return wrong;
})()";

fn open(stage: &Stage, browser: &Browser, name: &str, (width, height): (u32, u32)) -> Result<()> {
    browser.resize(width, height, 1.0)?;
    browser.open(&stage.url(&format!("?interface=router/{name}&kiosk&window=1m")))?;
    browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 100", PATIENCE)?;
    browser.wait_until("an axis", "document.querySelector('.panel.octets .chart-rate')", PATIENCE)
}

#[test]
fn all_of_a_wall_is_seen_on_whatever_screen() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![troubled(), interface("eth0", 120, now())]).to_json().as_bytes())?;
    let browser = stage.open("")?;
    for size in [(1_280, 720), (1_366, 768), (800, 480), (1_024, 768), (1_920, 1_080), (3_840, 2_160), (360, 740)] {
        for (interface, lowest) in [("GigabitEthernet1/0/48", 80.0), ("eth0", 120.0)] {
            open(&stage, &browser, interface, size)?;
            let (width, height) = size;
            let wrong = browser.eval(WRONG)?;
            browser.screenshot(&format!("wall-{width}-{}", if interface == "eth0" { "plain" } else { "troubled" }))?;
            ensure!(wrong == Value::Array(Vec::new()), "{interface} on {width} x {height}: {wrong}");
            let octets = "document.querySelector('.panel.octets .chart-clip').getBoundingClientRect().height";
            let octets = number(&browser, octets)?;
            ensure!(octets >= lowest, "{interface} on {width} x {height}: throughput is {octets} high");
        }
    }
    // Of many interfaces, too, all are seen.
    let many = (1..=48).map(|port| interface(&format!("Port {port}"), 60, now())).collect();
    stage.write_stats("index.json", still(many).to_json().as_bytes())?;
    browser.resize(1_920, 1_080, 1.0)?;
    browser.open(&stage.url("?kiosk"))?;
    browser.wait_until("the graphs", "document.querySelectorAll('canvas').length === 48", PATIENCE)?;
    let beyond = "document.documentElement.scrollHeight - innerHeight";
    ensure!(number(&browser, beyond)? <= 0.0, "{} of the cards are out of sight", browser.eval(beyond)?);
    browser.screenshot("wall-many")?;
    ensure_clean(&stage, &browser)
}

#[test]
fn whoever_comes_to_a_wall_can_leave_it() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![interface("eth0", 120, now())]).to_json().as_bytes())?;
    let browser = stage.open("")?;
    let is_wall = "document.body.dataset.kiosk === 'true'";
    let is_page = "document.body.dataset.kiosk === 'false' && !location.search.includes('kiosk')";
    let is_out = "document.querySelector('.exit').checkVisibility()";

    // A pointer that moves shows the way out and itself, for a while.
    open(&stage, &browser, "eth0", (1_280, 720))?;
    ensure!(browser.eval(is_out)? == false, "the way out is seen though nobody is there");
    browser.point_at(400, 300)?;
    browser.point_at(420, 310)?;
    browser.wait_until("the way out", is_out, PATIENCE)?;
    ensure!(browser.eval("getComputedStyle(document.querySelector('.chart-plot')).cursor")? != "none", "no pointer");
    browser.screenshot("wall-exit")?;
    browser.wait_until("rest", &format!("!{is_out}"), PATIENCE)?;
    ensure!(browser.eval("getComputedStyle(document.querySelector('.chart-plot')).cursor")? == "none", "a pointer");

    // So does a finger; and the button leads back.
    let touch = |kind: &str, points: Value| {
        browser.devtools("Input.dispatchTouchEvent", serde_json::json!({ "type": kind, "touchPoints": points }))
    };
    touch("touchStart", serde_json::json!([{ "x": 300, "y": 40 }]))?;
    touch("touchEnd", serde_json::json!([]))?;
    browser.wait_until("the way out", is_out, PATIENCE)?;
    browser.eval("document.querySelector('.exit').click()")?;
    browser.wait_until("the page", is_page, PATIENCE)?;

    // A graph that has the focus takes the key only where it has a cursor to put away.
    open(&stage, &browser, "eth0", (1_280, 720))?;
    browser.eval("document.querySelector('.chart-large').focus()")?;
    browser.press("\u{e012}")?;
    browser.wait_until("a cursor", "!document.querySelector('.chart-cursor').hidden", PATIENCE)?;
    browser.press(ESCAPE)?;
    browser.wait_until("no cursor", "document.querySelector('.chart-cursor').hidden", PATIENCE)?;
    ensure!(browser.eval(is_wall)? == true, "one key did two things");
    browser.press(ESCAPE)?;
    browser.wait_until("the page", is_page, PATIENCE)?;

    // And whoever has done away with keys is not held by that.
    browser.eval("document.querySelector('.help input').click()")?;
    open(&stage, &browser, "eth0", (800, 480))?;
    browser.press("k")?;
    sleep(Duration::from_millis(300));
    ensure!(browser.eval(is_wall)? == true, "a key works that was switched off");
    browser.press(ESCAPE)?;
    browser.wait_until("the page", is_page, PATIENCE)?;
    ensure_clean(&stage, &browser)
}
