//! How a graph is read: stopped, looked into, written in the viewer's units, and handed on by its URL.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use xtask::stage::{Browser, Stage};

use super::drawing::{number, open_detail, still};
use super::files::{SECOND, file, interface, interface_with_gap, now};
use super::{PATIENCE, ensure_clean, text};

const LAYER: &str = "document.querySelector('.panel.octets canvas').getBoundingClientRect().left";
const TIPS: &str = "[...document.querySelectorAll('.panel .chart-tooltip-time')].map(tip => tip.textContent)";

fn is_in_url(browser: &Browser, pair: &str) -> Result<()> {
    let condition = format!("location.search.slice(1).split('&').includes({pair:?})");
    browser.wait_until(&format!("{pair} in the URL"), &condition, PATIENCE)
}

#[test]
fn keys_and_menus_choose_and_a_link_shows_the_same() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![interface("eth0", 600, now())]).to_json().as_bytes())?;
    let browser = open_detail(&stage)?;

    // Windows: by a key, a button, and the wheel over a graph, which does not scroll the page then.
    browser.press("2")?;
    is_in_url(&browser, "window=2m")?;
    browser.eval("document.querySelector('.segments [data-key=\"0\"]').click()")?;
    is_in_url(&browser, "window=10m")?;
    ensure!(text(&browser, ".segments [aria-pressed=true]")? == "10 min");
    let place = browser.eval(
        "(r => [r.left + r.width / 2, r.top + r.height / 2])(document.querySelector('.chart-plot').getBoundingClientRect())",
    )?;
    let turn = json!({ "type": "mouseWheel", "x": place[0], "y": place[1], "deltaX": 0, "deltaY": -120 });
    browser.devtools("Input.dispatchMouseEvent", turn)?;
    browser.wait_until("the usual window", "!location.search.includes('window')", PATIENCE)?;
    ensure!(number(&browser, "scrollY")? == 0.0, "the page was scrolled too");

    // Units: what is chosen is what all is written in, and is remembered.
    browser.press("b")?;
    is_in_url(&browser, "unit=octets")?;
    browser.press("i")?;
    is_in_url(&browser, "prefix=binary")?;
    let all = "document.querySelector('.panel.octets').innerText + document.querySelector('.cards')?.innerText";
    let written = format!("(all => /MiB\\/s/.test(all) && !/bit|[kMG]B/.test(all))({all})");
    browser.wait_until("octets everywhere", &written, PATIENCE)?;
    browser.screenshot("reading-octets")?;
    browser.open(&stage.url("?interface=router/eth0"))?;
    browser.wait_until("what is remembered", &format!("document.querySelector('.now span') && {written}"), PATIENCE)?;
    // And the URL says so at once: a colleague who is used to bits is to see the same.
    is_in_url(&browser, "unit=octets")?;
    is_in_url(&browser, "prefix=binary")?;
    browser.open(&stage.url("?interface=router/eth0&unit=bits&prefix=si"))?;
    let bits = "/bit\\/s/.test(document.querySelector('.panel.octets .now')?.textContent)";
    browser.wait_until("what the link says", bits, PATIENCE)?;

    // A menu does what it says, and what is no rate is not taken.
    browser.eval("document.querySelector('.opens-view').click()")?;
    let choose =
        "(select => { select.selectedIndex = 1; select.dispatchEvent(new Event('change', { bubbles: true })) })";
    browser.eval(&format!("{choose}([...document.querySelectorAll('.view label')].find(l => /Time/.test(l.textContent)).querySelector('select'))"))?;
    is_in_url(&browser, "time=utc")?;
    let pin = |rate: &str| {
        format!(
            "(field => {{ field.value = {rate:?}; field.dispatchEvent(new Event('change', {{ bubbles: true }})); \
             return field.validationMessage }})(document.querySelector('.view input'))"
        )
    };
    ensure!(browser.eval(&pin("a lot"))?.as_str().is_some_and(|message| message.contains("100M")));
    ensure!(browser.eval(&pin("2.5G"))? == "");
    is_in_url(&browser, "scale=2.5G")?;
    browser.screenshot("reading-menu")?;

    // The help names the keys, and they can be told to do nothing.
    browser.press("\u{e00c}")?;
    browser.eval("document.activeElement.blur()")?;
    browser.press("?")?;
    browser.wait_until("the help", "document.querySelector('.help').matches(':popover-open')", PATIENCE)?;
    browser.screenshot("reading-help")?;
    browser.eval("document.querySelector('.help input').click()")?;
    browser.press("\u{e00c}")?;
    browser.eval("document.activeElement.blur()")?;
    browser.press("1")?;
    sleep(Duration::from_millis(200));
    ensure!(
        !browser.eval("location.search")?.as_str().unwrap_or_default().contains("window"),
        "a key that is off did it"
    );
    ensure_clean(&stage, &browser)
}

