//! The belt that carries layers to the left, moved by the compositor, so that motion never waits for the page's program.

use wasm_bindgen::JsValue;
use web_sys::{Animation, HtmlElement};

use super::dom;
use super::moment::{Moment, Pace};
use super::motion::{TRANSFORM, animate, translate};
use crate::plot::{DisplayClock, Layer, Viewport};

/// An element that moves to the left all the time, as fast as time passes in the graph.
///
/// Where a layer is depends on the time alone, and not on when it was painted: one that takes another's place goes on where
/// that one was. For most layers the belt just goes on; only what is laid on it is another.
pub(super) struct Belt {
    element: HtmlElement,
    running: Option<Running>,
}

/// A run of the belt: it begins at 0, at `start_ms` of the page's time.
struct Running {
    animation: Animation,
    clock: DisplayClock,
    viewport: Viewport,
    start_ms: f64,
    end_ms: f64,
}

impl Belt {
    /// A belt at the end of `parent`, standing still.
    pub(super) fn new(parent: &HtmlElement) -> Self {
        Self { element: dom::append(parent, "div", "chart-belt"), running: None }
    }

    /// The element that moves.
    pub(super) const fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// Carries `load`, on which `layer` has just been painted, from now on until nothing of it is seen.
    pub(super) fn carry(&mut self, load: &HtmlElement, layer: &Layer, moment: &Moment) {
        if moment.pace == Pace::Stepping {
            self.stop();
            // On whole pixels of the screen: it stands still, and may as well be sharp.
            let pixel_ratio = layer.viewport().pixel_ratio;
            let offset = layer.offset_at(moment.shown_ms()) * pixel_ratio;
            dom::style(load, "transform", &translate(offset.round() / pixel_ratio));
            return;
        }
        if self.running.as_ref().is_none_or(|running| !running.carries(layer, moment)) {
            self.stop();
            self.running = self.start(layer, moment).ok();
        }
        let start_ms = self.running.as_ref().map_or(moment.page_ms, |running| running.start_ms);
        dom::style(load, "transform", &translate(layer.offset_at(moment.clock.shown_at(start_ms))));
    }

    fn start(&self, layer: &Layer, moment: &Moment) -> Result<Running, JsValue> {
        /// How much longer it runs than this layer is seen, so that it need not be started again for the next ones.
        const LONGER: f64 = 3.0;

        let viewport = *layer.viewport();
        let duration_ms = LONGER * (layer.gone_at() - moment.shown_ms()).max(viewport.window_ms);
        let passes_ms = moment.clock.shown_at(moment.page_ms + duration_ms) - moment.shown_ms();
        let end = translate(-viewport.width * passes_ms / viewport.window_ms);
        // Where it stays when the run is over: with nothing on it to be seen.
        dom::style(&self.element, "transform", &end);
        let animation = animate(&self.element, TRANSFORM, &[translate(0.0), end], duration_ms, "linear")?;
        // Not from when the browser comes to it, but from the time that places are worked out for.
        animation.set_start_time(Some(moment.page_ms));
        let (clock, start_ms) = (moment.clock, moment.page_ms);
        Ok(Running { animation, clock, viewport, start_ms, end_ms: start_ms + duration_ms })
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.animation.cancel();
            dom::style(&self.element, "transform", "none");
        }
    }
}

impl Drop for Belt {
    /// Else the browser would keep what is moved until the run is over, though nobody sees it any more.
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.animation.cancel();
        }
    }
}

impl Running {
    /// Whether this run takes that layer all the way.
    fn carries(&self, layer: &Layer, moment: &Moment) -> bool {
        let is_the_same = self.clock == moment.clock && self.viewport == *layer.viewport();
        is_the_same && moment.clock.page_at(layer.gone_at()) <= self.end_ms
    }
}
