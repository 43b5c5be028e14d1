//! A short word that is copied as numbers are, to go wherever a unit goes.

use std::fmt;

/// A short word: what is counted in place of octets, and what the two directions are called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Word {
    text: [u8; Self::MOST],
    length: u8,
}

impl Word {
    /// In octets, which is what a config may say. Whoever writes a file may write more; it is cut.
    const MOST: usize = 30;

    /// That text, as far as it is to be shown; `None` where nothing of it is.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let clean = stats::clean(text);
        let mut text = [0; Self::MOST];
        let mut length = 0;
        for letter in clean.chars() {
            let Some(place) = text.get_mut(length..length + letter.len_utf8()) else { break };
            length += letter.encode_utf8(place).len();
        }
        let length = u8::try_from(length).ok().filter(|length| *length > 0)?;
        Some(Self { text, length })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = &self.text[..usize::from(self.length)];
        text.utf8_chunks().next().map_or("", |chunk| chunk.valid())
    }

    /// Whether it is a symbol, as `B` is, which a prefix is written together with: it has one letter or two.
    #[must_use]
    pub fn is_symbol(&self) -> bool {
        self.as_str().chars().count() <= 2
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Word::of(text).as_ref().map(Word::as_str), expected);
    }

    #[test]
    fn a_word_is_as_it_is_written_and_not_too_long() {
        check("requests", Some("requests"));
        check("Запросы\u{0}", Some("Запросы"));
        check("", None);
        check("\n \u{202e}", None);
        check(&"x".repeat(1_000), Some(&"x".repeat(30)));
        check(&format!("x{}", "€".repeat(17)), Some(&format!("x{}", "€".repeat(9))));
    }
}
