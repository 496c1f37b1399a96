use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{mails, tenants};
use uuid::Uuid;

use crate::{Result, ctx::Tx};

/// A mail as it can be read here.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = mails, check_for_backend(diesel::pg::Pg))]
pub(super) struct Mail {
    pub(super) id: Uuid,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: Option<String>,
    pub(super) created_at: DateTime<Utc>,
}

/// Every network.
pub(super) async fn networks(tx: &Tx<'_>) -> Result<Vec<Uuid>> {
    Ok(tenants::table
        .select(tenants::tenant_id)
        .order(tenants::tenant_id)
        .load(&mut tx.conn())
        .await?)
}

/// The newest mails of one network that have not been sent.
pub(super) async fn newest(tx: &Tx<'_>, limit: i64) -> Result<Vec<Mail>> {
    Ok(mails::table
        .filter(mails::tenant_id.eq(tx.tenant_id))
        .filter(mails::body.is_not_null())
        .order((mails::created_at.desc(), mails::id.desc()))
        .limit(limit)
        .select(Mail::as_select())
        .load(&mut tx.conn())
        .await?)
}
