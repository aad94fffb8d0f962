using System.Collections.Immutable;
using Governance.Domain.Kernel;

namespace Governance.Domain.Meetings;

/// <summary>Commands of a slip. Every refusal is named; an illegal pair is ILLEGAL_TRANSITION with what is allowed.</summary>
public abstract record SlipCommand : ICommand
{
    /// <summary>Begins a slip. Of a leader or the chair of the weekly meeting.</summary>
    /// <param name="At">The cases' own time, where that is a recorded one.</param>
    public sealed record Draft(SlipContent Content, ImmutableList<SlipCase> Cases, SlipStep Step, DateTimeOffset At) : SlipCommand;
    /// <summary>A supervision slip is the weekly meeting's.</summary>
    public sealed record Approve(string Note) : SlipCommand;
    /// <summary>A reminder by a leader; a supervision slip that is approved by a leader too, a drafted one by the chair alone.</summary>
    public sealed record Issue(string Note) : SlipCommand;
    public sealed record Sign(string Note) : SlipCommand;
    /// <summary>Reminder: measures, result, evidence, remaining risk.</summary>
    public sealed record Reply(string Measures, string Result, string Evidence, string RemainingRisk) : SlipCommand;
    /// <summary>Reminder: by the centre. A refused reply is to be written again, in no more time.</summary>
    public sealed record Review(bool Accepted, string Note) : SlipCommand;
    /// <summary>Supervision.</summary>
    public sealed record FilePlan(string Plan) : SlipCommand;
    /// <summary>Supervision: progress.</summary>
    public sealed record Report(string Text) : SlipCommand;
    /// <summary>Supervision: it is done, look at it.</summary>
    public sealed record RequestCancel(string Evidence) : SlipCommand;
    /// <summary>Supervision: on site, by the inspection office or a grid worker of another organisation.</summary>
    public sealed record Inspect(bool Passed, string Finding) : SlipCommand;
    /// <summary>销号, by two persons: reminder by a leader who neither issued nor reviewed; supervision by a leader, then by the chair.</summary>
    public sealed record Cancel(string Evidence) : SlipCommand;
    public sealed record Withdraw(string Reason) : SlipCommand;
    /// <summary>Supervision: once, by the chair, before it is overdue.</summary>
    /// <param name="Extra">A time limit, e.g. 24h or 2WD.</param>
    public sealed record Extend(string Extra, string Reason) : SlipCommand;
}

/// <summary>How far a new slip is to go at once.</summary>
public enum SlipStep { Draft = 1, Approve = 2, Issue = 3 }
