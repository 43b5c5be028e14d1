//! A card of the overview as elements: what it is found by, and once it has come into sight its figures and its graph.

use web_sys::HtmlElement;

use crate::chart::{Moment, Size};
use crate::model::Model;
use crate::plot::{Setting, Traffic};
use crate::sure::sure;
use crate::view::{Card, Label};

use super::dom::{self, Attribute, Text};
use super::graph::{Graph, Which};

/// A card as elements.
pub(super) struct CardElements {
    key: String,
    link: HtmlElement,
    head: HtmlElement,
    query: Attribute,
    name: Text,
    alias: Text,
    /// Nothing until it has come into sight: of ten thousand cards, most never do.
    contents: Option<Contents>,
}

struct Contents {
    trouble: Text,
    inbound: Rate,
    outbound: Rate,
    host: HtmlElement,
    size: Size,
    /// Nothing while it is out of sight: a canvas takes memory for every pixel.
    graph: Option<Graph>,
}

impl CardElements {
    pub(super) fn new(grid: &HtmlElement, label: &Label) -> Self {
        let link = dom::add(grid, "a", "card");
        let head = dom::add(&link, "div", "card-head");
        let heading = dom::add(&head, "h3", "");
        // By itself, in whatever script it is: where there is no room for all of it, its end is what tells it from others.
        let name = Text::add(&heading, "bdi", "");
        let alias = Text::add(&head, "p", "alias");
        let query = Attribute::of(link.clone(), "href");
        let mut card = Self { key: label.key.clone(), link, head, query, name, alias, contents: None };
        card.set_label(label);
        card
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) const fn element(&self) -> &HtmlElement {
        &self.link
    }

    /// Whether it has a graph.
    pub(super) fn is_open(&self) -> bool {
        self.contents.as_ref().is_some_and(|contents| contents.graph.is_some())
    }

    fn set_label(&mut self, label: &Label) {
        self.query.set(&label.query);
        for (element, text) in [(&mut self.name, &label.name), (&mut self.alias, &label.alias)] {
            if element.set(text) {
                // All of it, where there is no room for that.
                dom::set(element.element(), "title", text);
            }
        }
    }

    /// Shows this, with a graph of that size; whether there is something new to be painted.
    pub(super) fn show(&mut self, card: &Card, size: Size, model: &Model) -> bool {
        self.set_label(&card.label);
        let setting = model.setting(card.place);
        let contents = self.contents.get_or_insert_with(|| Contents::new(&self.link, &self.head, &setting));
        contents.trouble.set_or_hide(card.trouble);
        let [inbound, outbound] = &card.labels;
        contents.inbound.show(inbound, &card.inbound);
        contents.outbound.show(outbound, &card.outbound);
        if std::mem::replace(&mut contents.size, size) != size {
            contents.graph = None;
        }
        let graph = || Graph::new(&contents.host, size, Traffic::Octets, setting);
        contents.graph.get_or_insert_with(graph).show(model, card.place)
    }

    /// It is out of sight. What it says stays, so that nothing moves.
    pub(super) fn close(&mut self) {
        if let Some(contents) = &mut self.contents {
            contents.graph = None;
        }
    }

    pub(super) fn paint(&mut self, which: Which, moment: &Moment) {
        if let Some(graph) = self.contents.as_mut().and_then(|contents| contents.graph.as_mut()) {
            graph.paint(which, moment);
        }
    }
}

impl Contents {
    fn new(link: &HtmlElement, head: &HtmlElement, setting: &Setting) -> Self {
        let trouble = Text::add(head, "span", "badge");
        // How long the config's own words are is not known.
        let is_usual = setting.counted().is_none();
        let rates = dom::add(link, "p", if is_usual { "rates" } else { "rates counted" });
        let (inbound, outbound) = (Rate::add(&rates, "in"), Rate::add(&rates, "out"));
        let host = dom::add(link, "div", "graph");
        // The figures say it better.
        dom::set(&host, "aria-hidden", "true");
        Self { trouble, inbound, outbound, host, size: Size::Card, graph: None }
    }
}

/// A figure with its colour and its word.
pub(super) struct Rate {
    word: Text,
    figure: Text,
}

impl Rate {
    pub(super) fn add(parent: &HtmlElement, class: &str) -> Self {
        let rate = dom::add(parent, "span", &format!("rate {class}"));
        let word = Text::add(&rate, "span", "word");
        sure(rate.append_with_str_1(" "));
        Self { word, figure: Text::add(&rate, "span", "figure") }
    }

    pub(super) fn show(&mut self, word: &str, figure: &str) {
        if self.word.set(word) {
            // What the config says is to be seen where there is room for marks alone.
            let is_usual = matches!(word, "In" | "Out");
            self.word.element().set_class_name(if is_usual { "word" } else { "word own" });
        }
        self.figure.set(figure);
    }
}
