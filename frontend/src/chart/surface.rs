//! The canvas that a layer is painted on.

use plotters::drawing::IntoDrawingArea;
use plotters::style::RGBAColor;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasGradient, CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::dom;
use super::fine::FineBackend;
use crate::options::Arrangement;
use crate::plot::paint::Picture;
use crate::plot::{Lane, LanePalette, Layer, Palette, Zone};
use crate::sure::sure;

/// How dense the area under a curve is: at the line, and at the graph's edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fade {
    pub(super) base: f64,
    pub(super) edge: f64,
}

/// A transparent canvas.
pub(super) struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    backend: CanvasBackend,
    fade: Fade,
    fitted: Option<Fitted>,
}

/// What the canvas has been made to fit.
struct Fitted {
    columns: u32,
    rows: u32,
    pixel_ratio: f64,
    arrangement: Arrangement,
    gradient: CanvasGradient,
}

impl Surface {
    /// A canvas at the end of `parent`.
    pub(super) fn new(parent: &HtmlElement, fade: Fade) -> Self {
        let canvas: HtmlCanvasElement = dom::append(parent, "canvas", "chart-layer");
        let none = || "this browser has no 2D canvas".into();
        let context = sure(sure(canvas.get_context("2d")).ok_or_else(none)).unchecked_into();
        let backend = sure(CanvasBackend::with_canvas_object(canvas.clone()).ok_or_else(none));
        Self { canvas, context, backend, fade, fitted: None }
    }

    /// The canvas.
    pub(super) fn element(&self) -> &HtmlElement {
        &self.canvas
    }

    /// Paints a picture in place of what was there; from that column of the screen's pixels on, where the rest is to stay.
    ///
    /// What the canvas throws is left aside: there is nobody who could do anything about it, and the next sample paints
    /// everything anew.
    pub(super) fn paint(&mut self, picture: &Picture<'_>, zones: &[Zone], from: Option<u32>) {
        let layer = picture.layer;
        match from {
            Some(column) => self.clip(column),
            None => self.fit(layer, picture.axis.arrangement),
        }
        let area = FineBackend::new(&mut self.backend, layer).into_drawing_area();
        let _ = picture.draw_areas(&area);
        if let Some(fitted) = &self.fitted {
            fade(&self.context, fitted);
        }
        let _ = picture.draw_lines(&area);
        if let Some(fitted) = self.fitted.as_ref().filter(|_| !zones.is_empty()) {
            colour(&self.context, fitted, zones, picture.palette);
        }
        let _ = picture.draw_gaps(&area);
        if from.is_some() {
            self.context.restore();
        }
    }

    /// Clears the canvas from there on, and leaves the rest as it is until the context is restored.
    fn clip(&self, column: u32) {
        self.context.save();
        let Some(fitted) = &self.fitted else { return };
        let left = f64::from(column) / FineBackend::scale(fitted.pixel_ratio);
        let width = fitted.width() - left;
        self.context.begin_path();
        self.context.rect(left, 0.0, width, fitted.height());
        self.context.clip();
        self.context.clear_rect(left, 0.0, width, fitted.height());
    }

    /// The same with a lane.
    pub(super) fn paint_lane(&mut self, lane: &Lane, layer: &Layer, palette: &LanePalette) {
        self.fit(layer, Arrangement::default());
        let area = FineBackend::new(&mut self.backend, layer).into_drawing_area();
        let _ = lane.draw(&area, layer, palette);
    }

    /// Clears the canvas; makes it as large as the layer where it is not, which costs more, and loses what was set of it.
    fn fit(&mut self, layer: &Layer, arrangement: Arrangement) {
        let pixel_ratio = layer.viewport().pixel_ratio;
        if let Some(fitted) = &self.fitted
            && (fitted.columns, fitted.rows, fitted.arrangement) == (layer.columns, layer.rows, arrangement)
            && (fitted.pixel_ratio - pixel_ratio).abs() < f64::EPSILON
        {
            self.context.clear_rect(0.0, 0.0, fitted.width(), fitted.height());
            return;
        }
        self.canvas.set_width(layer.columns);
        self.canvas.set_height(layer.rows);
        dom::length(&self.canvas, "width", layer.width());
        dom::length(&self.canvas, "height", layer.height());
        let scale = FineBackend::scale(pixel_ratio);
        let _ = self.context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0);
        self.context.set_line_join("round");
        let gradient = self.context.create_linear_gradient(0.0, 0.0, 0.0, f64::from(layer.rows) / scale);
        let Fade { base, edge } = self.fade;
        let (middle, bottom) = match arrangement {
            Arrangement::InAbove | Arrangement::OutAbove => (base, edge),
            Arrangement::BothAbove => (f64::midpoint(base, edge), base),
        };
        for (place, density) in [(0.0, edge), (0.5, middle), (1.0, bottom)] {
            let _ = gradient.add_color_stop(place, &format!("rgba(0,0,0,{density})"));
        }
        self.fitted = Some(Fitted { columns: layer.columns, rows: layer.rows, pixel_ratio, arrangement, gradient });
    }
}

impl Fitted {
    /// In the parts that plotters counts in.
    fn width(&self) -> f64 {
        f64::from(self.columns) / FineBackend::scale(self.pixel_ratio)
    }

    /// In the parts that plotters counts in.
    fn height(&self) -> f64 {
        f64::from(self.rows) / FineBackend::scale(self.pixel_ratio)
    }
}

/// Makes what has been painted fainter towards the line.
fn fade(context: &CanvasRenderingContext2d, fitted: &Fitted) {
    let _ = context.set_global_composite_operation("destination-in");
    context.set_fill_style_canvas_gradient(&fitted.gradient);
    context.fill_rect(0.0, 0.0, fitted.width(), fitted.height());
    let _ = context.set_global_composite_operation("source-over");
}

/// Gives another colour to what has been painted in these zones, and to nothing else.
fn colour(context: &CanvasRenderingContext2d, fitted: &Fitted, zones: &[Zone], palette: &Palette) {
    let _ = context.set_global_composite_operation("source-atop");
    for zone in zones {
        let RGBAColor(red, green, blue, _) = palette.zone(zone.load);
        context.set_fill_style_str(&format!("rgb({red},{green},{blue})"));
        let (from, to) = (zone.heights.start * fitted.height(), zone.heights.end * fitted.height());
        context.fill_rect(0.0, from, fitted.width(), to - from);
    }
    let _ = context.set_global_composite_operation("source-over");
}
