use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, facilities, staff_members as posts};
use uuid::Uuid;

use super::{cells, read::Line};
use crate::{
    Result,
    ctx::Tx,
    features::{
        licences,
        professions::{self, Known},
    },
    spine::text,
};

/// A post as far as a row can be compared with it: name (folded), profession, facility.
pub(super) type Held = (String, String, Uuid);

/// What the network has, as far as the rows ask.
pub(super) struct Network {
    pub(super) professions: Vec<Known>,
    /// Identifier, name, institution code.
    pub(super) facilities: Vec<(Uuid, String, Option<String>)>,
    /// Posts of today or later, by sign-in name.
    pub(super) accounts: HashMap<String, Vec<Held>>,
    /// The same posts without regard to accounts: name and kana (folded), profession, facility.
    pub(super) posts: HashSet<Held>,
    /// Professions and numbers of licences that people have.
    pub(super) licences: HashSet<(String, String)>,
}

/// Looks up what the rows name.
pub(super) async fn known(tx: &Tx<'_>, lines: &[Line]) -> Result<Network> {
    let cells = |field: &'static str| lines.iter().map(move |line| line.cell(field));
    let numbers: Vec<String> = cells("licence_number").map(licences::number).collect();
    Ok(Network {
        professions: professions::known(tx).await?,
        facilities: facilities::table
            .filter(facilities::tenant_id.eq(tx.tenant_id))
            .select((
                facilities::id,
                facilities::name,
                facilities::institution_code,
            ))
            .load(&mut tx.conn())
            .await?,
        accounts: logins(tx, cells("login_name").collect()).await?,
        posts: held(tx, lines).await?,
        licences: licences::holders(tx, &numbers).await?.into_keys().collect(),
    })
}

async fn logins(tx: &Tx<'_>, names: Vec<&str>) -> Result<HashMap<String, Vec<Held>>> {
    let today = tx.today();
    let rows: Vec<(String, Option<Held>)> = accounts::table
        .left_join(
            posts::table.on(posts::tenant_id
                .eq(accounts::tenant_id)
                .and(posts::person_id.eq(accounts::person_id))
                .and(posts::ends_on.is_null().or(posts::ends_on.ge(today)))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::login_name.eq_any(names))
        .select((
            accounts::login_name,
            (posts::name, posts::profession, posts::facility_id).nullable(),
        ))
        .load(&mut tx.conn())
        .await?;
    let mut found: HashMap<String, Vec<Held>> = HashMap::new();
    for (login, post) in rows {
        let held = found.entry(login).or_default();
        held.extend(
            post.map(|(name, profession, facility)| (text::fold(&name), profession, facility)),
        );
    }
    Ok(found)
}

async fn held(tx: &Tx<'_>, lines: &[Line]) -> Result<HashSet<Held>> {
    let today = tx.today();
    let wanted: Vec<String> = lines.iter().map(both_names).collect();
    Ok(posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::search_text.eq_any(wanted))
        .filter(posts::ends_on.is_null().or(posts::ends_on.ge(today)))
        .select((posts::search_text, posts::profession, posts::facility_id))
        .load::<Held>(&mut tx.conn())
        .await?
        .into_iter()
        .collect())
}

/// Name and kana, as posts keep them for finding.
pub(super) fn both_names(line: &Line) -> String {
    text::fold(&format!(
        "{} {}",
        line.cell("name"),
        cells::kana(line.cell("kana"))
    ))
}
