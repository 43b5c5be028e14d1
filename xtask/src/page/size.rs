//! How much a viewer's browser loads before it can show anything. Knows nothing of what is in it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The octets that the page's program may have, compressed as web servers do it.
///
/// To reach are 75,000. This is what it takes now, and some hundred more: the paths that sources are compiled at are part of it.
const MOST: usize = 124_900;

/// The page's program, in octets, compressed as much as brotli can.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The wasm.
    pub wasm: usize,
    /// The JavaScript that loads it and calls the browser for it.
    pub javascript: usize,
}

impl Size {
    /// Of the page in that folder.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn of(page: &Path) -> Result<Self> {
        let mut size = Self { wasm: 0, javascript: 0 };
        for file in fs::read_dir(page).with_context(|| format!("cannot read {}", page.display()))? {
            let path = file?.path();
            let sum = match path.extension().and_then(|extension| extension.to_str()) {
                Some("wasm") => &mut size.wasm,
                Some("js") => &mut size.javascript,
                _ => continue,
            };
            *sum += compressed(&fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?)?;
        }
        Ok(size)
    }

    /// All of it.
    #[must_use]
    pub const fn total(self) -> usize {
        self.wasm + self.javascript
    }

    /// # Errors
    ///
    /// When it is more than it may be.
    pub fn ensure_small(self) -> Result<()> {
        ensure!(
            self.total() <= MOST,
            "the page's program has {} octets in brotli ({} of wasm, {} of JavaScript), and may have {MOST}",
            self.total(),
            self.wasm,
            self.javascript
        );
        Ok(())
    }
}

/// How long that is in brotli at its best.
///
/// # Errors
///
/// Never: the memory that it is compressed into takes any number of octets.
pub fn compressed(contents: &[u8]) -> Result<usize> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*contents, &mut compressed, &parameters).context("cannot compress")?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_and_javascript_count_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for (name, octets) in [("a.wasm", 9_000), ("a.js", 5_000), ("b.js", 5_000), ("page.css", 90_000)] {
            #[expect(clippy::disallowed_methods, reason = "nobody else reads it")]
            fs::write(folder.path().join(name), noise(octets)).unwrap();
        }
        let size = Size::of(folder.path()).unwrap();
        assert!((9_000..9_100).contains(&size.wasm), "{size:?}");
        assert!((10_000..10_100).contains(&size.javascript), "{size:?}");
        assert!(size.ensure_small().is_ok());
        let large = Size { wasm: MOST, javascript: 1 };
        assert!(large.ensure_small().is_err());
    }

    /// What can't be compressed.
    fn noise(octets: usize) -> Vec<u8> {
        let next =
            |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        std::iter::successors(Some(1), next).take(octets).map(|state| state.to_be_bytes()[0]).collect()
    }
}
