//! A copy on paper. A long record becomes several files, each set by itself, so that setting one never needs more memory
//! than [`MOST`] asks for. Everything is gone through twice: first to know how many files there will be and how the vital
//! signs went, then to print.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Given, Order,
    lines::{self, list, text},
    trend::Trends,
};
use crate::{
    Result,
    features::{
        attachments::{self, Copied},
        documents,
        record_exports::{model::Format, policy::Accesses, words},
    },
    print::{self, Document, Sheet},
};

/// Bytes of what is on one file, as JSON: about a hundred pages.
const MOST: usize = 400 * 1024;

/// A list on paper.
#[derive(Debug, Clone, Copy)]
enum List {
    Posts,
    Vitals,
    Documents,
    Attached,
    Accesses,
}

impl List {
    fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Vitals => "vitals",
            Self::Documents => "documents",
            Self::Attached => "attached",
            Self::Accesses => "accesses",
        }
    }
}

/// The files as they are filled.
struct Paper<'a, 'b, 'c> {
    given: &'a Given<'b, 'c>,
    /// How many files there will be; none while that is being found out.
    parts: Option<usize>,
    number: usize,
    data: Map<String, Value>,
    weight: usize,
    trends: Trends,
    done: usize,
}

/// Prints all of it.
pub(super) async fn print(given: &Given<'_, '_>) -> Result<()> {
    let mut rehearsal = Paper::new(given, None, Trends::default());
    rehearsal.fill().await?;
    let parts = rehearsal.number;
    let trends = std::mem::take(&mut rehearsal.trends);
    Paper::new(given, Some(parts), trends).fill().await
}

impl<'a, 'b, 'c> Paper<'a, 'b, 'c> {
    fn new(given: &'a Given<'b, 'c>, parts: Option<usize>, trends: Trends) -> Self {
        Self {
            given,
            parts,
            number: 1,
            data: Map::new(),
            weight: 0,
            trends,
            done: 0,
        }
    }

    async fn fill(&mut self) -> Result<()> {
        self.begin();
        let (documents, attached, has_vitals) = self.add_posts().await?;
        if has_vitals {
            self.add_vitals().await?;
        }
        for id in documents {
            if let Some(document) = documents::copy(self.given.tx, id).await? {
                self.add(List::Documents, lines::document(&document))
                    .await?;
            }
        }
        for file in attached {
            let row = json!([file.name, file.media_type, file.size]);
            self.add(List::Attached, row).await?;
        }
        let mut before = None;
        loop {
            let (page, next) = self.given.accesses(before).await?;
            for line in &page {
                self.add(List::Accesses, lines::access(line)).await?;
            }
            before = next;
            if before.is_none() {
                break;
            }
        }
        let with = !matches!(self.given.accesses, Accesses::Not);
        self.data
            .insert("ends".to_owned(), json!({ "accesses": with }));
        self.print_part().await
    }

    /// What the first file begins with.
    fn begin(&mut self) {
        let Given { order, front, .. } = self.given;
        let sections = front
            .sections
            .iter()
            .map(|section| json!({ "title": section.title, "lines": section.lines }));
        let first = json!({
            "cover": cover(order, &front.patient),
            "left_out": left_out(self.given),
            "patient": lines::patient(&front.patient),
            "consents": lines::consents(front),
            "team": lines::team(front),
            "sections": sections.collect::<Vec<_>>(),
        });
        self.weight = first.to_string().len();
        if let Value::Object(first) = first {
            self.data.extend(first);
        }
    }

    /// Adds every post; answers the documents and files that they name, and whether vital signs were measured.
    async fn add_posts(&mut self) -> Result<(Vec<Uuid>, Vec<Copied>, bool)> {
        let (mut named, mut attached, mut vitals) = (Vec::new(), Vec::new(), false);
        let mut after = None;
        loop {
            let (page, next) = self.given.posts(after).await?;
            let mut ids = Vec::with_capacity(page.len());
            for post in &page {
                ids.extend(text(post, "id").parse::<Uuid>());
                vitals |= lines::signs(post).is_some();
                named.extend(documents_of(post));
                self.add(List::Posts, lines::post(&self.given.front, post))
                    .await?;
                self.done += 1;
            }
            attached.extend(attachments::copy(self.given.tx, &ids).await?);
            after = next;
            if after.is_none() {
                return Ok((named, attached, vitals));
            }
        }
    }

