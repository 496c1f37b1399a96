//! What a post is beside its content: whom it names and mentions, its conversation, reactions, the pin, for whom it was
//! entered, the wound that it is about.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use futures_util::future::try_join5;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{
        approvals::{self, ApprovalRow},
        model::{Post, Standing},
        people,
        pins::{self, PinRow},
        reactions::{self, ReactionRow},
        threads,
    },
    queries::{PersonRow, list_authors},
};
use crate::{
    Result,
    ctx::Tx,
    spine::access::{NAMED, Scope},
};

/// What a post is beside its content.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BesideView {
    /// The post that the conversation began with; null when this one did.
    thread_id: Option<Uuid>,
    /// How many answers the caller may read of the conversation that this post began; 0 for an answer.
    reply_count: i64,
    /// Who may read it beside its author, on the channel for named people.
    recipients: Vec<PersonView>,
    /// Whom it mentions.
    mentions: MentionsView,
    /// What people answered with one touch; in a fixed order.
    reactions: Vec<ReactionView>,
    /// That it stays on top of the timeline.
    pin: Option<PinView>,
    /// For whom it was entered.
    on_behalf: Option<OnBehalfView>,
    /// The wound that it is about.
    wound: Option<PostWoundView>,
}

/// Somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PersonView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// Facility.
    facility_name: String,
}

/// Whom a post mentions.
#[derive(Debug, Serialize, ToSchema)]
struct MentionsView {
    /// People.
    people: Vec<PersonView>,
    /// Codes of professions.
    professions: Vec<String>,
    /// Whether it mentions the caller, by name or by profession.
    mine: bool,
}

/// A reaction with everybody who chose it.
#[derive(Debug, Serialize, ToSchema)]
struct ReactionView {
    /// `noted`, `thanks`, `will_visit`, `will_call` or `will_handle`.
    reaction: &'static str,
    /// Who, the first first.
    people: Vec<ReactedView>,
    /// Whether the caller is among them.
    mine: bool,
}

/// Somebody who reacted.
#[derive(Debug, Serialize, ToSchema)]
struct ReactedView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// When.
    at: DateTime<Utc>,
}

/// That a post stays on top.
#[derive(Debug, Serialize, ToSchema)]
struct PinView {
    /// Who put it there.
    by_name: String,
    /// When.
    at: DateTime<Utc>,
}

/// For whom a post was entered, and what that person says to it.
#[derive(Debug, Serialize, ToSchema)]
struct OnBehalfView {
    /// That person.
    person: PersonView,
    /// `waiting`, `approved` or `returned`: what was said to the newest version.
    state: &'static str,
    /// When it was approved or returned.
    decided_at: Option<DateTime<Utc>>,
    /// Why it was returned: of the newest version, or while that waits of the one before.
    reason: Option<String>,
    /// Whether that person is the caller.
    mine: bool,
}

/// The wound that a post is about.
#[derive(Debug, Serialize, ToSchema)]
struct PostWoundView {
    /// Where, as in the list of sites of a new post.
    site: String,
    /// What the team calls it.
    label: Option<String>,
}

/// All of that for a page, as rows.
pub(super) struct Beside {
    people: HashMap<Uuid, PersonView>,
    recipients: Vec<(Uuid, Uuid)>,
    reactions: Vec<ReactionRow>,
    pins: Vec<PinRow>,
    approvals: Vec<ApprovalRow>,
    replies: HashMap<Uuid, i64>,
    profession: String,
}

