use std::collections::BTreeSet;

use actix_web::{post, web::Json};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::Words,
    policy::{self, Reach},
    queries::{self, Asked},
    view::{self, Found, SearchView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::provisions,
    spine::{
        access::Ground,
        audit::Entry,
        input::{Check, Input},
        page::{self, TimeKey},
    },
};

/// How many are found when the caller does not say.
const DEFAULT_LIMIT: i64 = 20;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(search_entries);
}

/// What to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchWords {
    /// Words between spaces, up to 100 characters and ten words: all of them are in what is found. What is between
    /// quotation marks (`"` or 「」) is one word. A word has two characters or more; a kanji may stand alone. Width,
    /// case, hiragana and katakana, old forms of kanji and common synonyms of the field (褥瘡, 床ずれ) meet.
    words: String,
    /// Only about this patient.
    #[serde(default)]
    patient_id: Option<Uuid>,
    /// Only of these kinds, 1 to 12.
    #[serde(default)]
    kinds: Option<Vec<FoundKind>>,
    /// Only by this staff member.
    #[serde(default)]
    author_id: Option<Uuid>,
    /// Not older than this.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// Not newer than this.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// 1 to 100; 20 when left out.
    #[serde(default)]
    limit: Option<i64>,
}

/// What something is that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FoundKind {
    /// 記録・連絡
    Note,
    /// バイタル
    Vitals,
    /// 文書
    Document,
    /// 服薬の様子
    Medication,
    /// 褥瘡・創部
    Wound,
    /// 訪問報告
    VisitReport,
    /// 急な変化
    Urgent,
    /// 看取り
    EndOfLife,
    /// お知らせ
    Notice,
    /// 添付ファイル
    Attachment,
    /// メッセージ
    Message,
}

impl FoundKind {
    fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Vitals => "vitals",
            Self::Document => "document",
            Self::Medication => "medication",
            Self::Wound => "wound",
            Self::VisitReport => "visit_report",
            Self::Urgent => "urgent",
            Self::EndOfLife => "end_of_life",
            Self::Notice => "notice",
            Self::Attachment => "attachment",
            Self::Message => "message",
        }
    }
}

impl Check for SearchWords {
    fn check(&self, errors: &mut Vec<FieldError>) {
        errors.extend(Words::read(&self.words).err());
        if self
            .kinds
            .as_ref()
            .is_some_and(|kinds| !(1..=12).contains(&kinds.len()))
        {
            errors.push(FieldError::new("kinds", "out_of_range", "1 to 12"));
        }
    }
}

impl SearchWords {
    fn asked<'a>(&self, words: &'a [String]) -> Result<Asked<'a>> {
        let end = DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let newest = TimeKey(self.to.unwrap_or(end).min(end), Uuid::max());
        let kinds = self.kinds.as_ref().map(|kinds| {
            let kinds: BTreeSet<FoundKind> = kinds.iter().copied().collect();
            kinds.into_iter().map(FoundKind::code).collect()
        });
        Ok(Asked {
            words,
            kinds,
            author: self.author_id,
            from: self.from,
            before: page::parse(self.cursor.as_deref())?.unwrap_or(newest),
            limit: page::limit(Some(self.limit.unwrap_or(DEFAULT_LIMIT)))?,
        })
    }
}

/// Look for words in everything that the caller may read: posts and their documents, attachments, messages; newest first.
/// The words come in the body and stay out of every log; the access log names the patients whose entries were shown.
#[utoipa::path(
    tag = "search",
    request_body = SearchWords,
    responses((status = 200, body = SearchView), (status = "4XX", body = Problem)),
)]
#[post("/v1/search")]
async fn search_entries(ctx: Ctx, input: Input<SearchWords>) -> Result<Json<SearchView>> {
    let new = &input.value;
    let words = Words::read(&new.words)
        .map_err(|error| Error::Invalid(vec![error]))?
        .0;
    let asked = new.asked(&words)?;
    let view = ctx.read(async |tx| {
        let permit = policy::may_search(tx)?;
        let reach = policy::reach(tx, new.patient_id).await?;
        let mut keys = if reach.is_empty() {
            Vec::new()
        } else {
            queries::find(tx, permit, &reach, &asked).await?
        };
        queries::plan_as_always(tx).await?;
        let next = page::cut(&mut keys, asked.limit, |(_, id, at)| TimeKey(*at, *id));
        let found = view::list_found(tx, &keys).await?;
        let mut patients: Vec<Uuid> = found.iter().filter_map(|row| row.patient_id).collect();
        patients.sort_unstable();
        patients.dedup();
        let named = policy::may_name(tx, &patients).await?;
        note(tx, &reach, &found, &named).await?;
        let entry = Entry::new("search.run")
            .listing(found.len())
            .naming(patients);
        tx.record(entry.searching(&new.words));
        let items = found.into_iter().map(|row| {
            let named = row.patient_id.is_some_and(|id| named.contains(&id));
            view::found(row, &words, named)
        });
        Ok(SearchView {
            items: items.collect(),
            next,
        })
    });
    Ok(Json(view.await?))
}

/// Notes what was given to the caller's facility: names and pieces of text, with consent or in an emergency.
async fn note(tx: &Tx<'_>, reach: &Reach, found: &[Found], named: &[Uuid]) -> Result<()> {
    let ground = |id: &Uuid| reach.grounds.get(id).copied().unwrap_or_default();
    let alone = |ground: &Ground| ground.emergency && ground.cover.kinds == 0;
    let mut shown: Vec<(Uuid, Uuid, &str)> = Vec::new();
    for row in found {
        let Some(patient_id) = row.patient_id else {
            continue;
        };
        let kind = row
            .class
            .as_deref()
            .and_then(|class| class.split('/').nth(1));
        shown.extend(kind.map(|kind| (patient_id, row.facility_id, kind)));
        let registered = row.registered_at.filter(|_| named.contains(&patient_id));
        shown.extend(registered.map(|facility_id| (patient_id, facility_id, "basic")));
    }
    for in_emergency in [false, true] {
        let part: Vec<_> = shown
            .iter()
            .copied()
            .filter(|(id, ..)| alone(&ground(id)) == in_emergency)
            .collect();
        if let Some((id, ..)) = part.first() {
            provisions::note_all(tx, ground(id), part.iter().copied()).await?;
        }
    }
    Ok(())
}
