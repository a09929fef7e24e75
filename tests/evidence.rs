//! The reports of a run as their readers meet them: `report.html` in a real browser, saved results rendered again, and what a
//! CI service is given. Where there is no browser, what needs one says so and is not judged.

#[path = "evidence/browser.rs"]
mod browser;
#[path = "evidence/hostile.rs"]
mod hostile;
#[path = "evidence/large.rs"]
mod large;
#[path = "evidence/page.rs"]
mod page;
mod program;
#[path = "evidence/rendering.rs"]
mod rendering;
