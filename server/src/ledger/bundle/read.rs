//! Lines out of a file, compressed or not, none longer than is allowed.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::{lines::LONGEST_LINE, record::Malformed};

/// How much is read at once.
const BUFFER: usize = 64 * 1024;
/// How a file that is compressed with gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The lines of a bundle.
pub struct Lines<R: Read> {
    from: BufReader<Plain<R>>,
    read: u64,
}

enum Plain<R: Read> {
    AsItIs(BufReader<R>),
    Compressed(Box<MultiGzDecoder<BufReader<R>>>),
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::AsItIs(from) => from.read(into),
            Self::Compressed(from) => from.read(into),
        }
    }
}

impl<R: Read> Lines<R> {
    /// Of a file. Whether it is compressed is seen by how it begins.
    pub fn of(file: R) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(BUFFER, file);
        let plain = if file.fill_buf()?.starts_with(&GZIP) {
            Plain::Compressed(Box::new(MultiGzDecoder::new(file)))
        } else {
            Plain::AsItIs(file)
        };
        Ok(Self {
            from: BufReader::with_capacity(BUFFER, plain),
            read: 0,
        })
    }

    /// How many lines were read.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// The next line without its end; nothing at the end of the file. What is too long, or cannot be unpacked, is no
    /// line.
    pub fn next_line(&mut self) -> Result<Option<Vec<u8>>, Malformed> {
        let mut line = Vec::new();
        let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        let mut limited = self.from.by_ref().take(most + 1);
        let count = limited.read_until(b'\n', &mut line);
        if count.map_err(|_| Malformed)? == 0 {
            return Ok(None);
        }
        self.read += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if line.len() > LONGEST_LINE {
            return Err(Malformed);
        }
        Ok(Some(line))
    }
}
