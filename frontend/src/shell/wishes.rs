//! What the viewer does with keys, buttons, menus and the wheel, as wishes. What they mean is in `command`.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, WheelEvent};

use crate::command::{self, Command, Wish, Zoom};
use crate::options::Options;

use super::controls::{Choice, ControlElements};
use super::memory;

/// The wheel, of which a graph takes only what began over it.
#[derive(Default)]
pub(super) struct Wheel {
    /// When it was last turned elsewhere, in milliseconds since the page was opened.
    elsewhere: Cell<f64>,
    /// When it last changed the window.
    taken: Cell<f64>,
}

/// Everything that is listened to here.
pub(super) const EVENTS: [&str; 6] = ["keydown", "click", "change", "wheel", "pointerdown", "pointermove"];

/// The wish in that event, where there is one. Whoever fulfils it lets the browser do nothing of its own.
pub(super) fn wish(event: &Event, wheel: &Wheel, controls: &ControlElements, options: &Options) -> Option<Wish> {
    if event.type_().starts_with("pointer") {
        controls.wake(options);
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    if event.default_prevented() {
        return None;
    }
    if let Some(turn) = event.dyn_ref::<WheelEvent>() {
        return wheel.wish(turn, &target, options);
    }
    if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
        let is_held = key.alt_key() || key.ctrl_key() || key.meta_key();
        // Nobody is to be held on a wall.
        let is_deaf = !memory::has_keys() && key.key() != "Escape";
        return if is_held || is_taken(&key.key(), &target) || is_deaf {
            None
        } else {
            command::wish(&key.key(), options)
        };
    }
    match controls.choice(&target, event.type_() == "change", options)? {
        Choice::Key(key) => command::wish(&key, options),
        Choice::Command(command) => Some(Wish::Command(command)),
    }
}

/// Whether that key is what the element itself takes: letters in a field, the space bar on a button.
fn is_taken(key: &str, target: &Element) -> bool {
    let takes = if key == " " { "input, select, textarea, button, a, summary" } else { "input, select, textarea" };
    target.closest(takes).ok().flatten().is_some()
}

impl Wheel {
    /// A wheel on a desk gives a turn at a time, one under two fingers dozens.
    const APART_MS: f64 = 250.0;

    fn wish(&self, turn: &WheelEvent, target: &Element, options: &Options) -> Option<Wish> {
        let now = turn.time_stamp();
        let is_over = target.closest(".panel .chart-plot").ok().flatten().is_some();
        // With Ctrl it is the browser's, which enlarges the page.
        if !is_over || turn.ctrl_key() || turn.shift_key() || turn.delta_y() == 0.0 {
            self.elsewhere.set(now);
            return None;
        }
        let zoom = if turn.delta_y() < 0.0 { Zoom::In } else { Zoom::Out };
        // Whoever scrolls the page is not to be stopped by a graph that comes under the pointer, nor by one that can't go on.
        if now - self.elsewhere.get() < Self::APART_MS || options.window.zoomed(zoom) == options.window {
            self.elsewhere.set(now);
            return None;
        }
        if now - self.taken.get() < Self::APART_MS {
            turn.prevent_default();
            return None;
        }
        self.taken.set(now);
        Some(Wish::Command(Command::Zoom(zoom)))
    }
}
