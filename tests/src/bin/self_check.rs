//! `tsumugi-self-check`: walks the main job of a running server as each person, over HTTPS.
//!
//! A hospital sends a discharge summary; the care manager reads and answers it; the visiting nurse
//! and the physician go on from there; everybody who must not see it tries to; the auditor finds
//! all of that in the access log. One line per step, exit code 0 only if every step held. May be
//! run again and again against the same data: each run sends a document of its own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tsumugi_client::groups::EventStream;
use tsumugi_client::models::{
    AccessOutcome, Channel, CreatePost, EventKind, ListAccessLog, ListIncomingDocuments,
    ListPatients, ListTimeline, MyAcknowledgement, Post, PostKind, ReceiptOutcome, UpdateReadMark,
    VitalSigns,
};
use tsumugi_client::{Client, Error, Secret, new_id};
use tsumugi_tests::Account;
use uuid::Uuid;

const DISCHARGE_SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");
const TWO_PATIENTS: &str = include_str!("../../fixtures/fhir/bad/two-patients.json");
/// Existence itself is private: 404, and nothing else.
const HIDDEN: &[u16] = &[404];
/// For people whose role alone keeps them out, 403 tells nothing.
const KEPT_OUT: &[u16] = &[403, 404];
/// An event reaches a listener within this time.
const EVENT_WAIT: Duration = Duration::from_secs(20);
/// The records of one run are among the newest of the log.
const LOG_DEPTH: usize = 5_000;

/// Walks the main job of a running server and says whether every step held.
#[derive(Parser)]
#[command(name = "tsumugi-self-check", version)]
struct Arguments {
    /// The server's address, such as `https://localhost:8443`.
    #[arg(long)]
    base_url: String,
    /// Certificate authority to believe besides the machine's own, PEM.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The people to walk as; written by `tsumugi demo-data --accounts-file`.
    #[arg(long, value_name = "FILE")]
    accounts: PathBuf,
    /// Another discharge summary than the built-in one.
    #[arg(long, value_name = "FILE")]
    fixture: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Accounts {
    client: ClientAccount,
    patient: Subject,
    #[serde(flatten)]
    people: HashMap<String, Value>,
}

#[derive(Deserialize)]
struct ClientAccount {
    client_id: String,
    client_secret: Secret,
}

#[derive(Deserialize)]
struct Subject {
    id: Uuid,
    name: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let prepared = prepare(&arguments).map_err(|why| say(&format!("self-check: {why}")));
    let Ok((mut walk, bundle)) = prepared else {
        return ExitCode::from(2);
    };
    // A chapter that cannot go on ends the walk: what follows builds on it.
    let ended = walk.chapters(bundle).await;
    let Walk { steps, held, .. } = walk;
    say(&format!("self-check: {steps} steps, {held} ok"));
    ExitCode::from(u8::from(ended.is_err()))
}

fn prepare(arguments: &Arguments) -> Result<(Walk, Vec<u8>), String> {
    let mut builder = Client::builder(&arguments.base_url).user_agent("tsumugi-self-check");
    if let Some(ca) = &arguments.ca {
        builder = builder.add_root_certificate(read(ca)?);
    }
    let accounts: Accounts = parse(&read(&arguments.accounts)?, "accounts")?;
    let given = arguments.fixture.as_deref().map(read).transpose()?;
    let template = given.unwrap_or_else(|| DISCHARGE_SUMMARY.into());
    let walk = Walk {
        server: builder.build().map_err(|error| error.to_string())?,
        accounts,
        steps: 0,
        held: 0,
        traces: Vec::new(),
    };
    Ok((walk, document_of_this_run(&template)?))
}

/// The fixture under another Bundle identifier, so that the server has not seen it before.
fn document_of_this_run(template: &[u8]) -> Result<Vec<u8>, String> {
    let mut bundle: Value = parse(template, "fixture")?;
    let identifier = bundle
        .pointer_mut("/identifier/value")
        .ok_or("the fixture has no Bundle.identifier")?;
    let known = identifier.as_str().unwrap_or_default();
    *identifier = Value::String(format!("{known}-{}", new_id().simple()));
    Ok(bundle.to_string().into_bytes())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn parse<T: DeserializeOwned>(bytes: &[u8], what: &str) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("{what}: {error}"))
}

