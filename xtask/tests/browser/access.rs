//! That nobody is kept out: what axe-core finds in each state of the page and in both themes, what is left of it where the
//! window is narrow, and what the keyboard reaches.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stats::OperStatus;
use xtask::npm;
use xtask::stage::{Browser, Stage};
use xtask::workspace::Workspace;

use super::files::{SECOND, file, interface, interface_with_gap, now};
use super::{PATIENCE, ensure_clean, prefer, text};

/// What is checked: the criteria of WCAG 2.2, levels A and AA, and what axe-core takes for good practice.
const RULES: &str = "{
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    rules: { 'target-size': { enabled: true } },
    resultTypes: ['violations'],
    preload: false,
}";

/// Finds what is wrong with pages.
struct Axe {
    program: String,
    found: Vec<String>,
}

impl Axe {
    fn new() -> Result<Self> {
        let workspace = Workspace::find()?;
        npm::AXE.ensure_installed(&workspace)?;
        let path = npm::AXE.folder(&workspace).join("axe.min.js");
        let program = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { program, found: Vec::new() })
    }

    /// Looks at what is shown, in both themes.
    fn look(&mut self, browser: &Browser, state: &str) -> Result<()> {
        if browser.eval("typeof axe")? == "undefined" {
            browser.eval(&format!("(() => {{ {}; return true }})()", self.program))?;
        }
        for scheme in ["dark", "light"] {
            prefer(browser, scheme)?;
            let found = browser.eval(&format!(
                "axe.run(document, {RULES}).then(results => results.violations.map(rule =>
                    [rule.id, rule.nodes.map(node => node.target.join(' ') + ': ' + node.failureSummary)]))"
            ))?;
            if found != json!([]) {
                self.found.push(format!("{state}, {scheme}: {found:#}"));
            }
        }
        Ok(())
    }
}

/// Six ports and a gap, one of them down; of two devices, the second silent.
fn write_site(stage: &Stage) -> Result<()> {
    let mut ports = vec![interface_with_gap("eth0", 60, now())];
    ports.extend((1..=7).map(|port| interface(&format!("Port {port}"), 60, now())));
    ports[1].oper_status = Some(OperStatus::Down);
    ports[2].if_alias = Some("Uplink".to_owned());
    let mut site = file(ports, now());
    let mut silent = file(vec![interface("ppp0", 60, now())], now()).targets.remove(0);
    "core".clone_into(&mut silent.name);
    silent.problem = Some("no answer from 192.0.2.1:161 within 900ms".to_owned());
    site.targets.push(silent);
    site.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", site.to_json().as_bytes())
}

#[test]
fn axe_finds_nothing_in_any_state_and_theme() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let mut axe = Axe::new()?;
    let browser = stage.open("")?;
    let mut look = |state: &str, query: &str, is_there: &str| -> Result<()> {
        browser.open(&stage.url(query))?;
        browser.wait_until(state, is_there, PATIENCE)?;
        sleep(Duration::from_millis(300));
        axe.look(&browser, state)
    };
    let cards = "document.querySelectorAll('.card canvas').length > 5";
    look("the overview", "", cards)?;
    look("the overview with a total", "?total&group=none", "document.querySelector('.total canvas')")?;
    look(
        "nothing found",
        "?q=nothing%20of%20the%20kind",
        "/No interface/.test(document.querySelector('main').innerText)",
    )?;
    let panels = "document.querySelectorAll('.panel canvas').length > 1";
    look("the detail", "?interface=router/eth0&thresholds=70,90", panels)?;
    look("the detail with its table", "?interface=router/eth0&table", "document.querySelector('table')")?;
    look("the detail of a silent device", "?interface=core/ppp0", panels)?;
    look("a wall display", "?interface=router/eth0&kiosk", panels)?;
    look("an interface that is not there", "?interface=router/eth7", "document.querySelector('main a')")?;
    look("no file", "?stats=none.json", "document.body.dataset.state === 'no-data'")?;
    look("a file that is none", "?stats=icon.svg", "/unreadable|no-data/.test(document.body.dataset.state)")?;
    let mut over = file(vec![interface("eth0", 60, now())], now());
    over.due = None;
    stage.write_stats("over.json", over.to_json().as_bytes())?;
    look("a collector that has stopped", "?stats=stats/over.json", "document.body.dataset.state === 'stopped'")?;
    ensure!(axe.found.is_empty(), "{}", axe.found.join("\n"));
    Ok(())
}

