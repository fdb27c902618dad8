%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% W1, W4: starts children that do nothing, and stops them one after the other, the last first.

-module(idle).
-export([main/0]).

main() ->
    Children = bench:parameter("children", 100000),
    Before = bench:resident(),
    Start = erlang:monotonic_time(),
    {ok, Root} = bench:supervisor(one_for_one, Children, {bench, idle, []}),
    bench:report("start", "ns", bench:lap(Start) / Children),
    bench:report("memory", "bytes", (bench:resident() - Before) / Children),
    Stop = erlang:monotonic_time(),
    bench:stop(Root),
    bench:report("stop", "ns", bench:lap(Stop) / Children).