#[expect(clippy::print_stdout, reason = "the lines are this program's product")]
fn say(line: &str) {
    println!("{line}");
}

/// A person who has signed in.
struct Person {
    who: &'static str,
    client: Client,
    staff_member: Option<Uuid>,
}

/// What the hospital's document has become.
#[derive(Clone, Copy)]
struct Sent {
    document: Uuid,
    post: Uuid,
}

/// Posts written during the walk.
#[derive(Clone, Copy)]
struct Written {
    reply: Uuid,
    vitals: Uuid,
    medical_note: Uuid,
}

/// What people try to get who must not.
#[derive(Clone, Copy)]
enum Thing {
    Patient,
    Timeline,
    Post(Uuid),
    Document(Uuid),
    Original(Uuid),
    Writing,
}

impl Thing {
    fn name(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Timeline => "timeline",
            Self::Post(_) => "post",
            Self::Document(_) => "document",
            Self::Original(_) => "document's original",
            Self::Writing => "right to write",
        }
    }

    async fn get(self, client: &Client, patient: Uuid) -> Result<(), Error> {
        let timeline = client.timeline();
        let query = ListTimeline::default();
        match self {
            Self::Patient => client.patients().find(patient).await.map(drop),
            Self::Timeline => timeline.list(patient, &query).await.map(drop),
            Self::Post(id) => timeline.find_post(id).await.map(drop),
            Self::Document(id) => client.documents().find(id).await.map(drop),
            Self::Original(id) => client.documents().find_original(id).await.map(drop),
            Self::Writing => {
                let note = CreatePost::note(Channel::Team, "x");
                timeline.create_post(patient, &note).await.map(drop)
            }
        }
    }
}

/// An access that the auditor must find.
struct Trace {
    who: &'static str,
    actor: Option<Uuid>,
    what: &'static str,
    request_id: String,
    outcome: AccessOutcome,
}

/// The step did not hold; its line says why.
struct NotHeld;

type Held<T> = Result<T, NotHeld>;

struct Walk {
    server: Client,
    accounts: Accounts,
    steps: u32,
    held: u32,
    traces: Vec<Trace>,
}

impl Walk {
    async fn chapters(&mut self, bundle: Vec<u8>) -> Held<()> {
        let ready = why(self.server.health().find_readiness().await);
        self.step("anybody", "sees the server ready", ready)?;
        let sent = self.hospital_sends(bundle).await?;
        let care_manager = self.sign_in("care_manager").await?;
        let events = care_manager.client.events().stream(None).await;
        let events = self.step("care_manager", "opens the stream of events", why(events))?;
        let reply = self.care_manager_answers(&care_manager, sent).await?;
        let (nurse, written) = self.nurse_adds_vitals(reply).await?;
        self.care_manager_hears(events, written).await?;
        self.physician_sees_both(written, sent).await?;
        self.home_helper_sees_no_document(written, sent).await?;
        self.outsider_finds_nothing(sent).await?;
        self.other_network_finds_nothing(sent).await?;
        self.nobody_gets_in(sent).await?;
        self.hospital_and_administrator(sent).await?;
        self.auditor_finds_everything(sent).await?;
        self.signing_out_ends_it(&nurse).await?;
        self.signing_out_ends_it(&care_manager).await
    }

    /// Says how a step went.
    fn step<T>(&mut self, who: &str, what: &str, result: Result<T, String>) -> Held<T> {
        self.steps += 1;
        let number = self.steps;
        match result {
            Ok(value) => {
                self.held += 1;
                say(&format!("ok  {number}  {who}  {what}"));
                Ok(value)
            }
            Err(why) => {
                say(&format!("FAILED  {number}  {who}  {what}: {why}"));
                Err(NotHeld)
            }
        }
    }

    /// The person's client for one request, which the auditor must find later.
    fn traced(&mut self, person: &Person, what: &'static str, outcome: AccessOutcome) -> Client {
        let request_id = format!("self-check-{}", new_id());
        let client = person.client.with_request_id(&request_id);
        self.traces.push(Trace {
            who: person.who,
            actor: person.staff_member,
            what,
            request_id,
            outcome,
        });
        client
    }