#[test]
fn at_four_hundred_per_cent_all_is_there_and_nothing_is_beside_the_window() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let browser = stage.open("")?;
    // A window of 1280 × 1024 pixels, enlarged.
    browser.resize(320, 256, 4.0)?;
    for query in
        ["", "?total", "?interface=router/eth0", "?interface=router/eth0&table&thresholds=70,90", "?interface=x"]
    {
        browser.open(&stage.url(query))?;
        browser.wait_until("something", "document.querySelector('main').childElementCount > 1", PATIENCE)?;
        sleep(Duration::from_millis(300));
        let wide = "[...document.querySelectorAll('body *')].filter(element => {
            const box = element.getBoundingClientRect();
            const scrolls = element.closest('.aside, .chart-clip, .chart, .scrolls, table, [popover]');
            return !scrolls && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
        }).map(element => element.outerHTML.slice(0, 80))";
        ensure!(browser.eval(wide)? == json!([]), "{query}: {:#}", browser.eval(wide)?);
        ensure!(
            browser.eval("document.documentElement.scrollWidth <= innerWidth")? == true,
            "{query} scrolls sidewards"
        );
        browser.screenshot(&format!("zoomed-{query}"))?;
    }
    ensure_clean(&stage, &browser)
}

#[test]
fn the_keyboard_reaches_everything_and_shows_where_it_is() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let browser = stage.open("")?;
    browser.wait_until("all cards", "document.querySelectorAll('.card').length === 9", PATIENCE)?;
    let mut reached: Vec<String> = Vec::new();
    for _ in 0..40 {
        browser.press("\u{e004}")?;
        let focus = browser.eval(
            "(element => {
                const style = getComputedStyle(element), box = element.getBoundingClientRect();
                const is_seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                    && box.bottom > 0 && box.top < innerHeight;
                return [element.name || element.getAttribute('aria-label') || element.innerText || element.tagName, is_seen];
            })(document.activeElement)",
        )?;
        let name = focus[0].as_str().unwrap_or_default().lines().next().unwrap_or_default().to_owned();
        if name == "BODY" || reached.first() == Some(&name) {
            break;
        }
        ensure!(focus[1] == true, "it is not seen that {name} has the focus");
        reached.push(name);
    }
    for wanted in ["Live interface stats", "q", "sort", "state", "target", "group", "total", "eth0", "Port 7", "ppp0"] {
        ensure!(reached.iter().any(|name| name == wanted), "{wanted} is not among {reached:?}");
    }
    Ok(())
}

#[test]
fn in_the_detail_the_keyboard_reaches_the_graphs_and_reads_them_at_a_sane_pace() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let browser = stage.open("?interface=router/eth0&table&unit=octets")?;
    browser.wait_until("the table", "document.querySelectorAll('tbody tr').length > 50", PATIENCE)?;
    let mut reached: Vec<String> = Vec::new();
    for _ in 0..30 {
        browser.press("\u{e004}")?;
        let focus = browser.eval(
            "(element => {
                const style = getComputedStyle(element), box = element.getBoundingClientRect();
                const is_seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                    && box.bottom > 0 && box.top < innerHeight;
                return [element.getAttribute('aria-label') || element.innerText || element.tagName, is_seen];
            })(document.activeElement)",
        )?;
        let name = focus[0].as_str().unwrap_or_default().lines().next().unwrap_or_default().to_owned();
        if name == "BODY" || reached.first() == Some(&name) {
            break;
        }
        ensure!(focus[1] == true, "it is not seen that {name} has the focus");
        reached.push(name);
    }
    let graphs = ["octets", "packets"].map(|unit| format!("Cursor in the graph of {unit} a second"));
    for wanted in ["1 min", "Pause", "View", "File", "Keys", "All interfaces", &graphs[0], &graphs[1], "Samples"] {
        ensure!(reached.iter().any(|name| name == wanted), "{wanted} is not among {reached:?}");
    }
    // A cursor that stays at its sample is not read aloud again and again, though the sample grows older.
    browser.eval("document.querySelector('.panel.octets .chart').focus()")?;
    browser.press("\u{e010}")?;
    browser.press("\u{e012}")?;
    browser.eval(
        "(window.said = 0, new MutationObserver(() => said++)
            .observe(document.querySelector('.panel.octets .chart'), { attributes: true }), 0)",
    )?;
    let ago = text(&browser, ".panel.octets .chart-tooltip-time")?;
    sleep(SECOND * 3);
    ensure!(text(&browser, ".panel.octets .chart-tooltip-time")? != ago, "the tooltip stands still");
    ensure!(browser.eval("said")? == 0, "it is said {} times", browser.eval("said")?);
    browser.press("\u{e012}")?;
    browser.wait_until("the next sample", "said > 0", PATIENCE)?;
    ensure_clean(&stage, &browser)
}

