//! Stores the records of tokens. Bounded: expired records are removed as new ones are added, and the oldest when the store
//! is full.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

/// The text of a token, shared between records.
pub(crate) type TokenText = Arc<str>;

/// The number of newest records kept even when expired: faults need tokens that a correct server would have removed.
const KEPT: usize = 1024;

/// The largest number of records, regardless of their lifetimes: about 10 MB for access tokens.
const CAPACITY: usize = 32_768;

/// Records by the text of their token.
pub(crate) struct TokenStore<T> {
    records: HashMap<TokenText, T>,
    order: VecDeque<(TokenText, Duration)>,
}

impl<T> TokenStore<T> {
    pub(crate) fn new() -> Self {
        Self { records: HashMap::new(), order: VecDeque::new() }
    }

    /// Stores a record at least until it expires, unless the store becomes full. A known token gets the new record.
    pub(crate) fn insert(&mut self, text: &TokenText, record: T, expires: Duration, now: Duration) {
        if self.records.insert(Arc::clone(text), record).is_none() {
            self.order.push_back((Arc::clone(text), expires));
        }
        while self.must_remove_oldest(now) {
            if let Some((oldest, _)) = self.order.pop_front() {
                self.records.remove(&oldest);
            }
        }
    }

    fn must_remove_oldest(&self, now: Duration) -> bool {
        self.order.len() > CAPACITY
            || (self.order.len() > KEPT && self.order.front().is_some_and(|(_, expires)| *expires <= now))
    }

    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        self.records.get(text)
    }

    pub(crate) fn get_mut(&mut self, text: &str) -> Option<&mut T> {
        self.records.get_mut(text)
    }

    /// The stored text equal to this one.
    pub(crate) fn text(&self, text: &str) -> Option<TokenText> {
        self.records.get_key_value(text).map(|(kept, _)| Arc::clone(kept))
    }

    /// All records with their texts, oldest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&TokenText, &T)> {
        self.order.iter().filter_map(|(text, _)| Some((text, self.records.get(text)?)))
    }

    /// All texts, newest first.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &TokenText> {
        self.order.iter().rev().map(|(text, _)| text)
    }

    /// All records, in arbitrary order.
    pub(crate) fn records_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.records.values_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize, lifetime: Duration) -> TokenStore<usize> {
        let mut store = TokenStore::new();
        for n in 0..count {
            let now = Duration::from_secs(n as u64);
            store.insert(&TokenText::from(n.to_string()), n, now + lifetime, now);
        }
        store
    }

    #[test]
    fn expired_records_are_removed_as_new_ones_are_added() {
        let store = filled(5_000, Duration::from_secs(10));
        assert_eq!(store.records.len(), KEPT);
        assert_eq!(store.order.len(), KEPT);
        assert_eq!(store.get("4999"), Some(&4999));
    }

    #[test]
    fn a_full_store_removes_its_oldest_record() {
        let store = filled(CAPACITY + 7, Duration::from_secs(1_000_000));
        assert_eq!(store.records.len(), CAPACITY);
        assert_eq!((store.get("6"), store.get("7")), (None, Some(&7)));
    }

    #[test]
    fn texts_are_listed_newest_first() {
        let store = filled(3, Duration::from_secs(1));
        assert_eq!(store.texts().map(|text| &**text).collect::<Vec<_>>(), ["2", "1", "0"]);
    }
}
