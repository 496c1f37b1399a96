//! A copy as a ZIP, written from its beginning to its end: every page of posts goes out before the next is read.

use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
};

use chrono::{Datelike as _, Timelike as _};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zip::{
    CompressionMethod, DateTime as ZipTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{
    super::{fhir::Bundle, model::Format, policy::Accesses},
    Given,
    lines::{text, who_looked},
    paper::{documents_of, left_out},
    store::Filing,
};
use crate::{
    Error, Result,
    features::{
        attachments::{self, Copied},
        documents,
    },
    spine::{
        clock::japanese_time,
        ids,
        text::{BYTE_ORDER_MARK, harmless},
    },
};

const README: &str = include_str!("readme.txt");
/// How the files are laid out.
const FORMAT: &str = "tsumugi-record-copy/1";
const HEADINGS: [&str; 8] = [
    "日時",
    "施設",
    "職種",
    "氏名・プログラム",
    "したこと",
    "目的",
    "緊急時アクセス",
    "断られた",
];

/// What the ZIP writer has written and nobody has taken.
#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line of the manifest.
#[derive(Serialize)]
struct Listed {
    path: String,
    media_type: String,
    size: u64,
    sha256: String,
}

/// The ZIP that is being written.
struct Pack<'a> {
    zip: ZipWriter<StreamWriter<Buffer>>,
    written: Buffer,
    file: Filing<'a>,
    options: SimpleFileOptions,
    listed: Vec<Listed>,
    /// What is being written: path, media type, digest, size.
    open: Option<(String, String, Sha256, u64)>,
}

impl Pack<'_> {
    fn begin(&mut self, path: &str, media_type: &str) -> Result<()> {
        self.end();
        self.zip
            .start_file(path, self.options)
            .map_err(Error::internal)?;
        self.open = Some((path.to_owned(), media_type.to_owned(), Sha256::new(), 0));
        Ok(())
    }

    /// Adds to the file that was begun, and passes on what has come out of the ZIP.
    async fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip.write_all(bytes).map_err(Error::internal)?;
        if let Some((_, _, digest, size)) = &mut self.open {
            digest.update(bytes);
            *size += bytes.len() as u64;
        }
        self.pass_on().await
    }

    async fn pass_on(&mut self) -> Result<()> {
        let out = std::mem::take(&mut *self.written.0.borrow_mut());
        if out.is_empty() {
            return Ok(());
        }
        self.file.put(&out).await
    }

    fn end(&mut self) {
        if let Some((path, media_type, digest, size)) = self.open.take() {
            self.listed.push(Listed {
                path,
                media_type,
                size,
                sha256: ids::to_hex(&digest.finalize()),
            });
        }
    }

    async fn whole(&mut self, path: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
        self.begin(path, media_type)?;
        self.put(bytes).await
    }
}

/// Packs all of it.
pub(super) async fn pack(given: &Given<'_, '_>) -> Result<()> {
    let written = Buffer::default();
    let mut pack = Pack {
        zip: ZipWriter::new_stream(written.clone()),
        written,
        file: given.store.file(1, Format::Zip.media_type()),
        options: options(given),
        listed: Vec::new(),
        open: None,
    };
    pack.whole("README.txt", "text/plain; charset=utf-8", &crlf(README))
        .await?;
    pack.whole("record.json", "application/json", &pretty(&record(given))?)
        .await?;
    let (documents, attached) = add_timeline(given, &mut pack).await?;
    add_documents(given, &mut pack, &documents).await?;
    add_attached(given, &mut pack, &attached).await?;
    if !matches!(given.accesses, Accesses::Not) {
        add_accesses(given, &mut pack).await?;
    }
    add_bundle(given, &mut pack).await?;
    pack.end();
    let manifest = pretty(&manifest(given, &pack.listed))?;
    pack.whole("manifest.json", "application/json", &manifest)
        .await?;
    pack.open = None;
    let Pack {
        zip,
        written,
        mut file,
        ..
    } = pack;
    zip.finish().map_err(Error::internal)?;
    let rest = std::mem::take(&mut *written.0.borrow_mut());
    file.put(&rest).await?;
    file.end().await
}

fn options(given: &Given<'_, '_>) -> SimpleFileOptions {
    let at = japanese_time(given.tx.now);
    let part = |part: u32| u8::try_from(part).unwrap_or_default();
    let time = ZipTime::from_date_and_time(
        u16::try_from(at.year()).unwrap_or_default(),
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    );
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(time.unwrap_or_default())
}

fn crlf(text: &str) -> Vec<u8> {
    format!("{BYTE_ORDER_MARK}{}", text.replace('\n', "\r\n")).into_bytes()
}

fn pretty(value: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(Error::internal)
}

/// Everything but the timeline.
fn record(given: &Given<'_, '_>) -> Value {
    let front = &given.front;
    let sections = front.sections.iter();
    json!({
        "format": FORMAT,
        "patient": front.patient,
        "consents": front.consents,
        "care_team": front.team,
        "sections": sections.map(|section| (section.name.to_owned(), json!(section.items))).collect::<serde_json::Map<_, _>>(),
    })
}

fn manifest(given: &Given<'_, '_>, files: &[Listed]) -> Value {
    let export = given.order.export;
    json!({
        "format": FORMAT,
        "id": export.id,
        "created_at": given.tx.now,
        "created_by": given.order.made_by,
        "network": given.front.network,
        "patient_id": export.patient_id,
        "purpose": export.purpose(),
        "reason": export.reason,
        "from": export.from_on,
        "to": export.to_on,
        "posts": given.order.posts,
        "not_included": left_out(given),
        "files": files,
    })
}

