//! Where things are in this workspace, and which versions it has settled on. Builds nothing.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use semver::Version;
use serde::Deserialize;

use crate::command;

/// The workspace on disk.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the workspace that this program belongs to.
    ///
    /// # Errors
    ///
    /// When cargo cannot read the workspace.
    pub fn find() -> Result<Self> {
        // Cargo names the folder anew at each start, which serves a clone that was moved since it was built.
        let package =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let metadata = command::output(command::cargo().current_dir(package).args([
            "metadata",
            "--no-deps",
            "--format-version=1",
        ]))?;
        let metadata: Metadata = serde_json::from_str(&metadata).context("cannot read what cargo metadata printed")?;
        Ok(Self { root: metadata.workspace_root, target: metadata.target_directory })
    }

    /// The folder of the workspace's `Cargo.toml`.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where Trunk puts the page. Each build empties it.
    #[must_use]
    pub fn page(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Where cargo puts what it builds.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where `cargo xtask dist` puts what people install.
    #[must_use]
    pub fn packages(&self) -> PathBuf {
        self.target.join("packages")
    }

    /// Where tools that were not on the PATH are installed.
    #[must_use]
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where the web servers are unpacked that the page is tried behind.
    #[must_use]
    pub fn servers(&self) -> PathBuf {
        self.target.join("servers")
    }

    /// Where systemd is unpacked that the package's units are verified by, where this machine has none.
    #[must_use]
    pub fn systemd(&self) -> PathBuf {
        self.target.join("systemd")
    }

    /// Where the collector of `cargo xtask run` writes. Not in `dist/`, since Trunk empties that.
    #[must_use]
    pub fn stats(&self) -> PathBuf {
        self.target.join("run").join("stats")
    }

    /// Where tests leave screenshots for people to look at.
    #[must_use]
    pub fn screenshots(&self) -> PathBuf {
        self.target.join("screenshots")
    }

    /// The collector's binary, as cargo builds it with `profile`.
    #[must_use]
    pub fn collector(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Debug => "debug",
            Profile::Release => "release",
        };
        self.target.join(folder).join("live-interface-stats")
    }

    /// The version of a dependency in `Cargo.lock`.
    ///
    /// # Errors
    ///
    /// When `Cargo.lock` cannot be read or does not have it.
    pub fn locked_version(&self, package: &str) -> Result<Version> {
        let path = self.root.join("Cargo.lock");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        parse_locked_version(&text, package).with_context(|| format!("cannot use {}", path.display()))
    }
}

/// How optimised a build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Built soon.
    Debug,
    /// What users run.
    Release,
}

/// The part of `cargo metadata` that is used here.
#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: Version,
}

fn parse_locked_version(lock: &str, package: &str) -> Result<Version> {
    let lock: Lock = toml::from_str(lock).context("not a lock file of cargo")?;
    lock.package
        .into_iter()
        .find(|locked| locked.name == package)
        .map(|locked| locked.version)
        .with_context(|| format!("no crate depends on {package}: the page needs it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";

    #[test]
    fn the_lock_file_says_which_wasm_bindgen_the_page_needs() {
        let version = parse_locked_version(LOCK, "wasm-bindgen").unwrap();
        assert_eq!(version, Version::new(0, 2, 130));
    }

    #[test]
    fn a_package_that_is_not_locked_is_an_error_that_names_it() {
        let error = parse_locked_version(LOCK, "plotters").unwrap_err();
        assert_eq!(error.to_string(), "no crate depends on plotters: the page needs it");
    }
}
