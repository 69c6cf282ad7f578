//! The font of PNG files and of every measurement of text: Noto Sans (SIL Open Font License 1.1, `font/LICENSE_OFL.txt`)
//! with its Latin, Greek and Cyrillic letters and the signs that charts use. Other scripts are boxes in a PNG file; an SVG
//! file is written with the fonts of whoever opens it.

use std::sync::OnceLock;

use domain::Problem;
use plotters::style::{FontStyle, register_font};

use super::failed;

/// The name under which it is registered, which is also what SVG files ask for.
pub const FAMILY: &str = "sans-serif";

const NOTO_SANS: &[u8] = include_bytes!("font/NotoSans.ttf");

/// Makes it known to plotters, once.
pub fn registered() -> Result<(), Problem> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    match REGISTERED.get_or_init(|| register_font(FAMILY, FontStyle::Normal, NOTO_SANS).is_ok()) {
        true => Ok(()),
        false => Err(failed("the font could not be read")),
    }
}
