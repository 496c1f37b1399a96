//! Each call, made with sensible values.

use serde_json::json;
use tsumugi_client::models::{
    ChangePost, CreateAccessOverride, CreateDevice, CreateEmergencyAccess, CreateLicence,
    CreatePasskey, CreatePasskeyChallenge, CreateProfession, CreateRegistrationCard,
    CreateRelative, CreateSessionWithPasskey, CreateSubstitution, CreateTemporaryCode,
    EmergencyFinding, EmergencyState, EndRelative, EnrolDevice, EvidenceType, ExplainAccess,
    ExportProvisions, InformationKind, LeaveStaffMember, LinkRegistrationCard, ListAccounts,
    ListEmergencyAccesses, ListProvisions, MoveStaffMember, NetworkSettings, Profession,
    ReadRegistrationCard, RelationKind, ResetAccount, ReviewEmergencyAccess, Right,
    SearchEmergencyPatient, SetPin, StepUp, SuspendAccount, SwitchSession,
};
use tsumugi_client::{Client, Result, new_id};

use super::ID;

/// Makes the call, whose answer must be read.
pub(super) async fn make(client: &Client, operation: &str) {
    if let Err(error) = attempt(client, operation).await {
        panic!("{operation}: {error}");
    }
}

/// Makes the call.
pub(super) async fn attempt(client: &Client, operation: &str) -> Result<()> {
    let found = session(client, operation).await;
    let found = match found {
        None => people(client, operation).await,
        found => found,
    };
    let found = match found {
        None => patients(client, operation).await,
        found => found,
    };
    let found = match found {
        None => decisions(client, operation).await,
        found => found,
    };
    let found = match found {
        None => super::log::attempt(client, operation).await,
        found => found,
    };
    found.unwrap_or_else(|| panic!("{operation} is not made"))
}

fn day() -> chrono::NaiveDate {
    "2026-11-21".parse().unwrap()
}

async fn session(client: &Client, operation: &str) -> Option<Result<()>> {
    let (sessions, passkeys) = (client.sessions(), client.passkeys());
    let credential = json!({"id": "a"});
    Some(match operation {
        "create_passkey_challenge" => {
            let network = "kita".to_owned();
            let asked = CreatePasskeyChallenge { network };
            passkeys.create_challenge(&asked).await.map(drop)
        }
        "create_session_with_passkey" => {
            let new = CreateSessionWithPasskey::new("kita", ID, credential);
            passkeys.create_session(&new).await.map(drop)
        }
        "start_passkey" => passkeys.start().await.map(drop),
        "create_passkey" => {
            let name = "私の電話".to_owned();
            let challenge_id = ID;
            let new = CreatePasskey {
                challenge_id,
                credential,
                name,
            };
            passkeys.create(&new).await.map(drop)
        }
        "delete_passkey" => passkeys.delete(ID).await,
        "create_step_up_challenge" => sessions.create_step_up_challenge().await.map(drop),
        "step_up_session" => {
            let proof = StepUp::with_passkey(ID, credential);
            sessions.step_up(&proof).await.map(drop)
        }
        "change_post" => sessions.change_post(&ChangePost::to(ID)).await.map(drop),
        "list_own_sessions" => sessions.list_own().await.map(drop),
        "end_own_session" => sessions.end_own(ID).await,
        "end_other_sessions" => sessions.end_others().await.map(drop),
        "lock_session" => sessions.lock().await,
        "set_pin" => {
            let pin = "482915".into();
            sessions.set_pin(&SetPin { pin }).await
        }
        "switch_session" => {
            let switch = SwitchSession::new(ID, "482915");
            sessions.switch(&switch).await.map(drop)
        }
        _ => return None,
    })
}

async fn people(client: &Client, operation: &str) -> Option<Result<()>> {
    let (accounts, devices, staff) = (client.accounts(), client.devices(), client.staff_members());
    let reason = "紛失の届け出".to_owned();
    Some(match operation {
        "list_accounts" => accounts.list(&ListAccounts::default()).await.map(drop),
        "suspend_account" => {
            let suspension = SuspendAccount { reason };
            accounts.suspend(ID, &suspension).await.map(drop)
        }
        "resume_account" => accounts.resume(ID).await.map(drop),
        "list_account_sessions" => accounts.list_sessions(ID).await.map(drop),
        "end_account_sessions" => accounts.end_sessions(ID).await.map(drop),
        "create_temporary_code" => {
            let code = CreateTemporaryCode::new(reason, 480);
            accounts.create_temporary_code(ID, &code).await.map(drop)
        }
        "end_temporary_codes" => accounts.end_temporary_codes().await.map(drop),
        "reset_account" => {
            let reset = ResetAccount { reason };
            accounts.reset(ID, &reset).await.map(drop)
        }
        "list_devices" => devices.list().await.map(drop),
        "create_device" => {
            let new = CreateDevice::shared("訪問用タブレット1", ID);
            devices.create(&new).await.map(drop)
        }
        "revoke_device" => devices.revoke(ID).await.map(drop),
        "renew_device_code" => devices.renew_code(ID).await.map(drop),
        "enrol_device" => {
            let enrolment = EnrolDevice::new("kita", "K7QM3XWP");
            devices.enrol(&enrolment).await.map(drop)
        }
        "find_current_device" => devices.find_current().await.map(drop),
        "find_settings" => client.settings().find().await.map(drop),
        "update_settings" => client.settings().update(&settings()).await.map(drop),
        "move_staff_member" => {
            let to = MoveStaffMember::to(ID, day());
            staff.move_to(ID, &to).await.map(drop)
        }
        "leave_staff_member" => {
            let leave = LeaveStaffMember::on(day());
            staff.leave(ID, &leave).await.map(drop)
        }
        "import_staff_members" => staff.import("氏名\r\n", false).await.map(drop),
        "list_licences" => client.licences().list(ID).await.map(drop),
        "create_licence" => {
            let new = CreateLicence::original(Profession::Nurse, "123456", day());
            client.licences().create(ID, &new).await.map(drop)
        }
        "revoke_licence" => client.licences().revoke(ID).await.map(drop),
        "list_professions" => client.professions().list().await.map(drop),
        "create_profession" => {
            let new = CreateProfession {
                code: "visiting_bather".to_owned(),
                ja: "訪問入浴職員".to_owned(),
                en: "Visiting bather".to_owned(),
                based_on: Profession::HomeHelper,
            };
            client.professions().create(&new).await.map(drop)
        }
        "list_mails" => client.mailbox().list().await.map(drop),
        _ => return None,
    })
}

