//! Export of the data stored about the current user, as one streamed document.
//!
//! An account can have any number of sessions and events. They are loaded page by page, as fast as the client
//! reads, so memory use does not depend on their number.

use actix_web::{
    HttpResponse, get,
    http::header::ContentType,
    web::{Bytes, Data},
};
use futures_util::{Stream, stream};
use serde::Serialize;
use vestibule_domain::{Actor, AuditEvent, Error, Id, Page, QueuedEmail, Session, StepUpRequired, account};
use vestibule_schema::{AuditEventResponse, ExportHead, ExportResponse, MailResponse, SessionResponse};

use crate::{
    App,
    extract::{Auth, DenyQuery, SignedIn},
    factors::rp_id,
    problem::{ApiError, ApiResult, Problems},
};

/// Export the current user's data
///
/// Returns all stored data except secrets and data about other people. The response is streamed; if an error occurs
/// partway, the connection is closed before the end of the document.
#[utoipa::path(
    tag = "me", operation_id = "exportCurrentUser",
    responses(
        (status = 200, body = ExportResponse, description = "All data stored about the user"),
        Problems<(Auth<SignedIn>, StepUpRequired)>
    )
)]
#[get("/me/export")]
pub(super) async fn export(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let actor = auth.actor();
    let head = ExportHead::new(account::export(&app, &actor).await?, rp_id(&app));
    let writer = Writer {
        app,
        actor,
        current: auth.session,
    };
    Ok(HttpResponse::Ok()
        .content_type(ContentType::json())
        .streaming(writer.document(head)))
}

/// The writer of the document, one part at a time.
struct Writer {
    app: Data<App>,
    actor: Actor,
    current: Id<Session>,
}

/// The next part to write.
enum Part {
    Head(Box<ExportHead>),
    Emails(List<QueuedEmail>),
    Sessions(List<Session>),
    Events(List<AuditEvent>),
    End,
}

/// The progress of writing a list.
struct List<T> {
    after: Option<Id<T>>,
    is_empty: bool,
}

impl Writer {
    fn document(self, head: ExportHead) -> impl Stream<Item = ApiResult<Bytes>> {
        let start = (self, Part::Head(Box::new(head)));
        stream::try_unfold(start, |(writer, part)| async move {
            let written = writer.write(part).await?;
            Ok(written.map(|(text, next)| (Bytes::from(text), (writer, next))))
        })
    }

    /// Returns the text of a part and the next part, or `None` after the last one.
    async fn write(&self, part: Part) -> ApiResult<Option<(Vec<u8>, Part)>> {
        let (app, actor) = (&self.app, &self.actor);
        let mut text = Vec::new();
        let next = match part {
            Part::Head(head) => {
                append(&mut text, &head)?;
                // The lists are members of the same object, so its closing brace is removed.
                text.pop();
                text.extend_from_slice(b",\"mails\":[");
                Part::Emails(List::START)
            }
            Part::Emails(list) => {
                let page = account::export_emails(app, actor, list.after).await;
                let rest = list.write(&mut text, page, MailResponse::from)?;
                rest.map_or_else(|| start(&mut text, "sessions", Part::Sessions), Part::Emails)
            }
            Part::Sessions(list) => {
                let page = account::export_sessions(app, actor, list.after).await;
                let to_response = |session| SessionResponse::new(session, self.current, app.policy.session_idle_ttl);
                let rest = list.write(&mut text, page, to_response)?;
                rest.map_or_else(|| start(&mut text, "audit_events", Part::Events), Part::Sessions)
            }
            Part::Events(list) => {
                let page = account::export_events(app, actor, list.after).await;
                let rest = list.write(&mut text, page, AuditEventResponse::from)?;
                rest.map_or_else(
                    || {
                        text.extend_from_slice(b"]}");
                        Part::End
                    },
                    Part::Events,
                )
            }
            Part::End => return Ok(None),
        };
        Ok(Some((text, next)))
    }
}

impl<T> List<T> {
    const START: Self = Self {
        after: None,
        is_empty: true,
    };

    /// Writes the rows of a page. Returns the remaining list, or `None` after the last page.
    fn write<Row, Response: Serialize>(
        mut self,
        text: &mut Vec<u8>,
        page: Result<Page<Row, Id<T>>, Error>,
        to_response: impl Fn(Row) -> Response,
    ) -> ApiResult<Option<Self>> {
        let page = page?;
        for row in page.rows {
            if !self.is_empty {
                text.push(b',');
            }
            self.is_empty = false;
            append(text, &to_response(row))?;
        }
        let is_empty = self.is_empty;
        Ok(page.next.map(|last| Self {
            after: Some(last),
            is_empty,
        }))
    }
}

/// Closes a list and opens the next one.
fn start<T>(text: &mut Vec<u8>, name: &str, part: impl FnOnce(List<T>) -> Part) -> Part {
    text.extend_from_slice(format!("],\"{name}\":[").as_bytes());
    part(List::START)
}

fn append(text: &mut Vec<u8>, value: &impl Serialize) -> ApiResult<()> {
    serde_json::to_writer(text, value).map_err(|error| ApiError::internal(&error))
}
