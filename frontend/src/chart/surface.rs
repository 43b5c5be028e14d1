//! The canvas that a layer is painted on.

use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::dom;
use super::fine::FineBackend;
use crate::plot::Layer;
use crate::plot::paint::Picture;

/// How dense the area under a curve is: at the line in the middle, and at the graph's edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fade {
    pub(super) middle: f64,
    pub(super) edge: f64,
}

/// A transparent canvas.
pub(super) struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    backend: CanvasBackend,
    fade: Fade,
}

impl Surface {
    /// A canvas at the end of `parent`.
    pub(super) fn new(parent: &HtmlElement, fade: Fade) -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = dom::append(parent, "canvas", "chart-layer")?;
        let context = canvas.get_context("2d")?.ok_or("this browser has no 2D canvas")?.unchecked_into();
        let backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or("this browser has no 2D canvas")?;
        Ok(Self { canvas, context, backend, fade })
    }

    /// The element that is moved.
    pub(super) fn element(&self) -> &HtmlElement {
        &self.canvas
    }

    /// Paints a picture in place of what was there.
    ///
    /// What the canvas throws is left aside: there is nobody who could do anything about it, and the next sample paints
    /// everything anew.
    pub(super) fn paint(&mut self, picture: &Picture<'_>) {
        let layer = picture.layer;
        self.clear(layer);
        let area = FineBackend::new(&mut self.backend, layer).into_drawing_area();
        let _ = picture.draw_areas(&area);
        fade(&self.context, self.fade, layer);
        let _ = picture.draw_gaps(&area);
        let _ = picture.draw_lines(&area);
    }

    fn clear(&self, layer: &Layer) {
        // A canvas whose size is set is made anew, even where it is the same size.
        if self.canvas.width() != layer.columns || self.canvas.height() != layer.rows {
            self.canvas.set_width(layer.columns);
            self.canvas.set_height(layer.rows);
        }
        dom::length(&self.canvas, "width", layer.width());
        dom::length(&self.canvas, "height", layer.height());
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, layer.columns.into(), layer.rows.into());
        let scale = FineBackend::transform(layer);
        let _ = self.context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0);
        self.context.set_line_join("round");
    }
}

/// Makes what has been painted fainter towards the line in the middle.
fn fade(context: &CanvasRenderingContext2d, fade: Fade, layer: &Layer) {
    let scale = FineBackend::transform(layer);
    let (width, height) = (f64::from(layer.columns) / scale, f64::from(layer.rows) / scale);
    let gradient = context.create_linear_gradient(0.0, 0.0, 0.0, height);
    for (place, density) in [(0.0, fade.edge), (0.5, fade.middle), (1.0, fade.edge)] {
        let _ = gradient.add_color_stop(place, &format!("rgba(0,0,0,{density})"));
    }
    let _ = context.set_global_composite_operation("destination-in");
    context.set_fill_style_canvas_gradient(&gradient);
    context.fill_rect(0.0, 0.0, width, height);
    let _ = context.set_global_composite_operation("source-over");
}
