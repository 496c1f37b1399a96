//! What a message looks like to its reader.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use futures_util::future::{try_join, try_join4};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{files, model::Message, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        attachments::AttachmentView,
        rooms::{self, Entered, RoomPersonView},
        timeline,
    },
    spine::text,
};

/// Longest piece of what a reply answers.
const LONGEST_EXCERPT: usize = 80;

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageView {
    /// Identifier.
    id: Uuid,
    /// The room.
    room_id: Uuid,
    /// Number in the room: the order in which the server took messages in.
    seq: i64,
    /// Who wrote it.
    author: RoomPersonView,
    /// Whether the caller wrote it.
    mine: bool,
    /// When the server took it in.
    recorded_at: DateTime<Utc>,
    /// Number of the newest version, for `If-Match`.
    pub(super) version: i32,
    /// `kept`, `retracted`, or `moved` to the timeline of a patient.
    state: String,
    /// Text; null when it was taken back or moved, or when files say it all.
    body: Option<String>,
    /// Files, in their order; none when it was taken back or moved.
    attachments: Vec<AttachmentView>,
    /// When it was last amended.
    amended_at: Option<DateTime<Utc>>,
    /// What it answers.
    reply_to: Option<RepliedView>,
    /// Who is mentioned.
    mentions: Vec<RoomPersonView>,
    /// Whether everybody of the room is mentioned.
    mentions_everyone: bool,
    /// Whether the caller is mentioned.
    mentions_me: bool,
    /// How many others have read it.
    read_by: usize,
    /// Whether it is new to the caller.
    unread: bool,
    /// Who was asked to acknowledge it, and how many have.
    acknowledgement: MessageAcknowledgementView,
    /// When and by whom it was taken back or moved, and why.
    ended: Option<MessageEndView>,
}

/// What a reply answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RepliedMessage)]
struct RepliedView {
    /// The message.
    id: Uuid,
    /// Who wrote it.
    author_name: String,
    /// Its first characters; null when it was taken back or moved, or the caller does not read that far back.
    excerpt: Option<String>,
}

/// Where the acknowledgement of a message stands.
#[derive(Debug, Default, Serialize, ToSchema)]
struct MessageAcknowledgementView {
    /// By when.
    due_at: Option<DateTime<Utc>>,
    /// How many were asked.
    asked: usize,
    /// How many of them have acknowledged.
    acknowledged: usize,
    /// How many have acknowledged without having been asked.
    unasked: usize,
    /// For the caller: `none`, `asked` or `done`.
    mine: &'static str,
}

/// How a message ended.
#[derive(Debug, Serialize, ToSchema)]
struct MessageEndView {
    /// When.
    at: DateTime<Utc>,
    /// By whom.
    by_name: String,
    /// Why it was taken back.
    reason: Option<String>,
    /// The post that it became, for those who may read it.
    post_id: Option<Uuid>,
    /// The patient on whose timeline it is, for those who may read it there.
    patient_id: Option<Uuid>,
}

/// Who was asked, and when that was acknowledged.
type Asked = (Uuid, Option<DateTime<Utc>>);

/// Everything that the rows of a page do not hold themselves.
struct Surroundings {
    people: HashMap<Uuid, RoomPersonView>,
    parents: HashMap<Uuid, Message>,
    asked: HashMap<Uuid, Vec<Asked>>,
    acknowledged: HashMap<Uuid, Vec<Uuid>>,
    marks: Vec<(Uuid, i64)>,
    files: HashMap<Uuid, Vec<AttachmentView>>,
    /// Post and patient of moved messages that the caller may read on the timeline.
    posts: HashMap<Uuid, (Uuid, Uuid)>,
}

/// Makes views of messages of one room, in their order, for a member; and the patients that they name to this member.
pub(super) async fn messages(
    tx: &Tx<'_>,
    entered: &Entered,
    rows: Vec<Message>,
) -> Result<(Vec<MessageView>, Vec<Uuid>)> {
    let around = surroundings(tx, entered, &rows).await?;
    let patients: BTreeSet<Uuid> = around.posts.values().map(|(_, patient)| *patient).collect();
    let views = rows
        .into_iter()
        .map(|row| view(tx, entered, row, &around))
        .collect();
    Ok((views, patients.into_iter().collect()))
}

/// Makes the view of one message.
pub(super) async fn message(tx: &Tx<'_>, entered: &Entered, row: Message) -> Result<MessageView> {
    let (mut views, _) = messages(tx, entered, vec![row]).await?;
    views.pop().ok_or(Error::NotFound)
}

