//! What the viewer does with pointer and keys, as wishes for the cursor. Knows nothing of graphs.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use crate::list::List;

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
    _listeners: Vec<EventListener>,
}

impl Input {
    /// Calls back with each wish.
    pub(super) fn listen(root: &HtmlElement, plot: &HtmlElement, on_wish: impl Fn(Wish) + Clone + 'static) -> Self {
        root.set_tab_index(0);
        let pointer = |kind: &'static str| {
            let on_wish = on_wish.clone();
            EventListener::new(plot, kind, move |event| {
                if let Some(wish) = event.dyn_ref().and_then(pointer_wish) {
                    on_wish(wish);
                }
            })
        };
        let mut listeners: Vec<EventListener> =
            ["pointerdown", "pointermove", "pointerleave"].into_iter().map(pointer).list();
        let on_key = on_wish.clone();
        let active = EventListenerOptions::enable_prevent_default();
        listeners.push(EventListener::new_with_options(root, "keydown", active, move |event| {
            if let Some(wish) = event.dyn_ref().and_then(key_wish) {
                // The page is not to scroll as well.
                event.prevent_default();
                on_key(wish);
            }
        }));
        listeners.push(EventListener::new(root, "blur", move |_| on_wish(Wish::Leave)));
        Self { _listeners: listeners }
    }
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
