//! What is logged, and in which form.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;

/// The settings of the log.
#[derive(Debug, Clone)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// Which events are logged, in the notation of `RUST_LOG`.
    pub filter: String,
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Everything that the server itself has to say, and warnings of its libraries; but nothing of requests
/// that are not HTTP, with which anyone could fill the log.
const DEFAULT_FILTER: &str = "warn,actix_http=off,vestibule_api=info,vestibule_migrate=info,vestibule_persistence=info,vestibule_security=info,vestibule_server=info";

impl Log {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let words = [("pretty", LogFormat::Pretty), ("json", LogFormat::Json)];
        let format = reader.choice("VESTIBULE_LOG_FORMAT", LogFormat::Pretty, &words);
        let filter = reader.value("RUST_LOG", DEFAULT_FILTER.to_owned(), filter, Clone::clone);
        Self { format, filter }
    }
}

fn filter(text: &str) -> Result<String, String> {
    let right = "a log filter, such as `info` or `warn,vestibule_server=debug`";
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| right.to_owned())
}
