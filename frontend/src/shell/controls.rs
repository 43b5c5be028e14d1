//! The controls as elements: buttons that do what keys do, menus, and the help. What they mean is in `command`.
//!
//! Menus are popovers, which browsers open, close and let go of by themselves.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::command::{Command, KEYS, LIVE, SAVES};
use crate::list::List;
use crate::model::Model;
use crate::options::{Kiosk, Options, Reach, rate};
use crate::view::{Button, Controls, SCALE, menus};

use super::dom::{self, Attribute, Text};
use super::memory;

/// The controls as elements.
pub(super) struct ControlElements {
    /// Whether they are seen.
    root: HtmlElement,
    windows: [Pressed; 4],
    pause: Text,
    is_paused: Attribute,
    live: HtmlElement,
    paused: Text,
    selects: Vec<HtmlSelectElement>,
    pinned: HtmlInputElement,
    opens_help: HtmlElement,
    files: HtmlElement,
    keys: HtmlInputElement,
    shown: Option<Options>,
    /// What the way out of a display on a wall is in.
    bar: HtmlElement,
    /// What takes that out of sight again.
    rest: RefCell<Option<Timeout>>,
}

/// A button that is pressed in or not.
struct Pressed(Attribute);

/// What the viewer did with the controls.
pub(super) enum Choice {
    /// What that key does.
    Key(String),
    /// That.
    Command(Command),
}

impl ControlElements {
    /// Controls in `bar`, and their menus and the help in `body`.
    pub(super) fn new(bar: &HtmlElement, body: &HtmlElement, controls: &Controls, model: &Model) -> Self {
        let root = dom::add(bar, "div", "controls");
        let group = dom::add(&root, "div", "segments");
        dom::set(&group, "role", "group");
        dom::set(&group, "aria-label", "Time shown");
        let windows = controls.windows.each_ref().map(|window| Pressed::add(&group, window));
        let pause = Text::add(&root, "button", "");
        be_key(pause.element(), controls.pause.key);
        let is_paused = Attribute::of(root.clone(), "data-paused");
        let (view, _) = popover(&root, body, "view", "View");
        let pinned: HtmlInputElement = dom::add(&view, "input", "pinned").unchecked_into();
        for (name, value) in [
            ("placeholder", "100M, 2.5G"),
            ("aria-label", "Scale up to, in bits a second"),
            ("size", "10"),
            ("spellcheck", "false"),
            ("maxlength", "16"),
        ] {
            dom::set(&pinned, name, value);
        }
        let mut selects = Vec::new();
        for menu in menus(&model.address.options) {
            let label = dom::add(&view, "label", "");
            dom::add_text(&label, "span", "", menu.label);
            let select: HtmlSelectElement = dom::add(&label, "select", "").unchecked_into();
            for (words, _) in &menu.choices {
                dom::add_text(&select, "option", "", words);
            }
            selects.push(select);
            if menu.label == SCALE {
                dom::append(&view, &pinned);
            }
        }
        let (files, _) = popover(&root, body, "files", "File");
        dom::add_text(&files, "h2", "", "Save what is shown");
        for (key, label) in SAVES {
            add_button(&files, key, label);
        }
        dom::add_text(&files, "h2", "", "Show a saved stats file");
        let label = dom::add(&files, "label", "opener");
        dom::add_text(&label, "span", "aside", "Stats file");
        let opener: HtmlInputElement = dom::add(&label, "input", "").unchecked_into();
        for (name, value) in [("type", "file"), ("accept", ".json,.txt,application/json")] {
            dom::set(&opener, name, value);
        }
        dom::add_text(&files, "p", "about", "or drop it anywhere on the page");
        let (help, opens_help) = popover(&root, body, "help", "?");
        dom::set(&opens_help, "aria-label", "Keys");
        dom::add_text(&help, "h2", "", "Keys");
        let keys = dom::add(&help, "dl", "keys");
        for key in KEYS {
            let row = dom::add(&keys, "div", "");
            let names = dom::add(&row, "dt", "");
            for name in key.name.split(' ').list() {
                dom::add_text(&names, "kbd", "", name);
            }
            dom::add_text(&row, "dd", "", key.does);
        }
        let label = dom::add(&help, "label", "");
        let keys: HtmlInputElement = dom::add(&label, "input", "").unchecked_into();
        keys.set_type("checkbox");
        keys.set_checked(memory::has_keys());
        dom::add_text(&label, "span", "", "these keys work (those of a graph do in any case)");
        add_button(bar, "Escape", "Leave (Esc)").set_class_name("exit");
        let live = add_button(&root, LIVE.0, LIVE.1);
        let paused = Text::add(&root, "span", "paused");
        Self {
            root,
            windows,
            pause,
            is_paused,
            live,
            paused,
            selects,
            pinned,
            opens_help,
            files,
            keys,
            shown: None,
            bar: bar.clone(),
            rest: RefCell::default(),
        }
    }

