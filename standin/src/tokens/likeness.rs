//! How a careless server compares a secret that somebody shows with one that it knows. The careful one compares for
//! equality and needs nothing of this.

/// Whether what is shown passes for what is known.
pub(crate) type Likeness = fn(shown: &str, known: &str) -> bool;

/// As many characters as a database column might keep.
const COLUMN: usize = 16;

pub(crate) fn same_but_for_case(shown: &str, known: &str) -> bool {
    shown.eq_ignore_ascii_case(known)
}

/// What is shown is the beginning of what is known, and not too little of it.
pub(crate) fn cut_short(shown: &str, known: &str) -> bool {
    shown.len() >= COLUMN && known.starts_with(shown)
}

/// What is known is the beginning of what is shown.
pub(crate) fn with_more_behind(shown: &str, known: &str) -> bool {
    shown.starts_with(known)
}

/// The same up to the first dot: the signature is not looked at.
pub(crate) fn same_first_part(shown: &str, known: &str) -> bool {
    shown.split('.').next() == known.split('.').next()
}

/// The same after the last dot: the signature is looked at, and not what it signs.
pub(crate) fn same_last_part(shown: &str, known: &str) -> bool {
    shown.contains('.') && shown.rsplit('.').next() == known.rsplit('.').next()
}

/// The same first part and nothing behind it: a token without a signature needs none.
pub(crate) fn unsigned(shown: &str, known: &str) -> bool {
    !shown.trim_end_matches('.').contains('.') && same_first_part(shown, known)
}

/// The same beginning, as far as a short column keeps it.
pub(crate) fn same_beginning(shown: &str, known: &str) -> bool {
    shown.len() >= COLUMN && shown.get(..COLUMN) == known.get(..COLUMN)
}

/// The same end.
pub(crate) fn same_end(shown: &str, known: &str) -> bool {
    let end = |text: &str| text.len().checked_sub(COLUMN).and_then(|at| text.get(at..)).map(str::to_owned);
    end(shown).is_some() && end(shown) == end(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "abcdefghijklmnopqrst.ABCDEFGHIJKLMNOPQRST";

    #[test]
    fn each_likeness_takes_its_near_miss() {
        let near_misses: [(Likeness, &str); 8] = [
            (same_but_for_case, "ABCDEFGHIJKLMNOPQRST.ABCDEFGHIJKLMNOPQRST"),
            (cut_short, "abcdefghijklmnopqrst.A"),
            (with_more_behind, "abcdefghijklmnopqrst.ABCDEFGHIJKLMNOPQRSTx"),
            (same_first_part, "abcdefghijklmnopqrst.x"),
            (same_last_part, "x.ABCDEFGHIJKLMNOPQRST"),
            (unsigned, "abcdefghijklmnopqrst."),
            (same_beginning, "abcdefghijklmnop!"),
            (same_end, "!EFGHIJKLMNOPQRST"),
        ];
        for (at, (alike, shown)) in near_misses.into_iter().enumerate() {
            assert!(alike(shown, KNOWN), "{at}");
            assert!(!alike("made-up.token", KNOWN), "{at}");
        }
    }

    #[test]
    fn text_of_several_bytes_a_character_is_cut_nowhere() {
        let hostile = "ü".repeat(20);
        assert!(!same_beginning(&hostile, KNOWN) && !same_end(&hostile, KNOWN) && !cut_short(&hostile, KNOWN));
    }
}
