//! What can only fail where this program is wrong.

use wasm_bindgen::JsValue;

/// What a browser refuses only where this program is wrong. There is nothing to be done about that but to say so in the
/// console, so that it is not handed from caller to caller: that would be a good part of the program.
pub(crate) fn sure<T>(outcome: Result<T, JsValue>) -> T {
    outcome.unwrap_or_else(|error| {
        give_up("the browser refused what this page asked of it");
        wasm_bindgen::throw_val(error)
    })
}

/// Says in the document that nothing goes on here any more: else it would seem to be live for ever.
pub(crate) fn give_up(why: &str) {
    let body = web_sys::window().and_then(|window| window.document()).and_then(|document| document.body());
    if let Some(body) = body {
        // Style sheets dim what this leaves behind. Nothing here may fail again.
        let _ = body.set_attribute("data-state", "failed");
        let text = format!("This page’s program has failed; reloading it should help. {why}");
        let _ = body.insert_adjacent_text("afterbegin", &text);
    }
}
