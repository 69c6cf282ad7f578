//! Uploads: bytes streamed to disk as they come.

use std::time::Duration;

use domain::Problem;
use domain::snapshot::Snapshot;

use crate::Service;
use crate::blobs::Incoming;
use crate::error::Error;
use crate::snapshots::Unnamed;
use measure::ingest::ReadOptions;

/// Bytes are handed to the disk in pieces of this size: hashing and writing one takes a few milliseconds.
const PIECE_BYTES: usize = 1 << 20;

/// An upload that stalls longer than this is given up by the doors that read it from a network.
pub const STALL_LIMIT: Duration = Duration::from_secs(60);

/// A file on its way in. Dropped before [`Upload::finish`], nothing of it remains.
pub struct Upload {
    service: Service,
    name: String,
    incoming: Option<Incoming>,
    piece: Vec<u8>,
}

impl Service {
    /// Begins an upload. Only the last part of the name is kept, as a label: it never becomes a path.
    ///
    /// # Errors
    /// When the data folder can't be written.
    pub async fn begin_upload(&self, file_name: &str) -> Result<Upload, Problem> {
        let blobs = self.inner.blobs.clone();
        let incoming = tokio::task::spawn_blocking(move || blobs.begin()).await.map_err(Error::from)??;
        Ok(Upload {
            service: self.clone(),
            name: label_of(file_name),
            incoming: Some(incoming),
            piece: Vec::with_capacity(PIECE_BYTES),
        })
    }
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge` beyond the upload limit; `Internal` when the disk fails.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Problem> {
        while !bytes.is_empty() {
            let room = PIECE_BYTES - self.piece.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE_BYTES {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Hands what came so far to the disk, so that an upload that waits for others takes no memory.
    ///
    /// # Errors
    /// As [`Upload::write`].
    pub async fn settle(&mut self) -> Result<(), Problem> {
        self.flush().await?;
        self.piece = Vec::new();
        Ok(())
    }

    /// Makes the bytes durable, reads what kind of table they are, and stores the snapshot.
    ///
    /// # Errors
    /// `BadInput` when the file can't be read as a table (nothing of it is kept then).
    pub async fn finish(self) -> Result<Snapshot, Problem> {
        self.finish_with(ReadOptions::default()).await
    }

    /// As [`Upload::finish`], with what the person says about the file's format.
    ///
    /// # Errors
    /// As [`Upload::finish`].
    pub async fn finish_with(mut self, options: ReadOptions) -> Result<Snapshot, Problem> {
        let unnamed = self.durable().await?;
        self.service.keep(unnamed, &self.name, "upload", options).await
    }

    /// As [`Upload::finish`]; of an archive, each file in it that can be read.
    ///
    /// # Errors
    /// As [`Upload::finish`]; of an archive when it is damaged or too large, or nothing in it can be read.
    pub async fn finish_all(mut self) -> Result<Vec<Snapshot>, Problem> {
        let unnamed = self.durable().await?;
        self.service.keep_all(unnamed, &self.name, "upload").await
    }

    /// The bytes alone, whatever they are.
    pub(crate) async fn into_durable(mut self) -> Result<Unnamed, Problem> {
        self.durable().await
    }

    async fn durable(&mut self) -> Result<Unnamed, Problem> {
        self.flush().await?;
        let incoming = self.incoming.take().ok_or_else(lost)?;
        let service = self.service.clone();
        let kept = move || incoming.finish().map(|blob| Unnamed::of(&service, blob));
        Ok(tokio::task::spawn_blocking(kept).await.map_err(Error::from)??)
    }

    async fn flush(&mut self) -> Result<(), Problem> {
        let mut incoming = self.incoming.take().ok_or_else(lost)?;
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        let written = tokio::task::spawn_blocking(move || incoming.write(&piece).map(|()| incoming));
        self.incoming = Some(written.await.map_err(Error::from)??);
        Ok(())
    }
}

fn lost() -> Problem {
    Problem::bad_input("The upload had already failed. Start it again.")
}

/// Browsers on some systems send a whole path as the file's name.
pub(crate) fn label_of(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let label: String = last.chars().filter(|character| !character.is_control()).take(200).collect();
    if label.trim().is_empty() { "unnamed".to_owned() } else { label }
}
