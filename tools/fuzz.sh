#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# Builds the fuzz targets with clang, libFuzzer and the address and undefined-behaviour sanitizers,
# and runs them, one after the other. What ends one is kept in build/fuzz/findings. Ends with a line
# "<n> passed, <n> failed", of targets, and with an exit status that says the same.
#
#   tools/fuzz.sh [SECONDS] [control|names|policy]...     (default: 20 seconds each, all)
#   tools/fuzz.sh merge [TARGET]...    adds to the corpus in test/fuzz/corpus what was found since
#                                      and reaches code that nothing there does
#
#   CXX=clang++-20       the compiler, if it is a clang; clang++-19 by default
#   JOBS=4               how many compilers at a time
#   ARBORIST_NO_SETUP=1  install no packages
#
# New inputs stay in build/fuzz/corpus, from which the next run goes on.
# doc/soak_and_fuzzing.adoc says how to make a finding a test.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

seconds=20
action=fuzz
case ${1:-} in
merge)
    action=merge
    shift
    ;;
[1-9]*)
    seconds=$1
    shift
    ;;
esac
[ $# -gt 0 ] || set -- control names policy
for target in "$@"; do
    case $target in
    control | names | policy) ;;
    *)
        echo "fuzz.sh: there is no target \"$target\"; see the head of this file" >&2
        exit 2
        ;;
    esac
done

compiler=()
case ${CXX:-} in
*clang*) compiler=("-DCMAKE_CXX_COMPILER=$CXX") ;;
esac
[ -n "${ARBORIST_NO_SETUP:-}" ] || tools/setup.sh build test fuzz || exit
cmake --fresh --preset fuzz "${compiler[@]}" >/dev/null &&
    cmake --build --preset fuzz --parallel "${JOBS:-$(nproc)}" -- --quiet || exit

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# fuzz TARGET
fuzz() {
    local target=$1 corpus=test/fuzz/corpus/$1 found=build/fuzz/corpus/$1 options=()
    [ ! -f "test/fuzz/$target.dict" ] || options+=("-dict=test/fuzz/$target.dict")
    mkdir -p "$found" build/fuzz/findings
    build/fuzz/test/fuzz/fuzz_"$target" -max_total_time="$seconds" -timeout=20 -max_len=4096 \
        -artifact_prefix="build/fuzz/findings/$target-" -print_final_stats=1 "${options[@]}" \
        "$found" "$corpus" >"$log" 2>&1
    local status=$?
    if [ $status != 0 ]; then
        grep -vE '^#[0-9]+' "$log" | tail -n 60
    fi
    # The last line of progress: "#12345 DONE cov: 678 ft: 1234 corp: 56/7Kb ..."
    awk -v "target=$target" -v "seconds=$seconds" '
        / cov: / { for (i = 1; i < NF; ++i) if ($i ~ /:$/) of[$i] = $(i + 1) }
        /number_of_executed_units/ { executed = $2 }
        END { printf "%s: %d executions in %d s, %d edges, %d features, corpus %s\n",
                  target, executed, seconds, of["cov:"], of["ft:"], of["corp:"] }' "$log"
    return $status
}

# Adds what reaches code that nothing in the corpus does: as few inputs as will do.
merge() {
    local corpus=test/fuzz/corpus/$1 found=build/fuzz/corpus/$1
    mkdir -p "$found"
    build/fuzz/test/fuzz/fuzz_"$1" -set_cover_merge=1 -use_counters=0 "$corpus" "$found" \
        >"$log" 2>&1 || { tail -n 20 "$log"; return 1; }
    tail -n 1 "$log"
}

for target in "$@"; do
    if "$action" "$target"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
