#!/usr/bin/env bash
# The main job: the chlorine alarm of 3 August 2025 through a real node, from the gateway's reading to the closed case.
set -eu
cd "$(dirname "$0")"
if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "demo.sh: the .NET 10 SDK is missing; install the package dotnet-sdk-10.0 (https://dot.net), then run this again" >&2
  exit 1
fi
dotnet build src/Governance.Node -c Release -v q --nologo -clp:ErrorsOnly
exec dotnet src/Governance.Node/bin/Release/net10.0/governance.dll demo --exit "$@"
