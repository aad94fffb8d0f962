using System.CommandLine;
using Governance.Edge.Security;

namespace Governance.Node.Commands;

/// <summary>Issues a token on a single node.</summary>
internal static class TokenCommand
{
    internal static Command Create()
    {
        var dataDir = Options.DataDir(Options.DefaultDataDir);
        var keys = new Option<string>("--keys") { Description = "folder of the token key (default: in the data folder)", DefaultValueFactory = _ => "" };
        var role = new Option<string[]>("--role") { Description = "gateway, relay, operator, leader, handler, grid-worker, viewer, admin, reporter, micro-grid-head, community-desk, subdistrict-desk, department-leader, weekly-chair, crisis-chair, enterprise, inspection, discipline", Required = true, AllowMultipleArgumentsPerToken = true };
        var org = new Option<string>("--org") { Description = "organisation acted for, e.g. YJ", DefaultValueFactory = _ => "" };
        var subject = new Option<string>("--subject") { Description = "person or app", DefaultValueFactory = _ => Environment.UserName };
        var gateway = new Option<string>("--gateway") { Description = "gateway id, for role gateway", DefaultValueFactory = _ => "" };
        var hours = new Option<int>("--hours") { Description = "valid for so many hours", DefaultValueFactory = _ => 24 };
        var command = new Command("token", "issue a token on a single node") { dataDir, keys, role, org, subject, gateway, hours };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(hours) is < 1 or > 8784) throw new UsageException("--hours: 1 to 8784");
            var issuer = new TokenIssuer(parsed.GetValue(keys) is { Length: > 0 } given ? given : Path.Combine(parsed.GetValue(dataDir)!, "keys"), TimeProvider.System);
            Console.WriteLine(issuer.Issue(parsed.GetValue(subject)!, parsed.GetValue(org)!, parsed.GetValue(role)!, parsed.GetValue(gateway)!, TimeSpan.FromHours(parsed.GetValue(hours))));
            return 0;
        });
        return command;
    }
}
