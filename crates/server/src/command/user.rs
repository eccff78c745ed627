//! stub
use crate::{Failure, cli, config::Config};
use std::io::Write;
pub(super) async fn run(_action: cli::User, _config: &Config, _out: &mut dyn Write) -> Result<(), Failure> {
    Ok(())
}
