//! A rate limit like the one that clients of real servers meet: so many requests for each token and collection, then 429; a token
//! that goes on is blocked for a while.

use std::{collections::HashMap, time::Duration};

use crate::{api::BASE_PATH, request::ApiRequest};

/// How many requests are answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Requests in a second, for each token and collection.
    pub per_second: f64,
    /// Requests at one moment.
    pub burst: u32,
    /// How long a token is blocked that passes the limit again and again; zero for never.
    pub block: Duration,
}

/// How many refusals in a row block a token.
const BLOCKING_THRESHOLD: u32 = 3;

/// The most callers and collections that are remembered.
const CAPACITY: usize = 4_096;

/// The requests that each caller has left in each collection.
#[derive(Default)]
pub(super) struct Buckets {
    buckets: HashMap<(String, String), Bucket>,
    blocks: HashMap<String, Block>,
}

struct Bucket {
    left: f64,
    at: Duration,
}

#[derive(Default)]
struct Block {
    refusals: u32,
    until: Duration,
}

impl Buckets {
    /// Counts a request. The seconds to wait if it is refused.
    pub(super) fn admit(&mut self, limit: &RateLimit, request: &ApiRequest, now: Duration) -> Option<u64> {
        let (caller, collection) = (caller(request), collection(&request.path)?);
        if let Some(block) = self.blocks.get(&caller).filter(|block| block.until > now) {
            return Some(whole_seconds(block.until - now));
        }
        let wait = self.take(limit, (caller.clone(), collection), now);
        self.count_refusal(limit, caller, wait.is_some(), now);
        wait.map(whole_seconds)
    }

    /// Takes one request out of a bucket, or returns the time until there is one.
    fn take(&mut self, limit: &RateLimit, key: (String, String), now: Duration) -> Option<Duration> {
        let burst = f64::from(limit.burst.max(1));
        if self.buckets.len() >= CAPACITY {
            let refilled =
                |it: &Bucket| it.left + (now.saturating_sub(it.at)).as_secs_f64() * limit.per_second >= burst;
            self.buckets.retain(|_, bucket| !refilled(bucket));
            if self.buckets.len() >= CAPACITY {
                self.buckets.clear();
            }
        }
        let bucket = self.buckets.entry(key).or_insert(Bucket { left: burst, at: now });
        bucket.left = (bucket.left + now.saturating_sub(bucket.at).as_secs_f64() * limit.per_second).min(burst);
        bucket.at = now;
        // Less than a thousandth is the error of the arithmetic.
        if bucket.left >= 0.999 {
            bucket.left -= 1.0;
            return None;
        }
        Some(Duration::try_from_secs_f64((1.0 - bucket.left) / limit.per_second).unwrap_or(Duration::from_secs(3600)))
    }

    fn count_refusal(&mut self, limit: &RateLimit, caller: String, is_refused: bool, now: Duration) {
        if limit.block.is_zero() || caller.is_empty() {
            return;
        }
        if !is_refused {
            self.blocks.remove(&caller);
            return;
        }
        if self.blocks.len() >= CAPACITY {
            self.blocks.retain(|_, block| block.until > now);
        }
        let block = self.blocks.entry(caller).or_default();
        block.refusals += 1;
        if block.refusals >= BLOCKING_THRESHOLD {
            *block = Block { refusals: 0, until: now + limit.block };
        }
    }
}

/// The token that a request presents; empty for requests without one, which share their limit.
fn caller(request: &ApiRequest) -> String {
    request.header("authorization").or_else(|| request.header("token")).unwrap_or_default().to_owned()
}

/// The first part of the path below the base path. Other paths are not limited.
fn collection(path: &str) -> Option<String> {
    let below = path.strip_prefix(BASE_PATH)?.trim_start_matches('/');
    Some(below.split('/').next().unwrap_or_default().to_owned())
}

/// Never less than the time: a client that waits so long is admitted.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
