//! What the viewer does with pointer and keys, as wishes for the cursor. Knows nothing of graphs.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, PointerEvent};

/// What the viewer wishes of the cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wish {
    /// To be where the pointer is: CSS pixels from the plot's left edge.
    Point(f64),
    /// To go that many samples on, or back where that is negative.
    Step(isize),
    /// To go to the oldest sample that is seen.
    First,
    /// To go to the newest sample that is seen.
    Last,
    /// To be gone.
    Leave,
}

/// Listens to `plot` for the pointer and to `root` for keys, until it is dropped.
pub(super) struct Input {
    _listeners: [EventListener; 5],
}

impl Input {
    /// Calls back with each wish, and hears whether it was fulfilled: a key that does nothing here may do something elsewhere.
    pub(super) fn listen(
        root: &HtmlElement,
        plot: &HtmlElement,
        on_wish: impl Fn(Wish) -> bool + Clone + 'static,
    ) -> Self {
        root.set_tab_index(0);
        let listen = |(element, kind): (&HtmlElement, &'static str)| {
            let on_wish = on_wish.clone();
            let active = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(element, kind, active, move |event| {
                let is_fulfilled = wish(event).is_some_and(&on_wish);
                // The page is not to scroll as well.
                if is_fulfilled && event.type_() == "keydown" {
                    event.prevent_default();
                }
            })
        };
        let heard =
            [(plot, "pointerdown"), (plot, "pointermove"), (plot, "pointerleave"), (root, "keydown"), (root, "blur")];
        Self { _listeners: heard.map(listen) }
    }
}

fn wish(event: &Event) -> Option<Wish> {
    if let Some(event) = event.dyn_ref() {
        return pointer_wish(event);
    }
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return Some(Wish::Leave) };
    key_wish(event)
}

fn pointer_wish(event: &PointerEvent) -> Option<Wish> {
    match event.type_().as_str() {
        // A finger leaves whenever it is lifted, and what it pointed to could not be read under it.
        "pointerleave" if event.pointer_type() == "touch" => None,
        "pointerleave" => Some(Wish::Leave),
        _ => Some(Wish::Point(event.offset_x().into())),
    }
}

fn key_wish(event: &KeyboardEvent) -> Option<Wish> {
    /// Samples for a long step, with the shift key.
    const FAR: isize = 10;

    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return None;
    }
    let steps = if event.shift_key() { FAR } else { 1 };
    match event.key().as_str() {
        "ArrowLeft" => Some(Wish::Step(-steps)),
        "ArrowRight" => Some(Wish::Step(steps)),
        "Home" => Some(Wish::First),
        "End" => Some(Wish::Last),
        "Escape" => Some(Wish::Leave),
        _ => None,
    }
}
