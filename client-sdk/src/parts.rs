//! The parts of the interface, each by what it is about.

use crate::{api, client::Client};

impl Client {
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
