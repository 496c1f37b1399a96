//! The client: a connection pool, and who it speaks for.

use std::sync::Arc;
use std::time::Duration;

use crate::api;
use crate::auth::Auth;
use crate::builder::ClientBuilder;
use crate::error::Result;
use crate::manner::{Manner, Stated};
use crate::models::{CreateSession, Purpose, Session, StepUp};
use crate::retry::RetryPolicy;
use crate::secret::Secret;

/// Speaks to one server, as one person, one system client, or nobody.
///
/// Cheap to clone; clones share connections and credentials. The `with_…` methods give a client
/// that shares the connections and is somebody else.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) transport: Arc<Transport>,
    pub(crate) auth: Arc<Auth>,
    pub(crate) manner: Arc<Manner>,
    pub(crate) idempotency_key: Option<Arc<str>>,
    pub(crate) request_id: Option<Arc<str>>,
}

/// The way to the server.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
}

impl Client {
    /// Begins a client of the server at `base_url`, such as `https://tsumugi.example`.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }

    pub(crate) fn new(transport: Arc<Transport>, auth: Arc<Auth>, manner: Manner) -> Self {
        Self {
            transport,
            auth,
            manner: Arc::new(manner),
            idempotency_key: None,
            request_id: None,
        }
    }

    /// Somebody else on the same device, who usually asks for the purpose `usual`.
    fn with_auth(&self, auth: Auth, usual: Option<Purpose>) -> Self {
        let manner = self.manner.for_somebody_else(usual);
        Self::new(self.transport.clone(), Arc::new(auth), manner)
    }

    fn with_manner(&self, change: impl FnOnce(&mut Manner)) -> Self {
        let mut manner = Manner::clone(&self.manner);
        change(&mut manner);
        Self {
            manner: Arc::new(manner),
            ..self.clone()
        }
    }

    /// The server's address.
    pub fn base_url(&self) -> &str {
        &self.transport.base
    }

    /// Signs in with a password and a code, and returns a client that is that person.
    ///
    /// The code is one of an authenticator app ([`crate::totp`]), a recovery code or a temporary
    /// one; each is good once. The access token is renewed as needed. Refused with
    /// `invalid_credentials`, `code_used`, or `too_many_attempts`.
    pub async fn sign_in(
        &self,
        login: impl Into<String>,
        password: impl Into<Secret>,
        code: impl Into<Secret>,
    ) -> Result<Self> {
        let request = CreateSession::new(login, password).code(code);
        let session = self.anonymous().sessions().create(&request).await?;
        Ok(self.with_session(&session))
    }

    /// Shows one's factors again, as dangerous acts ask for (`step_up_required`), and returns a
    /// client of the new session.
    ///
    /// This client's own session is then over, and with it all clones of this client. Refused as
    /// [`Sessions::step_up`](crate::groups::Sessions::step_up) is.
    pub async fn step_up(&self, proof: &StepUp) -> Result<Self> {
        let session = self.sessions().step_up(proof).await?;
        Ok(self.with_session(&session))
    }

    /// A client that continues `session`, renewing its tokens as needed.
    ///
    /// Its requests state the purpose for which the account usually asks, unless a purpose was
    /// chosen before.
    #[must_use]
    pub fn with_session(&self, session: &Session) -> Self {
        let usual = session.me.usual_purpose();
        self.with_auth(Auth::session(session), Some(usual))
    }

    /// A client that sends this access token and cannot renew it.
    ///
    /// Its requests state [`Purpose::Treatment`]: whose token it is cannot be seen. For others
    /// than staff choose another by [`Client::with_purpose`].
    #[must_use]
    pub fn with_token(&self, token: impl Into<Secret>) -> Self {
        self.with_auth(Auth::token(token.into()), Some(Purpose::Treatment))
    }

