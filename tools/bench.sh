#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# Measures arborist beside the floor, which is the same work on bare Asio, and beside the peers that
# a package manager has, Erlang/OTP and CAF. All of them take turns, one program at a time. What each
# work is, and how to read the figures: doc/performance.adoc.
#
#   tools/bench.sh [--quick] [--rounds N] [--only WORK]... [--publish] [RESULTS]
#
#   --quick      fewer rounds and smaller numbers: to see that all works, not to compare
#   --rounds N   5 by default; 2 if quick
#   --only WORK  the name of a program in bench/arborist, or micro; for several, say it again
#   --publish    copies what doc/performance.adoc shows to doc/performance/
#   RESULTS      a directory, build/bench/results by default; what is in it from before is removed
#
#   CXX=g++-13           the compiler
#   JOBS=4               how many compilers at a time; as many as there are processors by default
#   ARBORIST_NO_SETUP=1  install no packages
#
# Writes to RESULTS:
#
#   raw.tsv              round, who, figure, unit, value
#   works.tsv            the works, and with which parameters
#   micro.json           what Google Benchmark says of bench/micro.cpp
#   environment.txt      the machine, and the versions of all that took part
#   table.txt, .adoc     medians, spread, ratios, and whether bench/targets.tsv is met
#   *.svg                plots
#
# The report alone, from what was measured before: bench/report.py RESULTS. The exit status says
# whether every program ran to its end; whether targets are met is for whoever reads the table.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

build=build/bench
results=$build/results
mode=full
rounds=
only=()
publish=
usage() {
    echo "bench.sh: $1; see the head of this file" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    case $1 in
    --quick) mode=quick ;;
    --publish) publish=1 ;;
    --rounds | --only)
        [ $# -gt 1 ] || usage "$1 of what?"
        case $1 in
        --rounds) rounds=$2 ;;
        --only) only+=("$2") ;;
        esac
        shift
        ;;
    -*) usage "there is no option $1" ;;
    *) results=$1 ;;
    esac
    shift
done
[ -n "$rounds" ] || { [ $mode = quick ] && rounds=2 || rounds=5; }
[[ $rounds =~ ^[1-9][0-9]*$ ]] || usage "a number of rounds is positive, not $rounds"

