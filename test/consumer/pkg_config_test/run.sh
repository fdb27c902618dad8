#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# run.sh <prefix> <directory>: builds the programs in <directory> with what pkg-config says about
# the arborist that is installed in <prefix>, and runs them.

set -euo pipefail
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$2"

PKG_CONFIG_PATH=$(dirname "$(find "$1" -name arborist.pc)")
export PKG_CONFIG_PATH

# build_and_run <program> <package> <directory>
build_and_run() {
    local cflags libs libdir
    read -ra cflags < <(pkg-config --cflags "$2")
    read -ra libs < <(pkg-config --libs "$2")
    libdir=$(pkg-config --variable=libdir "$2")
    "${CXX:-g++}" -std=c++20 "${cflags[@]}" "$sources/$1.cpp" "${libs[@]}" \
        -Wl,-rpath,"$libdir" -o "$3/$1"
    "$3/$1"
}

build_and_run main arborist "$2"
build_and_run accounting arborist-accounting "$2"
build_and_run testing arborist-testing "$2"
