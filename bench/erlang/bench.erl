%% Copyright (c) 2026 The arborist authors
%% Distributed under the Boost Software License, Version 1.0.
%% https://www.boost.org/LICENSE_1_0.txt

%% What the programs that measure Erlang/OTP share. Each is a module with a main/0:
%%
%%   erlc -o DIRECTORY bench/erlang/*.erl
%%   erl -noinput +P 2000000 -pa DIRECTORY -run bench main idle children=100000

-module(bench).
-export([main/1, parameter/2, report/3, distribution/2, lap/1, resident/0, child/2, idle/0,
         supervisor/3, init/1, stop/1, await/1]).
-behaviour(supervisor).

%% Nothing is logged, as by all the others.
main([Module | Arguments]) ->
    ok = logger:set_primary_config(level, none),
    lists:foreach(fun(Argument) ->
        [Name, Number] = string:split(Argument, "="),
        put(Name, list_to_integer(Number))
    end, Arguments),
    process_flag(trap_exit, true),
    Status = try (list_to_atom(Module)):main(), 0
    catch Class:Reason:Stack ->
        io:format(standard_error, "~s: ~p:~p~n~p~n", [Module, Class, Reason, Stack]),
        1
    end,
    halt(Status).

parameter(Name, Default) ->
    case get(Name) of
        undefined -> Default;
        Number -> Number
    end.

report(Figure, Unit, Value) ->
    io:format("~s\t~s\t~.3f~n", [Figure, Unit, float(Value)]).

distribution(Figure, Nanoseconds) ->
    Sorted = list_to_tuple(lists:sort(Nanoseconds)),
    Size = tuple_size(Sorted),
    lists:foreach(fun({Percent, Text}) ->
        Index = min(trunc(Percent * Size / 100) + 1, Size),
        report([Figure, ".p", Text], "ns", element(Index, Sorted))
    end, [{1, "1"}, {10, "10"}, {25, "25"}, {50, "50"}, {75, "75"}, {90, "90"}, {95, "95"},
          {99, "99"}, {99.9, "99.9"}, {99.99, "99.99"}]).

%% Nanoseconds since a time.
lap(Since) ->
    erlang:convert_time_unit(erlang:monotonic_time() - Since, native, nanosecond).

%% Bytes of memory that belong to this process and are in use (RSS).
resident() ->
    {ok, Text} = file:read_file("/proc/self/statm"),
    [_, Pages | _] = string:lexemes(Text, " "),
    binary_to_integer(Pages) * 4096.

child(Id, Start) ->
    #{id => Id, start => Start}.

%% A child that does nothing until it is stopped. It does not trap exits: the shortest way to end.
idle() ->
    {ok, spawn_link(fun() -> receive stop -> ok end end)}.

%% The restart history is kept for a second, which is the shortest that there is.
supervisor(Strategy, Children, Start) ->
    supervisor:start_link(?MODULE, {Strategy, Children, Start}).

init({Strategy, Children, Start}) ->
    Flags = #{strategy => Strategy, intensity => 1000000000, period => 1},
    {ok, {Flags, [child(Id, Start) || Id <- lists:seq(1, Children)]}};
init({Strategy, Specifications}) ->
    {ok, {#{strategy => Strategy, intensity => 1000000000, period => 1}, Specifications}}.

%% As the supervisor above would.
stop(Supervisor) ->
    exit(Supervisor, shutdown),
    receive {'EXIT', Supervisor, shutdown} -> ok end.

%% Until so many have said so.
await(0) -> ok;
await(Left) -> receive running -> await(Left - 1) end.
