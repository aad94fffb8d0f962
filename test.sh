#!/usr/bin/env bash
# Builds once and runs every suite. The last line adds them up: N passed, N failed, N skipped.
# ./test.sh leaves out what takes minutes to prove that a measurement measures; ./test.sh --all has everything, as CI has.
set -u
filter=(--filter 'Length!=long')
case ${1:-} in
  '') ;;
  --all) filter=() ;;
  *) echo "usage: ./test.sh [--all]" >&2; exit 2 ;;
esac
cd "$(dirname "$0")"

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "test.sh: the .NET 10 SDK is missing; install the package dotnet-sdk-10.0 (https://dot.net), then run this again" >&2
  exit 1
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# The cluster suites start a PostgreSQL server of their own and put nodes into network namespaces. What cannot be had here is skipped.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_ip() { command -v ip || [ -x /usr/sbin/ip ] || [ -x /sbin/ip ]; } >/dev/null
if ! { has_postgres && has_ip; } && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "test.sh: installing postgresql and iproute2 for the cluster suites" >&2
  {
    timeout 300 apt-get update
    DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y --no-install-recommends postgresql iproute2
  } >"$results/apt.log" 2>&1 </dev/null
fi
# The field gateway reads Modbus with libmodbus and is tested against pymodbus, under the system's own Python.
has_modbus() { compgen -G '/usr/lib/*/libmodbus.so.5' >/dev/null && /usr/bin/python3 -c 'import pymodbus.server' 2>/dev/null; }
if ! has_modbus && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "test.sh: installing libmodbus5 and python3-pymodbus for the field gateway's suite" >&2
  {
    timeout 300 apt-get update
    DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y --no-install-recommends libmodbus5 python3-pymodbus python3-serial-asyncio
  } >"$results/apt-modbus.log" 2>&1 </dev/null
fi
has_postgres || echo "test.sh: PostgreSQL is not installed and cannot be installed here: the cluster and PostgreSQL suites are skipped" >&2
has_ip || echo "test.sh: ip (iproute2) is not installed and cannot be installed here: the tests that cut the network are skipped" >&2
has_modbus || echo "test.sh: libmodbus5 and python3-pymodbus are not installed and cannot be installed here: the Modbus tests are skipped" >&2

if ! dotnet build Governance.Actors.sln -c Release -v q --nologo -clp:NoSummary >"$results/build.log" 2>&1; then
  grep -E 'error' "$results/build.log" | sort -u | head -40
  echo "test.sh: the build failed" >&2
  exit 1
fi

# One suite: its result in a line, and what failed. Ends with 1 when the suite did.
run_suite() {
  local project=$1 suite ended=0 told
  suite=$(basename "$project" .csproj)
  dotnet test "$project" -c Release --no-build --nologo -v q "${filter[@]}" --logger "console;verbosity=minimal" --logger "trx;LogFileName=$results/$suite.trx" >"$results/$suite.log" 2>&1 || ended=1
  if [ -f "$results/$suite.trx" ]; then
    told=$(grep -oE '<Counters [^>]*' "$results/$suite.trx" | grep -oE '(passed|failed|notExecuted)="[0-9]+"' | tr '\n' ' '; echo; grep -E '^ +Failed ' -A 8 "$results/$suite.log" | cut -c 1-400 | head -120)
  else
    told="no result: $(tail -5 "$results/$suite.log")"
    ended=1
  fi
  printf '== %s\n%s\n' "$suite" "$told"
  return $ended
}

# Most suites wait more than they work: two at a time. Those that time real processes run alone.
broken=0 running=0
for project in tests/*/*.Tests.csproj; do
  case $project in *Cluster.Tests.csproj | *Node.Tests.csproj) continue ;; esac
  if [ "$running" -eq 2 ]; then
    wait -n || broken=1
    running=1
  fi
  run_suite "$project" &
  running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
  wait -n || broken=1
  running=$((running - 1))
done
for project in tests/Governance.Node.Tests/Governance.Node.Tests.csproj tests/Governance.Cluster.Tests/Governance.Cluster.Tests.csproj; do
  run_suite "$project" || broken=1
done

sum() { cat "$results"/*.trx 2>/dev/null | grep -oE '<Counters [^>]*' | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk "{ n += \$1 } END { print n + 0 }"; }
total=$(sum total) executed=$(sum executed) passed=$(sum passed)
failed=$((executed - passed))
skipped=$((total - executed))
[ "$broken" -ne 0 ] && [ "$failed" -eq 0 ] && echo "test.sh: a suite ended without a result" >&2
echo "$passed passed, $failed failed, $skipped skipped"
[ "$broken" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
