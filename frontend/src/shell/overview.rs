//! The overview as elements: a card an interface, kept for as long as the interface is there.

use web_sys::{HtmlElement, Node};

use crate::chart::{Moment, Size};
use crate::list::List;
use crate::model::Model;
use crate::model::find::Place;
use crate::model::names::Names;
use crate::sure::sure;
use crate::view::{self, Group, Label, Overview};

use super::card::CardElements;
use super::dom::{self, Attribute, Text};
use super::graph::Which;
use super::tools::ToolElements;
use super::total::TotalElements;

/// The overview as elements.
pub(super) struct OverviewElements {
    host: HtmlElement,
    class: Attribute,
    tools: ToolElements,
    total: TotalElements,
    groups: Vec<GroupElements>,
    nothing: Text,
    revision: Option<u64>,
}

struct GroupElements {
    key: String,
    section: HtmlElement,
    class: Attribute,
    name: Text,
    about: Text,
    trouble: Text,
    grid: HtmlElement,
    places: Vec<Place>,
    cards: Vec<CardElements>,
    /// The cards that show what is new, by their numbers.
    open: Vec<usize>,
}

impl OverviewElements {
    /// So few cards are shown larger.
    const FEW: usize = 6;
    /// Within so many windows' heights above and below the window, cards count as in sight: they are to be there when they
    /// come.
    const AROUND: f64 = 0.5;

    pub(super) fn new(host: &HtmlElement) -> Self {
        let class = Attribute::of(host.clone(), "class");
        let tools = ToolElements::new(host);
        let total = TotalElements::new(host);
        let mut nothing = Text::add(host, "p", "unknown");
        nothing.set_or_hide(None);
        Self { host: host.clone(), class, tools, total, groups: Vec::new(), nothing, revision: None }
    }

    /// Shows this; whether there is something new to be painted.
    pub(super) fn show(&mut self, overview: &Overview, model: &Model) -> bool {
        if self.revision != Some(overview.revision) {
            self.revision = Some(overview.revision);
            self.arrange(overview, model);
        }
        self.tools.show(overview, &model.address.options.listing);
        let is_nothing = overview.groups.iter().all(|group| group.name.is_empty()) && model.listed() == 0;
        self.nothing.set_or_hide(is_nothing.then_some("No interface is like that."));
        self.class.set(match overview.count {
            1 => "overview few one",
            2..=Self::FEW => "overview few",
            _ => "overview",
        });
        let size = if overview.count > Self::FEW { Size::Card } else { Size::Labelled };
        let mut is_new = self.total.show(model);
        for (elements, group) in self.groups.iter_mut().zip(&overview.groups) {
            is_new |= elements.show(group, size, model);
        }
        is_new
    }

    /// Takes away what is no more, adds what is new, and puts all into order. The keyboard stays where it is.
    fn arrange(&mut self, overview: &Overview, model: &Model) {
        let focused = dom::focused();
        let mut known = std::mem::take(&mut self.groups);
        for (number, group) in overview.groups.iter().enumerate() {
            let mut elements = match known.iter().position(|elements| elements.key == group.key) {
                Some(at) => known.remove(at),
                None => GroupElements::new(&self.host, group),
            };
            elements.arrange(model, number);
            self.groups.push(elements);
        }
        for gone in known {
            gone.section.remove();
        }
        put_in_order(&self.host, self.nothing.element().next_sibling(), self.groups.iter().map(|group| &group.section));
        if let Some(focused) = focused.filter(|focused| dom::focused().as_ref() != Some(focused)) {
            let _ = focused.focus();
        }
    }

    /// The keyboard goes on from the card of that interface, which the viewer comes back from.
    pub(super) fn attend(&self, key: &str) {
        let mut cards = self.groups.iter().flat_map(|group| &group.cards);
        if let Some(card) = cards.find(|card| card.key() == key) {
            let _ = card.element().focus();
        }
    }

