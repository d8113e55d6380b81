#!/bin/sh
# Compiles the examples; needs erlc and elixirc. The .beam files are kept in the repository, so that nobody else has to.
set -eu
cd "$(dirname "$0")"
erlc +deterministic *.erl
(cd embed && erlc +deterministic *.erl)
cd elixir && rm -f *.beam && ERL_COMPILER_OPTIONS=deterministic elixirc --no-docs --no-debug-info *.ex
