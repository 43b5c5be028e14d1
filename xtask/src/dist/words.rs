//! What is made of the definition of the collector's command line: man pages, and completions for shells.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use super::NAME;

/// The definition itself. It knows nothing of the rest of the collector, which need not be built for this.
#[path = "../../../collector/src/args.rs"]
mod args;

/// Writes the man pages of the program and of its commands into a folder, which is there.
pub(super) fn man_pages(folder: &Path) -> Result<Vec<PathBuf>> {
    clap_mangen::generate_to(command(), folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let pages = folder.read_dir()?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>();
    let mut pages = pages.with_context(|| format!("cannot read {}", folder.display()))?;
    pages.sort();
    Ok(pages)
}

/// Writes a shell's completions into a folder, under the name that the shell looks for.
pub(super) fn completions(shell: Shell, folder: &Path) -> Result<PathBuf> {
    clap_complete::generate_to(shell, &mut command(), NAME, folder)
        .with_context(|| format!("cannot write {}", folder.display()))
}

fn command() -> clap::Command {
    args::Arguments::command()
}
