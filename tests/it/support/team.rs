//! A patient with a care team: what most tests begin with.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use tsumugi_client::{
    Client,
    models::{
        CreateCareTeamMember, CreateConsent, CreateEnrolment, CreatePatient, CreateRelative,
        CreateSystemClient, FacilityKind, FinishEnrolment, NewPatientIdentifier, Patient,
        RelationKind, SessionTransport, Sex, StartEnrolmentTotp,
    },
    new_id,
};
use tsumugi_server::config::Config;
use uuid::Uuid;

use super::{
    Authenticator, Invited, Person, World,
    world::{PASSWORD, new_staff_member},
};

/// Name space and value of the number by which the hospital knows the patient.
pub const HOSPITAL_NUMBER: (&str, &str) = ("urn:oid:1.2.392.100495.20.3.51.13212345670", "0012345");

/// A world with a patient, her care team, and people who are not on it.
pub struct Team {
    /// The server.
    pub world: World,
    /// 医師
    pub physician: Person,
    /// 訪問看護師
    pub nurse: Person,
    /// 介護支援専門員, who registered the patient
    pub care_manager: Person,
    /// 訪問介護員
    pub helper: Person,
    /// 病院の退院調整看護師
    pub hospital_nurse: Person,
    /// A nurse of the same network who is not on the team.
    pub outsider: Person,
    /// A nurse of another network.
    pub stranger: Person,
    /// 監査者
    pub auditor: Person,
    /// The hospital's system.
    pub hospital: Client,
    /// The patient.
    pub patient: Uuid,
}

/// Today in Japan.
pub fn today() -> NaiveDate {
    japanese_day(Utc::now())
}

fn japanese_day(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(9)).date_naive()
}

/// A patient to be registered.
pub fn new_patient(name: &str, kana: &str) -> CreatePatient {
    CreatePatient {
        id: new_id(),
        name: name.to_owned(),
        kana: kana.to_owned(),
        birth_date: "1943-05-12".parse().unwrap(),
        sex: Sex::Female,
        address: "北部市一丁目1".to_owned(),
        phone: None,
        identifiers: Vec::new(),
        consent: CreateConsent::on_paper(today()),
    }
}

impl Team {
    /// Sets everything up through the interface.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same with other settings.
    pub async fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        let world = World::with(adjust).await;
        let hospital_id = world.facility("北部総合病院", FacilityKind::Hospital).await;
        let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
        let station = world
            .facility(
                "北訪問看護ステーション",
                FacilityKind::VisitingNursingStation,
            )
            .await;
        let other_station = world
            .facility(
                "東訪問看護ステーション",
                FacilityKind::VisitingNursingStation,
            )
            .await;
        let office = world
            .facility("北ケアプラン", FacilityKind::CareManagementOffice)
            .await;
        let helpers = world
            .facility("北ヘルパーステーション", FacilityKind::HomeHelpOffice)
            .await;
        let physician = world.person("physician", "physician", clinic).await;
        let nurse = world.person("nurse", "nurse", station).await;
        let care_manager = world.person("care-manager", "care_manager", office).await;
        let helper = world.person("helper", "home_helper", helpers).await;
        let hospital_nurse = world.person("hospital-nurse", "nurse", hospital_id).await;
        let outsider = world.person("outsider", "nurse", other_station).await;
        let auditor = world.person("auditor", "auditor", office).await;
        let stranger = world.stranger("nurse", "nurse").await;
        let hospital = world.system("電子カルテ連携", hospital_id).await;
        let patient = register(&care_manager, new_patient("出雲 和子", "イズモ カズコ"))
            .await
            .id;
        for member in [&physician, &nurse, &helper, &hospital_nurse] {
            join(&care_manager, patient, member.id).await;
        }
        // The hospital registers the number by which it knows her.
        let number = NewPatientIdentifier {
            system: HOSPITAL_NUMBER.0.to_owned(),
            value: HOSPITAL_NUMBER.1.to_owned(),
            of_facility: true,
        };
        hospital_nurse
            .client
            .patients()
            .create_identifier(patient, &number)
            .await
            .unwrap();
        Self {
            world,
            physician,
            nurse,
            care_manager,
            helper,
            hospital_nurse,
            outsider,
            stranger,
            auditor,
            hospital,
            patient,
        }
    }

    /// The patient or somebody of the family with an account, signed in.
    pub async fn relative(&self, login: &str, relation: RelationKind) -> Client {
        let email = format!("{login}@kita.example");
        let new = CreateRelative {
            id: new_id(),
            relation,
            name: "出雲 花子".to_owned(),
            kana: "イズモ ハナコ".to_owned(),
            label: "長女".to_owned(),
            login_name: login.to_owned(),
            email: email.clone(),
        };
        let relatives = self.care_manager.client.relatives();
        let made = relatives.create(self.patient, &new).await.unwrap();
        let code = made.invitation.code;
        let invited = Invited::by_mail(&self.world.db.admin, &email, code).await;
        let enrolments = self.world.anyone.enrolments();
        let halves = CreateEnrolment {
            token: invited.token,
            code: invited.code,
        };
        let enrolment = enrolments.create(&halves).await.unwrap().enrolment;
        let choice = StartEnrolmentTotp {
            enrolment: enrolment.clone(),
            password: PASSWORD.into(),
        };
        let seed = enrolments.start_totp(&choice).await.unwrap().secret;
        let end = FinishEnrolment {
            enrolment,
            password: PASSWORD.into(),
            code: Authenticator::new(&self.world.app, seed).code(),
            transport: SessionTransport::Body,
        };
        let enrolled = enrolments.finish(&end).await.unwrap();
        self.world.anyone.with_session(&enrolled.session)
    }

    /// Somebody of whoever runs the installation, let in for three days.
    pub async fn support(&self) -> Person {
        let me = self.auditor.client.sessions().me().await.unwrap();
        let office = me.staff_member.unwrap().facility.id;
        let email = "support@kita.example";
        let mut new = new_staff_member("support", email, "support", office);
        new.ends_on = today().checked_add_days(Days::new(3));
        let administrator = &self.world.administrator.client;
        let made = administrator.staff_members().create(&new).await.unwrap();
        let code = made.invitation.unwrap().code;
        let invited = Invited::by_mail(&self.world.db.admin, email, code).await;
        invited.enrol(&self.world.anyone, &self.world.app).await
    }

    /// A program that acts for somebody of its facility.
    pub async fn program_for(&self, person: &Person) -> Client {
        let me = person.client.sessions().me().await.unwrap();
        let facility = me.staff_member.unwrap().facility.id;
        let new = CreateSystemClient::new(facility, "介護記録ソフト").for_people();
        let made = self.world.program(&new).await;
        let token = person.client.access_token().await.unwrap().unwrap();
        let anyone = &self.world.anyone;
        anyone
            .acting_for(token, made.client_id, made.client_secret)
            .unwrap()
    }
}

/// Registers a patient.
pub async fn register(by: &Person, new: CreatePatient) -> Patient {
    by.client.patients().create(&new).await.unwrap()
}

/// Adds somebody to a care team from today.
pub async fn join(by: &Person, patient: Uuid, staff_member: Uuid) {
    let new = CreateCareTeamMember::new(staff_member, today());
    by.client.care_team().create(patient, &new).await.unwrap();
}
