//! Names that come from outside: cleaned for people, and made into file names.

/// A name as people should see it: control characters (NULs above all, which some devices end their names with) and what
/// would turn the text around are gone, white space is single, and the length is bounded.
#[must_use]
pub fn clean(name: &str) -> String {
    /// Longer than any that RFC 2863 allows (255 octets).
    const MOST_CHARACTERS: usize = 255;

    let (mut cleaned, mut room, mut is_apart) = (String::new(), MOST_CHARACTERS, false);
    for letter in name.chars().filter(|letter| letter.is_whitespace() || !is_invisible(*letter)) {
        if letter.is_whitespace() {
            is_apart = !cleaned.is_empty();
            continue;
        }
        for letter in is_apart.then_some(' ').into_iter().chain([letter]).take(room) {
            cleaned.push(letter);
            room -= 1;
        }
        is_apart = false;
    }
    cleaned
}

/// A part of a file name that is made from `name`, safe on every file system and in every URL without being escaped:
/// at most 48 of the letters, digits and `.`, `_`, `-`, that begins with neither a dot nor a dash and is never empty.
///
/// What can't be kept is replaced, and a sum of the whole name is added that tells it from others, also where a file system
/// takes upper case for lower case.
#[must_use]
pub fn file_stem(name: &str) -> String {
    /// Room for a sum and an ending below the 255 octets of a file name, and short enough to read.
    const MOST: usize = 39;

    let kept: String = name
        .chars()
        .take(MOST)
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-') { c } else { '_' })
        .collect();
    // Of the names with an ending that nothing was done to, none can be the work of the line below.
    if kept == name && !name.is_empty() && !name.starts_with(['.', '-']) && !ends_in_sum(name) && !is_reserved(name) {
        return kept;
    }
    let kept = kept.trim_start_matches(['.', '-']);
    format!("{}-{:08x}", if kept.is_empty() { "_" } else { kept }, sum(name))
}

/// Whether it looks as if a sum had been added to it.
fn ends_in_sum(name: &str) -> bool {
    name.len() >= 9
        && name.as_bytes()[name.len() - 9] == b'-'
        && name.bytes().rev().take(8).all(|byte| byte.is_ascii_hexdigit())
}

/// Names that some systems keep for devices, and that this project keeps for its own file.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let is_port = |prefix| stem.strip_prefix(prefix).is_some_and(|rest: &str| rest.len() == 1);
    matches!(stem, "con" | "prn" | "aux" | "nul" | "index") || is_port("com") || is_port("lpt")
}

/// FNV-1a of 64 bits, folded to 32. It tells names apart and keeps nobody from making two that are alike.
fn sum(name: &str) -> u32 {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    #[expect(clippy::cast_possible_truncation, reason = "the upper half is folded in")]
    let folded = (hash ^ (hash >> 32)) as u32;
    folded
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        // Zero-width and direction marks, which can make one name look like another.
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || c == char::REPLACEMENT_CHARACTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_stem(name: &str, expected: &str) {
        let stem = file_stem(name);
        assert_eq!(stem, expected);
        assert!(stem.len() <= 48);
        assert!(!stem.starts_with(['.', '-']));
        assert!(stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)));
    }

    #[test]
    fn plain_names_stay() {
        check_stem("ppp0", "ppp0");
        check_stem("router.example.net", "router.example.net");
    }

    #[test]
    fn slashes_and_dots_lead_nowhere() {
        check_stem("ge-0/0/0.0", "ge-0_0_0.0-f596db66");
        check_stem("../../etc", "_.._etc-5019f25e");
        check_stem("..", "_-b37a252a");
        check_stem("", "_-4fd0bfc1");
    }

    #[test]
    fn names_in_other_scripts_and_with_nul_are_told_apart() {
        assert_ne!(file_stem("核心"), file_stem("接入"));
        assert_ne!(file_stem("a\0"), file_stem("a"));
    }

    #[test]
    fn names_that_differ_in_case_alone_are_told_apart_by_more() {
        assert_ne!(file_stem("Eth0").to_lowercase(), file_stem("eth0").to_lowercase());
        assert_ne!(file_stem("Eth0").to_lowercase(), file_stem("ETH0").to_lowercase());
    }

    #[test]
    fn long_names_are_cut_and_told_apart() {
        let long = "x".repeat(300);
        assert!(file_stem(&long).len() <= 48);
        assert_ne!(file_stem(&long), file_stem(&format!("{long}y")));
    }

    #[test]
    fn a_name_cannot_pretend_to_be_another_ones_stem() {
        let made = file_stem("ge-0/0/0.0");
        assert_ne!(file_stem(&made), made);
    }

    #[test]
    fn the_names_of_devices_and_of_the_index_are_not_used() {
        for name in ["con", "nul.x", "com1", "index"] {
            assert_ne!(file_stem(name), name);
        }
    }

    #[test]
    fn people_see_neither_nuls_nor_tricks() {
        assert_eq!(clean("Port 1\0\0"), "Port 1");
        assert_eq!(clean("  up\u{202e}link\n\t1 "), "uplink 1");
        assert_eq!(clean("上联 核心"), "上联 核心");
        assert_eq!(clean(&"é".repeat(1_000)).chars().count(), 255);
    }
}
