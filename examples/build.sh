#!/bin/sh
# Compiles the examples; needs erlc. The .beam files are kept in the repository, so that nobody else has to.
cd "$(dirname "$0")" && erlc +deterministic *.erl && cd embed && exec erlc +deterministic *.erl
