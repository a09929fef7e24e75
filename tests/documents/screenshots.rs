//! The pictures of the README, drawn from the output of the program. Regenerate them with
//! `cargo test --test documents -- --ignored`.

use std::{fs, path::Path};

use crate::support::{ProgramRun, REPOSITORY, Workplace};
use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, VGA};
use regex::Regex;

/// Each picture with the arguments of the run that it shows.
const PICTURES: [(&str, &[&str]); 2] = [
    ("docs/run.svg", &["run"]),
    ("docs/violation.svg", &["run", "--fault", "one-time-reusable", "--requirement", "OTT-2"]),
];

fn run(arguments: &[&str]) -> ProgramRun {
    Workplace::new().with_variable("CLICOLOR_FORCE", "1").run(arguments)
}

#[test]
#[ignore = "writes the pictures in docs/"]
fn draw_pictures() {
    fs::create_dir_all(Path::new(REPOSITORY).join("docs")).expect("the folder can be made");
    for (file, arguments) in PICTURES {
        let text = format!("$ bo-conformance {}\n{}", arguments.join(" "), run(arguments).stdout);
        let picture = anstyle_svg::Term::new()
            .fg_color(Color::Rgb(RgbColor(0xd6, 0xd9, 0xde)))
            .bg_color(Color::Rgb(RgbColor(0x16, 0x1a, 0x20)))
            .palette(palette())
            .min_width_px(860)
            .render_svg(&text)
            // A lower opacity is hard to read.
            .replace("opacity: 0.4", "opacity: 0.65");
        fs::write(Path::new(REPOSITORY).join(file), picture).expect("the picture can be written");
    }
}

/// Red, green and yellow with enough contrast on a dark background.
fn palette() -> Palette {
    let mut colours = VGA.0;
    colours[1] = RgbColor(0xf2, 0x77, 0x7a);
    colours[2] = RgbColor(0x8f, 0xc9, 0x7c);
    colours[3] = RgbColor(0xe5, 0xb5, 0x67);
    Palette(colours)
}

/// Compares the words only: times, ports and counts of requests differ in each run.
#[test]
fn the_pictures_show_the_current_output() {
    let markup = Regex::new("<[^>]*>").expect("it is a pattern");
    let colour = Regex::new("\u{1b}\\[[0-9;]*m").expect("it is a pattern");
    for (file, arguments) in PICTURES {
        let picture = fs::read_to_string(Path::new(REPOSITORY).join(file)).expect("the picture is there");
        let drawn = words(&markup.replace_all(&picture, " "));
        for line in run(arguments).stdout.lines() {
            let line = words(&colour.replace_all(line, " "));
            assert!(drawn.contains(&line), "{file} does not show `{line}`: cargo test --test documents -- --ignored");
        }
    }
}

/// The words of a text, without markup, times and ports.
fn words(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&quot;", "\"");
    let volatile =
        Regex::new(r"127\.0\.0\.1:\d+|[0-9.]+ m?s\b|[0-9,]+ requests|date: .*? GMT").expect("it is a pattern");
    volatile.replace_all(&text, " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
