//! What a password has to be.

use chrono::TimeDelta;
use tsumugi_client::{
    Error,
    models::{
        ChangePassword, CreateEnrolment, CreateSession, FacilityKind, FinishEnrolment,
        SessionTransport, StartEnrolmentTotp,
    },
};
use tsumugi_server::spine::auth::password_rules::{self, Rules};

use crate::support::{Person, World, people::Authenticator, refused, world::PASSWORD};

/// Passwords that are tried first.
const COMMON: &str = include_str!("../../../server/src/spine/auth/common_passwords.txt");

/// The code of what is wrong with a field.
fn wrong_with(outcome: Result<(), Error>, field: &str) -> Option<String> {
    let error = match outcome {
        Ok(()) => return None,
        Err(error) => error,
    };
    assert_eq!(error.code(), Some("invalid_input"), "{error}");
    let found = error.fields().iter().find(|wrong| wrong.field == field);
    Some(found.unwrap_or_else(|| panic!("{error:?}")).code.clone())
}

async fn settings(world: &World, composition: bool, rotation_days: Option<u32>) {
    let settings = world.administrator.client.settings();
    let mut decided = settings.find().await.unwrap();
    decided.password_composition = composition;
    decided.password_rotation_days = rotation_days;
    settings.update(&decided).await.unwrap();
}

#[actix_web::test]
async fn an_07_passwords_are_judged_as_they_were_typed() {
    let world = World::new().await;
    settings(&world, false, None).await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let invited = world.invited("sato.misaki", "nurse", clinic).await;
    let halves = CreateEnrolment {
        token: invited.token.clone(),
        code: invited.code.clone(),
    };
    let enrolments = world.anyone.enrolments();
    let begun = enrolments.create(&halves).await.unwrap();
    assert_eq!(begun.password_rules.min, 15);
    assert!(!begun.password_rules.composition);
    let sentence = "つきよのかめがうみへかえるはなしをだれかにきかせたいとおもった夜";
    let of = |length: usize| sentence.chars().cycle().take(length).collect::<String>();
    let varied = |length: usize| {
        let plain: String = of(length / 2);
        let rest = "山川草木花鳥風月雨雪霜露霧虹星空海島里町村道橋門戸窓壁床柱屋根庭池石";
        let rest = rest.chars().cycle().take(length - length / 2);
        plain.chars().chain(rest).collect::<String>()
    };
    for (password, expected) in [
        (of(14), Some("too_short")),
        (of(15), None),
        (varied(64), None),
        (varied(128), None),
        (varied(129), Some("too_long")),
        ("🐰🌙🍵🚲🌾🐟🎐🍙🌸🦊🍁🚃🏯🌊🪁".to_owned(), None),
        ("ame no hi no neko".to_owned(), None),
        ("ame no hi neko".to_owned(), Some("too_short")),
        // One more space is one more character.
        ("ame no hi neko ".to_owned(), None),
        ("passwordpassword".to_owned(), Some("blocked")),
        ("sato.misaki-sato.misaki".to_owned(), Some("blocked")),
        ("試験sato.misaki試験2026".to_owned(), Some("blocked")),
        ("kita-kita-kita-kita-kita".to_owned(), Some("blocked")),
        (
            "北部地域ネットワーク北部地域ネットワーク".to_owned(),
            Some("blocked"),
        ),
        ("tsumugi2026tsumugi".to_owned(), Some("blocked")),
    ] {
        let choice = StartEnrolmentTotp {
            enrolment: begun.enrolment.clone(),
            password: password.clone().into(),
        };
        let outcome = enrolments.start_totp(&choice).await.map(drop);
        assert_eq!(
            wrong_with(outcome, "password").as_deref(),
            expected,
            "{password}"
        );
    }
}

#[test]
fn an_07_none_of_those_that_are_tried_first_is_taken() {
    let rules = Rules::default();
    assert!(COMMON.lines().count() >= 3000);
    // Shorter ones are not looked for within others.
    for line in COMMON.lines().filter(|line| line.chars().count() >= 3) {
        let long = line.repeat(15_usize.div_ceil(line.chars().count()));
        let dressed = format!("{}-1234567890!", line.to_uppercase());
        for password in [long, format!("{dressed}{dressed}")] {
            let mut errors = Vec::new();
            password_rules::check("password", &password, &rules, &mut errors);
            let codes: Vec<_> = errors.iter().map(|error| error.code).collect();
            assert_eq!(codes, ["blocked"], "{password}");
        }
    }
}

#[actix_web::test]
async fn an_07_nothing_is_trimmed_cut_or_put_together() {
    let world = World::new().await;
    settings(&world, false, None).await;
    let who = &world.administrator;
    let common: String = ('一'..='十')
        .step_by(97)
        .chain('あ'..='ん')
        .take(127)
        .collect();
    for (kept, other) in [
        ("umi no kaze to yama ", "umi no kaze to yama"),
        // が as one character and as two.
        (
            "ながい\u{304c}けのみちをあるくうさぎ",
            "ながい\u{304b}\u{3099}けのみちをあるくうさぎ",
        ),
        (&format!("{common}x"), &format!("{common}y")),
    ] {
        // Changing it takes factors that were shown lately.
        let client = again(&world, who).await;
        let change = ChangePassword {
            current_password: None,
            new_password: kept.into(),
        };
        client.factors().change_password(&change).await.unwrap();
        let wrong = CreateSession::new(&who.login, other).code(who.code());
        let wrong = world.anyone.sessions().create(&wrong).await;
        refused(wrong, 401, "invalid_credentials");
        let right = CreateSession::new(&who.login, kept).code(who.code());
        let session = world.anyone.sessions().create(&right).await.unwrap();
        let back = ChangePassword {
            current_password: Some(kept.into()),
            new_password: PASSWORD.into(),
        };
        let client = world.anyone.with_session(&session);
        client.factors().change_password(&back).await.unwrap();
    }
}

