//! The web app: its files, and its one page for every path that a browser opens.
//!
//! Nothing is compressed here. What the build compressed beforehand is chosen by `Accept-Encoding`, and each form of
//! a file has an entity tag of its own, as a strong tag must (RFC 9110, section 8.8.3).

use std::fmt::Write as _;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCEPT, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding, ETag, Encoding, EntityTag, Header,
        HeaderValue, IfNoneMatch, VARY,
    },
};

use crate::{WebApp, WebFile, service};

/// The page that every route of the app begins with.
const PAGE: &str = "index.html";

/// What is in here has a digest of its content in its name.
const HASHED: &str = "assets/";

/// The forms in which a file may be there, and how their names end.
const FORMS: [(ContentEncoding, &str); 3] = [
    (ContentEncoding::Brotli, ".br"),
    (ContentEncoding::Gzip, ".gz"),
    (ContentEncoding::Identity, ""),
];

/// Whether the client is a browser that opens a page.
pub(crate) fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The page of the app, or one that says how to build it.
pub(crate) fn page(request: &HttpRequest, app: &dyn WebApp) -> HttpResponse {
    let mut response = file(request, app, PAGE).unwrap_or_else(placeholder);
    vary(&mut response);
    response
}

/// Says of an answer to a path that is a page to browsers that others are answered otherwise. It is one value,
/// because the middleware for CORS knows only the first.
pub(crate) fn vary(response: &mut HttpResponse) {
    let names = HeaderValue::from_static("Accept, Accept-Encoding");
    response.headers_mut().insert(VARY, names);
}

/// A file in the best form that the client takes, if there is such a file.
pub(crate) fn file(request: &HttpRequest, app: &dyn WebApp, path: &str) -> Option<HttpResponse> {
    if !is_plain(path) {
        return None;
    }
    let (encoding, file) = best_form(request, app, path)?;
    let tag = EntityTag::new_strong(hexadecimal(&file.digest[..16]));
    let is_known = is_known(request, &tag);
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(ETag(tag))
        .insert_header((CACHE_CONTROL, cache_control(path)))
        .insert_header((VARY, "Accept-Encoding"));
    if is_known {
        return Some(response.finish());
    }
    if encoding != ContentEncoding::Identity {
        response.insert_header((CONTENT_ENCODING, encoding.as_str()));
    }
    Some(response.content_type(content_type(path)).body(file.content))
}

/// Whether the path names a file for the public: no way out of the folder, no hidden file, and no form of another.
fn is_plain(path: &str) -> bool {
    let is_form = FORMS
        .iter()
        .any(|(_, suffix)| !suffix.is_empty() && path.ends_with(suffix));
    !is_form
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'))
}

/// The form that the client likes best, of those that are there. No other is read.
fn best_form(request: &HttpRequest, app: &dyn WebApp, path: &str) -> Option<(ContentEncoding, WebFile)> {
    let accepted = AcceptEncoding::parse(request).unwrap_or_else(|_| AcceptEncoding(Vec::new()));
    let mut forms = FORMS.to_vec();
    while !forms.is_empty() {
        let known: Vec<Encoding> = forms.iter().map(|(encoding, _)| Encoding::Known(*encoding)).collect();
        let wanted = accepted.negotiate(known.iter());
        let place = known.iter().position(|encoding| Some(encoding) == wanted.as_ref());
        // Who refuses even the plain form, which is the last, gets it all the same: RFC 9110, section 12.5.3, lets a
        // server do so.
        let (encoding, suffix) = forms.remove(place.unwrap_or(known.len() - 1));
        if let Some(file) = app.file(&format!("{path}{suffix}")) {
            return Some((encoding, file));
        }
    }
    None
}

/// Whether the client has the file already.
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(IfNoneMatch::name()) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