    async fn add_vitals(&mut self) -> Result<()> {
        if self.parts.is_some() {
            let drawn = self.trends.drawn();
            self.data.insert("trends".to_owned(), json!(drawn));
        }
        let mut after = None;
        loop {
            let (page, next) = self.given.posts(after).await?;
            for post in &page {
                let Some(signs) = lines::signs(post) else {
                    continue;
                };
                if self.parts.is_none()
                    && let Ok(at) = text(post, "observed_at").parse()
                {
                    self.trends.add(at, &signs);
                }
                self.add(List::Vitals, lines::vital(post, &signs)).await?;
            }
            after = next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn add(&mut self, to: List, line: Value) -> Result<()> {
        let weight = line.to_string().len();
        if self.weight + weight > MOST && self.weight > 0 {
            self.print_part().await?;
            self.number += 1;
        }
        self.weight += weight;
        // While it is only counted, nothing is kept.
        if self.parts.is_some() {
            let list = self.data.entry(to.name()).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(line);
            }
        }
        Ok(())
    }

    /// Prints what has been gathered, and begins anew.
    async fn print_part(&mut self) -> Result<()> {
        let mut data = std::mem::take(&mut self.data);
        self.weight = 0;
        let Some(parts) = self.parts else {
            return Ok(());
        };
        let Given {
            order,
            store,
            front,
            ..
        } = self.given;
        for field in [
            "cover",
            "left_out",
            "patient",
            "consents",
            "team",
            "sections",
            "posts",
            "trends",
            "vitals",
            "documents",
            "attached",
            "accesses",
            "ends",
        ] {
            data.entry(field).or_insert(Value::Null);
        }
        data.insert("part".to_owned(), json!(self.number));
        data.insert("parts".to_owned(), json!(parts));
        let title = if parts > 1 {
            format!("記録の写し（第{}部／全{parts}部）", self.number)
        } else {
            "記録の写し".to_owned()
        };
        let code = print::fingerprint("RC", &(order.export.id, self.number))?;
        let sheet = Sheet {
            title: &title,
            network: &front.network,
            code: &code,
            date: self.given.tx.now,
            pictures: Vec::new(),
        };
        let printer = &store.app().printer;
        let pdf = printer
            .pdf(Document::RecordCopy, &sheet, &Value::Object(data))
            .await?;
        let number = i32::try_from(self.number).unwrap_or(i32::MAX);
        let mut file = store.file(number, Format::Pdf.media_type());
        file.put(&pdf).await?;
        file.end().await?;
        store.note(self.done).await
    }
}

/// The documents that a post or an earlier version of it has.
pub(super) fn documents_of(post: &Value) -> Vec<Uuid> {
    let shown = post.get("document").map(|document| text(document, "id"));
    let before = list(post, "versions").map(|version| text(version, "document_id"));
    let mut ids: Vec<Uuid> = shown
        .into_iter()
        .chain(before)
        .filter_map(|id| id.parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn cover(order: &Order<'_>, patient: &Value) -> Value {
    let export = order.export;
    let day =
        |day: Option<chrono::NaiveDate>| day.map(|day| day.format("%Y年%-m月%-d日").to_string());
    let span = match (day(export.from_on), day(export.to_on)) {
        (None, None) => "記録のすべて".to_owned(),
        (from, to) => format!(
            "{}〜{}",
            from.unwrap_or_else(|| "記録のはじめ".to_owned()),
            to.unwrap_or_else(|| "作成日".to_owned())
        ),
    };
    json!({
        "name": text(patient, "name"),
        "kana": text(patient, "kana"),
        "birth": words::day_of(patient.get("birth_date").unwrap_or(&Value::Null)),
        "span": span,
        "made_by": order.made_by,
        "purpose": export.purpose().ja(),
        "reason": export.reason,
        "posts": order.posts,
    })
}

/// What is not in it, in plain words.
pub(super) fn left_out(given: &Given<'_, '_>) -> Vec<String> {
    let mut said = given.order.left_out.clone();
    if given.front.consents.is_none() {
        said.push("同意の記録".to_owned());
    }
    if given.front.team.is_none() {
        said.push("担当者の一覧".to_owned());
    }
    if matches!(given.accesses, Accesses::Not) {
        said.push("誰が記録を見たかの一覧".to_owned());
    }
    let export = given.order.export;
    if export.from_on.is_some() || export.to_on.is_some() {
        said.push("期間の外の投稿・バイタル・文書".to_owned());
    }
    said
}
