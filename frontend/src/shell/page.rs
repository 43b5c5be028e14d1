//! The page as elements: the bar at its head, and what is below it.

use web_sys::{HtmlElement, Window};

use crate::chart::Moment;
use crate::command::DISMISS;
use crate::list::List;
use crate::model::Model;
use crate::model::find::Place;
use crate::plot::DisplayClock;
use crate::sure::sure;
use crate::view::{self, Body, Controls, LocalTime, Page, Unknown};

use super::controls::{ControlElements, add_button};
use super::detail::DetailElements;
use super::dom::{self, Attribute, Text};
use super::graph::Which;
use super::overview::OverviewElements;

/// The page as elements.
pub(super) struct PageElements {
    home: Attribute,
    bar: HtmlElement,
    document: HtmlElement,
    controls: Option<ControlElements>,
    is_kiosk: Attribute,
    state: Attribute,
    word: Text,
    announced: Text,
    turn: u64,
    sentence: Text,
    notice: HtmlElement,
    noted: Text,
    main: HtmlElement,
    body: BodyElements,
    /// The interface whose detail was shown last.
    left: Option<String>,
    paint: Option<Which>,
}

enum BodyElements {
    Nothing,
    Overview(Box<OverviewElements>),
    Detail(Box<DetailElements>),
    Unknown(Unknown),
}

impl PageElements {
    pub(super) fn new(body: &HtmlElement) -> Self {
        // What says that the page is loading.
        body.set_text_content(None);
        let bar = dom::add(body, "header", "bar");
        let home = dom::add(&bar, "a", "home");
        home.set_text_content(Some("Live interface stats"));
        let status = dom::add(&bar, "p", "status");
        dom::add(&status, "span", "dot");
        let word = Text::add(&status, "span", "word");
        // It says what has changed, where the visible one also says how many seconds ago.
        let announced = Text::add(&bar, "p", "aside");
        dom::set(announced.element(), "role", "status");
        let sentence = Text::add(&bar, "p", "sentence");
        let notice = dom::add(&bar, "div", "sentence notice");
        let noted = Text::add(&notice, "span", "");
        dom::set(noted.element(), "role", "alert");
        add_button(&notice, DISMISS.0, DISMISS.1);
        let main = dom::add(body, "main", "");
        add_heading(&main);
        Self {
            home: Attribute::of(home, "href"),
            bar,
            document: body.clone(),
            controls: None,
            is_kiosk: Attribute::of(body.clone(), "data-kiosk"),
            state: Attribute::of(body.clone(), "data-state"),
            word,
            announced,
            turn: 0,
            sentence,
            notice,
            noted,
            main,
            body: BodyElements::Nothing,
            left: None,
            paint: None,
        }
    }

    /// Shows this.
    pub(super) fn show(&mut self, page: &Page, model: &Model, local: LocalTime) {
        self.home.set(&model.address.with_interface(None).to_query());
        self.show_controls(&page.controls, model);
        self.show_status(page, model);
        if self.noted.set(page.notice.as_deref().unwrap_or_default()) {
            self.notice.set_hidden(page.notice.is_none());
        }
        self.show_body(&page.body, model, local);
    }

    fn show_controls(&mut self, controls: &Controls, model: &Model) {
        let elements =
            self.controls.get_or_insert_with(|| ControlElements::new(&self.bar, &self.document, controls, model));
        elements.show(controls, &model.address.options);
        self.is_kiosk.set(if controls.is_kiosk { "true" } else { "false" });
    }

    /// What is below the bar.
    pub(super) const fn main(&self) -> &HtmlElement {
        &self.main
    }

    /// Whether what is shown is live, and what is the matter where it is not.
    pub(super) fn state(&self) -> String {
        let words = [self.word.text(), self.sentence.text()].into_iter().filter(|words| !words.is_empty());
        words.list().join(": ")
    }

    /// What the viewer chooses with, once there is something.
    pub(super) const fn controls(&self) -> Option<&ControlElements> {
        self.controls.as_ref()
    }

    fn show_status(&mut self, page: &Page, model: &Model) {
        let status = &page.status;
        self.word.set(&status.word);
        self.sentence.set_or_hide(status.sentence.as_deref());
        if self.state.set(status.state.name()) || self.turn != page.turn {
            self.turn = page.turn;
            self.announced.set(&view::summary(model, page));
        }
    }

