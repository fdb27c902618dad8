%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W9: children that are started at run time, and stopped all at once.

-module(dynamic).
-behaviour(supervisor).
-export([main/0, init/1]).

main() ->
    Children = bench:parameter("children", 100000),
    {ok, Root} = supervisor:start_link(?MODULE, []),
    Start = erlang:monotonic_time(),
    start(Root, Children),
    bench:report("dynamic.start", "ns", bench:lap(Start) / Children),
    Stop = erlang:monotonic_time(),
    bench:stop(Root),
    bench:report("dynamic.stop", "ns", bench:lap(Stop) / Children).

start(_, 0) -> ok;
start(Root, Left) ->
    {ok, _} = supervisor:start_child(Root, []),
    start(Root, Left - 1).

init([]) ->
    {ok, {#{strategy => simple_one_for_one}, [bench:child(child, {bench, idle, []})]}}.
