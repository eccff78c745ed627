//! The version that a client means to change.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, IF_MATCH},
};
use vestibule_domain::{IfMatch, Version};

use crate::problem::{ApiError, ApiResult};

/// What the client believes the version to be.
pub(crate) struct Expected(pub(crate) IfMatch);

impl FromRequest for Expected {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(read(request.headers()))))
    }
}

/// Reads `If-Match` (RFC 9110, section 13.1.1). What is not a strong tag of ours matches no version.
fn read(headers: &HeaderMap) -> IfMatch {
    let lines: Vec<&str> = headers
        .get_all(IF_MATCH)
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    if lines.is_empty() {
        return IfMatch::Unconditional;
    }
    let tags: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    if tags == ["*"] {
        return IfMatch::Exists;
    }
    IfMatch::OneOf(tags.into_iter().filter_map(version).collect())
}

fn version(tag: &str) -> Option<Version> {
    let number = tag.strip_prefix('"')?.strip_suffix('"')?;
    let is_canonical = !number.starts_with(['0', '+']);
    number.parse().ok().filter(|_| is_canonical).map(Version::new)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn of(lines: &[&'static str]) -> IfMatch {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_static(line));
        }
        read(&headers)
    }

    #[test]
    fn only_strong_tags_of_ours_name_a_version() {
        let some = |numbers: &[u32]| IfMatch::OneOf(numbers.iter().copied().map(Version::new).collect());
        assert_eq!(of(&[]), IfMatch::Unconditional);
        assert_eq!(of(&["*"]), IfMatch::Exists);
        assert_eq!(of(&["\"3\""]), some(&[3]));
        assert_eq!(of(&["\"3\", \"4\"", "\"5\""]), some(&[3, 4, 5]));
        assert_eq!(
            of(&["W/\"3\", 3, \"03\", \"+3\", \"x\", \"\", \"4294967296\", "]),
            some(&[])
        );
    }
}