    /// A client that is this system client; access tokens are fetched and renewed as needed.
    #[must_use]
    pub fn with_client_credentials(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        let auth = Auth::client_credentials(client_id.into(), client_secret.into());
        self.with_auth(auth, None)
    }

    /// The same with tokens that are bound to a key (DPoP, RFC 9449), which is made now and never
    /// leaves the program: what somebody captures on the way is of no use to them.
    ///
    /// The machine's clock must not be more than a minute wrong (`invalid_proof`).
    pub fn with_bound_client_credentials(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Result<Self> {
        let auth = Auth::bound(client_id.into(), client_secret.into(), None)?;
        Ok(self.with_auth(auth, None))
    }

    /// A client that acts for a person of the system client's facility, with the person's rights and
    /// no others (token exchange, RFC 8693), by tokens that are bound to a key.
    ///
    /// `person` is the access token of the person's session. Needs a system client that may act for
    /// people (`unauthorized_client`). Its requests state [`Purpose::Treatment`]; choose another by
    /// [`Client::with_purpose`]. What is about the session or asks for fresh factors stays closed.
    pub fn acting_for(
        &self,
        person: impl Into<Secret>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Result<Self> {
        let person = Some(person.into());
        let auth = Auth::bound(client_id.into(), client_secret.into(), person)?;
        Ok(self.with_auth(auth, Some(Purpose::Treatment)))
    }

    /// A client that is nobody, on the same device.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        self.with_auth(Auth::Anonymous, None)
    }

    /// The same client, whose requests state this purpose of use.
    ///
    /// [`Purpose::EmergencyTreatment`] for a patient to whom the caller has opened emergency
    /// access. The choice stays with clients made from this one, whoever they are.
    #[must_use]
    pub fn with_purpose(&self, purpose: Purpose) -> Self {
        self.with_manner(|manner| manner.purpose = Stated::Chosen(purpose))
    }

    /// The same client, whose requests state no purpose of use. The server refuses requests with
    /// a session then (`purpose_required`).
    #[must_use]
    pub fn without_purpose(&self) -> Self {
        self.with_manner(|manner| manner.purpose = Stated::Nothing)
    }

    /// The same client on a registered device, whose token every request carries.
    ///
    /// The token is the one that [`Devices::enrol`](crate::groups::Devices::enrol) answered with.
    /// Clients made from this one by signing in stay on the device.
    #[must_use]
    pub fn with_device(&self, token: impl Into<Secret>) -> Self {
        self.with_manner(|manner| manner.device = Some(token.into()))
    }

    /// The same client, whose requests do not count as activity of the person: for what a program
    /// asks by itself, such as reading again at intervals.
    #[must_use]
    pub fn unattended(&self) -> Self {
        self.with_manner(|manner| manner.unattended = true)
    }

    /// The same client, whose next write carries this Idempotency-Key instead of a new one.
    ///
    /// For writes that must survive the program's own end: with a key derived from the content,
    /// the repetition after a crash is recognised. 1 to 100 visible ASCII characters.
    #[must_use]
    pub fn with_idempotency_key(&self, key: impl Into<String>) -> Self {
        Self {
            idempotency_key: Some(Arc::from(key.into())),
            ..self.clone()
        }
    }

    /// The same client, whose requests carry this X-Request-Id, under which the server's log and
    /// access log keep them. 1 to 64 visible ASCII characters; others the server replaces.
    #[must_use]
    pub fn with_request_id(&self, id: impl Into<String>) -> Self {
        Self {
            request_id: Some(Arc::from(id.into())),
            ..self.clone()
        }
    }

    /// The access token the next request will carry, fetched or renewed first if needed.
    pub async fn access_token(&self) -> Result<Option<Secret>> {
        self.auth.current(&self.anonymous()).await
    }

    /// Signing in, renewing, signing out.
    pub fn sessions(&self) -> api::Sessions<'_> {
        api::Sessions(self)
    }

