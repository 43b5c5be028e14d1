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

pub use moment::{Moment, Surroundings};

use std::time::Duration;

use stats::Sample;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::plot::Traffic;

/// A scrolling graph of an interface's traffic, in above the line and out below it.
///
/// Fills its host element, whose size is the page's affair: the graph takes its width and height from CSS, and follows
/// them. Dropping it takes its elements and listeners away.
pub struct Chart {}

/// How much of a graph there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Curves alone.
    Card,
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
    /// Puts a graph into `host` that shows the last `window` of time. It is empty until [`Self::paint`].
    ///
    /// # Errors
    ///
    /// What the browser throws where it has no 2D canvas.
    pub fn new(host: &HtmlElement, size: Size, traffic: Traffic, window: Duration) -> Result<Self, JsValue> {
        let _ = (host, size, traffic, window);
        Ok(Self {})
    }

    /// Sets the samples that the next [`Self::paint`] shows: oldest first, each beginning where the one before it ended.
    ///
    /// Should hold one sample more than fits into the window, so that the line enters from the left edge.
    pub fn set_samples<'a>(&self, samples: impl IntoIterator<Item = &'a Sample>) {
        let _ = samples.into_iter();
    }

    /// Shows another length of time; takes effect with the next [`Self::paint`].
    pub fn set_window(&self, window: Duration) {
        let _ = window;
    }

    /// Lays everything out and paints it anew.
    pub fn paint(&self, moment: &Moment) {
        let _ = moment;
    }

    /// Shows the cursor there, or none. Large graphs only; does not call back.
    pub fn set_cursor(&self, position: Option<CursorPosition>) {
        let _ = position;
    }

    /// Calls back when the viewer moves this graph's own cursor, so that the page can show it in others.
    pub fn on_cursor(&self, callback: impl Fn(Option<CursorPosition>) + 'static) {
        let _ = callback;
    }
}
