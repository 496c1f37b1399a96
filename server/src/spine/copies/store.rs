//! The folder or bucket.

use std::{path::PathBuf, sync::Arc, time::Duration};

use object_store::{
    ClientOptions, Error as StoreError, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    RetryConfig,
    aws::AmazonS3Builder,
    client::{HttpClient, HttpConnector},
    local::LocalFileSystem,
    path::Path,
};
use uuid::Uuid;

use super::queries::Waiting;
use crate::{
    Error, Result,
    config::{Bucket, Place},
    spine::outward::trusted_client,
};

/// The name of a checkpoint: sorts by size and time, and never belongs to two.
fn name(tenant_id: Uuid, checkpoint: &Waiting) -> String {
    let (tree, size) = (checkpoint.tree, checkpoint.size);
    let at = checkpoint.signed_at.format("%Y%m%dT%H%M%S%.6fZ");
    format!("{tenant_id}/{tree}/{size:020}-{at}.checkpoint")
}

/// Why a checkpoint was not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Something else has its name.
    #[error("something else lies there")]
    Different,
    /// The place does not let itself be written to.
    #[error("it may not be written to")]
    Forbidden,
    /// The place cannot be reached, or has no room.
    #[error("it cannot be reached, or has no room")]
    Away,
}

impl Refused {
    /// A code for the state of the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::Forbidden => "forbidden",
            Self::Away => "away",
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::debug!(%error, "the place for checkpoints refuses");
        match error {
            StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => {
                Self::Forbidden
            }
            _ => Self::Away,
        }
    }
}

/// An append-only place for checkpoints.
#[derive(Debug)]
pub struct Store {
    objects: Objects,
    prefix: String,
}

#[derive(Debug)]
enum Objects {
    /// Looked for each time: what is mounted may come later, and the server serves without it. It is never made here,
    /// because it would be made where something else should have been mounted.
    Folder(PathBuf),
    Bucket(Arc<dyn ObjectStore>),
}

impl Store {
    /// The place that the settings name.
    pub fn at(place: &Place) -> Result<Self> {
        match place {
            Place::Folder(folder) => Ok(Self {
                objects: Objects::Folder(folder.clone()),
                prefix: String::new(),
            }),
            Place::Bucket(bucket) => Ok(Self {
                objects: Objects::Bucket(Arc::new(open_bucket(bucket)?)),
                prefix: bucket.prefix.clone(),
            }),
        }
    }

    fn objects(&self) -> Result<Arc<dyn ObjectStore>, Refused> {
        match &self.objects {
            Objects::Folder(folder) => {
                let files = LocalFileSystem::new_with_prefix(folder)?;
                Ok(Arc::new(files.with_fsync(true)))
            }
            Objects::Bucket(objects) => Ok(Arc::clone(objects)),
        }
    }

    /// Puts a checkpoint there, unless it is there already.
    pub async fn put(&self, tenant_id: Uuid, checkpoint: &Waiting) -> Result<(), Refused> {
        let path = Path::from(format!("{}/{}", self.prefix, name(tenant_id, checkpoint)));
        let create = PutOptions::from(PutMode::Create);
        let text = checkpoint.note.clone();
        let objects = self.objects()?;
        match objects.put_opts(&path, text.into(), create).await {
            Ok(_) => Ok(()),
            Err(StoreError::AlreadyExists { .. }) => {
                let there = objects.get(&path).await?.bytes().await?;
                if there == checkpoint.note.as_bytes() {
                    Ok(())
                } else {
                    Err(Refused::Different)
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A bucket that speaks S3.
pub fn open_bucket(bucket: &Bucket) -> Result<impl ObjectStore + use<>> {
    let retry = RetryConfig {
        max_retries: 2,
        retry_timeout: Duration::from_secs(20),
        ..RetryConfig::default()
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.key_id.0)
        .with_secret_access_key(&bucket.key.0)
        .with_http_connector(Connector)
        .with_retry(retry);
    if let Some(token) = &bucket.token {
        builder = builder.with_token(&token.0);
    }
    if let Some(endpoint) = &bucket.endpoint {
        // Without TLS it is on this machine: the settings saw to it.
        builder = builder
            .with_endpoint(endpoint.as_str().trim_end_matches('/'))
            .with_allow_http(endpoint.scheme() == "http");
    }
    builder.build().map_err(Error::internal)
}

/// Connects as everything of this server does: TLS by ring, no proxies, no redirects.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = trusted_client().map_err(|error| StoreError::Generic {
            store: "S3",
            source: Box::new(error),
        })?;
        Ok(HttpClient::new(client))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::spine::ids;

    fn checkpoint(size: i64, note: &str) -> Waiting {
        Waiting {
            tree: 1,
            size,
            signed_at: "2026-11-30T02:33:12.5Z".parse().unwrap(),
            note: note.to_owned(),
        }
    }

    #[tokio::test]
    async fn a_file_is_made_once_and_never_written_over() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        let store = Store::at(&Place::Folder(folder.clone())).unwrap();
        let tenant = Uuid::nil();
        let first = checkpoint(12, "note\n");
        // Not where it should have been mounted.
        assert_eq!(store.put(tenant, &first).await, Err(Refused::Away));
        assert!(!folder.exists());
        fs::create_dir_all(&folder).unwrap();
        assert_eq!(store.put(tenant, &first).await, Ok(()));
        assert_eq!(store.put(tenant, &first).await, Ok(()));
        let other = checkpoint(12, "another\n");
        assert_eq!(store.put(tenant, &other).await, Err(Refused::Different));
        assert_eq!(store.put(tenant, &checkpoint(13, "later\n")).await, Ok(()));
        let files = fs::read_dir(folder.join(tenant.to_string()).join("1")).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "00000000000000000012-20261130T023312.500000Z.checkpoint",
                "00000000000000000013-20261130T023312.500000Z.checkpoint",
            ]
        );
        let path = folder.join(tenant.to_string()).join("1").join(&names[0]);
        assert_eq!(fs::read_to_string(path).unwrap(), "note\n");
        fs::remove_dir_all(&folder).unwrap();
    }
}
