//! Carries a checked list out.

use super::{
    super::{
        home,
        model::role_of,
        policy::Import,
        posts::{NewLogin, NewPost, add_account, add_person, add_post},
    },
    check::{Checked, NewPerson, Plan},
};
use crate::{
    Result,
    ctx::Tx,
    features::{
        invitations::{self, Purpose},
        licences::{self, Method, NewLicence},
    },
    spine::{access::Permit, audit::Entry, ids},
};

/// Registers everybody who is to be made; answers the code of each row's invitation.
pub(super) async fn write(
    tx: &Tx<'_>,
    _: Permit<Import>,
    rows: &[Checked],
) -> Result<Vec<Option<String>>> {
    let mut codes = Vec::with_capacity(rows.len());
    let mut created = 0;
    for row in rows {
        codes.push(match &row.plan {
            Plan::Unchanged => None,
            Plan::Create(new) => {
                created += 1;
                register(tx, new).await?
            }
        });
    }
    tx.record(Entry::new("staff_members.import").listing(created));
    Ok(codes)
}

async fn register(tx: &Tx<'_>, new: &NewPerson) -> Result<Option<String>> {
    // A person's first post has the id of the person, as when one is registered alone.
    let id = ids::new_id();
    add_person(tx, id, &new.name, &new.kana).await?;
    let post = NewPost {
        id,
        person_id: id,
        facility_id: new.facility_id,
        name: &new.name,
        kana: &new.kana,
        profession: &new.profession,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        work_plan: None,
    };
    add_post(tx, &post).await?;
    if let Some(address) = &new.home_address {
        home::keep(tx, id, Some(address)).await?;
    }
    tx.record(Entry::new("staff_member.create").on("staff_member", id));
    if let Some((number, valid_until)) = &new.licence {
        let licence = NewLicence {
            id: ids::new_id(),
            person_id: id,
            profession: new.base,
            number,
            verified_on: tx.today(),
            method: Method::Copy,
            valid_until: *valid_until,
        };
        licences::add(tx, &licence).await?;
        tx.record(Entry::new("licence.create").on("licence", licence.id));
    }
    let Some((login_name, email)) = &new.login else {
        return Ok(None);
    };
    let account = NewLogin {
        id: ids::new_id(),
        login_name,
        email,
        role: role_of(&new.profession),
        staff_member_id: id,
        person_id: id,
    };
    add_account(tx, &account).await?;
    let invited = invitations::invite(tx, account.id, &new.name, email, Purpose::First).await?;
    Ok(Some(invited.code))
}
