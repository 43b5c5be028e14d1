//! The overview as elements: a card an interface, kept for as long as the interface is there.

use std::time::Duration;

use web_sys::HtmlElement;

use crate::chart::{Moment, Size};
use crate::model::Model;
use crate::plot::Traffic;
use crate::view::{Card, Group, Overview};

use super::dom::{self, Attribute, Text};
use super::graph::{Graph, Which};

/// The overview as elements.
pub(super) struct OverviewElements {
    host: HtmlElement,
    class: Attribute,
    groups: Vec<GroupElements>,
}

struct GroupElements {
    key: String,
    section: HtmlElement,
    name: Text,
    about: Text,
    trouble: Text,
    grid: HtmlElement,
    cards: Vec<CardElements>,
}

struct CardElements {
    key: String,
    link: HtmlElement,
    query: Attribute,
    name: Text,
    alias: Text,
    trouble: Text,
    inbound: Text,
    outbound: Text,
    graph: Graph,
}

impl OverviewElements {
    /// So few cards are shown larger.
    const FEW: usize = 6;

    pub(super) fn new(host: &HtmlElement) -> Self {
        Self { host: host.clone(), class: Attribute::of(host.clone(), "class"), groups: Vec::new() }
    }

    /// Shows this; whether there is something new to be painted.
    pub(super) fn show(&mut self, overview: &Overview, model: &Model, window: Duration) -> bool {
        let wanted = overview.groups.iter().map(|group| &group.key);
        if !wanted.eq(self.groups.iter().map(|elements| &elements.key)) {
            self.arrange(overview);
        }
        let count: usize = overview.groups.iter().map(|group| group.cards.len()).sum();
        self.class.set(if count <= Self::FEW { "overview few" } else { "overview" });
        let mut is_new = false;
        for (elements, group) in self.groups.iter_mut().zip(&overview.groups) {
            is_new |= elements.show(group, model, window);
        }
        is_new
    }

    /// Takes away what is no more, adds what is new, and puts all into order.
    fn arrange(&mut self, overview: &Overview) {
        let mut known = std::mem::take(&mut self.groups);
        for group in &overview.groups {
            let elements = match known.iter().position(|elements| elements.key == group.key) {
                Some(at) => known.remove(at),
                None => GroupElements::new(&self.host, group),
            };
            dom::append(&self.host, &elements.section);
            self.groups.push(elements);
        }
        for gone in known {
            gone.section.remove();
        }
    }

    pub(super) fn paint(&mut self, which: Which, moment: &Moment) {
        for card in self.groups.iter_mut().flat_map(|group| &mut group.cards) {
            card.graph.paint(which, moment);
        }
    }
}

impl GroupElements {
    fn new(host: &HtmlElement, group: &Group) -> Self {
        let section = dom::add(host, "section", "group");
        let head = dom::add(&section, "div", "group-head");
        let name = Text::add(&head, "h2", "");
        let about = Text::add(&head, "p", "about");
        let trouble = Text::add(&head, "p", "trouble");
        let grid = dom::add(&section, "div", "cards");
        Self { key: group.key.clone(), section, name, about, trouble, grid, cards: Vec::new() }
    }

    /// See [`OverviewElements::arrange`].
    fn arrange(&mut self, group: &Group, window: Duration) {
        let mut known = std::mem::take(&mut self.cards);
        for card in &group.cards {
            let elements = match known.iter().position(|elements| elements.key == card.key) {
                Some(at) => known.remove(at),
                None => CardElements::new(&self.grid, card, window),
            };
            dom::append(&self.grid, &elements.link);
            self.cards.push(elements);
        }
        for gone in known {
            gone.link.remove();
        }
    }

    fn show(&mut self, group: &Group, model: &Model, window: Duration) -> bool {
        let wanted = group.cards.iter().map(|card| &card.key);
        if !wanted.eq(self.cards.iter().map(|elements| &elements.key)) {
            self.arrange(group, window);
        }
        self.name.set(&group.name);
        self.about.set_or_hide(Some(&group.about));
        self.trouble.set_or_hide(group.trouble.as_deref());
        let mut is_new = false;
        for (elements, card) in self.cards.iter_mut().zip(&group.cards) {
            is_new |= elements.show(card, model, window);
        }
        is_new
    }
}

impl CardElements {
    fn new(grid: &HtmlElement, card: &Card, window: Duration) -> Self {
        let link = dom::add(grid, "a", "card");
        let head = dom::add(&link, "div", "card-head");
        let name = Text::add(&head, "h3", "");
        let trouble = Text::add(&head, "span", "badge");
        let alias = Text::add(&link, "p", "alias");
        let rates = dom::add(&link, "p", "rates");
        let inbound = rate(&rates, "in", "In ");
        let outbound = rate(&rates, "out", "Out ");
        let host = dom::add(&link, "div", "graph");
        // The figures say it better.
        dom::set(&host, "aria-hidden", "true");
        let graph = Graph::new(&host, Size::Card, Traffic::Octets, window);
        let query = Attribute::of(link.clone(), "href");
        Self { key: card.key.clone(), link, query, name, alias, trouble, inbound, outbound, graph }
    }

    fn show(&mut self, card: &Card, model: &Model, window: Duration) -> bool {
        self.query.set(&card.query);
        self.name.set(&card.name);
        self.alias.set(&card.alias);
        self.trouble.set_or_hide(card.trouble);
        self.inbound.set(&card.inbound);
        self.outbound.set(&card.outbound);
        self.graph.show(model, card.place, window)
    }
}

/// A figure with its colour and its word.
pub(super) fn rate(parent: &HtmlElement, class: &str, word: &str) -> Text {
    let rate = dom::add(parent, "span", &format!("rate {class}"));
    dom::add_text(&rate, "span", "word", word);
    Text::add(&rate, "span", "figure")
}
