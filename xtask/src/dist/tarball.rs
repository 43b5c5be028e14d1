//! The archive: for systems that are not Debian, and for looking into.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::contents::{Contents, Layout};
use crate::command;

/// Packs it into a folder, as `NAME.tar.gz`, which unpacks to a folder of that name.
pub(super) fn build(contents: &Contents, name: &str, out: &Path) -> Result<PathBuf> {
    let staging = tempfile::tempdir().context("cannot make a temporary folder")?;
    contents.lay_out(Layout::Archive, &staging.path().join(name))?;
    let path = out.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.args(["--create", "--use-compress-program=gzip --best --no-name", "--sort=name", "--owner=0", "--group=0"]);
    tar.args(["--numeric-owner", "--format=gnu"]);
    if let Some(epoch) = &contents.epoch {
        tar.arg(format!("--mtime=@{epoch}"));
    }
    command::run(tar.arg("--file").arg(&path).arg("--directory").arg(staging.path()).arg(name))?;
    Ok(path)
}
