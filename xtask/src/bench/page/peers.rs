//! The libraries that pages with moving graphs are usually made with, each in a page that shows the same as ours.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::npm::Package;
use crate::page::size::compressed;
use crate::workspace::Workspace;

/// A library, and the page made with it.
pub(super) struct Peer {
    pub(super) package: Package,
    /// What npm is to say that it has installed.
    integrity: &'static str,
    /// Its script, in its folder.
    script: &'static str,
    style: Option<&'static str>,
    /// The name and the text of the module that makes charts with it.
    module: (&'static str, &'static str),
}

/// In the order of the tables.
pub(super) const PEERS: [Peer; 3] = [
    Peer {
        package: Package { name: "smoothie", version: "1.36.1" },
        integrity: "sha512-499Vr2od6TicP8s7ykcyTfddh/6n11BB41G9RE7gqQRyfoPIAYotUTzwAxQpAfOdVOb+BvcG2qla+hjyqwe+PA==",
        script: "smoothie.js",
        style: None,
        module: ("smoothie-charts.js", include_str!("peers/smoothie.js")),
    },
    Peer {
        package: Package { name: "uplot", version: "1.6.32" },
        integrity: "sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==",
        script: "dist/uPlot.iife.min.js",
        style: Some("dist/uPlot.min.css"),
        module: ("uplot-charts.js", include_str!("peers/uplot.js")),
    },
    Peer {
        package: Package { name: "chart.js", version: "4.6.1" },
        integrity: "sha512-hJyniucsFmq//EvXYvJ6c6mahPoI3kaxdjVH8awTaJ/fDNWeSqqqArixMJWkWNN6fcYvPU3HneSANFNYtRi61g==",
        script: "dist/chart.umd.min.js",
        style: None,
        module: ("chartjs-charts.js", include_str!("peers/chartjs.js")),
    },
];

impl Peer {
    /// The page of this peer in the folder that [`install`] has filled.
    pub(super) fn page(&self) -> String {
        format!("{}.html", self.package.name)
    }

    /// How much of it a browser loads, compressed.
    pub(super) fn compressed(&self, workspace: &Workspace) -> Result<usize> {
        compressed(&fs::read(self.package.folder(workspace).join(self.script))?)
    }

    fn install(&self, workspace: &Workspace, site: &Path) -> Result<()> {
        self.package.ensure_installed(workspace)?;
        let Package { name, version } = self.package;
        let folder = self.package.folder(workspace);
        // npm has compared the package with that before it took it apart.
        let lock = folder.with_file_name(".package-lock.json");
        let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        ensure!(lock.contains(self.integrity), "npm has installed another {name} than {version} was");
        let script = format!("{name}.lib.js");
        fs::copy(folder.join(self.script), site.join(&script)).with_context(|| format!("{name} has no script"))?;
        let mut head = String::new();
        if let Some(style) = self.style {
            fs::copy(folder.join(style), site.join(format!("{name}.css")))?;
            head = format!("<link rel=\"stylesheet\" href=\"{name}.css\">");
        }
        let (module, text) = self.module;
        write(site, module, text)?;
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><title>{name}</title><link rel=\"icon\" href=\"data:,\">{head}\
             <body style=\"margin:8px;display:flex;flex-wrap:wrap;gap:8px\"><script src=\"{script}\"></script>\
             <script type=\"module\" src=\"{module}\"></script>"
        );
        write(site, &self.page(), &page)
    }
}

/// Makes the pages of all peers in that folder, having got hold of the libraries.
pub(super) fn install(workspace: &Workspace, site: &Path) -> Result<()> {
    write(site, "feed.js", include_str!("peers/feed.js"))?;
    PEERS.iter().try_for_each(|peer| peer.install(workspace, site))
}

#[expect(clippy::disallowed_methods, reason = "nobody reads it before it is there")]
fn write(site: &Path, name: &str, text: &str) -> Result<()> {
    fs::write(site.join(name), text).with_context(|| format!("cannot write {name}"))
}
