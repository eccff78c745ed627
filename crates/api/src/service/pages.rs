//! Small HTML pages that comply with the content security policy.

use std::fmt::Write;

use actix_web::{HttpResponse, http::header::ContentType};
use vestibule_schema::Code;

use crate::origin::{OriginError, Reason};

/// Returns the page that describes a problem code.
pub(super) fn problem(code: Code) -> HttpResponse {
    let (name, status) = (code.as_str(), code.status());
    let mut body = format!("<p>Status {status}, code <code>{name}</code></p>");
    if code == Code::OriginNotAllowed {
        body.push_str("\n<p>The member <code>reason</code> of the response is one of these:</p>\n<dl>\n");
        for Reason { name, help } in OriginError::REASONS {
            // Writing to a string cannot fail.
            let _ = writeln!(body, "<dt><code>{name}</code></dt>\n<dd>{help}</dd>");
        }
        body.push_str("</dl>");
    }
    page(code.title(), &body)
}

/// Returns a page with a title and an HTML body. Neither is escaped, so neither may come from a request.
pub(crate) fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::html()).body(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    ))
}
