//! Where windows are looked up. Nearly every look-up of a search finds nothing, so a few bits answer most of them.

use std::{collections::HashMap, hash::BuildHasherDefault};

use super::window::{Mix, Window};

/// A number for each window.
#[derive(Default)]
pub(super) struct Table {
    numbers: HashMap<Window, u32, BuildHasherDefault<Mix>>,
    /// Two bits for each window, which others may share. None while the table is empty.
    bits: Vec<u64>,
}

/// Bits for each window when the table is full for its present size: of the look-ups that find nothing, one in fifty gets past
/// them then, and fewer while the table is emptier.
const BITS_A_WINDOW: usize = 16;
/// Words of bits that a table begins with.
const FIRST_WORDS: usize = 16;

impl Table {
    /// Sets the number of a window and gives the one that it had.
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
        let (word, bits) = place(window, self.bits.len());
        let marked = self.bits.get(word).is_some_and(|word| word & bits == bits);
        if marked { self.certain(window) } else { None }
    }

    /// Seldom needed, and so kept out of the loop over a text.
    #[cold]
    fn certain(&self, window: Window) -> Option<u32> {
        self.numbers.get(&window).copied()
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    #[cfg(test)]
    pub(super) fn windows(&self) -> impl Iterator<Item = Window> {
        self.numbers.keys().copied()
    }
}

fn mark(bits: &mut [u64], window: Window) {
    let (word, marked) = place(window, bits.len());
    if let Some(word) = bits.get_mut(word) {
        *word |= marked;
    }
}

/// The word and the bits in it of a window; the number of words is a power of two.
#[inline]
fn place(window: Window, words: usize) -> (usize, u64) {
    let spread = window.spread();
    ((spread >> 12) as usize & words.wrapping_sub(1), 1 << (spread & 63) | 1 << (spread >> 6 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_however_large_the_table_has_grown() {
        let window = |number: u32| Window::at(format!("w{number:07}").as_bytes(), 0, 8);
        let mut table = Table::default();
        assert_eq!(table.get(window(0)), None);
        for number in 0..3_000 {
            assert_eq!(table.insert(window(number), number), None);
            assert_eq!((table.get(window(number / 2)), table.get(window(number + 1))), (Some(number / 2), None));
        }
        assert_eq!(table.insert(window(7), 1), Some(7));
        assert_eq!(table.get(window(7)), Some(1));
    }
}
