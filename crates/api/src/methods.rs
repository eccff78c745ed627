//! Which methods each path knows.

use actix_web::dev::ResourceDef;
use utoipa::openapi::{OpenApi, PathItem};

/// The methods of every route, for refusing the others: a method that a route does not know is no route
/// at all to actix.
pub(crate) struct Methods(Vec<(ResourceDef, String)>);

impl Methods {
    /// Takes them from the document, which knows every route.
    pub(crate) fn new(document: &OpenApi) -> Self {
        let known = &document.paths.paths;
        Self(
            known
                .iter()
                .map(|(path, item)| (ResourceDef::new(path.as_str()), allowed(item)))
                .collect(),
        )
    }

    /// The value of `Allow` for a path that some route has.
    pub(crate) fn of(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(route, _)| route.is_match(path))
            .map(|(_, allow)| allow.as_str())
    }
}

fn allowed(item: &PathItem) -> String {
    let methods = [
        (item.get.is_some(), "GET, HEAD"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
    ];
    methods
        .into_iter()
        .filter(|(is_known, _)| *is_known)
        .map(|(_, name)| name)
        .collect::<Vec<_>>()
        .join(", ")
}
