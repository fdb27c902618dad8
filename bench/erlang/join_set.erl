%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W5: processes that do nothing, started and waited for in batches.

-module(join_set).
-export([main/0]).

main() ->
    Tasks = bench:parameter("tasks", 1000000),
    Start = erlang:monotonic_time(),
    join(Tasks),
    bench:report("join", "ns", bench:lap(Start) / Tasks).

join(0) -> ok;
join(Left) ->
    Batch = min(Left, 1000),
    spawn_tasks(Batch),
    wait(Batch),
    join(Left - Batch).

spawn_tasks(0) -> ok;
spawn_tasks(Left) ->
    spawn_monitor(fun() -> ok end),
    spawn_tasks(Left - 1).

wait(0) -> ok;
wait(Left) -> receive {'DOWN', _, process, _, normal} -> wait(Left - 1) end.
