%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W6: supervisors in supervisors: each starts one below it, and stops when that has.

-module(nested).
-behaviour(supervisor).
-export([main/0, start_link/1, init/1]).

main() ->
    Depth = bench:parameter("depth", 1000),
    Start = erlang:monotonic_time(),
    {ok, Root} = start_link(Depth),
    bench:report("nested.start", "ns", bench:lap(Start) / Depth),
    Stop = erlang:monotonic_time(),
    bench:stop(Root),
    bench:report("nested.stop", "ns", bench:lap(Stop) / Depth).

start_link(Depth) ->
    supervisor:start_link(?MODULE, Depth).

init(1) ->
    {ok, {#{}, [bench:child(child, {bench, idle, []})]}};
init(Depth) ->
    {ok, {#{}, [#{id => level, start => {?MODULE, start_link, [Depth - 1]}, type => supervisor}]}}.
