//! The program `bo-conformance`: the only place that ends it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bo_conformance::main()
}