async fn again(world: &World, who: &Person) -> tsumugi_client::Client {
    world.anyone.with_session(&who.session().await)
}

#[actix_web::test]
async fn an_08_a_network_decides_whether_letters_digits_and_signs_are_needed() {
    let world = World::new().await;
    let plain = "nagai michi wo aruku hito";
    let change = |password: &str| ChangePassword {
        current_password: None,
        new_password: password.into(),
    };
    let factors = world.administrator.client.factors();
    // Medical institutions are asked for it, so that it is the rule unless a network decides otherwise.
    let refused = factors.change_password(&change(plain)).await;
    assert_eq!(
        wrong_with(refused, "new_password").as_deref(),
        Some("composition")
    );
    settings(&world, false, None).await;
    factors.change_password(&change(plain)).await.unwrap();
    settings(&world, true, None).await;
    let refused = factors
        .change_password(&change("nagai michi wo aruku inu"))
        .await;
    assert_eq!(
        wrong_with(refused, "new_password").as_deref(),
        Some("composition")
    );
    factors
        .change_password(&change("nagai-michi wo 8 nin de"))
        .await
        .unwrap();
    let same = factors
        .change_password(&change("nagai-michi wo 8 nin de"))
        .await;
    assert_eq!(
        wrong_with(same, "new_password").as_deref(),
        Some("same_as_before")
    );
}

#[actix_web::test]
async fn an_08_a_network_decides_whether_passwords_grow_old() {
    let world = World::new().await;
    settings(&world, true, Some(30)).await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let nurse = world.person("nurse", "nurse", clinic).await;
    let me = nurse.client.sessions().me().await.unwrap();
    assert!(!me.password_change_required);
    world.app.clock.advance(TimeDelta::days(31));
    let client = again(&world, &nurse).await;
    let me = client.sessions().me().await.unwrap();
    assert!(me.password_change_required);
    let list = client.facilities().list(&Default::default()).await;
    refused(list, 403, "password_change_required");
    let change = ChangePassword {
        current_password: Some(PASSWORD.into()),
        new_password: "nagai-michi wo 8 nin de".into(),
    };
    client.factors().change_password(&change).await.unwrap();
    client.facilities().list(&Default::default()).await.unwrap();
    assert!(
        !client
            .sessions()
            .me()
            .await
            .unwrap()
            .password_change_required
    );
}

#[actix_web::test]
async fn an_07_an_authenticator_app_is_changed_with_its_first_code_and_never_the_last_factor_removed()
 {
    let world = World::new().await;
    let who = &world.administrator;
    let factors = who.client.factors();
    refused(factors.remove_totp().await, 409, "last_factor");
    let new = factors.start_totp().await.unwrap();
    assert!(new.otpauth_url.expose().starts_with("otpauth://totp/"));
    let confirm = |code: &tsumugi_client::Secret| tsumugi_client::models::ConfirmTotp {
        challenge_id: new.challenge_id,
        code: code.clone(),
    };
    let wrong = factors.confirm_totp(&confirm(&"000000".into())).await;
    assert_eq!(wrong_with(wrong, "code").as_deref(), Some("wrong_code"));
    // Until it is confirmed the old one is good.
    who.session().await;
    let app = Authenticator::new(&world.app, new.secret.clone());
    factors.confirm_totp(&confirm(&app.code())).await.unwrap();
    let old = world.anyone.sessions().create(&who.credentials()).await;
    refused(old, 401, "invalid_credentials");
    let good = CreateSession::new(&who.login, PASSWORD).code(app.code());
    world.anyone.sessions().create(&good).await.unwrap();
    // A challenge is met once.
    let twice = factors.confirm_totp(&confirm(&app.code())).await;
    refused(twice, 404, "not_found");
}

#[actix_web::test]
async fn an_07_the_rules_hold_to_the_end_of_an_enrolment() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let invited = world.invited("nurse", "nurse", clinic).await;
    let halves = CreateEnrolment {
        token: invited.token.clone(),
        code: invited.code.clone(),
    };
    let enrolments = world.anyone.enrolments();
    let begun = enrolments.create(&halves).await.unwrap();
    let choice = StartEnrolmentTotp {
        enrolment: begun.enrolment.clone(),
        password: PASSWORD.into(),
    };
    let seed = enrolments.start_totp(&choice).await.unwrap().secret;
    let app = Authenticator::new(&world.app, seed);
    let end = |password: &str, code: tsumugi_client::Secret| FinishEnrolment {
        enrolment: begun.enrolment.clone(),
        password: password.into(),
        code,
        transport: SessionTransport::Body,
    };
    let weak = enrolments.finish(&end("password", app.code())).await;
    assert_eq!(
        wrong_with(weak.map(drop), "password").as_deref(),
        Some("too_short")
    );
    let wrong = enrolments.finish(&end(PASSWORD, "000000".into())).await;
    assert_eq!(
        wrong_with(wrong.map(drop), "code").as_deref(),
        Some("wrong_code")
    );
    let done = enrolments.finish(&end(PASSWORD, app.code())).await.unwrap();
    assert_eq!(done.recovery_codes.len(), 10);
    let twice = enrolments.finish(&end(PASSWORD, app.code())).await;
    refused(twice, 404, "invitation_not_found");
}
