//! Writes JSON. Knows nothing of what is in it, and is much smaller than what could write anything.

use std::fmt::Write as _;

/// An object that is being written at the end of a text.
pub(super) struct Object<'a> {
    text: &'a mut String,
    is_empty: bool,
}

impl<'a> Object<'a> {
    pub(super) fn open(text: &'a mut String) -> Self {
        text.push('{');
        Self { text, is_empty: true }
    }

    pub(super) fn close(self) {
        self.text.push('}');
    }

    /// The text after that name, for its value to be written there.
    pub(super) fn at(&mut self, name: &str) -> &mut String {
        if !self.is_empty {
            self.text.push(',');
        }
        self.is_empty = false;
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        self.text
    }

    /// A string, where there is one.
    pub(super) fn string(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            push_string(self.at(name), value);
        }
    }

    /// A number, where there is one.
    pub(super) fn number(&mut self, name: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.at(name).push_str(&value.to_string());
        }
    }
}

fn push_string(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            // All others may stand as they are (RFC 8259, 7).
            '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

/// An array, each of whose values is written by `push`.
pub(super) fn array<T>(text: &mut String, values: impl Iterator<Item = T>, mut push: impl FnMut(&mut String, T)) {
    text.push('[');
    for (at, value) in values.enumerate() {
        if at > 0 {
            text.push(',');
        }
        push(text, value);
    }
    text.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_left_out() {
        let mut text = String::new();
        let mut object = Object::open(&mut text);
        object.string("a", None);
        object.number("b", Some(u64::MAX));
        object.string("c", Some(""));
        array(object.at("d"), [1, 2].into_iter(), |text, number: u32| text.push_str(&number.to_string()));
        object.close();
        assert_eq!(text, r#"{"b":18446744073709551615,"c":"","d":[1,2]}"#);
    }

    #[test]
    fn strings_are_read_as_they_were() {
        let mut text = String::new();
        push_string(&mut text, "a\"b\\c\n\0\u{7f}</script>上联");
        assert_eq!(text, "\"a\\\"b\\\\c\\u000a\\u0000\u{7f}</script>上联\"");
    }
}
