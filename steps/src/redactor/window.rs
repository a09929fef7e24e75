//! A few bytes of a text as one number, and how such numbers are spread over a table.

use std::hash::Hasher;

/// Bytes of the widest window.
pub(super) const WIDEST: usize = 8;

/// Up to eight bytes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Window(u64);

impl Window {
    /// The window of this width at a place of a text, which must reach that far.
    pub(super) fn at(text: &[u8], begin: usize, width: usize) -> Self {
        Self::of(text.get(begin..begin + width).unwrap_or_default())
    }

    fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(0, |window, byte| window << 8 | u64::from(*byte)))
    }

    /// A number that differs in all of its bits between windows that differ in one. Neighbouring texts differ in few bits,
    /// which one multiplication carries up and a fold back down; a server that chose its tokens to collide would only slow
    /// down its own run.
    #[inline]
    pub(super) fn spread(self) -> u64 {
        let product = u128::from(self.0) * u128::from(GOLDEN);
        (product >> 64) as u64 ^ product as u64
    }

    /// Every window of this width, by the places where they begin.
    pub(super) fn all(text: &[u8], width: usize) -> impl Iterator<Item = Self> {
        text.windows(width).map(Self::of)
    }

    /// The same for the widest, for which alone nearly every text is looked through: each is a single load.
    #[inline]
    pub(super) fn all_widest(text: &[u8]) -> impl Iterator<Item = Self> {
        text.array_windows().map(|bytes: &[u8; WIDEST]| Self(u64::from_be_bytes(*bytes)))
    }
}

/// Spreads windows over a table.
#[derive(Default)]
pub(super) struct Mix(u64);

/// The golden ratio in 64 bits, as in Knuth's multiplicative hashing (The Art of Computer Programming, 6.4).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(self.0 ^ u64::from(*byte)));
    }

    #[inline]
    fn write_u64(&mut self, window: u64) {
        self.0 = Window(window).spread();
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
    fn the_windows_of_a_text_are_those_at_its_places() {
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
