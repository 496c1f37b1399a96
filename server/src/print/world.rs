//! What a template sees while it is set: itself, the shared parts, the data and the pictures. Nothing else exists.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::{
    Document, Error, MOST_DATA, Picture, Press, Sheet, japanese,
    text::{self, Care, Notes},
};

/// What all templates share.
const SHARED: (&str, &str) = ("sheet.typ", include_str!("../../print/sheet.typ"));

/// The parsed templates and the standard library of typst.
pub(super) struct Shelf {
    library: LazyHash<Library>,
    sources: Vec<(FileId, Source)>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        let templates = Document::ALL.map(|document| (document.name(), document.template()));
        let sources = templates.into_iter().chain([SHARED]);
        let parse = |(name, text): (&str, &str)| {
            let id = file(name).ok()?;
            Some((id, Source::new(id, text.to_owned())))
        };
        Self {
            library: LazyHash::new(Library::default()),
            sources: sources.filter_map(parse).collect(),
        }
    }
}

/// A sheet that is to be printed, apart from whoever asked for it.
pub(super) struct Order {
    document: Document,
    data: Value,
    sheet: Value,
    code: String,
    date: DateTime<Utc>,
    pictures: Vec<Picture>,
}

impl Order {
    pub(super) fn new<T: Serialize + ?Sized>(
        document: Document,
        sheet: &Sheet<'_>,
        data: &T,
    ) -> Result<Self, Error> {
        let data = serde_json::to_value(data).map_err(|error| Error::Failed(error.to_string()))?;
        let length = text::length(&data);
        if length > MOST_DATA {
            return Err(Error::TooLong(length, MOST_DATA));
        }
        let pictures: BTreeMap<&str, String> = sheet
            .pictures
            .iter()
            .map(|picture| (picture.name, picture.file_name()))
            .collect();
        Ok(Self {
            document,
            data,
            sheet: json!({
                "title": sheet.title,
                "network": sheet.network,
                "code": sheet.code,
                "date": japanese::shown(sheet.date),
                "pictures": pictures,
            }),
            code: sheet.code.to_owned(),
            date: sheet.date,
            pictures: sheet.pictures.clone(),
        })
    }
}

/// The world of one sheet.
struct Desk<'a> {
    press: &'a Press,
    main: FileId,
    files: BTreeMap<u16, Bytes>,
}

/// Sets a sheet and writes it as PDF. Shaping may still come upon something that no font has, in scripts whose letters
/// depend on each other; then the sheet is set again without them.
pub(super) fn set(press: &Press, order: &Order) -> Result<Vec<u8>, Error> {
    let write = |care| {
        let pages = lay_out(press, order, care)?;
        typst_pdf::pdf(&pages, &options(order)?).map_err(|faults| failed(&faults))
    };
    write(Care::Usual).or_else(|_| write(Care::Utmost))
}

/// Sets a sheet.
pub(super) fn lay_out(press: &Press, order: &Order, care: Care) -> Result<PagedDocument, Error> {
    let mut notes = Notes::default();
    let (mut data, mut sheet) = (order.data.clone(), order.sheet.clone());
    text::prepare(&mut data, &press.fonts, care, &mut notes);
    text::prepare(&mut sheet, &press.fonts, care, &mut notes);
    if let Some(sheet) = sheet.as_object_mut() {
        sheet.insert("fonts".to_owned(), json!(press.fonts.families()));
        sheet.insert("notes".to_owned(), json!(notes));
    }
    let desk = Desk::new(press, order, &data, &sheet)?;
    let set = typst::compile::<PagedDocument>(&desk);
    set.output.map_err(|faults| failed(&faults))
}

fn options(order: &Order) -> Result<PdfOptions, Error> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|fault| Error::Failed(fault.message().to_string()))?;
    let date = order.date;
    let part = |part: u32| u8::try_from(part).unwrap_or_default();
    let timestamp = Datetime::from_ymd_hms(
        date.year(),
        part(date.month()),
        part(date.day()),
        part(date.hour()),
        part(date.minute()),
        part(date.second()),
    );
    Ok(PdfOptions {
        ident: Smart::Custom(order.code.clone()),
        creator: Smart::Custom(Some("Tsumugi".to_owned())),
        timestamp: timestamp.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

/// What went wrong, for the log. The messages of typst may quote the text of a sheet, which has no place there: the
/// first is kept up to the first quotation.
fn failed(faults: &[SourceDiagnostic]) -> Error {
    let first = faults.first().map_or("", |fault| fault.message.as_str());
    let safe = first.split(['`', '"', '“', '‘', '\'']).next();
    Error::Failed(safe.unwrap_or_default().trim().to_owned())
}

/// The name of a file of the desk.
fn file(name: &str) -> Result<FileId, Error> {
    let path = VirtualPath::new(name).map_err(|_| Error::Failed("bad name".to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl<'a> Desk<'a> {
    fn new(press: &'a Press, order: &Order, data: &Value, sheet: &Value) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        for (name, value) in [("data.json", data), ("sheet.json", sheet)] {
            let written = value.to_string().into_bytes();
            files.insert(file(name)?.into_raw().get(), Bytes::new(written));
        }
        for picture in &order.pictures {
            let name = format!("pictures/{}", picture.file_name());
            let bytes = Bytes::new(picture.bytes.clone());
            files.insert(file(&name)?.into_raw().get(), bytes);
        }
        Ok(Self {
            press,
            main: file(order.document.name())?,
            files,
        })
    }
}

/// There is nothing outside the desk.
fn nowhere() -> FileError {
    FileError::AccessDenied
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.press.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut sources = self.press.shelf.sources.iter();
        let found = sources.find(|(known, _)| *known == id);
        found.map(|(_, source)| source.clone()).ok_or_else(nowhere)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.get(&id.into_raw().get());
        found.cloned().ok_or_else(nowhere)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.face(index)
    }

    /// Templates get every date from the data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
