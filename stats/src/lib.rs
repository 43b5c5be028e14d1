//! The words that collector and page share.
