//! People, as they enrol, sign in and act.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use actix_web::web::Data;
use chrono::{DateTime, TimeDelta};
use tokio_postgres::Client as Database;
use tsumugi_client::{
    Client, Error, RawAnswer, Secret,
    models::{
        Channel, CreateEnrolment, CreatePost, CreateSession, FinishEnrolment, ListTimeline, Post,
        Session, SessionTransport, StartEnrolmentTotp,
    },
    totp,
};
use tsumugi_server::app::App;
use uuid::Uuid;

use super::world::PASSWORD;

/// Somebody who has enrolled and signed in.
pub struct Person {
    /// Acts as this person.
    pub client: Client,
    /// The post that the person acts for.
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// `name@network`.
    pub login: String,
    /// What the person's authenticator app holds.
    pub authenticator: Authenticator,
    /// Recovery codes that were shown at enrolment.
    pub recovery_codes: Vec<Secret>,
}

/// An authenticator app.
#[derive(Clone)]
pub struct Authenticator {
    app: Data<App>,
    /// The seed, in base32.
    pub secret: Secret,
    last_step: Arc<AtomicI64>,
}

impl Authenticator {
    /// An app with this seed, by the clock of this server.
    pub fn new(app: &Data<App>, secret: Secret) -> Self {
        Self {
            app: app.clone(),
            secret,
            last_step: Arc::default(),
        }
    }

    /// A code that has not been used yet. Whoever needs more than three at one moment moves the clock on.
    pub fn code(&self) -> Secret {
        let present = self.app.clock.now().timestamp() / totp::STEP;
        let step = (self.last_step.load(Ordering::Relaxed) + 1).max(present);
        if step > present + 1 {
            self.app
                .clock
                .advance(TimeDelta::seconds((step - present - 1) * totp::STEP));
        }
        self.last_step.store(step, Ordering::Relaxed);
        self.code_of(step)
    }

    /// The code of a step.
    pub fn code_of(&self, step: i64) -> Secret {
        let at = DateTime::from_timestamp(step * totp::STEP, 0).unwrap();
        totp::code(&self.secret, at).unwrap()
    }

    /// The step of the code that was used last.
    pub fn last_step(&self) -> i64 {
        self.last_step.load(Ordering::Relaxed)
    }
}

/// Both halves of an invitation.
pub struct Invited {
    /// What follows the # in the link.
    pub token: Secret,
    /// The code that was handed over.
    pub code: Secret,
}

impl Invited {
    /// The halves from a link and a code.
    pub fn new(link: &str, code: impl Into<Secret>) -> Self {
        let (_, token) = link.trim().split_once("/enrol#").expect("a link to enrol");
        Self {
            token: token.into(),
            code: code.into(),
        }
    }

    /// The link of the last mail to this address, and the code that was answered.
    pub async fn by_mail(db: &Database, email: &str, code: Secret) -> Self {
        let sql = "SELECT body FROM mails WHERE recipient = $1 AND body LIKE '%/enrol#%' ORDER BY id DESC LIMIT 1";
        let body: String = db.query_one(sql, &[&email]).await.unwrap().get(0);
        let link = body.lines().find(|line| line.contains("/enrol#")).unwrap();
        Self::new(link, code)
    }

    /// Takes the invitation up: password, authenticator app, first session.
    pub async fn enrol(&self, anyone: &Client, app: &Data<App>) -> Person {
        let enrolments = anyone.enrolments();
        let halves = CreateEnrolment {
            token: self.token.clone(),
            code: self.code.clone(),
        };
        let begun = enrolments.create(&halves).await.unwrap();
        let choice = StartEnrolmentTotp {
            enrolment: begun.enrolment.clone(),
            password: PASSWORD.into(),
        };
        let seed = enrolments.start_totp(&choice).await.unwrap().secret;
        let authenticator = Authenticator::new(app, seed);
        let end = FinishEnrolment {
            enrolment: begun.enrolment,
            password: PASSWORD.into(),
            code: authenticator.code(),
            transport: SessionTransport::Body,
        };
        let enrolled = enrolments.finish(&end).await.unwrap();
        let me = &enrolled.session.me;
        Person {
            client: anyone.with_session(&enrolled.session),
            id: me.staff_member.as_ref().unwrap().id,
            account: me.account_id,
            login: me.login.clone(),
            authenticator,
            recovery_codes: enrolled.recovery_codes,
        }
    }
}

impl Person {
    /// A code of the person's authenticator app that has not been used.
    pub fn code(&self) -> Secret {
        self.authenticator.code()
    }

    /// What the person signs in with, the code included.
    pub fn credentials(&self) -> CreateSession {
        CreateSession::new(self.login.clone(), PASSWORD).code(self.code())
    }

    /// Another session of the same person.
    pub async fn session(&self) -> Session {
        let anyone = self.client.anonymous();
        anyone.sessions().create(&self.credentials()).await.unwrap()
    }

    /// The same person, signed in once more.
    pub async fn again(&self) -> Client {
        self.client.with_session(&self.session().await)
    }

    /// The same person in another session, as the rows say by now.
    pub async fn anew(&self) -> Self {
        let session = self.session().await;
        Self {
            client: self.client.with_session(&session),
            id: session.me.staff_member.as_ref().unwrap().id,
            account: self.account,
            login: self.login.clone(),
            authenticator: self.authenticator.clone(),
            recovery_codes: self.recovery_codes.clone(),
        }
    }

    /// Writes a note for the whole team.
    pub async fn notes(&self, patient: Uuid, body: &str) -> Post {
        self.client
            .timeline()
            .create_post(patient, &CreatePost::note(Channel::Team, body))
            .await
            .unwrap()
    }

    /// The newest page of a timeline.
    pub async fn timeline(&self, patient: Uuid) -> Vec<Post> {
        self.client
            .timeline()
            .list(patient, &ListTimeline::default())
            .await
            .unwrap()
            .items
    }

    /// Sends exactly this and gives whatever comes back.
    pub async fn raw(&self, method: &str, path: &str, body: &str) -> RawAnswer {
        let headers = [("content-type", "application/json")];
        self.client
            .send_raw(method, path, &headers, body.to_owned())
            .await
            .unwrap()
    }
}

/// Insists that a call was refused, with this status and code.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, status: u16, code: &str) {
    let error = outcome.expect_err("it should have been refused");
    assert_eq!(
        (error.status(), error.code()),
        (Some(status), Some(code)),
        "{error}"
    );
}
