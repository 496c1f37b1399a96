//! Whether the access log of the month can be trusted: its places, the latest checkpoint, who has countersigned, and what
//! recomputing found.

mod queries;
mod verify;

use super::{counts::number, model::Period, policy::Read};
use crate::{
    Result,
    ctx::Tx,
    print::{self, Checkpoint, Log, Picture, Verification, Witness},
    spine::{
        access::Permit,
        ids,
        sealing::{self, Head},
    },
};

/// The log of the month, with the latest checkpoint as a QR code.
#[derive(Debug)]
pub(super) struct Sealed {
    pub(super) log: Log,
    pub(super) checkpoint: Option<Picture>,
}

/// Looks at the log; it has so many entries of the month.
pub(super) async fn of(
    tx: &Tx<'_>,
    permit: &Permit<Read>,
    period: &Period,
    entries: u64,
) -> Result<Sealed> {
    let witnesses = queries::list_witnesses(tx, permit, period.span()).await?;
    let witnesses = witnesses.into_iter().map(witness).collect();
    let Some(head) = sealing::current(tx).await? else {
        return Ok(Sealed {
            log: Log {
                entries,
                size: 0,
                range: None,
                waiting: entries,
                checkpoint: None,
                verification: Verification::NotChecked,
                witnesses,
            },
            checkpoint: None,
        });
    };
    let signed = head.signed.as_ref().map_or(0, |(signed, ..)| signed.size);
    let tree = (head.tree, signed);
    let places = queries::find_places(tx, permit, tree, period.span()).await?;
    let verification = verify::verify(tx, permit, &head, period, &places).await?;
    let checkpoint = match &head.signed {
        Some((_, note, _)) => Some(print::qr("checkpoint", &note.to_string())?),
        None => None,
    };
    Ok(Sealed {
        log: Log {
            entries,
            size: head.size,
            range: places.first.zip(places.last),
            waiting: entries.saturating_sub(number(places.signed)),
            checkpoint: shown(&head),
            verification,
            witnesses,
        },
        checkpoint,
    })
}

fn shown(head: &Head) -> Option<Checkpoint> {
    let (checkpoint, _, at) = head.signed.as_ref()?;
    Some(Checkpoint {
        origin: head.origin.clone(),
        size: checkpoint.size,
        root: ids::to_hex(&checkpoint.root.0),
        at: *at,
    })
}

fn witness(row: queries::Witness) -> Witness {
    Witness {
        name: row.name,
        at: row.at,
        size: row.size.map(number),
    }
}
