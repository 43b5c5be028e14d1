//! What is taken along from the page, and what is brought to it: pictures, samples, stats files; and walls that show it.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use stats::StatsFile;
use xtask::stage::{Browser, Stage};

use super::drawing::{number, open_detail, still};
use super::files::{SECOND, interface, interface_with_gap, now};
use super::{PATIENCE, ensure_clean, prefer, text};

/// Has the page hand its files to the test instead of saving them.
const CATCH: &str = "(() => { const make = URL.createObjectURL; window.caught = []; \
    URL.createObjectURL = blob => { window.caught.push(blob); return make.call(URL, blob) }; \
    HTMLAnchorElement.prototype.click = function () { window.named = this.download } })()";

/// The file that a button gives, as text, and its name.
fn saved(browser: &Browser, button: &str) -> Result<(String, String)> {
    browser.eval("window.caught.length = 0")?;
    browser.eval(&format!("document.querySelector('[data-key=\"save {button}\"]').click()"))?;
    browser.wait_until("a file", "window.caught.length === 1", PATIENCE)?;
    let text = browser.eval("window.caught[0].text()")?;
    let name = browser.eval("window.named")?;
    Ok((name.as_str().unwrap_or_default().to_owned(), text.as_str().context("no text")?.to_owned()))
}

/// Drops a file on the page.
fn drop_file(browser: &Browser, name: &str, text: &str) -> Result<()> {
    browser.eval(&format!(
        "(data => {{ data.items.add(new File([{}], {name:?})); document.body.dispatchEvent(\
         new DragEvent('drop', {{ dataTransfer: data, bubbles: true, cancelable: true }})) }})(new DataTransfer())",
        Value::from(text)
    ))?;
    Ok(())
}

