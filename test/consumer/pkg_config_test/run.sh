#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# run.sh <prefix> <directory>: builds the program in <directory> with what pkg-config says about the
# arborist that is installed in <prefix>, and runs it.

set -euo pipefail
main=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/main.cpp
mkdir -p "$2"

PKG_CONFIG_PATH=$(dirname "$(find "$1" -name arborist.pc)")
export PKG_CONFIG_PATH
read -ra cflags < <(pkg-config --cflags arborist)
read -ra libs < <(pkg-config --libs arborist)
libdir=$(pkg-config --variable=libdir arborist)

"${CXX:-g++}" -std=c++20 "${cflags[@]}" "$main" "${libs[@]}" -Wl,-rpath,"$libdir" -o "$2/main"
"$2/main"
