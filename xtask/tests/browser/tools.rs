//! How many interfaces are looked through: search, order, filters, and what a link to that shows.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use stats::{Amounts, History, InterfaceStats, OperStatus, Quantity, Sample, StatsFile};
use xtask::stage::{Browser, Stage};

use super::files::{SECOND, file, now, with_history};
use super::{PATIENCE, ensure_clean, text};

/// Ten ports through which ever less passes, the second of them down, and a host of two.
fn site() -> StatsFile {
    let port = |name: &str, octets: u64| -> InterfaceStats {
        let mut history = History::beginning_at(1, Duration::from_mins(10));
        for age in (0..60).rev() {
            let passed = Amounts::UNKNOWN.with(Quantity::InOctets, octets).with(Quantity::OutOctets, octets / 2);
            history.push(Sample { end: now().before(SECOND * age), duration: SECOND, gap: None, passed });
        }
        with_history(name, &history)
    };
    let mut ports: Vec<InterfaceStats> =
        (1..=10).map(|number| port(&format!("Port {number}"), 100_000_000 / number)).collect();
    ports[1].oper_status = Some(OperStatus::Down);
    ports.swap(4, 9);
    let mut site = file(ports, now());
    let mut host = file(vec![port("eth0", 3_000_000), port("eth1", 0)], now()).targets.remove(0);
    "host".clone_into(&mut host.name);
    site.targets.push(host);
    site.due = Some(now().after(SECOND * 600));
    site
}

fn cards(browser: &Browser) -> Result<Vec<String>> {
    let names = "[...document.querySelectorAll('.card h3')].map(name => name.textContent)";
    Ok(serde_json::from_value(browser.eval(names)?)?)
}

#[track_caller]
fn shows(browser: &Browser, expected: &[&str]) -> Result<()> {
    let wanted = json!(expected);
    let condition = format!(
        "JSON.stringify([...document.querySelectorAll('.card h3')].map(name => name.textContent)) === \
         JSON.stringify({wanted})"
    );
    browser
        .wait_until("the cards", &condition, PATIENCE)
        .map_err(|error| error.context(format!("{:?}", cards(browser))))
}

fn choose(browser: &Browser, tool: &str, value: &str) -> Result<()> {
    // The page that was opened last may still be loading.
    let choice = format!("document.querySelector('.tools [name={tool}] [value=\"{value}\"]') !== null");
    browser.wait_until("the choice", &choice, PATIENCE)?;
    browser.eval(&format!(
        "(select => {{ select.value = {value:?}; select.dispatchEvent(new Event('input', {{ bubbles: true }})) }})\
         (document.querySelector('.tools [name={tool}]'))"
    ))?;
    Ok(())
}

#[test]
fn what_is_looked_for_is_found_and_a_link_shows_the_same() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", site().to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.wait_until("all cards", "document.querySelectorAll('.card').length === 12", PATIENCE)?;
    ensure!(text(&browser, ".found")? == "12 interfaces", "{}", text(&browser, ".found")?);

    // By the keyboard, from the beginning of the page.
    browser.eval("document.querySelector('.search').focus()")?;
    browser.press("PORT 1")?;
    shows(&browser, &["Port 1", "Port 10"])?;
    ensure!(text(&browser, ".found")? == "2 of 12 interfaces", "{}", text(&browser, ".found")?);
    ensure!(browser.eval("document.activeElement.name")? == "q", "the focus is lost");
    browser.reload()?;
    shows(&browser, &["Port 1", "Port 10"])?;
    ensure!(browser.eval("document.querySelector('.search').value")? == "PORT 1");
    browser.eval("document.querySelector('.search').focus()")?;
    browser.press(&"\u{e003}".repeat(6))?;
    browser.press("no such thing")?;
    browser.wait_until(
        "that there is none",
        "/No interface/.test(document.querySelector('main').innerText)",
        PATIENCE,
    )?;
    browser.screenshot("nothing-found")?;

    browser.open(&stage.url("?target=router"))?;
    choose(&browser, "sort", "name")?;
    let by_name: Vec<String> = (1..=10).map(|number| format!("Port {number}")).collect();
    shows(&browser, &by_name.iter().map(String::as_str).collect::<Vec<_>>())?;
    choose(&browser, "state", "down")?;
    shows(&browser, &["Port 2"])?;
    browser.open(&stage.url("?group=none&state=busy"))?;
    browser.wait_until("the cards", "document.querySelectorAll('.card').length === 11", PATIENCE)?;
    // Where the keyboard is, it stays, wherever the card goes.
    browser.eval("[...document.querySelectorAll('.card')].at(-1).focus()")?;
    choose(&browser, "sort", "traffic")?;
    let by_traffic = "Port 1,Port 2,Port 3,Port 4,Port 5,Port 6,Port 7,Port 8,Port 9,Port 10,eth0";
    shows(&browser, &by_traffic.split(',').collect::<Vec<_>>())?;
    ensure!(browser.eval("document.activeElement.querySelector('h3')?.textContent")? == "eth0", "the focus is lost");
    ensure!(text(&browser, ".card .alias")? == "router", "{}", text(&browser, ".card .alias")?);
    browser.screenshot("sorted-by-traffic")?;
    ensure_clean(&stage, &browser)
}
