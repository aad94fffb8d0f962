using System.CommandLine;
using Google.Protobuf;
using Governance.Domain.Kernel;
using Governance.Edge.Security;
using Governance.Gateway;
using Governance.Node.Hosting;
using Grpc.Core;
using Grpc.Net.Client;

namespace Governance.Node.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class Options
{
    internal const int GrpcPort = 5080, HttpPort = 5081;
    internal static readonly string DefaultDataDir = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "governance");

    internal static Option<string> DataDir(string fallback) => new("--data-dir") { Description = "folder of the node's data", DefaultValueFactory = _ => fallback };
    internal static Option<bool> Json() => new("--json") { Description = "the last line is one JSON object" };
    internal static Option<string> Endpoint(string fallback) => new("--endpoint") { Description = "gRPC address of a running node; of a cluster, all of them with commas between", DefaultValueFactory = _ => fallback };
    internal static Option<string> Token() => new("--token") { Description = "bearer token (default: issued from the key in --data-dir)", DefaultValueFactory = _ => "" };

    internal static readonly string LocalEndpoint = $"http://127.0.0.1:{GrpcPort}";

    /// <summary>The token given, or one of the single node whose data folder is at hand.</summary>
    internal static string TokenOr(string token, string dataDir, params string[] roles)
    {
        if (token.Length > 0) return token;
        var keys = Path.Combine(dataDir, "keys");
        if (!File.Exists(Path.Combine(keys, "token.key"))) throw new UsageException($"no key in {keys}: give --token, or the node's --data-dir");
        return new TokenIssuer(keys, TimeProvider.System).Issue("command-line", "DISPATCH", roles, "", TimeSpan.FromHours(24));
    }

    internal static readonly string[] OperatorRoles = [Roles.Operator, Roles.Leader, Roles.Admin, Roles.Viewer];

    /// <summary>What an operator's call carries.</summary>
    internal static Metadata Bearer(string token, string dataDir) => new() { { "authorization", $"Bearer {TokenOr(token, dataDir, OperatorRoles)}" } };

    private static readonly JsonFormatter OneLine = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>An answer as one line of JSON, with its zeros: a program that reads it must not guess; or for people.</summary>
    internal static void Show<T>(bool json, T answer, Action<T> print) where T : IMessage
    {
        if (json) Console.WriteLine(OneLine.Format(answer));
        else print(answer);
    }

    internal static GrpcChannel Channel(string endpoint) => NodeChannel.To(endpoint);

    internal static string FreshFolder() => Directory.CreateTempSubdirectory("governance-").FullName;
}
