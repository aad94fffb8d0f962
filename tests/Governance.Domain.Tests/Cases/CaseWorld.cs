using System.Collections.Immutable;
using Governance.Domain.Cases;
using Governance.Domain.Dispatch;
using Governance.Domain.Kernel;
using Governance.Domain.Meetings;
using Governance.Domain.Tests.HazardSources;
using Governance.Domain.Tests.Registry;

namespace Governance.Domain.Tests.Cases;

/// <summary>Several cases that talk to one another; desks and registers confirm at once. Messages travel in order.</summary>
internal sealed class CaseWorld(CasePolicy? policy = null)
{
    private readonly CaseRules _rules = new(policy ?? District.Policy);
    private readonly Dictionary<string, CaseState> _cases = [];
    private readonly Queue<(EntityAddress From, Send Send)> _underWay = new();

    internal DateTimeOffset Now { get; set; } = SourceStory.Day.AddDays(1).AddHours(9);
    internal List<(string Case, CaseEvent Event)> Events { get; } = [];
    internal List<(EntityAddress From, Send Send)> Sent { get; } = [];
    internal Refusal? Refusal { get; private set; }
    /// <summary>False: what cases tell one another waits.</summary>
    internal bool Delivers { get; set; } = true;

    internal CaseState this[string key] => _cases.GetValueOrDefault(key) ?? CaseState.New(key);
    internal IEnumerable<CaseState> All => _cases.Values;

    internal IEnumerable<Deadline> Deadlines(string key) => _rules.Deadlines(this[key]);

    internal CaseWorld Command(string key, CaseCommand command, string organisation = "DC", string role = Roles.Leader, string subject = "li")
    {
        Wake(key);
        Refusal = Take(key, new Stimulus.Commanded(command, new Caller(subject, organisation, [role]))).Refusal;
        return Deliver();
    }

    internal CaseWorld Want(string? refusal)
    {
        Assert.Equal(refusal, Refusal?.Reason);
        return this;
    }

    internal CaseWorld Tell(string key, IEntityMessage message, string from = "HS-1")
    {
        Wake(key);
        Take(key, new Stimulus.Delivered(message, new EntityAddress(EntityKinds.HazardSource, from)));
        return Deliver();
    }

    /// <summary>Time passes for everybody; every deadline fires at its own instant.</summary>
    internal CaseWorld After(TimeSpan time)
    {
        var until = Now + time;
        while (_cases.Keys.SelectMany(k => Deadlines(k).Select(d => (Key: k, d.Due))).Where(d => d.Due <= until).OrderBy(d => d.Due).Select(d => ((string Key, DateTimeOffset Due)?)d).FirstOrDefault() is { } due)
        {
            Now = due.Due > Now ? due.Due : Now;
            Wake(due.Key);
            Deliver();
        }
        Now = until;
        return this;
    }

    internal CaseWorld Register(string key, string category = "0801", string channel = "AP", Colour level = Colour.Grey, double confidence = 0.9, string reporter = "vault-1", bool reachable = true, Place? place = null) =>
        Command(key, new CaseCommand.RegisterCase(channel, key, category, confidence, level, "410803001", place ?? Place.Unknown with { Community = "410803001001" }, [], $"report of {key}", reporter, reachable, [], false, ""), "", Roles.Relay, "platform");

    internal CaseWorld Deliver()
    {
        while (Delivers && _underWay.TryDequeue(out var next))
        {
            var (from, send) = next;
            var outcome = send.To.Kind switch
            {
                EntityKinds.Case => Take(send.To.Id, new Stimulus.Delivered(send.Message, from)).Outcome,
                EntityKinds.Department when send.Message is TaskOffered => DepartmentState.Delivered,
                EntityKinds.CaseRegister when send.Message is NumberRequested m => new Outcome(CaseRegisterRules.NumberAssigned, $"410803-20250804-AP-{_cases.Keys.ToList().IndexOf(m.Case.Value):00000}-X"),
                _ => Outcome.Accepted,
            };
            Take(from.Id, new Stimulus.Confirmed(send.Message, send.To, outcome));
        }
        return this;
    }

    private void Wake(string key)
    {
        if (Deadlines(key).Any(d => d.Due <= Now)) Take(key, new Stimulus.Woken());
    }

    private Decision<CaseEvent> Take(string key, Stimulus stimulus)
    {
        var state = this[key];
        var decision = _rules.Decide(state, stimulus, Now);
        if (decision.Refusal is not null) Assert.Empty(decision.Events);
        foreach (var happened in decision.Events)
        {
            state = _rules.Evolve(state, happened);
            Events.Add((key, happened));
        }
        if (!decision.Events.IsEmpty) _cases[key] = state;
        foreach (var send in decision.Sends)
        {
            Sent.Add((new EntityAddress(EntityKinds.Case, key), send));
            _underWay.Enqueue((new EntityAddress(EntityKinds.Case, key), send));
        }
        return decision;
    }
}

/// <summary>Everything that a case holds, as text: equal texts are equal cases.</summary>
internal static class CaseText
{
    private static readonly System.Text.Json.JsonSerializerOptions Options = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver
        {
            // What follows from the rest; a case without a lead says so by an exception.
            Modifiers = { type => { foreach (var derived in type.Properties.Where(p => type.Type == typeof(CaseState) && p.Name == nameof(CaseState.Lead)).ToList()) type.Properties.Remove(derived); } },
        },
    };

    internal static string Of(CaseState state) => System.Text.Json.JsonSerializer.Serialize(state, Options);
}
