//! The document of a post, and its versions, as they are shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{model::DocumentLine, queries::VersionRow};
use crate::features::{attachments::AttachmentView, vital_signs::VitalSigns};

/// A document, as a post shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DocumentLineView {
    /// Identifier.
    id: Uuid,
    /// Title.
    title: String,
    /// Code of the type.
    type_code: String,
    /// The type in Japanese.
    type_label: String,
    /// When it was written.
    authored_at: DateTime<Utc>,
    /// By whom.
    author_name: String,
    /// Where.
    institution_name: String,
    /// Its first characters.
    excerpt: String,
}

/// A version of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::features::timeline) struct PostVersionView {
    /// 1, 2, 3 …
    version: i32,
    /// Text.
    body: Option<String>,
    /// Vital signs.
    vitals: Option<VitalSigns>,
    /// Document.
    document_id: Option<Uuid>,
    /// Files, in their order.
    attachments: Vec<AttachmentView>,
    /// Why it was written; null for the first.
    reason: Option<String>,
    /// Whether it takes the post back.
    retracted: bool,
    /// Who wrote it.
    written_by: String,
    /// When.
    written_at: DateTime<Utc>,
}

impl From<DocumentLine> for DocumentLineView {
    fn from(row: DocumentLine) -> Self {
        Self {
            id: row.id,
            title: row.title,
            type_code: row.type_code,
            type_label: row.type_label,
            authored_at: row.authored_at,
            author_name: row.author_name,
            institution_name: row.institution_name,
            excerpt: row.excerpt,
        }
    }
}

impl PostVersionView {
    /// The same with its files, out of those of all versions.
    pub(in crate::features::timeline) fn showing(
        mut self,
        of: &mut HashMap<i32, Vec<AttachmentView>>,
    ) -> Self {
        self.attachments = of.remove(&self.version).unwrap_or_default();
        self
    }
}

impl From<VersionRow> for PostVersionView {
    fn from(row: VersionRow) -> Self {
        Self {
            version: row.version,
            body: row.body,
            // Written by this server; what cannot be read back is shown as absent rather than hiding the history.
            vitals: row
                .vitals
                .and_then(|vitals| serde_json::from_value(vitals).ok()),
            document_id: row.document_id,
            attachments: Vec::new(),
            reason: row.reason,
            retracted: row.retracted,
            written_by: row.staff_name.or(row.client_name).unwrap_or_default(),
            written_at: row.written_at,
        }
    }
}
