//! A collector with the page in it, as `cargo xtask test page` has built that: what `init` lays out is what a browser and
//! the collector need.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn collector(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live-interface-stats"));
    command.args(arguments).current_dir(directory).env("XDG_STATE_HOME", directory.join("state")).output().unwrap()
}

#[test]
fn what_is_laid_out_is_the_page_and_a_config_that_feeds_it() {
    let directory = tempfile::tempdir().unwrap();
    let output = collector(directory.path(), &["init", "live"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let config = directory.path().join("live/live.toml");
    assert!(told.contains(&format!("live-interface-stats run --config {}\n", config.display())), "{told}");

    // Whatever the page names is there, and is what was built.
    let (page, built) = (directory.path().join("live/page"), Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist"));
    let html = fs::read_to_string(page.join("index.html")).unwrap();
    let names = fs::read_dir(&page).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.filter(|name| name != "index.html").collect();
    assert!(names.len() > 5 && names.iter().any(|name| name.contains("_bg.wasm")), "{names:?}");
    for name in names {
        assert!(html.contains(&name), "{name} is none of the page's");
        assert_eq!(fs::read(page.join(&name)).unwrap(), fs::read(built.join(&name)).unwrap(), "{name}");
    }

    let config = config.to_str().unwrap();
    let output = collector(directory.path(), &["once", "--config", config]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(page.join("stats/index.json").is_file(), "the stats files are where the page looks for them");

    let output = collector(directory.path(), &["init", "live"]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is there already, and nothing is overwritten") && said.lines().count() == 1, "{said}");
}
