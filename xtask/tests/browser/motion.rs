//! That graphs move as time does and as nothing else: at every pixel ratio, whatever files do, up to the right edge.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use stats::{GapReason, History, InterfaceStats, Sample, Timestamp};
use xtask::stage::{Browser, Stage};

use super::files::{SECOND, amounts, file, now, with_history};
use super::picture::Picture;
use super::{PATIENCE, ensure_clean, prefer};

/// How late each file is, in milliseconds: no two alike, and no more than a graph has to bear.
const LATENESS: [u64; 7] = [0, 190, 60, 240, 20, 130, 90];

/// An interface of which 120 samples of a second are there, the newest of which ended `seconds` after `start`.
fn interface(start: Timestamp, seconds: u64) -> InterfaceStats {
    let mut history = History::beginning_at(1_000 + seconds, Duration::from_mins(10));
    for number in seconds..seconds + 120 {
        let end = start.before(SECOND * 119).after(SECOND * u32::try_from(number).unwrap_or(0));
        history.push(Sample { end, duration: SECOND, gap: None::<GapReason>, passed: amounts(1_000 + number) });
    }
    with_history("eth0", &history)
}

/// Lets `look` look while a file comes each second, or nearly so.
fn while_files_come<T>(stage: &Stage, look: impl FnOnce() -> Result<T>) -> Result<T> {
    let is_over = AtomicBool::new(false);
    let start = now();
    let write =
        |seconds| stage.write_stats("index.json", file(vec![interface(start, seconds)], now()).to_json().as_bytes());
    write(0)?;
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for (seconds, late) in (1..).zip(LATENESS.into_iter().cycle()) {
                let at = start.after(SECOND * seconds).after(Duration::from_millis(late));
                sleep(at.since(now()));
                if is_over.load(Ordering::Relaxed) {
                    return Ok(());
                }
                write(u64::from(seconds))?;
            }
            Ok(())
        });
        let seen = look();
        is_over.store(true, Ordering::Relaxed);
        let written: Result<()> = writer.join().map_err(|_| anyhow::anyhow!("the writer has failed"))?;
        seen.and_then(|seen| written.map(|()| seen))
    })
}

/// What was seen in a frame: when, where the belt is, and where the canvas on it begins; in milliseconds and CSS pixels.
type Sighting = (f64, f64, f64);

/// Looks in each frame for so many milliseconds.
fn watch(browser: &Browser, millis: u32) -> Result<Vec<Sighting>> {
    let seen = browser.eval(&format!(
        "new Promise(done => {{
            const panel = document.querySelector('.panel.octets'), seen = [];
            const belt = panel.querySelector('.chart-clip .chart-belt'), layer = belt.querySelector('canvas');
            const left = element => element.getBoundingClientRect().left;
            const look = () => {{
                seen.push([document.timeline.currentTime, left(belt), left(layer)]);
                seen.at(-1)[0] - seen[0][0] < {millis} ? requestAnimationFrame(look) : done(seen);
            }};
            requestAnimationFrame(look);
        }})"
    ))?;
    serde_json::from_value(seen).context("what was seen is no list of places")
}

/// How far what is seen has moved to the left in each frame: as far as the belt has, or where the belt has begun anew, which it
/// does at another place, as far as what lies on it.
fn path(seen: &[Sighting], pixels_a_ms: f64) -> impl Iterator<Item = f64> {
    seen.windows(2).map(move |pair| {
        let expected = (pair[1].0 - pair[0].0) * pixels_a_ms;
        let moved = [pair[0].1 - pair[1].1, pair[0].2 - pair[1].2];
        moved
            .into_iter()
            .min_by(|one, other| (one - expected).abs().total_cmp(&(other - expected).abs()))
            .unwrap_or(0.0)
    })
}

/// Every frame moves on, by as much as time does.
fn ensure_even(seen: &[Sighting], pixels_a_ms: f64) -> Result<()> {
    ensure!(seen.len() > 20, "only {} frames", seen.len());
    let start = seen[0].0;
    let mut place = 0.0;
    for (moved, pair) in path(seen, pixels_a_ms).zip(seen.windows(2)) {
        let passed = pair[1].0 - pair[0].0;
        ensure!(passed < 1.0 || moved > 0.0, "the graph moved by {moved} px in {passed} ms");
        place += moved;
        let off = place - (pair[1].0 - start) * pixels_a_ms;
        ensure!(off.abs() < 0.1, "the graph is {off:.3} px off a straight line after {} ms", pair[1].0 - start);
    }
    Ok(())
}

