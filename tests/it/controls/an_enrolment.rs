//! Factors are set up by their owner and by nobody else, at the beginning and after everything was lost.

use std::collections::BTreeSet;

use chrono::{TimeDelta, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use serde_json::{Value, json};
use tsumugi_client::models::{
    ChangePassword, CreateEnrolment, CreateSession, FacilityKind, ResetAccount,
};
use tsumugi_client::new_id;
use tsumugi_server::{
    openapi,
    setup::{self, FirstAdministrator},
};

use crate::support::{
    Invited, Person, World, db, refused,
    world::{PASSWORD, new_staff_member},
};

fn halves(token: &str, code: &str) -> CreateEnrolment {
    CreateEnrolment {
        token: token.into(),
        code: code.into(),
    }
}

async fn count(world: &World, sql: &str) -> i64 {
    world.db.one(sql).await
}

#[test]
fn an_11_only_owners_ever_say_a_password() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let holds_password = |schema: &Value| {
        let properties = schema["properties"].as_object();
        properties.is_some_and(|all| {
            all.iter()
                .any(|(name, value)| name.contains("password") && value["type"] != "boolean")
        })
    };
    let found: BTreeSet<&str> = schemas
        .iter()
        .filter(|(_, schema)| holds_password(schema))
        .map(|(name, _)| name.as_str())
        .collect();
    // The last four tell what there is or has to be, not what it is.
    let known = BTreeSet::from([
        "ChangePassword",
        "CreateSession",
        "FinishEnrolment",
        "StartEnrolmentTotp",
        "StepUpSession",
        "EnrolmentView",
        "FactorsView",
        "Settings",
        "UpdateSettings",
    ]);
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // None of them names an account: each is about the caller.
    for name in ["ChangePassword", "StepUpSession"] {
        assert!(
            schemas[name]["properties"]["account_id"].is_null(),
            "{name}"
        );
    }
}

#[actix_web::test]
async fn an_11_an_account_begins_without_factors_and_needs_both_halves() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let invited = world.invited("nurse", "nurse", clinic).await;
    let bare = "SELECT count(*) FROM accounts WHERE login_name = 'nurse' AND password_phc IS NULL AND totp_sealed IS NULL";
    assert_eq!(count(&world, bare).await, 1);
    // What the administrator was told is no password.
    for password in [invited.code.expose(), PASSWORD] {
        let new = CreateSession::new("nurse@kita", password).code("123456");
        let outcome = world.anyone.sessions().create(&new).await;
        refused(outcome, 401, "invalid_credentials");
    }
    let enrolments = world.anyone.enrolments();
    let (token, code) = (invited.token.expose(), invited.code.expose());
    let (tenant, _) = token.split_once('.').unwrap();
    for (token, code) in [
        (format!("{tenant}.{}", "A".repeat(43)), code),
        (
            token.replace(tenant, &uuid::Uuid::nil().simple().to_string()),
            code,
        ),
        ("nonsense".to_owned(), code),
        (token.to_owned(), "AAAA-AAAA"),
    ] {
        let outcome = enrolments.create(&halves(&token, code)).await;
        refused(outcome, 404, "invitation_not_found");
    }
    // Typed as people type: small letters, no hyphen.
    let typed = code.to_lowercase().replace('-', "");
    let begun = enrolments.create(&halves(token, &typed)).await.unwrap();
    assert_eq!(begun.login, "nurse@kita");
    let nurse = invited.enrol(&world.anyone, &world.app).await;
    assert_eq!(
        nurse.client.sessions().me().await.unwrap().amr,
        ["pwd", "otp"]
    );
    // An invitation is taken up once.
    let again = enrolments.create(&halves(token, code)).await;
    refused(again, 404, "invitation_not_found");
}

#[actix_web::test]
async fn an_11_five_wrong_codes_end_an_invitation() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let invited = world.invited("nurse", "nurse", clinic).await;
    let enrolments = world.anyone.enrolments();
    for _ in 0..5 {
        let wrong = halves(invited.token.expose(), "AAAA-AAAA");
        refused(enrolments.create(&wrong).await, 404, "invitation_not_found");
    }
    let right = halves(invited.token.expose(), invited.code.expose());
    refused(enrolments.create(&right).await, 404, "invitation_not_found");
    // The administrator invites again; the old link stays dead.
    let open = world.administrator.client.invitations();
    assert!(open.list().await.unwrap().items.is_empty());
    let account = "SELECT id FROM accounts WHERE login_name = 'nurse'";
    let account = world.db.one(account).await;
    let new = open.create(account).await.unwrap();
    assert_eq!(open.list().await.unwrap().items.len(), 1);
    refused(enrolments.create(&right).await, 404, "invitation_not_found");
    let email = "nurse@kita.example";
    let invited = Invited::by_mail(&world.db.admin, email, new.code).await;
    let nurse = invited.enrol(&world.anyone, &world.app).await;
    refused(open.create(nurse.account).await, 409, "account_enrolled");
}

