//! Watches: what they look for, and the matcher that finds all of them in one pass.
