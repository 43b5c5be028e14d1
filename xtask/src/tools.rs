//! The programs that make the page out of Rust: which versions fit, and where they are found.
//!
//! A tool on the PATH is used if its version fits, and else one of those under `target/tools/`. Each of these has a
//! folder with its version in the name, so that a new version in `Cargo.lock` is simply not found there.
//! How they come there is in [`install`] and in [`crate::page`], which lets Trunk download what it can.

pub mod install;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use semver::{Version, VersionReq};

use crate::workspace::Workspace;

/// A program that the build of the page needs.
#[derive(Debug, Clone)]
pub struct Tool {
    /// The name of the program.
    pub name: &'static str,
    /// The versions that will do.
    pub fits: VersionReq,
    /// How to install one that does.
    pub source: Source,
}

/// A program in the crates registry.
#[derive(Debug, Clone)]
pub struct Source {
    /// The crate.
    pub package: &'static str,
    /// The version of the crate.
    pub version: Version,
    /// What `cargo install` is told besides.
    pub options: &'static [&'static str],
    /// How far to optimise it: no further than what it does in its seconds of work is worth.
    pub optimisation: &'static str,
    /// How long the build takes on a machine of two cores, in words.
    pub takes: &'static str,
    /// Whether a C++ compiler is needed.
    pub language: Language,
}

/// What a tool is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Needs what this workspace needs.
    Rust,
    /// Needs a C++ compiler too.
    Cpp,
}

/// Builds pages from Rust.
#[must_use]
pub fn trunk() -> Tool {
    let version = Version::new(0, 21, 14);
    Tool {
        name: "trunk",
        // 0.22 wants a newer Rust than this workspace does.
        fits: requirement(">=0.21.14, <0.22"),
        source: Source {
            package: "trunk",
            version,
            // Without the check for updates. TLS stays, for Trunk to download the other two.
            options: &["--locked", "--no-default-features", "--features=rustls"],
            optimisation: "0",
            takes: "about 4 minutes",
            language: Language::Rust,
        },
    }
}

/// Writes the JavaScript that loads the wasm. Its version must be that of the crate in the page.
///
/// # Errors
///
/// When `Cargo.lock` does not tell which version.
pub fn wasm_bindgen(workspace: &Workspace) -> Result<Tool> {
    let version = workspace.locked_version("wasm-bindgen")?;
    Ok(Tool {
        name: "wasm-bindgen",
        fits: requirement(&format!("={version}")),
        source: Source {
            package: "wasm-bindgen-cli",
            version,
            // Not `--locked`: the lock file that 0.2.130 was published with does not build.
            options: &["--bin=wasm-bindgen", "--no-default-features"],
            optimisation: "0",
            takes: "about 2 minutes",
            language: Language::Rust,
        },
    })
}

/// Makes the wasm smaller.
#[must_use]
pub fn wasm_opt() -> Tool {
    Tool {
        name: "wasm-opt",
        // What Debian 12 has; `.cargo/config.toml` has the reason why it can be used.
        fits: requirement(">=108"),
        source: Source {
            package: "wasm-opt",
            version: Version::new(0, 116, 1),
            options: &["--no-default-features"],
            optimisation: "1",
            takes: "about 10 minutes",
            language: Language::Cpp,
        },
    }
}

impl Tool {
    /// Finds one that fits.
    #[must_use]
    pub fn find(&self, workspace: &Workspace) -> Option<Found> {
        let on_path = which::which(self.name).ok().map(|path| Found { path, place: Place::Path });
        let own = self.own_places(&workspace.tools()).into_iter().map(|path| Found { path, place: Place::Own });
        on_path.into_iter().chain(own).find(|found| self.accepts(&found.path))
    }

    fn accepts(&self, program: &Path) -> bool {
        let output = Command::new(program).arg("--version").output().ok().filter(|output| output.status.success());
        output
            .and_then(|output| parse_version(&String::from_utf8_lossy(&output.stdout)))
            .is_some_and(|version| self.fits.matches(&version))
    }

    /// Built from source, or downloaded by Trunk, which keeps wasm-bindgen's archive flat and not wasm-opt's.
    fn own_places(&self, tools: &Path) -> Vec<PathBuf> {
        let downloads = downloads(tools).join("trunk");
        let version = &self.source.version;
        vec![
            self.folder(tools).join("bin").join(self.name),
            downloads.join(format!("{}-{version}", self.name)).join(self.name),
            downloads.join(format!("{}-{DOWNLOADED_WASM_OPT}", self.name)).join("bin").join(self.name),
        ]
    }

    /// Where it is installed when it is built from source.
    fn folder(&self, tools: &Path) -> PathBuf {
        tools.join(format!("{}-{}", self.name, self.source.version))
    }
}

/// The release of wasm-opt that Trunk is asked to download.
pub const DOWNLOADED_WASM_OPT: &str = "version_123";

/// What Trunk is given for its own cache, so that what it downloads is found again and goes with `cargo clean`.
#[must_use]
pub fn downloads(tools: &Path) -> PathBuf {
    tools.join("downloads")
}

/// A tool that fits.
#[derive(Debug, Clone)]
pub struct Found {
    /// The program.
    pub path: PathBuf,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Own,
}

/// The PATH with the folders of those tools in front that are not on it.
///
/// # Errors
///
/// When a folder cannot stand in a PATH, because a colon is in its name.
pub fn path_with(found: &[Found]) -> Result<OsString> {
    let own = found.iter().filter(|found| found.place == Place::Own).filter_map(|found| found.path.parent());
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(own.map(Path::to_path_buf).chain(env::split_paths(&path)))
        .context("cannot put the tools on the PATH: move this clone to a folder without a colon in its name")
}

fn requirement(text: &str) -> VersionReq {
    VersionReq::parse(text).expect("requirements are written in this file, and a test reads them all")
}

/// Reads `trunk 0.21.14`, `wasm-bindgen 0.2.130 (abc)` and `wasm-opt version 108 (version_108)`.
fn parse_version(output: &str) -> Option<Version> {
    let word = output.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    Version::parse(word).ok().or_else(|| word.parse().ok().map(|major| Version::new(major, 0, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, tool: &Tool, fits: bool) {
        let version = parse_version(output).unwrap();
        assert_eq!(tool.fits.matches(&version), fits, "{output}");
    }

    #[test]
    fn the_pinned_trunk_fits() {
        check("trunk 0.21.14\n", &trunk(), true);
        check("trunk 0.21.15\n", &trunk(), true);
    }

    #[test]
    fn a_trunk_that_is_too_old_or_too_new_does_not_fit() {
        check("trunk 0.21.13\n", &trunk(), false);
        check("trunk 0.22.0\n", &trunk(), false);
        check("trunk 0.22.0-beta.1\n", &trunk(), false);
    }

    #[test]
    fn wasm_opt_counts_in_whole_numbers() {
        check("wasm-opt version 99 (version_99)\n", &wasm_opt(), false);
        check("wasm-opt version 108\n", &wasm_opt(), true);
        check("wasm-opt version 123 (version_123)\n", &wasm_opt(), true);
    }

    #[test]
    fn a_version_is_found_before_what_follows_it() {
        assert_eq!(parse_version("wasm-bindgen 0.2.130 (1234abc)"), Some(Version::new(0, 2, 130)));
    }

    #[test]
    fn what_prints_no_version_has_none() {
        assert_eq!(parse_version("usage: trunk"), None);
    }
}
