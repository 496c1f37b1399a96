//! Making copies: taken up by the worker one by one, each in one snapshot of the record, page by page.

mod lines;
mod pack;
mod paper;
mod store;
mod trend;

use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;

pub(super) use self::{
    lines::{list, signs, text},
    store::open,
};

use self::store::Store;
use super::{
    model::{Format, MOST_POSTS, RecordExport, words_of},
    parts::Front,
    policy::{self, Accesses},
    queries, words,
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    features::timeline::{Which, copy_size},
    print,
    spine::{
        access::{self, PatientAccess, Scope},
        audit::Entry,
        auth::{self, Actor, Person},
        http::RequestInfo,
        page::TimeKey,
    },
};

/// Posts that are in memory at a time.
const PAGE: i64 = 200;

/// Makes every copy of a network that is asked for, and destroys what has been kept long enough. Answers how many were
/// made.
pub async fn make_all(door: &Door, tenant_id: Uuid) -> Result<usize> {
    let worker = Actor::Worker;
    door.within(tenant_id, worker, async |tx| queries::expire(tx).await)
        .await?;
    let mut made = 0;
    loop {
        let claim = async |tx: &Tx<'_>| queries::claim(tx).await;
        let Some(export) = door.within(tenant_id, Actor::Worker, claim).await? else {
            return Ok(made);
        };
        let outcome = Box::pin(make(door, tenant_id, &export)).await;
        match outcome {
            Ok(()) => made += 1,
            Err(error) => settle(door, tenant_id, &export, &error).await?,
        }
    }
}

/// What is left of a copy that could not be made.
async fn settle(door: &Door, tenant_id: Uuid, export: &RecordExport, error: &Error) -> Result<()> {
    let now = TimeDelta::zero();
    let next = match error {
        Error::Denied(_) | Error::SessionEnded => ("refused", "not_allowed", now),
        Error::Conflict("record_export_too_large", _)
        | Error::Unprintable(print::Error::TooLong(..)) => ("failed", "too_large", now),
        // Somebody else goes on with it.
        Error::Conflict("record_export_taken_over", _) => return Ok(()),
        other => {
            tracing::warn!(error = %other, export = %export.id, "a copy could not be made; tried again");
            let wait = 20 << export.attempts.clamp(0, 6);
            ("waiting", "later", TimeDelta::seconds(wait))
        }
    };
    let give_up = async |tx: &Tx<'_>| queries::give_up(tx, export, next).await;
    door.within(tenant_id, Actor::Worker, give_up).await
}

/// What is told of a copy on its first page and in its manifest.
struct Order<'a> {
    export: &'a RecordExport,
    made_by: String,
    which: Which,
    scope: Scope,
    posts: usize,
    left_out: Vec<String>,
}

async fn make(door: &Door, tenant_id: Uuid, export: &RecordExport) -> Result<()> {
    let who = (export.account_id, export.staff_member_id, export.session_id);
    let holder = async |tx: &Tx<'_>| auth::queries::holder(tx, who).await;
    let person = door.look_up(tenant_id, holder).await?;
    let person = person.ok_or(Error::SessionEnded)?;
    let actor = Actor::Person(person.clone());
    // For the purpose for which it was asked.
    let theirs = Door {
        app: door.app.clone(),
        request: RequestInfo::internal("record-export")
            .for_purpose(Some(export.purpose_of_use.clone())),
    };
    let which = Which::of_days((export.from_on, export.to_on));
    let begin = async |tx: &Tx<'_>| begin(tx, export, &which).await;
    let posts = theirs.within(tenant_id, actor.clone(), begin).await?;
    let store = Store::new(door, tenant_id, export);
    let copy = theirs.read_for(tenant_id, actor, async |tx| {
        store.begin_again().await?;
        let (access, _permit) = policy::may_make(tx, export.patient_id).await?;
        let scope = access::scope(tx, &access);
        let order = Order {
            export,
            made_by: made_by(tx, &person).await?,
            which,
            left_out: words::left_out(&scope),
            scope,
            posts,
        };
        produce(tx, &access, &order, &store).await
    });
    Box::pin(copy).await?;
    let finish = async |tx: &Tx<'_>| queries::finish(tx, export, posts).await;
    door.within(tenant_id, Actor::Worker, finish).await
}