impl Beside {
    /// Loads it for a reader with this scope; asks for what few posts have only where they have it.
    pub(super) async fn load(tx: &Tx<'_>, rows: &[Post], scope: &Scope) -> Result<Self> {
        let which = |is: fn(&Post) -> bool| -> Vec<Uuid> {
            rows.iter()
                .filter(|row| is(row))
                .map(|row| row.id)
                .collect()
        };
        let all = which(|_| true);
        let named = which(|row| row.channel == NAMED);
        let entered = which(|row| row.on_behalf_of.is_some());
        let begun = which(|row| row.thread_id.is_none());
        let (recipients, reactions, pins, approvals, replies) = try_join5(
            people::list_recipients_of(tx, &named),
            reactions::list_reactions(tx, &all),
            pins::list_pins_of(tx, &all),
            approvals::list_approvals_of(tx, &entered),
            threads::count_replies(tx, &begun, scope),
        )
        .await?;
        let mut ids: BTreeSet<Uuid> = recipients.iter().map(|(_, id)| *id).collect();
        ids.extend(rows.iter().flat_map(|row| &row.mentioned_staff));
        ids.extend(rows.iter().filter_map(|row| row.on_behalf_of));
        let me = tx.actor.ids().0;
        if rows.iter().any(|row| !row.mentioned_professions.is_empty()) {
            ids.insert(me);
        }
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let found = list_authors(tx, &ids).await?;
        let people: HashMap<Uuid, PersonView> = found
            .into_iter()
            .map(|row| (row.0, PersonView::from(row)))
            .collect();
        let profession = people.get(&me).map(|me| me.profession.clone());
        Ok(Self {
            profession: profession.unwrap_or_default(),
            people,
            recipients,
            reactions,
            pins,
            approvals,
            replies: replies.into_iter().collect(),
        })
    }

    /// What one post is beside its content, for `me`.
    pub(super) fn view(&self, row: &Post, me: Uuid) -> BesideView {
        let person = |id: &Uuid| self.people.get(id).cloned();
        let recipients = self.recipients.iter().filter(|(post, _)| *post == row.id);
        let pin = self.pins.iter().find(|(post, ..)| *post == row.id);
        BesideView {
            thread_id: row.thread_id,
            reply_count: self.replies.get(&row.id).copied().unwrap_or_default(),
            recipients: recipients.filter_map(|(_, id)| person(id)).collect(),
            mentions: self.mentions(row, me),
            reactions: self.reactions(row.id, me),
            pin: pin.map(|(_, by_name, at)| PinView {
                by_name: by_name.clone(),
                at: *at,
            }),
            on_behalf: self.on_behalf(row, me),
            wound: row.wound_site.clone().map(|site| PostWoundView {
                site,
                label: row.wound_label.clone(),
            }),
        }
    }

    fn mentions(&self, row: &Post, me: Uuid) -> MentionsView {
        if row.retracted {
            return MentionsView {
                people: Vec::new(),
                professions: Vec::new(),
                mine: false,
            };
        }
        let people = row.mentioned_staff.iter();
        MentionsView {
            people: people
                .filter_map(|id| self.people.get(id).cloned())
                .collect(),
            professions: row.mentioned_professions.clone(),
            mine: row.mentioned_staff.contains(&me)
                || row.mentioned_professions.contains(&self.profession),
        }
    }

    fn reactions(&self, post: Uuid, me: Uuid) -> Vec<ReactionView> {
        let of_kind = |reaction: reactions::Reaction| {
            let given = self
                .reactions
                .iter()
                .filter(|row| row.0 == post && row.1 == reaction.code());
            let people: Vec<ReactedView> = given
                .map(|(_, _, id, name, profession, at)| ReactedView {
                    staff_member_id: *id,
                    name: name.clone(),
                    profession: profession.clone(),
                    at: *at,
                })
                .collect();
            (!people.is_empty()).then(|| ReactionView {
                reaction: reaction.code(),
                mine: people.iter().any(|row| row.staff_member_id == me),
                people,
            })
        };
        reactions::ALL.into_iter().filter_map(of_kind).collect()
    }

    fn on_behalf(&self, row: &Post, me: Uuid) -> Option<OnBehalfView> {
        let principal = row.on_behalf_of?;
        let said = self.approvals.iter().rfind(|said| said.0 == row.id);
        let standing = Standing::of(row.version, said.map(|said| (said.1, said.2)));
        let decided = said.filter(|_| standing != Standing::Waiting);
        Some(OnBehalfView {
            person: self.people.get(&principal).cloned()?,
            state: standing.code(),
            decided_at: decided.map(|said| said.4),
            reason: said.and_then(|said| said.3.clone()),
            mine: principal == me,
        })
    }
}

impl From<PersonRow> for PersonView {
    fn from((staff_member_id, name, profession, facility_name): PersonRow) -> Self {
        Self {
            staff_member_id,
            name,
            profession,
            facility_name,
        }
    }
}
