//! Choices: what is not taken contributes nothing, whatever its value.
