//! The page in a real Chromium. `cargo xtask test page browser` builds the page and passes these.

use anyhow::Result;
use xtask::stage::Stage;

#[test]
fn the_page_opens_without_an_error_and_asks_nobody_else() -> Result<()> {
    let stage = Stage::under("/graphs/core")?;
    let browser = stage.open("")?;

    browser.resize(1280, 800, 1.0)?;
    browser.screenshot("first")?;

    assert_eq!(browser.console_errors()?, Vec::<String>::new());
    let home = stage.url("");
    let requests = browser.requests()?;
    assert!(requests.contains(&home), "{requests:?}");
    let elsewhere: Vec<_> = requests.iter().filter(|url| !url.starts_with(&home)).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    Ok(())
}
