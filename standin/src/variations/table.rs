//! The form of the catalogue: a line for each variation, from which its id and its entry are made.

/// The id of a variation, as the behaviour asks for it.
pub(crate) trait Seed: Copy {
    /// Its table in the catalogue, and its place in the table.
    fn place(self) -> (usize, u32);
}

/// Makes the ids and the table of one area from lines of `Id: "name", Level, [catchers], "summary";`.
macro_rules! seeds {
    ($kind:ident, shelf $shelf:literal, $area:ident; $($id:ident: $name:literal, $level:ident, $catchers:expr, $summary:literal;)+) => {
        /// The ids of this table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $kind {
            $(#[doc = $summary] $id,)+
        }

        impl $crate::variations::Seed for $kind {
            fn place(self) -> (usize, u32) {
                ($shelf, self as u32)
            }
        }

        /// The entries of this table, in the order of the ids.
        pub(crate) static TABLE: &[$crate::variations::Variation] = &[
            $($crate::variations::Variation {
                name: $name,
                summary: $summary,
                level: $crate::variations::Level::$level,
                caught_by: &$catchers,
                area: $crate::variations::Area::$area,
            },)+
        ];
    };
}

pub(crate) use seeds;