/// A canvas begins on a whole pixel of time: one that takes another's place moves what is on it by no part of a pixel.
fn ensure_no_jumps(seen: &[Sighting], pixels_a_ms: f64, ratio: f64) -> Result<()> {
    let (start, _, first) = seen[0];
    for (time, _, canvas) in seen {
        let columns = (canvas - first + (time - start) * pixels_a_ms) * ratio;
        let off = columns - columns.round();
        ensure!(off.abs() < 0.1, "what is painted jumped by {off:.3} of a pixel after {} ms", time - start);
    }
    Ok(())
}

#[test]
fn who_wishes_for_less_motion_sees_a_step_with_each_sample_and_none_between() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", file(vec![interface(now(), 0)], now()).to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.resize(1_280, 900, 1.0)?;
    let features = serde_json::json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.devtools("Emulation.setEmulatedMedia", features)?;
    let steps = while_files_come(&stage, || {
        browser.open(&stage.url("?interface=router/eth0&window=1m"))?;
        browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 300", PATIENCE)?;
        sleep(SECOND * 2);
        let steps = browser.eval(
            "new Promise(done => {
                const belt = document.querySelector('.panel.octets .chart-clip .chart-belt'), steps = [];
                const width = belt.parentElement.getBoundingClientRect().width;
                const place = () => belt.querySelector('canvas').getBoundingClientRect().left;
                const until = performance.now() + 6000;
                let last = place(), animations = 0;
                const look = () => {
                    animations = Math.max(animations, document.getAnimations().filter(a => a.playState === 'running').length);
                    if (place() !== last) steps.push((last - place()) / width * 60);
                    last = place();
                    performance.now() < until ? requestAnimationFrame(look) : done([steps, animations]);
                };
                requestAnimationFrame(look);
            })",
        )?;
        let steps: (Vec<f64>, u32) = serde_json::from_value(steps)?;
        Ok(steps)
    })?;
    let (steps, animations) = steps;
    ensure!(animations == 0, "{animations} animations");
    // A file comes each second, or nearly so.
    ensure!((4..=8).contains(&steps.len()), "{steps:?} in six seconds");
    ensure_clean(&stage, &browser)
}

#[test]
fn graphs_move_evenly_and_are_painted_up_to_the_edge_whatever_files_do() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", file(vec![interface(now(), 0)], now()).to_json().as_bytes())?;
    let browser = stage.open("")?;
    prefer(&browser, "dark")?;
    browser.resize(1_280, 900, 1.0)?;
    while_files_come(&stage, || {
        browser.open(&stage.url("?interface=router/eth0&window=1m"))?;
        browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 300", PATIENCE)?;
        for ratio in [1.0, 1.5, 2.0, 3.0] {
            browser.resize(1_280, 900, ratio)?;
            let is_painted = format!(
                "(layer => Math.abs(layer.width / layer.getBoundingClientRect().width - {ratio}) < 0.01)\
                 (document.querySelector('.panel.octets .chart-belt canvas'))"
            );
            browser.wait_until("a graph for this screen", &is_painted, PATIENCE)?;
            // It has found its pace.
            sleep(SECOND);
            let clip = browser.eval(
                "(r => [r.left, r.top, r.width, r.height])\
                 (document.querySelector('.panel.octets .chart-clip').getBoundingClientRect())",
            )?;
            let [left, top, width, height]: [f64; 4] = serde_json::from_value(clip)?;
            let pixels_a_ms = width / 60_000.0;
            let seen = watch(&browser, 1_500)?;
            let at_ratio = || format!("at {ratio} pixels a CSS pixel");
            ensure_even(&seen, pixels_a_ms).with_context(at_ratio)?;
            ensure_no_jumps(&seen, pixels_a_ms, ratio).with_context(at_ratio)?;
            for _ in 0..2 {
                let part =
                    serde_json::json!([(left + width - 12.0) * ratio, top * ratio, 12.0 * ratio, height * ratio]);
                let picture = Picture::of(&browser.png()?, &part)?;
                // The curves are bright; the grid and the areas beneath them are not.
                let unpainted = picture.columns_darker_than(130);
                ensure!(unpainted == 0, "{unpainted} columns at the right edge show no curve {}", at_ratio());
            }
        }
        Ok(())
    })?;
    ensure_clean(&stage, &browser)
}
