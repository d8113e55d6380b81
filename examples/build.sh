#!/bin/sh
# Compiles the examples; needs erlc. The .beam files are kept in the repository, so that nobody else has to.
cd "$(dirname "$0")" && exec erlc +deterministic *.erl
