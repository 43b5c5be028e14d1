//! rclone as Debian has it, sending stats files as `docs/deploying.md` says, to a folder in place of an object store.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xtask::process::tied_command;
use xtask::workspace::Workspace;

use super::server::program;

const DOCUMENT: &str = include_str!("../../../docs/deploying.md");

#[test]
fn rclone_sends_the_stats_files_and_nothing_that_is_beside_them() -> Result<()> {
    let (_, rest) = DOCUMENT.split_once("while sleep 2; do\n").context("the document has no loop")?;
    let (command, _) = rest.split_once("done\n").context("the loop has no end")?;
    let folder = tempfile::tempdir()?;
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    fs::create_dir(&from)?;
    let sent = ["index.json", "router-1.live.json", "router-1.recent.json"];
    let kept =
        [".index.json.new", ".router-1.live.json.new", "metrics.txt", "live_interface_stats_ppp0.txt", ".a.json"];
    for name in sent.iter().chain(&kept) {
        std::io::Write::write_all(&mut fs::File::create(from.join(name))?, name.as_bytes())?;
    }
    let rclone = program(&Workspace::find()?.servers(), "usr/bin/rclone");
    let in_folders = command
        .replace("rclone", &rclone.display().to_string())
        .replace("/run/live-interface-stats", &from.display().to_string())
        .replace("remote:bucket/live/stats", &to.display().to_string());
    let synchronize = || -> Result<Vec<String>> {
        let mut shell = tied_command("sh".as_ref());
        shell.args(["-ec", &in_folders]).env("RCLONE_CONFIG", folder.path().join("rclone.conf"));
        xtask::command::run(&mut shell)?;
        names(&to)
    };
    assert_eq!(synchronize()?, sent);
    // A target that is gone is gone there too.
    fs::remove_file(from.join(sent[1]))?;
    assert_eq!(synchronize()?, [sent[0], sent[2]]);
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let names = folder.read_dir()?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<String>>>()?;
    names.sort_unstable();
    Ok(names)
}
