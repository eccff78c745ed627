//! The `If-Match` condition of requests that change a resource.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{EntityTag, HeaderMap, HeaderValue, IF_MATCH},
};
use vestibule_domain::{IfMatch as Condition, Version};

use crate::problem::{ApiError, ApiResult};

/// The version that the client expects the resource to have.
pub(crate) struct IfMatch(pub(crate) Condition);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(read(request.headers()))))
    }
}

/// Reads `If-Match` (RFC 9110, section 13.1.1). A tag that this server cannot have sent matches no version.
///
/// actix-web's own `IfMatch` would read only the first of the lines `*` and `"3"`, and so update any version.
fn read(headers: &HeaderMap) -> Condition {
    let lines: Vec<&HeaderValue> = headers.get_all(IF_MATCH).collect();
    match lines[..] {
        [] => Condition::Unconditional,
        [line] if line == "*" => Condition::Exists,
        _ => {
            let tags = lines
                .iter()
                .filter_map(|line| line.to_str().ok())
                .flat_map(|line| line.split(','));
            Condition::OneOf(tags.filter_map(|tag| version(&tag.trim().parse().ok()?)).collect())
        }
    }
}

/// Returns the version in a tag. Compressing proxies weaken tags (`W/"3"`) or add a suffix (`"3-gzip"`, `"3;br"`), which
/// clients then send back. The tags are versions, so all of these mean version 3.
fn version(tag: &EntityTag) -> Option<Version> {
    let text = tag.tag();
    let (number, suffix) = text.split_at(text.find(['-', ';']).unwrap_or(text.len()));
    if !suffix.is_empty() && !suffix[1..].bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let is_canonical = !number.starts_with(['0', '+']);
    number.parse().ok().filter(|_| is_canonical).map(Version::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_lines(lines: &[&'static str]) -> Condition {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_static(line));
        }
        read(&headers)
    }

    #[test]
    fn if_match_accepts_tags_changed_by_proxies() {
        let three = Condition::OneOf(vec![Version::new(3)]);
        for tag in ["W/\"3\"", "\"3-gzip\"", "\"3;br\"", "W/\"3-zstd\""] {
            assert_eq!(read_lines(&[tag]), three, "{tag}");
        }
        for tag in ["\"3-GZIP\"", "\"3 gzip\"", "\"-gzip\"", "w/\"3\"", "W/3"] {
            assert_eq!(read_lines(&[tag]), Condition::OneOf(vec![]), "{tag}");
        }
    }

    #[test]
    fn if_match_ignores_foreign_tags() {
        let some = |numbers: &[u32]| Condition::OneOf(numbers.iter().copied().map(Version::new).collect());
        assert_eq!(read_lines(&[]), Condition::Unconditional);
        assert_eq!(read_lines(&["*"]), Condition::Exists);
        assert_eq!(read_lines(&["\"3\""]), some(&[3]));
        assert_eq!(read_lines(&["\"3\", \"4\"", "\"5\""]), some(&[3, 4, 5]));
        assert_eq!(
            read_lines(&["3, \"03\", \"+3\", \"x\", \"\", \"4294967296\", "]),
            some(&[])
        );
    }
}
