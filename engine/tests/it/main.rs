//! The engine from outside: a real folder, a real database, a real WebSocket client.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

mod client;
mod program;
mod question;
mod site;

mod action;
mod address;
mod binary;
mod bulk;
mod crash;
mod devices;
#[cfg(target_os = "linux")]
mod disk_full;
mod files;
mod filter;
mod follow;
mod jobs;
mod killed;
mod lead;
mod leader;
mod models;
mod odd;
mod processes;
mod refuse;
mod restart;
mod shared;
mod slow;
mod together;
mod vault;
mod web;