#[test]
fn a_pause_freezes_what_is_seen_while_data_arrive_and_then_it_slides_to_now() -> Result<()> {
    let stage = Stage::new()?;
    let write =
        || stage.write_stats("index.json", file(vec![interface("eth0", 120, now())], now()).to_json().as_bytes());
    write()?;
    let browser = open_detail(&stage)?;
    browser.press(" ")?;
    browser.wait_until("the pause", "/^paused at/.test(document.querySelector('.paused').textContent)", PATIENCE)?;
    sleep(Duration::from_millis(200));
    let (left, figures) = (number(&browser, LAYER)?, text(&browser, ".panel.octets .figures")?);
    for _ in 0..4 {
        write()?;
        sleep(SECOND);
    }
    ensure!((number(&browser, LAYER)? - left).abs() < 0.1, "the view moved");
    ensure!(text(&browser, ".panel.octets .figures")? == figures, "the figures are of another time");
    let last = "[...document.querySelectorAll('.panel.octets .chart-time')][0].textContent";
    ensure!(browser.eval(&format!("/\\d\\d:\\d\\d:\\d\\d/.test({last})"))? == true, "the edge does not say when it is");
    browser.screenshot("reading-paused")?;
    // It slides from where it stood: by four seconds of a minute at least, which is seen whenever this is looked at.
    browser.eval(
        "(() => { const play = Animation.prototype.play; window.slides = []; Animation.prototype.play = function () {
            window.slides.push(...this.effect.getKeyframes().map(frame => frame.translate).filter(from => from));
            return play.call(this) } })()",
    )?;
    let width = number(&browser, "document.querySelector('.panel.octets .chart-clip').clientWidth")?;
    browser.eval("document.querySelector('[data-key=\" \"]').click()")?;
    let slid = format!("parseFloat(window.slides[0]) > {} && parseFloat(window.slides[1]) === 0", width / 15.0);
    browser.wait_until("a slide to now", &slid, PATIENCE)?;
    let runs = "parseFloat(getComputedStyle(document.querySelector('.panel.octets .chart-belt')).translate) || 0";
    browser.wait_until("the end of it", &format!("({runs}) === 0"), PATIENCE)?;
    let now = number(&browser, LAYER)?;
    browser.wait_until("motion", &format!("{LAYER} < {now}"), PATIENCE)?;
    ensure!(browser.eval("!location.search.includes('at=')")? == true);
    ensure_clean(&stage, &browser)
}

#[test]
fn the_cursor_is_moved_by_keys_and_fingers_and_is_at_one_moment_everywhere() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![interface_with_gap("eth0", 120, now())]).to_json().as_bytes())?;
    let browser = open_detail(&stage)?;
    browser.press(" ")?;
    browser.eval("document.querySelector('.panel.octets .chart').focus()")?;
    let aloud = || -> Result<String> {
        let said = browser.eval("document.querySelector('.panel.octets .chart').getAttribute('aria-valuetext')")?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    };
    let same = format!("(tips => tips.length > 1 && tips[0] && tips.every(tip => tip === tips[0]))({TIPS})");
    browser.press("\u{e010}")?;
    browser.wait_until("one moment on all graphs", &same, PATIENCE)?;
    let newest = aloud()?;
    browser.press("\u{e012}")?;
    let before = aloud()?;
    ensure!(newest.contains("In ") && newest.contains("Out ") && before != newest, "{newest} {before}");
    browser.press("\u{e014}")?;
    ensure!(aloud()? == newest, "a step back and forth leads elsewhere");
    // Thirty steps back lie five seconds of a gap, which says why.
    for _ in 0..32 {
        browser.press("\u{e012}")?;
    }
    ensure!(aloud()?.contains("no answer from the device"), "{}", aloud()?);
    browser.press("\u{e011}")?;
    let oldest = aloud()?;
    browser.press("\u{e012}")?;
    ensure!(aloud()? == oldest && oldest.contains("−1:00") | oldest.contains("−0:59"), "{oldest}");
    browser.press("u")?;
    let utc = "document.querySelector('.panel.octets .chart').getAttribute('aria-valuetext').includes(' UTC')";
    browser.wait_until("universal time", utc, PATIENCE)?;
    browser.press("\u{e00c}")?;
    let gone = "[...document.querySelectorAll('.panel .chart-tooltip')].every(tip => tip.offsetWidth === 0)";
    browser.wait_until("the cursor gone", gone, PATIENCE)?;

    // A finger that is lifted leaves the cursor where it was: under it nobody could have read it.
    let place = browser.eval(
        "(r => [r.left + r.width / 2, r.top + r.height / 4])(document.querySelector('.panel.octets .chart-plot').getBoundingClientRect())",
    )?;
    let points = json!([{ "x": place[0], "y": place[1] }]);
    browser.devtools("Input.dispatchTouchEvent", json!({ "type": "touchStart", "touchPoints": points }))?;
    browser.devtools("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] }))?;
    browser.wait_until("the cursor", &same, PATIENCE)?;
    let shown = "document.querySelector('.panel.octets .chart-tooltip').offsetWidth > 0";
    sleep(Duration::from_millis(400));
    ensure!(browser.eval(shown)? == true, "the cursor left with the finger");
    browser.screenshot("reading-touch")?;
    ensure_clean(&stage, &browser)
}