    fn allowed(&mut self, person: &Person, what: &'static str) -> Client {
        self.traced(person, what, AccessOutcome::Allowed)
    }

    fn denied(&mut self, person: &Person, what: &'static str) -> Client {
        self.traced(person, what, AccessOutcome::Denied)
    }

    fn account(&self, who: &str) -> Result<Account, String> {
        let account = self.accounts.people.get(who).ok_or("no such account")?;
        Account::deserialize(account).map_err(|error| error.to_string())
    }

    async fn sign_in(&mut self, who: &'static str) -> Held<Person> {
        let signed_in = async {
            let account = self.account(who)?;
            let client = why(account.sign_in(&self.server).await)?;
            let staff_member = why(client.sessions().me().await)?.staff_member;
            let staff_member = staff_member.map(|staff_member| staff_member.id);
            Ok(Person {
                who,
                client,
                staff_member,
            })
        };
        let signed_in = signed_in.await;
        self.step(who, "signs in", signed_in)
    }

    async fn hospital_sends(&mut self, bundle: Vec<u8>) -> Held<Sent> {
        let account = &self.accounts.client;
        let hospital = Person {
            who: "hospital",
            client: self
                .server
                .with_client_credentials(&account.client_id, account.client_secret.clone()),
            staff_member: None,
        };
        let client = self.allowed(&hospital, "push");
        let receipt = client.bundles().receive(bundle.clone()).await;
        let patient = self.accounts.patient.id;
        let sent = why(receipt).and_then(|receipt| {
            require(
                receipt.outcome == ReceiptOutcome::Posted,
                format!("outcome {}", receipt.outcome),
            )?;
            require(receipt.patient == Some(patient), "another patient")?;
            let post = receipt.post.ok_or("no post")?;
            let document = receipt.document;
            Ok(Sent { document, post })
        });
        let what = "pushes a discharge summary, which is posted on the patient's timeline";
        let sent = self.step("hospital", what, sent)?;

        let again = hospital.client.bundles().receive(bundle).await;
        let again = why(again).and_then(|receipt| {
            let same = receipt.outcome == ReceiptOutcome::AlreadyReceived
                && receipt.document == sent.document;
            require(same, format!("outcome {}", receipt.outcome))
        });
        self.step("hospital", "pushes it again: already received", again)?;

        let bad = hospital.client.bundles().receive(TWO_PATIENTS).await;
        let bad = refused_with(bad, "bundle_two_patients");
        self.step("hospital", "pushes a Bundle of two patients: refused", bad)?;
        Ok(sent)
    }

    async fn care_manager_answers(&mut self, me: &Person, sent: Sent) -> Held<Uuid> {
        let who = me.who;
        let patient = self.accounts.patient.id;
        let found = me.client.patients().find(patient).await;
        let found = self.step(who, "opens the patient", why(found))?;

        let kana = hiragana(&found.kana);
        let client = self.allowed(me, "search");
        let listed = client.patients().list(&ListPatients::matching(kana)).await;
        let listed = why(listed).and_then(|page| {
            let item = page.items.into_iter().find(|item| item.id == patient);
            let item = item.ok_or("not among the results")?;
            require(item.unread > 0, "nothing is unread")?;
            require(item.name == self.accounts.patient.name, "another name")
        });
        self.step(who, "finds the patient by kana, unread", listed)?;

        let client = self.allowed(me, "timeline");
        let post = find_on_timeline(&client, patient, sent.post).await;
        let post = post.and_then(|post| {
            require(post.kind == PostKind::Document, "not a document")?;
            require(post.unread, "not unread")?;
            Ok(post)
        });
        let post = self.step(who, "sees the document unread", post)?;

        let client = self.allowed(me, "document");
        let document = client.documents().find(sent.document).await;
        let opened = why(document)
            .and_then(|document| require(!document.sections.is_empty(), "no sections"));
        self.step(who, "opens the document: its sections are there", opened)?;

        let client = self.allowed(me, "acknowledge");
        let acknowledged = client.timeline().acknowledge_post(post.id).await;
        let acknowledged = why(acknowledged).and_then(|post| {
            let done = post.acknowledgement.mine == MyAcknowledgement::Done;
            require(done, "it does not say so")
        });
        self.step(who, "acknowledges it", acknowledged)?;

        let reply = CreatePost::note(Channel::Team, "確認しました").replying_to(post.id);
        let client = self.allowed(me, "reply");
        let written = client.timeline().create_post(patient, &reply).await;
        let written = self.step(who, "replies 「確認しました」", why(written))?;

        let mark = UpdateReadMark {
            post_id: written.id,
        };
        let read = me.client.timeline().update_read_mark(patient, &mark).await;
        let read = match read {
            Ok(_) => why(me.client.timeline().find_post(post.id).await),
            Err(error) => Err(error.to_string()),
        };
        let read = read.and_then(|post| require(!post.unread, "still unread"));
        self.step(who, "has read it: it is unread no more", read)?;
        Ok(written.id)
    }

