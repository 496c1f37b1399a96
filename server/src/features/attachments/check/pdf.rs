//! PDF: nothing that acts, nothing hidden behind it; written anew; its words and a picture of its first page.

use hayro::{
    RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render,
    vello_cpu::color::palette::css::WHITE,
};
use image::{DynamicImage, RgbaImage};
use lopdf::{Dictionary, Document, LoadOptions, Object};

use super::{
    super::model::{Refusal, Rendition},
    Content, Found, Made, photo,
    queries::Facts,
};

/// What one stream of a PDF may unpack to, and all together.
const STREAM: usize = 64 * 1024 * 1024;
const ALL_STREAMS: usize = 400 * 1024 * 1024;
/// Where readers of ZIP look for its end.
const ZIP_TAIL: usize = 66 * 1024;
const PAGES: usize = 3000;
/// Most words that are kept for searching, in bytes.
const TEXT: usize = 1024 * 1024;
const TEXT_STREAMS: usize = 32 * 1024 * 1024;
/// Largest picture in a PDF for which its page is drawn.
const PIXELS: i64 = 60_000_000;
/// Width of the picture of the first page.
const WIDTH: f32 = 1200.0;

/// What acts when a PDF is opened or touched.
const ACTIONS: [&[u8]; 8] = [
    b"JavaScript",
    b"Launch",
    b"ImportData",
    b"SubmitForm",
    b"GoToE",
    b"Rendition",
    b"RichMediaExecute",
    b"Movie",
];
/// What carries something else.
const CARRIERS: [&[u8]; 8] = [
    b"EmbeddedFile",
    b"FileAttachment",
    b"RichMedia",
    b"3D",
    b"Movie",
    b"Sound",
    b"Screen",
    b"Rendition",
];
const KEYS: [&[u8]; 6] = [
    b"JS",
    b"JavaScript",
    b"EmbeddedFiles",
    b"EF",
    b"XFA",
    b"RichMediaContent",
];

/// Makes the PDF that is shown.
pub(super) fn pdf(bytes: &[u8]) -> Result<Found, Refusal> {
    check_frame(bytes)?;
    let options = LoadOptions::with_max_decompressed_size(STREAM);
    let loaded = Document::load_mem_with_options(bytes, options);
    let mut document = loaded.map_err(|error| match error {
        lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => {
            Refusal::AttachmentPdfEncrypted
        }
        lopdf::Error::Decompress(_) => Refusal::AttachmentTooCostly,
        _ => Refusal::AttachmentDamaged,
    })?;
    if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(Refusal::AttachmentPdfEncrypted);
    }
    let pages = document.get_pages();
    if pages.is_empty() || pages.len() > PAGES {
        return Err(Refusal::AttachmentDamaged);
    }
    let large_picture = check_objects(&document)?;
    let numbers: Vec<u32> = pages.keys().copied().collect();
    let text = words(&document, &numbers);
    document.prune_objects();
    let mut written = Vec::new();
    document
        .save_to(&mut written)
        .map_err(|_| Refusal::AttachmentDamaged)?;
    let mut made = Vec::new();
    if !large_picture && let Some(page) = first_page(&written) {
        made.extend(photo::pictures(&page, None)?);
    }
    made.push(Made {
        rendition: Rendition::Full,
        media_type: "application/pdf",
        content: Content::Bytes(written),
        dimensions: None,
    });
    Ok(Found {
        made,
        facts: Facts {
            pages: i32::try_from(pages.len()).ok(),
            milliseconds: None,
            text: Some(text),
        },
    })
}

