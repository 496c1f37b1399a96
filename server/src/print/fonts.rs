//! The fonts that sheets are set in: found below folders by their family, read into memory when first needed.
//!
//! Gothic, because it survives a fax. Noto Sans CJK JP comes first: two weights, every character of JIS X 0213, the
//! ideographic variants of Adobe-Japan1, Hangul, and the Latin letters of Vietnamese names. What it lacks is taken from
//! IPAmj Mincho (all characters of the Japanese register of names, if installed) and DejaVu Sans.

use std::{path::PathBuf, sync::OnceLock};

use fontdb::{Database, Family, ID, Query, Weight};
use typst::{
    foundations::Bytes,
    text::{Font, FontBook, FontInfo, is_default_ignorable},
    utils::LazyHash,
};

use super::Error;

/// What sheets are set in: the first of these that is there.
const MAIN: [&str; 5] = [
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "BIZ UDPGothic",
    "IPAexGothic",
    "IPAPGothic",
];
/// Where characters come from that the main font lacks.
const MORE: [&str; 3] = ["IPAmjMincho", "Noto Sans", "DejaVu Sans"];
/// What a Japanese font has at least: kana, kanji of names, and the mark for what cannot be printed.
const NEEDED: &str = "あア亜髙〓、（）０①";

/// A face that may not have been read yet.
struct Face {
    id: ID,
    font: OnceLock<Option<Font>>,
}

/// A family, and the characters for which all of its faces have a glyph, a bit for each.
struct Set {
    family: String,
    regular: ID,
    characters: Vec<u64>,
}

impl Set {
    fn has(&self, c: char) -> bool {
        let word = usize::try_from(u32::from(c) / 64).ok();
        let word = word.and_then(|word| self.characters.get(word));
        word.is_some_and(|word| word >> (u32::from(c) % 64) & 1 == 1)
    }
}

/// All fonts.
pub(super) struct Fonts {
    database: Database,
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
    sets: Vec<Set>,
}

/// How a cluster of characters comes out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Coming {
    /// As it is.
    Whole,
    /// As it is, if set in this family.
    In(String),
    /// Its character, but not the variant that is asked for.
    Plain,
    /// Not at all.
    Not,
}

impl Fonts {
    /// The fonts below these folders.
    pub(super) fn below(folders: &[PathBuf]) -> Result<Self, Error> {
        let mut database = Database::new();
        for folder in folders {
            database.load_fonts_dir(folder);
        }
        let mut fonts = Self {
            database,
            book: LazyHash::new(FontBook::new()),
            faces: Vec::new(),
            sets: Vec::new(),
        };
        let found = MAIN.iter().any(|family| fonts.take(family, NEEDED));
        if !found {
            let folders: Vec<_> = folders.iter().map(|f| f.display().to_string()).collect();
            return Err(Error::FontMissing(folders.join(", ")));
        }
        for family in MORE {
            fonts.take(family, "");
        }
        Ok(fonts)
    }

    /// Adds the regular and the bold face of a family, if it has these characters.
    fn take(&mut self, family: &str, needed: &str) -> bool {
        let families = [Family::Name(family)];
        let query = |weight| Query {
            families: &families,
            weight,
            ..Query::default()
        };
        let regular = self.database.query(&query(Weight::NORMAL));
        let Some(regular) = regular else { return false };
        let bold = self.database.query(&query(Weight::BOLD));
        let read = |id| self.database.with_face_data(id, read_face).flatten();
        let Some((first, mut characters)) = read(regular) else {
            return false;
        };
        let set = |characters| Set {
            family: first.family.clone(),
            regular,
            characters,
        };
        if !needed.chars().all(|c| set(characters.clone()).has(c)) {
            return false;
        }
        let second = bold.filter(|bold| *bold != regular);
        let second = second.and_then(|id| Some((id, read(id)?)));
        let mut infos = vec![(regular, first.clone())];
        if let Some((id, (info, others))) = second {
            let others = others.into_iter().chain(std::iter::repeat(0));
            let both = characters.iter_mut().zip(others);
            both.for_each(|(word, other)| *word &= other);
            infos.push((id, info));
        }
        self.sets.push(set(characters));
        for (id, info) in infos {
            self.book.push(info);
            self.faces.push(Face {
                id,
                font: OnceLock::new(),
            });
        }
        true
    }

    /// The families, in the order in which they are asked.
    pub(super) fn families(&self) -> Vec<&str> {
        self.sets.iter().map(|set| set.family.as_str()).collect()
    }

    /// What is known of every face.
    pub(super) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// A face, read when it is first needed.
    pub(super) fn face(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let read = || {
            let copy = |data: &[u8], index| Font::new(Bytes::new(data.to_vec()), index);
            self.database.with_face_data(face.id, copy).flatten()
        };
        face.font.get_or_init(read).clone()
    }

    /// How a cluster of characters comes out, the variant of a kanji included.
    pub(super) fn coming(&self, cluster: &str) -> Coming {
        let shown = cluster.chars().filter(|c| !is_default_ignorable(*c));
        let has_all = |set: &&Set| shown.clone().all(|c| set.has(c));
        let mut sets = self.sets.iter().filter(has_all);
        let variant = cluster.chars().find(|c| is_variant_selector(*c));
        let (Some(variant), Some(kanji)) = (variant, shown.clone().next()) else {
            return sets.next().map_or(Coming::Not, |_| Coming::Whole);
        };
        let main = self.sets.first().map(|set| set.regular);
        let knows = |set: &&Set| {
            let look = |data: &[u8], index| {
                let face = ttf_parser::Face::parse(data, index).ok()?;
                face.glyph_variation_index(kanji, variant)
            };
            let found = self.database.with_face_data(set.regular, look);
            found.flatten().is_some()
        };
        match (sets.clone().find(knows), sets.next()) {
            (Some(set), _) if Some(set.regular) == main => Coming::Whole,
            (Some(set), _) => Coming::In(set.family.clone()),
            (None, Some(_)) => Coming::Plain,
            (None, None) => Coming::Not,
        }
    }

    /// Whether the main font has a character that is set as it stands: of a script whose letters do not depend on each
    /// other.
    pub(super) fn is_plain(&self, cluster: &str) -> bool {
        let mut characters = cluster.chars();
        let (Some(c), None) = (characters.next(), characters.next()) else {
            return false;
        };
        let main = self.sets.first();
        !matches!(c, '\u{590}'..='\u{1dff}') && main.is_some_and(|set| set.has(c))
    }
}

/// What typst wants to know of a face, and the characters for which it has a glyph. A font may list characters that it
/// then maps to the glyph of the missing one.
fn read_face(data: &[u8], index: u32) -> Option<(FontInfo, Vec<u64>)> {
    let face = ttf_parser::Face::parse(data, index).ok()?;
    let info = FontInfo::new(data, index)?;
    let mut bits = Vec::new();
    for c in info.coverage.iter() {
        let glyph = char::from_u32(c).and_then(|c| face.glyph_index(c));
        let (true, Ok(word)) = (
            glyph.is_some_and(|glyph| glyph.0 != 0),
            usize::try_from(c / 64),
        ) else {
            continue;
        };
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        if let Some(found) = bits.get_mut(word) {
            *found |= 1_u64 << (c % 64);
        }
    }
    Some((info, bits))
}

/// Whether the character asks for a variant of the kanji before it.
pub(super) fn is_variant_selector(c: char) -> bool {
    matches!(c, '\u{e0100}'..='\u{e01ef}')
}
