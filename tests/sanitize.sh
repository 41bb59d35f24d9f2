#!/usr/bin/env bash
# Runs the runtime's `unsafe` (simd, the threads of parallel/pool.rs) under Miri and the sanitizers.
#
#     tests/sanitize.sh                       all that this machine has
#     tests/sanitize.sh miri-threads          one of miri-threads, miri-packs, miri-binding, address, thread
#
# It needs a nightly toolchain: `rustup toolchain install nightly --component miri --component rust-src`. Miri knows the
# portable level and what it has of the vector instructions; the sanitizers run all levels that the processor has.
# Not part of the gate: Miri takes minutes, and nightly is another compiler every day.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$(rustc -vV | sed -n 's/^host: //p')
build=${CARGO_TARGET_DIR:-target}/sanitize

has() {
    rustup component list --toolchain nightly --installed 2>/dev/null | grep -q "^$1"
}

step() {
    printf '\n== %s\n' "$1"
    "${@:2}"
}

# Miri on the tests of the runtime with these names.
miri() {
    has miri && has rust-src || { echo "no Miri here: rustup component add --toolchain nightly miri rust-src"; return 0; }
    # Tree borrows, since rayon's queues break the older rules; the threads of a pool are never joined.
    # Nor traces of panics, which take it minutes each.
    export RUST_BACKTRACE=0
    export MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-ignore-leaks -Zmiri-tree-borrows"
    # What takes numbers by the ten thousand is left to the sanitizers.
    step "Miri: $*" cargo +nightly miri test -p autograd-core --lib --target-dir "$build/miri" -- "$@" \
        --skip sweep --skip long --skip large
}

# Loads, stores and threads; not the values of functions, which are arithmetic, nor the choice of instructions.
sanitizer() {
    local std=()
    if [[ $1 == thread ]]; then
        # The standard library too, or what it does between threads looks like races.
        has rust-src || { echo "no thread sanitizer here: rustup component add --toolchain nightly rust-src"; return 0; }
        std=(-Zbuild-std)
    fi
    export RUSTFLAGS="-Zsanitizer=$1 -Cdebug-assertions=yes"
    # Optimised a little, for the tests to be fast, and compiled on all processors.
    export CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
    local cargo=(cargo +nightly test "${std[@]}" --target "$target" --target-dir "$build/$1" --release)
    step "$1: the runtime" "${cargo[@]}" -p autograd-core --lib
    step "$1: threads of models" "${cargo[@]}" -p autograd-tests --test threads
}

group() {
    case "$1" in
        miri-threads) miri parallel ;;
        miri-packs) miri simd::tests ;;
        miri-binding) miri binding copies ;;
        address | thread) sanitizer "$1" ;;
        *) sed -n '2,8p' "$0"; return 2 ;;
    esac
    echo "== $1: ${SECONDS} s so far"
}

for name in ${1:-miri-threads miri-packs miri-binding address thread}; do
    (group "$name")
done
