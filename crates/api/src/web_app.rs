//! The web app: its files, and its single page for every path that a browser opens.
//!
//! The build compresses the files, and `Accept-Encoding` selects a variant. Each variant has its own entity tag, as
//! strong tags require (RFC 9110, section 8.8.3).

use std::fmt::Write as _;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCEPT, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding, ETag, Encoding, EntityTag, Header,
        HeaderValue, IfNoneMatch, VARY,
    },
};

use crate::{WebApp, WebFile, service};

/// The page that loads the app on every route.
const PAGE: &str = "index.html";

/// The folder of files whose names contain a digest of their content.
const HASHED: &str = "assets/";

/// The possible variants of a file and the suffixes of their names.
const VARIANTS: [(ContentEncoding, &str); 3] = [
    (ContentEncoding::Brotli, ".br"),
    (ContentEncoding::Gzip, ".gz"),
    (ContentEncoding::Identity, ""),
];

/// Returns whether the client is a browser that opens a page.
pub(crate) fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Returns the page of the app, or a page that explains how to build the app.
pub(crate) fn page(request: &HttpRequest, app: &dyn WebApp) -> HttpResponse {
    let mut response = file(request, app, PAGE).unwrap_or_else(placeholder);
    vary(&mut response);
    response
}

/// Sets `Vary` on responses of paths that return the page to browsers and something else to other clients. The header
/// has to be a single line, because actix-cors keeps only the first one.
pub(crate) fn vary(response: &mut HttpResponse) {
    let names = HeaderValue::from_static("Accept, Accept-Encoding");
    response.headers_mut().insert(VARY, names);
}

/// Returns the best variant of a file that the client accepts, or `None` if the file does not exist.
pub(crate) fn file(request: &HttpRequest, app: &dyn WebApp, path: &str) -> Option<HttpResponse> {
    if !is_public(path) {
        return None;
    }
    let (encoding, file) = best_variant(request, app, path)?;
    let tag = EntityTag::new_strong(hexadecimal(&file.digest[..16]));
    let is_fresh = is_fresh(request, &tag);
    let mut response = if is_fresh {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(ETag(tag))
        .insert_header((CACHE_CONTROL, cache_control(path)))
        .insert_header((VARY, "Accept-Encoding"));
    if is_fresh {
        return Some(response.finish());
    }
    if encoding != ContentEncoding::Identity {
        response.insert_header((CONTENT_ENCODING, encoding.as_str()));
    }
    Some(response.content_type(content_type(path)).body(file.content))
}

/// Returns whether a path is that of a public file: inside the folder, not hidden, and not a compressed variant.
fn is_public(path: &str) -> bool {
    let is_variant = VARIANTS
        .iter()
        .any(|(_, suffix)| !suffix.is_empty() && path.ends_with(suffix));
    !is_variant
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'))
}

/// Returns the existing variant that the client prefers. Reads no more variants than necessary.
fn best_variant(request: &HttpRequest, app: &dyn WebApp, path: &str) -> Option<(ContentEncoding, WebFile)> {
    let accepted = AcceptEncoding::parse(request).unwrap_or_else(|_| AcceptEncoding(Vec::new()));
    let mut variants = VARIANTS.to_vec();
    while !variants.is_empty() {
        let encodings: Vec<Encoding> = variants
            .iter()
            .map(|(encoding, _)| Encoding::Known(*encoding))
            .collect();
        let preferred = accepted.negotiate(encodings.iter());
        let index = encodings
            .iter()
            .position(|encoding| Some(encoding) == preferred.as_ref());
        // A client that rejects even the identity variant, which is the last one, still receives it. RFC 9110, section
        // 12.5.3, allows this.
        let (encoding, suffix) = variants.remove(index.unwrap_or(encodings.len() - 1));
        if let Some(file) = app.file(&format!("{path}{suffix}")) {
            return Some((encoding, file));
        }
    }
    None
}

/// Returns whether the client already has this variant of the file.
fn is_fresh(request: &HttpRequest, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(IfNoneMatch::name()) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|cached| cached.weak_eq(tag)),
        Err(_) => false,
    }
}

/// Returns the `Cache-Control` of a file: files with a digest in their name never change, all others are revalidated.
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

/// Returns the page of a build without the web app.
fn placeholder() -> HttpResponse {
    let mut response = service::page(
        "Vestibule",
        "<p>The server is running, but this build has no web app. Run <code>cargo xtask serve</code> to build it and \
         restart the server; this requires Node 20.</p>\n\
         <ul>\n<li><a href=\"/docs/\">Try the API in Swagger UI</a></li>\n\
         <li><a href=\"/openapi.json\">OpenAPI document</a></li>\n</ul>",
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

    /// Files by name. The content of each file is its name.
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

    fn request_with(headers: &[(&'static str, &'static str)]) -> HttpRequest {
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
    async fn preferred_variant_is_returned() {
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
            let response = page(&request_with(&[("accept-encoding", accepted)]), &BUILT);
            assert_eq!(header(&response, "content-encoding"), encoding, "{accepted}");
            assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
            assert_eq!(text(response).await, content, "{accepted}");
        }
        let response = file(&request_with(&[("accept-encoding", "br")]), &BUILT, "logo.svg").expect("a file");
        assert_eq!(header(&response, "content-encoding"), "");
        assert_eq!(header(&response, "content-type"), "image/svg+xml");
    }

    #[actix_web::test]
    async fn page_is_revalidated_and_assets_are_immutable() {
        let response = page(&request_with(&[]), &BUILT);
        assert_eq!(header(&response, "cache-control"), "no-cache");
        assert_eq!(header(&response, "vary"), "Accept, Accept-Encoding");
        let asset = file(&request_with(&[]), &BUILT, "assets/a-1.js").expect("a file");
        assert_eq!(header(&asset, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header(&asset, "content-type"), "text/javascript; charset=utf-8");
    }

    #[actix_web::test]
    async fn matching_if_none_match_returns_304() {
        let identity_tag = header(&page(&request_with(&[]), &BUILT), "etag").to_owned();
        let headers = [
            ("accept-encoding", "gzip"),
            ("if-none-match", "\"x\", W/\"03030303030303030303030303030303\""),
        ];
        let response = page(&request_with(&headers), &BUILT);
        assert_eq!(
            (response.status(), header(&response, "cache-control")),
            (304.try_into().expect("a status"), "no-cache")
        );
        assert_ne!(header(&response, "etag"), identity_tag);
        assert_eq!(text(response).await, "");
        assert_eq!(page(&request_with(&[("if-none-match", "*")]), &BUILT).status(), 304);
        assert_eq!(page(&request_with(&[("if-none-match", "\"x\"")]), &BUILT).status(), 200);
        assert_eq!(
            page(&request_with(&[("if-none-match", "nonsense")]), &BUILT).status(),
            200
        );
    }

    #[test]
    fn non_public_files_are_not_found() {
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
            assert!(file(&request_with(&[]), &BUILT, path).is_none(), "{path}");
        }
    }

    #[actix_web::test]
    async fn page_without_built_app_explains_how_to_build_it() {
        let response = page(&request_with(&[]), &Files(&[]));
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "vary"), "Accept, Accept-Encoding");
        assert!(text(response).await.contains("cargo xtask serve"));
    }
}