/// A PDF begins and ends as one, and is nothing else at its end.
fn check_frame(bytes: &[u8]) -> Result<(), Refusal> {
    const END: &[u8] = b"%%EOF";
    if !bytes.starts_with(b"%PDF-") {
        return Err(Refusal::AttachmentTypeNotAllowed);
    }
    let end = bytes.windows(END.len()).rposition(|window| window == END);
    let end = end.ok_or(Refusal::AttachmentDamaged)? + END.len();
    let after = bytes.get(end..).unwrap_or_default();
    let tail = bytes
        .get(bytes.len().saturating_sub(ZIP_TAIL)..)
        .unwrap_or_default();
    let is_zip = tail.windows(4).any(|window| window == b"PK\x05\x06");
    if is_zip
        || !after
            .iter()
            .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    {
        return Err(Refusal::AttachmentAmbiguous);
    }
    Ok(())
}

/// Looks at every object; answers whether a picture in it is too large to draw.
fn check_objects(document: &Document) -> Result<bool, Refusal> {
    let mut left = ALL_STREAMS;
    let mut large = false;
    check_dictionary(&document.trailer, 0)?;
    for object in document.objects.values() {
        check_object(object, 0)?;
        let Object::Stream(stream) = object else {
            continue;
        };
        let side = |name: &[u8]| stream.dict.get(name).and_then(Object::as_i64).unwrap_or(0);
        let is_picture = stream.dict.has(b"Width") && stream.dict.has(b"Height");
        if is_picture && side(b"Width").saturating_mul(side(b"Height")) > PIXELS {
            large = true;
        }
        match stream.decompressed_content_with_limit(STREAM.min(left)) {
            Ok(content) => left -= content.len().min(left),
            Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded {
                ..
            })) => {
                return Err(Refusal::AttachmentTooCostly);
            }
            // Pictures have encodings of their own.
            Err(_) => {}
        }
    }
    Ok(large)
}

fn check_object(object: &Object, depth: usize) -> Result<(), Refusal> {
    if depth > 100 {
        return Err(Refusal::AttachmentTooCostly);
    }
    match object {
        Object::Dictionary(dictionary) => check_dictionary(dictionary, depth + 1),
        Object::Stream(stream) => check_dictionary(&stream.dict, depth + 1),
        Object::Array(items) => items
            .iter()
            .try_for_each(|item| check_object(item, depth + 1)),
        _ => Ok(()),
    }
}

fn check_dictionary(dictionary: &Dictionary, depth: usize) -> Result<(), Refusal> {
    let name = |key: &[u8]| {
        dictionary
            .get(key)
            .and_then(Object::as_name)
            .unwrap_or_default()
    };
    let acts = ACTIONS.contains(&name(b"S"));
    let carries = CARRIERS.contains(&name(b"Type")) || CARRIERS.contains(&name(b"Subtype"));
    if acts || carries || KEYS.iter().any(|key| dictionary.has(key)) {
        return Err(Refusal::AttachmentPdfActive);
    }
    dictionary
        .iter()
        .try_for_each(|(_, object)| check_object(object, depth + 1))
}

/// The words, as far as they can be read; a PDF without is shown all the same.
fn words(document: &Document, pages: &[u32]) -> String {
    let mut text = String::new();
    for page in pages {
        let read = document.extract_text_with_limit(&[*page], TEXT_STREAMS);
        let read = read.unwrap_or_default();
        let plain = read
            .chars()
            .map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
        text.extend(plain);
        if text.len() > TEXT {
            break;
        }
    }
    text.trim().to_owned()
}

/// A picture of the first page.
fn first_page(bytes: &[u8]) -> Option<DynamicImage> {
    let pdf = Pdf::new(bytes.to_vec()).ok()?;
    let pages = pdf.pages();
    let page = pages.first()?;
    let (width, height) = page.render_dimensions();
    if !(width > 1.0 && height > 1.0 && height / width < 6.0 && width < 20_000.0) {
        return None;
    }
    let scale = WIDTH / width;
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
        ..RenderSettings::default()
    };
    let picture = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &settings,
    );
    let (width, height) = (picture.width(), picture.height());
    let pixels = picture.data_as_u8_slice().to_vec();
    let image = RgbaImage::from_raw(u32::from(width), u32::from(height), pixels)?;
    Some(DynamicImage::ImageRgb8(
        DynamicImage::ImageRgba8(image).into_rgb8(),
    ))
}
