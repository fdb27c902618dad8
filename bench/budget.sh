#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# budget.sh <prefix> <directory>: compares what the arborist that is installed in <prefix> costs with
# bench/budget.tsv: allocations and bytes of a child, instructions of a restart (if there is
# valgrind), what its headers add to a translation unit, the size of a shared library. Builds in <directory>. These are counts: they do not depend on how busy the machine is,
# but they do on the compiler, and so on CXX, and are compared for g++ only.

set -euo pipefail
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=$1
directory=$2
case ${CXX:-g++} in *clang*) echo "budget.sh: the budget is that of g++"; exit ;; esac

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name arborist.pc)")
export PKG_CONFIG_PATH
read -ra cflags < <(pkg-config --cflags arborist)
read -ra libs < <(pkg-config --libs arborist)
"${CXX:-g++}" -std=c++20 -O2 -DNDEBUG "${cflags[@]}" "$sources/budget.cpp" "${libs[@]}" \
    -Wl,-rpath,"$(pkg-config --variable=libdir arborist)" -o "$directory/budget"

status=0
"$directory/budget" "$sources/budget.tsv" || status=1

# compare <figure> <value>
compare() {
    local limit
    limit=$(awk -F '\t' -v figure="$1" '$1 == figure { print $2 }' "$sources/budget.tsv")
    if [ "$2" -gt "$limit" ]; then
        printf '%s\t%s\tof %s: EXCEEDED\n' "$1" "$2" "$limit"
        status=1
    else
        printf '%s\t%s\tof %s\n' "$1" "$2" "$limit"
    fi
}

# instructions <restarts>
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$directory/budget" "restarts=$1" 2>&1 |
        sed -nE 's/.*Collected : ([0-9]+).*/\1/p'
}

# preprocessed <header>: in bytes
preprocessed() {
    echo "#include <$1>" | "${CXX:-g++}" -std=c++20 -O2 -DNDEBUG "${cflags[@]}" -x c++ -E -P - | wc -c
}
compare include.percent \
    $((100 * $(preprocessed arborist/arborist.hpp) / $(preprocessed boost/asio.hpp)))

library=$(pkg-config --variable=libdir arborist)/libarborist.so
if [ -e "$library" ]; then
    compare library.kilobytes $(($(size "$library" | awk 'NR == 2 { print $1 + $2 }') / 1024))
fi

if command -v valgrind >/dev/null; then
    compare restart.instructions $((($(instructions 6000) - $(instructions 2000)) / 4000))
else
    echo "budget.sh: without valgrind instructions are not counted"
fi
exit $status
