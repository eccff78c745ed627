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

/// Reads `If-Match` (RFC 9110, section 13.1.1). What is not a tag of ours matches no version.
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

/// The version that a tag names. Proxies that compress weaken tags (`W/"3"`) or mark them (`"3-gzip"`, `"3;br"`), and
/// clients send them back so; the tags are versions, so these still name version 3.
fn version(tag: &str) -> Option<Version> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let text = tag.strip_prefix('"')?.strip_suffix('"')?;
    let (number, mark) = text.split_at(text.find(['-', ';']).unwrap_or(text.len()));
    if !mark.is_empty() && !mark[1..].bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
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
    fn tags_that_a_proxy_has_changed_name_the_same_version() {
        let three = IfMatch::OneOf(vec![Version::new(3)]);
        for tag in ["W/\"3\"", "\"3-gzip\"", "\"3;br\"", "W/\"3-zstd\""] {
            assert_eq!(of(&[tag]), three, "{tag}");
        }
        for tag in ["\"3-GZIP\"", "\"3 gzip\"", "\"-gzip\"", "w/\"3\"", "W/3"] {
            assert_eq!(of(&[tag]), IfMatch::OneOf(vec![]), "{tag}");
        }
    }

    #[test]
    fn only_tags_of_ours_name_a_version() {
        let some = |numbers: &[u32]| IfMatch::OneOf(numbers.iter().copied().map(Version::new).collect());
        assert_eq!(of(&[]), IfMatch::Unconditional);
        assert_eq!(of(&["*"]), IfMatch::Exists);
        assert_eq!(of(&["\"3\""]), some(&[3]));
        assert_eq!(of(&["\"3\", \"4\"", "\"5\""]), some(&[3, 4, 5]));
        assert_eq!(of(&["3, \"03\", \"+3\", \"x\", \"\", \"4294967296\", "]), some(&[]));
    }
}
