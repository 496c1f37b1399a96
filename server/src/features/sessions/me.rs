use actix_web::{get, web::Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{queries, routes::Own};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::staff_members::{self, StaffMemberView},
    spine::{
        access::{self, Asker, Permit, Purpose, Question, Resource},
        audit::Entry,
        auth::{Actor, Person, Role},
        settings,
    },
};

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeView {
    /// The account.
    account_id: Uuid,
    /// `name@network`.
    login: String,
    /// What the account is for.
    role: Role,
    /// Name.
    name: String,
    /// The network.
    tenant: TenantView,
    /// The post that the session acts for.
    staff_member: Option<StaffMemberView>,
    /// All posts of the person that are valid today.
    posts: Vec<StaffMemberView>,
    /// `ja` or `en`.
    language: String,
    /// Factors that were shown (RFC 8176): `pwd`, `otp`, `hwk`, `swk`, `user`, `pin`; always of two kinds.
    amr: Vec<String>,
    /// When factors were last shown.
    authenticated_at: DateTime<Utc>,
    /// The registered device, when it is one.
    device: Option<DeviceRef>,
    /// What the network has decided about this session.
    settings: SessionSettings,
    /// Acts on the network as a whole that the rules allow, by their names in the rules: what a page may offer.
    may: Vec<&'static str>,
    /// The patient, for accounts of patients and families.
    patient_relation: Option<PatientRelationView>,
    /// Purposes of use that the person may state, the usual one first.
    purposes: &'static [Purpose],
    /// Whether the password is older than the network allows: nothing else works until it is changed.
    password_change_required: bool,
}

/// A regional network.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TenantView {
    /// Identifier.
    id: Uuid,
    /// Short name.
    slug: String,
    /// Name.
    name: String,
}

/// What an account of a patient or family is to the patient.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PatientRelationView {
    /// The patient.
    patient_id: Uuid,
    /// `self`, `family` or `proxy`.
    relation: String,
    /// In words, such as 長女.
    label: String,
}

/// A registered device.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeviceRef {
    /// Identifier.
    pub(super) id: Uuid,
    /// Name, such as 訪問用タブレット1.
    pub(super) name: String,
    /// `shared` or `personal`.
    pub(super) kind: String,
}

/// What the network has decided about a session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionSettings {
    /// Minutes without activity after which the session ends.
    idle_minutes: i32,
}

/// Who am I?
#[utoipa::path(tag = "sessions", responses((status = 200, body = MeView), (status = "4XX", body = Problem)))]
#[get("/v1/me")]
pub(super) async fn find_me(ctx: Ctx) -> Result<Json<MeView>> {
    let view = ctx.read(async |tx| {
        let _permit: Permit<Own> = access::on_network(tx)?;
        let Actor::Person(person) = tx.actor else {
            return Err(Error::NotFound);
        };
        tx.record(Entry::new("me.find"));
        me(tx, person).await
    });
    Ok(Json(view.await?))
}

/// Acts on the network that a page offers or not.
const OFFERED: [&str; 22] = [
    "patient.list",
    "patient.create",
    "incoming_document.list",
    "access_log.read",
    "access_log.export",
    "maintenance.read",
    "facility.create",
    "staff_member.create",
    "client.create",
    "account.read",
    "account.keep",
    "device.keep",
    "settings.keep",
    "access_rules.keep",
    "emergency_access.search",
    "emergency_access.list",
    "emergency_access.review",
    "access.explain",
    "substitution.write",
    "registration_card.read",
    "directory.read",
    "post_template.keep",
];

fn may(tx: &Tx<'_>, person: &Person) -> Vec<&'static str> {
    let Some(asker) = Asker::of(&Actor::Person(person.clone())) else {
        return Vec::new();
    };
    let allowed = |action: &&'static str| {
        let question = Question {
            asker: asker.clone(),
            tenant: tx.tenant_id,
            action: (*action).to_owned(),
            resource: Resource::Network,
            ground: None,
            purpose: Purpose::usual(person.role),
        };
        tx.app().access.decide(&question).allowed
    };
    OFFERED.into_iter().filter(allowed).collect()
}

pub(super) async fn me(tx: &Tx<'_>, person: &Person) -> Result<MeView> {
    let me = queries::find_me(tx, person).await?;
    let settings = settings::of_network(tx).await?;
    let posts: Vec<StaffMemberView> = staff_members::posts_of(tx, person.person_id)
        .await?
        .into_iter()
        .map(StaffMemberView::from)
        .collect();
    let staff_member = posts
        .iter()
        .find(|post| post.id == person.staff_member_id)
        .cloned();
    let (slug, name) = me.tenant;
    Ok(MeView {
        account_id: person.account_id,
        login: format!("{}@{slug}", me.login_name),
        role: person.role,
        name: staff_member
            .as_ref()
            .map(|staff| staff.name.clone())
            .unwrap_or_default(),
        tenant: TenantView {
            id: tx.tenant_id,
            slug,
            name,
        },
        staff_member,
        posts,
        language: me.language,
        amr: me.amr.clone(),
        may: may(tx, person),
        patient_relation: queries::find_relation(tx, person).await?.map(
            |(patient_id, relation, label)| PatientRelationView {
                patient_id,
                relation,
                label,
            },
        ),
        purposes: Purpose::of_role(person.role),
        authenticated_at: person.authenticated_at,
        device: me
            .device
            .map(|(id, name, kind)| DeviceRef { id, name, kind }),
        settings: SessionSettings {
            idle_minutes: me.idle_minutes,
        },
        password_change_required: me.amr.iter().any(|factor| factor == "pwd")
            && settings::is_overdue(
                me.password_changed_at,
                settings.password_rotation_days,
                tx.now,
            ),
    })
}
