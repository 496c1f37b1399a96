//! Accounts of the network.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    Account, CreateTemporaryCode, EndedSessions, EndedTemporaryCodes, ListAccounts, NewInvitation,
    Page, ResetAccount, RunningSession, SuspendAccount, TemporaryCode,
};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about accounts. For network administrators; what changes something needs fresh factors
/// (`step_up_required`).
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a>(pub(crate) &'a Client);

impl Accounts<'_> {
    /// One page of accounts.
    pub async fn list(&self, query: &ListAccounts) -> Result<Page<Account>> {
        let request = Request::get("list_accounts", "/v1/accounts").query(query)?;
        self.0.call(request).await
    }

    /// All accounts that match, page after page.
    pub fn stream(&self, query: ListAccounts) -> Rows<Account> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.accounts().list(&query).await }
        })
    }

    /// Suspends an account; all its sessions end at once.
    pub async fn suspend(&self, account_id: Uuid, suspension: &SuspendAccount) -> Result<Account> {
        let path = format!("/v1/accounts/{account_id}/suspend");
        let request = Request::post("suspend_account", path).json(suspension)?;
        self.0.call(request).await
    }

    /// Lets a suspended account be used again.
    pub async fn resume(&self, account_id: Uuid) -> Result<Account> {
        let path = format!("/v1/accounts/{account_id}/resume");
        let request = Request::post("resume_account", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// The sessions of an account that have not ended.
    pub async fn list_sessions(&self, account_id: Uuid) -> Result<Page<RunningSession>> {
        let path = format!("/v1/accounts/{account_id}/sessions");
        let request = Request::get("list_account_sessions", path);
        self.0.call(request).await
    }

    /// Ends all sessions of an account at once.
    pub async fn end_sessions(&self, account_id: Uuid) -> Result<EndedSessions> {
        let path = format!("/v1/accounts/{account_id}/end-sessions");
        let request = Request::post("end_account_sessions", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Gives the owner of an account a code that works in place of the one-time code for a while.
    /// The answer shows it this once.
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
    pub async fn create_temporary_code(
        &self,
        account_id: Uuid,
        code: &CreateTemporaryCode,
    ) -> Result<TemporaryCode> {
        let path = format!("/v1/accounts/{account_id}/temporary-code");
        let request = Request::post("create_temporary_code", path)
            .unkeyed()
            .json(code)?;
        self.0.call(request).await
    }

    /// Ends all temporary codes of the network and the sessions opened with them: what is to be
    /// done once normal work has resumed (復旧完了).
    pub async fn end_temporary_codes(&self) -> Result<EndedTemporaryCodes> {
        let request = Request::post("end_temporary_codes", "/v1/temporary-codes/end-all")
            .body("application/json", "{}");
        self.0.call(request).await
    }

    /// Starts anew with an account whose owner has lost every factor: all factors are revoked, all
    /// sessions end, the owner is told by mail and invited again. The answer shows the code to
    /// hand over this once.
    ///
    /// Sent without an Idempotency-Key and never repeated by itself: the answer is a secret.
    pub async fn reset(&self, account_id: Uuid, reset: &ResetAccount) -> Result<NewInvitation> {
        let path = format!("/v1/accounts/{account_id}/reset");
        let request = Request::post("reset_account", path).unkeyed().json(reset)?;
        self.0.call(request).await
    }
}
