//! Small words for building a document. Text is set as text, never as HTML: most of it comes from devices.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

/// An element in `parent`, at its end.
pub(super) fn add(parent: &Element, tag: &str, class: &str) -> Result<HtmlElement, JsValue> {
    let element = new(parent, tag, class)?;
    parent.append_child(&element)?;
    Ok(element)
}

/// An element that is in nothing yet.
fn new(near: &Element, tag: &str, class: &str) -> Result<HtmlElement, JsValue> {
    let document = near.owner_document().ok_or("an element without a document")?;
    let element: HtmlElement = document.create_element(tag)?.dyn_into()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    Ok(element)
}

/// The document's body.
pub(super) fn body(document: &Document) -> Result<HtmlElement, JsValue> {
    document.body().ok_or_else(|| JsValue::from_str("a document without a body"))
}

/// An element whose text changes: it is only touched where it did.
pub(super) struct Text {
    element: HtmlElement,
    shown: String,
}

impl Text {
    /// An empty one in `parent`.
    pub(super) fn add(parent: &Element, tag: &str, class: &str) -> Result<Self, JsValue> {
        Ok(Self { element: add(parent, tag, class)?, shown: String::new() })
    }

    /// Shows this.
    pub(super) fn set(&mut self, text: &str) {
        if self.shown != text {
            self.element.set_text_content(Some(text));
            text.clone_into(&mut self.shown);
        }
    }

    /// Shows this, or takes itself out of sight.
    pub(super) fn set_or_hide(&mut self, text: Option<&str>) {
        let text = text.unwrap_or_default();
        self.element.set_hidden(text.is_empty());
        self.set(text);
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
    pub(super) fn set(&mut self, value: &str) -> Result<bool, JsValue> {
        if self.shown.as_deref() == Some(value) {
            return Ok(false);
        }
        self.element.set_attribute(self.name, value)?;
        self.shown = Some(value.to_owned());
        Ok(true)
    }
}
