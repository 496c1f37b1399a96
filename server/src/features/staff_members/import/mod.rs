//! Lists of people from a spreadsheet (一括登録).
//!
//! A file is read, every row is checked against the file and the network, and either every row is carried out or none.
//! A dry run gives the same report and writes nothing. A row that is in the network already is left as it is, so that
//! the same file may come twice. Accounts of administrators, auditors and support are never made by a list.

mod cells;
mod check;
mod queries;
mod read;
mod write;

use actix_web::{FromRequest, HttpRequest, dev::Payload, post, web::Bytes};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::check::{Checked, Plan};
use super::policy;
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        ids,
        input::{self, Query},
        reply::{Answer, Reply},
    },
};

/// Largest file, in bytes.
const LARGEST: usize = 1024 * 1024;

/// A file, as it came.
pub(super) struct File(Bytes);

impl FromRequest for File {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = input::limited(request, payload, &["text/csv"], LARGEST);
        Box::pin(async move { Ok(Self(bytes.await?)) })
    }
}

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportStaffMembers {
    /// Whether to check only; true when left out.
    dry_run: Option<bool>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ImportOutcome {
    /// A staff member is made.
    Create,
    /// The staff member is there.
    Unchanged,
    /// Something is wrong: nothing of the file is written.
    Error,
}

/// A row of the report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportRowView {
    /// Line of the file; the header is 1. Findings about the file as a whole are in row 1.
    row: u64,
    /// What becomes of it.
    outcome: ImportOutcome,
    /// 氏名
    name: String,
    /// What is wrong. Fields: `name`, `kana`, `profession`, `facility`, `login_name`, `email`, `starts_on`, `ends_on`,
    /// `licence_number`, `licence_valid_until`, `home_address`; `file` and `header` for the whole.
    errors: Vec<FieldError>,
    /// Code to be handed over; the link is mailed. Null in a dry run and without an account.
    invitation_code: Option<String>,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportReportView {
    /// Whether it was checked only.
    dry_run: bool,
    /// Every row, in the order of the file.
    rows: Vec<ImportRowView>,
    /// How many staff members were made, or would be.
    created: usize,
    /// How many rows were there already.
    unchanged: usize,
    /// How many rows are wrong. With any, nothing was written.
    errors: usize,
}

/// Register the people of a list, all or none: CSV in UTF-8 or Shift_JIS, at most 1 MiB and 2,000 rows, with a header
/// row of 氏名, フリガナ, 職種 and 施設 and, if wanted, ログイン名, メール, 開始日, 終了日, 免許番号, 免許期限 and 住所. 職種 is a
/// name or code of the list of professions, 施設 an exact name or institution code, a day 2026-04-01, 2026/4/1 or
/// 令和8年4月1日. A licence number says that whoever imports has seen a copy of the licence. Of 住所 only a keyed digest is
/// kept. Whoever has a sign-in name is invited by mail. Network administrators only.
#[utoipa::path(
    tag = "staff_members",
    params(ImportStaffMembers),
    request_body(content = String, content_type = "text/csv"),
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = ImportReportView), (status = "4XX", body = Problem)),
)]
#[post("/v1/staff-members/import")]
pub(super) async fn import_staff_members(
    ctx: Ctx,
    query: Query<ImportStaffMembers>,
    file: File,
) -> Result<Answer> {
    let dry_run = query.0.dry_run.unwrap_or(true);
    let digest = ids::digest(&[&file.0[..], &[u8::from(dry_run)]].concat());
    let lines = read::read(&file.0);
    ctx.write(&digest, async |tx| {
        let permit = policy::may_import(tx)?;
        let rows = match &lines {
            Err(findings) => vec![Checked::whole_file(findings.clone())],
            Ok(lines) => check::check(lines, &queries::known(tx, lines).await?, tx.today()),
        };
        let wrong = rows.iter().any(|row| !row.errors.is_empty());
        if dry_run || wrong {
            tx.record(Entry::new("staff_members.check").listing(rows.len()));
            return Ok(Reply::ok(report(dry_run, rows, &[])));
        }
        let codes = write::write(tx, permit, &rows).await?;
        // The codes are given this once. Who sends the file again hears that everybody is there.
        Ok(Reply::ok(report(dry_run, rows, &codes)).once())
    })
    .await
}

/// The report; `codes` are those of the rows, if any were made.
fn report(dry_run: bool, rows: Vec<Checked>, codes: &[Option<String>]) -> ImportReportView {
    let mut report = ImportReportView {
        dry_run,
        rows: Vec::with_capacity(rows.len()),
        created: 0,
        unchanged: 0,
        errors: 0,
    };
    for (at, row) in rows.into_iter().enumerate() {
        let (outcome, count) = match row.plan {
            _ if !row.errors.is_empty() => (ImportOutcome::Error, &mut report.errors),
            Plan::Unchanged => (ImportOutcome::Unchanged, &mut report.unchanged),
            Plan::Create(_) => (ImportOutcome::Create, &mut report.created),
        };
        *count += 1;
        report.rows.push(ImportRowView {
            row: row.row,
            outcome,
            name: row.name,
            errors: row.errors,
            invitation_code: codes.get(at).cloned().flatten(),
        });
    }
    if report.errors > 0 && !dry_run {
        report.created = 0;
    }
    report
}
