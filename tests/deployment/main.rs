//! The program against a server of another project, over real sockets: what it finds out, what it judges, what it refuses, and
//! what it leaves behind on the server.

mod bad_input;
mod blind;
mod client;
mod cluster;
mod conforming_variants;
mod doctor;
mod foreign_server;
mod histories;
mod in_between;
mod init;
mod preflight;
mod rate_limits;
#[cfg(unix)]
mod settings_restore;
mod standin;
#[path = "../support/mod.rs"]
mod support;
mod survival;
mod upgrade_gate;
mod watch;
