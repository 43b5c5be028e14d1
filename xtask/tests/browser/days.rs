//! A page that is left open: not looked at, under a wrong clock, behind a cache.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use stats::{InterfaceStats, StatsFile};
use xtask::progress::Stopwatch;
use xtask::stage::{Browser, Stage};

use super::between::Cache;
use super::files::{SECOND, file, interface, now};
use super::simulated::Simulated;
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
    browser.eval(
        "(() => {
            window.done = [];
            const { clearRect, fillRect } = CanvasRenderingContext2D.prototype, { play } = Animation.prototype;
            Object.assign(CanvasRenderingContext2D.prototype, {
                clearRect(...all) { done.push('painted'); return clearRect.apply(this, all) },
                fillRect(...all) { done.push('painted'); return fillRect.apply(this, all) } });
            Animation.prototype.play = function () { done.push('animated'); return play.call(this) };
            requestAnimationFrame(() => document.hidden && done.push('a frame'));
            new MutationObserver(all => done.push(...all.map(one => one.target.className)))
                .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        })()",
    )?;
    for last in 121..=133 {
        write(last)?;
        // Time goes by faster than usual: what is late is not looked at more often either.
        sleep(SECOND / 4);
    }
    ensure!(stats_requests(&browser)? == before, "a hidden tab fetches");
    let done = browser.eval("window.done")?;
    ensure!(done == json!([]), "a hidden tab does {done}");
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

#[test]
fn where_clocks_are_put_back_labels_are_what_the_clock_on_the_wall_shows() -> Result<()> {
    let stage = Stage::new()?;
    // The end of summer in Berlin, at 3 o'clock there, which is then 2 o'clock again.
    let end = stats::Timestamp::from_micros(1_792_890_000_000_000);
    let mut saved = index(1, 60, end.before(SECOND * 58));
    saved.due = None;
    saved.targets[0].interfaces[0].recent = None;
    stage.write_stats("index.json", saved.to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "Europe/Berlin" }))?;
    browser.open(&stage.url("?interface=router/eth0&table&window=1m"))?;
    browser.wait_until("the samples", "document.querySelectorAll('tbody tr').length > 50", PATIENCE)?;
    let ends = browser.eval(
        "[...document.querySelectorAll('.samples tbody td:first-child')].slice(0, 5).map(cell => cell.textContent.slice(0, 8))",
    )?;
    ensure!(ends == json!(["02:00:02", "02:00:01", "02:00:00", "02:59:59", "02:59:58"]), "{ends}");
    let edge = "document.querySelector('.panel.octets .chart-time').textContent";
    browser.wait_until("the edge", &format!("{edge} === '02:00:02'"), PATIENCE)?;
    browser.eval("document.querySelector('.panel.octets .chart').focus()")?;
    browser.press("\u{e010}")?;
    for (steps, expected) in [(0, "02:00:01"), (2, "02:59:59")] {
        for _ in 0..steps {
            browser.press("\u{e012}")?;
        }
        let said = text(&browser, ".panel.octets .chart-tooltip-time")?;
        ensure!(said.starts_with(expected), "{said} after {steps} steps");
    }
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

/// How often the collector of a simulated day looks.
const SELDOM: Duration = Duration::from_mins(2);

/// What a collector has written by `now` of four interfaces.
fn seldom(name: &str, now: stats::Timestamp) -> StatsFile {
    let micros = u64::try_from(SELDOM.as_micros()).unwrap_or(u64::MAX);
    let newest = now.as_micros() / micros;
    let at = |number: u64| stats::Timestamp::from_micros(number * micros);
    let first = newest - if name == "recent.json" { 120 } else { 2 };
    let mut history = stats::History::beginning_at(first, SELDOM * 121);
    for number in first..=newest {
        let passed = super::files::amounts(number);
        history.push(stats::Sample { end: at(number), duration: SELDOM, gap: None, passed });
    }
    let interface = |name: &str| InterfaceStats {
        recent: Some("recent.json".to_owned()),
        ..super::files::with_history(name, &history)
    };
    let mut file = file(["eth0", "eth1", "eth2", "eth3"].map(interface).to_vec(), at(newest));
    file.due = Some(at(newest + 1));
    file.targets[0].interval = Some(SELDOM);
    file
}

/// Hours in which nobody comes by.
fn hours(page: &Simulated, hours: u32) -> Result<()> {
    // The page looks each second at how much time has passed. So often is not what a day is about.
    page.pass_by(SECOND * 3_600 * hours, SECOND * 30)
}

/// An hour at whose end a viewer looks at one interface, stops it for a while, and goes back to all.
fn an_hour_with_a_visit(page: &Simulated) -> Result<()> {
    hours(page, 1)?;
    page.browser.eval("document.querySelector('.card').click()")?;
    page.pass(SECOND * 90)?;
    page.browser.press("p")?;
    page.pass(SECOND * 30)?;
    page.browser.press("p")?;
    page.pass(SECOND * 30)?;
    page.browser.eval("history.back()")?;
    page.browser.wait_until("all interfaces", "document.querySelectorAll('.card canvas').length === 4", PATIENCE)?;
    page.pass(SECOND * 30)
}

#[test]
fn after_a_day_the_page_takes_what_it_took_after_an_hour() -> Result<()> {
    let stage = Stage::new()?;
    let page = Simulated::open(&stage, "", SELDOM, seldom)?;
    page.pass(SECOND)?;
    an_hour_with_a_visit(&page)?;
    let after_an_hour = page.memory()?;
    for _ in 0..2 {
        hours(&page, 10)?;
        an_hour_with_a_visit(&page)?;
    }
    hours(&page, 1)?;
    page.pass(SECOND * 150)?;
    ensure!(text(&page.browser, ".status .word")? == "live", "the page has stopped");
    // Not all that is garbage is found at once.
    let waiting = Stopwatch::start();
    loop {
        let after_a_day = page.memory()?;
        let is_as_much = after_a_day.is_no_more_than(&after_an_hour);
        ensure!(is_as_much || waiting.elapsed() < PATIENCE, "from {after_an_hour:?} to {after_a_day:?}");
        if is_as_much {
            let errors = page.browser.console_errors()?;
            ensure!(errors.is_empty(), "{errors:?}");
            return Ok(());
        }
    }
}