    /// Access tokens of system clients.
    pub fn tokens(&self) -> api::Tokens<'_> {
        api::Tokens(self)
    }

    /// Facilities of the network.
    pub fn facilities(&self) -> api::Facilities<'_> {
        api::Facilities(self)
    }

    /// People of the network.
    pub fn staff_members(&self) -> api::StaffMembers<'_> {
        api::StaffMembers(self)
    }

    /// System clients of the network.
    pub fn clients(&self) -> api::Clients<'_> {
        api::Clients(self)
    }

    /// The caller's patients.
    pub fn patients(&self) -> api::Patients<'_> {
        api::Patients(self)
    }

    /// Patients' consents.
    pub fn consents(&self) -> api::Consents<'_> {
        api::Consents(self)
    }

    /// What of patients was given to other facilities.
    pub fn provisions(&self) -> api::Provisions<'_> {
        api::Provisions(self)
    }

    /// Copies of patients' whole records.
    pub fn record_exports(&self) -> api::RecordExports<'_> {
        api::RecordExports(self)
    }

    /// What one has written, for copying into records kept elsewhere.
    pub fn own_entries(&self) -> api::OwnEntries<'_> {
        api::OwnEntries(self)
    }

    /// Patients' registration cards.
    pub fn registration_cards(&self) -> api::RegistrationCards<'_> {
        api::RegistrationCards(self)
    }

    /// Patients' care teams.
    pub fn care_team(&self) -> api::CareTeam<'_> {
        api::CareTeam(self)
    }

    /// Patients' timelines.
    pub fn timeline(&self) -> api::Timeline<'_> {
        api::Timeline(self)
    }

    /// Attached files.
    pub fn attachments(&self) -> api::Attachments<'_> {
        api::Attachments(self)
    }

    /// What is so with patients (いまの状態).
    pub fn facts(&self) -> api::Facts<'_> {
        api::Facts(self)
    }

    /// Templates of posts.
    pub fn post_templates(&self) -> api::PostTemplates<'_> {
        api::PostTemplates(self)
    }

    /// Patients' vital signs.
    pub fn vitals(&self) -> api::Vitals<'_> {
        api::Vitals(self)
    }

    /// Appointments of patients and people.
    pub fn appointments(&self) -> api::Appointments<'_> {
        api::Appointments(self)
    }

    /// The address at which a calendar program fetches one's appointments.
    pub fn calendar_feeds(&self) -> api::CalendarFeeds<'_> {
        api::CalendarFeeds(self)
    }

    /// Received documents.
    pub fn documents(&self) -> api::Documents<'_> {
        api::Documents(self)
    }

    /// Sending FHIR Bundles.
    pub fn bundles(&self) -> api::Bundles<'_> {
        api::Bundles(self)
    }

    /// Taking up an invitation.
    pub fn enrolments(&self) -> api::Enrolments<'_> {
        api::Enrolments(self)
    }

    /// One's own factors.
    pub fn factors(&self) -> api::OwnFactors<'_> {
        api::OwnFactors(self)
    }

    /// Invitations to enrol.
    pub fn invitations(&self) -> api::Invitations<'_> {
        api::Invitations(self)
    }

    /// What happens, as it happens.
    pub fn events(&self) -> api::Events<'_> {
        api::Events(self)
    }

    /// Who looked at what.
    pub fn access_log(&self) -> api::AccessLog<'_> {
        api::AccessLog(self)
    }

    /// Checkpoints of the access log.
    pub fn checkpoints(&self) -> api::Checkpoints<'_> {
        api::Checkpoints(self)
    }

    /// Who witnesses the access log.
    pub fn witnesses(&self) -> api::Witnesses<'_> {
        api::Witnesses(self)
    }

    /// Logs of others that the network witnesses.
    pub fn witnessed_logs(&self) -> api::WitnessedLogs<'_> {
        api::WitnessedLogs(self)
    }

    /// Passkeys: signing in with one, registering and removing one's own.
    pub fn passkeys(&self) -> api::Passkeys<'_> {
        api::Passkeys(self)
    }

    /// Accounts of the network: suspending, sessions, temporary codes, starting anew.
    pub fn accounts(&self) -> api::Accounts<'_> {
        api::Accounts(self)
    }

    /// Registered devices, such as shared tablets.
    pub fn devices(&self) -> api::Devices<'_> {
        api::Devices(self)
    }

    /// What the network has decided for itself.
    pub fn settings(&self) -> api::Settings<'_> {
        api::Settings(self)
    }

    /// Licences of staff members.
    pub fn licences(&self) -> api::Licences<'_> {
        api::Licences(self)
    }

    /// The register of professions and what each may do.
    pub fn professions(&self) -> api::Professions<'_> {
        api::Professions(self)
    }

    /// The demonstration's mailbox.
    pub fn mailbox(&self) -> api::Mailbox<'_> {
        api::Mailbox(self)
    }

    /// Accounts of patients and their families.
    pub fn relatives(&self) -> api::Relatives<'_> {
        api::Relatives(self)
    }

    /// Access to a patient in an emergency.
    pub fn emergency_access(&self) -> api::EmergencyAccesses<'_> {
        api::EmergencyAccesses(self)
    }

    /// Looking for words.
    pub fn search(&self) -> api::Search<'_> {
        api::Search(self)
    }

    /// Rooms.
    pub fn rooms(&self) -> api::Rooms<'_> {
        api::Rooms(self)
    }

    /// What is said in rooms.
    pub fn messages(&self) -> api::Messages<'_> {
        api::Messages(self)
    }

    /// What is passed round.
    pub fn announcements(&self) -> api::Announcements<'_> {
        api::Announcements(self)
    }

    /// Who stands in for whom.
    pub fn substitutions(&self) -> api::Substitutions<'_> {
        api::Substitutions(self)
    }

    /// Requests to acknowledge or to answer posts.
    pub fn acknowledgements(&self) -> api::Acknowledgements<'_> {
        api::Acknowledgements(self)
    }

    /// Whom facilities let be turned to when somebody does not answer.
    pub fn duty_contacts(&self) -> api::DutyContacts<'_> {
        api::DutyContacts(self)
    }

    /// How the caller is told of what waits.
    pub fn notices(&self) -> api::Notices<'_> {
        api::Notices(self)
    }

    /// What waits for the caller.
    pub fn work(&self) -> api::Work<'_> {
        api::Work(self)
    }

    /// What is to be looked at in the access log, and how it is reviewed.
    pub fn findings(&self) -> api::Findings<'_> {
        api::Findings(self)
    }

    /// Rights that the network takes away from professions.
    pub fn access_overrides(&self) -> api::AccessOverrides<'_> {
        api::AccessOverrides(self)
    }

    /// Who has looked at a patient's record.
    pub fn accesses(&self) -> api::Accesses<'_> {
        api::Accesses(self)
    }

    /// What is withheld from patients of that.
    pub fn withholdings(&self) -> api::Withholdings<'_> {
        api::Withholdings(self)
    }

    /// Times of the access log that are held.
    pub fn legal_holds(&self) -> api::LegalHolds<'_> {
        api::LegalHolds(self)
    }

    /// What a leak has touched.
    pub fn incident_reports(&self) -> api::IncidentReports<'_> {
        api::IncidentReports(self)
    }

    /// The monthly report of the access log.
    pub fn audit_reports(&self) -> api::AuditReports<'_> {
        api::AuditReports(self)
    }

    /// Why an access was allowed or refused.
    pub fn explanations(&self) -> api::Explanations<'_> {
        api::Explanations(self)
    }

    /// Whether the server runs, and the published interface.
    pub fn health(&self) -> api::HealthChecks<'_> {
        api::HealthChecks(self)
    }
}
