//! The corpus of files that somebody might send: good ones, and those that are cut off, double, or made to break what
//! reads them. All are made here; none is from elsewhere.

use std::io::{Cursor, Write};

use flate2::{Compression, Crc, write::ZlibEncoder};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A photo with a picture in it: red above, blue below.
pub fn photo(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let shade = u8::try_from((x + y) % 40).unwrap();
        if y < height / 2 {
            Rgb([220 - shade, 20, 20])
        } else {
            Rgb([20, 20, 220 - shade])
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A segment of a JPEG, put behind its beginning.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    let head = [&jpeg[..2], &[0xff, marker], &length.to_be_bytes()].concat();
    [&head[..], content, &jpeg[2..]].concat()
}

/// A photo that says where it was taken, and that it lies on its side (orientation 6).
pub fn photo_with_location() -> Vec<u8> {
    // TIFF, big endian: orientation, and a pointer to the GPS directory with a latitude.
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    exif.extend(b"\0\x02");
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    exif.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26");
    exif.extend(b"\0\0\0\0");
    exif.extend(b"\0\x02");
    exif.extend(b"\0\x01\0\x02\0\0\0\x02N\0\0\0");
    exif.extend(b"\0\x02\0\x05\0\0\0\x03\0\0\0\x44");
    exif.extend(b"\0\0\0\0");
    for part in [35_u32, 1, 22, 1, 0, 1] {
        exif.extend(part.to_be_bytes());
    }
    exif.extend(b"GPS-CANARY");
    with_segment(&photo(60, 40, ImageFormat::Jpeg), 0xe1, &exif)
}

/// A photo that is a page with a script as well.
pub fn photo_and_page() -> Vec<u8> {
    let page = b"--><html><script>alert('PAGE-CANARY')</script></html><!--";
    let mut both = with_segment(&photo(40, 40, ImageFormat::Jpeg), 0xfe, page);
    both.extend(b"<script>alert('PAGE-CANARY')</script>");
    both
}

/// A GIF that is a script as well.
pub fn gif_and_script() -> Vec<u8> {
    b"GIF89a/*\x00\x00\x00\x00\x00*/=1;alert('GIF-CANARY');//;".to_vec()
}

/// A drawing with a script.
pub fn drawing_with_script() -> Vec<u8> {
    b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
        .to_vec()
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(&name);
    crc.update(content);
    let length = u32::try_from(content.len()).unwrap();
    [
        &length.to_be_bytes()[..],
        &name,
        content,
        &crc.sum().to_be_bytes(),
    ]
    .concat()
}

fn zeros(count: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..count / block.len() {
        packed.write_all(&block).unwrap();
    }
    packed.finish().unwrap()
}

/// A PNG of this size whose pixels are all zero, with other chunks before them.
fn png(width: u32, height: u32, before: &[Vec<u8>], pixels: &[u8]) -> Vec<u8> {
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[1, 0, 0, 0, 0],
    ]
    .concat();
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(*b"IHDR", &head),
        &before.concat(),
        &chunk(*b"IDAT", pixels),
        &chunk(*b"IEND", b""),
    ]
    .concat()
}

/// A PNG of 50,000 by 50,000 pixels, which is small as long as nobody unpacks it.
pub fn huge_png() -> Vec<u8> {
    png(50_000, 50_000, &[], &zeros(300 << 20))
}

/// A small PNG with a text that unpacks to 200 MB.
pub fn png_bomb() -> Vec<u8> {
    let text = [&b"Comment\0\0"[..], &zeros(200 << 20)].concat();
    png(8, 8, &[chunk(*b"zTXt", &text)], &{
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&[0; 16]).unwrap();
        packed.finish().unwrap()
    })
}

/// An archive that unpacks to 100 MB, called a photo.
pub fn zip_bomb() -> Vec<u8> {
    let packed = zeros(100 << 20);
    let size = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let mut zip = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    zip.extend(size);
    zip.extend((100_u32 << 20).to_le_bytes());
    zip.extend(b"\x05\0\0\0a.jpg");
    zip.extend(packed);
    zip.extend(b"PK\x05\x06");
    zip.extend([0; 18]);
    zip
}

/// A PDF with one page that says `words`, more entries in its catalogue, and more objects.
pub fn pdf_with(words: &str, catalogue: &str, more: &[String]) -> Vec<u8> {
    let says = format!("BT /F1 24 Tf 72 700 Td ({words}) Tj ET");
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{says}\nendstream", says.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    objects.extend_from_slice(more);
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(bytes.len());
        write!(bytes, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    let table = bytes.len();
    let count = objects.len() + 1;
    write!(bytes, "xref\n0 {count}\n0000000000 65535 f \n").unwrap();
    for place in places {
        writeln!(bytes, "{place:010} 00000 n ").unwrap();
    }
    write!(
        bytes,
        "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    )
    .unwrap();
    bytes
}

/// A PDF with one page that says `words`.
pub fn pdf(words: &str) -> Vec<u8> {
    pdf_with(words, "", &[])
}

/// PDFs that do something, or carry something.
pub fn acting_pdfs() -> Vec<Vec<u8>> {
    let with = |catalogue: &str, object: &str| pdf_with("Hello", catalogue, &[object.to_owned()]);
    vec![
        with(
            "/OpenAction 6 0 R",
            "<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
        ),
        with("/OpenAction 6 0 R", "<< /S /Launch /F (calc.exe) >>"),
        with(
            "/AA << /WC 6 0 R >>",
            "<< /S /SubmitForm /F (http://127.0.0.1/) >>",
        ),
        with(
            "/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>",
            "<< /Type /Filespec /F (a.exe) >>",
        ),
        with(
            "/AcroForm << /XFA 6 0 R >>",
            "<< /Length 0 >>\nstream\n\nendstream",
        ),
    ]
}

/// A PDF that is an archive as well.
pub fn pdf_and_zip() -> Vec<u8> {
    let mut both = pdf("Hello");
    both.extend(b"PK\x05\x06");
    both.extend([0; 18]);
    both
}

/// A PDF whose page unpacks to 100 MB.
pub fn pdf_bomb() -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::load_mem(&pdf("Hello")).unwrap();
    let bomb = Stream::new(dictionary! { "Filter" => "FlateDecode" }, zeros(100 << 20));
    document.objects.insert((4, 0), Object::Stream(bomb));
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A video that was cut off: what it announces is longer than it is.
pub fn cut_off_video() -> Vec<u8> {
    let mut video = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".to_vec();
    video.extend(b"\0\0\0\x10moov\0\0\0\x08free");
    video.extend(b"\0\x10\0\0mdat");
    video.extend(vec![7; 9000]);
    video
}

/// A video as far as its boxes go.
pub fn video() -> Vec<u8> {
    let mut video = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".to_vec();
    video.extend(b"\0\0\0\x10moov\0\0\0\x08free");
    video.extend(b"\0\0\x13\x88mdat");
    video.extend(vec![7; 5000 - 8]);
    video
}
