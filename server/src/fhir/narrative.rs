//! Narrative XHTML (FHIR R4 2.4, Narrative.div) into plain text.
//!
//! What comes out is text, never markup: tags are dropped, blocks and rows become lines,
//! cells are set apart, entities are decoded once. The scanner is forgiving, because a
//! clinician's `<` in broken markup ("BNP <100") must not swallow the sentence.

/// The text of a `div`, with line breaks.
pub(super) fn plain_text(xhtml: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = xhtml;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        writer.text(before);
        rest = if from.starts_with('<') {
            markup(from, &mut writer)
        } else {
            entity(from, &mut writer)
        };
    }
    writer.text(rest);
    writer.finish()
}

/// Plain text of at most `longest` characters, with its line breaks.
pub(super) fn lines(text: &str, longest: usize) -> String {
    cut(
        text,
        longest,
        Writer {
            preformatted: 1,
            ..Writer::default()
        },
    )
}

/// One line of at most `longest` characters.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    cut(text, longest, Writer::default())
}

fn cut(text: &str, longest: usize, mut writer: Writer) -> String {
    // Cut before tidying: what tidying drops is little more than white space.
    let mut characters = text.chars();
    let start: String = characters
        .by_ref()
        .take(longest.saturating_mul(4))
        .collect();
    writer.text(&start);
    let whole = writer.finish();
    let is_cut = whole.chars().nth(longest).is_some() || characters.next().is_some();
    if !is_cut {
        return whole;
    }
    let mut short: String = whole.chars().take(longest.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Handles what starts with `<`; answers what follows it.
fn markup<'a>(from: &'a str, writer: &mut Writer) -> &'a str {
    if let Some(comment) = from.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    if let Some(data) = from.strip_prefix("<![CDATA[") {
        let (text, rest) = data.split_once("]]>").unwrap_or((data, ""));
        writer.text(text);
        return rest;
    }
    let inside = from.strip_prefix('<').unwrap_or_default();
    let is_tag =
        inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    // Stops at the next `<` too, or text full of them would be searched again and again.
    let end = inside.find(['<', '>']).filter(|_| is_tag);
    let cut = end.and_then(|end| inside.split_at_checked(end));
    let Some((tag, rest)) = cut.and_then(|(tag, rest)| Some((tag, rest.strip_prefix('>')?))) else {
        writer.text("<");
        return inside;
    };
    let closing = tag.starts_with('/');
    let name: String = tag
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(12)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if matches!(name.as_str(), "script" | "style") && !closing && !tag.ends_with('/') {
        // Not allowed in a narrative; its content is no text.
        let end = rest.find("</").unwrap_or(rest.len());
        return rest.get(end..).unwrap_or_default();
    }
    writer.tag(&name, closing);
    rest
}

/// Decodes the entity at the start; answers what follows it.
fn entity<'a>(from: &'a str, writer: &mut Writer) -> &'a str {
    const LONGEST: usize = 10;
    let inside = from.strip_prefix('&').unwrap_or_default();
    let end = inside
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| *c == ';')
        .map(|(at, _)| at);
    let decoded = end
        .and_then(|end| inside.split_at_checked(end))
        .and_then(|(name, rest)| {
            let rest = rest.strip_prefix(';')?;
            Some((character(name)?, rest))
        });
    if let Some((character, rest)) = decoded {
        writer.decoded(character);
        rest
    } else {
        writer.text("&");
        inside
    }
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "yen" => '¥',
        "deg" => '°',
        "plusmn" => '±',
        "times" => '×',
        "divide" => '÷',
        "micro" => 'µ',
        "middot" => '·',
        "le" => '≤',
        "ge" => '≥',
        "rarr" => '→',
        "larr" => '←',
        "uarr" => '↑',
        "darr" => '↓',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "bull" => '•',
        "sup2" => '²',
        "sup3" => '³',
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        "mu" => 'μ',
        _ => return None,
    })
}

/// Collects text the way a browser lays it out: white space collapses, blocks break.
#[derive(Default)]
struct Writer {
    out: String,
    /// A space is due before the next word.
    space: bool,
    /// Something has been written on the current line.
    inked: bool,
    /// A cell of the current row has been written.
    cell: bool,
    preformatted: usize,
    /// The open lists; numbered ones with the last number.
    lists: Vec<Option<usize>>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        for character in text.chars() {
            self.character(character);
        }
    }

    fn character(&mut self, character: char) {
        match character {
            '\n' if self.preformatted > 0 => self.line(true),
            ' ' | '\t' | '\r' | '\n' | '\u{a0}' => self.space = self.inked,
            _ if is_unsafe(character) => {}
            _ => {
                if self.space {
                    self.out.push(' ');
                    self.space = false;
                }
                self.out.push(character);
                self.inked = true;
            }
        }
    }

    /// A decoded character is text even where it looks like markup; spaces stay spaces.
    fn decoded(&mut self, character: char) {
        self.character(if character == '\n' { ' ' } else { character });
    }

    fn tag(&mut self, name: &str, closing: bool) {
        match (name, closing) {
            ("br", _) => self.line(true),
            ("td" | "th", false) => {
                if self.cell {
                    self.text(" | ");
                    self.space = true;
                }
                self.cell = true;
            }
            ("ol" | "ul", false) => {
                self.line(false);
                self.lists.push((name == "ol").then_some(0));
            }
            ("ol" | "ul", true) => {
                self.line(false);
                self.lists.pop();
            }
            ("li", false) => {
                self.line(false);
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{number}. ")
                    }
                    _ => "・".to_owned(),
                };
                self.text(&mark);
            }
            ("pre", false) => {
                self.line(false);
                self.preformatted = self.preformatted.saturating_add(1);
            }
            ("pre", true) => {
                self.line(false);
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            // Blocks in a cell stay on the row's line.
            ("p" | "div", _) if self.cell => self.space = self.inked,
            (
                "p" | "div" | "dl" | "dt" | "dd" | "li" | "table" | "caption" | "thead" | "tbody"
                | "tr" | "tfoot" | "blockquote" | "hr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6",
                _,
            ) => {
                self.line(false);
                self.cell = false;
            }
            _ => {}
        }
    }

    /// Ends the line; an empty one only where the text asks for it.
    fn line(&mut self, forced: bool) {
        self.space = false;
        if self.inked || (forced && !self.out.is_empty() && !self.out.ends_with("\n\n")) {
            self.out.push('\n');
        }
        self.inked = false;
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }
}

/// Control characters, and those that turn the reading direction and so could make a
/// text read as something it does not say.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
