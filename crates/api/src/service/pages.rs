//! Pages for people: small, and without anything that the content security policy would refuse.

use actix_web::{HttpResponse, http::header::ContentType};
use vestibule_schema::Code;

/// The page about a problem.
pub(super) fn problem(code: Code) -> HttpResponse {
    let (name, status) = (code.as_str(), code.status());
    page(
        code.title(),
        &format!("<p>Status {status}, code <code>{name}</code>.</p>"),
    )
}

/// A page with a title and what stands below it; neither comes from a request.
pub(crate) fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::html()).body(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    ))
}
