//! The page's program: fetches the stats files, and shows what they say while it happens.

pub mod units;
