#!/bin/sh
# Compiles the Erlang library to src/lib/ebin and src/lib/system/ebin. Needs erlc (OTP 25 or later); the result is
# committed, because users have no erlc.
set -eu
cd "$(dirname "$0")"
mkdir -p ebin system/ebin
erlc +deterministic -Wall -o ebin ./*.erl
erlc +deterministic -Wall -o system/ebin ./system/*.erl
