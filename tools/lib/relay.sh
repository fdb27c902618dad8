# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# What tools/demo.sh and tools/soak.sh have in common: checks that are remembered, and a relay
# before a real Redis server. To be sourced, from the root of the project, by a script for bash
# with "set -euo pipefail".
#
# shellcheck shell=bash disable=SC2034

export LC_ALL=C # for the decimal point

failures=0
summary=()
directory=$(mktemp -d)
redis=
relay=
status=0
drain=10

at_exit() {
    local process
    for process in $(jobs -p); do
        kill -KILL "$process" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$directory"
}
trap at_exit EXIT
trap 'exit 130' INT TERM

title() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# check WHAT COMMAND...: goes on either way, and remembers.
check() {
    local what=$1 verdict=ok
    shift
    "$@" || {
        verdict=FAILED
        failures=$((failures + 1))
    }
    summary+=("$(printf '%-6s  %s' "$verdict" "$what")")
    printf '   [%s] %s\n' "$verdict" "$what"
}
die() {
    echo "$(basename "$0"): $1" >&2
    [ -z "${2:-}" ] || cut -c 1-200 "$2" | grep -E -m 10 'error:|[Ee]rror at|FAILED' >&2 ||
        tail -n 20 "$2" | cut -c 1-200 >&2
    exit 1
}

# try TENTHS COMMAND...: until it succeeds
try() {
    local left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

# finish TENTHS PROCESS: sets $status to its exit status, 137 if it had to be killed. Not for a
# subshell, which could not wait for our children.
finish() {
    try "$1" eval "! kill -0 $2" || kill -KILL "$2" 2>/dev/null || true
    status=0
    wait "$2" 2>/dev/null || status=$?
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
answers() { [ "$(timeout 2 redis-cli -p "$1" ping 2>/dev/null)" = PONG ]; }
clients() { tell tree | grep -oE '127\.0\.0\.1:[0-9]+'; }
tell() { timeout 5 "$programs/relay" --control "$directory/control" --ask "$1"; }
restarts_of() { tell stats | sed -nE "s/.*restarts:.* $1 ([0-9]+).*/\1/p" | grep . || echo 0; }

# build_programs NAME...: sets $programs to where they are. Takes them from ARBORIST_PROGRAMS if
# that is given.
build_programs() {
    if [ -n "${ARBORIST_PROGRAMS:-}" ]; then
        programs=$(cd "$ARBORIST_PROGRAMS" && pwd)
        return
    fi
    title "Building (a few minutes the first time)"
    [ -n "${ARBORIST_NO_SETUP:-}" ] || tools/setup.sh build test demo
    {
        cmake --preset release -B build/demo -DARBORIST_BUILD_TESTS=OFF \
            -DARBORIST_WARNINGS_AS_ERRORS=OFF &&
            cmake --build build/demo --target "${@/#/arborist_example_}"
    } >"$directory/build" 2>&1 || die "the build failed:" "$directory/build"
    programs=$PWD/build/demo/example
}

# Sets $redis and $redis_port.
start_redis() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        redis_port=$((20000 + RANDOM % 10000))
        redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no \
            --dir "$directory" >"$directory/redis" &
        redis=$!
        sleep 0.2
        if kill -0 "$redis" 2>/dev/null && try 20 answers "$redis_port"; then
            return
        fi
        kill "$redis" 2>/dev/null || true
        wait "$redis" 2>/dev/null || true
    done
    die "redis-server does not start" "$directory/redis"
}

# start_relay LOG OPTION...: sets $relay and $port
start_relay() {
    local log=$1
    shift
    "$programs/relay" --listen 127.0.0.1:0 --control "$directory/control" --drain "$drain" \
        --threads "${THREADS:-1}" "$@" 2>"$log" &
    relay=$!
    try 50 grep -q 'listening on' "$log" || die "the relay does not start" "$log"
    port=$(sed -nE 's/.*listening on .*:([0-9]+)$/\1/p' "$log" | head -n 1)
}

print_summary() {
    title "Summary"
    printf '   %s\n' "${summary[@]}"
    echo
}
