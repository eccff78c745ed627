//! Everything that is stored about oneself, as one document that is written while it is read.
//!
//! An account can have any number of sessions and events. They are read page by page, as fast as the client
//! reads, so that the memory which this takes does not depend on their number.

use actix_web::{
    HttpResponse, get,
    http::header::ContentType,
    web::{Bytes, Data},
};
use futures_util::{Stream, stream};
use serde::Serialize;
use vestibule_domain::{Actor, AuditEvent, Id, Page, QueuedEmail, Session, UserError, account};
use vestibule_schema::{AuditEventResponse, ExportHead, ExportResponse, MailResponse, SessionResponse};

use crate::{
    App,
    extract::{Auth, DenyQuery, SignedIn},
    problem::{ApiError, ApiResult},
};

/// Get everything that is stored about oneself
///
/// Save what is secret, and nothing about other people. The document is written while it is read: when that
/// fails half-way, the connection is closed before its end.
#[utoipa::path(
    tag = "me", operation_id = "exportCurrentUser", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 200, body = ExportResponse, description = "Everything"),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/me/export")]
pub(super) async fn export(app: Data<App>, caller: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let actor = caller.actor();
    let head = ExportHead::from(account::export(&app, &actor).await?);
    let writer = Writer {
        app,
        actor,
        current: caller.session,
    };
    Ok(HttpResponse::Ok()
        .content_type(ContentType::json())
        .streaming(writer.document(head)))
}

/// What the parts of a document are made of.
struct Writer {
    app: Data<App>,
    actor: Actor,
    current: Id<Session>,
}

/// What is to be written next.
enum Part {
    Head(Box<ExportHead>),
    Mails(List<QueuedEmail>),
    Sessions(List<Session>),
    Events(List<AuditEvent>),
    End,
}

/// How far a list is written.
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

    /// The text of a part, and what comes next; `None` at the end.
    async fn write(&self, part: Part) -> ApiResult<Option<(Vec<u8>, Part)>> {
        let (app, actor) = (&self.app, &self.actor);
        let mut text = Vec::new();
        let next = match part {
            Part::Head(head) => {
                append(&mut text, &head)?;
                // The lists are members of the same object.
                text.pop();
                text.extend_from_slice(b",\"mails\":[");
                Part::Mails(List::START)
            }
            Part::Mails(list) => {
                let page = account::export_emails(app, actor, list.after).await;
                let rest = list.write(&mut text, page, MailResponse::from)?;
                rest.map_or_else(|| start(&mut text, "sessions", Part::Sessions), Part::Mails)
            }
            Part::Sessions(list) => {
                let page = account::export_sessions(app, actor, list.after).await;
                let show = |session| SessionResponse::new(session, self.current);
                let rest = list.write(&mut text, page, show)?;
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

    /// Writes the rows of a page. Returns the list as it goes on, if it does.
    fn write<Row, Shown: Serialize>(
        mut self,
        text: &mut Vec<u8>,
        page: Result<Page<Row, Id<T>>, UserError>,
        show: impl Fn(Row) -> Shown,
    ) -> ApiResult<Option<Self>> {
        let page = page?;
        for row in page.rows {
            if !self.is_empty {
                text.push(b',');
            }
            self.is_empty = false;
            append(text, &show(row))?;
        }
        let is_empty = self.is_empty;
        Ok(page.next.map(|last| Self {
            after: Some(last),
            is_empty,
        }))
    }
}

/// Ends a list and begins the next one.
fn start<T>(text: &mut Vec<u8>, name: &str, part: impl FnOnce(List<T>) -> Part) -> Part {
    text.extend_from_slice(format!("],\"{name}\":[").as_bytes());
    part(List::START)
}

fn append(text: &mut Vec<u8>, value: &impl Serialize) -> ApiResult<()> {
    serde_json::to_writer(text, value).map_err(|error| ApiError::internal(&error))
}
