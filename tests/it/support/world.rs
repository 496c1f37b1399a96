//! A server in the test's own process, with two networks.

use std::{path::Path, time::Duration};

use actix_web::web::Data;
use chrono::Utc;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use tsumugi_client::{
    Client, RetryPolicy,
    models::{
        CreateFacility, CreateStaffMember, CreateSystemClient, CreatedSystemClient, FacilityKind,
        NewAccount,
    },
    new_id,
};
use tsumugi_server::{
    app::App,
    config::{Config, Files, Secret as Hidden, Witnessing},
    serve,
    setup::{self, FirstAdministrator},
    worker,
};
use uuid::Uuid;

use super::{
    Invited, Person,
    db::{self, Database},
};

/// Password of everybody.
pub const PASSWORD: &str = "すずらん畑の郵便局-No.43";

/// Settings of a server on this database, with its keys in this folder.
pub fn config(db: &Database, keys: &Path) -> Config {
    Config {
        database_url: Hidden(db.url.clone()),
        log_database_url: Hidden(db.log_url.clone()),
        database_connections: 8,
        http_addr: Some("127.0.0.1:0".parse().unwrap()),
        https_addr: None,
        metrics_addr: None,
        tls: None,
        data_dir: keys.to_owned(),
        log_signer: None,
        witnessing: Witnessing::default(),
        files: Files::in_folder(keys.join("files")),
        web_dir: keys.join("no-web-app"),
        font_dirs: tsumugi_server::config::font_dirs(),
        demo_file: None,
        public_url: "http://localhost".to_owned(),
        smtp_url: None,
        mail_from: "つむぎ <no-reply@localhost>".to_owned(),
        mailbox: true,
        password_memory_kib: 64, // people sign in many times here
        workers: 1,
        ports_file: None,
    }
}

/// A running server with two networks, `kita` and `minami`.
pub struct World {
    /// Its database.
    pub db: Database,
    /// The process state: clock and streams.
    pub app: Data<App>,
    /// Nobody in particular.
    pub anyone: Client,
    /// Administrator of `kita`.
    pub administrator: Person,
    /// Administrator of `minami`.
    pub other_administrator: Person,
    _keys: tempfile::TempDir,
}

/// Another server of the same world.
pub struct Node {
    /// The process state: clock and streams.
    pub app: Data<App>,
    /// Nobody in particular, there.
    pub anyone: Client,
}

