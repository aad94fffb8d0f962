using System.CommandLine;
using Governance.Edge.V1;
using Grpc.Core;
using Spectre.Console;

namespace Governance.Node.Commands;

/// <summary>Desks of a running node: who is called for what, a test of an on-call chain, and messages that could not be sent.</summary>
internal static class DispatchCommand
{
    private static readonly Option<string> DataDir = Options.DataDir(Options.DefaultDataDir), Endpoint = Options.Endpoint(Options.LocalEndpoint), Token = Options.Token();
    private static readonly Option<bool> AsJson = Options.Json();
    private static readonly Argument<string> Desk = new("organisation") { Description = "code of a desk: YJ, JD-410803001" };

    internal static Command Create() => new("dispatch", "desks, on-call chains, and messages that could not be sent") { ListDesk(), TestPage(), DeadLetters() };

    private static Command ListDesk()
    {
        var command = new Command("desk", "open work, who is on duty, and who is being called") { Desk, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) => RunAsync(parsed, async (client, bearer) =>
            Options.Show(parsed.GetValue(AsJson), await client.ListDeskAsync(new ListDeskRequest { Organisation = parsed.GetValue(Desk)! }, bearer, cancellationToken: cancel), Print)));
        return command;
    }

    private static Command TestPage()
    {
        var text = new Option<string>("--text") { Description = "what is sent", DefaultValueFactory = _ => "" };
        var command = new Command("test-page", "call the real on-call chain of a desk for a test") { Desk, text, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) => RunAsync(parsed, async (client, bearer) => Options.Show(parsed.GetValue(AsJson),
            await client.TestPageAsync(new TestPageRequest { CommandId = Guid.NewGuid().ToString(), Organisation = parsed.GetValue(Desk)!, Text = parsed.GetValue(text)! }, bearer, cancellationToken: cancel), Print)));
        return command;
    }

    private static Command DeadLetters()
    {
        var (organisation, retry) = (new Option<string>("--organisation") { Description = "one desk; without it all", DefaultValueFactory = _ => "" }, new Option<bool>("--retry") { Description = "send them all again" });
        var command = new Command("dead-letters", "messages to persons that could not be sent") { organisation, retry, DataDir, Endpoint, Token, AsJson };
        command.SetAction((parsed, cancel) => RunAsync(parsed, async (client, bearer) =>
        {
            var dead = await client.ListDeadLettersAsync(new ListDeadLettersRequest { Organisation = parsed.GetValue(organisation)! }, bearer, cancellationToken: cancel);
            if (parsed.GetValue(retry))
                foreach (var id in dead.DeadLetters.Select(d => d.NotificationId).Distinct())
                    await client.RetryDeadLetterAsync(new RetryDeadLetterRequest { CommandId = Guid.NewGuid().ToString(), NotificationId = id }, bearer, cancellationToken: cancel);
            Options.Show(parsed.GetValue(AsJson), dead, Print);
        }));
        return command;
    }

    private static void Print(DeskView desk)
    {
        Console.WriteLine($"{desk.Organisation} {desk.Name}: {desk.Tasks.Count} open");
        var persons = Table("person", "name", "duty", "load");
        foreach (var p in desk.Persons) persons.AddRow(Markup.Escape(p.Person), Markup.Escape(p.Name), p.OnDuty ? "on duty" : "off", $"{p.Load}");
        AnsiConsole.Write(persons);
        foreach (var notification in desk.Notifications) Print(notification);
    }

    private static void Print(NotificationView n)
    {
        Console.WriteLine($"{n.NotificationId} {n.State} {n.Kind} {n.Level} {n.Text}{(n.ConfirmedBy.Length > 0 ? $" (confirmed by {n.ConfirmedBy})" : n.Why.Length > 0 ? $" ({n.Why})" : "")}");
        foreach (var call in n.Calls) Console.WriteLine($"  round {call.Round} {call.At.ToDateTimeOffset():HH:mm:ss} {call.Person}: {string.Join(", ", call.Sendings.Select(s => $"{s.Channel} {s.State}{(s.Error.Length > 0 ? $" ({s.Error})" : "")}"))}");
    }

    private static void Print(ListDeadLettersReply reply)
    {
        if (reply.DeadLetters.Count == 0) { Console.WriteLine("no dead letters"); return; }
        var table = Table("notification", "sending", "to", "over", "attempts", "error");
        foreach (var d in reply.DeadLetters) table.AddRow(d.NotificationId, $"{d.Sending.Sending}", Markup.Escape(d.Person), Markup.Escape($"{d.Sending.Channel}:{d.Sending.Target}"), $"{d.Sending.Attempts}", Markup.Escape(d.Sending.Error));
        AnsiConsole.Write(table);
        if (reply.LeftOut > 0) Console.WriteLine($"and {reply.LeftOut} more");
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in columns) table.AddColumn(column);
        return table;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<Edge.V1.Dispatch.DispatchClient, Metadata, Task> call)
    {
        var bearer = Options.Bearer(parsed.GetValue(Token)!, parsed.GetValue(DataDir)!);
        using var channel = Options.Channel(parsed.GetValue(Endpoint)!);
        await call(new Edge.V1.Dispatch.DispatchClient(channel), bearer);
        return 0;
    }
}
