//! Makes elements and sets what is set often. Knows nothing of graphs.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::sure::sure;

/// A new element of that class at the end of `parent`.
pub(super) fn append<T: JsCast>(parent: &HtmlElement, tag: &str, class: &str) -> T {
    let document = sure(parent.owner_document().ok_or_else(|| "an element without a document".into()));
    let element = sure(document.create_element(tag));
    element.set_class_name(class);
    sure(parent.append_child(&element));
    element.unchecked_into()
}

/// Sets a property of the element's style. Through the object model, which a Content-Security-Policy allows; and whatever
/// comes of it: a browser that knows no such property is to go on without.
pub(super) fn style(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}

/// Sets a length in CSS pixels.
pub(super) fn length(element: &HtmlElement, property: &str, pixels: f64) {
    style(element, property, &format!("{pixels}px"));
}

/// Sets a length as a share of what it is a part of.
pub(super) fn share(element: &HtmlElement, property: &str, share: f64) {
    style(element, property, &format!("{}%", share * 100.0));
}
