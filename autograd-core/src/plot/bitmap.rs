//! A backend of `plotters` that paints dots into memory: what PNGs are made of. It needs no font of the system.

use std::convert::Infallible;

use plotters::prelude::IntoDrawingArea;
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::draw;
use super::figure::Figure;
use super::font::{CELL, columns};
use super::png;

/// A picture: three bytes for each dot, row by row.
pub(super) struct Bitmap {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// How many dots a pixel of a figure is: for screens with fine dots, and so that letters have some.
const UNIT: u32 = 2;

pub(super) fn png(figure: &Figure) -> Vec<u8> {
    let (width, height) = (figure.size.0 * UNIT, figure.size.1 * UNIT);
    let count = usize::try_from(3 * u64::from(width) * u64::from(height)).expect("a picture that fits in memory");
    let mut bitmap = Bitmap { width, height, bytes: vec![255; count] };
    let area = (&mut bitmap).into_drawing_area();
    draw::draw(&area, figure, UNIT.cast_signed()).expect("memory takes whatever is painted");
    drop(area);
    png::encode(width, height, &bitmap.bytes)
}

type Painted<T = ()> = Result<T, DrawingErrorKind<Infallible>>;

/// How many dots of the picture a dot of the font is, across and down, for a text of a size: as wide as `plotters` takes
/// text for, which sets the size of legends, and as high as capitals are.
fn scale(size: f64) -> (i32, i32) {
    #[allow(clippy::cast_possible_truncation, reason = "sizes of text are small")]
    let [across, down] = [13.0, 10.0].map(|dots| (size / dots).round() as i32);
    (across.max(1), down.max(1))
}

impl DrawingBackend for &mut Bitmap {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    fn ensure_prepared(&mut self) -> Painted {
        Ok(())
    }

    fn present(&mut self) -> Painted {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Painted {
        let inside = |at: i32, size: u32| u32::try_from(at).ok().filter(|at| *at < size);
        if let (Some(x), Some(y)) = (inside(x, self.width), inside(y, self.height)) {
            let place = 3 * (y as usize * self.width as usize + x as usize);
            let (red, green, blue) = color.rgb;
            for (dot, ink) in self.bytes[place..place + 3].iter_mut().zip([red, green, blue]) {
                let mixed = f64::from(*dot) + (f64::from(ink) - f64::from(*dot)) * color.alpha.clamp(0.0, 1.0);
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
                let mixed = mixed.round() as u8;
                *dot = mixed;
            }
        }
        Ok(())
    }

    /// Each dot once: what is seen through has no seams.
    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Painted {
        let reach = radius.cast_signed();
        let ring = (2 * reach - 1).pow(2);
        for (x, y) in (-reach..=reach).flat_map(|x| (-reach..=reach).map(move |y| (x, y))) {
            let square = 4 * (x * x + y * y);
            if square <= 4 * reach * reach && (fill || square >= ring) {
                self.draw_pixel((at.0 + x, at.1 + y), style.color())?;
            }
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Painted {
        let ((wide, high), turn) = (scale(style.size()), style.transform());
        let (width, height) = self.estimate_text_size(text, style)?;
        let [width, height] = [width, height].map(|size| i32::try_from(size).unwrap_or(i32::MAX));
        let anchor = style.anchor();
        let left = match anchor.h_pos {
            HPos::Left => 0,
            HPos::Center => -width / 2,
            HPos::Right => -width,
        };
        let top = match anchor.v_pos {
            VPos::Top => 0,
            VPos::Center => -height / 2,
            VPos::Bottom => -height,
        };
        for (place, letter) in (0..).zip(text.chars()) {
            for (column, bits) in (0..).zip(columns(letter)) {
                for row in (0..8).filter(|row| bits >> row & 1 == 1) {
                    let (x, y) = ((place * CELL.0.cast_signed() + column) * wide, row * high);
                    for (over, down) in (0..wide).flat_map(|over| (0..high).map(move |down| (over, down))) {
                        let (x, y) = turn.transform(left + x + over, top + y + down);
                        self.draw_pixel((at.0 + x, at.1 + y), style.color())?;
                    }
                }
            }
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Painted<(u32, u32)> {
        let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (wide, high) = scale(style.size());
        Ok((letters.saturating_mul(CELL.0 * wide.cast_unsigned()), CELL.1 * high.cast_unsigned()))
    }
}
