#!/usr/bin/env bash
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# Keeps the relay under load for minutes, while a fault hits one of its children at random, several
# times a second; counts what the clients see of it, and what the relay keeps. Ends with
# "soak: passed" or "soak: FAILED", and an exit status that says the same.
#
#   tools/soak.sh [MINUTES]     3 by default
#
#   ARBORIST_NO_SETUP=1     install no packages
#   ARBORIST_PROGRAMS=DIR   build nothing, take relay and relay_verify from there
#   THREADS=2               threads of the relay
#   FAULT_EVERY=250         milliseconds between two faults
#   RSS_TOLERANCE=4096      kB that the resident memory may grow by, without what is of files
#   SEED=1                  of the choice of faults
#
# It goes in laps. In each, a verifying client and rounds of redis-benchmark run through the relay
# while faults are injected; then the faults end, all acknowledged writes are read back, and when no
# connection is open, memory and file descriptors are looked at. doc/soak_and_fuzzing.adoc says how
# to read the output.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source tools/lib/relay.sh

minutes=${1:-3}
[[ $minutes =~ ^[1-9][0-9]*$ ]] || die "the minutes are a number, not '$minutes'"
fault_every=${FAULT_EVERY:-250}
tolerance=${RSS_TOLERANCE:-4096}
RANDOM=${SEED:-1}
THREADS=${THREADS:-2}
export TZ=UTC # for the log of the relay
drain=2
seconds_of_faults=7 # in a lap
requests=4000       # in a round of redis-benchmark

# What is hit. A connection more often, since it is what there is most of.
targets=(control statistics upstream check traffic connections listener
    connection connection connection)
ways=("fail % exception" "fail % error" "restart %")

