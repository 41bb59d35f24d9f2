//! Losses reduced to statistics: refused, honoured or fallen back, never wrong.
