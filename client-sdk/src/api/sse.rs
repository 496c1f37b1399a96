//! Reading `text/event-stream`, as the HTML standard describes it.

use std::time::Duration;

use crate::error::{Error, Result};

/// An event of the interface is a few hundred bytes.
const LONGEST_EVENT: usize = 1024 * 1024;

/// One block of the stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) name: String,
    pub(crate) data: String,
    pub(crate) id: Option<String>,
}

/// Bytes in, blocks out.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    after_carriage_return: bool,
    begun: bool,
    block: Block,
    /// The last id seen, which blocks without one inherit.
    last_id: Option<String>,
    /// How long the server asks to wait before reconnecting.
    pub(crate) retry: Option<Duration>,
}

impl Parser {
    /// Reads one more piece; blocks that it completes are appended to `blocks`.
    pub(crate) fn read(&mut self, piece: &[u8], blocks: &mut impl Extend<Block>) -> Result<()> {
        for &byte in piece {
            let follows_carriage_return = std::mem::take(&mut self.after_carriage_return);
            match byte {
                b'\n' if follows_carriage_return => {}
                b'\n' | b'\r' => {
                    self.after_carriage_return = byte == b'\r';
                    blocks.extend(self.end_line());
                }
                _ => {
                    if self.line.len() + self.block.data.len() >= LONGEST_EVENT {
                        return Err(Error::Decode {
                            operation: "stream_events",
                            status: 200,
                            message: "an event is too long".to_owned(),
                        });
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(())
    }

    fn end_line(&mut self) -> Option<Block> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let mut line = text.as_ref();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_block();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.block.name),
            "data" => {
                self.block.data.push_str(value);
                self.block.data.push('\n');
            }
            "id" if !value.contains('\0') => self.last_id = Some(value.to_owned()),
            "retry" => self.retry = value.parse().ok().map(Duration::from_millis),
            _ => {} // a comment, or something newer
        }
        None
    }

    fn end_block(&mut self) -> Option<Block> {
        let mut block = std::mem::take(&mut self.block);
        block.data.pop()?; // a block without data is not an event
        block.id.clone_from(&self.last_id);
        Some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(pieces: &[&[u8]]) -> Vec<Block> {
        let mut parser = Parser::default();
        let mut found = Vec::new();
        for piece in pieces {
            parser.read(piece, &mut found).unwrap();
        }
        found
    }

    fn block(name: &str, data: &str, id: Option<&str>) -> Block {
        Block {
            name: name.to_owned(),
            data: data.to_owned(),
            id: id.map(str::to_owned),
        }
    }

    #[test]
    fn blocks_are_read_whatever_the_line_ends_and_pieces() {
        let expected = vec![
            block("post_created", "{\"a\":1}", Some("7")),
            block("", "one\ntwo", Some("7")),
        ];
        let text = ": hello\n\nid: 7\nevent: post_created\ndata: {\"a\":1}\n\ndata:one\ndata: two\n\nevent: cut";
        for end in ["\n", "\r\n", "\r"] {
            let bytes = text.replace('\n', end).into_bytes();
            assert_eq!(blocks(&[&bytes]), expected);
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(blocks(&single), expected);
        }
    }

    #[test]
    fn text_cut_within_a_character_is_put_together() {
        let bytes = "data: 山田\n\n".as_bytes();
        let (one, two) = bytes.split_at(7);
        assert_eq!(blocks(&[one, two]), vec![block("", "山田", None)]);
    }

    #[test]
    fn event_without_end_is_refused() {
        let mut parser = Parser::default();
        let endless = vec![b'x'; LONGEST_EVENT + 1];
        assert!(parser.read(&endless, &mut Vec::new()).is_err());
    }
}