fn settings() -> NetworkSettings {
    NetworkSettings {
        password_composition: true,
        password_rotation_days: None,
        idle_minutes_personal: 20,
        idle_minutes_shared: 5,
        session_hours: 10,
        registered_devices_only: false,
        licence_required: true,
        show_names_to_patients: false,
    }
}

async fn patients(client: &Client, operation: &str) -> Option<Result<()>> {
    let (relatives, cards) = (client.relatives(), client.registration_cards());
    Some(match operation {
        "list_relatives" => relatives.list(ID).await.map(drop),
        "create_relative" => {
            let new = CreateRelative {
                id: new_id(),
                relation: RelationKind::Family,
                name: "出雲 花子".to_owned(),
                kana: "イズモ ハナコ".to_owned(),
                label: "長女".to_owned(),
                login_name: "izumo.hanako".to_owned(),
                email: "hanako@example.jp".to_owned(),
            };
            relatives.create(ID, &new).await.map(drop)
        }
        "end_relative" => {
            let end = EndRelative { ends_on: day() };
            relatives.end(ID, &end).await.map(drop)
        }
        "list_provisions" => {
            let span = ListProvisions {
                from: Some(day()),
                to: Some(day()),
                cursor: None,
                limit: Some(10),
            };
            client.provisions().list(ID, &span).await.map(drop)
        }
        "create_registration_card" => {
            let new = CreateRegistrationCard { id: new_id() };
            cards.create(ID, &new).await.map(drop)
        }
        "list_registration_cards" => cards.list(ID).await.map(drop),
        "revoke_registration_card" => cards.revoke(ID).await.map(drop),
        "read_registration_card" => {
            let code = "TSM-ABCD-EFGH-JKLM-NPQR".to_owned();
            cards.read(&ReadRegistrationCard { code }).await.map(drop)
        }
        "link_registration_card" => {
            let link = LinkRegistrationCard {
                code: "TSM-ABCD-EFGH-JKLM-NPQR".to_owned(),
                value: "0012345".to_owned(),
                system: None,
            };
            cards.link(&link).await.map(drop)
        }
        "export_provisions" => {
            let span = ExportProvisions::default();
            client.provisions().export(ID, &span).await.map(drop)
        }
        "create_consent_evidence" => {
            let (consents, pdf) = (client.consents(), "%PDF-1.4");
            let sent = consents.create_evidence(ID, EvidenceType::Pdf, pdf).await;
            sent.map(drop)
        }
        "find_consent_evidence" => client.consents().find_evidence(ID).await.map(drop),
        _ => return None,
    })
}

async fn decisions(client: &Client, operation: &str) -> Option<Result<()>> {
    let (emergency, overrides) = (client.emergency_access(), client.access_overrides());
    Some(match operation {
        "search_emergency_patient" => {
            let search = SearchEmergencyPatient {
                name_or_kana: "出雲 和子".to_owned(),
                birth_date: "1943-05-12".parse().unwrap(),
            };
            emergency.search(&search).await.map(drop)
        }
        "create_emergency_access" => {
            let new = CreateEmergencyAccess::new("意識不明で救急搬送されたため");
            emergency.create(ID, &new).await.map(drop)
        }
        "end_emergency_access" => emergency.end(ID).await.map(drop),
        "list_emergency_accesses" => {
            let state = Some(EmergencyState::Unreviewed);
            let query = ListEmergencyAccesses { state };
            emergency.list(&query).await.map(drop)
        }
        "review_emergency_access" => {
            let review = ReviewEmergencyAccess {
                finding: EmergencyFinding::Justified,
                note: "搬送記録と一致".to_owned(),
            };
            emergency.review(ID, &review).await.map(drop)
        }
        "list_substitutions" => client.substitutions().list().await.map(drop),
        "create_substitution" => {
            let from = "2026-11-21T00:00:00Z".parse().unwrap();
            let to = "2026-11-23T00:00:00Z".parse().unwrap();
            let new = CreateSubstitution::during_leave(ID, ID, from, to).for_patient(ID);
            client.substitutions().create(&new).await.map(drop)
        }
        "end_substitution" => client.substitutions().end(ID).await.map(drop),
        "list_access_overrides" => overrides.list().await.map(drop),
        "create_access_override" => {
            let (profession, kind) = (Profession::HomeHelper, InformationKind::Vitals);
            let new = CreateAccessOverride::new(profession, kind, Right::Write, "協議会の決定");
            overrides.create(&new).await.map(drop)
        }
        "remove_access_override" => overrides.remove(ID).await.map(drop),
        "explain_access_log_entry" => client.explanations().of_log_entry(ID).await.map(drop),
        "explain_access" => {
            let question = ExplainAccess::new(ID, "post.read").of(ID);
            client.explanations().ask(&question).await.map(drop)
        }
        _ => return None,
    })
}
