//! Renames what a wasm module imports and exports. Follows the WebAssembly core specification, binary format, and knows no
//! other sections of it.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

const HEAD: &[u8] = b"\0asm\x01\0\0\0";

/// What only tools read: who made the module, and with which features.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// What the module that is imported from is called, after a name of its own. It is called nothing instead.
pub(super) const MODULE: &str = "_bg.js";

/// The names of all functions that the module imports, and of all that it exports.
///
/// # Errors
///
/// When it is no module, or imports what is no function.
pub(super) fn names(module: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    walk(module, |name| {
        names.push(name.to_owned());
        name.to_owned()
    })?;
    Ok(names)
}

/// The module with other names, where there are some, and without what only tools read.
///
/// # Errors
///
/// As of [`names`].
pub(super) fn renamed(module: &[u8], names: &HashMap<String, String>) -> Result<Vec<u8>> {
    walk(module, |name| names.get(name).map_or(name, String::as_str).to_owned())
}

fn walk(module: &[u8], mut rename: impl FnMut(&str) -> String) -> Result<Vec<u8>> {
    let rest = module.strip_prefix(HEAD).context("this is no wasm module of version 1")?;
    let (mut sections, mut renamed) = (Reader(rest), HEAD.to_vec());
    while !sections.0.is_empty() {
        let id = sections.octet()?;
        let section = sections.sized()?;
        let section = match id {
            IMPORTS => imports(section, &mut rename)?,
            EXPORTS => exports(section, &mut rename)?,
            CUSTOM => continue,
            _ => section.to_vec(),
        };
        renamed.push(id);
        write_sized(&mut renamed, &section)?;
    }
    Ok(renamed)
}

fn imports(section: &[u8], rename: &mut impl FnMut(&str) -> String) -> Result<Vec<u8>> {
    let (mut section, mut renamed) = (Reader(section), Vec::new());
    let count = section.number()?;
    write_number(&mut renamed, count);
    for _ in 0..count {
        let module = section.name()?;
        write_sized(&mut renamed, if module.ends_with(MODULE) { b"" } else { module.as_bytes() })?;
        write_sized(&mut renamed, rename(section.name()?).as_bytes())?;
        let kind = section.octet()?;
        ensure!(kind == 0, "the module imports what is no function");
        renamed.push(kind);
        write_number(&mut renamed, section.number()?);
    }
    Ok(renamed)
}

fn exports(section: &[u8], rename: &mut impl FnMut(&str) -> String) -> Result<Vec<u8>> {
    let (mut section, mut renamed) = (Reader(section), Vec::new());
    let count = section.number()?;
    write_number(&mut renamed, count);
    for _ in 0..count {
        write_sized(&mut renamed, rename(section.name()?).as_bytes())?;
        renamed.push(section.octet()?);
        write_number(&mut renamed, section.number()?);
    }
    Ok(renamed)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn octet(&mut self) -> Result<u8> {
        let (octet, rest) = self.0.split_first().context("the module ends too soon")?;
        self.0 = rest;
        Ok(*octet)
    }

    /// An unsigned LEB128 of 32 bits.
    fn number(&mut self) -> Result<u32> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let octet = self.octet()?;
            number |= u64::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                return u32::try_from(number).context("the module has a number of more than 32 bits");
            }
        }
        bail!("the module has a number of more than 32 bits")
    }

    /// Octets after how many they are.
    fn sized(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        let (octets, rest) = self.0.split_at_checked(length as usize).context("the module ends too soon")?;
        self.0 = rest;
        Ok(octets)
    }

    fn name(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.sized()?).context("the module has a name that is not UTF-8")
    }
}

fn write_number(module: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        module.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    module.push((number & 0x7f) as u8);
}

fn write_sized(module: &mut Vec<u8>, octets: &[u8]) -> Result<()> {
    write_number(module, u32::try_from(octets.len()).context("the module is larger than a module can be")?);
    module.extend_from_slice(octets);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports `name` from `m`, and exports it as `out`; a data section of 200 octets is between them.
    fn module(name: &str) -> Vec<u8> {
        let name_length = u8::try_from(name.len()).unwrap();
        let import = [&[1, 1, b'm', name_length], name.as_bytes(), &[0, 0]].concat();
        let other = [&[11, 200, 1], &[7; 200][..]].concat();
        let import_length = u8::try_from(import.len()).unwrap();
        [HEAD, &[IMPORTS, import_length], &import, &other, &[EXPORTS, 7, 1, 3, b'o', b'u', b't', 0, 0]].concat()
    }

    #[test]
    fn imports_and_exports_have_names() {
        assert_eq!(names(&module("long_name")).unwrap(), ["long_name", "out"]);
    }

    #[test]
    fn a_renamed_module_is_as_if_it_had_been_called_so() {
        let names = HashMap::from([("long_name".to_owned(), "a".to_owned())]);
        assert_eq!(renamed(&module("long_name"), &names).unwrap(), module("a"));
        assert_eq!(renamed(&module("other"), &names).unwrap(), module("other"));
    }

    #[test]
    fn what_is_imported_from_needs_no_name() {
        let module = [HEAD, &[IMPORTS, 13, 1, 7], b"x_bg.js", &[1, b'a', 0, 0]].concat();
        let unnamed = [HEAD, &[IMPORTS, 6, 1, 0, 1, b'a', 0, 0]].concat();
        assert_eq!(renamed(&module, &HashMap::new()).unwrap(), unnamed);
    }

    #[test]
    fn what_only_tools_read_goes() {
        let tools = [&module("a")[..], &[CUSTOM, 3, 1, b'x', 9]].concat();
        assert_eq!(renamed(&tools, &HashMap::new()).unwrap(), module("a"));
    }

    #[test]
    fn what_is_no_module_is_refused_wherever_it_ends() {
        let module = module("long_name");
        // A module may end after a section.
        let ends = [HEAD.len(), HEAD.len() + 17, module.len() - 9];
        for end in (0..module.len()).filter(|end| !ends.contains(end)) {
            assert!(names(&module[..end]).is_err(), "{end}");
        }
    }
}
