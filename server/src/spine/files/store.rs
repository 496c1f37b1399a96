//! The folder or bucket with encrypted files.

use std::{fs, ops::Range, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::{
    Error as StoreError, ObjectStore, ObjectStoreExt, WriteMultipart, local::LocalFileSystem,
    path::Path,
};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::{CHUNK, FileKey};
use crate::{Error, Result, config::Place, spine::copies};

/// The store does not answer, or has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store of files cannot be reached, or has no room")]
pub struct Away;

impl From<StoreError> for Away {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the store of files refuses");
        Self
    }
}

impl From<Away> for Error {
    fn from(away: Away) -> Self {
        Self::unavailable(away)
    }
}

/// Encrypted files, by network, attachment and object.
#[derive(Debug)]
pub struct FileStore {
    objects: Arc<dyn ObjectStore>,
    prefix: String,
}

impl FileStore {
    /// The place that the settings name; a folder is made.
    pub fn at(place: &Place) -> Result<Self> {
        match place {
            Place::Folder(folder) => {
                let mut builder = fs::DirBuilder::new();
                builder.recursive(true);
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
                builder.create(folder).map_err(Error::internal)?;
                let files = LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?;
                Ok(Self {
                    objects: Arc::new(files.with_fsync(true)),
                    prefix: String::new(),
                })
            }
            Place::Bucket(bucket) => Ok(Self {
                objects: Arc::new(copies::open_bucket(bucket)?),
                prefix: bucket.prefix.clone(),
            }),
        }
    }

    fn folder(&self, tenant: Uuid, attachment: Uuid) -> Path {
        Path::from(format!("{}/{tenant}/{attachment}", self.prefix))
    }

    fn path(&self, tenant: Uuid, attachment: Uuid, object: Uuid) -> Path {
        Path::from(format!("{}/{tenant}/{attachment}/{object}", self.prefix))
    }

    /// Puts an object there, whole or not at all.
    pub async fn put(
        &self,
        (tenant, attachment, object): (Uuid, Uuid, Uuid),
        sealed: Vec<u8>,
    ) -> Result<(), Away> {
        let path = self.path(tenant, attachment, object);
        self.objects.put(&path, sealed.into()).await?;
        Ok(())
    }

    /// Seals a file of this machine and puts it there, a few chunks at a time; whole or not at all.
    pub async fn put_file(
        &self,
        (tenant, attachment, object): (Uuid, Uuid, Uuid),
        key: &FileKey,
        file: &std::path::Path,
    ) -> Result<()> {
        let path = self.path(tenant, attachment, object);
        let mut file = tokio::fs::File::open(file).await.map_err(Error::internal)?;
        let mut left = file.metadata().await.map_err(Error::internal)?.len();
        let upload = self
            .objects
            .put_multipart(&path)
            .await
            .map_err(Away::from)?;
        let mut upload = WriteMultipart::new(upload);
        let (mut sealer, head) = key.sealer(object)?;
        upload.write(&head);
        loop {
            let mut chunk = vec![0; usize::try_from(left.min(CHUNK as u64)).unwrap_or(CHUNK)];
            file.read_exact(&mut chunk).await.map_err(Error::internal)?;
            left -= chunk.len() as u64;
            upload.wait_for_capacity(4).await.map_err(Away::from)?;
            upload.write(&sealer.chunk(&chunk, left == 0)?);
            if left == 0 {
                break;
            }
        }
        upload.finish().await.map_err(Away::from)?;
        Ok(())
    }

    /// Fetches an object.
    pub async fn get(
        &self,
        (tenant, attachment, object): (Uuid, Uuid, Uuid),
    ) -> Result<Bytes, Away> {
        let path = self.path(tenant, attachment, object);
        Ok(self.objects.get(&path).await?.bytes().await?)
    }

    /// Fetches parts of an object.
    pub async fn get_parts(
        &self,
        (tenant, attachment, object): (Uuid, Uuid, Uuid),
        parts: &[Range<u64>],
    ) -> Result<Vec<Bytes>, Away> {
        let path = self.path(tenant, attachment, object);
        Ok(self.objects.get_ranges(&path, parts).await?)
    }

    /// Removes everything of an attachment but what is named. Answers how many objects went.
    pub async fn keep_only(
        &self,
        tenant: Uuid,
        attachment: Uuid,
        kept: &[Uuid],
    ) -> Result<usize, Away> {
        let kept: Vec<String> = kept.iter().map(Uuid::to_string).collect();
        let folder = self.folder(tenant, attachment);
        let listed: Vec<_> = self.objects.list(Some(&folder)).try_collect().await?;
        let gone: Vec<Path> = listed
            .into_iter()
            .map(|object| object.location)
            .filter(|path| {
                let name = path.filename().unwrap_or_default();
                !kept.iter().any(|kept| kept == name)
            })
            .collect();
        let count = gone.len();
        let paths = futures_util::stream::iter(gone.into_iter().map(Ok)).boxed();
        let removed = self.objects.delete_stream(paths);
        let outcome: Result<Vec<Path>, StoreError> = removed.try_collect().await;
        outcome?;
        Ok(count)
    }
}
