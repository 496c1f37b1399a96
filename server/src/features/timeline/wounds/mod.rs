//! Wounds: where on the body each is, and its posts as a series, so that it can be seen how it heals. What photographs a
//! post has is known to whatever keeps attachments; the series gives the posts in the order of what was seen.

mod queries;

use actix_web::{
    get,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    policy::{self, Read},
    queries::list_in_order,
    view::{self, PostView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
        access::{self, Verb as _},
        audit::{Denial, Entry},
        input::Query,
        page::{self, Page, TimeKey},
        text,
    },
};

/// Where on the body a wound is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WoundSite {
    /// 仙骨部
    Sacrum,
    /// 尾骨部
    Coccyx,
    /// 右坐骨部
    IschiumRight,
    /// 左坐骨部
    IschiumLeft,
    /// 右大転子部
    TrochanterRight,
    /// 左大転子部
    TrochanterLeft,
    /// 右腸骨部
    IliumRight,
    /// 左腸骨部
    IliumLeft,
    /// 右踵部
    HeelRight,
    /// 左踵部
    HeelLeft,
    /// 右足外果部
    AnkleRight,
    /// 左足外果部
    AnkleLeft,
    /// 右足部・足趾
    FootRight,
    /// 左足部・足趾
    FootLeft,
    /// 右下腿
    LowerLegRight,
    /// 左下腿
    LowerLegLeft,
    /// 右膝部
    KneeRight,
    /// 左膝部
    KneeLeft,
    /// 背部（脊椎部）
    Spine,
    /// 右肩甲骨部
    ScapulaRight,
    /// 左肩甲骨部
    ScapulaLeft,
    /// 右肘部
    ElbowRight,
    /// 左肘部
    ElbowLeft,
    /// 右手・前腕
    HandRight,
    /// 左手・前腕
    HandLeft,
    /// 後頭部
    Occiput,
    /// 耳介部
    Ear,
    /// 顔面
    Face,
    /// 胸部・腹部
    Trunk,
    /// 会陰・肛門周囲
    Perineum,
    /// 胃ろう周囲
    Gastrostomy,
    /// ストーマ周囲
    Stoma,
    /// 気管切開部
    Tracheostomy,
    /// その他
    Other,
}

/// A wound, as the team tells it from the others of a patient.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wound {
    /// Where.
    site: WoundSite,
    /// What the team calls it, when there are two at one site; up to 40 characters. Required for another site.
    #[serde(default)]
    label: Option<String>,
}

impl WoundSite {
    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        use WoundSite as Site;
        match self {
            Site::Sacrum => "sacrum",
            Site::Coccyx => "coccyx",
            Site::IschiumRight => "ischium_right",
            Site::IschiumLeft => "ischium_left",
            Site::TrochanterRight => "trochanter_right",
            Site::TrochanterLeft => "trochanter_left",
            Site::IliumRight => "ilium_right",
            Site::IliumLeft => "ilium_left",
            Site::HeelRight => "heel_right",
            Site::HeelLeft => "heel_left",
            Site::AnkleRight => "ankle_right",
            Site::AnkleLeft => "ankle_left",
            Site::FootRight => "foot_right",
            Site::FootLeft => "foot_left",
            Site::LowerLegRight => "lower_leg_right",
            Site::LowerLegLeft => "lower_leg_left",
            Site::KneeRight => "knee_right",
            Site::KneeLeft => "knee_left",
            Site::Spine => "spine",
            Site::ScapulaRight => "scapula_right",
            Site::ScapulaLeft => "scapula_left",
            Site::ElbowRight => "elbow_right",
            Site::ElbowLeft => "elbow_left",
            Site::HandRight => "hand_right",
            Site::HandLeft => "hand_left",
            Site::Occiput => "occiput",
            Site::Ear => "ear",
            Site::Face => "face",
            Site::Trunk => "trunk",
            Site::Perineum => "perineum",
            Site::Gastrostomy => "gastrostomy",
            Site::Stoma => "stoma",
            Site::Tracheostomy => "tracheostomy",
            Site::Other => "other",
        }
    }
}

impl Wound {
    /// Adds what is wrong with it.
    pub(super) fn check(&self, errors: &mut Vec<FieldError>) {
        text::check_optional("wound.label", self.label.as_deref(), 40, errors);
        if self.site == WoundSite::Other && self.label.is_none() {
            let message = "required for another site";
            errors.push(FieldError::new("wound.label", "required", message));
        }
    }

    /// Site and name.
    pub(super) fn parts(&self) -> (&str, Option<&str>) {
        (self.site.code(), self.label.as_deref().map(str::trim))
    }
}

/// A wound of a patient, with what was written about it.
#[derive(Debug, Serialize, ToSchema)]
struct WoundView {
    /// Where, as in a post.
    site: String,
    /// What the team calls it.
    label: Option<String>,
    /// How many posts there are about it.
    posts: i64,
    /// When the first of them saw it.
    first_observed_at: DateTime<Utc>,
    /// When the last of them saw it.
    last_observed_at: DateTime<Utc>,
    /// One of them: the way to the whole series.
    post_id: Uuid,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListWoundPosts {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List the wounds of a patient that posts are about, the last seen first.
#[utoipa::path(tag = "timeline", responses((status = 200, body = Page<WoundView>), (status = "4XX", body = Problem)))]
#[get("/v1/patients/{patient_id}/wounds")]
pub(super) async fn list_wounds(ctx: Ctx, patient_id: Path<Uuid>) -> Result<Json<Page<WoundView>>> {
    let items = ctx.read(async |tx| {
        let (access, scope) = policy::may_list(tx, *patient_id).await?;
        let rows = queries::list_wounds(tx, &access, &scope).await?;
        tx.record(
            Entry::new("wounds.list")
                .of_patient(*patient_id)
                .listing(rows.len()),
        );
        let view = |row: queries::WoundRow| {
            Some(WoundView {
                site: row.site?,
                label: row.label,
                posts: row.posts,
                first_observed_at: row.first?,
                last_observed_at: row.last?,
                post_id: row.post_id,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Read all posts about the wound that a post is about, what was seen last first; without what was taken back.
#[utoipa::path(
    tag = "timeline",
    params(ListWoundPosts),
    responses((status = 200, body = Page<PostView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/posts/{post_id}/wound-series")]
pub(super) async fn list_wound_posts(
    ctx: Ctx,
    post_id: Path<Uuid>,
    query: Query<ListWoundPosts>,
) -> Result<Json<Page<PostView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let page = ctx.read(async |tx| {
        let (post, ground, _permit) = policy::may::<Read>(tx, *post_id).await?;
        let Some(site) = post.wound_site.as_deref() else {
            let denial = Denial::hidden(Read::ACTION)
                .of_patient(post.patient_id)
                .on("post", post.id);
            return Err(Error::Denied(Box::new(denial)));
        };
        let scope = access::scope_of(tx, ground);
        let wound = (site, post.wound_label.as_deref());
        let mut keys =
            queries::page_series(tx, post.patient_id, &scope, wound, before, limit).await?;
        let next = page::cut(&mut keys, limit, |key| TimeKey(key.1, key.0));
        let ids: Vec<Uuid> = keys.into_iter().map(|(id, _)| id).collect();
        let rows = list_in_order(tx, &ids).await?;
        tx.record(
            Entry::new("wounds.series")
                .of_patient(post.patient_id)
                .on("post", post.id)
                .listing(rows.len()),
        );
        let items = view::posts(tx, rows, &scope, ground, Some(tx.now)).await?;
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}
