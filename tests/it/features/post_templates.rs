//! Templates of posts: who picks which, and who keeps them.

use tsumugi_client::{
    models::{
        CreatePostTemplate, ListPostTemplates, PostKind, PostTemplate, Profession,
        UpdatePostTemplate,
    },
    new_id,
};
use uuid::Uuid;

use crate::support::{Person, Team, refused};

fn template(title: &str, facility: Option<Uuid>, profession: Option<&str>) -> CreatePostTemplate {
    CreatePostTemplate {
        id: new_id(),
        facility_id: facility,
        profession: profession.map(Profession::from),
        kind: PostKind::VisitReport,
        title: title.to_owned(),
        body: "■ 様子：\n".to_owned(),
    }
}

async fn used(person: &Person) -> Vec<PostTemplate> {
    let templates = person.client.post_templates();
    templates
        .list(&ListPostTemplates::default())
        .await
        .unwrap()
        .items
}

async fn facility_of(person: &Person) -> Uuid {
    let me = person.client.sessions().me().await.unwrap();
    me.staff_member.unwrap().facility.id
}

#[actix_web::test]
async fn everybody_picks_from_those_of_their_profession() {
    let team = Team::new().await;
    let codes = async |person: &Person| -> Vec<String> {
        let all = used(person).await.into_iter();
        all.filter_map(|template| template.built_in).collect()
    };
    assert!(codes(&team.nurse).await.contains(&"focus".to_owned()));
    assert!(codes(&team.helper).await.contains(&"home_help".to_owned()));
    assert!(!codes(&team.helper).await.contains(&"focus".to_owned()));
    let station = facility_of(&team.nurse).await;
    let keeper = team.world.administrator.client.post_templates();
    for new in [
        template("全員", None, None),
        template("看護", None, Some("nurse")),
        template("事業所", Some(station), None),
    ] {
        keeper.create(&new).await.unwrap();
    }
    let own = async |person: &Person| -> Vec<String> {
        let all = used(person).await.into_iter();
        all.filter(|t| t.id.is_some()).map(|t| t.title).collect()
    };
    let mut of_nurse = own(&team.nurse).await;
    of_nurse.sort();
    assert_eq!(of_nurse, ["事業所", "全員", "看護"]);
    assert_eq!(own(&team.helper).await, ["全員"]);
    assert_eq!(own(&team.hospital_nurse).await.len(), 2);
    assert!(own(&team.stranger).await.is_empty());
}

#[actix_web::test]
async fn managers_keep_those_of_their_facility_and_administrators_all() {
    let team = Team::new().await;
    let (station, office) = (
        facility_of(&team.nurse).await,
        facility_of(&team.helper).await,
    );
    let world = &team.world;
    let manager = world
        .person("station.manager", "facility_administrator", station)
        .await;
    let keeper = manager.client.post_templates();
    let new = template("訪問看護の申し送り", Some(station), None);
    let made = keeper.create(&new).await.unwrap();
    for elsewhere in [None, Some(office)] {
        refused(
            keeper.create(&template("よそ", elsewhere, None)).await,
            403,
            "forbidden",
        );
    }
    let change = UpdatePostTemplate {
        profession: None,
        kind: PostKind::Note,
        title: "申し送り".to_owned(),
        body: "申し送り：".to_owned(),
    };
    let changed = keeper.update(new.id, made.version, &change).await.unwrap();
    assert_eq!((changed.version, changed.title.as_str()), (2, "申し送り"));
    refused(
        keeper.update(new.id, 1, &change).await,
        412,
        "stale_version",
    );
    // Whoever cares for people picks, and keeps none.
    let nurse = team.nurse.client.post_templates();
    refused(nurse.update(new.id, 2, &change).await, 403, "forbidden");
    refused(nurse.remove(new.id).await, 403, "forbidden");
    refused(
        nurse.create(&template("看護", Some(station), None)).await,
        403,
        "forbidden",
    );
    let kept = ListPostTemplates { kept: true };
    refused(nurse.list(&kept).await, 403, "forbidden");
    assert_eq!(keeper.list(&kept).await.unwrap().items.len(), 1);
    let administrator = world.administrator.client.post_templates();
    administrator
        .create(&template("全員", None, None))
        .await
        .unwrap();
    assert_eq!(keeper.list(&kept).await.unwrap().items.len(), 1);
    assert_eq!(administrator.list(&kept).await.unwrap().items.len(), 2);
    keeper.remove(new.id).await.unwrap();
    refused(keeper.remove(new.id).await, 404, "not_found");
    let wrong = template("誰か", None, Some("astronaut"));
    refused(administrator.create(&wrong).await, 422, "invalid_input");
}
