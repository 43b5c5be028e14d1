//! Files that are not our collector's: those of a shell script, and those of this project's predecessor.

use std::fmt::Write as _;
use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use xtask::stage::{Browser, Stage};

use super::{PATIENCE, ensure_at_home, text};

const DOCUMENT: &str = include_str!("../../../docs/stats-file.md");

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn files_that_others_write_are_shown_with_nothing_else_present() -> Result<()> {
    let stage = Stage::new()?;
    let browser = stage.open("?stats=stats/mine.json")?;
    hand_written(&stage, &browser)?;
    predecessor(&stage, &browser)?;
    // The first file of the script was not there yet.
    let errors = browser.console_errors()?;
    ensure!(errors.iter().all(|error| error.contains("mine.json") && error.contains("404")), "{errors:?}");
    ensure_at_home(&stage, &browser)
}

/// The script of `docs/stats-file.md`, as it stands there, feeds the page.
fn hand_written(stage: &Stage, browser: &Browser) -> Result<()> {
    let (_, rest) = DOCUMENT.split_once("```sh\n").context("there is no script")?;
    let (script, _) = rest.split_once("```").context("the script has no end")?;
    let mut command = Command::new("sh");
    command.args(["-c", script, "mine.sh", "lo", "mine.json"]).current_dir(stage.stats());
    let running = Running(command.spawn()?);
    let drawn = "document.body.dataset.state === 'live' && document.querySelector('main canvas') \
                 && document.querySelector('main').textContent.includes('bit/s')";
    browser.wait_until("a graph and a rate", drawn, PATIENCE)?;
    ensure!(text(browser, ".sentence")?.is_empty(), "{}", text(browser, ".sentence")?);
    browser.screenshot("hand-written")?;
    drop(running);
    fs::remove_file(stage.stats().join("mine.json"))?;
    Ok(())
}

/// The predecessor, as far as its arithmetic goes: what its script writes of counters, and what its page made of that.
struct Predecessor {
    /// Octets in and out, packets in and out.
    counters: [u64; 4],
}

impl Predecessor {
    /// The script's setting: seconds, and what counts as full, a second.
    const SECONDS: u64 = 1;
    const FULL: [u64; 4] = [12_500_000, 5_000_000, 8_333, 3_333];

    fn line(&mut self, counters: [u64; 4]) -> String {
        let before = std::mem::replace(&mut self.counters, counters);
        let mut line = Self::SECONDS.to_string();
        for ((full, now), before) in Self::FULL.iter().zip(counters).zip(before) {
            let _ = write!(line, " {full} {}", now - before);
        }
        line.push('\n');
        line
    }

    /// Octets in a second, of a line.
    fn rate(line: &str) -> Result<f64> {
        let numbers: Vec<f64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        Ok(numbers[2] / numbers[0])
    }
}

/// Lines of the predecessor's script are shown as its own page showed them.
fn predecessor(stage: &Stage, browser: &Browser) -> Result<()> {
    let mut predecessor = Predecessor { counters: [4_294_000_000, 77, 1_000_000, 5] };
    let mut write = |octets: u64| {
        let [inbound, outbound, in_packets, out_packets] = predecessor.counters;
        let line = predecessor.line([inbound + octets, outbound + octets / 10, in_packets + 900, out_packets + 100]);
        stage.write_stats("live_interface_stats_ppp0.txt", line.as_bytes())?;
        Ok::<_, anyhow::Error>(line)
    };
    let shows = |line: &str| {
        let figure = format!("{:.1} Mbit/s", Predecessor::rate(line)? * 8.0 / 1e6);
        let now = "document.querySelector('.panel.octets .figures .in .now span')?.textContent";
        browser.wait_until(&figure, &format!("{now} === {figure:?}"), PATIENCE)
    };
    let line = write(1_250_000)?;
    let query = "?stats=stats/live_interface_stats_ppp0.txt&interface=live_interface_stats/ppp0&scale=200M";
    browser.open(&stage.url(query))?;
    shows(&line)?;
    // Another each second, the last of them again and again: those are samples by their times, not by what they say.
    let mut last = line;
    for octets in [2_500_000, 5_000_000, 5_000_000, 5_000_000] {
        sleep(Duration::from_secs(Predecessor::SECONDS));
        last = write(octets)?;
    }
    shows(&last)?;
    for (direction, full) in [("in", Predecessor::FULL[0]), ("out", Predecessor::FULL[1])] {
        ensure_band(browser, direction, full)?;
    }
    ensure!(text(browser, "main")?.contains("ppp0"), "the interface's name is not shown");
    browser.screenshot("predecessor")?;
    // A file that is fetched again and again and stays the same tells nothing new.
    browser.wait_until("that it is late", "document.body.dataset.state === 'late'", PATIENCE)?;
    let files = fs::read_dir(stage.stats())?.count();
    ensure!(files == 1, "{files} files are there");
    Ok(())
}

/// The band of what counts as full reaches to so many octets a second of the 200 Mbit/s that either half holds.
fn ensure_band(browser: &Browser, direction: &str, full: u64) -> Result<()> {
    let height =
        |selector: &str| format!("document.querySelector('.panel.octets {selector}').getBoundingClientRect().height");
    let band = height(&format!(".chart-band.chart-{direction}"));
    let share = browser.eval(&format!("{band} / {}", height(".chart-clip")))?;
    #[expect(clippy::cast_precision_loss, reason = "it is small")]
    let expected = 0.5 * full as f64 * 8.0 / 200e6 / 1.01;
    ensure!(
        share.as_f64().is_some_and(|share| (share - expected).abs() < 0.01),
        "a band of {share} {direction}, not {expected}"
    );
    Ok(())
}
