using Governance.Domain.Cases;
using Governance.Domain.Kernel;

namespace Governance.Edge.Security;

/// <summary>Which roles may call which method. A method without an entry may be called by nobody; a test walks them all.</summary>
public static class RolePolicy
{
    private const string Package = "/governance.edge.v1.";
    /// <summary>The district's side: whoever works on cases or looks over who does; a reporter sees his own by other ways.</summary>
    private static readonly string[] Anyone =
    [
        Roles.Viewer, Roles.Operator, Roles.Leader, Roles.Handler, Roles.GridWorker, Roles.Admin, Roles.CommunityDesk, Roles.SubdistrictDesk, Roles.DepartmentLeader,
        Roles.WeeklyChair, Roles.CrisisChair, Roles.Inspection, Roles.Discipline,
    ];
    private static readonly string[] Desk = [Roles.Operator, Roles.Leader];
    private static readonly string[] Reinspectors = [Roles.Inspection, Roles.Discipline];
    private static readonly string[] Appraisers = [Roles.Leader, Roles.Admin, Roles.WeeklyChair, .. Reinspectors];
    private static readonly string[] Chairs = [Roles.Leader, Roles.WeeklyChair, Roles.CrisisChair];
    private static readonly string[] Answerers = [Roles.Handler, Roles.DepartmentLeader];
    private static readonly string[] Inspectors = [Roles.Operator, Roles.Leader, Roles.Admin];
    /// <summary>Whose desk it is, the desk itself looks at.</summary>
    private static readonly string[] DeskPeople = [Roles.Handler, Roles.GridWorker, Roles.DepartmentLeader, Roles.SubdistrictDesk, Roles.CommunityDesk, Roles.Enterprise, .. Inspectors];

    private static readonly Dictionary<string, string[]> Table = new()
    {
        ["DeviceGateway/StreamReadings"] = [Roles.Gateway],
        ["DeviceGateway/RelayWarning"] = [Roles.Relay, Roles.Operator],
        ["Commissioning/RegisterDetectors"] = [Roles.Admin],
        ["Commissioning/ProposeLimits"] = [Roles.Admin, Roles.Leader],
        ["Commissioning/ActivateLimits"] = [Roles.Leader],
        ["Commissioning/MigrateOccurrence"] = [Roles.Leader],
        ["Commissioning/ListLimitSets"] = Anyone,
        ["Commissioning/OpenPermit"] = [Roles.Admin, Roles.Leader],
        ["Commissioning/ClosePermit"] = [Roles.Admin, Roles.Leader],
        ["Alarms/Acknowledge"] = Desk,
        ["Alarms/Confirm"] = Desk,
        ["Alarms/Shelve"] = Desk,
        ["Alarms/Unshelve"] = Desk,
        ["Alarms/TakeOutOfService"] = [Roles.Leader],
        ["Alarms/ReturnToService"] = Desk,
        ["Alarms/ResetLatch"] = Desk,
        ["Alarms/GetHazardSource"] = Anyone,
        ["Alarms/ListHazardSources"] = Anyone,
        ["Alarms/QueryReadings"] = Anyone,
        ["Alarms/ReportLoad"] = Anyone,
        ["Alarms/GetShiftHandover"] = Anyone,
        ["Alerts/Subscribe"] = Anyone,
        ["Alerts/GetCap"] = Anyone,
        // An enterprise sees the cases that it has a task in, and no others.
        ["Cases/GetCase"] = [.. Anyone, Roles.Enterprise],
        ["Cases/ListCases"] = [.. Anyone, Roles.Enterprise],
        ["Dispatch/ListDesk"] = DeskPeople,
        ["Dispatch/ConfirmDelivery"] = DeskPeople,
        ["Dispatch/GetNotification"] = DeskPeople,
        ["Dispatch/TestPage"] = Inspectors,
        ["Dispatch/SetDuty"] = [Roles.Handler, Roles.DepartmentLeader, Roles.SubdistrictDesk, Roles.CommunityDesk, .. Inspectors],
        ["Dispatch/ListDeadLetters"] = Inspectors,
        ["Dispatch/RetryDeadLetter"] = Inspectors,
        ["Dispatch/ExplainRoute"] = [.. DeskPeople, Roles.Viewer],
        ["Accountability/Scorecard"] = Anyone,
        ["Accountability/ListScorecards"] = Anyone,
        ["Accountability/ExportYear"] = Appraisers,
        ["Accountability/Exclude"] = [Roles.Leader, Roles.Inspection],
        ["Accountability/Appeal"] = [Roles.Handler, Roles.Leader, Roles.DepartmentLeader, Roles.SubdistrictDesk, Roles.CommunityDesk],
        ["Accountability/DecideAppeal"] = [Roles.Inspection],
        ["Accountability/CommitReinspection"] = Reinspectors,
        ["Accountability/DrawReinspection"] = Reinspectors,
        ["Accountability/RecordReinspection"] = Reinspectors,
        ["Accountability/GetReinspection"] = Anyone,
        ["Accountability/BallInCourt"] = Anyone,
        ["Accountability/Forecast"] = Anyone,
        ["Accountability/ListForecasts"] = Anyone,
        ["Accountability/ListPrematureClosures"] = Appraisers,
        ["Accountability/WhatIf"] = Appraisers,
        ["Accountability/ListSeals"] = Anyone,
        ["Meetings/GetAgenda"] = Anyone,
        ["Meetings/RecordDecision"] = Chairs,
        ["Meetings/CloseMeeting"] = Chairs,
        ["Meetings/ListSlips"] = Anyone,
        ["Meetings/GetSlip"] = Anyone,
        ["Meetings/ExportSlips"] = Anyone,
        ["Meetings/IssueSlip"] = [Roles.Leader, Roles.WeeklyChair],
        ["Meetings/SignSlip"] = Answerers,
        ["Meetings/ReplySlip"] = Answerers,
        ["Meetings/FilePlan"] = Answerers,
        ["Meetings/ReportSlip"] = Answerers,
        ["Meetings/RequestSlipCancel"] = Answerers,
        ["Meetings/ReviewSlip"] = Desk,
        ["Meetings/InspectSlip"] = [Roles.Inspection, Roles.GridWorker],
        ["Meetings/CancelSlip"] = [Roles.Leader, Roles.WeeklyChair],
        ["Meetings/WithdrawSlip"] = [Roles.Leader, Roles.WeeklyChair],
        ["Meetings/ExtendSlip"] = [Roles.WeeklyChair],
        ["Inspection/InspectCase"] = Inspectors,
        ["Inspection/WatchCase"] = Inspectors,
        ["Inspection/InspectEntity"] = Inspectors,
        ["Inspection/InspectCluster"] = Inspectors,
        ["Inspection/Backtest"] = Inspectors,
        ["Inspection/ExplainOccurrence"] = Inspectors,
        ["Inspection/ExplainCase"] = Inspectors,
    };

    /// <summary>Commands of cases: whom the table of the rules names, so that there is one table.</summary>
    static RolePolicy()
    {
        foreach (var row in CaseTable.Rows.Values) Table.Add($"Cases/{row.Name}", [.. row.Who.Where(r => r != Roles.System)]);
    }

    public static IEnumerable<string> Methods => Table.Keys.Select(k => Package + k);

    /// <summary>Null for a method that is open to all (health, reflection); empty for one that nobody may call.</summary>
    public static IReadOnlyList<string>? For(string method) =>
        method.StartsWith("/grpc.", StringComparison.Ordinal) ? null
        : method.StartsWith(Package, StringComparison.Ordinal) && Table.TryGetValue(method[Package.Length..], out var roles) ? roles : [];
}
