//! `cargo xtask dist`: what people install, as a Debian package and as an archive for all others. Each is made of one list of
//! [`contents`].

pub(crate) mod binary;
pub mod contents;
pub mod deb;
mod tarball;
mod words;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::page;
use crate::progress::say;
use crate::workspace::Workspace;
use contents::Contents;
use deb::{Compression, Package};

/// What everything here is called.
pub const NAME: &str = "live-interface-stats";

/// The version of all that is in this workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds page and collector, and packs them.
///
/// # Errors
///
/// When something does not build, or a program is missing that packs it.
pub fn dist(workspace: &Workspace) -> Result<()> {
    page::build(workspace)?;
    let binary = binary::build(workspace)?;
    let contents = Contents::gather(workspace, &binary.path)?;
    let out = workspace.packages();
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let mut packed = vec![tarball::build(&contents, &format!("{NAME}-{VERSION}-{}", binary.target), &out)?];
    if which::which("dpkg-deb").is_ok() {
        let package = Package { version: VERSION, depends: &binary.depends, compression: Compression::Small };
        packed.push(package.build(&contents, &out)?);
    } else {
        say("there is no dpkg-deb here (Debian's and other systems' package dpkg): no Debian package is built");
    }
    packed.iter().try_for_each(|path| announce(path))
}

#[expect(clippy::print_stdout, reason = "this is the command line")]
fn announce(path: &Path) -> Result<()> {
    let length = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    println!("{}  {} KB", path.display(), length.div_ceil(1_000));
    Ok(())
}
