#!/usr/bin/env bash
# Measures: tests/bench.sh NAME [options of `governance bench NAME`]. With --on-postgres a server of its own is started below
# the temporary folder, with synced commits, and removed afterwards.
set -eu
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { echo "usage: tests/bench.sh NAME [--on-postgres] [options]; governance bench --help lists the names" >&2; exit 2; }
dotnet build src/Governance.Node -c Release -v q --nologo -clp:ErrorsOnly >&2
arguments=(); postgres=""
for argument in "$@"; do
  if [ "$argument" = --on-postgres ]; then postgres=yes; else arguments+=("$argument"); fi
done
if [ -n "$postgres" ]; then
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  [ -n "$bin" ] || { echo "PostgreSQL server binaries not found: apt-get install postgresql" >&2; exit 1; }
  home=$(mktemp -d /tmp/governance-bench-pg-XXXXXX); as=()
  if [ "$(id -u)" = 0 ]; then chown postgres: "$home"; as=(runuser -u postgres --); fi
  port=$((20000 + RANDOM % 20000))
  trap '(cd /; "${as[@]}" "$bin/pg_ctl" stop -D "$home/data" -m immediate -w -s || true; rm -rf "$home")' EXIT
  (cd /; "${as[@]}" "$bin/initdb" -D "$home/data" -U governance -A trust -E UTF8 --locale=C >/dev/null
   "${as[@]}" "$bin/pg_ctl" start -D "$home/data" -w -s -l "$home/log" -o "-p $port -k $home -c listen_addresses=127.0.0.1 -c max_connections=300 -c shared_buffers=512MB -c max_wal_size=4GB -c checkpoint_timeout=15min" >/dev/null)
  arguments+=(--postgres "Host=127.0.0.1;Port=$port;Username=governance;Database=postgres")
fi
dotnet src/Governance.Node/bin/Release/net10.0/governance.dll bench "${arguments[@]}"
