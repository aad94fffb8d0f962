#!/usr/bin/env bash
# Random faults under load for as long as you like: tests/soak.sh --minutes 20 [--seed 7] [--faults Kill,Freeze] [--report FILE]
set -eu
cd "$(dirname "$0")/.."
usage="usage: tests/soak.sh --minutes N [--seed N] [--faults NAME,NAME] [--report FILE]"
minutes=""
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "$usage" >&2; exit 2; }
  case "$1" in
    --minutes) minutes=$2 ;;
    --seed) export GOVERNANCE_FAULT_SEED=$2 ;;
    --faults) export GOVERNANCE_FAULTS=$2 ;;
    --report) export GOVERNANCE_FAULT_REPORT=$(realpath -m "$2") ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$minutes" ] || { echo "$usage" >&2; exit 2; }
export GOVERNANCE_FAULT_MINUTES=$minutes
dotnet build tests/Governance.Cluster.Tests -c Release -v q --nologo -clp:ErrorsOnly
exec dotnet test tests/Governance.Cluster.Tests -c Release --no-build --nologo --filter "FullyQualifiedName~Nothing_is_lost_or_doubled_by_random_faults" --logger "console;verbosity=detailed"
