//! What a page costs a browser, and how evenly it moves. Knows nothing of what is on it.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::super::accounting::Usage;
use crate::progress::Stopwatch;
use crate::stage::Browser;

/// What was measured of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    /// From navigation to the end of the first frame with a graph, in milliseconds: the median of several times.
    pub(super) first_graph_ms: f64,
    /// The time on processors of all processes of the browser, as a share of a core.
    pub(super) cpu: f64,
    /// How long the page's main thread was on a processor in each second, in milliseconds. A file comes each second: it is
    /// no less than what a new sample takes.
    pub(super) main_thread_ms: f64,
    pub(super) frames: Frames,
}

/// How the frames of some seconds followed each other, as the page saw them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frames {
    pub(super) per_second: f64,
    /// Frames in place of which the one before was still seen.
    pub(super) frozen: usize,
    /// How far off a straight line the graph was, in CSS pixels; of those that can be asked.
    pub(super) off_px: Option<f64>,
}

/// Notes when something was first drawn on any canvas, and then seen.
const FIRST_GRAPH: &str = "for (const draw of ['stroke', 'fill', 'fillRect']) {
    const original = CanvasRenderingContext2D.prototype[draw];
    CanvasRenderingContext2D.prototype[draw] = function (...all) {
        CanvasRenderingContext2D.prototype[draw] = original;
        if (draw !== 'fillRect' && !window.firstGraph) {
            window.firstGraph = 'drawn';
            requestAnimationFrame(() => {
                const channel = new MessageChannel();
                channel.port1.onmessage = () => { window.firstGraph = performance.now(); };
                channel.port2.postMessage(0);
            });
        }
        return original.apply(this, all);
    };
}";

/// Looks in each frame when it is, and where `moving` and what is laid on it are, if there is such an element.
fn watch(moving: &str, seconds: u32) -> String {
    format!(
        "new Promise(done => {{
            const belt = document.querySelector('{moving}'), load = belt?.firstElementChild;
            const seen = [], end = performance.now() + {seconds}000;
            const left = element => element?.getBoundingClientRect().left ?? 0;
            const look = () => {{
                seen.push([document.timeline.currentTime, left(belt), left(load)]);
                performance.now() < end ? requestAnimationFrame(look) : done(seen);
            }};
            requestAnimationFrame(look);
        }})"
    )
}

/// When a frame was, where what moves was, and where what is laid on it; in milliseconds and CSS pixels.
type Sighting = (f64, f64, f64);

/// Measures the page at `url` for so many seconds. `moving` selects what moves on it, where that is an element.
pub(super) fn measure(browser: &Browser, url: &str, moving: Option<&str>, seconds: u32) -> Result<Figures> {
    let first_graph_ms = first_graph(browser, url)?;
    // What is done once is over then.
    sleep(Duration::from_secs(8));
    browser.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" }))?;
    let before = (Usage::of_tree(browser.process())?, main_thread(browser)?);
    let stopwatch = Stopwatch::start();
    sleep(Duration::from_secs(seconds.into()));
    let elapsed = stopwatch.elapsed().as_secs_f64();
    let after = (Usage::of_tree(browser.process())?, main_thread(browser)?);
    browser.devtools("Performance.disable", json!({}))?;
    let frames = browser.eval(&watch(moving.unwrap_or("#none"), 8))?;
    let frames: Vec<Sighting> = serde_json::from_value(frames)?;
    Ok(Figures {
        first_graph_ms,
        cpu: after.0.since(before.0).cpu.as_secs_f64() / elapsed,
        main_thread_ms: (after.1 - before.1) * 1_000.0 / elapsed,
        frames: Frames::of(&frames, moving.is_some()),
    })
}

fn first_graph(browser: &Browser, url: &str) -> Result<f64> {
    const TIMES: usize = 7;

    browser.devtools("Page.enable", json!({}))?;
    let script = browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": FIRST_GRAPH }))?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        browser.open("about:blank")?;
        browser.open(url)?;
        browser.wait_until("the first graph", "typeof firstGraph === 'number'", Duration::from_secs(20))?;
        times.push(browser.eval("firstGraph")?.as_f64().context("no time")?);
    }
    browser.devtools("Page.removeScriptToEvaluateOnNewDocument", script)?;
    browser.open("about:blank")?;
    browser.open(url)?;
    Ok(median(&mut times))
}

/// How long the page's main thread has been on a processor, in seconds.
fn main_thread(browser: &Browser) -> Result<f64> {
    let metrics = browser.devtools("Performance.getMetrics", json!({}))?;
    let metrics = metrics["metrics"].as_array().context("no metrics")?;
    let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
    task.and_then(|metric| metric["value"].as_f64()).context("Chromium does not tell how long tasks took")
}

impl Frames {
    fn of(seen: &[Sighting], moves: bool) -> Self {
        let steps: Vec<f64> = seen.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
        let time: f64 = steps.iter().sum();
        // Chromium draws sixty a second where there is no screen.
        let missed = steps.iter().map(|step| whole(step / (1_000.0 / 60.0)).saturating_sub(1));
        #[expect(clippy::cast_precision_loss, reason = "some hundred frames")]
        let per_second = steps.len() as f64 * 1_000.0 / time;
        Self { per_second, frozen: missed.sum(), off_px: moves.then(|| off_straight(&path(seen))) }
    }
}

/// When the graph was how far, in milliseconds and CSS pixels.
///
/// Where what moves begins anew, what is laid on it is put elsewhere in the same frame. It begins at a whole pixel of time: the
/// parts of a pixel tell whether that was seen.
fn path(seen: &[Sighting]) -> Vec<(f64, f64)> {
    let mut place = 0.0;
    let steps = seen.windows(2).map(|pair| {
        let (belt, load) = (pair[1].1 - pair[0].1, pair[1].2 - pair[0].2);
        place += if belt.abs() < 5.0 { belt } else { load - load.round() };
        (pair[1].0, place)
    });
    steps.collect()
}

/// How far positions are off the straight line that fits them best: root mean square.
fn off_straight(path: &[(f64, f64)]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "some hundred frames")]
    let count = path.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| path.iter().map(of).sum::<f64>() / count;
    let (time, place) = (mean(&|point| point.0), mean(&|point| point.1));
    let slope = mean(&|point| (point.0 - time) * (point.1 - place)) / mean(&|point| (point.0 - time).powi(2));
    mean(&|point| (point.1 - place - slope * (point.0 - time)).powi(2)).sqrt()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn whole(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few frames")]
    let number = number.round() as usize;
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_did_not_come_are_counted() {
        let seen = [0.0, 16.7, 33.3, 83.3, 100.0].map(|time| (time, -time / 100.0, 0.0));
        let frames = Frames::of(&seen, true);
        assert_eq!((whole(frames.per_second), frames.frozen), (40, 2));
        assert!(frames.off_px.unwrap() < 1e-9);
    }

    #[test]
    fn what_begins_anew_and_is_seen_where_it_was_has_not_jumped() {
        let seen = [(0.0, 0.0, 9.0), (1.0, -0.25, 8.75), (2.0, 40.0, 7.5), (3.0, 39.75, 7.25)];
        assert!(off_straight(&path(&seen)) < 1e-9);
    }

    #[test]
    fn a_step_is_no_straight_line() {
        let seen = [(0.0, 0.0), (1.0, 0.0), (2.0, 1.0), (3.0, 1.0)];
        assert!((off_straight(&seen) - 0.223_606).abs() < 1e-5);
    }
}
