//! How high graphs reach and which way is up, as the viewer chooses; which graphs there are; and what is known of what they
//! show.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use stats::{Amounts, GapReason, History, InterfaceStats, Maxima, Quantity, Sample, StatsFile, Timestamp};
use xtask::stage::{Browser, Stage};

use super::files::{SECOND, amounts, file, interface, now, with_history};
use super::{PATIENCE, ensure_clean, text};

/// A file that says that nothing new is due for long.
fn still(interface: InterfaceStats) -> StatsFile {
    let mut file = file(vec![interface], now());
    file.due = Some(now().after(SECOND * 600));
    file
}

/// Opens the detail with that query, and waits for its graph.
fn open(stage: &Stage, browser: &Browser, query: &str) -> Result<()> {
    browser.open(&stage.url(&format!("?interface=router/eth0{query}")))?;
    browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 300", PATIENCE)?;
    browser.wait_until("an axis", "document.querySelector('.panel.octets .chart-rate')", PATIENCE)
}

/// The labels of the vertical axis, from the top to the bottom.
fn labels(browser: &Browser) -> Result<Vec<String>> {
    let labels = browser.eval(
        "[...document.querySelectorAll('.panel.octets .chart-rate')]\
         .sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top)).map(label => label.textContent)",
    )?;
    Ok(serde_json::from_value(labels)?)
}

#[track_caller]
fn check(stage: &Stage, browser: &Browser, query: &str, expected: &[&str]) -> Result<()> {
    open(stage, browser, query)?;
    let labels = labels(browser)?;
    ensure!(labels == expected, "`{query}` has {labels:?} on its axis");
    Ok(())
}

#[test]
fn graphs_reach_as_high_as_the_viewer_chooses() -> Result<()> {
    let stage = Stage::new()?;
    let max = Maxima { in_octets: Some(150_000_000), out_octets: Some(50_000_000), ..Maxima::default() };
    let eth0 = InterfaceStats { max: Some(Box::new(max)), ..interface("eth0", 120, now()) };
    stage.write_stats("index.json", still(eth0).to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.resize(1_280, 900, 1.0)?;
    let [g0_5, g1, g1_5] = ["0.5 Gbit/s", "1 Gbit/s", "1.5 Gbit/s"];
    check(&stage, &browser, "", &[g1, g0_5, "0", g0_5, g1])?;
    check(&stage, &browser, "&scale=link&layout=out-above", &[g1, g0_5, "0", g0_5, g1])?;
    check(&stage, &browser, "&scale=max", &[g1_5, g1, g0_5, "0", g0_5, g1, g1_5])?;
    // 150 million octets a second are 1.2 Gbit/s of the 1.5 that the graph holds.
    let band = browser.eval(
        "(r => r.height)(document.querySelector('.panel.octets .chart-band.chart-in').getBoundingClientRect()) \
         / document.querySelector('.panel.octets .chart-clip').getBoundingClientRect().height",
    )?;
    ensure!(band.as_f64().is_some_and(|share| (share - 0.5 * 1.2 / 1.5 / 1.01).abs() < 0.01), "a band of {band}");
    browser.screenshot("scale-max")?;
    check(
        &stage,
        &browser,
        "&scale=200M",
        &[
            "200 Mbit/s",
            "150 Mbit/s",
            "100 Mbit/s",
            "50 Mbit/s",
            "0",
            "50 Mbit/s",
            "100 Mbit/s",
            "150 Mbit/s",
            "200 Mbit/s",
        ],
    )?;
    check(&stage, &browser, "&layout=both-above", &[g1, g0_5, "0"])?;
    check(&stage, &browser, "&axis=log&layout=both-above", &[g1, "10 Mbit/s", "100 kbit/s", "0"])?;
    browser.screenshot("scale-log-both-above")?;
    check(
        &stage,
        &browser,
        "&unit=octets&prefix=binary&layout=both-above",
        &["150 MiB/s", "100 MiB/s", "50 MiB/s", "0"],
    )?;
    let style = browser.eval("getComputedStyle(document.querySelector('.chart-line')).borderBlockStartStyle")?;
    ensure!(style == "solid", "the grid's lines are {style}");
    ensure_clean(&stage, &browser)
}

/// So many samples of a second, the last of which ended then, with what `passed` makes of what passed usually.
fn samples(count: u64, end: Timestamp, passed: impl Fn(u64, Amounts) -> Amounts) -> InterfaceStats {
    let mut history = History::beginning_at(1_000, Duration::from_mins(10));
    for number in 0..count {
        let end = end.before(SECOND * u32::try_from(count - 1 - number).unwrap_or(0));
        let passed = passed(number, amounts(1_000 + number));
        history.push(Sample { end, duration: SECOND, gap: None::<GapReason>, passed });
    }
    with_history("eth0", &history)
}

fn panels(browser: &Browser) -> Result<String> {
    let titles = browser.eval("[...document.querySelectorAll('.panel h2')].map(title => title.textContent).join()")?;
    Ok(titles.as_str().unwrap_or_default().to_owned())
}

#[test]
fn errors_and_discards_have_graphs_where_there_are_any() -> Result<()> {
    let stage = Stage::new()?;
    let none = |_, amounts: Amounts| amounts.with(Quantity::InErrors, 0).with(Quantity::OutDiscards, 0);
    stage.write_stats("index.json", file(vec![samples(60, now(), none)], now()).to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.resize(1_280, 900, 1.0)?;
    open(&stage, &browser, "")?;
    let before = panels(&browser)?;
    ensure!(before == "Throughput,Packets", "{before}");
    // Both come while the page is open; discards first, and errors have their place before them all the same.
    let with = |errors: u64, discards: u64| {
        move |number, amounts: Amounts| {
            let newest = u64::from(number > 60);
            amounts.with(Quantity::InErrors, newest * errors).with(Quantity::OutDiscards, newest * discards)
        }
    };
    stage.write_stats("index.json", file(vec![samples(62, now(), with(0, 7))], now()).to_json().as_bytes())?;
    browser.wait_until("discards", "document.querySelector('.panel.discards canvas')?.width > 300", PATIENCE)?;
    stage.write_stats("index.json", file(vec![samples(64, now(), with(3, 7))], now()).to_json().as_bytes())?;
    browser.wait_until("errors", "document.querySelector('.panel.errors canvas')?.width > 300", PATIENCE)?;
    let after = panels(&browser)?;
    ensure!(after == "Throughput,Packets,Errors,Discards", "{after}");
    browser.screenshot("errors-and-discards")?;
    ensure_clean(&stage, &browser)
}

#[test]
fn a_scale_moves_to_a_new_height_unless_the_viewer_wants_no_motion() -> Result<()> {
    let stage = Stage::new()?;
    let before = |_, _| Amounts::UNKNOWN.with(Quantity::InOctets, 1_000_000).with(Quantity::OutOctets, 500_000);
    let write = |count: u64, passed: &dyn Fn(u64, Amounts) -> Amounts| {
        stage.write_stats("index.json", file(vec![samples(count, now(), passed)], now()).to_json().as_bytes())
    };
    write(60, &before)?;
    let browser = stage.open("")?;
    browser.resize(1_280, 900, 1.0)?;
    let cases = [
        ("no-preference", 3_000_000, "30 Mbit/s", true),
        ("no-preference", 300_000_000, "3 Gbit/s", true),
        ("reduce", 3_000_000, "30 Mbit/s", false),
    ];
    for (wish, octets, top, expected) in cases {
        let features = serde_json::json!({ "features": [{ "name": "prefers-reduced-motion", "value": wish }] });
        browser.devtools("Emulation.setEmulatedMedia", features)?;
        write(60, &before)?;
        open(&stage, &browser, "&window=1m")?;
        // Told in the frame in which the axis is drawn anew: is the graph on its way then?
        let moved = format!(
            "new Promise(done => {{
                const panel = document.querySelector('.panel.octets');
                new MutationObserver((_, observer) => {{
                    if (panel.querySelector('.chart-rate').textContent !== {top:?}) return;
                    observer.disconnect();
                    done(panel.querySelector('.chart-stretch').getAnimations().length > 0);
                }}).observe(panel.querySelector('.chart-rates'), {{ childList: true }});
            }})"
        );
        browser.eval(&format!("void (window.moved = {moved})"))?;
        let after = |number, amounts| {
            let usual = before(number, amounts);
            if number > 60 { usual.with(Quantity::InOctets, octets) } else { usual }
        };
        write(62, &after)?;
        let moved = browser.eval("window.moved")?;
        ensure!(moved == Value::Bool(expected), "with `{wish}` it is {moved} that the scale moves to {top}");
    }
    ensure_clean(&stage, &browser)
}

