//! A scrolling graph, in the browser: paints what `plot` works out on a canvas when samples arrive, and has the compositor
//! move it between. Knows nothing of where samples come from.
//!
//! How the page uses it, for all its charts at once:
//!
//!  - samples arrived: [`Chart::set_samples`] for each, then request one animation frame; in it take one [`Moment::read`]
//!    and [`Chart::paint`] each chart with it. Painting them in different frames costs many times as much.
//!  - nothing arrived: nothing. The graphs scroll on by themselves, for as long as there is anything to be seen in them.
//!  - the chart's size changed: nothing. Each chart sees that and paints itself.
//!  - the theme, the screen's pixels or the wish for less motion changed, see [`Surroundings::watch`]: paint again.

mod moment;

mod graph;

mod fine;
mod surface;

mod belt;
mod motion;

mod axes;
mod band;
mod cursor;
mod lane;
mod look;

mod input;
mod resize;

mod dom;

pub use crate::plot::Traffic;
pub use cursor::wall;
pub use moment::{Moment, Surroundings};
pub(crate) use resize::Resize;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use gloo_render::{AnimationFrame, request_animation_frame};
use stats::Sample;
use web_sys::HtmlElement;

use crate::plot::Setting;

use self::graph::Graph;
use self::input::{Input, Wish};

/// A scrolling graph of an interface's traffic, in above the line and out below it.
///
/// Fills its host element, whose size is the page's affair: the graph takes its width and height from CSS, and follows
/// them. Dropping it takes its elements and listeners away.
pub struct Chart {
    shared: Rc<Shared>,
    _resize: Resize,
    _input: Option<Input>,
}

/// What a chart's listeners share with it; they hold it weakly, so that it goes with the chart.
struct Shared {
    graph: RefCell<Graph>,
    /// The next frame that the cursor is drawn in, where samples move beneath it.
    frame: RefCell<Option<AnimationFrame>>,
    on_cursor: RefCell<Option<Rc<OnCursor>>>,
}

type OnCursor = dyn Fn(Option<CursorPosition>);

/// How much of a graph there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Curves alone.
    Card,
    /// With axes and a grid.
    Labelled,
    /// With axes, a grid and a cursor.
    Large,
}

/// Where a cursor is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CursorPosition {
    /// As far behind the right edge as that: it stays where the pointer is, and samples pass beneath it.
    Behind(Duration),
    /// At that moment of the file's time, in milliseconds since the epoch: it stays with the sample.
    At(f64),
}

impl Chart {
    /// Puts a graph into `host`. It is empty until [`Self::paint`].
    #[must_use]
    pub fn new(host: &HtmlElement, size: Size, traffic: Traffic, setting: Setting) -> Self {
        let graph = Graph::new(host, size, traffic, setting);
        let (root, plot) = (graph.root().clone(), graph.plot().clone());
        let shared =
            Rc::new(Shared { graph: RefCell::new(graph), frame: RefCell::default(), on_cursor: RefCell::default() });
        let resized = Rc::downgrade(&shared);
        let resize = Resize::watch(&plot, move |width, height| {
            if let Some(shared) = resized.upgrade() {
                shared.graph.borrow_mut().resized(width, height, page_ms());
            }
        });
        let input = match size {
            Size::Card | Size::Labelled => None,
            Size::Large => {
                let wished = Rc::downgrade(&shared);
                Some(Input::listen(&root, &plot, move |wish| Shared::fulfil(&wished, wish)))
            }
        };
        Self { shared, _resize: resize, _input: input }
    }

    /// Sets the samples that the next [`Self::paint`] shows: oldest first, each beginning where the one before it ended.
    ///
    /// Should hold one sample more than fits into the window, so that the line enters from the left edge. Where they are sums,
    /// each is without so many of what belongs to it.
    pub fn set_samples(&self, samples: &[Sample], without: &[usize]) {
        self.shared.graph.borrow_mut().set_samples(samples, without);
    }

    /// Sets it to something else; takes effect with the next [`Self::paint`].
    pub fn set(&self, setting: Setting) {
        self.shared.graph.borrow_mut().set(setting);
    }

    /// Lays everything out and paints it anew.
    pub fn paint(&self, moment: &Moment) {
        self.shared.graph.borrow_mut().paint(moment);
    }

    /// Shows the cursor there, or none. Large graphs only; does not call back.
    pub fn set_cursor(&self, position: Option<CursorPosition>) {
        self.shared.graph.borrow_mut().set_cursor(position, page_ms());
        self.shared.follow();
    }

    /// Calls back when the viewer moves this graph's own cursor, so that the page can show it in others.
    pub fn on_cursor(&self, callback: impl Fn(Option<CursorPosition>) + 'static) {
        self.shared.on_cursor.replace(Some(Rc::new(callback)));
    }
}

impl Drop for Chart {
    fn drop(&mut self) {
        self.shared.graph.borrow().root().remove();
    }
}

impl Shared {
    /// Moves the cursor as the viewer wishes, and says so. Whether that was anything: without a cursor none can leave.
    fn fulfil(shared: &Weak<Self>, wish: Wish) -> bool {
        let Some(shared) = shared.upgrade() else { return false };
        let is_wish = wish != Wish::Leave || shared.graph.borrow().is_pointed();
        let position = shared.graph.borrow().cursor_after(wish, page_ms());
        shared.graph.borrow_mut().set_cursor(position, page_ms());
        shared.follow();
        // Out of the cell, since the callback may well set another.
        let on_cursor = shared.on_cursor.borrow().clone();
        if let Some(on_cursor) = on_cursor {
            on_cursor(position);
        }
        is_wish
    }

    /// Draws the cursor in each frame for as long as samples move beneath it.
    fn follow(self: &Rc<Self>) {
        if !self.graph.borrow().follows() {
            self.frame.replace(None);
            return;
        }
        if self.frame.borrow().is_some() {
            return;
        }
        let shared = Rc::downgrade(self);
        let frame = request_animation_frame(move |page_ms| {
            if let Some(shared) = shared.upgrade() {
                shared.frame.replace(None);
                shared.graph.borrow_mut().draw_cursor(page_ms);
                shared.follow();
            }
        });
        self.frame.replace(Some(frame));
    }
}

/// The page's time of the present frame.
fn page_ms() -> f64 {
    let document = web_sys::window().and_then(|window| window.document());
    document.and_then(|document| document.timeline().current_time()).unwrap_or_default()
}
