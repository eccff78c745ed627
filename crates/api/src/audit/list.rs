//! List of audit events.

use actix_web::{HttpResponse, get, web::Data};
use vestibule_domain::{audit, permission::AuditRead};
use vestibule_schema::{AuditEventResponse, ListAuditEventsQuery, PageQuery};

use crate::{
    App,
    extract::{Auth, List},
    problem::{ApiResult, Problems},
};

/// List audit events
///
/// Newest first. The `Link` header points to the next page.
#[utoipa::path(
    tag = "audit", operation_id = "listAuditEvents", params(ListAuditEventsQuery, PageQuery),
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
    query: List<ListAuditEventsQuery>,
) -> ApiResult<HttpResponse> {
    let found = audit::list(&app, &auth.actor(), &query.request).await?;
    Ok(query.page(found, AuditEventResponse::from))
}
