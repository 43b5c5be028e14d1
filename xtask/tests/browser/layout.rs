//! Where things are: nothing sticks out at any width, cards fill the window or are in line, and no sample moves anything.

use anyhow::{Result, ensure};
use serde_json::Value;
use stats::{InterfaceStats, OperStatus};
use xtask::stage::Stage;

use super::drawing::still;
use super::files::{interface, now};
use super::wall::troubled;
use super::{PATIENCE, ensure_clean};

#[test]
fn nothing_sticks_out_at_any_width() -> Result<()> {
    let stage = Stage::new()?;
    stage.write_stats("index.json", still(vec![troubled()]).to_json().as_bytes())?;
    let browser = stage.open("")?;
    // The longest figures that there are, each with what may be said beside it.
    let query = "?interface=router/GigabitEthernet1/0/48&window=1m&thresholds=1,2&prefix=binary&time=utc";
    let beyond = "(() => {
        const out = [], page = document.documentElement;
        if (page.scrollWidth > innerWidth) out.push(`the page by ${page.scrollWidth - innerWidth}`);
        for (const panel of document.querySelectorAll('.panel')) {
            const { left, right } = panel.getBoundingClientRect();
            for (const part of panel.querySelectorAll('h2, .figures :is(th, td, small), .chart-name')) {
                const its = part.getBoundingClientRect();
                if (its.width > 0 && (its.left < left || its.right > right)) out.push(part.textContent);
            }
        }
        return out;
    })()";
    for width in [360, 560, 720, 800, 897, 960, 1_024, 1_060, 1_140, 1_280, 1_366] {
        browser.resize(width, 768, 1.0)?;
        browser.open(&stage.url(query))?;
        browser.wait_until("a graph", "document.querySelector('.panel.octets canvas')?.width > 100", PATIENCE)?;
        browser.wait_until("a line", "document.querySelector('.chart-limit .chart-name')", PATIENCE)?;
        let out = browser.eval(beyond)?;
        browser.screenshot(&format!("layout-{width}"))?;
        ensure!(out == Value::Array(Vec::new()), "at {width} these stick out: {out}");
    }
    // On a phone what matters is seen without scrolling.
    browser.resize(360, 740, 1.0)?;
    let middle = browser.eval(
        "(r => r.top + r.height / 2)(document.querySelector('.panel.octets .chart-clip').getBoundingClientRect())",
    )?;
    ensure!(middle.as_f64().is_some_and(|middle| middle < 740.0), "the graph's middle is at {middle}");
    ensure_clean(&stage, &browser)
}

#[test]
fn a_few_cards_fill_the_window_and_have_axes() -> Result<()> {
    let stage = Stage::new()?;
    let browser = stage.open_blank()?;
    for count in 1..=6 {
        let few = (1..=count).map(|port| interface(&format!("eth{port}"), 120, now())).collect();
        stage.write_stats("index.json", still(few).to_json().as_bytes())?;
        for (width, height) in [(1_366, 768), (1_024, 900), (3_840, 2_160)] {
            browser.resize(width, height, 1.0)?;
            browser.open(&stage.url(""))?;
            let drawn = format!("document.querySelectorAll('.card .chart-times > *').length >= {count}");
            browser.wait_until("the graphs", &drawn, PATIENCE)?;
            // The gaps between cards are all that is not covered by them, below where they begin and above the margin.
            let covered = browser.eval(
                "(() => {
                    const cards = [...document.querySelectorAll('.card')].map(card => card.getBoundingClientRect());
                    const letters = parseFloat(getComputedStyle(document.documentElement).fontSize);
                    const [left, top] = [cards[0].left, cards[0].top];
                    const room = (innerWidth - 2 * left) * (innerHeight - 2 * letters - top);
                    const area = cards.reduce((sum, card) => sum + card.width * card.height, 0);
                    return [area / room, document.documentElement.scrollHeight - innerHeight];
                })()",
            )?;
            browser.screenshot(&format!("layout-few-{count}-{width}"))?;
            let (share, beyond): (f64, f64) = serde_json::from_value(covered)?;
            ensure!((0.93..1.01).contains(&share), "{count} cover {share:.2} of {width} x {height}");
            ensure!(beyond <= 0.0, "{count} on {width} x {height} are higher than the window by {beyond}");
        }
    }
    ensure_clean(&stage, &browser)
}

#[test]
fn cards_are_alike_whatever_is_on_them() -> Result<()> {
    let stage = Stage::new()?;
    let port = |number: u32| {
        let alias =
            number.is_multiple_of(2).then(|| "Office 3.14, the desk by the window, patch panel 17-B".to_owned());
        let oper_status = Some(if number.is_multiple_of(3) { OperStatus::Down } else { OperStatus::Up });
        let name = format!("FortyGigabitEthernet{number}/0/{number}");
        InterfaceStats { if_alias: alias, oper_status, ..interface(&name, 60 + number, now()) }
    };
    stage.write_stats("index.json", still((1..=24).map(port).collect()).to_json().as_bytes())?;
    let browser = stage.open("?prefix=binary")?;
    for width in [360, 1_024, 1_366, 3_840] {
        browser.resize(width, 1_200, 1.0)?;
        browser.wait_until("the graphs", "document.querySelectorAll('.card canvas').length > 4", PATIENCE)?;
        let different = browser.eval(
            "(() => {
                const looks = [...document.querySelectorAll('.card:has(canvas)')].map(card => {
                    const top = card.getBoundingClientRect().top;
                    const of = name => (r => [r.top - top, r.height].map(Math.round))(card.querySelector(name).getBoundingClientRect());
                    return JSON.stringify([of('.rates'), of('.graph'), of('.out .figure')]);
                });
                return [...new Set(looks)];
            })()",
        )?;
        browser.screenshot(&format!("layout-cards-{width}"))?;
        ensure!(different.as_array().is_some_and(|looks| looks.len() == 1), "at {width}: {different}");
    }
    // What tells ports apart is seen, and all of it is told.
    let name = browser.eval("document.querySelector('.card h3 [title]').title")?;
    ensure!(name == "FortyGigabitEthernet1/0/1", "it is called {name}");
    ensure_clean(&stage, &browser)
}
