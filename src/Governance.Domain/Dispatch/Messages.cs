using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Dispatch;

/// <summary>To a department: a task is yours. The outcome DELIVERED says that its desk holds it.</summary>
public sealed record TaskOffered(
    CaseKey Case, string Organisation, bool Lead, string Category, Colour Level, string SourceName, string Text, bool Drill, DateTimeOffset At) : IEntityMessage
{
    /// <summary>Who is called first, e.g. the grid worker; empty: the desk picks.</summary>
    public string Person { get; init; } = "";

    /// <summary>Persons called beside the desk's chain, e.g. a chemical expert; those that this desk's roster does not know are none of its own.</summary>
    public ImmutableList<string> Called { get; init; } = [];
}

/// <summary>To a department: somebody of it signed the task, so nobody need be called for it any more.</summary>
public sealed record TaskSigned(CaseKey Case, string By, DateTimeOffset At) : IEntityMessage;

/// <summary>To a department: the case is over.</summary>
public sealed record TaskClosed(CaseKey Case, DateTimeOffset At) : IEntityMessage;