/// The posts; answers the documents and files that they name.
async fn add_timeline(
    given: &Given<'_, '_>,
    pack: &mut Pack<'_>,
) -> Result<(Vec<Uuid>, Vec<Copied>)> {
    pack.begin("timeline.jsonl", "application/x-ndjson")?;
    let (mut named, mut attached, mut done, mut after) = (Vec::new(), Vec::new(), 0, None);
    loop {
        let (page, next) = given.posts(after).await?;
        let mut lines = Vec::new();
        for post in &page {
            named.extend(documents_of(post));
            serde_json::to_writer(&mut lines, post).map_err(Error::internal)?;
            lines.push(b'\n');
        }
        let ids: Vec<Uuid> = page
            .iter()
            .filter_map(|post| text(post, "id").parse().ok())
            .collect();
        attached.extend(attachments::copy(given.tx, &ids).await?);
        pack.put(&lines).await?;
        done += page.len();
        // Half of the way: the same posts are written as FHIR after this.
        given.store.note(done / 2).await?;
        after = next;
        if after.is_none() {
            named.sort_unstable();
            named.dedup();
            return Ok((named, attached));
        }
    }
}

async fn add_documents(
    given: &Given<'_, '_>,
    pack: &mut Pack<'_>,
    documents: &[Uuid],
) -> Result<()> {
    pack.begin("documents.jsonl", "application/x-ndjson")?;
    for id in documents {
        if let Some(document) = documents::copy(given.tx, *id).await? {
            let mut line = serde_json::to_vec(&document).map_err(Error::internal)?;
            line.push(b'\n');
            pack.put(&line).await?;
        }
    }
    for id in documents {
        let original = documents::copy_original(given.tx, *id).await?;
        let path = format!("files/documents/{id}.json");
        pack.whole(&path, "application/fhir+json", &original)
            .await?;
    }
    Ok(())
}

async fn add_attached(
    given: &Given<'_, '_>,
    pack: &mut Pack<'_>,
    attached: &[Copied],
) -> Result<()> {
    if attached.is_empty() {
        return Ok(());
    }
    pack.begin("attachments.jsonl", "application/x-ndjson")?;
    for file in attached {
        let line = json!({
            "id": file.id, "post_id": file.post_id, "name": file.name, "media_type": file.media_type,
            "size": file.size, "path": path_of(file),
        });
        pack.put(format!("{line}\n").as_bytes()).await?;
    }
    for file in attached {
        pack.begin(&path_of(file), &file.media_type)?;
        let mut from = 0;
        loop {
            let bytes = attachments::copy_bytes(given.tx, file, from).await?;
            if bytes.is_empty() {
                break;
            }
            from += bytes.len() as u64;
            pack.put(&bytes).await?;
        }
    }
    Ok(())
}

fn path_of(file: &Copied) -> String {
    format!("files/attachments/{}.{}", file.id, file.ending())
}

async fn add_accesses(given: &Given<'_, '_>, pack: &mut Pack<'_>) -> Result<()> {
    pack.begin("accesses.csv", "text/csv; charset=utf-8")?;
    pack.put(BYTE_ORDER_MARK.as_bytes()).await?;
    pack.put(&rows(std::iter::once(HEADINGS.map(str::to_owned)))?)
        .await?;
    let mut before = None;
    loop {
        let (page, next) = given.accesses(before).await?;
        pack.put(&rows(page.iter().map(row))?).await?;
        before = next;
        if before.is_none() {
            return Ok(());
        }
    }
}

fn row(line: &Value) -> [String; 8] {
    let who = line.get("who").unwrap_or(&Value::Null);
    let at = text(line, "at")
        .parse()
        .ok()
        .map(|at| japanese_time(at).to_string());
    let emergency = line.get("emergency").unwrap_or(&Value::Null);
    let name = match text(who, "name") {
        "" if text(who, "organization").is_empty() => who_looked(who),
        "" => text(who, "program").to_owned(),
        name => name.to_owned(),
    };
    let refused = line.get("refused").and_then(Value::as_bool) == Some(true);
    [
        at.unwrap_or_default(),
        harmless(text(who, "organization")),
        harmless(text(who, "profession_ja")),
        harmless(&name),
        harmless(text(line, "what_ja")),
        harmless(text(line, "purpose_ja")),
        harmless(text(emergency, "ja")),
        if refused { "はい" } else { "" }.to_owned(),
    ]
}

fn rows(rows: impl Iterator<Item = [String; 8]>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}

/// The same once more as FHIR, for programs.
async fn add_bundle(given: &Given<'_, '_>, pack: &mut Pack<'_>) -> Result<()> {
    pack.begin("fhir/Bundle.json", "application/fhir+json")?;
    let front = &given.front;
    let mut bundle = Bundle::begin(given.order.export.id, given.tx.now);
    bundle.add_front(front);
    pack.put(&bundle.take()).await?;
    let (mut after, mut done) = (None, 0);
    loop {
        let (page, next) = given.posts(after).await?;
        for post in &page {
            bundle.add_post(front, post);
        }
        pack.put(&bundle.take()).await?;
        done += page.len();
        given
            .store
            .note(usize::midpoint(given.order.posts, done))
            .await?;
        after = next;
        if after.is_none() {
            break;
        }
    }
    let mut before = None;
    loop {
        let (page, next) = given.accesses(before).await?;
        for line in &page {
            bundle.add_access(line);
        }
        pack.put(&bundle.take()).await?;
        before = next;
        if before.is_none() {
            break;
        }
    }
    bundle.add_people(front);
    pack.put(&bundle.end()?).await
}
