//! Printing the OpenAPI document, which needs neither settings nor a database.

use std::io::Write;

use crate::Failure;

pub(super) fn print(out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "{}", vestibule_api::openapi_json())?;
    Ok(())
}
