#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# Installs what is missing on a Debian-like system. Silent, and without network, when all is there.
#
#   tools/setup.sh [build|test|b2|tsan|fuzz|budget|demo|bench|format]...      (default: build)
#
#   build    compiler, CMake, Ninja, Boost with JSON, Log and Thread
#   test     Boost.Test and what else the tests and examples link
#   b2       the B2 build tool
#   tsan     clang 19 and its sanitizer runtime
#   fuzz     the same, for libFuzzer
#   budget   what bench/budget.sh counts instructions with
#   demo     what tools/demo.sh and tools/soak.sh run
#   bench    the peers that tools/bench.sh runs, Google Benchmark, and what makes the report
#   format   clang-format 14
#
# The environment's CXX, for example g++-13 or clang++-19, is installed if it is missing.

set -euo pipefail

if ! command -v dpkg-query >/dev/null; then
    echo "setup.sh: this is no Debian-like system; CONTRIBUTING.md lists what is needed" >&2
    exit 0
fi

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

updated=
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup.sh: to run \"$*\" I must be root, or have sudo" >&2
        exit 1
    fi
}
update() {
    [ -n "$updated" ] || as_root apt-get update -qq
    updated=1
}

# The release of Boost to use: the newest that is installed; otherwise the oldest that will do, which
# on every Debian is its default or better tested than what is newer. Only the minor version.
boost_minor() {
    local minor
    minor=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 'libboost-log1.*-dev' 2>/dev/null |
        sed -nE 's/^installed libboost-log1\.([0-9]+)-dev$/\1/p' | sort -n | tail -n 1)
    if [ -z "$minor" ] || [ "$minor" -lt 81 ]; then
        update >&2
        minor=$(apt-cache pkgnames libboost-log1. |
            sed -nE 's/^libboost-log1\.([0-9]+)-dev$/\1/p' | awk '$1 >= 81' | sort -n | head -n 1)
    fi
    if [ -z "$minor" ]; then
        echo "setup.sh: this system has no Boost 1.81 or newer; Debian 12 does" >&2
        exit 1
    fi
    echo "$minor"
}

[ $# -gt 0 ] || set -- build
boost=
for group in "$@"; do
    case $group in
    build | test | b2) boost=1.$(boost_minor) ;;
    esac
done

packages=()
for group in "$@"; do
    case $group in
    build)
        packages+=(g++ cmake ninja-build ccache pkg-config git
            "libboost$boost-dev" "libboost-json$boost-dev" "libboost-log$boost-dev"
            "libboost-thread$boost-dev")
        ;;
    test)
        packages+=("libboost-test$boost-dev" "libboost-context$boost-dev"
            "libboost-program-options$boost-dev" zlib1g-dev)
        ;;
    b2) packages+=("libboost$boost-tools-dev") ;;
    tsan | fuzz) packages+=(clang-19 libclang-rt-19-dev llvm-19) ;;
    budget) packages+=(valgrind) ;;
    demo) packages+=(redis-server redis-tools) ;;
    bench) packages+=(erlang-base libcaf-dev libbenchmark-dev gnuplot-nox python3) ;;
    format) packages+=(clang-format-14) ;;
    *)
        echo "setup.sh: there is no group \"$group\"; see the head of this file" >&2
        exit 2
        ;;
    esac
done
case ${CXX:-} in
g++-[0-9]*) packages+=("$CXX") ;;
clang++-[0-9]*)
    version=${CXX#clang++-}
    packages+=("clang-$version" "libclang-rt-$version-dev" "llvm-$version")
    ;;
esac

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    update
    echo "setup.sh: installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
