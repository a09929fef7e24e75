//! What a JSON Web Token claims about its own life. Reads it, and verifies nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// Largest share by which a lifetime may differ from what a token claims and still be the same.
const TOLERANCE: f64 = 0.02;

/// The seconds between `iat` (or `nbf`) and `exp` of a token; `None` for other tokens and those without both.
pub(crate) fn claimed_lifetime(token: &str) -> Option<f64> {
    let claims = token.split('.').nth(1).filter(|_| token.split('.').count() == 3)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let claim = |name: &str| claims.get(name).and_then(Value::as_f64);
    Some(claim("exp")? - claim("iat").or_else(|| claim("nbf"))?).filter(|seconds| *seconds > 0.0)
}

/// The unit other than seconds in which an announced lifetime is what the token claims.
pub(crate) fn other_unit(announced: &Value, claimed: f64) -> Option<&'static str> {
    let announced = announced.as_f64()?;
    let is_claimed = |seconds: f64| (seconds - claimed).abs() <= claimed * TOLERANCE;
    if is_claimed(announced) {
        None
    } else if is_claimed(announced / 1_000.0) {
        Some("milliseconds")
    } else {
        is_claimed(announced * 60.0).then_some("minutes")
    }
}
