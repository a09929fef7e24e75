//! Fake tokens and passwords: random, or altered from good ones so that they cannot be valid.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};

use crate::Secret;

static RUN_SEED: OnceLock<u64> = OnceLock::new();
/// How many numbers were drawn.
static DRAWN: AtomicU64 = AtomicU64::new(0);

/// Decides what this process makes up: tokens, passwords, logins, paths. Only the first call counts, and only before anything is made up.
pub fn set_run_seed(seed: u64) {
    let _ = RUN_SEED.set(seed);
}

/// The seed of what this process makes up; drawn by chance unless it was set.
pub fn run_seed() -> u64 {
    *RUN_SEED.get_or_init(|| {
        let mut bytes = [0; 8];
        // Without randomness the seed is 0, and what is made up is as invalid as ever.
        let _ = SystemRandom::new().fill(&mut bytes);
        // Programs that read results keep no integer above 53 bits.
        u64::from_le_bytes(bytes) >> 20
    })
}

/// The number of this place in the sequence of a seed.
fn mixed(seed: u64, place: u64) -> u64 {
    let mixed = seed.wrapping_add(place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// So many of these, in an order that the seed decides: each place gets those that follow what the place before it got, so that a
/// run tries each of them in some place, and each place gets every one in some run.
pub(crate) fn draw<T>(all: Vec<T>, place: usize, most: usize) -> Vec<T> {
    let count = all.len();
    let mut order: Vec<(u64, T)> =
        all.into_iter().enumerate().map(|(at, it)| (mixed(run_seed(), !(at as u64)), it)).collect();
    order.sort_by_key(|(rank, _)| *rank);
    order.rotate_left((place * most) % count.max(1));
    order.truncate(most);
    order.into_iter().map(|(_, it)| it).collect()
}

/// A path that looks like one of the API's and is none; the same for the whole run.
pub(crate) fn unknown_path() -> String {
    const ROOMS: [&str; 8] = ["reports", "orders", "positions", "groups", "routes", "symbols", "holidays", "margins"];
    const THINGS: [&str; 8] = ["daily", "summary", "archive", "export", "preview", "batch", "history", "drafts"];
    let number = mixed(run_seed(), u64::MAX / 2);
    let pick = |of: &[&'static str; 8], shift: u32| of[(number >> shift) as usize % of.len()];
    format!("/{}/{}-{:04x}", pick(&ROOMS, 0), pick(&THINGS, 8), (number >> 16) & 0xffff)
}

/// Random text of this many base64url characters.
pub(crate) fn text(length: usize) -> String {
    let mut bytes = vec![0_u8; length];
    bytes.chunks_mut(8).for_each(|chunk| chunk.copy_from_slice(&seed().to_le_bytes()[..chunk.len()]));
    let mut text = URL_SAFE_NO_PAD.encode(bytes);
    text.truncate(length);
    text
}

/// A random number.
pub(crate) fn seed() -> u64 {
    mixed(run_seed(), DRAWN.fetch_add(1, Ordering::Relaxed))
}

/// A lifetime that a server may take, in seconds, none that a person would choose.
pub(crate) fn lifetime() -> u64 {
    61 + seed() % 180
}

/// A made-up token of several parts joined by dots, as signed tokens are.
pub(crate) fn parts(count: usize) -> String {
    vec![(); count].iter().map(|()| text(43)).collect::<Vec<_>>().join(".")
}

/// A made-up token that looks like this one: the same length and the same separators, other letters and digits.
pub(crate) fn like(token: &Secret) -> String {
    let random = text(token.expose().len().max(1) * 2);
    let mut random = random.bytes().filter(u8::is_ascii_alphanumeric).cycle();
    let replace = |old: char| {
        let Some(new) = random.next() else { return old };
        match old {
            '0'..='9' => char::from(b'0' + new % 10),
            'a'..='f' => char::from(b'a' + new % 6),
            'A'..='F' => char::from(b'A' + new % 6),
            'g'..='z' => char::from(b'g' + new % 20),
            'G'..='Z' => char::from(b'G' + new % 20),
            other => other,
        }
    };
    let mut replace = replace;
    token.expose().chars().map(&mut replace).collect()
}

/// How a good token is altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alteration {
    Start,
    Middle,
    /// Before the last character of a part, whose lowest bits base64 may ignore.
    End,
    WithoutPart,
    Half,
    /// Half of the last part, which is the signature where there is one.
    HalfOfLastPart,
    Longer,
    Recased,
    /// So many single characters, spread evenly over the token.
    Scattered(usize),
}

/// The token altered in this way, once for each part where parts matter. Never equal to the token, and never altered in the last
/// character of a part, whose lowest bits base64 may ignore.
pub(crate) fn altered(token: &Secret, how: Alteration) -> Vec<String> {
    let token = token.expose();
    let changed: Vec<String> = match how {
        Alteration::Start => each_part(token, |part| swapped_at(part, 0)),
        Alteration::Middle => each_part(token, |part| swapped_at(part, part.len() / 2)),
        Alteration::End => each_part(token, |part| swapped_at(part, part.len().saturating_sub(2))),
        Alteration::WithoutPart => without_each_part(token),
        Alteration::Half => vec![token[..token.floor_char_boundary(token.len() / 2)].to_owned()],
        Alteration::HalfOfLastPart => {
            let last = token.rfind('.').map_or(0, |dot| dot + 1);
            vec![token[..token.floor_char_boundary(last + (token.len() - last) / 2)].to_owned()]
        }
        Alteration::Longer => vec![format!("{token}AAAA"), format!("AAAA{token}")],
        Alteration::Recased => vec![recased(token)],
        Alteration::Scattered(most) => scattered(token, most),
    };
    changed.into_iter().filter(|other| other != token).collect()
}

/// Most parts of a token that are altered: a signed or encrypted token has three or five.
const MOST_PARTS: usize = 16;

/// The positions of the parts, or of the first and last ones of a token with very many.
fn outer(parts: usize) -> impl Iterator<Item = usize> {
    let half = MOST_PARTS / 2;
    (0..parts).filter(move |at| *at < half || at + half >= parts)
}

/// The token with one character changed, at each of this many places.
fn scattered(token: &str, most: usize) -> Vec<String> {
    let is_last_of_part = |at: usize| token[at + 1..].chars().next().is_none_or(|next| next == '.');
    let places: Vec<usize> = token
        .char_indices()
        .filter(|(at, c)| c.is_ascii_alphanumeric() && !is_last_of_part(*at))
        .map(|(at, _)| at)
        .collect();
    let step = places.len().div_ceil(most.max(1)).max(1);
    places.into_iter().step_by(step).map(|at| swapped_at(token, at)).collect()
}

fn each_part(token: &str, alter: impl Fn(&str) -> String) -> Vec<String> {
    let parts: Vec<&str> = token.split('.').collect();
    let changed = |at: usize| {
        let changed = parts.iter().enumerate().map(|(i, part)| if i == at { alter(part) } else { (*part).to_owned() });
        changed.collect::<Vec<_>>().join(".")
    };
    outer(parts.len()).map(changed).collect()
}

fn without_each_part(token: &str) -> Vec<String> {
    let parts: Vec<&str> = token.split('.').collect();
    if parts.len() < 2 {
        return vec![token.chars().skip(1).collect()];
    }
    let without = |at: usize| {
        let left = parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, part)| *part);
        left.collect::<Vec<_>>().join(".")
    };
    outer(parts.len()).map(without).collect()
}

