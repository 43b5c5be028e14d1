//! What this browser remembers of its viewer: the units that they are used to. A browser that keeps nothing, as in a private
//! window, just remembers nothing.

use web_sys::Window;

const KEY: &str = "live-interface-stats";

/// What was remembered, empty where that is nothing. Other pages of the same host can write there too.
pub(super) fn recall(window: &Window) -> String {
    let storage = window.local_storage().ok().flatten();
    storage.and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default()
}

/// Remembers this in place of what was.
pub(super) fn remember(window: &Window, memory: &str) {
    if let Ok(Some(storage)) = window.local_storage() {
        let _ = storage.set_item(KEY, memory);
    }
}
