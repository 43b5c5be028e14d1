//! A canvas on which plotters draws lines that begin and end between pixels.
//!
//! Plotters counts in whole pixels; this says that the canvas is [`FINE`] times its size in CSS pixels, and the canvas
//! divides by as much. So it is sharp at any devicePixelRatio, of which plotters-canvas knows nothing.

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};
use plotters_canvas::CanvasBackend;

use crate::plot::Layer;
use crate::plot::paint::{FINE, fine};

/// A canvas on which plotters counts in parts of a CSS pixel.
///
/// Whoever makes one has scaled the canvas by [`Self::scale`].
pub(super) struct FineBackend<'a> {
    canvas: &'a mut CanvasBackend,
    size: (u32, u32),
}

type Result = std::result::Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl<'a> FineBackend<'a> {
    /// The canvas of that layer.
    pub(super) fn new(canvas: &'a mut CanvasBackend, layer: &Layer) -> Self {
        let size = (fine(layer.width()).unsigned_abs(), fine(layer.height()).unsigned_abs());
        Self { canvas, size }
    }

    /// The screen's pixels in one of the parts that plotters counts in.
    pub(super) fn scale(pixel_ratio: f64) -> f64 {
        pixel_ratio / f64::from(FINE)
    }
}

impl DrawingBackend for FineBackend<'_> {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result {
        self.canvas.ensure_prepared()
    }

    fn present(&mut self) -> Result {
        self.canvas.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Result {
        self.canvas.draw_pixel(point, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Result {
        // Not as the canvas' own lines, which it moves by half of what it takes for a pixel.
        self.canvas.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, one: BackendCoord, other: BackendCoord, style: &S, fill: bool) -> Result {
        self.canvas.draw_rect(one, other, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Result {
        self.canvas.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Result {
        self.canvas.fill_polygon(path, style)
    }
}
