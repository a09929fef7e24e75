//! Rebuilds the program when an embedded file changes, which the compiler does not notice by itself.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    for folder in ["features", "schemas"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
