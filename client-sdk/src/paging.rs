//! Lists as streams: the next page is asked for when the last row of one has been taken.

use std::collections::VecDeque;

use futures_util::stream::{self, BoxStream, StreamExt};

use crate::error::{Error, Result};
use crate::models::{Page, Post, TimelinePage};

/// Rows over all pages. Ends after the first error.
pub type Rows<T> = BoxStream<'static, Result<T>>;

/// A page of any shape.
pub(crate) trait Paged {
    type Row: Send + 'static;
    fn into_parts(self) -> (Vec<Self::Row>, Option<String>);
}

impl<T: Send + 'static> Paged for Page<T> {
    type Row = T;
    fn into_parts(self) -> (Vec<T>, Option<String>) {
        (self.items, self.next)
    }
}

impl Paged for TimelinePage {
    type Row = Post;
    fn into_parts(self) -> (Vec<Post>, Option<String>) {
        (self.items, self.next)
    }
}

struct Progress<T> {
    rows: VecDeque<T>,
    cursor: Option<String>,
    finished: bool,
}

/// The rows of all pages that `fetch` gives, beginning at `cursor`.
pub(crate) fn rows<P, Fetch, Fetched>(cursor: Option<String>, fetch: Fetch) -> Rows<P::Row>
where
    P: Paged + Send + 'static,
    Fetch: Fn(Option<String>) -> Fetched + Send + Sync + 'static,
    Fetched: Future<Output = Result<P>> + Send,
{
    let start = Progress {
        rows: VecDeque::new(),
        cursor,
        finished: false,
    };
    let fetch = std::sync::Arc::new(fetch);
    stream::try_unfold(start, move |mut progress| {
        let fetch = fetch.clone();
        async move {
            loop {
                if let Some(row) = progress.rows.pop_front() {
                    return Ok(Some((row, progress)));
                }
                if progress.finished {
                    return Ok(None);
                }
                let (rows, next) = fetch(progress.cursor.clone()).await?.into_parts();
                if next.is_some() && next == progress.cursor {
                    return Err(Error::transport("the server repeats the same page"));
                }
                progress.rows = rows.into();
                progress.finished = next.is_none();
                progress.cursor = next;
            }
        }
    })
    .boxed()
}
