//! Reports as files: `report.md`, `report.html` and `report.txt`.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::Problem;
use service::{ReportForm, Service};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Door;
use super::problem::ApiProblem;
use super::refusals::NotFound;

/// Name, form and content type of each file.
const FILES: [(&str, ReportForm, &str); 3] = [
    ("report.md", ReportForm::Markdown, "text/markdown; charset=utf-8"),
    ("report.html", ReportForm::Html, "text/html; charset=utf-8"),
    ("report.txt", ReportForm::Chat, "text/plain; charset=utf-8"),
];

/// The names that such files have.
pub struct ReportFile;

impl PartialSchema for ReportFile {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(FILES.map(|(name, ..)| name))).into()
    }
}

impl ToSchema for ReportFile {}

/// The report of an investigation
///
/// The last diagnosis with what people muted, confirmed, ruled out, noted and concluded, as a download: in Markdown, as one
/// HTML file that needs nothing else, or as a few lines of text for a chat.
#[utoipa::path(
    get, path = "/investigations/{id}/reports/{file}", operation_id = "investigationReport", tag = "investigations",
    params(("id" = String, Path, description = "Id of the investigation."), ("file" = inline(ReportFile), Path, description = "Name of the file.")),
    responses(
        (status = 200, description = "The file.", content((String = "text/markdown"), (String = "text/html"), (String = "text/plain"))),
        NotFound
    )
)]
pub async fn of_investigation(
    State(service): State<Service>,
    State(door): State<Door>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let (form, content_type) = parsed(&file)?;
    let address = format!("{}/investigations/{id}", origin(&headers, door));
    Ok(download(&file, content_type, service.report(&id, form, address).await?))
}

/// The report of what was shared
///
/// As for an investigation, as it was when the link was made.
#[utoipa::path(
    get, path = "/shared/{secret}/reports/{file}", operation_id = "sharedReport", tag = "sharing",
    params(("secret" = String, Path, description = "The link's secret: 64 hexadecimal digits."), ("file" = inline(ReportFile), Path, description = "Name of the file.")),
    responses(
        (status = 200, description = "The file.", content((String = "text/markdown"), (String = "text/html"), (String = "text/plain"))),
        NotFound
    )
)]
pub async fn of_shared(
    State(service): State<Service>,
    State(door): State<Door>,
    Path((secret, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let (form, content_type) = parsed(&file)?;
    let address = format!("{}/s/{secret}", origin(&headers, door));
    Ok(download(&file, content_type, service.shared_report(&secret, form, address).await?))
}

/// How the reader came to this server, such as `http://127.0.0.1:3000`. The guard has checked the name.
pub fn origin(headers: &HeaderMap, door: Door) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // A proxy that ends the encryption says so; nothing but the words on the page depends on it.
    let is_encrypted = door != Door::Plain || headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let scheme = if is_encrypted { "https" } else { "http" };
    host.map_or_else(String::new, |host| format!("{scheme}://{host}"))
}

fn parsed(file: &str) -> Result<(ReportForm, &'static str), Problem> {
    let known = FILES.into_iter().find(|(name, ..)| *name == file).map(|(_, form, content_type)| (form, content_type));
    known.ok_or_else(|| {
        let names = FILES.map(|(name, ..)| name).join(", ");
        Problem::not_found(format!("There is no report {file}. There are {names}."))
    })
}

/// Always a download under a name of ours: a report holds strangers' words and must not become a page.
pub fn download(file: &str, content_type: &'static str, body: String) -> Response {
    let disposition = format!("attachment; filename=\"{file}\"");
    ([(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response()
}
