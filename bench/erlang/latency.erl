%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W2: how long after its failure one of many children runs again.
%%
%% A supervisor walks the history of its restarts at every one, and keeps a second of it at the
%% least, so now and then there is another one, with an empty history: what it can do at its best.

-module(latency).
-export([main/0, start/1]).

main() ->
    Children = bench:parameter("children", 1000),
    Restarts = bench:parameter("restarts", 200000),
    Each = min(Restarts, 200),
    bench:distribution("latency", lists:append(
        [measure(Children, Each) || _ <- lists:seq(1, Restarts div Each)])).

measure(Children, Restarts) ->
    Failed = ets:new(failed, [public]),
    Specifications = [bench:child(Id, {bench, idle, []}) || Id <- lists:seq(1, Children)]
        ++ [bench:child(failing, {?MODULE, start, [{self(), Failed}]})],
    {ok, Root} = supervisor:start_link(bench, {one_for_one, Specifications}),
    Latencies = collect(Restarts + 1, []),
    bench:stop(Root),
    ets:delete(Failed),
    lists:droplast(Latencies). % the first start, which is the last here

%% It fails when its latency has been taken.
start({Main, Failed}) ->
    {ok, spawn_link(fun() ->
        Now = erlang:monotonic_time(),
        Passed = case ets:lookup(Failed, at) of
            [{at, At}] -> erlang:convert_time_unit(Now - At, native, nanosecond);
            [] -> 0
        end,
        Main ! {self(), Passed},
        receive fail -> ok end,
        ets:insert(Failed, {at, erlang:monotonic_time()}),
        exit(connection_reset)
    end)}.

collect(0, Latencies) -> Latencies;
collect(Left, Latencies) ->
    receive
        {Pid, Passed} when is_integer(Passed) ->
            Left =:= 1 orelse (Pid ! fail),
            collect(Left - 1, [Passed | Latencies])
    end.
