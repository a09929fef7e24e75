//! A window: a few bytes of a text as one number, and its hash.

use std::hash::Hasher;

/// Bytes of the widest window.
pub(super) const WIDEST: usize = 8;

/// Up to eight bytes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Window(u64);

impl Window {
    /// The window of this width at a place of a text, which must reach that far.
    pub(super) fn at(text: &[u8], begin: usize, width: usize) -> Self {
        Self::from_bytes(text.get(begin..begin + width).unwrap_or_default())
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(0, |window, byte| window << 8 | u64::from(*byte)))
    }

    /// A hash: windows that differ in one bit differ in all bits of it. Neighbouring texts differ in few bits; one
    /// multiplication carries those up and a fold carries them down. A server that chose its tokens to collide would only slow
    /// its own run.
    #[inline]
    pub(super) fn hashed(self) -> u64 {
        let product = u128::from(self.0) * u128::from(GOLDEN);
        (product >> 64) as u64 ^ product as u64
    }

    /// Every window of this width, by the places where they begin.
    pub(super) fn all(text: &[u8], width: usize) -> impl Iterator<Item = Self> {
        text.windows(width).map(Self::from_bytes)
    }

    /// The same for the widest window, which nearly every search uses alone: each is a single load.
    #[inline]
    pub(super) fn all_widest(text: &[u8]) -> impl Iterator<Item = Self> {
        text.array_windows().map(|bytes: &[u8; WIDEST]| Self(u64::from_be_bytes(*bytes)))
    }
}

/// Hashes windows for a `HashMap`.
#[derive(Default)]
pub(super) struct WindowHasher(u64);

/// The golden ratio in 64 bits, as in Knuth's multiplicative hashing (The Art of Computer Programming, 6.4).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for WindowHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(self.0 ^ u64::from(*byte)));
    }

    #[inline]
    fn write_u64(&mut self, window: u64) {
        self.0 = Window(window).hashed();
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_of_a_text_is_listed_in_order() {
        let text = b"a text of some length";
        for width in 1..=WIDEST {
            let expected: Vec<_> = (0..=text.len() - width).map(|at| Window::at(text, at, width)).collect();
            assert_eq!(Window::all(text, width).collect::<Vec<_>>(), expected);
            if width == WIDEST {
                assert_eq!(Window::all_widest(text).collect::<Vec<_>>(), expected);
            }
            assert_eq!(Window::all(&text[..width - 1], width).count(), 0);
        }
    }
}
