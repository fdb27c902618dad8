%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W2: children that fail, all of them at once, and are started again.
%%
%% A supervisor walks the history of its restarts at every one, and keeps a second of it at the
%% least, so each burst has a supervisor with an empty one: what it can do at its best.

-module(restart).
-export([main/0, start/1]).

main() ->
    Children = bench:parameter("children", 1000),
    Restarts = bench:parameter("restarts", 1000000),
    Bursts = max(1, Restarts div Children),
    Passed = lists:sum([burst(Children) || _ <- lists:seq(1, Bursts)]),
    bench:report("restart.value", "ns", Passed / (Bursts * Children)).

start(Main) ->
    {ok, spawn_link(fun() ->
        Main ! running,
        receive fail -> exit(connection_reset) end
    end)}.

burst(Children) ->
    {ok, Root} = bench:supervisor(one_for_one, Children, {?MODULE, start, [self()]}),
    bench:await(Children),
    Pids = [Pid || {_, Pid, _, _} <- supervisor:which_children(Root)],
    Start = erlang:monotonic_time(),
    lists:foreach(fun(Pid) -> Pid ! fail end, Pids),
    bench:await(Children),
    Passed = bench:lap(Start),
    bench:stop(Root),
    Passed.
