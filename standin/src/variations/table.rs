//! An entry of the catalogue, and the macro that builds a table of entries and their keys.

/// A difference from the documented server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variation {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its effect, in one sentence.
    pub summary: &'static str,
    /// The level of the strictest requirement that it breaks. For a conforming variant: the strictest that it may break.
    pub level: VariationLevel,
    /// The requirements that it breaks, as a client observes. Empty for conforming variants.
    pub caught_by: &'static [&'static str],
    /// The part of the API that it concerns.
    pub area: ApiArea,
}

/// The level of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariationLevel {
    /// The documentation promises it.
    Must,
    /// It is good practice.
    Should,
    /// The documentation leaves it open.
    Observe,
}

/// A part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiArea {
    /// Logging in.
    Issue,
    /// Calls with an access token.
    Use,
    /// The ends of lifetimes.
    Expiry,
    /// Refreshing a pair.
    Refresh,
    /// One-time tokens.
    OneTime,
    /// The connectors settings.
    Settings,
    /// Refusals.
    Errors,
    /// Several nodes.
    Cluster,
    /// Overlapping requests.
    Race,
    /// The form of tokens.
    Token,
    /// The form of responses.
    Answer,
    /// Sessions and what ends them.
    Session,
}

/// The key by which the server's code looks up a variation.
pub(crate) trait VariationKey: Copy {
    /// The index of its table in the catalogue, and its index in the table.
    fn position(self) -> (usize, u32);
}

/// Makes the keys and the table of one area from lines of `Key: "name", Level, [requirements], "summary";`.
macro_rules! variations_table {
    ($kind:ident, table $table:literal, $area:ident; $($key:ident: $name:literal, $level:ident, $caught_by:expr, $summary:literal;)+) => {
        /// The keys of this table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $kind {
            $(#[doc = $summary] $key,)+
        }

        impl $crate::variations::table::VariationKey for $kind {
            fn position(self) -> (usize, u32) {
                ($table, self as u32)
            }
        }

        impl $kind {
            /// The entries of this table, in the order of the keys.
            pub(crate) const TABLE: &'static [$crate::variations::table::Variation] = &[
                $($crate::variations::table::Variation {
                    name: $name,
                    summary: $summary,
                    level: $crate::variations::table::VariationLevel::$level,
                    caught_by: &$caught_by,
                    area: $crate::variations::table::ApiArea::$area,
                },)+
            ];
        }
    };
}

pub(crate) use variations_table;