/// The part with the character at this place replaced by another of the same class.
fn swapped_at(part: &str, at: usize) -> String {
    let swap = |c: char| match c {
        '0'..='8' => char::from(c as u8 + 1),
        '9' => '0',
        'a'..='e' | 'A'..='E' | 'g'..='y' | 'G'..='Y' => char::from(c as u8 + 1),
        'f' => 'a',
        'F' => 'A',
        'z' => 'g',
        'Z' => 'G',
        _ => 'a',
    };
    part.char_indices().map(|(i, c)| if i == at { swap(c) } else { c }).collect()
}

fn recased(token: &str) -> String {
    let recase = |c: char| {
        if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
    };
    token.chars().map(recase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: [&str; 4] = ["eyItMjI2.4P7Xss", "0f8fad5bd9cb469fa16570867728950e", "zzzz+/==", "a.b.c"];

    #[test]
    fn places_share_what_is_drawn_and_together_get_all_of_it() {
        let drawn: Vec<Vec<u32>> = (0..4).map(|place| draw((0..8).collect(), place, 2)).collect();
        let mut all = drawn.concat();
        all.sort_unstable();
        assert_eq!(all, (0..8).collect::<Vec<_>>());
        assert_eq!(draw((0..8).collect::<Vec<u32>>(), 4, 2), drawn[0]);
        assert!(draw(Vec::<u32>::new(), 1, 2).is_empty());
    }

    #[test]
    fn an_altered_token_is_never_the_token() {
        for token in TOKENS {
            for how in
                [Alteration::Start, Alteration::Middle, Alteration::WithoutPart, Alteration::Half, Alteration::Longer]
            {
                let changed = altered(&Secret::new(token), how);
                assert!(!changed.is_empty(), "{token} {how:?}");
                assert!(changed.iter().all(|other| other != token), "{token} {how:?} {changed:?}");
            }
        }
    }

    #[test]
    fn scattered_changes_reach_every_region() {
        let token = format!("{}.{}", "a".repeat(64), "b".repeat(32));
        let changed = altered(&Secret::new(token.as_str()), Alteration::Scattered(12));
        let places = |other: &String| other.bytes().zip(token.bytes()).position(|(one, other)| one != other);
        let places: Vec<usize> = changed.iter().filter_map(places).collect();
        assert!(
            places.len() <= 12 && places[0] == 0 && places.windows(2).all(|pair| pair[1] - pair[0] <= 10),
            "{places:?}"
        );
        assert!(!places.contains(&63) && !places.contains(&96), "the last characters of parts stay");
    }

    #[test]
    fn half_of_the_last_part_is_cut_off() {
        assert_eq!(altered(&Secret::new("abc.defghi"), Alteration::HalfOfLastPart), ["abc.def"]);
    }

    #[test]
    fn every_part_is_altered_once() {
        let changed = altered(&Secret::new("abc.def.ghi"), Alteration::Start);
        assert_eq!(changed, ["bbc.def.ghi", "abc.eef.ghi", "abc.def.hhi"]);
    }

    #[test]
    fn a_made_up_token_has_the_shape_of_the_good_one() {
        let good = Secret::new("eyItMjI2.4P7Xss");
        let made_up = like(&good);
        assert_eq!(made_up.len(), good.expose().len());
        assert_eq!(made_up.find('.'), good.expose().find('.'));
        assert_ne!(made_up, good.expose());
    }
}