#[test]
fn what_is_shown_can_be_taken_along_and_shown_again() -> Result<()> {
    let stage = Stage::new()?;
    let eth0 = interface_with_gap("eth0", 120, now());
    stage.write_stats("index.json", still(vec![eth0.clone(), interface("eth1", 60, now())]).to_json().as_bytes())?;
    let browser = open_detail(&stage)?;
    browser.eval(CATCH)?;

    // The samples of the window as a table in the page, and the same as CSV.
    browser.press("d")?;
    browser.wait_until("the table", "document.querySelectorAll('.samples tbody tr').length === 60", PATIENCE)?;
    ensure!(text(&browser, ".samples tbody")?.matches("no answer from the device").count() == 5);
    let (name, csv) = saved(&browser, "samples")?;
    ensure!(csv.lines().count() == 61 && csv.matches("noAnswer").count() == 5, "{csv}");
    let octets = eth0.samples.to_vec().last().and_then(|last| last.passed.get(stats::Quantity::InOctets));
    let last = format!("Z,1.000000,{},", octets.context("no octets")?);
    ensure!(csv.lines().last().is_some_and(|line| line.starts_with("router,eth0,") && line.contains(&last)), "{csv}");
    ensure!(name.starts_with("router-eth0-2") && name.ends_with("Z.csv"), "{name}");

    // The stats file holds all that the page has.
    let (name, json) = saved(&browser, "file")?;
    let file = StatsFile::parse(json.as_bytes())?;
    ensure!(file.targets[0].interfaces.len() == 1 && name.rsplit('.').next() == Some("json"), "{name}");
    ensure!(file.targets[0].interfaces[0].samples.to_vec() == eth0.samples.to_vec(), "other samples were saved");

    // A picture is in the colours of the theme, with the curves in it.
    for scheme in ["dark", "light"] {
        prefer(&browser, scheme)?;
        sleep(Duration::from_millis(300));
        browser.eval("window.caught.length = 0")?;
        browser.eval("document.querySelector('[data-key=\"save picture\"]').click()")?;
        browser.wait_until("a picture", "window.caught.length === 1", PATIENCE)?;
        let matching = browser.eval(
            "(async () => {
                const bitmap = await createImageBitmap(window.caught[0]);
                const canvas = new OffscreenCanvas(bitmap.width, bitmap.height), context = canvas.getContext('2d');
                context.drawImage(bitmap, 0, 0);
                const style = getComputedStyle(document.documentElement);
                const colour = name => style.getPropertyValue(name).match(/\\d+/g).map(Number);
                const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
                // Lines are thin and areas are faint: they lie between the panel's colour and the curve's.
                const panel = getComputedStyle(document.querySelector('.panel')).backgroundColor.match(/\\d+/g).map(Number);
                const length = v => Math.hypot(...v), from = c => c.map((part, i) => part - panel[i]);
                const count = colour => { let n = 0; const to = from(colour); for (let i = 0; i < pixels.length; i += 4) {
                    const v = from([pixels[i], pixels[i + 1], pixels[i + 2]]), far = length(v);
                    const along = (v[0] * to[0] + v[1] * to[1] + v[2] * to[2]) / (far * length(to));
                    n += far > 40 && along > 0.97 } return n };
                const corner = [...pixels.slice(0, 3)], page = style.backgroundColor.match(/\\d+/g).map(Number);
                return [bitmap.width, count(colour('--in')), count(colour('--out')), count(colour('--packets-in')),
                    corner.every((part, i) => part === page[i]) ? 1 : 0];
            })()",
        )?;
        let matching: Vec<f64> = serde_json::from_value(matching)?;
        ensure!(matching[0] > 1_000.0 && matching[1..4].iter().all(|count| *count > 3_000.0), "{scheme}: {matching:?}");
        ensure!(matching[4] > 0.5, "{scheme}: another background");
    }

    // What is no stats file is refused in a sentence, and the page stays live.
    drop_file(&browser, "<b>.json", "{\"version\":1,\"targets\":[{}]}")?;
    browser.wait_until("a refusal", "document.querySelector('.notice span').textContent", PATIENCE)?;
    ensure!(text(&browser, ".notice")?.starts_with("<b>.json: not a stats file"), "{}", text(&browser, ".notice")?);
    ensure!(browser.eval("document.body.dataset.state")? == "live");
    browser.screenshot("keeping-refused")?;
    let is_seen = "document.querySelector('.notice').checkVisibility()";
    ensure!(browser.eval(is_seen)? == true);
    browser.eval("document.querySelector('.notice button').click()")?;
    browser.wait_until("that it is closed", &format!("!{is_seen}"), PATIENCE)?;

    // What was saved is shown standing still, and nothing is fetched for it.
    drop_file(&browser, "saved.json", &json)?;
    browser.wait_until("the replay", "document.body.dataset.state === 'replay'", PATIENCE)?;
    ensure!(text(&browser, ".sentence")?.contains("saved.json") && text(&browser, ".notice span")?.is_empty());
    let requests = browser.requests()?.len();
    let left = "document.querySelector('.panel.octets canvas').getBoundingClientRect().left";
    sleep(Duration::from_millis(300));
    let before = number(&browser, left)?;
    sleep(SECOND * 2);
    ensure!((number(&browser, left)? - before).abs() < 0.1, "a replay moves");
    ensure!(browser.requests()?.len() == requests, "a replay fetches");
    browser.screenshot("keeping-replay")?;
    browser.eval("document.querySelector('[data-key=live]').click()")?;
    browser.wait_until("life", "document.body?.dataset.state === 'live'", PATIENCE)?;
    ensure_clean(&stage, &browser)
}

/// Saves a picture, and tells the texts that were drawn on it, those that are beyond its right edge, and how many dashes.
fn drawn(browser: &Browser) -> Result<(String, String, f64)> {
    browser.eval(
        "(() => {
            const is_picture = context => !context.canvas.isConnected;
            const of = CanvasRenderingContext2D.prototype, { fillText, fillRect } = of;
            window.drawn = []; window.beyond = []; window.dashes = 0; window.saved = 0;
            of.fillText = function (text, x, y) {
                if (is_picture(this)) {
                    window.drawn.push(text);
                    if ((x + this.measureText(text).width) * devicePixelRatio > this.canvas.width) window.beyond.push(text);
                }
                return fillText.call(this, text, x, y) };
            of.fillRect = function (x, y, w, h) {
                if (is_picture(this) && w === 3 && h <= 1) window.dashes++;
                return fillRect.call(this, x, y, w, h) };
            HTMLAnchorElement.prototype.click = function () { window.saved++ };
            document.querySelector('[data-key=\"save picture\"]').click();
            Object.assign(of, { fillText, fillRect });
        })()",
    )?;
    browser.wait_until("a picture", "window.saved === 1", PATIENCE)?;
    let texts =
        browser.eval("[window.drawn.join(' ').replace(/\\s+/g, ' '), window.beyond.join(' '), window.dashes]")?;
    Ok(serde_json::from_value(texts)?)
}