impl World {
    /// Starts a server on an empty database with two networks.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same with other settings.
    pub async fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        let db = db::fresh().await;
        let keys = tempfile::tempdir().unwrap();
        let mut config = config(&db, keys.path());
        adjust(&mut config);
        let public_url = config.public_url.clone();
        let mut owner = AsyncPgConnection::establish(&db.owner_url).await.unwrap();
        let mut invited = Vec::new();
        for (slug, name) in [
            ("kita", "北部地域ネットワーク"),
            ("minami", "南部地域ネットワーク"),
        ] {
            let first = FirstAdministrator {
                organisation: "医師会",
                name: "管理 花子",
                kana: "カンリ ハナコ",
                login_name: "administrator",
                email: Some(&format!("administrator@{slug}.example")),
            };
            let founded = setup::create_network(&mut owner, slug, name, &first, Utc::now())
                .await
                .unwrap();
            let link = founded.invitation.link(&public_url, founded.tenant_id);
            invited.push(Invited::new(&link, founded.invitation.code));
        }
        let app = Data::new(App::new(config).unwrap());
        let running = serve::start(app.clone()).unwrap();
        let base = format!("http://{}", running.http.unwrap());
        drop(actix_web::rt::spawn(running.run()));
        let anyone = Client::builder(base)
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        let administrator = invited[0].enrol(&anyone, &app).await;
        let other_administrator = invited[1].enrol(&anyone, &app).await;
        Self {
            db,
            app,
            anyone,
            administrator,
            other_administrator,
            _keys: keys,
        }
    }

    /// Another server on the same database, with the same keys and a clock of its own.
    pub fn second_node(&self) -> Node {
        let app = Data::new(App::new(self.app.config.clone()).unwrap());
        let running = serve::start(app.clone()).unwrap();
        let base = format!("http://{}", running.http.unwrap());
        drop(actix_web::rt::spawn(running.run()));
        let anyone = Client::builder(base)
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        Node { app, anyone }
    }

    /// A facility of `kita`.
    pub async fn facility(&self, name: &str, kind: FacilityKind) -> Uuid {
        facility(&self.administrator, name, kind).await
    }

    /// A person of `kita` who has signed in.
    pub async fn person(&self, login: &str, profession: &str, facility: Uuid) -> Person {
        self.enrolled(&self.administrator, "kita", (login, profession, facility))
            .await
    }

    /// A person of `minami` who has signed in.
    pub async fn stranger(&self, login: &str, profession: &str) -> Person {
        let facility = facility(
            &self.other_administrator,
            "南の訪問看護",
            FacilityKind::VisitingNursingStation,
        )
        .await;
        let who = (login, profession, facility);
        self.enrolled(&self.other_administrator, "minami", who)
            .await
    }

    /// A person of `kita` who has an account and has been invited.
    pub async fn invited(&self, login: &str, profession: &str, facility: Uuid) -> Invited {
        self.registered(&self.administrator, "kita", (login, profession, facility))
            .await
    }

    async fn enrolled(
        &self,
        administrator: &Person,
        network: &str,
        who: (&str, &str, Uuid),
    ) -> Person {
        let invited = self.registered(administrator, network, who).await;
        invited.enrol(&self.anyone, &self.app).await
    }

    async fn registered(
        &self,
        administrator: &Person,
        network: &str,
        (login, profession, facility): (&str, &str, Uuid),
    ) -> Invited {
        let email = format!("{login}@{network}.example");
        let new = new_staff_member(login, &email, profession, facility);
        let staff_members = administrator.client.staff_members();
        let made = staff_members.create(&new).await.unwrap();
        let code = made.invitation.expect("an invitation").code;
        Invited::by_mail(&self.db.admin, &email, code).await
    }

    /// A program of `kita`, with the secret that it gets its tokens with.
    pub async fn program(&self, new: &CreateSystemClient) -> CreatedSystemClient {
        let clients = self.administrator.client.clients();
        clients.create(new).await.unwrap()
    }

    /// A system of a facility of `kita`, with its own access.
    pub async fn system(&self, name: &str, facility: Uuid) -> Client {
        let made = self.program(&CreateSystemClient::new(facility, name)).await;
        self.anyone
            .with_client_credentials(made.client_id, made.client_secret)
    }

    /// Does everything that is due in `kita` by the clock of this server, as its worker does by and by.
    pub async fn run_jobs(&self) {
        let network = "SELECT tenant_id FROM tenants WHERE slug = 'kita'";
        let network: Uuid = self.db.one(network).await;
        for _ in 0..400 {
            worker::work_off(&self.app, network).await.unwrap();
            worker::tend(&self.app, network).await.unwrap();
            worker::work_off(&self.app, network).await.unwrap();
            worker::tell(&self.app, network).await.unwrap();
            // What the worker of the server has taken itself is waited for.
            let now = self.app.clock.now().to_rfc3339();
            let left = format!(
                "SELECT (SELECT count(*) FROM outbox WHERE available_at <= '{now}')
                    + (SELECT count(*) FROM acknowledgement_asks WHERE next_at <= '{now}' AND closed_at IS NULL)
                    + (SELECT count(*) FROM notices WHERE push_at <= '{now}' OR mail_at <= '{now}')"
            );
            if self.db.one::<i64>(&left).await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("there is always something left to do");
    }

    /// Waits until `found` gives something; what happens afterwards (events) needs a moment.
    pub async fn eventually<T>(&self, mut found: impl AsyncFnMut() -> Option<T>) -> T {
        for _ in 0..1200 {
            if let Some(found) = found().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it did not happen within half a minute");
    }
}

async fn facility(administrator: &Person, name: &str, kind: FacilityKind) -> Uuid {
    // Every hospital of these tests is the one that the fixtures are from.
    let institution_code = (kind == FacilityKind::Hospital).then(|| "3212345670".to_owned());
    let new = CreateFacility {
        id: new_id(),
        name: name.to_owned(),
        kind,
        institution_code,
    };
    administrator
        .client
        .facilities()
        .create(&new)
        .await
        .unwrap()
        .id
}

/// Somebody to be registered, with an account.
pub fn new_staff_member(
    login: &str,
    email: &str,
    profession: &str,
    facility: Uuid,
) -> CreateStaffMember {
    CreateStaffMember {
        id: new_id(),
        facility_id: facility,
        name: format!("試験 {login}"),
        kana: "シケン イチロウ".to_owned(),
        profession: profession.into(),
        person_id: None,
        starts_on: None,
        ends_on: None,
        work_plan: (profession == "support").then(|| "保守-2026-014".to_owned()),
        account: Some(NewAccount {
            login_name: login.to_owned(),
            email: email.to_owned(),
        }),
        home_address: None,
    }
}
