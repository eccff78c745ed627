//! Small HTML pages that comply with the content security policy.

use actix_web::{HttpResponse, http::header::ContentType};
use vestibule_schema::Code;

/// Returns the page that describes a problem code.
pub(super) fn problem(code: Code) -> HttpResponse {
    let (name, status) = (code.as_str(), code.status());
    page(
        code.title(),
        &format!("<p>Status {status}, code <code>{name}</code></p>"),
    )
}

/// Returns a page with a title and an HTML body. Neither is escaped, so neither may come from a request.
pub(crate) fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::html()).body(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    ))
}
