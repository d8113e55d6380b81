#!/bin/sh
# Records what erlc of OTP 25 prints for the sources in test/fixtures/sources: in test/golden/sources. Run it at the top of the repository.
set -eu
out=$(mktemp -d)
for name in warnings errors syntax; do
  LC_ALL=C.UTF-8 erlc -o "$out" "test/fixtures/sources/$name.erl" > "test/golden/sources/$name.txt" || true
done
rm -r "$out"
