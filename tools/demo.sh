#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# Shows what arborist does: builds the examples, runs the small one, then puts the relay before a
# real Redis server and breaks it, one child after the other, while clients write through it; then
# has the pipeline compress the headers of Boost while its workers fail.
# Installs what is missing on a Debian-like system. Uses the loopback interface only; takes about
# 80 seconds after the build, and cleans up behind itself. Exit status: 0 if every check passed.
#
#   tools/demo.sh
#
#   ARBORIST_NO_SETUP=1     install no packages
#   ARBORIST_PROGRAMS=DIR   build nothing, take hello, relay, relay_verify and pipeline
#                           from there
#   THREADS=4               threads of the relay; 1 by default

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source tools/lib/relay.sh

seconds_of_faults=12

# Processor time of a process so far, in hundredths of a second.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
# Of a connection of our own, by its file descriptor: is it served, is it closed by the relay?
is_served() {
    local reply
    printf 'PING\r\n' >&"$1" && read -r -t "${2:-2}" -u "$1" reply && [ "$reply" = $'+PONG\r' ]
}
is_closed() {
    local status=0
    read -r -t 2 -u "$1" _ 2>/dev/null || status=$?
    [ "$status" != 0 ] && [ "$status" -le 128 ] # more: the time is over
}

# rate PORT COMMAND: requests per second
rate() {
    timeout 60 redis-benchmark -p "$1" -t "$2" -n 200000 -P 16 -c 50 --csv |
        sed -nE 's/^"(SET|GET)","([0-9]+).*/\2/p'
}
larger() { echo $(($1 > $2 ? $1 : $2)); }

# ---------------------------------------------------------------------------------------------

build_programs hello relay relay_verify pipeline
began=$(milliseconds)

title "A small tree: one worker ticks, another fails twice and is restarted"
hello() { "$programs/hello" 2>&1; }
check "hello runs and ends by itself" hello

title "A Redis server, and a relay before it"
start_redis
start_relay "$directory/relay" --upstream "127.0.0.1:$redis_port" --statistics 5
echo "   $programs/relay --listen 127.0.0.1:$port --upstream 127.0.0.1:$redis_port ..."
check "it answers through the relay" answers "$port"
ticks_before=$(ticks "$relay")
sleep 1.2
check "it uses no processor time at rest" [ $(($(ticks "$relay") - ticks_before)) -le 3 ]

title "The tree: seen, stopped, and restarted through the control socket"
exec 5<>"/dev/tcp/127.0.0.1/$port" 6<>"/dev/tcp/127.0.0.1/$port"
check "two clients are served" eval "is_served 5 && is_served 6"
tell tree | sed 's/^/   /'
check "every client is a child" [ "$(clients | wc -l)" = 2 ]
is_json() {
    if command -v python3 >/dev/null; then
        tell "tree --json" | python3 -c 'import json, sys; print(json.load(sys.stdin)["totals"])'
    else
        tell "tree --json" | grep '^{"schema_version":1,.*}$'
    fi | sed 's/^/   totals: /'
}
check "and for programs there is JSON" is_json
tell "stop listener" | sed 's/^/   /'
check "listener stopped: a new client is refused" eval "! answers $port"
check "listener stopped: who is there is served" is_served 5
tell "restart listener" | sed 's/^/   /'
check "listener restarted: a new client is served" answers "$port"
one=$(clients | head -n 1)
tell "stop $one" | sed 's/^/   /'
check "one connection stopped: the other one is served" \
    eval "{ is_closed 5 && is_served 6; } || { is_closed 6 && is_served 5; }"
is_unknown() {
    local reply
    reply=$(tell "stop $1") && return 1
    echo "   $reply"
    [[ $reply == *"no such child" ]]
}
check "who is not there cannot be stopped: the library says so" is_unknown "$one"
exec 5>&- 6>&-

