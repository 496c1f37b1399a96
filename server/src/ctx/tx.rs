//! What a transaction offers to queries and policies.

use chrono::NaiveDate;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use super::Tx;
use crate::{
    Error, Result,
    app::App,
    spine::{
        access::{self, Asker, Decision, Ground, Question, Resource},
        audit::Entry,
        auth::Actor,
        clock::japanese_day,
        http::RequestInfo,
    },
};

impl<'a> Tx<'a> {
    /// The connection, for queries only.
    pub(crate) fn conn(&self) -> &'a AsyncPgConnection {
        self.connection
    }

    /// The process.
    pub fn app(&self) -> &'a App {
        self.app
    }

    /// Today in Japan.
    pub fn today(&self) -> NaiveDate {
        japanese_day(self.now)
    }

    /// Adds an entry to the access log; written when the transaction ends well.
    pub fn record(&self, entry: Entry) {
        self.notes.borrow_mut().entries.push(entry);
    }

    /// Says of which patient a refusal tells something, so that the access log names that patient as well.
    pub(crate) fn tells_of(&self, patient_id: Uuid) {
        self.notes.borrow_mut().told_of.push(patient_id);
    }

    /// Says who acts, where that was not known when the transaction began: signing in, and what goes before it. The
    /// access log names this actor.
    pub(crate) fn acts_as(&self, actor: Actor) {
        self.notes.borrow_mut().actor = Some(actor);
    }

    /// What the rules were asked first: what the act as a whole was decided by.
    pub(crate) fn asked(&self) -> Option<Question> {
        self.notes.borrow().question.clone()
    }

    /// Notes that something was put into the outbox.
    pub(crate) fn note_work(&self) {
        self.notes.borrow_mut().work = true;
    }

    /// Asks the rules and notes those that decided.
    pub(crate) fn decide(
        &self,
        action: &str,
        resource: Resource,
        ground: Option<Ground>,
    ) -> Decision {
        let Some(question) = self.question(action, resource, ground) else {
            return Decision {
                allowed: false,
                rules: Vec::new(),
            };
        };
        let decision = self.app.access.decide(&question);
        let mut notes = self.notes.borrow_mut();
        notes.rules.extend(decision.rules.iter().cloned());
        // A refusal is what the refused act was decided by; else it is the first question.
        if !decision.allowed || notes.question.is_none() {
            notes.question = Some(question);
        }
        decision
    }

    /// Asks the rules and notes question and rules if they allow; for what is left out of an answer, not refused.
    pub(crate) fn allows(&self, action: &str, resource: Resource, ground: Option<Ground>) -> bool {
        let Some(question) = self.question(action, resource, ground) else {
            return false;
        };
        let decision = self.app.access.decide(&question);
        if decision.allowed {
            let mut notes = self.notes.borrow_mut();
            notes.rules.extend(decision.rules);
            notes.question.get_or_insert(question);
        }
        decision.allowed
    }

    /// A question of whoever acts, for the purpose of this request; nothing for those who are never allowed anything.
    pub(crate) fn question(
        &self,
        action: &str,
        resource: Resource,
        ground: Option<Ground>,
    ) -> Option<Question> {
        Some(Question {
            asker: Asker::of(self.actor)?,
            tenant: self.tenant_id,
            action: action.to_owned(),
            resource,
            ground,
            purpose: self.purpose,
        })
    }

    /// Notes rules that decided.
    pub(crate) fn note_rules(&self, rules: Vec<String>) {
        self.notes.borrow_mut().rules.extend(rules);
    }

    /// Asks the rules without noting them: for telling a page what to offer.
    pub(crate) fn would_allow(
        &self,
        action: &str,
        resource: Resource,
        ground: Option<Ground>,
    ) -> bool {
        self.question(action, resource, ground)
            .is_some_and(|question| self.app.access.decide(&question).allowed)
    }

    pub(crate) fn policy_digest(&self) -> &str {
        self.app.access.digest()
    }

    /// The request.
    pub(crate) fn request(&self) -> &'a RequestInfo {
        self.request
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.request.id
    }

    pub(crate) fn source_ip(&self) -> Option<&str> {
        self.request.ip.as_deref()
    }

    /// The version that the caller has seen (`If-Match`).
    pub fn expected_version(&self) -> Result<i32> {
        self.request
            .if_match
            .ok_or(Error::IfMatchRequired)?
            .ok_or(Error::Stale)
    }

    /// Opens a patient for an action; see [`access::open`].
    pub async fn open<V: access::Verb>(
        &self,
        patient_id: Uuid,
    ) -> Result<(access::PatientAccess, access::Permit<V>)> {
        access::open(self, patient_id).await
    }
}
