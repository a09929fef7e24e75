//! How a change of the settings may be answered.

use crate::variations::seeds;

seeds! { Settings, shelf 12, Settings;
    NoContent: "settings-no-content", Observe, [], "A change is answered 204.";
    EmptyAnswer: "settings-empty-answer", Observe, [], "A change is answered 200 without a body.";
    ShortestTwoSeconds: "settings-shortest-two-seconds", Observe, [], "No lifetime can be set below two seconds.";
}
