#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# Builds and tests arborist as CI does. Ends with a line "<n> passed, <n> failed", which counts the
# tests of all the parts, and with an exit status that says the same.
#
#   tools/test.sh [cmake|b2|asan|tsan|install|soak|fuzz|format|all]...       (default: all)
#
#   cmake     CMake: library, tests, examples; warnings are errors
#   b2        the same with B2
#   asan      tests and examples under the address and undefined-behaviour sanitizers; by clang 19,
#             which takes half the time that g++ takes for it, unless CXX says otherwise
#   tsan      the same under clang's thread sanitizer
#   install   installs; then builds and runs programs that use it: find_package, add_subdirectory,
#             pkg-config, use-project; counts what a child costs
#   soak      tools/soak.sh for 3 minutes, with the programs that the part cmake or b2 has built, if
#             they are there; counts as one test
#   fuzz      tools/fuzz.sh for 20 seconds for each target, which counts as one test
#   format    clang-format 14 finds nothing to change; the README shows example/hello.cpp as it is
#
#   CXX=g++-13        the compiler; tsan and fuzz take it only if it is a clang
#   LINK=static       shared by default; sanitizers: static; install: both
#   PRESET=release    the CMake preset of the part cmake; ci by default
#   JOBS=4            how many at a time; as many as there are processors by default
#   ARBORIST_NO_SETUP=1  install no packages

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

link=${LINK:-}
jobs=${JOBS:-$(nproc)}
passed=0
failed=0

# What the environment asks of every CMake configuration.
compiler=()
[ -z "${CXX:-}" ] || compiler=("-DCMAKE_CXX_COMPILER=$CXX")
case $link in
shared) linkage=(-DBUILD_SHARED_LIBS=ON) ;;
static) linkage=(-DBUILD_SHARED_LIBS=OFF) ;;
'') linkage=() ;;
*) echo "test.sh: LINK is shared or static, not $link" >&2; exit 2 ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Counts what ctest said on its way into $log; a ctest that ran nothing is a failure.
count_ctest() {
    local summary
    summary=$(sed -nE 's/^.* ([0-9]+) tests failed out of ([0-9]+)$/\1 \2/p' "$log" | tail -n 1)
    [ -n "$summary" ] || return 1
    failed=$((failed + ${summary% *}))
    passed=$((passed + ${summary#* } - ${summary% *}))
}

run_ctest() {
    ctest -j "$jobs" --no-tests=error --output-on-failure "$@" | tee "$log"
    local status=${PIPESTATUS[0]}
    count_ctest && [ "$status" = 0 ]
}

# run_preset <preset> <argument of cmake>...
run_preset() {
    local preset=$1
    shift
    cmake --fresh --preset "$preset" "$@" >"$log" || { cat "$log"; return 1; }
    # A test that does not build is a failed test, and no reason not to run the others.
    cmake --build --preset "$preset" --parallel "$jobs" -- --quiet -k 0
    local built=$?
    run_ctest --preset "$preset" && [ $built = 0 ]
}

# run_b2 <directory> <argument of b2>...
run_b2() {
    local directory=$1 launcher toolset
    shift
    launcher=$(command -v ccache)
    case ${CXX:-g++} in
    *clang*) toolset=clang ;;
    *) toolset=gcc ;;
    esac
    mkdir -p build/b2
    echo "using $toolset : : $launcher ${CXX:-g++} ;" >build/b2/user-config.jam

    # What ran before runs again; nothing is compiled again.
    find build/b2 -type f \( -name '*.test' -o -name '*.run' -o -name '*.output' \) -delete

    # -l: a test, or a compiler, that takes longer has hung. Nobody debugs what this builds, and to
    # write the symbols takes a fifth of the time.
    (cd "$directory" && b2 -j "$jobs" -l300 --user-config="$OLDPWD/build/b2/user-config.jam" \
        --build-dir="$OLDPWD/build/b2" "toolset=$toolset" debug-symbols=off "$@") 2>&1 |
        tee "$log" |
        sed -uE -e '/^(gcc|clang-linux|common|testing)\.[a-z.+-]+ /d' -e '/^\.\.\.(on|found) /d' \
            -e 's!^\*\*passed\*\* .*/([^/]+)\.test$!passed: \1!'
    local status=${PIPESTATUS[0]} ok bad
    ok=$(grep -c '^\*\*passed\*\* ' "$log")
    bad=$(grep -cE '^\.\.\.skipped <p.*\.test for lack of ' "$log")
    passed=$((passed + ok))
    failed=$((failed + bad))
    [ "$status" = 0 ] && [ "$ok" -gt 0 ]
}

part_cmake() {
    run_preset "${PRESET:-ci}" "${compiler[@]}" "${linkage[@]}"
}

part_b2() {
    run_b2 . "link=${link:-shared}" all
}

part_asan() {
    run_preset asan "${compiler[@]}" "${linkage[@]}"
}

part_tsan() {
    case ${CXX:-} in
    *clang*) run_preset tsan "${compiler[@]}" "${linkage[@]}" ;;
    *) run_preset tsan "${linkage[@]}" ;;
    esac
}

