//! Packages of the npm registry that tests look at pages with. None of them gets into a page.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::progress::say;
use crate::workspace::Workspace;
use crate::{command, debian};

/// A package in a version.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// Its name in the registry.
    pub name: &'static str,
    /// Exactly this one.
    pub version: &'static str,
}

/// Finds what keeps people from using a page.
pub const AXE: Package = Package { name: "axe-core", version: "4.14.1" };

impl Package {
    /// The folder that it lies in, once it has been got.
    #[must_use]
    pub fn folder(&self, workspace: &Workspace) -> PathBuf {
        self.prefix(workspace).join("node_modules").join(self.name)
    }

    /// Gets it from the registry, once, with npm; and npm from Debian where there is none.
    ///
    /// # Errors
    ///
    /// When npm can't be installed, or the registry is out of reach.
    pub fn ensure_installed(&self, workspace: &Workspace) -> Result<()> {
        let Self { name, version } = self;
        let manifest = self.folder(workspace).join("package.json");
        if manifest.is_file() {
            return Ok(());
        }
        debian::ensure_installed(&[debian::NPM])?;
        say(format_args!("getting {name} {version} from the npm registry …"));
        let prefix = self.prefix(workspace);
        fs::create_dir_all(&prefix).with_context(|| format!("cannot make {}", prefix.display()))?;
        let mut npm = Command::new("npm");
        // Without its scripts, which nothing here needs to run.
        npm.args(["install", "--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"])
            .arg("--prefix")
            .arg(&prefix)
            .arg(format!("{name}@{version}"));
        command::run(&mut npm).with_context(|| format!("cannot get {name} from the npm registry"))?;
        ensure!(manifest.is_file(), "npm has put {name} elsewhere than {}", manifest.display());
        Ok(())
    }

    fn prefix(&self, workspace: &Workspace) -> PathBuf {
        workspace.tools().join(format!("{}-{}", self.name, self.version))
    }
}
