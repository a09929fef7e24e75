//! Logins that no user has. Each has the form of a known login, so that a server with rules for logins reads it as one: what it
//! answers then depends on the user, and not on the form.

/// A login with the length and the classes of characters of a known one, chosen by a seed: other letters and digits, the same
/// marks in the same places. Keeps what follows an `@`, for a server may know its domains. Never equal to a login in `taken`.
pub(crate) fn unknown_login(known: &str, taken: &[&str], seed: u64) -> String {
    let mut random = SplitMix(seed);
    let made = (0..100).map(|_| alter(known, &mut random)).find(|made| !is_taken(made, known, taken));
    // A login of marks alone, or of one letter among many users, has no other of its form.
    made.unwrap_or_else(|| format!("{known}{}", random.letter('a')))
}

fn is_taken(made: &str, known: &str, taken: &[&str]) -> bool {
    // A server may compare logins without case.
    let made = made.to_lowercase();
    made == known.to_lowercase() || taken.iter().any(|login| login.to_lowercase() == made)
}

fn alter(known: &str, random: &mut SplitMix) -> String {
    let (name, domain) = known.split_at(known.rfind('@').unwrap_or(known.len()));
    let foreign: Vec<char> = name.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).collect();
    let altered = name.chars().map(|c| match c {
        'a'..='z' => random.letter('a'),
        'A'..='Z' => random.letter('A'),
        // A number does not begin with 0 where the known one does not.
        '1'..='9' => char::from(b'1' + random.below(9)),
        c if foreign.contains(&c) => foreign[usize::from(random.below(u8::try_from(foreign.len()).unwrap_or(u8::MAX)))],
        c => c,
    });
    altered.chain(domain.chars()).collect()
}

/// SplitMix64: the same numbers for the same seed.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u8) -> u8 {
        u8::try_from(self.next() % u64::from(limit.max(1))).unwrap_or(0)
    }

    fn letter(&mut self, first: char) -> char {
        char::from(u8::try_from(first).unwrap_or(b'a') + self.below(26))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(c: char) -> char {
        match c {
            'a'..='z' => 'a',
            'A'..='Z' => 'A',
            '1'..='9' => '1',
            other => other,
        }
    }

    #[test]
    fn an_unknown_login_has_the_form_of_the_known_one() {
        for known in ["trader1", "QA-Certifier_07", "4711", "qa.user@bo.example", "x"] {
            for seed in 0..50 {
                let made = unknown_login(known, &[], seed);
                let name = |login: &str| login.chars().take_while(|c| *c != '@').map(class).collect::<String>();
                assert_eq!(name(&made), name(known), "{made}");
                assert_ne!(made, known);
                assert_eq!(made.rsplit_once('@').map(|(_, domain)| domain), known.rsplit_once('@').map(|(_, d)| d));
            }
        }
    }

    #[test]
    fn a_seed_gives_one_login_and_seeds_give_many() {
        assert_eq!(unknown_login("trader1", &[], 7), unknown_login("trader1", &[], 7));
        assert_ne!(unknown_login("trader1", &[], 7), unknown_login("trader1", &[], 8));
    }

    #[test]
    fn a_login_that_is_taken_is_not_given() {
        let letters: Vec<String> = ('a'..='y').map(String::from).collect();
        let taken: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(unknown_login("a", &taken, 3), "z");
        assert_ne!(unknown_login("--", &[], 3), "--");
        assert_ne!(unknown_login("ольга", &["ольга"], 3).to_lowercase(), "ольга");
    }
}
