//! Puts the page into the collector, where that is built with the feature `page`: the files that Trunk has left in `dist`, as
//! a list of names and contents that `init` includes. Where there is none, the list is empty, and `init` says so.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, iter};

fn main() -> io::Result<()> {
    tell("rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_PAGE").is_none() {
        return Ok(());
    }
    let folder = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let page = folder("CARGO_MANIFEST_DIR").join("../dist");
    // All others have what is in them in their names, which it names.
    tell(&format!("rerun-if-changed={}", page.join("index.html").display()));
    let files = files(&page)?;
    if files.is_empty() {
        tell(&format!("warning=there is no page in {}: `init` will have none", page.display()));
    }
    let lines = files.iter().map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        format!("({name:?}, include_bytes!({:?}).as_slice()),\n", path.to_string_lossy())
    });
    let list: String = iter::once("&[\n".to_owned()).chain(lines).chain(["]\n".to_owned()]).collect();
    File::create(folder("OUT_DIR").join("page.rs"))?.write_all(list.as_bytes())
}

/// The files of the page, in the order of their names; none where there is no page. What is in folders, such as the stats
/// files of whoever tried it, is no part of it.
fn files(page: &Path) -> io::Result<Vec<PathBuf>> {
    if !page.join("index.html").is_file() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(page)? {
        let entry = entry?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_file() && !is_hidden {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// So cargo is told something.
fn tell(what: &str) {
    println!("cargo::{what}");
}
