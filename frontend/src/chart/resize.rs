//! Sees an element's size, now and whenever it changes, in CSS pixels or in the screen's.

use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverEntry, ResizeObserverOptions};

use crate::sure::sure;

/// Sees an element's size until it is dropped.
pub(crate) struct Resize {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Resize {
    /// Calls back with width and height in CSS pixels: soon for the first time, and then in each frame in which there are
    /// more or fewer pixels, after the browser has laid the element out and before that is seen.
    pub(crate) fn watch(element: &HtmlElement, on_size: impl Fn(f64, f64) + 'static) -> Self {
        let callback = Closure::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.pop().dyn_into::<ResizeObserverEntry>() {
                let rect = entry.content_rect();
                on_size(rect.width(), rect.height());
            }
        });
        let observer = sure(ResizeObserver::new(callback.as_ref().unchecked_ref()));
        if counts_pixels().unwrap_or(false) {
            let options = ResizeObserverOptions::new();
            options.set_box(ResizeObserverBoxOptions::DevicePixelContentBox);
            observer.observe_with_options(element, &options);
        } else {
            observer.observe(element);
        }
        Self { observer, _callback: callback }
    }
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Whether the browser tells when there are other pixels in the same size, as when the page moves to another screen. Those
/// that don't would throw when asked to.
fn counts_pixels() -> Result<bool, JsValue> {
    let entry = Reflect::get(&js_sys::global(), &"ResizeObserverEntry".into())?;
    let prototype = Reflect::get(&entry, &"prototype".into())?;
    Reflect::has(&prototype, &"devicePixelContentBoxSize".into())
}