#[actix_web::test]
async fn an_11_invitations_run_out_and_are_revoked() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let late = world.invited("late", "nurse", clinic).await;
    let revoked = world.invited("revoked", "nurse", clinic).await;
    let invitations = world.administrator.client.invitations();
    let open = invitations.list().await.unwrap().items;
    let of = |login: &str| open.iter().find(|one| one.login == login).unwrap().id;
    invitations.revoke(of("revoked@kita")).await.unwrap();
    let twice = invitations.revoke(of("revoked@kita")).await;
    refused(twice, 404, "not_found");
    let enrolments = world.anyone.enrolments();
    let halves_of = |invited: &Invited| halves(invited.token.expose(), invited.code.expose());
    let outcome = enrolments.create(&halves_of(&revoked)).await;
    refused(outcome, 404, "invitation_not_found");
    let begun = enrolments.create(&halves_of(&late)).await.unwrap();
    // An enrolment takes a quarter of an hour at most.
    world.app.clock.advance(TimeDelta::minutes(15));
    let choice = tsumugi_client::models::StartEnrolmentTotp {
        enrolment: begun.enrolment,
        password: PASSWORD.into(),
    };
    let outcome = enrolments.start_totp(&choice).await;
    refused(outcome.map(drop), 404, "invitation_not_found");
    world.app.clock.advance(TimeDelta::days(7));
    let outcome = enrolments.create(&halves_of(&late)).await;
    refused(outcome, 404, "invitation_not_found");
}

/// Whether what somebody had before is over.
async fn assert_over(world: &World, before: &Person, token: &tsumugi_client::Secret) {
    let old = world.anyone.with_token(token.clone());
    refused(old.sessions().me().await, 401, "session_ended");
    for code in [before.code(), before.recovery_codes[0].clone()] {
        let new = CreateSession::new(&before.login, PASSWORD).code(code);
        let outcome = world.anyone.sessions().create(&new).await;
        let error = outcome.unwrap_err();
        assert!(
            matches!(error.code(), Some("invalid_credentials" | "code_used")),
            "{error}"
        );
    }
}

#[actix_web::test]
async fn an_12_after_a_reset_nothing_old_is_good_and_the_owner_is_told() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let before = world.person("nurse", "nurse", clinic).await;
    let token = before.client.access_token().await.unwrap().unwrap();
    let reason = ResetAccount {
        reason: "端末を紛失。対面で本人確認済み".to_owned(),
    };
    let accounts = world.administrator.client.accounts();
    let invitation = accounts.reset(before.account, &reason).await.unwrap();
    assert_over(&world, &before, &token).await;
    let told = "SELECT count(*) FROM mails WHERE recipient = 'nurse@kita.example' AND body LIKE '%リセット%'";
    assert!(count(&world, told).await >= 1);
    let logged =
        "SELECT count(*) FROM audit_events WHERE action = 'account.reset' AND outcome = 'allowed'";
    assert_eq!(count(&world, logged).await, 1);
    // The new beginning asks for as much as the first.
    let email = "nurse@kita.example";
    let invited = Invited::by_mail(&world.db.admin, email, invitation.code).await;
    let begun = world.anyone.enrolments();
    let begun = begun
        .create(&halves(invited.token.expose(), invited.code.expose()))
        .await
        .unwrap();
    assert_eq!(begun.purpose.as_str(), "recovery");
    world
        .db
        .admin
        .batch_execute("DELETE FROM sign_in_guards")
        .await
        .unwrap();
    let after = invited.enrol(&world.anyone, &world.app).await;
    assert_eq!(after.account, before.account);
    assert_over(&world, &before, &token).await;
    world
        .db
        .admin
        .batch_execute("DELETE FROM sign_in_guards")
        .await
        .unwrap();
    after.session().await;
    let finished = "SELECT count(*) FROM mails WHERE recipient = 'nurse@kita.example' AND body LIKE '%登録し直しました%'";
    assert_eq!(count(&world, finished).await, 1);
}

#[actix_web::test]
async fn an_12_an_administrator_who_is_locked_out_begins_anew_from_the_command_line() {
    let world = World::new().await;
    let before = &world.administrator;
    let token = before.client.access_token().await.unwrap().unwrap();
    let mut owner = AsyncPgConnection::establish(&world.db.owner_url)
        .await
        .unwrap();
    let now = world.app.clock.now();
    for nobody in ["nobody@kita", "administrator@nowhere", "administrator"] {
        let seal = &world.app.seal;
        let outcome = setup::invite_administrator(&mut owner, seal, nobody, now).await;
        assert!(outcome.is_err(), "{nobody}");
    }
    let login = "administrator@kita";
    let founded = setup::invite_administrator(&mut owner, &world.app.seal, login, now)
        .await
        .unwrap();
    // Until it is taken up, nothing changes.
    before.client.sessions().me().await.unwrap();
    let link = founded
        .invitation
        .link("http://localhost", founded.tenant_id);
    let invited = Invited::new(&link, founded.invitation.code);
    let after = invited.enrol(&world.anyone, &world.app).await;
    assert_over(&world, before, &token).await;
    after.client.sessions().me().await.unwrap();
    let logged = "SELECT count(*) FROM audit_events WHERE action IN ('invitation.create', 'enrolment.finish') AND request_id <> ''";
    assert!(count(&world, logged).await >= 2);
}

