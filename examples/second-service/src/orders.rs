//! What this service is about.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde_json::json;
use vestibule_domain::Permission;

use crate::guard::{Guard, Refusal};

/// The name of the permission. It is this service's own: Vestibule lets roles have it and knows no more.
const ORDERS_READ: &str = "orders:read";

/// `GET /orders`.
pub(crate) async fn list(request: HttpRequest, guard: Data<Guard>) -> Result<HttpResponse, Refusal> {
    let orders_read: Permission = ORDERS_READ.parse().map_err(|_| Refusal::Unavailable)?;
    let claims = guard.permit(&request, &orders_read).await?;
    Ok(HttpResponse::Ok().json(json!({ "orders": [], "read_by": claims.user.to_string() })))
}
