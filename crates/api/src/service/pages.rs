//! Pages for people: small, and without anything that the content security policy would refuse.

use actix_web::{HttpResponse, http::header::ContentType};
use vestibule_schema::Code;

/// What stands where the web app will.
pub(crate) fn placeholder() -> HttpResponse {
    page(
        "Vestibule",
        "<p>The server is running. This page makes room for the web app.</p>\n\
         <ul>\n<li><a href=\"/docs/\">Try the API in Swagger UI</a></li>\n\
         <li><a href=\"/openapi.json\">The OpenAPI document</a></li>\n</ul>",
    )
}

/// The page about a problem.
pub(super) fn problem(code: Code) -> HttpResponse {
    let (name, status) = (code.as_str(), code.status());
    page(
        code.title(),
        &format!("<p>Status {status}, code <code>{name}</code>.</p>"),
    )
}

/// Neither argument comes from a request.
fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::html()).body(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    ))
}
