//! What a command counts that is no traffic of a network: in its own unit, by its own labels, and in no total.

use std::fs::File;
use std::io::Write;

use anyhow::{Result, ensure};
use xtask::stage::{Browser, Stage};

use super::{PATIENCE, ensure_clean, text};

/// A clock of the kernel's as counters: a million octets read a second and half of that written, and 120 requests.
const CONFIG: &str = r#"
interval = "500ms"

[[target]]
name = "disks"
command = ["awk", '{ printf "sda inOctets %.0f outOctets %.0f\n", $1 * 1e6, $1 * 5e5 }', "/proc/uptime"]
unit = "B"
labels = ["read", "written"]

[[target]]
name = "nginx"
command = ["awk", '{ printf "inOctets %.0f\n", $1 * 120 }', "/proc/uptime"]
unit = "requests"
max = { nginx = 200 }

[[target]]
name = "uplink"
command = ["awk", '{ printf "eth0 inOctets %.0f outOctets %.0f\n", $1 * 1e6, $1 * 1e6 }', "/proc/uptime"]
"#;

/// Waits until that element's text has all of these in it.
fn wait_for(browser: &Browser, selector: &str, parts: &[&str]) -> Result<()> {
    let condition = format!(
        "(text => {parts:?}.every(part => text.includes(part)))(document.querySelector({selector:?})?.textContent ?? '')"
    );
    browser.wait_until(&parts.join(", "), &condition, PATIENCE)
}

#[test]
fn what_a_command_counts_is_shown_in_its_unit_and_by_its_labels() -> Result<()> {
    let mut stage = Stage::new()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("config.toml");
    File::create(&path)?.write_all(CONFIG.as_bytes())?;
    stage.start_collector(&["--config", &path.display().to_string()])?;
    let browser = stage.open("?total")?;
    browser.resize(1_280, 900, 1.0)?;
    wait_for(&browser, "a.card[href*=sda]", &["read ", "written ", "MB/s", "kB/s"])?;
    wait_for(&browser, "a.card[href*=nginx]", &["In ", " requests/s", "Out –"])?;
    wait_for(&browser, "a.card[href*=eth0]", &["In ", "Mbit/s"])?;
    wait_for(&browser, ".total", &["of 1 interface; 2 others count something else", "Mbit/s"])?;
    let seen =
        "[...document.querySelectorAll('a.card .word')].filter(word => word.getBoundingClientRect().width > 5).length";
    ensure!(browser.eval(seen)? == 6, "words are out of sight");
    browser.screenshot("counted")?;

    browser.open(&stage.url("?interface=disks/sda&table&unit=bits&scale=2M"))?;
    wait_for(&browser, ".panel.octets", &["read", "written", "MB/s", "2 MB/s", "1 MB/s"])?;
    wait_for(&browser, ".samples thead", &["read", "written"])?;
    wait_for(&browser, ".samples tbody", &["kB/s"])?;
    let panels = browser.eval("document.querySelectorAll('.panel').length")?;
    ensure!(panels == 1, "{panels} panels, where no packets are counted");
    let summary = browser.eval("document.querySelector('.panel.octets .graph').getAttribute('aria-label')")?;
    ensure!(summary.as_str().is_some_and(|summary| summary.contains("written: average")), "{summary}");
    browser.screenshot("counted-detail")?;

    browser.open(&stage.url("?interface=nginx/nginx&scale=max"))?;
    wait_for(&browser, ".panel.octets", &["requests/s", "200 requests/s", " requests"])?;
    let band = "document.querySelector('.panel.octets .chart-band.chart-in')?.getBoundingClientRect().height > 50";
    browser.wait_until("a band up to 200 requests a second", band, PATIENCE)?;
    ensure!(!text(&browser, "main")?.contains("bit/s"), "{}", text(&browser, "main")?);
    browser.screenshot("counted-requests")?;
    ensure_clean(&stage, &browser)
}
