//! Allowed methods of every path, for the `Allow` header of a 405.

use actix_web::dev::ResourceDef;
use utoipa::openapi::{OpenApi, PathItem};

/// The allowed methods of every route. actix treats a request with a method that a route does not handle as if
/// the route did not exist, so 405 has to be distinguished from 404 here.
pub(crate) struct AllowedMethods(Vec<(ResourceDef, String)>);

impl AllowedMethods {
    /// Reads the methods from the OpenAPI document, which lists every route.
    pub(crate) fn new(document: &OpenApi) -> Self {
        let paths = &document.paths.paths;
        Self(
            paths
                .iter()
                .map(|(path, item)| (ResourceDef::new(path.as_str()), allow_header(item)))
                .collect(),
        )
    }

    /// Returns the value of `Allow` for a path, or `None` if no route matches it.
    pub(crate) fn for_path(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(route, _)| route.is_match(path))
            .map(|(_, allow)| allow.as_str())
    }
}

fn allow_header(item: &PathItem) -> String {
    let methods = [
        (item.get.is_some(), "GET, HEAD"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
    ];
    methods
        .into_iter()
        .filter(|(is_allowed, _)| *is_allowed)
        .map(|(_, name)| name)
        .collect::<Vec<_>>()
        .join(", ")
}