    /// Shows this.
    pub(super) fn show(&mut self, controls: &Controls, options: &Options) {
        for (pressed, button) in self.windows.iter_mut().zip(&controls.windows) {
            pressed.show(button);
        }
        self.pause.set(controls.pause.label);
        self.is_paused.set(if controls.pause.is_chosen { "true" } else { "false" });
        self.paused.set_or_hide(controls.paused.as_deref());
        dom::hide(&self.live, !controls.is_replay);
        dom::hide(self.pause.element(), controls.is_replay);
        if self.shown.as_ref() == Some(options) {
            return;
        }
        dom::hide(&self.root, controls.is_kiosk);
        for (select, menu) in self.selects.iter().zip(menus(options)) {
            select.set_selected_index(menu.chosen.and_then(|chosen| i32::try_from(chosen).ok()).unwrap_or(-1));
        }
        self.pinned.set_value(&controls.pinned);
        self.pinned.set_custom_validity("");
        self.shown = Some(options.clone());
    }

    /// Somebody is at the wall: shows the way out for a while.
    pub(super) fn wake(&self, options: &Options) {
        const AWAKE_MS: u32 = 3_000;

        if options.kiosk == Kiosk::Off {
            return;
        }
        let bar = self.bar.clone();
        bar.set_class_name("bar awake");
        self.rest.replace(Some(Timeout::new(AWAKE_MS, move || bar.set_class_name("bar"))));
    }

    /// What opens the help, or closes it.
    pub(super) fn opens_help(&self) -> HtmlElement {
        self.opens_help.clone()
    }

    /// Closes the menu that a file was chosen in: it would lie over what is shown of it.
    pub(super) fn close_files(&self) {
        let _ = self.files.hide_popover();
    }

    /// What the viewer has chosen with that element, if it is one of these.
    pub(super) fn choice(&self, element: &Element, is_change: bool, options: &Options) -> Option<Choice> {
        if !is_change {
            return element.closest("[data-key]").ok().flatten()?.get_attribute("data-key").map(Choice::Key);
        }
        let is = |other: &Element| element.is_same_node(Some(other));
        if is(&self.pinned) {
            let text = self.pinned.value();
            let rate = rate::pinned(&text);
            let is_wrong = rate.is_none() && !text.is_empty();
            self.pinned.set_custom_validity(if is_wrong { "a rate in bits a second, like 100M or 2.5G" } else { "" });
            self.pinned.report_validity();
            let reach = rate.map_or(Reach::Auto, Reach::Pinned);
            return (!is_wrong).then_some(Choice::Command(Command::Reach(reach)));
        }
        if is(&self.keys) {
            memory::set_keys(self.keys.checked());
            return None;
        }
        let at = self.selects.iter().position(|select| is(select))?;
        let chosen = usize::try_from(self.selects[at].selected_index()).ok()?;
        let (_, command) = menus(options).get(at)?.choices.get(chosen)?.clone();
        Some(Choice::Command(command))
    }
}

impl Pressed {
    fn add(parent: &HtmlElement, button: &Button) -> Self {
        Self(Attribute::of(add_button(parent, button.key, button.label), "aria-pressed"))
    }

    fn show(&mut self, button: &Button) {
        self.0.set(if button.is_chosen { "true" } else { "false" });
    }
}

/// A button that does what that key does.
pub(super) fn add_button(parent: &HtmlElement, key: &str, label: &str) -> HtmlElement {
    let element = dom::add_text(parent, "button", "", label);
    be_key(&element, key);
    element
}

/// Lets a button do what that key does.
fn be_key(button: &HtmlElement, key: &str) {
    dom::set(button, "type", "button");
    dom::set(button, "data-key", key);
}

/// A popover in `body`, and the button that opens it in `bar`.
fn popover(bar: &HtmlElement, body: &HtmlElement, name: &str, label: &str) -> (HtmlElement, HtmlElement) {
    let button = dom::add_text(bar, "button", &format!("opens-{name}"), label);
    dom::set(&button, "type", "button");
    dom::set(&button, "popovertarget", name);
    let popover = dom::add(body, "div", &format!("popover {name}"));
    popover.set_id(name);
    dom::set(&popover, "popover", "");
    (popover, button)
}
