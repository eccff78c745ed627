//! Settings of the log.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;

/// Settings of the log.
#[derive(Debug, Clone)]
pub struct Log {
    /// The format of a line.
    pub format: LogFormat,
    /// The filter of events, in the syntax of `RUST_LOG`.
    pub filter: String,
}

/// The format of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Readable text.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// Information from the server and warnings from its libraries. `actix_http` is off, because it logs every malformed
/// request, so any client could fill the log.
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
    let expected = "a log filter, such as `info` or `warn,vestibule_server=debug`";
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| expected.to_owned())
}
