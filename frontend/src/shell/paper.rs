//! What is printed. Browsers print what is there when the last listener to `beforeprint` returns: nothing is laid out anew for
//! the program to see, and no frame is drawn.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement, HtmlElement};

use crate::list::List;

use super::dom;

/// What the page is seen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    Screen,
    Paper,
}

/// Has everything be as large as it is on the screen, since that is what graphs are painted for, and in the colours of paper,
/// with a line that says what and when it is; or as before. Browsers make what is wider than the paper fit.
pub(super) fn lay_out(document: &Document, medium: Medium, caption: &str) {
    let (Some(root), Some(body)) = (document.document_element(), document.body()) else { return };
    hold(&body, "inline-size", body.offset_width(), medium);
    for graph in all::<HtmlElement>(&root, "graph", Element::get_elements_by_class_name) {
        hold(&graph, "block-size", graph.offset_height(), medium);
    }
    for line in all::<HtmlElement>(&root, "printed", Element::get_elements_by_class_name) {
        line.remove();
    }
    if medium == Medium::Paper {
        dom::add_text(&body, "p", "printed", caption);
    }
    root.set_class_name(match medium {
        Medium::Screen => "",
        Medium::Paper => "paper",
    });
}

fn hold(element: &HtmlElement, property: &str, pixels: i32, medium: Medium) {
    let value = match medium {
        Medium::Screen => String::new(),
        Medium::Paper => format!("{pixels}px"),
    };
    // A browser that refuses prints it in another size.
    let _ = element.style().set_property(property, &value);
}

/// Makes pictures of all graphs. Chromium prints a canvas that has been painted since `beforeprint` as what was painted, with a
/// mask for each area that fades, which takes viewers of such a document minutes; a canvas that was read and painted on again
/// is printed as it looks.
pub(super) fn flatten(document: &Document) {
    let Some(root) = document.document_element() else { return };
    for canvas in all::<HtmlCanvasElement>(&root, "canvas", Element::get_elements_by_tag_name) {
        let context = canvas.get_context("2d").ok().flatten();
        if let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok()) {
            for _ in 0..2 {
                let _ = context.get_image_data(0.0, 0.0, 1.0, 1.0);
                context.clear_rect(0.0, 0.0, 1.0, 1.0);
            }
        }
    }
}

fn all<T: JsCast>(root: &Element, name: &str, find: fn(&Element, &str) -> web_sys::HtmlCollection) -> Vec<T> {
    let found = find(root, name);
    (0..found.length()).filter_map(|number| found.item(number)?.dyn_into().ok()).list()
}
