//! Sees an element's size, now and whenever it changes.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ResizeObserver, ResizeObserverEntry};

/// Sees an element's size until it is dropped.
pub(super) struct Resize {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Resize {
    /// Calls back with width and height in CSS pixels: soon for the first time, and then in each frame in which the size
    /// is another, after the browser has laid it out and before it is seen.
    pub(super) fn watch(element: &HtmlElement, on_size: impl Fn(f64, f64) + 'static) -> Result<Self, JsValue> {
        let callback = Closure::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.pop().dyn_into::<ResizeObserverEntry>() {
                let rect = entry.content_rect();
                on_size(rect.width(), rect.height());
            }
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref())?;
        observer.observe(element);
        Ok(Self { observer, _callback: callback })
    }
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
