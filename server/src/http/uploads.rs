//! Files on their way in from the network.

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Request};
use domain::snapshot::Snapshot;
use domain::{Problem, ProblemKind};
use service::{STALL_LIMIT, Service, Upload};
use tokio_stream::{Stream, StreamExt};

use super::extract::{Fields, written};

/// Longest text field of a multipart form.
const TEXT_BYTES: usize = 1 << 16;
/// Most parts of a multipart form: a bound on what one request can store.
const MAX_PARTS: usize = 200;

/// A multipart form whose files are stored.
#[derive(Debug, Default)]
pub struct Received {
    pub fields: Fields,
    pub snapshots: Vec<Snapshot>,
}

/// Takes the files of a form as they come, collects its text fields, and stores the files once the form has ended: of a
/// form that breaks off or is refused for its size, nothing remains.
///
/// # Errors
/// The first file's problem, with the file's name; files before it are kept and cost nothing when they come again.
pub async fn receive(service: &Service, mut form: Multipart) -> Result<Received, Problem> {
    let mut received = Received::default();
    let mut uploads = Vec::new();
    for _ in 0..MAX_PARTS {
        let Some(part) = in_time(form.next_field()).await?.map_err(|error| broken(&error))? else {
            for upload in uploads {
                received.snapshots.extend(Upload::finish_all(upload).await?);
            }
            return Ok(received);
        };
        match part.file_name().map(str::to_owned) {
            // What a browser sends for a file field that was left empty.
            Some(name) if name.is_empty() => {}
            Some(name) => uploads.push(take_part(service, &name, part).await?),
            None => {
                let name = part.name().unwrap_or_default().to_owned();
                received.fields.0.push((name, text_of(part).await?));
            }
        }
    }
    Err(Problem::new(
        ProblemKind::TooLarge,
        format!("The form has more than {MAX_PARTS} parts. Send fewer files at once."),
    ))
}

async fn take_part(service: &Service, name: &str, part: Field<'_>) -> Result<Upload, Problem> {
    let chunks = part.map(|chunk| chunk.map_err(|error| broken(&error)));
    take(service, name, chunks).await
}

/// Stores one file from a stream of bytes, or, of a zip, the files in it. When the stream breaks off, nothing of it remains.
///
/// # Errors
/// What the stream or the service says.
pub async fn store<B: AsRef<[u8]>>(
    service: &Service,
    name: &str,
    chunks: impl Stream<Item = Result<B, Problem>>,
) -> Result<Vec<Snapshot>, Problem> {
    take(service, name, chunks).await?.finish_all().await
}

/// The text fields of a form and its first file, which is not stored yet.
///
/// # Errors
/// As [`receive`].
pub async fn one(service: &Service, mut form: Multipart) -> Result<(Fields, Option<Upload>), Problem> {
    let (mut fields, mut upload) = (Fields::default(), None);
    for _ in 0..MAX_PARTS {
        let Some(part) = in_time(form.next_field()).await?.map_err(|error| broken(&error))? else { break };
        match part.file_name().map(str::to_owned).filter(|name| !name.is_empty()) {
            Some(name) if upload.is_none() => upload = Some(take_part(service, &name, part).await?),
            Some(_) => {}
            None => {
                let name = part.name().unwrap_or_default().to_owned();
                fields.0.push((name, text_of(part).await?));
            }
        }
    }
    Ok((fields, upload))
}

/// Bytes on their way in, as they come: nothing reads them yet.
///
/// # Errors
/// What the stream or the service says.
pub async fn take<B: AsRef<[u8]>>(
    service: &Service,
    name: &str,
    chunks: impl Stream<Item = Result<B, Problem>>,
) -> Result<Upload, Problem> {
    let mut upload = service.begin_upload(name).await?;
    let mut chunks = std::pin::pin!(chunks);
    while let Some(chunk) = in_time(chunks.next()).await? {
        upload.write(chunk?.as_ref()).await?;
    }
    upload.settle().await?;
    Ok(upload)
}

/// A client that sends nothing for a while loses its connection, and its partial file is deleted.
async fn in_time<T>(next: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(STALL_LIMIT, next).await.map_err(|_elapsed| {
        let seconds = STALL_LIMIT.as_secs();
        Problem::bad_input(format!(
            "No data arrived for {seconds} seconds, so the upload was stopped. Send the file again."
        ))
    })
}

async fn text_of(mut part: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(part.chunk()).await?.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT_BYTES {
            return Err(Problem::new(
                ProblemKind::TooLarge,
                "A text field of the form is longer than 64 kB. Shorten it.",
            ));
        }
    }
    Ok(written(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The bytes of a bare body as they come.
pub fn body(request: Request) -> impl Stream<Item = Result<Bytes, Problem>> {
    request.into_body().into_data_stream().map(|chunk| {
        chunk.map_err(|error| {
            tracing::info!(%error, "an upload broke off");
            interrupted()
        })
    })
}

fn interrupted() -> Problem {
    Problem::bad_input("The upload was interrupted. Send the file again.")
}

fn broken(error: &MultipartError) -> Problem {
    tracing::info!(%error, "an upload broke off");
    interrupted()
}
