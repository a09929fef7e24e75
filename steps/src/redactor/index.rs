//! The index of windows. Nearly every look-up of a search finds nothing, and a Bloom filter answers most of those.

use std::{collections::HashMap, hash::BuildHasherDefault};

use super::window::{Window, WindowHasher};

/// A number for each window.
#[derive(Default)]
pub(super) struct WindowIndex {
    numbers: HashMap<Window, u32, BuildHasherDefault<WindowHasher>>,
    /// Bloom filter: two bits for each window, which others may share. Empty while the index is empty.
    bits: Vec<u64>,
}

/// Bits for each window when the filter is full for its size. Then one in fifty of the look-ups that find nothing passes the
/// filter, and fewer while it is emptier.
const BITS_A_WINDOW: usize = 16;
/// Words of the first filter.
const FIRST_WORDS: usize = 16;

impl WindowIndex {
    /// Sets the number of a window and returns the one that it had.
    pub(super) fn insert(&mut self, window: Window, number: u32) -> Option<u32> {
        let before = self.numbers.insert(window, number);
        if self.bits.len() * 64 < self.numbers.len() * BITS_A_WINDOW {
            self.bits = vec![0; (self.bits.len() * 4).max(FIRST_WORDS)];
            let (bits, numbers) = (&mut self.bits, &self.numbers);
            numbers.keys().for_each(|window| mark(bits, *window));
        } else {
            mark(&mut self.bits, window);
        }
        before
    }

    /// The number of a window.
    #[inline]
    pub(super) fn get(&self, window: Window) -> Option<u32> {
        let (word, bits) = position(window, self.bits.len());
        let marked = self.bits.get(word).is_some_and(|word| word & bits == bits);
        if marked { self.number(window) } else { None }
    }

    /// Rarely called, so it stays out of the loop over a text.
    #[cold]
    fn number(&self, window: Window) -> Option<u32> {
        self.numbers.get(&window).copied()
    }

    /// Whether it has no window.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    #[cfg(test)]
    pub(super) fn windows(&self) -> impl Iterator<Item = Window> {
        self.numbers.keys().copied()
    }
}

fn mark(bits: &mut [u64], window: Window) {
    let (word, marked) = position(window, bits.len());
    if let Some(word) = bits.get_mut(word) {
        *word |= marked;
    }
}

/// The word and the bits in it of a window; the number of words is a power of two.
#[inline]
fn position(window: Window, words: usize) -> (usize, u64) {
    let hash = window.hashed();
    ((hash >> 12) as usize & words.wrapping_sub(1), 1 << (hash & 63) | 1 << (hash >> 6 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_inserted_window_is_found_while_the_index_grows() {
        let window = |number: u32| Window::at(format!("w{number:07}").as_bytes(), 0, 8);
        let mut index = WindowIndex::default();
        assert_eq!(index.get(window(0)), None);
        for number in 0..3_000 {
            assert_eq!(index.insert(window(number), number), None);
            assert_eq!((index.get(window(number / 2)), index.get(window(number + 1))), (Some(number / 2), None));
        }
        assert_eq!(index.insert(window(7), 1), Some(7));
        assert_eq!(index.get(window(7)), Some(1));
    }
}
