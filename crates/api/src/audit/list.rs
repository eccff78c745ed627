//! List of audit events.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use uuid::Uuid;
use vestibule_domain::{
    AuditAction, AuditEvent, AuditFilter, Id, ListEvents, Timestamp, audit, audit_actions, permission::AuditRead,
};
use vestibule_schema::{AuditEventResponse, FieldCode, FieldError, ListAuditEventsQuery, parse_time};

use crate::{
    App,
    extract::{Auth, Query},
    openapi::Problems,
    page::{self, Scope},
    problem::ApiResult,
    validation::Fields,
};

/// List audit events
///
/// Newest first. The `Link` header points to the next page.
#[utoipa::path(
    tag = "audit", operation_id = "listAuditEvents", params(ListAuditEventsQuery),
    responses(
        (status = 200, body = [AuditEventResponse], description = "One page of audit events", headers(
            ("Link" = String, description = "The path of the next page, with `rel=\"next\"`; absent on the last page"),
            ("X-Total-Count" = u64, description = "The number of matching events; on the first page only"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` above 10,000")
        )),
        Problems<Auth<AuditRead>>
    )
)]
#[get("")]
pub(super) async fn list(
    app: Data<App>,
    auth: Auth<AuditRead>,
    query: Query<ListAuditEventsQuery>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let query = query.0;
    let scope = scope(&query);
    let mut fields = Fields::default();
    let filter = filter(&mut fields, &query);
    let limit = fields.parameter("limit", page::limit(query.limit.as_deref()));
    let opened = query
        .cursor
        .as_deref()
        .map(|cursor| scope.open(app.mac_keys.as_ref(), cursor))
        .transpose();
    let after = fields.parameter("cursor", opened.map(|bytes| bytes.as_deref().and_then(decode_position)));
    let ((filter, limit), after) = fields.finish(filter.zip(limit).zip(after))?;
    let query = ListEvents { filter, after, limit };
    let found = audit::list(&app, &auth.actor(), &query).await?;
    let rows: Vec<_> = found.rows.into_iter().map(AuditEventResponse::from).collect();
    let next = found
        .next
        .map(|id| scope.seal(app.mac_keys.as_ref(), id.as_uuid().as_bytes()));
    Ok(page::page(&request, &rows, found.total, next.as_deref()))
}

fn scope(query: &ListAuditEventsQuery) -> Scope<'_> {
    let filters = [&query.actor, &query.action, &query.target, &query.from, &query.to];
    let mut parts = vec!["audit-events"];
    parts.extend(filters.map(|filter| filter.as_deref().unwrap_or_default()));
    Scope(parts)
}

fn filter(fields: &mut Fields, query: &ListAuditEventsQuery) -> Option<AuditFilter> {
    let actor = fields.parameter("actor", query.actor.as_deref().map(id).transpose());
    let action = fields.parameter("action", query.action.as_deref().map(action).transpose());
    let target = fields.parameter("target", query.target.as_deref().map(id::<Uuid>).transpose());
    let from = fields.parameter("from", query.from.as_deref().map(time).transpose());
    let to = fields.parameter("to", query.to.as_deref().map(time).transpose());
    Some(AuditFilter {
        actor: actor?,
        action: action?,
        target: target?.map(|id| id.as_uuid()),
        from: from?,
        to: to?,
    })
}

fn id<T>(text: &str) -> Result<Id<T>, FieldError> {
    text.parse()
        .map_err(|_| FieldError::new(FieldCode::InvalidFormat, "must be a lower-case, hyphenated UUID"))
}

fn action(name: &str) -> Result<AuditAction, FieldError> {
    audit_actions()
        .into_iter()
        .find(|action| action.name() == name)
        .ok_or_else(|| FieldError::new(FieldCode::NotAllowedValue, "must be the name of an audit action"))
}

fn time(text: &str) -> Result<Timestamp, FieldError> {
    parse_time(text).ok_or_else(|| {
        FieldError::new(
            FieldCode::InvalidFormat,
            "must be an RFC 3339 time in the years 1 to 9999, such as 2026-11-24T09:00:00Z",
        )
    })
}

/// Decodes the position of a cursor, whose digest has been verified.
fn decode_position(bytes: &[u8]) -> Option<Id<AuditEvent>> {
    Some(Id::from_uuid(Uuid::from_slice(bytes).ok()?))
}
