//! AU-16: whoever maintains the installation is let in for a work plan, and what was done can be held against it.

use tsumugi_client::models::{ListMaintenance, ListStaffMembers, MoveStaffMember};

use crate::support::{Team, refused, team::today, world::new_staff_member};

#[actix_web::test]
async fn au_16_support_is_let_in_for_a_work_plan_and_nobody_else_has_one() {
    let team = Team::new().await;
    let me = team.auditor.client.sessions().me().await.unwrap();
    let office = me.staff_member.unwrap().facility.id;
    let staff_members = team.world.administrator.client.staff_members();
    let mut new = new_staff_member("hoshu", "hoshu@kita.example", "support", office);
    new.ends_on = Some(today() + chrono::Days::new(1));
    for plan in [
        None,
        Some(String::new()),
        Some("x".repeat(101)),
        Some("a\nb".to_owned()),
    ] {
        new.work_plan = plan;
        refused(staff_members.create(&new).await, 422, "invalid_input");
    }
    new.work_plan = Some("保守-2026-031".to_owned());
    staff_members.create(&new).await.unwrap();
    let mut nurse = new_staff_member("kango", "kango@kita.example", "nurse", office);
    nurse.work_plan = Some("保守-2026-031".to_owned());
    refused(staff_members.create(&nurse).await, 422, "invalid_input");
    // It stands in the directory, and goes along when the person moves.
    let listed = async || {
        let page = staff_members
            .list(&ListStaffMembers::default())
            .await
            .unwrap();
        let plans = page.items.into_iter().filter_map(|member| member.work_plan);
        plans.collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["保守-2026-031"]);
    let elsewhere = MoveStaffMember::to(office, today() + chrono::Days::new(1));
    staff_members.move_to(new.id, &elsewhere).await.unwrap();
    let plans = "SELECT count(*) FROM staff_members WHERE work_plan = '保守-2026-031'";
    assert_eq!(team.world.db.one::<i64>(plans).await, 2);
}

#[actix_web::test]
async fn au_16_what_support_did_is_held_against_the_plan() {
    let team = Team::new().await;
    let support = team.support().await;
    let client = &support.client;
    client.sessions().me().await.unwrap();
    client.facilities().list(&Default::default()).await.unwrap();
    let hidden = client.patients().find(team.patient).await;
    refused(hidden, 404, "not_found");
    for reader in [&team.auditor.client, &team.world.administrator.client] {
        let log = reader.access_log();
        let page = log
            .list_maintenance(&ListMaintenance::default())
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.next), (1, None));
        let grant = &page.items[0];
        assert_eq!(grant.staff_member_id, support.id);
        assert_eq!(grant.account_id, Some(support.account));
        assert_eq!(grant.work_plan.as_deref(), Some("保守-2026-014"));
        assert_eq!(grant.name, "試験 support");
        assert_eq!((grant.starts_on, grant.ends_on.is_some()), (today(), true));
        assert_eq!(grant.sessions.len(), 1);
        assert_eq!(grant.sessions[0].source_ip.as_deref(), Some("127.0.0.1"));
        assert_eq!(grant.denied, 1);
        let count = |code: &str| {
            let found = grant.actions.iter().find(|action| action.code == code);
            found.map(|action| (action.count, action.denied, action.name_ja.clone()))
        };
        assert_eq!(
            count("facilities.list"),
            Some((1, 0, "施設の一覧".to_owned()))
        );
        assert_eq!(
            count("patient.read").map(|(count, denied, _)| (count, denied)),
            Some((1, 1))
        );
        let sum: u64 = grant.actions.iter().map(|action| action.count).sum();
        assert_eq!(grant.operations, sum);
        assert_eq!(grant.entries.len() as u64, sum);
        let own = |entry: &tsumugi_client::models::AccessRecord| entry.actor.id == Some(support.id);
        assert!(grant.entries.iter().all(own));
    }
    // By plan and by day.
    let log = team.auditor.client.access_log();
    let found =
        async |query: ListMaintenance| log.list_maintenance(&query).await.unwrap().items.len();
    let of_plan = |plan: &str| ListMaintenance {
        work_plan: Some(plan.to_owned()),
        ..Default::default()
    };
    assert_eq!(found(of_plan("保守-2026-014")).await, 1);
    assert_eq!(found(of_plan("保守-2026-999")).await, 0);
    let later = today().checked_add_days(chrono::Days::new(4));
    let from = |from| ListMaintenance {
        from,
        ..Default::default()
    };
    assert_eq!(found(from(Some(today()))).await, 1);
    assert_eq!(found(from(later)).await, 0);
    let to = ListMaintenance {
        to: today().checked_sub_days(chrono::Days::new(1)),
        ..Default::default()
    };
    assert_eq!(found(to).await, 0);
    // Nobody else sees it, and looking is recorded.
    let query = ListMaintenance::default();
    refused(
        team.nurse
            .client
            .access_log()
            .list_maintenance(&query)
            .await,
        403,
        "forbidden",
    );
    refused(
        client.access_log().list_maintenance(&query).await,
        403,
        "forbidden",
    );
    let looked = "SELECT count(*) FROM audit_events WHERE action = 'maintenance.list'";
    assert_eq!(team.world.db.one::<i64>(looked).await, 7);
}