#[actix_web::test]
async fn an_12_another_password_ends_the_other_sessions() {
    let world = World::new().await;
    let who = &world.administrator;
    let other = who.again().await;
    other.sessions().me().await.unwrap();
    let change = ChangePassword {
        current_password: Some("not the password".into()),
        new_password: "nagai-michi wo 8 nin de".into(),
    };
    let wrong = who.client.factors().change_password(&change).await;
    refused(wrong, 422, "invalid_input");
    let change = ChangePassword {
        current_password: Some(PASSWORD.into()),
        ..change
    };
    who.client.factors().change_password(&change).await.unwrap();
    let token = other.access_token().await.unwrap().unwrap();
    let outcome = world.anyone.with_token(token).sessions().me().await;
    refused(outcome, 401, "session_ended");
    who.client.sessions().me().await.unwrap();
    let told = "SELECT count(*) FROM mails WHERE recipient = 'administrator@kita.example' AND body LIKE '%パスワードが変更%'";
    assert_eq!(count(&world, told).await, 1);
    // Factors are changed by whoever has shown them lately.
    world.app.clock.advance(TimeDelta::minutes(6));
    let change = ChangePassword {
        current_password: None,
        new_password: "nagai-michi wo 9 nin de".into(),
    };
    let stale = who.client.factors().change_password(&change).await;
    refused(stale, 403, "step_up_required");
}

#[actix_web::test]
async fn an_13_nobody_is_there_before_somebody_is_named() {
    let fresh = db::fresh().await;
    let count = async |sql: &str| {
        let row = fresh.admin.query_one(sql, &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    assert_eq!(count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(count("SELECT count(*) FROM tenants").await, 0);
    let mut owner = AsyncPgConnection::establish(&fresh.owner_url)
        .await
        .unwrap();
    let first = FirstAdministrator {
        organisation: "医師会",
        name: "管理 花子",
        kana: "カンリ ハナコ",
        login_name: "kanri.hanako",
        email: None,
    };
    setup::create_network(&mut owner, "kita", "北部", &first, Utc::now())
        .await
        .unwrap();
    let named = "SELECT count(*) FROM accounts WHERE password_phc IS NULL AND totp_sealed IS NULL AND login_name = 'kanri.hanako'";
    assert_eq!(count(named).await, 1);
    assert_eq!(count("SELECT count(*) FROM accounts").await, 1);
    assert_eq!(count("SELECT count(*) FROM sessions").await, 0);
}

#[actix_web::test]
async fn an_13_an_account_is_one_persons_and_support_is_named_and_short() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let nurse = world.person("nurse", "nurse", clinic).await;
    let staff_members = world.administrator.client.staff_members();
    let mail = "somebody@kita.example";
    // The same name for two is refused, and so is a second account of one person.
    let mut twin = new_staff_member("nurse", mail, "nurse", clinic);
    refused(staff_members.create(&twin).await, 409, "login_name_taken");
    twin = new_staff_member("nurse2", mail, "nurse", clinic);
    twin.person_id = Some(nurse.id);
    refused(staff_members.create(&twin).await, 422, "invalid_input");
    // Another post of the same person uses the account that there is.
    let second = tsumugi_client::models::CreateStaffMember {
        id: new_id(),
        account: None,
        ..twin
    };
    let made = staff_members.create(&second).await.unwrap();
    assert!(made.invitation.is_none());
    let me = nurse.client.sessions().me().await.unwrap();
    assert_eq!(me.posts.len(), 2);
    let today = crate::support::team::today();
    let mut support = new_staff_member("hoshu.taro", mail, "support", clinic);
    for ends_on in [None, Some(today + TimeDelta::days(8))] {
        support.ends_on = ends_on;
        refused(staff_members.create(&support).await, 422, "invalid_input");
    }
    support.ends_on = Some(today + TimeDelta::days(7));
    staff_members.create(&support).await.unwrap();
    let answer = json!({ "login": "hoshu.taro@kita", "password": PASSWORD });
    let told = world.anyone.send_raw(
        "POST",
        "/v1/sessions",
        &[("content-type", "application/json")],
        answer.to_string(),
    );
    assert_eq!(told.await.unwrap().status, 401);
}