title "How fast: redis-benchmark, 50 clients, 16 requests in flight each, best of 3"
for command in set get; do
    direct=0
    relayed=0
    for _ in 1 2 3; do
        direct=$(larger "$direct" "$(rate "$redis_port" "$command")")
        relayed=$(larger "$relayed" "$(rate "$port" "$command")")
    done
    line="${command^^}: $direct/s directly, $relayed/s through the relay"
    line+=" ($((100 * relayed / direct)) %; all on $(nproc) processors)"
    echo "   $line"
    summary+=("        $line")
done

title "$seconds_of_faults seconds of faults, one every 0.4 s, while 8 clients write"
"$programs/relay_verify" "127.0.0.1:$port" "127.0.0.1:$redis_port" $((seconds_of_faults + 1)) \
    >"$directory/verify" 2>&1 &
verify=$!
faults=("fail listener" "fail connections" "fail check error" "fail statistics" "fail control"
    "stop a connection" "fail listener error" "fail upstream" "server hangs up"
    "fail connections error" "restart connections" "restart listener")
inject() {
    case $1 in
        "stop a connection") tell "stop $(clients | head -n 1)" ;;
        "server hangs up") redis-cli -p "$redis_port" client kill type normal ;;
        *) tell "$1" ;;
    esac
}
injected=0
answered=0
slowest=0
until_then=$(($(milliseconds) + 1000 * seconds_of_faults))
while [ "$(milliseconds)" -lt "$until_then" ]; do
    fault=${faults[$((injected % ${#faults[@]}))]}
    reply=$(inject "$fault") || reply="no reply"
    start=$(milliseconds)
    if try 20 answers "$port"; then answered=$((answered + 1)); fi
    took=$(($(milliseconds) - start))
    [ "$took" -le "$slowest" ] || slowest=$took
    [ "$injected" -ge ${#faults[@]} ] || printf '   %-24s %s\n' "$fault" "$reply"
    injected=$((injected + 1))
    sleep 0.4
done
echo "   ... and so on: $injected faults; the slowest answer after one took $slowest ms"
finish 300 "$verify"
sed 's/^/   /' "$directory/verify"
check "the relay answered after each of $injected faults" [ "$answered" = "$injected" ]
check "no acknowledged write was lost or changed" [ "$status" = 0 ]

title "What was restarted: the relay's own account, and its log"
tell stats | sed 's/^/   /'
grep -E 'panicked|terminated|restarting' "$directory/relay" | awk '
    { split($0, part, "\047"); key = part[2] (/restarting/ ? " restarting" : "") }
    !seen[key]++ { print "   " $0 }'
echo "   ... $(grep -c restarting "$directory/relay") restarts altogether"
for child in control statistics upstream check connections listener; do
    count=$(restarts_of "$child")
    check "$child was restarted ($count times)" [ "$count" -gt 0 ]
done
check "it is still the same process" kill -0 "$relay"

title "SIGTERM under load: nobody is accepted any more, who is there may finish"
timeout 30 redis-benchmark -p "$port" -t set -n 30000 -c 4 --csv >"$directory/load" 2>&1 &
load=$!
try 20 eval "tell stats | grep -q '^4 open'" || true
start=$(milliseconds)
kill -TERM "$relay"
sleep 0.1
check "a new client is not accepted" eval "! answers $port"
finish 200 "$load"
load_status=$status
finish $((10 * drain + 20)) "$relay"
took=$(($(milliseconds) - start))
tail -n 6 "$directory/relay" | sed 's/^/   /'
check "the clients that were there finished their 30000 requests" [ "$load_status" = 0 ]
check "the relay ended with exit code $status, after $took ms" [ "$status" = 0 ]
check "it stopped within its $drain s" [ "$took" -lt $((1000 * drain + 500)) ]

drain=1 start_relay "$directory/stubborn" --upstream "127.0.0.1:$redis_port"
exec 5<>"/dev/tcp/127.0.0.1/$port"
is_served 5 || true
kill -TERM "$relay"
check "a client that does not finish within its time is cut" is_closed 5
finish 30 "$relay"
check "and that is no failure: exit code $status" [ "$status" = 0 ]
exec 5>&-

title "No more than 2 connections: the third client waits"
start_relay "$directory/limited" --upstream "127.0.0.1:$redis_port" --max-connections 2
exec 5<>"/dev/tcp/127.0.0.1/$port" 6<>"/dev/tcp/127.0.0.1/$port" 7<>"/dev/tcp/127.0.0.1/$port"
check "two are served" eval "is_served 5 && is_served 6"
check "the third one is not" eval "! is_served 7 0.5"
exec 5>&-
read -r -t 2 -u 7 reply || reply=
check "one leaves: the third one is served" [ "$reply" = $'+PONG\r' ]
exec 6>&- 7>&-
kill -TERM "$relay"
finish 30 "$relay"
check "it ended with exit code $status" [ "$status" = 0 ]

title "When it cannot work, it says why"
# says CODE TEXT ARGUMENT...
says() {
    local code=$1 text=$2 status=0
    shift 2
    timeout 10 "$programs/relay" "$@" --log off 2>"$directory/says" || status=$?
    sed 's/^/   /' "$directory/says"
    [ "$status" = "$code" ] && grep -q -- "$text" "$directory/says"
}
check "a port that is taken: exit code 69" \
    says 69 "cannot listen on 127.0.0.1:$redis_port: Address already in use" \
    --listen "127.0.0.1:$redis_port" --upstream 127.0.0.1:1
check "a bad argument: exit code 64" \
    says 64 "--threads: 'many' is not a number" \
    --listen 127.0.0.1:0 --upstream 127.0.0.1:1 --threads many

start_relay "$directory/down" --upstream 127.0.0.1:1 --statistics 0 --restarts 0
check "no upstream: clients are refused" eval "! answers $port"
try 50 eval "[ \$(grep -c \"child 'check' restarting\" $directory/down) -ge 3 ]" || true
grep -E 'cannot connect|is down|restarting' "$directory/down" | sed 's/^/   /'
check "no upstream: the log says so" grep -q 'upstream 127.0.0.1:1 is down' "$directory/down"
tell quit | sed 's/^/   quit: /'
finish 30 "$relay"
check "no upstream: it goes on with --restarts 0, until it is told to quit" [ "$status" = 0 ]

start_relay "$directory/limit" --upstream "127.0.0.1:$redis_port" --restarts 2
for _ in 1 2 3; do
    tell "fail upstream" >/dev/null || true
    sleep 0.2
done
finish 30 "$relay"
tail -n 1 "$directory/limit" | sed 's/^/   /'
check "more restarts than allowed: it gives up, exit code 70" [ "$status" = 70 ]

# The directory of the headers of Boost, which is where the compiler finds them.
boost_headers() {
    local found
    found=$(echo '#include <boost/version.hpp>' | "${CXX:-c++}" -E -x c++ - 2>/dev/null |
        sed -nE 's|^# [0-9]+ "(.*)/version\.hpp".*|\1|p' | head -n 1) || true
    [ -d "$found" ] || found=/usr/include/boost
    echo "$found"
}
input=$(boost_headers)
[ -d "$input" ] || die "the headers of Boost are not in $input"
files=$(find "$input" -type f | wc -l)

# Each time to another place, which is quicker than making room.
outputs=0
somewhere_else() {
    outputs=$((outputs + 1))
    output=$directory/compressed-$outputs
    mkdir "$output"
}
# compress LOG OPTION...: sets $status
compress() {
    local log=$1
    shift
    status=0
    timeout 300 "$programs/pipeline" "$@" "$input" "$output" >"$log" 2>"$log.progress" || status=$?
    sed 's/^/   /' "$log"
}
# With one thread, so that every machine is slow enough to be in the middle when it is stopped.
start_compressing() {
    somewhere_else
    "$programs/pipeline" --threads 1 --level 9 "$@" "$input" "$output" >"$directory/stopped" 2>&1 &
    pipeline=$!
}
done_so_far() { find "$output" -name '*.gz' | wc -l; }
has_begun() { [ "$(done_so_far)" -ge 300 ]; }
has_no_parts() { [ -z "$(find "$output" -type f ! -name '*.gz')" ]; }
# Of LOG: the number before WORD
number_of() { sed -nE "s/.* ([0-9]+) $2.*/\1/p" "$1"; }
is_verified() { [ "$status" = 0 ] && grep -qx verified "$1"; }
# Not by what verifies itself: all files in one row, as they were, and as gzip unpacks them.
is_the_same() {
    local before after
    before=$(cd "$input" && find . -type f -print0 | sort -z | xargs -0 cat | cksum)
    after=$(cd "$output" && (cd "$input" && find . -type f -print0 | sort -z) |
        sed -z 's/$/.gz/' | xargs -0 gzip -dc | cksum)
    echo "   cksum before: $before, after: $after"
    [ "$before" = "$after" ]
}

title "A pipeline: $files headers of Boost, read by blocking workers, compressed on a runtime"
echo "   $programs/pipeline $input ..."
somewhere_else
compress "$directory/calm"
check "all is compressed, and verified" is_verified "$directory/calm"
check "there are as many files as before" [ "$(done_so_far)" = "$files" ]
summary+=("        pipeline: $(number_of "$directory/calm" 'files,') files$(
    sed -nE 's/.*(, [0-9.]+ s, .*)/\1/p' "$directory/calm")")

title "The same while its workers fail: they throw, return errors and hang, at the worst moment"
somewhere_else
compress "$directory/chaos" --chaos --log warning
grep '^pipeline: chaos' "$directory/chaos.progress" | sed 's/^/   /'
grep -E "panicked|terminated|does not get on|aborting" "$directory/chaos.progress" | awk '
    { key = $4 " " $5 " " $6 " " $7; sub(/-[0-9]+/, "", key) }
    !seen[key]++ && shown++ < 8 { print "   " substr($0, 1, 150) }'
restarts=$(number_of "$directory/chaos" 'restarts')
check "all is compressed, and verified" is_verified "$directory/chaos"
check "workers were restarted ($restarts times)" [ "${restarts:-0}" -gt 0 ]
check "what they had begun was taken over ($(number_of "$directory/chaos" take-overs) times)" \
    [ "$(number_of "$directory/chaos" take-overs)" -gt 0 ]
check "there are as many files as before, and no parts of files" \
    eval "[ $(done_so_far) = $files ] && has_no_parts"
check "gzip unpacks what was there" is_the_same

title "Stopped in the middle: what is there is complete"
start_compressing
try 100 has_begun || true
start=$(milliseconds)
kill -TERM "$pipeline"
finish 100 "$pipeline"
sed 's/^/   /' "$directory/stopped"
check "SIGTERM: it ended with exit code $status, after $(($(milliseconds) - start)) ms" \
    [ "$status" = 75 ]
check "SIGTERM: $(done_so_far) of $files files are there, and no parts of files" \
    eval "[ $(done_so_far) -lt $files ] && has_no_parts"
check "SIGTERM: each is complete" \
    eval "find $output -name '*.gz' -print0 | xargs -0 gzip -t"
start_compressing --chaos
try 100 has_begun || true
kill -KILL "$pipeline"
finish 100 "$pipeline" 2>/dev/null
check "SIGKILL: each of the $(done_so_far) files that are there is complete" \
    eval "find $output -name '*.gz' -print0 | xargs -0 gzip -t"
compress "$directory/again"
check "SIGKILL, and once more: all is verified" is_verified "$directory/again"
check "SIGKILL, and once more: no parts of files" has_no_parts

print_summary
if [ "$failures" -gt 0 ]; then
    echo "   $failures of the checks FAILED"
    exit 1
fi
echo "   All checks passed, in $((($(milliseconds) - began) / 1000)) seconds."
