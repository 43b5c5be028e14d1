//! The page under its own Content-Security-Policy: nothing in it asks for more, and nothing that gets into it is run.

use anyhow::{Result, ensure};
use serde_json::json;
use xtask::stage::Stage;

use super::files::{SECOND, file, interface, now};
use super::{PATIENCE, ensure_at_home, ensure_clean};

#[test]
fn the_page_keeps_to_its_policy_and_the_browser_holds_others_to_it() -> Result<()> {
    let stage = Stage::under("/some/where")?;
    let mut file = file(vec![interface("eth0", 120, now())], now());
    file.due = Some(now().after(SECOND * 600));
    stage.write_stats("index.json", file.to_json().as_bytes())?;
    let browser = stage.open("")?;
    browser.wait_until("a graph", "document.querySelector('.card canvas')?.width > 100", PATIENCE)?;
    browser.eval("document.querySelector('.card').click()")?;
    browser.wait_until("the detail", "document.querySelectorAll('.panel').length === 2", PATIENCE)?;
    browser.point_at(400, 400)?;
    browser.press("\u{e012}")?;
    // Chromium tells of each violation as of an error.
    ensure_clean(&stage, &browser)?;

    // Nothing is written into the page that the policy would have to allow.
    let inline = "fetch('./').then(page => page.text()).then(text => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        return [...page.querySelectorAll('script:not([src]), style, [style]')].map(element => element.outerHTML);
    })";
    ensure!(browser.eval(inline)? == json!([]), "{}", browser.eval(inline)?);

    // And what got into it all the same would not run.
    let refused = "new Promise(done => {
        addEventListener('securitypolicyviolation', event => done([event.effectiveDirective, window.ran ?? false]));
        document.body.append(document.createRange().createContextualFragment('<script>window.ran = true</script>'));
    })";
    ensure!(browser.eval(refused)? == json!(["script-src-elem", false]), "{}", browser.eval(refused)?);
    ensure_at_home(&stage, &browser)
}