    /// The cards in a window of that height, and those around it.
    pub(super) fn in_sight(&self, height: f64) -> Vec<Place> {
        let mut places = Vec::new();
        for group in &self.groups {
            let of_group = group.section.get_bounding_client_rect();
            let (top, bottom) = (-height * Self::AROUND, height * (1.0 + Self::AROUND));
            if of_group.bottom() < top || of_group.top() > bottom {
                continue;
            }
            // They are in order, so that few of thousands need to be looked at.
            let first = group.cards.partition_point(|card| card.element().get_bounding_client_rect().bottom() < top);
            let rest = group.cards.get(first..).unwrap_or_default();
            let count = rest.partition_point(|card| card.element().get_bounding_client_rect().top() <= bottom);
            places.extend_from_slice(group.places.get(first..first + count).unwrap_or_default());
        }
        places
    }

    pub(super) fn paint(&mut self, which: Which, moment: &Moment) {
        self.total.paint(which, moment);
        for group in &mut self.groups {
            for number in &group.open {
                if let Some(card) = group.cards.get_mut(*number) {
                    card.paint(which, moment);
                }
            }
        }
    }
}

impl GroupElements {
    fn new(host: &HtmlElement, group: &Group) -> Self {
        let section = dom::add(host, "section", "group");
        let class = Attribute::of(section.clone(), "class");
        let head = dom::add(&section, "div", "group-head");
        let name = Text::add(&head, "h2", "");
        let about = Text::add(&head, "p", "about");
        let trouble = Text::add(&head, "p", "trouble");
        let grid = dom::add(&section, "div", "cards");
        let (places, cards, open) = (Vec::new(), Vec::new(), Vec::new());
        Self { key: group.key.clone(), section, class, name, about, trouble, grid, places, cards, open }
    }

    /// See [`OverviewElements::arrange`].
    fn arrange(&mut self, model: &Model, number: usize) {
        self.places = model.order.rows.get(number).map(|row| row.places.clone()).unwrap_or_default();
        let labels: Vec<Label> = view::labels(model, number).list();
        let wanted = Names::of(labels.iter().map(|label| label.key.as_str()));
        let mut found: Vec<Option<CardElements>> = labels.iter().map(|_| None).list();
        for card in std::mem::take(&mut self.cards) {
            match wanted.find(card.key()) {
                Some(number) => found[number] = Some(card),
                None => card.element().remove(),
            }
        }
        let cards = labels.iter().zip(found);
        self.cards = cards.map(|(label, card)| card.unwrap_or_else(|| CardElements::new(&self.grid, label))).list();
        // Where none has one, no room is left for it.
        let has_aliases = labels.iter().any(|label| !label.alias.is_empty());
        self.grid.set_class_name(if has_aliases { "cards aliased" } else { "cards" });
        put_in_order(&self.grid, self.grid.first_child(), self.cards.iter().map(CardElements::element));
        // They have other numbers now.
        self.open = (0..self.cards.len()).filter(|number| self.cards[*number].is_open()).list();
    }

    fn show(&mut self, group: &Group, size: Size, model: &Model) -> bool {
        self.name.set_or_hide(Some(&group.name));
        self.about.set_or_hide(Some(&group.about));
        self.trouble.set_or_hide(group.trouble.as_deref());
        self.class.set(if group.trouble.is_some() { "group silent" } else { "group" });
        let in_sight: Vec<usize> = group.cards.iter().map(|card| card.number).list();
        for number in std::mem::take(&mut self.open) {
            if let Some(card) = self.cards.get_mut(number).filter(|_| in_sight.binary_search(&number).is_err()) {
                card.close();
            }
        }
        self.open = in_sight;
        let mut is_new = false;
        for card in &group.cards {
            if let Some(elements) = self.cards.get_mut(card.number) {
                is_new |= elements.show(card, size, model);
            }
        }
        is_new
    }
}

/// Has these elements of `parent` follow each other from `next` on. Those that do already are not touched: what is moved loses
/// the focus, and costs.
fn put_in_order<'a>(parent: &HtmlElement, mut next: Option<Node>, elements: impl Iterator<Item = &'a HtmlElement>) {
    for element in elements {
        if next.as_ref().is_some_and(|next| element.is_same_node(Some(next))) {
            next = element.next_sibling();
        } else {
            sure(parent.insert_before(element, next.as_ref()));
        }
    }
}
