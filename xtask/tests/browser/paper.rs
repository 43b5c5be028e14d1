//! What is printed: the present view on white, with nothing that can only be pressed.

use anyhow::{Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use xtask::stage::Stage;

use super::files::{SECOND, file, interface, now};
use super::{PATIENCE, ensure_clean, prefer, text};

#[test]
fn what_is_printed_is_the_view_on_white_without_controls() -> Result<()> {
    let stage = Stage::new()?;
    let mut still = file((1..=12).map(|port| interface(&format!("Port {port}"), 60, now())).collect(), now());
    still.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", still.to_json().as_bytes())?;
    let browser = stage.open("?total")?;
    browser.resize(1_280, 900, 1.0)?;
    prefer(&browser, "dark")?;
    browser.wait_until("the graphs", "document.querySelectorAll('canvas').length > 12", PATIENCE)?;
    let look = "(() => {
        const [red] = getComputedStyle(document.body.parentElement).backgroundColor.match(/\\d+/g).map(Number);
        const canvas = document.querySelector('.card canvas'), context = canvas.getContext('2d');
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        // The darkest green that is opaque: of the line, which is darker on white.
        let green = 255;
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 250 && data[at + 1] > data[at + 2]) green = Math.min(green, data[at + 1]);
        return [red > 200, green < 170, document.body.getBoundingClientRect().width];
    })()";
    // They are painted again after the page has turned dark, in a frame of their own.
    browser.wait_until("dark graphs", &format!("{look}.slice(0, 2).every((is) => !is)"), PATIENCE)?;
    let on_screen = browser.eval(look)?;
    ensure!(on_screen[0] == false && on_screen[1] == false, "{on_screen}");
    // The browser prints what is there when the last of these is done.
    browser.eval(&format!("(addEventListener('beforeprint', () => window.printed = {look}), 0)"))?;
    let pdf = browser.devtools("Page.printToPDF", json!({ "preferCSSPageSize": true }))?;
    let pdf = BASE64_STANDARD.decode(pdf["data"].as_str().unwrap_or_default())?;
    ensure!(pdf.starts_with(b"%PDF"), "it is no PDF");
    let count = |word: &[u8]| pdf.windows(word.len()).filter(|window| *window == word).count();
    // Viewers take minutes for masks in masks; a picture takes no time.
    ensure!(count(b"/SMask <<") == 0 && count(b"/Subtype /Image") >= 13, "graphs are not printed as pictures");
    let printed = browser.eval("printed")?;
    ensure!(printed[0] == true && printed[1] == true, "{printed}");
    ensure!(printed[2] == 1_280, "{printed}: graphs are as wide as they were");
    // And all is as before.
    browser.wait_until("the screen again", &format!("JSON.stringify({look}) === '{on_screen}'"), PATIENCE)?;

    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))?;
    let pressed =
        "[...document.querySelectorAll('button, input, select')].filter(element => element.offsetParent).length";
    ensure!(browser.eval(pressed)? == 0, "{} things to press are printed", browser.eval(pressed)?);
    browser.eval("dispatchEvent(new Event('beforeprint'))")?;
    browser.screenshot("print")?;
    ensure_clean(&stage, &browser)
}

#[test]
fn a_table_is_printed_whole_and_with_its_date() -> Result<()> {
    let stage = Stage::new()?;
    let mut still = file(vec![interface("eth0", 120, now())], now());
    still.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", still.to_json().as_bytes())?;
    let browser = stage.open("?interface=router/eth0&table")?;
    browser.wait_until("the table", "document.querySelectorAll('.samples tbody tr').length > 100", PATIENCE)?;
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))?;
    browser.eval("dispatchEvent(new Event('beforeprint'))")?;
    let hidden = "(table => table.scrollHeight - table.clientHeight)(document.querySelector('.samples'))";
    ensure!(browser.eval(hidden)? == 0, "{} pixels of the table are not printed", browser.eval(hidden)?);
    let line = text(&browser, ".printed")?;
    ensure!(line.starts_with("router/eth0 · 20") && line.ends_with(" UTC"), "the paper says `{line}`");
    browser.eval("dispatchEvent(new Event('afterprint'))")?;
    ensure!(text(&browser, ".printed")?.is_empty(), "it is on the screen too");
    ensure_clean(&stage, &browser)
}
