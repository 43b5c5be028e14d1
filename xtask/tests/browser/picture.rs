//! Part of a screenshot, and how far what is on it has moved.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// How bright each pixel of a part of a screenshot is.
pub(crate) struct Picture {
    width: usize,
    rows: Vec<Vec<u8>>,
}

impl Picture {
    /// The part of a PNG within `[left, top, width, height]`, with a pixel for each CSS pixel.
    pub(crate) fn of(png: &[u8], part: &Value) -> Result<Self> {
        let [left, top, width, height]: [f64; 4] = serde_json::from_value(part.clone())?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places on a screen")]
        let [left, top, width, height] = [left.ceil(), top.ceil(), width.floor(), height.floor()].map(|f| f as usize);
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().context("a screenshot without a size")?];
        let info = reader.next_frame(&mut pixels)?;
        let channels = info.color_type.samples();
        ensure!(info.bit_depth == png::BitDepth::Eight && channels >= 3, "{info:?}");
        let bottom = (top + height).min(info.height as usize);
        let rows = (top..bottom).map(|y| {
            let row = &pixels[y * info.line_size..(y + 1) * info.line_size];
            let brightness = |pixel: &[u8]| pixel[..3].iter().copied().max().unwrap_or(0);
            row.chunks(channels).skip(left).take(width).map(brightness).collect()
        });
        Ok(Self { width, rows: rows.collect() })
    }

    /// How many columns have no pixel that is as bright as that.
    pub(crate) fn columns_darker_than(&self, brightness: u8) -> usize {
        (0..self.width).filter(|x| self.rows.iter().all(|row| row[*x] < brightness)).count()
    }

    /// By how many pixels this must be moved to the right to be like the earlier picture.
    pub(crate) fn shift_from(&self, earlier: &Self) -> Result<u32> {
        ensure!(self.width == earlier.width && self.rows.len() == earlier.rows.len(), "pictures of two sizes");
        let likely = (0..self.width / 2).min_by_key(|shift| self.difference(earlier, *shift));
        let shift = likely.context("an empty picture")?;
        let (best, unmoved) = (self.difference(earlier, shift), self.difference(earlier, self.width / 2));
        ensure!(best * 2 < unmoved, "the pictures are alike nowhere");
        Ok(u32::try_from(shift)?)
    }

    /// The mean difference of the pixels that both show.
    fn difference(&self, earlier: &Self, shift: usize) -> u64 {
        let both = self.width - shift;
        let rows = self.rows.iter().zip(&earlier.rows);
        let sum: u64 = rows
            .flat_map(|(now, before)| now[..both].iter().zip(&before[shift..]))
            .map(|(now, before)| u64::from(now.abs_diff(*before)))
            .sum();
        sum * 1_000 / (both * self.rows.len()) as u64
    }
}
