//! Where a server keeps what it knows of its tokens. Bounded: expired records are forgotten as new ones come, and when
//! the store is full, the oldest.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

/// The text of a token, shared between the places that know it.
pub(crate) type Text = Arc<str>;

/// So many of the newest records are kept even when expired: a faulty server still knows what it should have forgotten.
const KEPT: usize = 1024;

/// No more records than this, whatever their lifetimes: some 10 MB for a store of access tokens.
const CAPACITY: usize = 32_768;

/// Records by the text of their token.
pub(crate) struct Store<T> {
    records: HashMap<Text, T>,
    order: VecDeque<(Text, Duration)>,
}

impl<T> Store<T> {
    pub(crate) fn new() -> Self {
        Self { records: HashMap::new(), order: VecDeque::new() }
    }

    /// Keeps a record at least until it expires, room permitting. A text that is known already gets the new record.
    pub(crate) fn insert(&mut self, text: &Text, record: T, expires: Duration, now: Duration) {
        if self.records.insert(Arc::clone(text), record).is_none() {
            self.order.push_back((Arc::clone(text), expires));
        }
        while self.has_one_to_forget(now) {
            if let Some((oldest, _)) = self.order.pop_front() {
                self.records.remove(&oldest);
            }
        }
    }

    fn has_one_to_forget(&self, now: Duration) -> bool {
        self.order.len() > CAPACITY
            || (self.order.len() > KEPT && self.order.front().is_some_and(|(_, expires)| *expires <= now))
    }

    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        self.records.get(text)
    }

    pub(crate) fn get_mut(&mut self, text: &str) -> Option<&mut T> {
        self.records.get_mut(text)
    }

    /// The text as it is kept.
    pub(crate) fn text(&self, text: &str) -> Option<Text> {
        self.records.get_key_value(text).map(|(kept, _)| Arc::clone(kept))
    }

    /// All texts, the newest first.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Text> {
        self.order.iter().rev().map(|(text, _)| text)
    }

    /// All records, in no order.
    pub(crate) fn records_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.records.values_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize, lifetime: Duration) -> Store<usize> {
        let mut store = Store::new();
        for n in 0..count {
            let now = Duration::from_secs(n as u64);
            store.insert(&Text::from(n.to_string()), n, now + lifetime, now);
        }
        store
    }

    #[test]
    fn expired_records_make_room() {
        let store = filled(5_000, Duration::from_secs(10));
        assert_eq!(store.records.len(), KEPT);
        assert_eq!(store.order.len(), KEPT);
        assert_eq!(store.get("4999"), Some(&4999));
    }

    #[test]
    fn a_full_store_forgets_its_oldest() {
        let store = filled(CAPACITY + 7, Duration::from_secs(1_000_000));
        assert_eq!(store.records.len(), CAPACITY);
        assert_eq!((store.get("6"), store.get("7")), (None, Some(&7)));
    }

    #[test]
    fn the_newest_text_comes_first() {
        let store = filled(3, Duration::from_secs(1));
        assert_eq!(store.texts().map(|text| &**text).collect::<Vec<_>>(), ["2", "1", "0"]);
    }
}
