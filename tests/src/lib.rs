//! Whole-system tests, and the programs that check and measure a running server.
