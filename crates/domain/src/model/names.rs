//! Sets of named values.

/// Declares an enum of named values.
macro_rules! closed_names {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type {
            $($(#[$doc])* $variant,)+
        }

        impl $type {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns its name, as stored and shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Returns the value with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }
        }
    };
}

/// Declares an enum of named values to which a newer version may add values. A value that only a newer version knows is
/// read as `Other` and remains stored until a different one is set.
macro_rules! open_names {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $type {
            $($(#[$doc])* $variant,)+
            /// A value that a newer version has set.
            Other(String),
        }

        impl $type {
            /// Every value that can be set.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns its name, as stored and shown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Other(name) => name,
                }
            }

            /// Returns the value with this name, if it can be set.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().find(|value| value.as_str() == name).cloned()
            }

            /// Converts a stored name.
            #[must_use]
            pub fn new_unchecked(name: String) -> Self {
                Self::from_name(&name).unwrap_or(Self::Other(name))
            }
        }
    };
}

pub(crate) use {closed_names, open_names};
