//! What a file is, by its bytes. Neither its name nor what the sender says counts.

use super::super::model::{Media, Refusal};

/// So many bytes tell what a file is.
pub(in crate::features::attachments) const ENOUGH: usize = 4096;

/// What begins with these bytes.
pub(in crate::features::attachments) fn media(bytes: &[u8]) -> Result<Media, Refusal> {
    let found = infer::get(bytes).ok_or(Refusal::AttachmentTypeNotAllowed)?;
    match found.mime_type() {
        "image/jpeg" | "image/png" | "image/webp" => Ok(Media::Photo),
        "image/heif" | "image/heic" => Err(Refusal::AttachmentHeicNotSupported),
        "application/pdf" if bytes.starts_with(b"%PDF-") => Ok(Media::Pdf),
        "video/mp4" | "video/quicktime" | "video/x-m4v" | "video/webm" | "video/x-matroska"
        | "video/3gpp" => Ok(Media::Video),
        "audio/m4a" | "audio/x-m4a" | "audio/mp4" | "audio/mpeg" | "audio/ogg" | "audio/x-wav"
        | "audio/wav" | "audio/opus" | "audio/aac" | "audio/x-flac" | "audio/flac" => {
            Ok(Media::Audio)
        }
        _ => Err(Refusal::AttachmentTypeNotAllowed),
    }
}

/// Whether a photo is cut off before its end.
pub(super) fn is_cut_off(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xd8, ..] => !jpeg_ends(bytes),
        [0x89, b'P', b'N', b'G', ..] => !png_ends(bytes),
        [b'R', b'I', b'F', b'F', a, b, c, d, ..] => {
            u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8 > bytes.len() as u64
        }
        _ => false,
    }
}

/// Walks the segments of a JPEG to its end marker: a thumbnail in its head has one of its own, which does not count.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let at = |place: usize| bytes.get(place).copied();
    let mut place = 2;
    let mut in_scan = false;
    loop {
        let (Some(first), Some(second)) = (at(place), at(place + 1)) else {
            return false;
        };
        if first != 0xff || (in_scan && matches!(second, 0 | 0xd0..=0xd7)) {
            // Bytes of a scan; outside of one there is nothing between segments.
            if !in_scan {
                return false;
            }
            place += 1;
            continue;
        }
        match second {
            0xff => place += 1,
            0xd9 => return true,
            0x01 | 0xd0..=0xd7 => place += 2,
            _ => {
                let (Some(high), Some(low)) = (at(place + 2), at(place + 3)) else {
                    return false;
                };
                let length = usize::from(u16::from_be_bytes([high, low]));
                if length < 2 {
                    return false;
                }
                in_scan = second == 0xda;
                place += 2 + length;
            }
        }
    }
}

/// Walks the chunks of a PNG to its last.
fn png_ends(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(8..).unwrap_or_default();
    loop {
        let (Some([a, b, c, d]), Some(name)) = (rest.first_chunk::<4>(), rest.get(4..8)) else {
            return false;
        };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(after) = rest.get(12 + length..) else {
            return false;
        };
        if name == b"IEND" {
            return true;
        }
        rest = after;
    }
}

/// Whether an MP4 or QuickTime file is cut off: its boxes fill it exactly, and it has what tells how to play it.
pub(super) fn mp4_is_cut_off(heads: &[([u8; 4], u64)], length: u64) -> bool {
    let sum: u64 = heads.iter().map(|(_, size)| *size).sum();
    let has = |name: &[u8; 4]| heads.iter().any(|(found, _)| found == name);
    sum != length || !has(b"moov")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_ends_at_its_own_end_not_at_that_of_its_thumbnail() {
        let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
        jpeg.extend([0xff, 0xda, 0, 3, 1, 5, 0xff, 0, 7, 0xff, 0xd0, 8]);
        assert!(is_cut_off(&jpeg));
        jpeg.extend([0xff, 0xd9]);
        assert!(!is_cut_off(&jpeg));
    }

    #[test]
    fn what_is_not_named_is_not_taken() {
        for bytes in [
            &b"GIF89a/*\x01\x00*/=1;alert(1)//"[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"PK\x03\x04rest",
            b"MZ\x90\x00",
            b"<!DOCTYPE html><html></html>",
            b"\n%PDF-1.7",
            b"",
            b"plain text",
        ] {
            assert_eq!(media(bytes), Err(Refusal::AttachmentTypeNotAllowed));
        }
    }
}
