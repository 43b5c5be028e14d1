//! The tools of the overview as elements: search, order, filters. What they say is what the URL would.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::options::{Grouping, Listing};
use crate::view::Overview;

use super::dom::{self, Text};

/// The tools of the overview as elements.
pub(super) struct ToolElements {
    search: HtmlInputElement,
    selects: [HtmlSelectElement; 3],
    /// What only is of use where there are several targets.
    of_many: [HtmlElement; 2],
    boxes: [HtmlInputElement; 2],
    found: Text,
    shown: Option<(Listing, Vec<String>)>,
}

/// The values that the boxes have where they are checked.
const GROUPED: (&str, &str) = ("target", "none");
const TOTAL: (&str, &str) = ("on", "off");

impl ToolElements {
    pub(super) fn new(host: &HtmlElement) -> Self {
        let root = dom::add(host, "div", "tools");
        dom::set(&root, "role", "search");
        let search: HtmlInputElement = dom::add(&root, "input", "search").unchecked_into();
        for (name, value) in [
            ("type", "search"),
            ("name", "q"),
            ("placeholder", "Search"),
            ("aria-label", "Search interfaces"),
            ("maxlength", "100"),
            ("spellcheck", "false"),
            ("autocomplete", "off"),
        ] {
            dom::set(&search, name, value);
        }
        let (_, sort) = select(&root, "sort", "Order");
        options(
            &sort,
            &[("file", "as listed"), ("traffic", "by traffic"), ("name", "by name"), ("status", "down first")],
        );
        let (_, state) = select(&root, "state", "State");
        options(&state, &[("any", "any"), ("up", "up"), ("down", "down"), ("busy", "with traffic")]);
        let (of_targets, target) = select(&root, "target", "Device");
        let (grouping, grouped) = checkbox(&root, "group", "By device");
        let (_, total) = checkbox(&root, "total", "Total");
        let found = Text::add(&root, "p", "found");
        dom::set(found.element(), "role", "status");
        Self {
            search,
            selects: [sort, state, target],
            of_many: [of_targets, grouping],
            boxes: [grouped, total],
            found,
            shown: None,
        }
    }

    /// Shows what is chosen, and what there is to choose.
    pub(super) fn show(&mut self, overview: &Overview, listing: &Listing) {
        self.found.set(&overview.found);
        if self.shown.as_ref().is_some_and(|(shown, targets)| shown == listing && *targets == overview.targets) {
            return;
        }
        let [sort, state, target] = &self.selects;
        if self.shown.as_ref().is_none_or(|(_, targets)| *targets != overview.targets) {
            target.set_text_content(None);
            options(target, &[("", "all")]);
            for name in &overview.targets {
                options(target, &[(name, &stats::clean(name))]);
            }
            for element in &self.of_many {
                element.set_hidden(overview.targets.is_empty());
            }
        }
        // Whoever is typing has said it already, perhaps with a space at the end.
        if self.search.value() != listing.search {
            self.search.set_value(&listing.search);
        }
        // Their options are in the order of what they mean.
        sort.set_selected_index(listing.sort as i32);
        state.set_selected_index(listing.state as i32);
        target.set_value(listing.target.as_deref().unwrap_or_default());
        let [grouped, total] = &self.boxes;
        grouped.set_checked(listing.grouping == Grouping::Target);
        total.set_checked(listing.total);
        self.shown = Some((listing.clone(), overview.targets.clone()));
    }
}

/// What an element of the tools says, as a pair of the URL's query.
pub(super) fn said(element: &Element) -> Option<(String, String)> {
    element.closest(".tools").ok().flatten()?;
    if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
        return Some((select.name(), select.value()));
    }
    let input: &HtmlInputElement = element.dyn_ref()?;
    let name = input.name();
    let (yes, no) = match name.as_str() {
        "group" => GROUPED,
        "total" => TOTAL,
        _ => return Some((name, input.value())),
    };
    let value = if input.checked() { yes } else { no };
    Some((name, value.to_owned()))
}

fn select(root: &HtmlElement, name: &str, label: &str) -> (HtmlElement, HtmlSelectElement) {
    let host = dom::add(root, "label", "");
    dom::add_text(&host, "span", "", label);
    let select = dom::add(&host, "select", "");
    dom::set(&select, "name", name);
    (host, select.unchecked_into())
}

fn options(select: &HtmlSelectElement, options: &[(&str, &str)]) {
    for (value, text) in options {
        let option = dom::add_text(select, "option", "", text);
        dom::set(&option, "value", value);
    }
}

fn checkbox(root: &HtmlElement, name: &str, label: &str) -> (HtmlElement, HtmlInputElement) {
    let host = dom::add(root, "label", "check");
    let input = dom::add(&host, "input", "");
    dom::set(&input, "type", "checkbox");
    dom::set(&input, "name", name);
    dom::add_text(&host, "span", "", label);
    (host, input.unchecked_into())
}