async fn surroundings(tx: &Tx<'_>, entered: &Entered, rows: &[Message]) -> Result<Surroundings> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let asking: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.asks)
        .map(|row| row.id)
        .collect();
    let moved: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.state == "moved")
        .map(|row| row.id)
        .collect();
    let parents: Vec<Uuid> = rows.iter().filter_map(|row| row.reply_to).collect();
    let (parents, asked, acknowledged, (marks, moves)) = try_join4(
        queries::list(tx, &parents),
        queries::list_asked(tx, &asking),
        queries::list_acknowledged(tx, &ids),
        try_join(
            queries::list_marks(tx, entered.facts.id),
            queries::list_moves(tx, &moved),
        ),
    )
    .await?;
    let posts: Vec<Uuid> = moves.iter().map(|(_, post)| *post).collect();
    let readable = timeline::readable(tx, &posts).await?;
    let posts = moves
        .into_iter()
        .filter_map(|(message, post)| Some((message, (post, *readable.get(&post)?))))
        .collect();
    let people = rows
        .iter()
        .flat_map(|row| {
            [row.author_id, row.written_by]
                .into_iter()
                .chain(row.mentions.clone())
        })
        .chain(parents.iter().map(|row| row.author_id));
    let mut around = Surroundings {
        people: rooms::named(tx, people).await?,
        parents: parents.into_iter().map(|row| (row.id, row)).collect(),
        asked: HashMap::new(),
        acknowledged: HashMap::new(),
        marks,
        files: files::of_messages(tx, rows).await?,
        posts,
    };
    for (message, who, at) in asked {
        around.asked.entry(message).or_default().push((who, at));
    }
    for (message, who, _) in acknowledged {
        around.acknowledged.entry(message).or_default().push(who);
    }
    Ok(around)
}

fn view(tx: &Tx<'_>, entered: &Entered, row: Message, around: &Surroundings) -> MessageView {
    let me = tx.actor.ids().0;
    let person = |id: &Uuid| around.people.get(id).cloned().unwrap_or_default();
    let kept = row.state == "kept";
    let read = |who: &Uuid| {
        let mark = around.marks.iter().find(|(reader, _)| reader == who);
        mark.is_some_and(|(_, seq)| *seq >= row.seq)
    };
    let others = around
        .marks
        .iter()
        .filter(|(reader, seq)| *reader != row.author_id && *seq >= row.seq);
    MessageView {
        author: person(&row.author_id),
        mine: row.author_id == me,
        amended_at: (kept && row.version > 1).then_some(row.written_at),
        reply_to: row
            .reply_to
            .and_then(|id| around.parents.get(&id))
            .map(|parent| replied(parent, entered, around)),
        mentions: row.mentions.iter().map(person).collect(),
        mentions_me: row.author_id != me && (row.mentions_everyone || row.mentions.contains(&me)),
        mentions_everyone: row.mentions_everyone,
        read_by: others.count(),
        unread: row.author_id != me && !read(&me),
        acknowledgement: acknowledgement(&row, me, around),
        ended: (!kept).then(|| {
            let post = around.posts.get(&row.id);
            MessageEndView {
                at: row.written_at,
                by_name: person(&row.written_by).name,
                reason: row.reason.clone(),
                post_id: post.map(|(post, _)| *post),
                patient_id: post.map(|(_, patient)| *patient),
            }
        }),
        attachments: around.files.get(&row.id).cloned().unwrap_or_default(),
        id: row.id,
        room_id: row.room_id,
        seq: row.seq,
        recorded_at: row.recorded_at,
        version: row.version,
        state: row.state,
        body: row.body,
    }
}

fn replied(parent: &Message, entered: &Entered, around: &Surroundings) -> RepliedView {
    let author = around.people.get(&parent.author_id);
    let readable = parent.recorded_at >= entered.readable_from;
    RepliedView {
        id: parent.id,
        author_name: author.map(|author| author.name.clone()).unwrap_or_default(),
        excerpt: parent
            .body
            .as_deref()
            .filter(|_| readable)
            .map(|body| text::excerpt(body, LONGEST_EXCERPT)),
    }
}

fn acknowledgement(row: &Message, me: Uuid, around: &Surroundings) -> MessageAcknowledgementView {
    let asked = around.asked.get(&row.id).map_or(&[][..], Vec::as_slice);
    let given = around
        .acknowledged
        .get(&row.id)
        .map_or(&[][..], Vec::as_slice);
    let acknowledged = asked.iter().filter(|(_, at)| at.is_some()).count();
    MessageAcknowledgementView {
        due_at: row.acknowledge_by,
        asked: asked.len(),
        acknowledged,
        unasked: given.len() - acknowledged.min(given.len()),
        mine: match asked.iter().any(|(who, _)| *who == me) {
            _ if given.contains(&me) => "done",
            true => "asked",
            false => "none",
        },
    }
}