# The works are the programs that there are.
works=()
for source in bench/arborist/*.cpp; do
    works+=("$(basename "$source" .cpp)")
done
if [ ${#only[@]} -gt 0 ]; then
    for work in "${only[@]}"; do
        [[ " ${works[*]} micro " = *" $work "* ]] || usage "there is no work $work"
    done
    works=("${only[@]}")
fi

[ -n "${ARBORIST_NO_SETUP:-}" ] || tools/setup.sh build bench || exit

compiler=()
[ -z "${CXX:-}" ] || compiler=("-DCMAKE_CXX_COMPILER=$CXX")
echo "=== build"
mkdir -p $build
# No warning is an error: g++ 12 has false ones at -O2.
cmake -G Ninja -S . -B $build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DARBORIST_WARNINGS_AS_ERRORS=OFF -DARBORIST_BUILD_TESTS=OFF -DARBORIST_BUILD_EXAMPLES=OFF \
    -DARBORIST_BUILD_BENCHMARKS=ON "${compiler[@]}" >$build.log || { cat $build.log; exit 1; }
grep -- '-- Without' $build.log
cmake --build $build --parallel "${JOBS:-$(nproc)}" --target benchmarks -- --quiet || exit
if command -v erlc >/dev/null; then
    mkdir -p $build/erlang && erlc -Werror -o $build/erlang bench/erlang/*.erl || exit
else
    rm -rf $build/erlang
    echo "-- Without the benchmarks of Erlang/OTP: on Debian 12, apt-get install erlang-base"
fi

# parameters WORK: of this mode; "-" if it is not run
parameters() {
    awk -F '\t' -v work="$1" -v column="$([ $mode = quick ] && echo 3 || echo 4)" \
        '$1 == work { print $column }' bench/works.tsv
}

# sizes WORK: the lines of a work with other sizes
sizes() {
    awk -F '\t' -v work="$1@" 'index($1, work) == 1 { print $1 }' bench/works.tsv
}

version_of_boost() {
    echo '#include <boost/version.hpp>
BOOST_LIB_VERSION' | "$cxx" -E -P -x c++ - | tail -n 1 | tr -d '"' | tr _ .
}
version_of_caf() {
    echo '#include <caf/config.hpp>
CAF_VERSION' | "$cxx" -E -P -x c++ - | tail -n 1 |
        awk '{ printf "%d.%d.%d", $1 / 10000, $1 / 100 % 100, $1 % 100 }'
}
environment() {
    local cxx
    cxx=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' $build/CMakeCache.txt)
    echo "date        $(date -u +%Y-%m-%d)"
    echo "commit      $(git describe --always --abbrev=12 --dirty 2>/dev/null || echo unknown)"
    echo "run         $mode, $rounds rounds"
    echo "processors  $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    echo "memory      $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
    echo "load before $(cut -d ' ' -f 1-3 /proc/loadavg)"
    echo "kernel      $(uname -sr)"
    echo "libc        $(getconf GNU_LIBC_VERSION)"
    echo "compiler    $("$cxx" --version | head -n 1), Release"
    echo "Boost       $(version_of_boost)"
    [ ! -d $build/erlang ] ||
        echo "Erlang/OTP  $(erl -noinput -eval 'io:format("~s, ERTS ~s", [erlang:system_info(otp_release),
            erlang:system_info(version)]), halt().')"
    [ ! -d $build/bench/caf ] || echo "CAF         $(version_of_caf)"
}

rm -rf "$results"
mkdir -p "$results" || exit
environment >"$results/environment.txt"
cat "$results/environment.txt"

failures=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# run ROUND WHO WORK SUFFIX PARAMETER...: the program, if there is one
run() {
    local round=$1 who=$2 work=$3 suffix=$4 command
    shift 4
    case $who in
    erlang)
        [ -f "$build/erlang/$work.beam" ] || return
        command=(erl -noinput +P 2000000 -pa "$build/erlang" -run bench main "$work")
        ;;
    *)
        [ -f "bench/$who/$work.cpp" ] && [ -x "$build/bench/$who/$work" ] || return
        command=("$build/bench/$who/$work")
        ;;
    esac
    timeout 600 "${command[@]}" "$@" >"$output"
    local status=$?
    if [ $status != 0 ] || [ ! -s "$output" ]; then
        echo "FAILED with status $status: ${command[*]} $*" >&2
        failures=$((failures + 1))
        return
    fi
    awk -F '\t' -v OFS='\t' -v round="$round" -v who="$who" -v suffix="$suffix" \
        '{ print round, who, $1 suffix, $2, $3 }' "$output" >>"$results/raw.tsv"
}

for work in "${works[@]}"; do
    for each in "$work" $(sizes "$work"); do
        printf '%s\t%s\n' "$each" "$(parameters "$each")"
    done
done | awk -F '\t' '$1 != "micro" && $2 != "-"' >"$results/works.tsv"

: >"$results/raw.tsv"
for ((round = 1; round <= rounds; ++round)); do
    echo "=== round $round of $rounds"
    while IFS=$'\t' read -r each values <&3; do
        work=${each%@*}
        suffix=${each#"$work"}
        people=(floor arborist erlang caf)
        [ -z "$suffix" ] || people=(floor arborist)
        for who in "${people[@]}"; do
            # shellcheck disable=SC2086 # several parameters
            run "$round" "$who" "$work" "$suffix" $values
        done
    done 3<"$results/works.tsv"
done

if [ -x $build/bench/micro ] && [[ ${#only[@]} = 0 || " ${only[*]} " = *" micro "* ]]; then
    echo "=== micro"
    if ! $build/bench/micro --benchmark_repetitions="$rounds" \
        --benchmark_min_time="$([ $mode = quick ] && echo 0.05 || echo 0.5)" \
        --benchmark_enable_random_interleaving=true --benchmark_format=json \
        >"$results/micro.json" 2>"$output"; then
        cat "$output"
        echo "FAILED: $build/bench/micro" >&2
        failures=$((failures + 1))
        rm -f "$results/micro.json"
    fi
fi

bench/report.py "$results" || failures=$((failures + 1))
if [ -n "$publish" ]; then
    mkdir -p doc/performance
    cp "$results"/table.adoc "$results"/environment.txt "$results"/*.svg doc/performance/
fi
[ $failures = 0 ] || echo "bench.sh: $failures of the programs failed; see above" >&2
[ $failures = 0 ]
