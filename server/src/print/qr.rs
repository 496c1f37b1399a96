//! QR codes as pictures.

use fast_qr::{
    ECL, QRBuilder,
    convert::{Builder as _, svg::SvgBuilder},
};

use super::{Error, Picture, PictureFormat};

/// Most bytes that the largest QR code holds.
const MOST: usize = 2953;

/// The QR code of a text. About a seventh of it may be spoiled by creases or a bad line; a text that is too long for that gets
/// a code that bears less.
pub fn qr(name: &'static str, text: &str) -> Result<Picture, Error> {
    let code = [ECL::M, ECL::L]
        .into_iter()
        .find_map(|level| QRBuilder::new(text).ecl(level).build().ok())
        .ok_or(Error::TooLong(text.len(), MOST))?;
    // The template leaves the quiet zone.
    let drawn = SvgBuilder::default().margin(0).to_str(&code);
    Ok(Picture {
        name,
        format: PictureFormat::Svg,
        bytes: drawn.into_bytes(),
    })
}
