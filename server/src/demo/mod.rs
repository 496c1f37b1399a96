//! The demonstration network: invented people whose six months read like real ones.
//!
//! Everything is made from a seed and the present time, without a database and without a clock: the
//! same two give the same bytes. [`generate`] tells the stories in `stories` (tables of text) for
//! invented patients, cast with the invented staff in `people`; a loader writes the result.
//!
//! Nobody writes or acknowledges outside their membership of the team, only medical professions
//! write to the medical channel, and times are Japanese daily life.

mod circle;
mod dice;
mod facts;
mod finish;
mod history;
mod measure;
mod model;
mod moment;
mod patients;
mod people;
mod plot;
mod stories;
mod text;
mod timeline;
mod words;

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

use dice::Dice;
use finish::id;
pub use history::{
    DemoEmergency, DemoEntry, DemoGround, DemoHistory, DemoOnCall, DemoQuestion, DemoRelative,
    DemoSeeded, DemoWatch, history,
};
pub use model::{
    Cast, DemoAccount, DemoAckRequest, DemoAmendment, DemoClient, DemoConsent, DemoFacility,
    DemoFact, DemoMembership, DemoNetwork, DemoPatient, DemoPost, DemoRetraction, DemoStaff,
    DemoTenant, DemoVitals, PASSWORD,
};
use patients::Setting;
use people::{REGIONS, Region};

/// Invents the whole demonstration. Nothing in it is later than `now`, except the times by which
/// an acknowledgement is wanted.
pub fn generate(seed: u64, now: DateTime<Utc>) -> DemoNetwork {
    let dice = Dice::new(seed);
    let tenants: Vec<DemoTenant> = REGIONS
        .iter()
        .zip(1..)
        .map(|(region, number)| tenant(region, now, &dice.fork(number)))
        .collect();
    let cast = cast(&tenants);
    DemoNetwork { tenants, cast }
}

fn tenant(region: &'static Region, now: DateTime<Utc>, dice: &Dice) -> DemoTenant {
    // The network is older than its patients' registrations.
    let founded = now - TimeDelta::days(1_500);
    let mut ids = dice.fork(1);
    let facilities: Vec<DemoFacility> = region
        .places
        .iter()
        .map(|place| DemoFacility {
            id: id(founded, &mut ids),
            name: place.name,
            kind: place.kind,
            institution_code: place.code.map(str::to_owned),
        })
        .collect();
    let facility = |key: &str| {
        let position = region.places.iter().position(|place| place.key == key);
        position
            .and_then(|position| facilities.get(position))
            .map(|facility| facility.id)
            .unwrap_or_default()
    };
    let staff: Vec<DemoStaff> = region
        .people
        .iter()
        .map(|person| DemoStaff {
            id: id(founded, &mut ids),
            facility_id: facility(person.place),
            name: person.name,
            kana: person.kana,
            profession: person.profession,
            account: Some(DemoAccount {
                id: id(founded, &mut ids),
                login_name: person.login,
                password: PASSWORD,
                role: match person.profession {
                    "administrator" => "network_administrator",
                    "auditor" => "auditor",
                    _ => "staff",
                },
            }),
        })
        .collect();
    let clients = vec![DemoClient {
        id: id(founded, &mut ids),
        facility_id: facility("hospital"),
        name: region.client,
    }];
    let setting = Setting {
        region,
        facilities: &facilities,
        staff: &staff,
        now,
        habits: dice.fork(2),
    };
    let patients = patients::all(&setting, &dice.fork(3));
    let id = id(founded, &mut ids);
    DemoTenant {
        id,
        slug: region.slug,
        name: region.name,
        facilities,
        staff,
        clients,
        patients,
    }
}

fn cast(tenants: &[DemoTenant]) -> Cast {
    let first = tenants.first();
    let staff = |login: &str| {
        first
            .and_then(|tenant| {
                tenant.staff.iter().find(|staff| {
                    staff
                        .account
                        .as_ref()
                        .is_some_and(|account| account.login_name == login)
                })
            })
            .map(|staff| staff.id)
            .unwrap_or_default()
    };
    let client = first.and_then(|tenant| tenant.clients.first());
    Cast {
        care_manager: staff("care-manager"),
        visiting_nurse: staff("visiting-nurse"),
        physician: staff("physician"),
        pharmacist: staff("pharmacist"),
        home_helper: staff("home-helper"),
        hospital_nurse: staff("hospital-nurse"),
        therapist: staff("therapist"),
        outsider: staff("outsider"),
        administrator: staff("administrator"),
        auditor: staff("auditor"),
        patient: first
            .and_then(|tenant| tenant.patients.first())
            .map(|patient| patient.id)
            .unwrap_or_default(),
        hospital: client.map(|client| client.facility_id).unwrap_or_default(),
        client: client.map(|client| client.id).unwrap_or_default(),
    }
}
