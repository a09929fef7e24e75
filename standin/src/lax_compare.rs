//! Comparisons that faults use instead of equality when they check a presented secret against a stored one.

/// Whether a presented secret is accepted in place of a stored one.
pub(crate) type LaxComparison = fn(presented: &str, stored: &str) -> bool;

/// The number of characters compared when only the beginning or the end counts.
const COMPARED: usize = 16;

pub(crate) fn same_but_for_case(presented: &str, stored: &str) -> bool {
    presented.eq_ignore_ascii_case(stored)
}

/// The presented secret is a prefix of the stored one, of at least 16 characters.
pub(crate) fn prefix_of_stored(presented: &str, stored: &str) -> bool {
    presented.len() >= COMPARED && stored.starts_with(presented)
}

/// The presented secret begins with the stored one.
pub(crate) fn extension_of_stored(presented: &str, stored: &str) -> bool {
    presented.starts_with(stored)
}

/// Both are equal up to the first dot: the signature is not checked.
pub(crate) fn same_first_part(presented: &str, stored: &str) -> bool {
    presented.split('.').next() == stored.split('.').next()
}

/// Both are equal after the last dot: the signature is checked without the payload.
pub(crate) fn same_last_part(presented: &str, stored: &str) -> bool {
    presented.contains('.') && presented.rsplit('.').next() == stored.rsplit('.').next()
}

/// The first parts are equal and the presented secret has no signature.
pub(crate) fn unsigned(presented: &str, stored: &str) -> bool {
    !presented.trim_end_matches('.').contains('.') && same_first_part(presented, stored)
}

/// Both are equal up to the middle of the last part: half a signature is checked.
pub(crate) fn same_but_for_last_half(presented: &str, stored: &str) -> bool {
    let last = stored.rfind('.').map_or(0, |dot| dot + 1);
    let middle = last + (stored.len() - last) / 2;
    presented.len() >= middle && presented.get(..middle) == stored.get(..middle)
}

/// Both are equal in their first characters.
pub(crate) fn same_beginning(presented: &str, stored: &str) -> bool {
    presented.len() >= COMPARED && presented.get(..COMPARED) == stored.get(..COMPARED)
}

/// Both are equal in their last characters.
pub(crate) fn same_end(presented: &str, stored: &str) -> bool {
    let end = |text: &str| text.len().checked_sub(COMPARED).and_then(|at| text.get(at..)).map(str::to_owned);
    end(presented).is_some() && end(presented) == end(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = "abcdefghijklmnopqrst.ABCDEFGHIJKLMNOPQRST";

    #[test]
    fn each_comparison_accepts_its_near_miss() {
        let near_misses: [(LaxComparison, &str); 8] = [
            (same_but_for_case, "ABCDEFGHIJKLMNOPQRST.ABCDEFGHIJKLMNOPQRST"),
            (prefix_of_stored, "abcdefghijklmnopqrst.A"),
            (extension_of_stored, "abcdefghijklmnopqrst.ABCDEFGHIJKLMNOPQRSTx"),
            (same_first_part, "abcdefghijklmnopqrst.x"),
            (same_last_part, "x.ABCDEFGHIJKLMNOPQRST"),
            (unsigned, "abcdefghijklmnopqrst."),
            (same_beginning, "abcdefghijklmnop!"),
            (same_end, "!EFGHIJKLMNOPQRST"),
        ];
        for (at, (compare, presented)) in near_misses.into_iter().enumerate() {
            assert!(compare(presented, STORED), "{at}");
            assert!(!compare("made-up.token", STORED), "{at}");
        }
    }

    #[test]
    fn text_with_multi_byte_characters_is_never_split() {
        let hostile = "ü".repeat(20);
        assert!(
            !same_beginning(&hostile, STORED) && !same_end(&hostile, STORED) && !prefix_of_stored(&hostile, STORED)
        );
    }
}
