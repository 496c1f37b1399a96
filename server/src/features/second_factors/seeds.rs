use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{auth::totp::Seed, seal::Seal},
};

const PURPOSE: &str = "seed of one-time codes";

/// The seed as `accounts.totp_sealed` keeps it: it opens for this account only.
pub fn seal_seed(seal: &Seal, tenant_id: Uuid, account_id: Uuid, seed: &Seed) -> Result<Vec<u8>> {
    seal.seal(PURPOSE, &[tenant_id, account_id], seed.as_bytes())
}

/// The seed of an account.
pub(super) fn unseal(tx: &Tx<'_>, account_id: Uuid, sealed: &[u8]) -> Result<Seed> {
    let opened = tx
        .app()
        .seal
        .open(PURPOSE, &[tx.tenant_id, account_id], sealed);
    let bytes = opened
        .ok_or_else(|| Error::internal("a seed does not open with the key of this installation"))?;
    Seed::of_bytes(&bytes)
}
