//! The actions that the audit log records.

/// A kind of audit event. The use case that records it declares it as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditAction {
    name: &'static str,
    description: &'static str,
}

impl AuditAction {
    /// Creates an action. Its name has the form `resource.verb`.
    #[must_use]
    pub const fn new(name: &'static str, description: &'static str) -> Self {
        Self { name, description }
    }

    /// Returns its name, as stored and shown. It never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Returns its description, with the details of its events.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.description
    }
}