child_of() {
    local all
    mapfile -t all < <(clients)
    [ ${#all[@]} -gt 0 ] && echo "${all[RANDOM % ${#all[@]}]}"
}
# Of all children: the numbers at the end of the line.
restarts() {
    tell stats | awk '{ sub(/.*restarts: /, ""); for (i = 2; i <= NF; i += 2) n += $i }
        END { print n + 0 }'
}

# One fault. Adds to the file "faults": when it was begun, when it was over, whether it ended
# connections, or kept clients from coming in, and the command. Over: who was restarted is there
# again, and a client that comes then is served.
inject() {
    local target=${targets[RANDOM % ${#targets[@]}]} kills=1 before reply command begin
    command=${ways[RANDOM % ${#ways[@]}]/\%/$target}
    case $target in
    connection) command="stop $(child_of)" || return 0 ;;
    traffic | connections | listener) before=$(restarts_of listener) ;;
    *) kills=0 ;;
    esac
    begin=$EPOCHREALTIME
    reply=$(tell "$command" 2>/dev/null) || true
    if [ -n "${before:-}" ] && [[ $reply == *" fails by "* ]]; then # it is told before it happens
        try 50 eval "[ \$(restarts_of listener) -gt $before ]" || true
    fi
    try 50 answers "$port" || echo "$command: no answer in 5 s" >>"$directory/silent"
    echo "$begin $EPOCHREALTIME $kills $command" >>"$directory/faults"
}

inject_until() {
    local next pause
    next=$(milliseconds)
    while [ "$(milliseconds)" -lt "$1" ]; do
        inject
        next=$((next + fault_every))
        pause=$((next - $(milliseconds)))
        [ $pause -le 0 ] || sleep "$(printf '0.%03d' $pause)"
    done
}

# Rounds of redis-benchmark, each with connections of its own, until the file "stop" is there. It
# exits with an error when one of its connections is lost to reading, and hangs if it is one to
# writing: a lost connection is the loss of its round. Adds to the file "rounds": begin, end,
# status, error.
benchmark() {
    local begin status
    until [ -e "$directory/stop" ]; do
        begin=$EPOCHREALTIME
        status=0
        timeout 5 redis-benchmark -p "$port" -t set,get -n $((requests / 2)) -c 20 -P 4 -q \
            >/dev/null 2>"$directory/benchmark" || status=$?
        echo "$begin $EPOCHREALTIME $status $(tail -n 1 "$directory/benchmark")" \
            >>"$directory/rounds"
    done
}

is_quiet() { tell stats | grep -q '^0 open .* upstream up;'; }
of_relay() { sed -nE "s/^$1:[^0-9]*([0-9]+).*/\1/p" "/proc/$relay/status"; }
descriptors() { find "/proc/$relay/fd" -type l | wc -l; }
lines() { wc -l <"$directory/$1"; }
sum_of() { awk -v "field=$2" '{ n += $field } END { print n + 0 }' "$directory/$1"; }

# Adds to the files of the whole run, and a line to the table.
lap() {
    local benchmark before acknowledged
    rm -f "$directory/stop"
    before="$(lines faults) $(restarts)"
    "$programs/relay_verify" "127.0.0.1:$port" "127.0.0.1:$redis_port" \
        $((seconds_of_faults + 1)) "$directory/failures" >"$directory/verify" 2>&1 &
    verify=$!
    benchmark &
    benchmark=$!
    inject_until $(($(milliseconds) + 1000 * seconds_of_faults))
    touch "$directory/stop"
    wait "$benchmark"
    finish 600 "$verify"
    if [ "$status" != 0 ]; then
        echo "lap $1: $(paste -sd ';' "$directory/verify")" | tee -a "$directory/wrong"
    fi
    cat "$directory/failures" >>"$directory/all_failures" || true
    acknowledged=$(sed -nE 's/^([0-9]+) writes.*/\1/p' "$directory/verify")
    redis-cli -p "$redis_port" flushall >/dev/null

    tell "restart check" >/dev/null 2>&1 || true # which may be waiting, after so many failures
    try 100 is_quiet || die "lap $1: the relay does not come to rest: $(tell stats)"
    sleep 0.2
    echo "${acknowledged:-0} $(of_relay RssAnon) $(descriptors) $(of_relay Threads)" \
        >>"$directory/laps"
    awk -v "before=$before" -v "now=$(lines faults) $(restarts)" -v "lap=$1" '
        { split(before, old, " "); split(now, new, " ")
          printf "%6d %9d %7d %9d %9d %6d %8d\n",
              lap, $1, new[1] - old[1], new[2] - old[2], $2, $3, $4 }' \
        <(tail -n 1 "$directory/laps")
}

# Is every error that a client has seen that of a connection that was killed? Prints the counts, and
# what is not explained.
#
# A connection of the verifying client that was cut is one that the relay says it has cut, by its
# endpoint, between its begin and its end, or soon after. One that was never served was waiting for,
# or in the hand of, a listener that was hit then. A round of redis-benchmark that failed is one in
# which connections were killed.
explain() {
    sed -nE 's/^([0-9:.]+) .*connection from (127\.0\.0\.1:[0-9]+) is cut.*/\1 \2/p' \
        "$directory/relay" >"$directory/cut"
    awk '
        BEGIN {
            CONVFMT = "%.6f"
            late = 2 # seconds: the relay writes it after it has done it
        }
        FILENAME ~ /cut$/ { # the log has the time of day
            split($1, at, ":")
            cuts[$2] = cuts[$2] " " (3600 * at[1] + 60 * at[2] + at[3])
            next
        }
        FILENAME ~ /faults$/ {
            if ($3) { ++kills; from[kills] = $1; to[kills] = $2 }
            next
        }
        function was_cut(endpoint, begin, end,   times, i, before) {
            for (i = split(cuts[endpoint], times, " "); i > 0; --i) {
                before = (end + late - times[i]) % 86400
                if (before <= end + late - begin)
                    return 1
            }
            return 0
        }
        function hit(begin, end,   i) {
            for (i = 1; i <= kills; ++i)
                if (from[i] <= end && to[i] >= begin)
                    return 1
            return 0
        }
        FILENAME ~ /failures$/ {
            if (was_cut($3, $1, $2)) ++by_endpoint
            else if ($4 == 0 && hit($1, $2)) ++unserved
            else { ++unexplained; print "unexplained: " $0 }
            next
        }
        {
            was_hit = hit($1, $2)
            if ($3 == 0) ++completed
            else if (was_hit) ++rounds
            else { ++unexplained; print "unexplained: redis-benchmark " $0 }
            if (!was_hit) ++calm
        }
        END {
            print by_endpoint + 0, unserved + 0, rounds + 0, unexplained + 0,
                completed + 0, calm + 0
        }' "$directory/cut" "$directory/faults" "$directory/all_failures" "$directory/rounds"
}

# Of column FIELD of the laps: the medians of the first and of the last third, after the warm-up.
thirds() {
    local third
    tail -n +$((warm_up + 1)) "$directory/laps" | awk -v "field=$1" '{ print $field }' \
        >"$directory/column"
    third=$((($(lines column) + 2) / 3))
    for part in head tail; do
        $part -n $third "$directory/column" | sort -n | sed -n "$(((third + 1) / 2))p"
    done
}

# In milliseconds, and which one.
slowest() {
    awk '{ ms = int(1000 * ($2 - $1)); $1 = $2 = $3 = ""; if (ms > most) { most = ms; what = $0 } }
        END { print most what }' "$directory/faults"
}

# ---------------------------------------------------------------------------------------------

build_programs relay relay_verify
for file in faults all_failures rounds laps wrong silent; do
    : >"$directory/$file"
done
start_redis
# A fault may be a restart of all that there is, for as long as this takes.
start_relay "$directory/relay" --upstream "127.0.0.1:$redis_port" --statistics 1 \
    --restarts 1000000 --log debug
warm_up=3

title "A fault every $fault_every ms, for $minutes minutes; $warm_up laps are the warm-up"
printf '%6s %9s %7s %9s %9s %6s %8s\n' lap writes faults restarts 'RSS, kB' files threads
number=0
deadline=$(($(milliseconds) + 60000 * minutes))
while [ $number -lt $((warm_up + 3)) ] || [ "$(milliseconds)" -lt $deadline ]; do
    number=$((number + 1))
    lap $number
done
seconds=$((($(milliseconds) - deadline) / 1000 + 60 * minutes))

title "What was seen"
explain >"$directory/explained"
grep '^unexplained' "$directory/explained" | cut -c 1-120 | head -n 20 || true
read -r by_endpoint unserved rounds unexplained completed calm < <(tail -n 1 "$directory/explained")
writes=$(sum_of laps 1)
errors=$((by_endpoint + unserved + rounds + unexplained))
killed=$(lines cut)
{ read -r rss_before && read -r rss_after; } < <(thirds 2)
{ read -r files_before && read -r files_after; } < <(thirds 3)
most_files=$(tail -n +$((warm_up + 1)) "$directory/laps" | awk '{ print $3 }' | sort -n | tail -n 1)
row() { printf '   %-48s %10s\n' "$@"; }
row "seconds" $seconds
row "operations: writes acknowledged to relay_verify" "$writes"
row "operations: of redis-benchmark" $((completed * requests))
row "faults" "$(lines faults)"
row "slowest fault, until who is new is served, ms" "$(slowest | cut -d ' ' -f 1)"
row "restarts of children" "$(restarts)"
row "connections killed by them" "$killed"
row "errors seen by clients" $errors
row "  of a connection that the relay has cut" "$by_endpoint"
row "  of one that a killed listener had not served" "$unserved"
row "  of a round of redis-benchmark, by a kill" "$rounds"
row "  of a connection that nobody has killed" "$unexplained"
row "resident memory before, kB" "$rss_before"
row "resident memory after, kB" "$rss_after"
row "file descriptors before, after" "$files_before $files_after"
echo "   the slowest fault: $(slowest | cut -d ' ' -f 2-)"
tell stats | sed 's/^/   /'

check "of $errors errors, $unexplained are not that of a connection that was killed" \
    [ "$unexplained" = 0 ]
check "$calm rounds without a kill were completed, and $completed altogether" \
    [ "$calm" -gt 0 ]
check "connections were killed ($killed), and clients have seen it ($by_endpoint of theirs)" \
    [ "$by_endpoint" -gt 0 ]
check "no acknowledged write was lost or changed, and no answer was wrong" \
    [ "$(lines wrong)" = 0 ]
check "writes were acknowledged" [ "$writes" -gt 0 ]
check "the relay answered within 5 s of every fault" [ "$(lines silent)" = 0 ]
check "the memory grew by $((rss_after - rss_before)) kB; tolerated: $tolerance" \
    [ $((rss_after - rss_before)) -le "$tolerance" ]
check "there are $files_after file descriptors, and never more when no connection is open" \
    [ "$most_files" -le "$files_before" ]
for child in control statistics upstream check traffic connections listener; do
    count=$(restarts_of "$child")
    check "$child was restarted ($count times)" [ "$count" -gt 0 ]
done
check "it is still the same process" kill -0 "$relay"

exec 5<>"/dev/tcp/127.0.0.1/$port"
printf 'PING\r\n' >&5
read -r -t 2 -u 5 _ || true
start=$(milliseconds)
kill -TERM "$relay"
finish $((10 * drain + 20)) "$relay"
took=$(($(milliseconds) - start))
exec 5>&-
check "SIGTERM, with a client that stays: exit code $status" [ "$status" = 0 ]
check "SIGTERM: after $took ms, and it has $drain s" [ $took -lt $((1000 * drain + 500)) ]

print_summary
if [ "$failures" -gt 0 ]; then
    echo "soak: FAILED"
    exit 1
fi
echo "soak: passed"
