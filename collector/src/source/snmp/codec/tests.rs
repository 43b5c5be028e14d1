//! Messages, made by hand and spoilt by chance.
