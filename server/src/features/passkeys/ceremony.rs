//! The two steps of each ceremony: what the browser is asked, and what it answers.

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Webauthn,
    WebauthnBuilder, WebauthnError,
};

use super::queries::{self, NewChallenge, Row};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    features::accounts,
    spine::{audit::Entry, auth::Actor, ids},
};

/// How long a challenge can be answered.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);
/// The parties to a passkey: two factors, because the authenticator has verified its user. Bound to one device.
const IN_HARDWARE: &[&str] = &["hwk", "user"];
/// The same for passkeys that their owner's devices share.
const IN_SOFTWARE: &[&str] = &["swk", "user"];

/// What a challenge is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ceremony {
    SignIn,
    StepUp,
    Registration,
}

impl Ceremony {
    fn code(self) -> &'static str {
        match self {
            Self::SignIn => "passkey_sign_in",
            Self::StepUp => "passkey_step_up",
            Self::Registration => "passkey_registration",
        }
    }
}

/// A passkey, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Identifier.
    pub id: Uuid,
    /// Name given by the owner.
    pub name: String,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<Row> for PasskeyView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// The party that passkeys are bound to: the host at which people reach the web app. A machine of one's own is
/// `localhost`, whatever the port and however it is written, because browsers know no passkeys for bare addresses.
pub fn relying_party(public_url: &str) -> Result<Webauthn> {
    let mut origin = Url::parse(public_url).map_err(Error::internal)?;
    let here = matches!(origin.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if here {
        origin
            .set_host(Some("localhost"))
            .map_err(Error::internal)?;
    }
    let host = origin.domain().map(str::to_owned).ok_or_else(|| {
        Error::internal("TSUMUGI_PUBLIC_URL needs the name of a host: passkeys are bound to it")
    })?;
    let mut builder = WebauthnBuilder::new(&host, &origin)
        .map_err(Error::internal)?
        .rp_name("つむぎ")
        .allow_any_port(here);
    // A machine of one's own listens with and without TLS.
    for origin in ["http://localhost", "https://localhost"] {
        if here {
            let origin = Url::parse(origin).map_err(Error::internal)?;
            builder = builder.append_allowed_origin(&origin);
        }
    }
    builder.build().map_err(Error::internal)
}

/// The passkeys of an account that may be used.
pub async fn list_of(tx: &Tx<'_>, account_id: Uuid) -> Result<Vec<PasskeyView>> {
    let rows = queries::list(tx, account_id).await?;
    Ok(rows.into_iter().map(PasskeyView::from).collect())
}

/// Forgets the challenges of every ceremony that can no longer be finished.
pub async fn forget_old(tx: &Tx<'_>) -> Result<()> {
    queries::delete_challenges(tx, tx.now - TimeDelta::hours(1)).await
}

/// Remembers the state of a ceremony, sealed; answers with the name of the challenge.
async fn keep<S: Serialize>(
    tx: &Tx<'_>,
    ceremony: Ceremony,
    account_id: Option<Uuid>,
    state: &S,
) -> Result<Uuid> {
    let id = ids::new_id();
    let plain = serde_json::to_vec(state).map_err(Error::internal)?;
    let state = tx
        .app()
        .seal
        .seal(ceremony.code(), &[tx.tenant_id, id], &plain)?;
    let new = NewChallenge {
        tenant_id: tx.tenant_id,
        id,
        kind: ceremony.code(),
        account_id,
        state,
        created_at: tx.now,
        expires_at: tx.now + LIFETIME,
    };
    queries::insert_challenge(tx, &new).await?;
    Ok(id)
}

/// Uses a challenge up: whose it is and the state; nothing when there is none that is good.
async fn take<S: DeserializeOwned>(
    tx: &Tx<'_>,
    ceremony: Ceremony,
    id: Uuid,
) -> Result<Option<(Option<Uuid>, S)>> {
    let Some((account_id, sealed)) = queries::use_challenge(tx, ceremony.code(), id).await? else {
        return Ok(None);
    };
    let plain = tx
        .app()
        .seal
        .open(ceremony.code(), &[tx.tenant_id, id], &sealed);
    let state = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    Ok(state.map(|state| (account_id, state)))
}

/// An answer to a challenge that has been used up, not yet looked into.
pub struct Assertion {
    /// The challenge: whose it is, and the state. Nothing when it was not good.
    challenge: Option<(Option<Uuid>, DiscoverableAuthentication)>,
    /// What the browser sent. Nothing when it is not of that form.
    credential: Option<PublicKeyCredential>,
    /// A passkey whose counter did not go on: somebody may have a copy.
    copied: Cell<Option<(Uuid, Uuid)>>,
}

impl Assertion {
    /// Uses the challenge of a sign-in up, in a transaction of its own: whatever comes of it, it is good no more.
    pub(super) async fn of_sign_in(
        door: &Door,
        tenant_id: Uuid,
        challenge_id: Uuid,
        credential: &Value,
    ) -> Result<Self> {
        Self::of(door, tenant_id, Ceremony::SignIn, challenge_id, credential).await
    }

    /// The same for showing one's passkey again in a session.
    pub async fn of_step_up(
        door: &Door,
        tenant_id: Uuid,
        challenge_id: Uuid,
        credential: &Value,
    ) -> Result<Self> {
        Self::of(door, tenant_id, Ceremony::StepUp, challenge_id, credential).await
    }

    async fn of(
        door: &Door,
        tenant_id: Uuid,
        ceremony: Ceremony,
        challenge_id: Uuid,
        credential: &Value,
    ) -> Result<Self> {
        // On behalf of the server: what comes of it is recorded when it is known.
        let taken = door.within(tenant_id, Actor::Worker, async |tx| {
            take(tx, ceremony, challenge_id).await
        });
        Ok(Self {
            challenge: taken.await?,
            credential: serde_json::from_value(credential.clone()).ok(),
            copied: Cell::new(None),
        })
    }

    /// The account that the authenticator says that it is for; nothing when it says none.
    pub(super) fn account_id(&self, tx: &Tx<'_>) -> Option<Uuid> {
        let credential = self.credential.as_ref()?;
        let identified = tx
            .app()
            .webauthn
            .identify_discoverable_authentication(credential);
        identified.ok().map(|(account_id, _)| account_id)
    }

    /// Verifies the answer as that of `account_id`; answers with the factors that were shown.
    pub async fn verify(&self, tx: &Tx<'_>, account_id: Uuid) -> Result<&'static [&'static str]> {
        let refused = || Error::InvalidCredentials(Some(account_id));
        let (owner, state) = self.challenge.as_ref().ok_or_else(refused)?;
        let credential = self.credential.as_ref().ok_or_else(refused)?;
        let of_another = |id: &Uuid| *id != account_id;
        if owner.as_ref().is_some_and(of_another) {
            return Err(refused());
        }
        // Whoever is named by the authenticator must be the owner, also where we knew whom to expect.
        let named = credential.get_user_unique_id();
        if named.is_some_and(|named| named != account_id.as_bytes()) {
            return Err(refused());
        }
        let found = queries::find_for_update(tx, account_id, credential.get_credential_id());
        let row = found.await?.ok_or_else(refused)?;
        let mut passkey: Passkey =
            serde_json::from_value(row.credential).map_err(Error::internal)?;
        let verified = tx.app().webauthn.finish_discoverable_authentication_v2(
            credential,
            state.clone(),
            &passkey,
        );
        let shown = match verified {
            Ok(shown) if shown.user_verified() => shown,
            Err(WebauthnError::CredentialPossibleCompromise) => {
                self.copied.set(Some((account_id, row.id)));
                return Err(refused());
            }
            Ok(_) | Err(_) => return Err(refused()),
        };
        passkey.update_credential(&shown);
        let kept = serde_json::to_value(&passkey).map_err(Error::internal)?;
        queries::note_use(tx, row.id, &kept).await?;
        Ok(if shown.backup_eligible() {
            IN_SOFTWARE
        } else {
            IN_HARDWARE
        })
    }

    /// Tells log and owner of a passkey whose counter did not go on. After the refusal, which takes everything back.
    pub async fn tell_of_copy(&self, door: &Door, tenant_id: Uuid) -> Result<()> {
        let Some((account_id, passkey_id)) = self.copied.take() else {
            return Ok(());
        };
        door.within(tenant_id, Actor::Anonymous, async |tx| {
            tx.record(Entry::new("passkey.copied").on("passkey", passkey_id));
            accounts::notify(
                tx,
                account_id,
                "つむぎ パスキーについての警告",
                "登録済みのパスキーが複製された可能性があるため、サインインをお断りしました。\n\
                 お心当たりのない場合は、そのパスキーを削除し、管理者へ連絡してください。",
            )
            .await
        })
        .await
    }
}

/// A challenge for whoever signs in: any passkey of this installation may answer it. Nothing is remembered of it outside
/// a network.
pub(super) async fn sign_in_challenge(tx: &Tx<'_>) -> Result<(Uuid, Value)> {
    let (options, state) = discoverable(tx)?;
    let id = keep(tx, Ceremony::SignIn, None, &state).await?;
    Ok((id, as_json(&options)?))
}

/// A challenge that looks like any other and that nothing answers: for names of networks that do not exist.
pub(super) fn empty_challenge(app: &crate::app::App) -> Result<(Uuid, Value)> {
    let started = app.webauthn.start_discoverable_authentication();
    let (mut options, _) = started.map_err(Error::internal)?;
    options.mediation = None;
    Ok((ids::new_id(), as_json(&options)?))
}

/// A challenge for the owner of an account, who has signed in, to be answered by one of the own passkeys.
pub async fn own_challenge(tx: &Tx<'_>, account_id: Uuid) -> Result<(Uuid, Value)> {
    let own = queries::list(tx, account_id).await?;
    if own.is_empty() {
        return Err(Error::Conflict("no_passkey", "the account has no passkey"));
    }
    let (options, state) = discoverable(tx)?;
    let id = keep(tx, Ceremony::StepUp, Some(account_id), &state).await?;
    let mut options = as_json(&options)?;
    let allowed: Vec<Value> = own
        .iter()
        .map(|row| json!({ "type": "public-key", "id": ids::to_base64(&row.credential_id) }))
        .collect();
    set(&mut options, "/publicKey/allowCredentials", allowed.into());
    Ok((id, options))
}

fn discoverable(tx: &Tx<'_>) -> Result<(RequestChallengeResponse, DiscoverableAuthentication)> {
    let started = tx.app().webauthn.start_discoverable_authentication();
    let (mut options, state) = started.map_err(Error::internal)?;
    // Whether the browser offers passkeys unasked is the page's choice.
    options.mediation = None;
    Ok((options, state))
}

/// What a browser is asked so that it makes a passkey for the account, which has none like it yet.
pub async fn registration_options(tx: &Tx<'_>, account_id: Uuid) -> Result<(Uuid, Value)> {
    let (login, name) = queries::names(tx, account_id).await?;
    let known = queries::list(tx, account_id).await?;
    let known = known.into_iter().map(|row| row.credential_id).collect();
    let started =
        tx.app()
            .webauthn
            .start_passkey_registration(account_id, &login, &name, Some(known));
    let (options, state): (CreationChallengeResponse, PasskeyRegistration) =
        started.map_err(Error::internal)?;
    let id = keep(tx, Ceremony::Registration, Some(account_id), &state).await?;
    let mut options = as_json(&options)?;
    // Signing in asks for no name: the authenticator has to keep whose passkey it is.
    let selection = "/publicKey/authenticatorSelection";
    if let Some(Value::Object(selection)) = options.pointer_mut(selection) {
        selection.insert("residentKey".to_owned(), "required".into());
        selection.insert("requireResidentKey".to_owned(), true.into());
    }
    Ok((id, options))
}

/// Registers the passkey that a browser has made. Records nothing: what it belongs to does.
pub async fn register(
    tx: &Tx<'_>,
    account_id: Uuid,
    challenge_id: Uuid,
    credential: &Value,
    name: &str,
) -> Result<PasskeyView> {
    let refused = || {
        Error::invalid(
            "credential",
            "not_allowed",
            "not an answer to the challenge",
        )
    };
    let taken = take::<PasskeyRegistration>(tx, Ceremony::Registration, challenge_id);
    let (owner, state) = taken.await?.ok_or_else(|| {
        Error::invalid(
            "challenge_id",
            "not_allowed",
            "no such challenge, or too old",
        )
    })?;
    if owner != Some(account_id) {
        return Err(refused());
    }
    let answer: RegisterPublicKeyCredential =
        serde_json::from_value(credential.clone()).map_err(|_| refused())?;
    let finished = tx
        .app()
        .webauthn
        .finish_passkey_registration(&answer, &state);
    let passkey = finished.map_err(|_| refused())?;
    let row = Row {
        id: ids::new_id(),
        credential_id: passkey.cred_id().clone(),
        credential: serde_json::to_value(&passkey).map_err(Error::internal)?,
        name: name.to_owned(),
        created_at: tx.now,
        last_used_at: None,
    };
    queries::insert(tx, account_id, &row).await?;
    Ok(row.into())
}

fn as_json<T: Serialize>(options: &T) -> Result<Value> {
    serde_json::to_value(options).map_err(Error::internal)
}

fn set(options: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = options.pointer_mut(pointer) {
        *place = value;
    }
}
