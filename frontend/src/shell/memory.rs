//! What this browser remembers of its viewer: the units that they are used to, and whether single keys do something. A
//! browser that keeps nothing, as in a private window, just remembers nothing.

use web_sys::Storage;

const UNITS: &str = "live-interface-stats";
const KEYS: &str = "live-interface-stats-keys";
const OFF: &str = "off";

/// The units that were remembered, empty where there are none. Other pages of the same host can write there too.
pub(super) fn recall() -> String {
    read(UNITS).unwrap_or_default()
}

/// Remembers these units in place of others.
pub(super) fn remember(units: &str) {
    write(UNITS, units);
}

/// Whether single keys do something: they don't have to, for whoever speaks to their machine or rests a hand on it.
pub(super) fn has_keys() -> bool {
    read(KEYS).is_none_or(|keys| keys != OFF)
}

/// Has single keys do something, or nothing.
pub(super) fn set_keys(has_keys: bool) {
    write(KEYS, if has_keys { "on" } else { OFF });
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}