    async fn nurse_adds_vitals(&mut self, reply: Uuid) -> Held<(Person, Written)> {
        let me = self.sign_in("visiting_nurse").await?;
        let patient = self.accounts.patient.id;
        let signs = VitalSigns {
            temperature: Some(36.8),
            systolic: Some(128.0),
            diastolic: Some(76.0),
            pulse: Some(72.0),
            spo2: Some(97.0),
            ..VitalSigns::default()
        };
        // First: whoever hears of the vital signs would have heard of this before.
        let note = CreatePost::note(Channel::Medical, "医療職のみの連絡です");
        let client = self.allowed(&me, "medical note");
        let written = client.timeline().create_post(patient, &note).await;
        self.step(me.who, "writes a medical-only note", why(written))?;

        let vitals = CreatePost::vitals(Channel::Team, signs.clone());
        let client = self.allowed(&me, "vitals");
        let written = client.timeline().create_post(patient, &vitals).await;
        let same = |post: Post| require(post.vitals.as_ref() == Some(&signs), "other values");
        let written = why(written).and_then(same);
        self.step(me.who, "adds vital signs", written)?;

        let client = self.allowed(&me, "timeline");
        let seen = find_on_timeline(&client, patient, reply).await;
        let seen = seen.and_then(|post| {
            let answered = post.body.as_deref() == Some("確認しました") && post.reply_to.is_some();
            require(answered, "without its text")
        });
        self.step(me.who, "sees the care manager's reply", seen)?;
        let written = Written {
            reply,
            vitals: vitals.id,
            medical_note: note.id,
        };
        Ok((me, written))
    }

    async fn care_manager_hears(&mut self, mut events: EventStream, written: Written) -> Held<()> {
        let heard = async {
            while let Some(event) = events.next().await {
                let event = why(event)?;
                if event.kind == EventKind::PostCreated && event.post_id == Some(written.vitals) {
                    return Ok(());
                }
                if event.post_id == Some(written.medical_note) {
                    return Err("told of a post for medical professions".to_owned());
                }
            }
            Err("the stream ended".to_owned())
        };
        let heard = tokio::time::timeout(EVENT_WAIT, heard).await;
        let heard = heard.unwrap_or_else(|_| Err("not within 20 seconds".to_owned()));
        self.step("care_manager", "is told of the nurse's post", heard)
    }

    async fn physician_sees_both(&mut self, written: Written, sent: Sent) -> Held<()> {
        let me = self.sign_in("physician").await?;
        let patient = self.accounts.patient.id;
        let client = self.allowed(&me, "timeline");
        let posts = whole_timeline(&client, patient).await;
        let posts = posts.and_then(|posts| {
            let expected = [
                written.reply,
                written.vitals,
                written.medical_note,
                sent.post,
            ];
            let missing = expected
                .iter()
                .filter(|id| !posts.iter().any(|post| post.id == **id))
                .count();
            require(missing == 0, format!("{missing} of 4 posts are missing"))
        });
        let what = "sees document, reply, vital signs and the note for medical professions";
        self.step(me.who, what, posts)?;
        let client = self.allowed(&me, "document");
        let document = client.documents().find(sent.document).await;
        self.step(me.who, "opens the document", why(document))?;
        self.leave(&me).await
    }