#[test]
fn what_changes_is_announced_once_and_in_words() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let browser = stage.open("")?;
    browser.wait_until("life", "document.body.dataset.state === 'live'", PATIENCE)?;
    browser.eval(
        "(window.said = [], new MutationObserver(() => said.push(document.querySelector('[role=status].aside').textContent))
            .observe(document.querySelector('[role=status].aside'), { childList: true, characterData: true, subtree: true }), 0)",
    )?;
    let mut late = file(vec![interface("eth0", 60, now())], now());
    late.due = Some(now());
    stage.write_stats("index.json", late.to_json().as_bytes())?;
    browser.reload()?;
    browser.wait_until("lateness", "document.body.dataset.state === 'late'", PATIENCE)?;
    let said = text(&browser, "[role=status].aside")?;
    ensure!(said.starts_with("the newest data are"), "{said}");
    // The words that count the seconds are not read out each second.
    browser.eval(
        "(window.said = 0, new MutationObserver(() => said++)
            .observe(document.querySelector('[role=status].aside'), { childList: true, characterData: true, subtree: true }), 0)",
    )?;
    sleep(SECOND * 3);
    ensure!(browser.eval("said")? == 0, "it is said again and again");
    Ok(())
}

#[test]
fn who_has_a_few_colours_of_their_own_sees_what_is_chosen_and_which_is_which() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let browser = stage.open("")?;
    for scheme in ["dark", "light"] {
        let feature = |name: &str, value: &str| json!({ "name": name, "value": value });
        let features = [feature("forced-colors", "active"), feature("prefers-color-scheme", scheme)];
        browser.devtools("Emulation.setEmulatedMedia", json!({ "features": features }))?;
        browser.open(&stage.url("?total"))?;
        browser.wait_until("a graph", "document.querySelector('.total canvas')?.width > 100", PATIENCE)?;
        let chosen = "(style => [style.color, style.backgroundColor])\
                      (getComputedStyle(document.querySelector('[aria-pressed=true]')))";
        let chosen = browser.eval(chosen)?;
        ensure!(chosen[0] != chosen[1], "{scheme}: {chosen}");
        let marks = "['.rate.in', '.rate.out'].map(rate =>
            getComputedStyle(document.querySelector(rate), '::before').backgroundColor)";
        let marks = browser.eval(marks)?;
        let page = browser.eval("getComputedStyle(document.body.parentElement).backgroundColor")?;
        ensure!(marks[0] != marks[1] && marks[0] != page && marks[1] != page, "{scheme}: {marks} on {page}");
        browser.screenshot(&format!("forced-colours-{scheme}"))?;
    }
    ensure_clean(&stage, &browser)
}

#[test]
fn who_wishes_for_less_motion_sees_a_step_a_sample() -> Result<()> {
    let stage = Stage::new()?;
    write_site(&stage)?;
    let browser = stage.open("")?;
    let features = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.devtools("Emulation.setEmulatedMedia", features)?;
    browser.open(&stage.url("?interface=router/eth0"))?;
    browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 300", PATIENCE)?;
    let positions = "new Promise(done => {
        const seen = new Set(), layer = document.querySelector('.panel.octets canvas');
        const until = performance.now() + 2000;
        const look = () => {
            seen.add(layer.getBoundingClientRect().left);
            performance.now() < until ? requestAnimationFrame(look) : done(seen.size);
        };
        requestAnimationFrame(look);
    })";
    // Nothing new came.
    ensure!(browser.eval(positions)? == 1, "{} positions", browser.eval(positions)?);
    ensure_clean(&stage, &browser)
}