#[test]
fn a_picture_is_what_is_seen_and_says_in_which_state() -> Result<()> {
    let stage = Stage::new()?;
    let mut ports =
        vec![interface("eth0", 120, now()), interface("a name that no card has room for ".repeat(4).trim(), 60, now())];
    ports[1].speed = None;
    stage.write_stats("index.json", still(ports).to_json().as_bytes())?;
    let browser = stage.open("?interface=router/eth0&thresholds=70,90&scale=link")?;
    browser.resize(360, 740, 2.0)?;
    browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 200", PATIENCE)?;
    browser.wait_until("figures", "/bit/.test(document.querySelector('.now span').textContent)", PATIENCE)?;
    browser.press(" ")?;
    browser.wait_until("the pause", "/^paused at/.test(document.querySelector('.paused').textContent)", PATIENCE)?;
    let (texts, beyond, dashes) = drawn(&browser)?;
    // What each figure is, where the table has no head; what the picture is of, on as many lines as it takes.
    for text in ["average", "95 %", "router/eth0", "UTC · live · paused"] {
        ensure!(texts.contains(text), "{text} is not in {texts}");
    }
    ensure!(beyond.is_empty(), "{beyond} is cut");
    ensure!(dashes > 50.0, "{dashes} dashes");

    browser.open(&stage.url(""))?;
    browser.wait_until("cards", "document.querySelectorAll('.card canvas').length === 2", PATIENCE)?;
    let (texts, ..) = drawn(&browser)?;
    // The end of a name is seen.
    ensure!(texts.contains('…') && texts.contains("has room for"), "{texts}");
    ensure!(!texts.contains(&"a name that no card has room for ".repeat(2)), "{texts}");
    ensure!(!texts.contains("as listed") && !texts.contains("Order"), "{texts}");
    ensure_clean(&stage, &browser)
}

#[test]
fn a_wall_display_has_no_controls_and_goes_round() -> Result<()> {
    let stage = Stage::new()?;
    let all = vec![interface("eth0", 120, now()), interface("eth1", 120, now())];
    stage.write_stats("index.json", still(all).to_json().as_bytes())?;
    let browser = stage.open("?kiosk=3")?;
    browser.resize(1_920, 1_080, 1.0)?;
    browser.wait_until("the first", "document.querySelector('h1')?.textContent === 'eth0'", PATIENCE)?;
    browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 300", PATIENCE)?;
    let seen = "[...document.querySelectorAll('button, select, input')].filter(e => e.checkVisibility()).length";
    ensure!(number(&browser, seen)? == 0.0, "there are controls");
    ensure!(browser.eval("getComputedStyle(document.querySelector('.chart-plot')).cursor")? == "none");
    let beyond = "document.documentElement.scrollHeight - innerHeight";
    ensure!(number(&browser, beyond)? <= 0.0, "it is higher than the screen");
    sleep(Duration::from_millis(500));
    browser.screenshot("keeping-wall")?;
    browser.wait_until("the second", "document.querySelector('h1')?.textContent === 'eth1'", PATIENCE)?;
    browser.wait_until("the first again", "document.querySelector('h1')?.textContent === 'eth0'", PATIENCE)?;
    browser.press("\u{e00c}")?;
    browser.wait_until("the page", &format!("{seen} > 5 && !location.search.includes('kiosk')"), PATIENCE)?;
    ensure_clean(&stage, &browser)
}
