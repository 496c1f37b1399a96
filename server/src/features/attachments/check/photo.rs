//! Photos: decoded within limits, turned upright, and written anew, so that nothing else that was in the file is left.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::jpeg::JpegEncoder, imageops::FilterType,
};

use super::{
    super::model::{Refusal, Rendition},
    Made, sniff,
};

/// Most pixels of a photo.
const PIXELS: u64 = 50_000_000;
const LONGEST_SIDE: u32 = 20_000;
/// Memory that decoding may take.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Largest colour profile that is kept: photos of wounds keep their colours.
const PROFILE: usize = 16 * 1024;

const MEDIUM: u32 = 1600;
const SMALL: u32 = 400;

/// Makes the photo and its smaller pictures.
pub(super) fn photo(bytes: &[u8]) -> Result<Vec<Made>, Refusal> {
    if sniff::is_cut_off(bytes) {
        return Err(Refusal::AttachmentDamaged);
    }
    let (image, profile) = decode(bytes)?;
    let mut made = pictures(&image, profile.as_deref())?;
    made.push(encoded(Rendition::Full, &image, 90, profile.as_deref())?);
    Ok(made)
}

/// The smaller pictures of an image: of a photo, a video, or the first page of a PDF.
pub(super) fn pictures(image: &DynamicImage, profile: Option<&[u8]>) -> Result<Vec<Made>, Refusal> {
    let fitted = |side: u32| {
        if image.width() <= side && image.height() <= side {
            image.clone()
        } else {
            image.resize(side, side, FilterType::Triangle)
        }
    };
    let medium = fitted(MEDIUM);
    let small = if medium.width() <= SMALL && medium.height() <= SMALL {
        medium.clone()
    } else {
        medium.resize(SMALL, SMALL, FilterType::Triangle)
    };
    Ok(vec![
        encoded(Rendition::Medium, &medium, 82, profile)?,
        encoded(Rendition::Small, &small, 78, profile)?,
    ])
}

/// Decodes an image, upright, without transparency.
pub(super) fn decode(bytes: &[u8]) -> Result<(DynamicImage, Option<Vec<u8>>), Refusal> {
    let format = match bytes {
        [0xff, 0xd8, ..] => ImageFormat::Jpeg,
        [0x89, b'P', ..] => ImageFormat::Png,
        [b'R', b'I', ..] => ImageFormat::WebP,
        _ => return Err(Refusal::AttachmentTypeNotAllowed),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return Err(Refusal::AttachmentTooManyPixels);
    }
    let orientation = decoder.orientation();
    let is_rgb = decoder.color_type() == image::ColorType::Rgb8;
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| is_rgb && profile.len() <= PROFILE);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    if let Ok(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok((on_white(image), profile))
}

fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let mut pixels = image.into_rgba8();
    let mix = |value: u8, alpha: u8| {
        let mixed = (u16::from(value) * u16::from(alpha) + 255 * u16::from(255 - alpha)) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    for pixel in pixels.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        pixel.0 = [mix(red, alpha), mix(green, alpha), mix(blue, alpha), 255];
    }
    DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
}

fn encoded(
    rendition: Rendition,
    image: &DynamicImage,
    quality: u8,
    profile: Option<&[u8]>,
) -> Result<Made, Refusal> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = profile {
        // An encoder that does not know profiles leaves it out.
        let _kept = encoder.set_icc_profile(profile.to_vec());
    }
    let written = encoder.write_image(
        image.as_bytes(),
        image.width(),
        image.height(),
        image.color().into(),
    );
    written.map_err(|error| refusal(&error))?;
    Ok(Made {
        rendition,
        media_type: "image/jpeg",
        content: super::Content::Bytes(bytes),
        dimensions: Some((
            i32::try_from(image.width()).unwrap_or(i32::MAX),
            i32::try_from(image.height()).unwrap_or(i32::MAX),
        )),
    })
}

fn refusal(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::AttachmentTooManyPixels,
        _ => Refusal::AttachmentDamaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = DynamicImage::new_rgba8(width, height);
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_photo_becomes_three_pictures() {
        let made = photo(&png(1000, 500)).unwrap();
        let sizes: Vec<_> = made
            .iter()
            .map(|made| (made.rendition, made.dimensions))
            .collect();
        assert_eq!(
            sizes,
            [
                (Rendition::Medium, Some((1000, 500))),
                (Rendition::Small, Some((400, 200))),
                (Rendition::Full, Some((1000, 500))),
            ]
        );
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let (image, _) = decode(&png(3, 3)).unwrap();
        assert_eq!(image.to_rgb8().get_pixel(1, 1).0, [255, 255, 255]);
    }

    #[test]
    fn a_photo_that_is_cut_off_is_refused() {
        let whole = png(300, 300);
        for length in [20, whole.len() / 2, whole.len() - 5] {
            assert!(photo(&whole[..length]).is_err());
        }
    }
}
