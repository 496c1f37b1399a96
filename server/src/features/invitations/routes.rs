use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Drawn, NewInvitation, Purpose, policy, queries};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        input::{Check, Input},
        mail::{self, Mail},
        page::Page,
        reply::{Answer, Reply},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_invitations)
        .service(create_invitation)
        .service(revoke_invitation);
}

/// Invites the owner of an account: earlier invitations die, the link is mailed, the code is answered.
pub async fn invite(
    tx: &Tx<'_>,
    account_id: Uuid,
    name: &str,
    email: &str,
    purpose: Purpose,
) -> Result<NewInvitation> {
    let drawn = Drawn::new(tx.now)?;
    queries::revoke_open(tx, account_id).await?;
    queries::insert(tx, account_id, purpose, &drawn).await?;
    let link = drawn.link(&tx.app().config.public_url, tx.tenant_id);
    let what = match purpose {
        Purpose::First => "利用登録のご案内です。",
        Purpose::Recovery => {
            "認証方法を登録し直すためのご案内です。登録が済むと、以前の認証方法は使えなくなります。"
        }
    };
    let body = format!(
        "{name} 様\n\nつむぎ（多職種連携ネットワーク）の{what}\n\n\
         次のリンクを開き、別にお渡しする登録コードを入力してください。\n{link}\n\n\
         リンクの有効期間は7日間です。お心当たりのない場合は、このメールを破棄してください。\n"
    );
    let mail = Mail {
        account_id: Some(account_id),
        recipient: email,
        subject: "つむぎ 利用登録のご案内",
        body: &body,
    };
    mail::enqueue(tx, &mail).await?;
    Ok(NewInvitation {
        id: drawn.id,
        code: drawn.code,
        expires_at: drawn.expires_at,
    })
}

/// An invitation that can be taken up.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationView {
    /// Identifier.
    id: Uuid,
    /// Whose it is.
    account_id: Uuid,
    /// Name of the person.
    name: String,
    /// `name@network`.
    login: String,
    /// `first` or `recovery`.
    purpose: Purpose,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
}

/// Somebody to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvitation {
    /// The account.
    account_id: Uuid,
}

impl Check for CreateInvitation {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// List the invitations that have not been taken up. Network administrators only.
#[utoipa::path(tag = "invitations", responses((status = 200, body = Page<InvitationView>), (status = "4XX", body = Problem)))]
#[get("/v1/invitations")]
async fn list_invitations(ctx: Ctx) -> Result<Json<Page<InvitationView>>> {
    let items = ctx
        .read(async |tx| {
            let (slug, open) = queries::list(tx, policy::may_list(tx)?).await?;
            tx.record(Entry::new("invitations.list").listing(open.len()));
            Ok(open.into_iter().map(|open| view(open, &slug)).collect())
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

fn view(open: queries::Open, slug: &str) -> InvitationView {
    let (id, account_id, name, login_name, purpose, created_at, expires_at) = open;
    InvitationView {
        id,
        account_id,
        name,
        login: format!("{login_name}@{slug}"),
        purpose: Purpose::parse(&purpose),
        created_at,
        expires_at,
    }
}

/// Invite the owner of an account again: the link is mailed, the code is answered once, an earlier invitation is good no
/// more. Refused with `account_enrolled` for whoever has factors: that is `reset_account`. Network administrators only.
#[utoipa::path(
    tag = "invitations",
    request_body = CreateInvitation,
    responses((status = 201, body = NewInvitation), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/invitations")]
async fn create_invitation(ctx: Ctx, input: Input<CreateInvitation>) -> Result<Answer> {
    let account_id = input.value.account_id;
    ctx.write(&input.digest, async |tx| {
        let _permit = policy::may_invite(tx)?;
        let owner = queries::find_owner(tx, account_id)
            .await?
            .ok_or_else(|| Error::invalid("account_id", "not_allowed", "no such account"))?;
        if owner.has_password || owner.has_passkey {
            return Err(Error::Conflict(
                "account_enrolled",
                "the owner has enrolled; factors that were lost are reset",
            ));
        }
        let email = match owner.email {
            Some(email) if owner.suspended_at.is_none() => email,
            _ => {
                return Err(Error::Conflict(
                    "account_unreachable",
                    "the account is suspended or has no mail address",
                ));
            }
        };
        let purpose = queries::last_purpose(tx, account_id).await?;
        let invitation = invite(tx, account_id, &owner.name, &email, purpose).await?;
        tx.record(Entry::new("invitation.create").on("account", account_id));
        Ok(Reply::created(invitation).once())
    })
    .await
}

/// Revoke an invitation: link and code are good no more. Network administrators only.
#[utoipa::path(
    tag = "invitations",
    responses((status = 204, description = "Revoked"), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/invitations/{invitation_id}/revoke")]
async fn revoke_invitation(ctx: Ctx, invitation_id: Path<Uuid>) -> Result<Answer> {
    let id = invitation_id.into_inner();
    ctx.write(&[], async |tx| {
        if !queries::revoke(tx, policy::may_invite(tx)?, id).await? {
            return Err(Error::NotFound);
        }
        tx.record(Entry::new("invitation.revoke").on("invitation", id));
        Ok(Reply::done(()))
    })
    .await
}
