//! Calls of models: errors as they print, inputs as they are given, threads.
