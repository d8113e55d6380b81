#!/bin/sh
# Compiles the Erlang library to src/lib/ebin. Needs erlc (OTP 25 or later); the result is committed, because
# users have no erlc.
set -eu
cd "$(dirname "$0")"
mkdir -p ebin
erlc +deterministic -Wall -o ebin ./*.erl
