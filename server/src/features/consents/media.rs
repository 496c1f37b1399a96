//! What a file is, by its bytes: never by what somebody says it is.

/// Kinds of file that may show a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// A scanned form.
    Pdf,
    /// A signature drawn on the screen.
    Png,
    /// A photograph of the form.
    Jpeg,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is none of the three.
    Unknown,
    /// It begins like one and does not end like one.
    CutShort,
}

impl MediaType {
    /// All of them, as they are declared.
    pub(super) const DECLARED: [&'static str; 3] = ["application/pdf", "image/png", "image/jpeg"];

    /// The code in the database, the interface and `Content-Type`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The end of a file's name.
    pub(super) fn extension(code: &str) -> &'static str {
        match code {
            "application/pdf" => "pdf",
            "image/png" => "png",
            "image/jpeg" => "jpg",
            _ => "bin",
        }
    }

    /// What these bytes are.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (found, whole) = if bytes.starts_with(b"%PDF-") {
            (Self::Pdf, holds(end_of(bytes), b"%%EOF"))
        } else if bytes.starts_with(PNG) {
            (Self::Png, is_whole_png(bytes))
        } else if bytes.starts_with(JPEG) {
            (Self::Jpeg, holds(end_of(bytes), b"\xff\xd9"))
        } else {
            return Err(Unreadable::Unknown);
        };
        if whole {
            Ok(found)
        } else {
            Err(Unreadable::CutShort)
        }
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// The last bytes of a file. Scanners and cameras may add a little after the mark of the end.
fn end_of(bytes: &[u8]) -> &[u8] {
    const NEAR: usize = 4096;
    bytes
        .len()
        .checked_sub(NEAR)
        .and_then(|start| bytes.get(start..))
        .unwrap_or(bytes)
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

/// Whether the chunks of a picture follow each other from IHDR to IEND.
fn is_whole_png(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(PNG).unwrap_or_default();
    let mut is_first = true;
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *head;
        if is_first != (kind == *b"IHDR") {
            return false;
        }
        is_first = false;
        // The content, and a checksum of four bytes.
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let Some((_, next)) = after.split_at_checked(length.saturating_add(4)) else {
            return false;
        };
        if kind == *b"IEND" {
            return true;
        }
        rest = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The smallest picture: one white point.
    const POINT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
        \0\0\0\nIDAT\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0\x1b\xb6\xee\x56\0\0\0\0IEND\xae\x42\x60\x82";
    const FORM: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
    const PHOTO: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\xff\xd9";

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(MediaType::of(POINT), Ok(MediaType::Png));
        assert_eq!(MediaType::of(FORM), Ok(MediaType::Pdf));
        assert_eq!(MediaType::of(PHOTO), Ok(MediaType::Jpeg));
        for bytes in [
            &b""[..],
            b"<html>",
            b"GIF89a",
            b"MZ\x90",
            b"<svg/>",
            b" %PDF-1.7",
        ] {
            assert_eq!(MediaType::of(bytes), Err(Unreadable::Unknown));
        }
    }

    #[test]
    fn a_file_that_broke_off_is_not_taken() {
        for file in [POINT, FORM, PHOTO] {
            let cut = &file[..file.len() - 8];
            assert_eq!(MediaType::of(cut), Err(Unreadable::CutShort));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_harm_the_reader(tail in proptest::collection::vec(any::<u8>(), 0..200), which in 0..3usize) {
            let head: &[u8] = [PNG, b"%PDF-", JPEG][which];
            let _known = MediaType::of(&[head, &tail].concat());
        }
    }
}
