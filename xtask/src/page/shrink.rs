//! Makes the bundled page smaller, where Trunk can't: short names for what its wasm and its JavaScript call of each other, and
//! no more layout in the JavaScript than it needs. Knows nothing of what either of them does.
//!
//! wasm-bindgen's names end in eight octets of a hash, which no compression makes shorter, and each is in both files.

mod javascript;
mod wasm;

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Shrinks the page in that folder. What it changes gets another name, since browsers and caches keep each name's contents
/// for ever.
///
/// # Errors
///
/// When the page is none that Trunk has made.
pub(super) fn shrink(page: &Path) -> Result<()> {
    let wasm = find_wasm(page)?;
    let stem = wasm.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix("_bg.wasm"));
    let stem = stem.with_context(|| format!("{} is not called as wasm-bindgen calls it", wasm.display()))?;
    let javascript = page.join(format!("{stem}.js"));
    let index = page.join("index.html");

    let contents = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let script = read(&javascript)?;
    let names = short_names(wasm::names(&contents)?, javascript::functions(&script));
    let contents = wasm::renamed(&contents, &names)?;
    let script = javascript::unnamed(&script, wasm::MODULE);
    let script = javascript::without_layout(&javascript::renamed(&script, &names));
    let shrunk = format!("{}-{:016x}", stem.split('-').next().unwrap_or(stem), hash(&(&contents, &script)));

    replace(&page.join(format!("{shrunk}_bg.wasm")), &contents)?;
    replace(&page.join(format!("{shrunk}.js")), script.as_bytes())?;
    replace(&index, read(&index)?.replace(stem, &shrunk).as_bytes())?;
    if shrunk != stem {
        for old in [wasm, javascript] {
            fs::remove_file(&old).with_context(|| format!("cannot remove {}", old.display()))?;
        }
    }
    Ok(())
}

fn find_wasm(page: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(page).with_context(|| format!("cannot read {}", page.display()))?;
    let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
    let wasm = paths.find(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    wasm.with_context(|| format!("there is no wasm in {}", page.display()))
}

/// A short name for each that wasm-bindgen has made up: what the wasm and its JavaScript call of each other, and functions of the
/// JavaScript, some of which are both. These begin with a `$`, as no variable does.
fn short_names<'a>(names: Vec<String>, functions: impl Iterator<Item = &'a str>) -> HashMap<String, String> {
    let made_up = names.into_iter().filter(|name| name.starts_with("__wb") || name.starts_with("__wasm_bindgen"));
    let made_up = made_up.enumerate().map(|(number, name)| (name, short_name(number)));
    let functions = functions.enumerate().map(|(number, name)| (name.to_owned(), format!("${}", short_name(number))));
    made_up.chain(functions).collect()
}

/// `a`, `b`, … `Z`, `aa`, `ba`, …
fn short_name(mut number: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    let mut name = String::new();
    loop {
        name.push(LETTERS[number % LETTERS.len()].into());
        number /= LETTERS.len();
        match number.checked_sub(1) {
            Some(rest) => number = rest,
            None => return name,
        }
    }
}

fn hash(contents: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    hasher.finish()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Somebody may be loading the page.
fn replace(path: &Path, contents: &[u8]) -> Result<()> {
    let beside = path.with_extension("new");
    #[expect(clippy::disallowed_methods, reason = "it is renamed over what readers read")]
    let written = fs::write(&beside, contents).and_then(|()| fs::rename(&beside, path));
    written.with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_all_different() {
        let names: Vec<String> = (0..6_000).map(short_name).collect();
        assert_eq!([&*names[0], &*names[51], &*names[52], &*names[53]], ["a", "Z", "aa", "ba"]);
        assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len());
    }

    #[test]
    fn the_page_goes_on_to_name_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path();
        // Nothing but the head of a module, which imports and exports nothing.
        replace(&page.join("page-0a_bg.wasm"), b"\0asm\x01\0\0\0").unwrap();
        replace(&page.join("page-0a.js"), b"start();\n").unwrap();
        replace(&page.join("index.html"), b"<link href=./page-0a.js><link href=./page-0a_bg.wasm>").unwrap();
        shrink(page).unwrap();
        let index = read(&page.join("index.html")).unwrap();
        for link in index.split('=').skip(1) {
            let name = link.trim_start_matches("./").split('>').next().unwrap();
            assert!(name != "page-0a.js" && page.join(name).is_file(), "{index}");
        }
        assert_eq!(fs::read_dir(page).unwrap().count(), 3);
    }
}