#[test]
fn a_lane_under_the_graph_says_how_much_is_known() -> Result<()> {
    let stage = Stage::new()?;
    let mut history = History::beginning_at(1_000, Duration::from_mins(10));
    for number in 0..40_u32 {
        let end = now().before(SECOND * 3 * (39 - number));
        history.push(Sample { end, duration: SECOND * 3, gap: None, passed: amounts(u64::from(number)) });
    }
    let mut cached = still(with_history("eth0", &history));
    cached.targets[0].refresh = Some(Duration::from_millis(3_060));
    stage.write_stats("index.json", cached.to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.resize(1_280, 900, 1.0)?;
    open(&stage, &browser, "&window=1m")?;
    let word = text(&browser, ".panel.octets .chart-quality")?;
    ensure!(word == "cache 3.1 s", "the lane says `{word}`");
    let place = browser.eval(
        "(r => [r.left + r.width / 3, r.top + r.height / 4].map(Math.round))\
         (document.querySelector('.panel.octets .chart-clip').getBoundingClientRect())",
    )?;
    let (x, y): (i64, i64) = serde_json::from_value(place)?;
    browser.point_at(x, y)?;
    let said = "/cache, refreshed each 3.1 s/.test(document.querySelector('.panel.octets .chart-tooltip').textContent)";
    browser.wait_until("the period at the cursor", said, PATIENCE)?;
    browser.screenshot("lane-cached")?;

    stage.write_stats("index.json", still(interface("eth0", 60, now())).to_json().as_bytes())?;
    open(&stage, &browser, "&window=1m")?;
    let word = text(&browser, ".panel.octets .chart-quality")?;
    ensure!(word == "fine", "the lane says `{word}`");
    ensure_clean(&stage, &browser)
}