/// A name with a digest never gets another content; of all else clients ask whether it changed.
fn cache_control(path: &str) -> &'static str {
    if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn content_type(path: &str) -> String {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    if kind.type_() == mime_guess::mime::TEXT {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What stands where the app would be, in a program that was built without it.
fn placeholder() -> HttpResponse {
    let mut response = service::page(
        "Vestibule",
        "<p>The server is running, but this build has no web app. <code>cargo xtask serve</code> builds it and \
         starts the server again; it needs Node 20.</p>\n\
         <ul>\n<li><a href=\"/docs/\">Try the API in Swagger UI</a></li>\n\
         <li><a href=\"/openapi.json\">The OpenAPI document</a></li>\n</ul>",
    );
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use actix_web::{body::to_bytes, test::TestRequest};

    use super::*;

    /// Files by their names; the content of each is its name.
    struct Files(&'static [&'static str]);

    impl WebApp for Files {
        fn file(&self, path: &str) -> Option<WebFile> {
            let (number, name) = self
                .0
                .iter()
                .zip(1..)
                .find_map(|(name, number)| (*name == path).then_some((number, *name)))?;
            Some(WebFile {
                content: Cow::Borrowed(name.as_bytes()),
                digest: [number; 32],
            })
        }
    }

    const BUILT: Files = Files(&[
        "index.html",
        "index.html.br",
        "index.html.gz",
        "assets/a-1.js",
        "logo.svg",
        ".vite/manifest.json",
    ]);

    fn asked(headers: &[(&'static str, &'static str)]) -> HttpRequest {
        headers
            .iter()
            .fold(TestRequest::get(), |request, header| request.insert_header(*header))
            .to_http_request()
    }

    fn header<'a>(response: &'a HttpResponse, name: &str) -> &'a str {
        response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }

    async fn text(response: HttpResponse) -> String {
        let body = to_bytes(response.into_body()).await.expect("a body");
        String::from_utf8(body.to_vec()).expect("UTF-8")
    }

    #[actix_web::test]
    async fn the_best_form_that_the_client_takes_is_chosen() {
        for (accepted, encoding, content) in [
            ("gzip, deflate, br, zstd", "br", "index.html.br"),
            ("gzip", "gzip", "index.html.gz"),
            ("br;q=0.1, gzip;q=0.9", "gzip", "index.html.gz"),
            ("br;q=0, gzip;q=0", "", "index.html"),
            ("zstd", "", "index.html"),
            ("identity;q=0", "", "index.html"),
            ("", "", "index.html"),
            ("\u{e9}", "", "index.html"),
        ] {
            let response = page(&asked(&[("accept-encoding", accepted)]), &BUILT);
            assert_eq!(header(&response, "content-encoding"), encoding, "{accepted}");
            assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
            assert_eq!(text(response).await, content, "{accepted}");
        }
        let response = file(&asked(&[("accept-encoding", "br")]), &BUILT, "logo.svg").expect("a file");
        assert_eq!(header(&response, "content-encoding"), "");
        assert_eq!(header(&response, "content-type"), "image/svg+xml");
    }

    #[actix_web::test]
    async fn a_page_is_asked_for_again_and_an_asset_never() {
        let response = page(&asked(&[]), &BUILT);
        assert_eq!(header(&response, "cache-control"), "no-cache");
        assert_eq!(header(&response, "vary"), "Accept, Accept-Encoding");
        let asset = file(&asked(&[]), &BUILT, "assets/a-1.js").expect("a file");
        assert_eq!(header(&asset, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header(&asset, "content-type"), "text/javascript; charset=utf-8");
    }

    #[actix_web::test]
    async fn who_has_this_form_of_a_file_is_told_so_and_no_more() {
        let plain = header(&page(&asked(&[]), &BUILT), "etag").to_owned();
        let known = [
            ("accept-encoding", "gzip"),
            ("if-none-match", "\"x\", W/\"03030303030303030303030303030303\""),
        ];
        let response = page(&asked(&known), &BUILT);
        assert_eq!(
            (response.status(), header(&response, "cache-control")),
            (304.try_into().expect("a status"), "no-cache")
        );
        assert_ne!(header(&response, "etag"), plain);
        assert_eq!(text(response).await, "");
        assert_eq!(page(&asked(&[("if-none-match", "*")]), &BUILT).status(), 304);
        assert_eq!(page(&asked(&[("if-none-match", "\"x\"")]), &BUILT).status(), 200);
        assert_eq!(page(&asked(&[("if-none-match", "nonsense")]), &BUILT).status(), 200);
    }

    #[test]
    fn what_is_no_file_for_the_public_is_not_there() {
        for path in [
            "",
            "/index.html",
            "../index.html",
            "assets/../index.html",
            "assets",
            "index.html.br",
            ".vite/manifest.json",
            "assets//a-1.js",
            "..\\index.html",
        ] {
            assert!(file(&asked(&[]), &BUILT, path).is_none(), "{path}");
        }
    }

    #[actix_web::test]
    async fn without_a_built_app_the_page_says_how_to_build_it() {
        let response = page(&asked(&[]), &Files(&[]));
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "vary"), "Accept, Accept-Encoding");
        assert!(text(response).await.contains("cargo xtask serve"));
    }
}
