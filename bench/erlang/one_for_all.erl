%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W3: one child fails, all the others are stopped, one after the other, and all start again.

-module(one_for_all).
-export([main/0, start/1]).

main() ->
    Children = bench:parameter("children", 1000),
    Rounds = bench:parameter("rounds", 200),
    Specifications = [bench:child(Id, {bench, idle, []}) || Id <- lists:seq(2, Children)]
        ++ [bench:child(failing, {?MODULE, start, [self()]})],
    Start = erlang:monotonic_time(),
    {ok, Root} = supervisor:start_link(bench, {one_for_all, Specifications}),
    fail(Rounds),
    bench:report("one_for_all", "ns", bench:lap(Start) / (Children * Rounds)),
    bench:stop(Root).

%% The last: when it runs, all do.
start(Main) ->
    {ok, spawn_link(fun() ->
        Main ! {running, self()},
        receive fail -> exit(connection_reset) end
    end)}.

fail(0) -> receive {running, _} -> ok end;
fail(Left) ->
    receive {running, Pid} -> Pid ! fail end,
    fail(Left - 1).