    fn show_body(&mut self, body: &Body, model: &Model, local: LocalTime) {
        let fits = match (&self.body, body) {
            (BodyElements::Nothing, Body::Nothing) | (BodyElements::Overview(_), Body::Overview(_)) => true,
            (BodyElements::Detail(elements), Body::Detail(detail)) => elements.is_of(detail),
            (BodyElements::Unknown(shown), Body::Unknown(unknown)) => shown == unknown,
            _ => false,
        };
        if !fits {
            if let BodyElements::Detail(elements) = &self.body {
                self.left = Some(elements.key().to_owned());
            }
            // The charts first, that they take their listeners from elements that are there.
            self.body = BodyElements::Nothing;
            self.main.set_text_content(None);
            if !matches!(body, Body::Detail(_)) {
                add_heading(&self.main);
            }
            self.body = match body {
                Body::Nothing => BodyElements::Nothing,
                Body::Overview(_) => BodyElements::Overview(Box::new(OverviewElements::new(&self.main))),
                Body::Detail(detail) => BodyElements::Detail(Box::new(DetailElements::new(&self.main, detail))),
                Body::Unknown(unknown) => {
                    show_unknown(&self.main, unknown);
                    BodyElements::Unknown(unknown.clone())
                }
            };
        }
        let is_new = match (&mut self.body, body) {
            (BodyElements::Overview(elements), Body::Overview(overview)) => elements.show(overview, model),
            (BodyElements::Detail(elements), Body::Detail(detail)) => elements.show(detail, model, local),
            _ => false,
        };
        if is_new {
            self.paint = self.paint.or(Some(Which::New));
        }
    }

    /// Whether there is something new to be painted.
    pub(super) const fn wants_paint(&self) -> bool {
        self.paint.is_some()
    }

    /// Whether there are cards, which may be in sight or not.
    pub(super) const fn has_cards(&self) -> bool {
        matches!(self.body, BodyElements::Overview(_))
    }

    /// The interfaces whose cards are in sight; `None` where no cards are shown.
    pub(super) fn in_sight(&self, window: &Window) -> Option<Vec<Place>> {
        match &self.body {
            BodyElements::Overview(elements) => {
                let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
                Some(elements.in_sight(height))
            }
            _ => None,
        }
    }

    /// What is painted looks different now.
    pub(super) const fn want_paint(&mut self) {
        self.paint = Some(Which::All);
    }

    /// Paints what is new, in an animation frame.
    pub(super) fn paint(&mut self, page_ms: f64) {
        let Some(which) = self.paint.take() else { return };
        // Each graph has a clock of its own.
        let moment = sure(Moment::read(DisplayClock::new(0.0), page_ms));
        match &mut self.body {
            BodyElements::Overview(elements) => elements.paint(which, &moment),
            BodyElements::Detail(elements) => elements.paint(which, &moment),
            BodyElements::Nothing | BodyElements::Unknown(_) => {}
        }
    }

    /// The viewer has come to what is shown now: the keyboard is to go on from there.
    pub(super) fn attend(&mut self) {
        match (&self.body, self.left.take()) {
            (BodyElements::Detail(elements), _) => elements.attend(),
            (BodyElements::Overview(elements), Some(left)) => elements.attend(&left),
            _ => {}
        }
    }
}

/// What is heard where nothing that is seen says it: what this part of the page is about.
fn add_heading(main: &HtmlElement) {
    dom::add_text(main, "h1", "aside", "Interfaces");
}

fn show_unknown(main: &HtmlElement, unknown: &Unknown) {
    let paragraph = dom::add(main, "p", "unknown");
    dom::add_text(&paragraph, "span", "", &format!("{} ", unknown.sentence));
    if let Some((name, query)) = &unknown.nearest {
        let link = dom::add(&paragraph, "a", "");
        dom::set(&link, "href", query);
        link.set_text_content(Some(name));
    }
    let paragraph = dom::add(main, "p", "unknown");
    let link = dom::add(&paragraph, "a", "");
    dom::set(&link, "href", &unknown.all);
    link.set_text_content(Some("Show all interfaces"));
}
