//! One page of a list.

use serde::Deserialize;

/// One page of a list, in the order the operation documents.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Pass this as `cursor` for the page that follows; absent on the last page.
    pub next: Option<String>,
}
