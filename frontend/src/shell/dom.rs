//! Small words for building a document. Text is set as text, never as HTML: most of it comes from devices.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::sure::sure;

/// An element in `parent`, at its end.
pub(super) fn add(parent: &Element, tag: &str, class: &str) -> HtmlElement {
    let document = parent.owner_document().ok_or_else(|| JsValue::from_str("an element without a document"));
    // The tags that are used are HTML's own.
    let element: HtmlElement = sure(sure(document).create_element(tag)).unchecked_into();
    if !class.is_empty() {
        element.set_class_name(class);
    }
    append(parent, &element);
    element
}

/// An element with that text in `parent`, at its end.
pub(super) fn add_text(parent: &Element, tag: &str, class: &str, text: &str) -> HtmlElement {
    let element = add(parent, tag, class);
    element.set_text_content(Some(text));
    element
}

/// Puts an element at the end of `parent`, from wherever it is.
pub(super) fn append(parent: &Element, element: &Element) {
    sure(parent.append_child(element));
}

/// Puts an element before another, which has the same parent.
pub(super) fn put_before(element: &Element, next: &Element) {
    if let Some(parent) = element.parent_node() {
        sure(parent.insert_before(element, Some(next)));
    }
}

/// What has the focus.
pub(super) fn focused() -> Option<HtmlElement> {
    web_sys::window()?.document()?.active_element()?.dyn_into().ok()
}

/// Takes an element out of sight, or shows it. One that is so already is not touched: the browser would look at all styles
/// again.
pub(super) fn hide(element: &HtmlElement, is_hidden: bool) {
    if element.hidden() != is_hidden {
        element.set_hidden(is_hidden);
    }
}

/// Sets an attribute.
pub(super) fn set(element: &Element, name: &str, value: &str) {
    sure(element.set_attribute(name, value));
}

/// An element whose text changes: it is only touched where it did.
pub(super) struct Text {
    element: HtmlElement,
    shown: Option<String>,
}

impl Text {
    /// An empty one in `parent`.
    pub(super) fn add(parent: &Element, tag: &str, class: &str) -> Self {
        Self { element: add(parent, tag, class), shown: None }
    }

    /// Shows this; whether it was another before.
    pub(super) fn set(&mut self, text: &str) -> bool {
        if self.shown.as_deref() == Some(text) {
            return false;
        }
        match self.element.first_child() {
            // For another one the browser would look at styles again, and lay out more than that.
            Some(node) => node.set_node_value(Some(text)),
            None => self.element.set_text_content(Some(text)),
        }
        self.shown = Some(text.to_owned());
        true
    }

    /// Shows this, or takes itself out of sight.
    pub(super) fn set_or_hide(&mut self, text: Option<&str>) {
        let text = text.unwrap_or_default();
        if self.set(text) {
            self.element.set_hidden(text.is_empty());
        }
    }

    /// What it shows.
    pub(super) fn text(&self) -> &str {
        self.shown.as_deref().unwrap_or_default()
    }

    /// The element itself.
    pub(super) const fn element(&self) -> &HtmlElement {
        &self.element
    }
}

/// An element's attribute that changes: it is only touched where it did.
pub(super) struct Attribute {
    element: HtmlElement,
    name: &'static str,
    shown: Option<String>,
}

impl Attribute {
    /// Not set yet.
    pub(super) const fn of(element: HtmlElement, name: &'static str) -> Self {
        Self { element, name, shown: None }
    }

    /// Sets it; whether it was another before.
    pub(super) fn set(&mut self, value: &str) -> bool {
        if self.shown.as_deref() == Some(value) {
            return false;
        }
        set(&self.element, self.name, value);
        self.shown = Some(value.to_owned());
        true
    }
}