    async fn home_helper_sees_no_document(&mut self, written: Written, sent: Sent) -> Held<()> {
        let me = self.sign_in("home_helper").await?;
        let patient = self.accounts.patient.id;
        let client = self.allowed(&me, "timeline");
        let posts = whole_timeline(&client, patient).await;
        let posts = posts.and_then(|posts| {
            let hidden =
                |post: &Post| post.channel != Channel::Team || post.kind == PostKind::Document;
            let shown = posts.iter().filter(|post| hidden(post)).count();
            require(shown == 0, format!("{shown} posts that must be hidden"))?;
            let seen = posts.iter().any(|post| post.id == written.vitals);
            require(seen, "the nurse's vital signs are missing")
        });
        let what = "sees the team's posts, no document, nothing for medical professions";
        self.step(me.who, what, posts)?;

        let document = Thing::Document(sent.document);
        self.shut_out(&me, document, HIDDEN).await?;
        let original = Thing::Original(sent.document);
        self.shut_out(&me, original, HIDDEN).await?;
        let note = Thing::Post(written.medical_note);
        self.shut_out(&me, note, HIDDEN).await?;
        self.leave(&me).await
    }

    async fn outsider_finds_nothing(&mut self, sent: Sent) -> Held<()> {
        let me = self.sign_in("outsider").await?;
        self.finds_nothing(&me, sent).await?;
        self.shut_out(&me, Thing::Writing, HIDDEN).await?;
        let client = self.allowed(&me, "search");
        self.search_is_empty(me.who, &client).await?;
        self.leave(&me).await
    }

    async fn other_network_finds_nothing(&mut self, sent: Sent) -> Held<()> {
        let me = self.sign_in("other_tenant_nurse").await?;
        // What another network's people try is in that network's log, not in this one's.
        let own = self.traces.len();
        self.finds_nothing(&me, sent).await?;
        self.traces.truncate(own);
        self.search_is_empty(me.who, &me.client).await?;
        self.leave(&me).await
    }

    async fn finds_nothing(&mut self, me: &Person, sent: Sent) -> Held<()> {
        self.shut_out(me, Thing::Patient, HIDDEN).await?;
        self.shut_out(me, Thing::Timeline, HIDDEN).await?;
        self.shut_out(me, Thing::Post(sent.post), HIDDEN).await?;
        let document = Thing::Document(sent.document);
        self.shut_out(me, document, HIDDEN).await
    }

    /// Tries something that must be refused with one of `statuses`, and must be in the log.
    async fn shut_out(&mut self, me: &Person, thing: Thing, statuses: &[u16]) -> Held<()> {
        let what = thing.name();
        let client = self.denied(me, what);
        let result = thing.get(&client, self.accounts.patient.id).await;
        let result = refused(result, |error| {
            error.status().is_some_and(|one| statuses.contains(&one))
        });
        let what = format!("does not get the {what}");
        self.step(me.who, &what, result)
    }

    async fn search_is_empty(&mut self, who: &str, client: &Client) -> Held<()> {
        let query = ListPatients::matching(&self.accounts.patient.name);
        let empty = why(client.patients().list(&query).await).and_then(|page| {
            let count = page.items.len();
            require(count == 0, format!("{count} results"))
        });
        self.step(who, "searches for the patient: nothing", empty)
    }

    async fn nobody_gets_in(&mut self, sent: Sent) -> Held<()> {
        let patient = self.accounts.patient.id;
        let nobody = self.server.anonymous();
        let found = unauthenticated(nobody.patients().find(patient).await);
        self.step("nobody", "does not get the patient without a token", found)?;
        let document = unauthenticated(nobody.documents().find(sent.document).await);
        self.step("nobody", "does not get the document either", document)?;
        let forger = self.server.with_token("eyJhbGciOiJub25lIn0.e30.");
        let found = unauthenticated(forger.patients().find(patient).await);
        self.step("nobody", "does not get it with a forged token", found)?;
        let login = self.account("outsider").map(|account| account.login);
        let guessed = self
            .server
            .sign_in(login.unwrap_or_default(), "wrong", "000000");
        let guessed = refused_with(guessed.await, "invalid_credentials");
        self.step("nobody", "does not sign in with a wrong password", guessed)
    }

