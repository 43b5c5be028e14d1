//! Text in small letters. Knows no letters beyond ASCII: browsers have the tables of all scripts, and a second set of them
//! would be a good part of the page.

/// The text in small letters.
#[must_use]
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { lower_in_any_script(text) }
}

#[cfg(target_arch = "wasm32")]
fn lower_in_any_script(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(not(target_arch = "wasm32"))]
fn lower_in_any_script(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_every_script_become_small() {
        assert_eq!(lower("GE-0/0/1 ÜBER ΑΒΓ Связь 上联"), "ge-0/0/1 über αβγ связь 上联");
    }
}
