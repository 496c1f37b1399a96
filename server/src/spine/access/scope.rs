//! What of a timeline somebody may read, as a list query asks for it: the answers of the rules for every class of post.

use std::sync::LazyLock;

use uuid::Uuid;

use super::{ground::SENSITIVE, question::PostFacts};

/// The kinds of information that posts are about, as the rules call them.
pub const KINDS: [&str; 5] = ["note", "vitals", "document", "medication", "assessment"];
/// The channels that exist, as the rules call them.
pub const CHANNELS: [&str; 5] = ["team", "medical", "family", "sensitive", NAMED];
/// The channel whose posts name their readers.
pub const NAMED: &str = "named";

/// A class of posts that the rules cannot tell apart but by the facility of the author: channel, kind and what makes it
/// sensitive.
struct Class {
    name: String,
    channel: &'static str,
    kind: &'static str,
    sensitivity: Option<&'static str>,
}

static CLASSES: LazyLock<Vec<Class>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for channel in CHANNELS {
        for kind in KINDS {
            let subjects: Vec<Option<&'static str>> = if channel == "sensitive" {
                SENSITIVE.into_iter().map(Some).collect()
            } else {
                vec![None]
            };
            all.extend(subjects.into_iter().map(|sensitivity| Class {
                name: class(channel, kind, sensitivity),
                channel,
                kind,
                sensitivity,
            }));
        }
    }
    all
});

/// The name of a class, as the column `posts.class` holds it.
pub fn class(channel: &str, kind: &str, sensitivity: Option<&str>) -> String {
    match sensitivity {
        Some(subject) => format!("{channel}/{kind}/{subject}"),
        None => format!("{channel}/{kind}"),
    }
}

/// What of a patient's timeline the caller may read: classes of posts of whomever, and those of the own facility. Posts
/// for named people stand apart, because there a class alone says nothing: [`super::in_scope`] is the whole condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Classes that may be read whoever wrote them.
    pub all: Vec<&'static str>,
    /// Classes that may be read when the own facility wrote them.
    pub own: Vec<&'static str>,
    /// Classes of posts for named people that their author and those people may read, whoever wrote them.
    pub named: Vec<&'static str>,
    /// The same when the own facility wrote them.
    pub named_own: Vec<&'static str>,
    /// The own facility.
    pub facility: Uuid,
}

impl Scope {
    /// Nothing at all.
    pub fn nothing() -> Self {
        Self {
            all: Vec::new(),
            own: Vec::new(),
            named: Vec::new(),
            named_own: Vec::new(),
            facility: Uuid::nil(),
        }
    }

    /// Whether nothing may be read.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
            && self.own.is_empty()
            && self.named.is_empty()
            && self.named_own.is_empty()
    }

    /// Whether posts of this class by this facility may be read, whoever they are for: never those for named people.
    pub fn covers(
        &self,
        (channel, kind, sensitivity): (&str, &str, Option<&str>),
        facility: Uuid,
    ) -> bool {
        let name = class(channel, kind, sensitivity);
        self.all.contains(&name.as_str())
            || (facility == self.facility && self.own.contains(&name.as_str()))
    }

    /// The same for a post of which is known whether the reader wrote it or is one of the people whom it names.
    pub fn covers_post(
        &self,
        parts: (&str, &str, Option<&str>),
        facility: Uuid,
        recipient: bool,
    ) -> bool {
        let (channel, kind, sensitivity) = parts;
        if channel != NAMED {
            return self.covers(parts, facility);
        }
        let name = class(channel, kind, sensitivity);
        recipient
            && (self.named.contains(&name.as_str())
                || (facility == self.facility && self.named_own.contains(&name.as_str())))
    }
}

/// Asks for every class, once for another facility's posts and once for the own.
pub(super) fn scope_by(facility: Uuid, mut allowed: impl FnMut(PostFacts) -> bool) -> Scope {
    let elsewhere = Uuid::from_u128(facility.as_u128() ^ 1);
    let mut among = |of: Uuid, named: bool| -> Vec<&'static str> {
        let facts = |class: &Class| PostFacts {
            id: Uuid::nil(),
            kind: class.kind.to_owned(),
            channel: class.channel.to_owned(),
            sensitivity: class.sensitivity.map(str::to_owned),
            // Reading never depends on who the author is, but where a post names its readers.
            author: Uuid::nil(),
            facility: of,
            recipient: named,
            on_behalf_of: None,
        };
        CLASSES
            .iter()
            .filter(|class| (class.channel == NAMED) == named)
            .filter(|class| allowed(facts(class)))
            .map(|class| class.name.as_str())
            .collect()
    };
    Scope {
        all: among(elsewhere, false),
        own: among(facility, false),
        named: among(elsewhere, true),
        named_own: among(facility, true),
        facility,
    }
}