    async fn hospital_and_administrator(&mut self, sent: Sent) -> Held<()> {
        let me = self.sign_in("hospital_nurse").await?;
        let query = ListIncomingDocuments::default();
        let waiting = me.client.documents().list_incoming(&query).await;
        self.step(me.who, "lists the documents that wait", why(waiting))?;
        self.leave(&me).await?;

        let me = self.sign_in("administrator").await?;
        let clients = why(me.client.clients().list().await);
        self.step(me.who, "lists the registered systems", clients)?;
        let document = Thing::Document(sent.document);
        self.shut_out(&me, document, KEPT_OUT).await?;
        self.leave(&me).await
    }

    async fn auditor_finds_everything(&mut self, sent: Sent) -> Held<()> {
        let me = self.sign_in("auditor").await?;
        self.shut_out(&me, Thing::Timeline, KEPT_OUT).await?;
        let document = Thing::Document(sent.document);
        self.shut_out(&me, document, KEPT_OUT).await?;
        let missing = self.missing_traces(&me.client).await;
        let what = format!(
            "finds all {} accesses and denials of this walk in the access log",
            self.traces.len()
        );
        let complete = missing.and_then(|missing| {
            require(
                missing.is_empty(),
                format!("missing: {}", missing.join(", ")),
            )
        });
        self.step(me.who, &what, complete)?;
        self.leave(&me).await
    }

    /// The accesses of this walk that the log does not hold as they were.
    async fn missing_traces(&self, auditor: &Client) -> Result<Vec<String>, String> {
        let query = ListAccessLog::default();
        let mut missing: Vec<&Trace> = self.traces.iter().collect();
        let mut records = auditor.access_log().stream(query).take(LOG_DEPTH);
        while let Some(record) = records.next().await {
            let record = why(record)?;
            missing.retain(|trace| {
                record.request_id.as_deref() != Some(&trace.request_id)
                    || record.outcome != trace.outcome
                    || trace.actor.is_some_and(|id| record.actor.id != Some(id))
            });
            if missing.is_empty() {
                break;
            }
        }
        let name = |trace: &&Trace| format!("{} {} {}", trace.who, trace.what, trace.outcome);
        Ok(missing.iter().map(name).collect())
    }

    async fn leave(&mut self, person: &Person) -> Held<()> {
        let left = why(person.client.sessions().delete().await);
        self.step(person.who, "signs out", left)
    }

    async fn signing_out_ends_it(&mut self, me: &Person) -> Held<()> {
        let ended = async {
            let token = why(me.client.access_token().await)?.ok_or("no token")?;
            why(me.client.sessions().delete().await)?;
            unauthenticated(self.server.with_token(token).sessions().me().await)
        };
        let ended = ended.await;
        self.step(me.who, "signs out, and the old token is refused", ended)
    }
}

fn why<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| error.to_string())
}

fn require(holds: bool, otherwise: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn refused<T>(result: Result<T, Error>, holds: impl Fn(&Error) -> bool) -> Result<(), String> {
    match result {
        Ok(_) => Err("was allowed".to_owned()),
        Err(error) if holds(&error) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn refused_with<T>(result: Result<T, Error>, code: &str) -> Result<(), String> {
    refused(result, |error| error.code() == Some(code))
}

fn unauthenticated<T>(result: Result<T, Error>) -> Result<(), String> {
    refused(result, |error| error.status() == Some(401))
}

async fn whole_timeline(client: &Client, patient: Uuid) -> Result<Vec<Post>, String> {
    let query = ListTimeline {
        limit: Some(100),
        ..ListTimeline::default()
    };
    let posts = client.timeline().stream(patient, query);
    let posts: Vec<Result<Post, Error>> = posts.collect().await;
    posts.into_iter().map(why).collect()
}

async fn find_on_timeline(client: &Client, patient: Uuid, id: Uuid) -> Result<Post, String> {
    let mut posts = client.timeline().stream(patient, ListTimeline::default());
    while let Some(post) = posts.next().await {
        let post = why(post)?;
        if post.id == id {
            return Ok(post);
        }
    }
    Err("not on the timeline".to_owned())
}

/// The family name of a kana name, in hiragana: as somebody would type it.
fn hiragana(kana: &str) -> String {
    let family = kana.split_whitespace().next().unwrap_or(kana);
    let lower = |one: char| match one {
        'ァ'..='ヶ' => char::from_u32(u32::from(one) - 0x60).unwrap_or(one),
        _ => one,
    };
    family.chars().map(lower).collect()
}
