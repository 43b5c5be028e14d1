//! What the page costs a viewer's browser, beside pages with other libraries that show the same: all in this run, on this
//! machine, without a graphics processor.

mod feed;
mod measure;
mod peers;

use std::fmt::Write;

use anyhow::{Context, Result};

use self::feed::Scene;
use self::measure::{Figures, measure};
use self::peers::PEERS;
use super::{Options, machine};
use crate::page::{self, size::Size};
use crate::progress::say;
use crate::serve::{self, Server, Site};
use crate::stage::Stage;
use crate::workspace::Workspace;

const SCENES: [Scene; 2] = [
    Scene {
        name: "1 × 3,600",
        interfaces: 1,
        samples: 3_600,
        duration: 166_667,
        query: "?interface=switch/Port%201&window=10m",
        size: (1_200, 400),
        window: (1_280, 1_024),
        delay: 1_500,
    },
    Scene {
        name: "48 × 300",
        interfaces: 48,
        samples: 300,
        duration: 1_000_000,
        query: "?window=5m",
        size: (222, 68),
        window: (1_920, 1_600),
        delay: 2_500,
    },
];

/// What moves on our page.
const BELT: &str = ".chart-belt";

/// So many rounds of all pages are measured, and the best of each figure taken: what else the machine does makes all of them
/// worse, and none better.
const ROUNDS: usize = 3;

/// Measures, and prints the tables.
#[expect(clippy::print_stdout, reason = "the tables are what this is for")]
pub(super) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    options.ensure_wanted(&SCENES.map(|scene| scene.name.to_owned()))?;
    page::build(workspace)?;
    let stage = Stage::new()?;
    let site = tempfile::tempdir().context("cannot make a folder for the peers' pages")?;
    peers::install(workspace, site.path())?;
    let site = Site { page: site.path().to_owned(), stats: stage.stats().to_owned(), prefix: String::new() };
    let server = Server::start(serve::listen(Some(0))?, &site)?;

    println!("{}; {}.\n", machine::describe(workspace), machine::chromium());
    println!("{}", sizes(workspace)?);
    for scene in SCENES.iter().filter(|scene| options.wants(scene.name)) {
        println!("{}", table(scene, &stage, &server, options)?);
    }
    Ok(())
}

/// How much a browser loads of each, compressed.
fn sizes(workspace: &Workspace) -> Result<String> {
    let Size { wasm, javascript } = Size::of(&workspace.page())?;
    let mut text = String::from("| in brotli | octets |\n| --- | --- |\n");
    writeln!(text, "| this page: {wasm} of wasm, {javascript} of JavaScript | {} |", wasm + javascript)?;
    for peer in &PEERS {
        let octets = peer.compressed(workspace)?;
        writeln!(text, "| {} {}, without a page | {octets} |", peer.package.name, peer.package.version)?;
    }
    Ok(text)
}

fn table(scene: &Scene, stage: &Stage, server: &Server, options: &Options) -> Result<String> {
    let _feed = scene.feed(stage.stats())?;
    let Scene { size: (width, height), delay, .. } = scene;
    let shown = format!("window={}&width={width}&height={height}&delay={delay}", scene.shown_ms());
    let shown = format!("{shown}&recent={}", scene.recent().join(","));
    let mut pages = vec![("this page".to_owned(), stage.url(scene.query), Some(BELT))];
    for peer in &PEERS {
        let url = format!("http://{}/{}?{shown}", server.address(), peer.page());
        pages.push((format!("{} {}", peer.package.name, peer.package.version), url, None));
    }
    let load = machine::load();
    let mut rounds: Vec<Vec<Figures>> = pages.iter().map(|_| Vec::new()).collect();
    for round in 1..=ROUNDS {
        for ((name, url, moving), figures) in pages.iter().zip(&mut rounds) {
            say(format_args!("{}: {name}, round {round} of {ROUNDS} …", scene.name));
            let browser = stage.open_blank()?;
            browser.resize(scene.window.0, scene.window.1, 1.0)?;
            figures.push(measure(&browser, url, *moving, options.seconds)?);
            if round == 1 {
                browser.screenshot(&format!("bench {} {name}", scene.name))?;
            }
        }
    }
    let mut text = format!(
        "| {} | CPU, % of a core | main thread, ms a sample of all | frames a second | frames left out in 8 s | px off a straight \
         line, rms | first graph after ms |\n| --- | --- | --- | --- | --- | --- | --- |\n",
        scene.name
    );
    for ((name, ..), figures) in pages.iter().zip(&rounds) {
        let least = |of: &dyn Fn(&Figures) -> f64| figures.iter().map(of).fold(f64::INFINITY, f64::min);
        let frozen = figures.iter().map(|figures| figures.frames.frozen).min().unwrap_or_default();
        let off = figures.iter().filter_map(|figures| figures.frames.off_px).reduce(f64::max);
        writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {:.1} | {frozen} | {} | {:.0} |",
            least(&|figures| figures.cpu * 100.0),
            least(&|figures| figures.main_thread_ms),
            -least(&|figures| -figures.frames.per_second),
            off.map_or_else(|| "–".to_owned(), |off| format!("{off:.3}")),
            least(&|figures| figures.first_graph_ms),
        )?;
    }
    writeln!(text, "\nThe load of the machine was {load} before that, and {} after it.", machine::load())?;
    Ok(text)
}