/// Looks at what there is, and notes it: that so much is handed out, and what other facilities give by that.
async fn begin(tx: &Tx<'_>, export: &RecordExport, which: &Which) -> Result<usize> {
    let (access, _permit) = policy::may_make(tx, export.patient_id).await?;
    let scope = access::scope(tx, &access);
    let posts = copy_size(tx, &access, &scope, which).await?;
    // The patient, as the interface shows it, is noted as given too.
    Front::read(tx, &access).await?;
    let for_patient = export.purpose().is_for_patient();
    let accesses = policy::accesses(tx, &access, for_patient).await?;
    queries::note_size(tx, export.id, posts, &words_of(&scope)).await?;
    tx.record(
        Entry::new("record_export.make")
            .of_patient(export.patient_id)
            .on("record_export", export.id)
            .listing(posts),
    );
    if matches!(accesses, Accesses::ForPatient(_)) {
        tx.record(
            Entry::new("record_export.disclose")
                .of_patient(export.patient_id)
                .on("record_export", export.id),
        );
    }
    if posts > MOST_POSTS {
        return Err(Error::Conflict(
            "record_export_too_large",
            "too many posts for one copy: choose a span",
        ));
    }
    Ok(posts)
}

async fn produce(
    tx: &Tx<'_>,
    access: &PatientAccess,
    order: &Order<'_>,
    store: &Store<'_>,
) -> Result<()> {
    let front = Front::read(tx, access).await?;
    let for_patient = order.export.purpose().is_for_patient();
    let accesses = policy::accesses(tx, access, for_patient).await?;
    let given = Given {
        tx,
        access,
        order,
        store,
        front,
        accesses,
    };
    match order.export.format() {
        Format::Pdf => paper::print(&given).await,
        Format::Zip => pack::pack(&given).await,
    }
}

/// Everything that the makers of both formats need.
struct Given<'a, 'b> {
    tx: &'a Tx<'b>,
    access: &'a PatientAccess,
    order: &'a Order<'a>,
    store: &'a Store<'a>,
    front: Front,
    accesses: Accesses,
}

impl Given<'_, '_> {
    /// The next lines of who has looked; nothing where that is not in the copy.
    async fn accesses(&self, before: Option<TimeKey>) -> Result<(Vec<Value>, Option<TimeKey>)> {
        use crate::features::accesses::copy_page;
        let page = (before, PAGE);
        match &self.accesses {
            Accesses::Own(permit) => copy_page(self.tx, permit, self.access, page).await,
            Accesses::ForPatient(permit) => copy_page(self.tx, permit, self.access, page).await,
            Accesses::Not => Ok((Vec::new(), None)),
        }
    }

    /// The next posts.
    async fn posts(&self, after: Option<TimeKey>) -> Result<(Vec<Value>, Option<TimeKey>)> {
        let Order { scope, which, .. } = self.order;
        let page = (after, PAGE);
        crate::features::timeline::copy_page(self.tx, self.access, scope, which, page).await
    }
}

/// Name, profession and facility of whoever asked; for the patient and the family, the name.
async fn made_by(tx: &Tx<'_>, person: &Person) -> Result<String> {
    use crate::features::staff_members;
    let names = staff_members::names(tx, &[person.staff_member_id]).await?;
    let name = names
        .get(&person.staff_member_id)
        .cloned()
        .unwrap_or_default();
    if person.role != auth::Role::Staff {
        return Ok(name);
    }
    let facility = queries::facility_name(tx, person.facility_id).await?;
    Ok(format!("{name}（{facility}）"))
}