# configure_and_build <source> <build> <argument of cmake>...
configure_and_build() {
    local source=$1 build=$2
    shift 2
    cmake --fresh -G Ninja -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release \
        "${compiler[@]}" "$@" >"$log" || { cat "$log"; return 1; }
    cmake --build "$build" --parallel "$jobs" -- --quiet
}

# install_and_use <link>
install_and_use() {
    local link=$1 dir=$PWD/build/install/$1 consumer=test/consumer shared=OFF
    [ "$link" = static ] || shared=ON
    rm -rf "$dir/stage"
    configure_and_build . "$dir/library" -DBUILD_SHARED_LIBS=$shared \
        -DARBORIST_BUILD_TESTS=OFF -DARBORIST_BUILD_EXAMPLES=OFF -DARBORIST_BUILD_BENCHMARKS=OFF &&
        cmake --install "$dir/library" --prefix "$dir/stage" >/dev/null || return

    echo "--- find_package, $link"
    configure_and_build $consumer/cmake_install_test "$dir/find_package" \
        -DCMAKE_PREFIX_PATH="$dir/stage" && run_ctest --test-dir "$dir/find_package" || return

    echo "--- pkg-config, $link"
    if $consumer/pkg_config_test/run.sh "$dir/stage" "$dir/pkg_config"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        return 1
    fi

    echo "--- budget, $link"
    if bench/budget.sh "$dir/stage" "$dir"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        return 1
    fi

    echo "--- use-project, $link"
    run_b2 $consumer/b2_use_project_test "link=$link"
}

part_install() {
    local each
    for each in ${link:-shared static}; do
        install_and_use "$each" || return
    done

    echo "--- add_subdirectory"
    configure_and_build test/consumer/cmake_subdir_test build/install/subdirectory "${linkage[@]}" \
        -DCMAKE_BUILD_TYPE=Debug -DARBORIST_PCH=ON -DARBORIST_CCACHE=ON &&
        run_ctest --test-dir build/install/subdirectory
}

part_format() {
    find include lib test example bench -name '*.[ch]pp' -exec clang-format-14 --dry-run -Werror {} + &&
        passed=$((passed + 1)) &&
        diff <(sed '1,/^\/\/ tag::all/d; /^\/\/ end::all/,$d' example/hello.cpp) \
            <(sed '1,/^```cpp/d; /^```/,$d' README.md) &&
        passed=$((passed + 1))
}

part_soak() {
    local programs=build/${PRESET:-ci}/example
    [ -x "$programs/relay_verify" ] ||
        programs=$(find build/b2 -type f -name relay_verify -printf '%h\n' 2>/dev/null | head -n 1)
    [ -x "$programs/relay" ] || programs=
    if ARBORIST_PROGRAMS=$programs tools/soak.sh 3; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        return 1
    fi
}

part_fuzz() {
    JOBS=$jobs tools/fuzz.sh 20 | tee "$log"
    local status=${PIPESTATUS[0]} summary
    summary=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log" | tail -n 1)
    [ -n "$summary" ] || return 1
    passed=$((passed + ${summary% *}))
    failed=$((failed + ${summary#* }))
    return "$status"
}

# run_part <part>: a part that fails without a failed test (it does not build) counts as one.
run_part() {
    local part=$1 groups=() status before_passed=$passed before_failed=$failed start=$SECONDS
    case $part in
    cmake) groups=(build test) ;;
    b2) groups=(build test b2) ;;
    install) groups=(build test b2 budget) ;;
    asan | tsan) groups=(build test tsan) ;;
    soak) groups=(build test demo) ;;
    fuzz) groups=(build test fuzz) ;;
    format) groups=(format) ;;
    esac
    echo "=== $part"
    [ -n "${ARBORIST_NO_SETUP:-}" ] || tools/setup.sh "${groups[@]}" || exit
    "part_$part"
    status=$?
    [ $status = 0 ] || [ $failed -gt $before_failed ] || failed=$((failed + 1))
    echo "=== $part: $((passed - before_passed)) passed, $((failed - before_failed)) failed," \
        "$((SECONDS - start)) s"
}

[ $# -gt 0 ] || set -- all
parts=()
for argument in "$@"; do
    case $argument in
    all) parts+=(format cmake b2 asan tsan install soak fuzz) ;;
    cmake | b2 | asan | tsan | install | soak | fuzz | format) parts+=("$argument") ;;
    *) echo "test.sh: there is no part \"$argument\"; see the head of this file" >&2; exit 2 ;;
    esac
done

for part in "${parts[@]}"; do
    run_part "$part"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
