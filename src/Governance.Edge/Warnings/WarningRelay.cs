using System.Collections.Immutable;
using System.Globalization;
using Governance.Actors.Entity;
using Governance.Cap;
using Governance.Contracts.Messages;
using Governance.Domain.HazardSources;
using Governance.Domain.Kernel;
using Governance.Domain.Warnings;
using Governance.Edge.Errors;
using Governance.Edge.V1;
using AlarmLevel = Governance.Domain.Kernel.AlarmLevel;
using HazardKind = Governance.Domain.Kernel.HazardKind;
using RelayedWarning = Governance.Domain.HazardSources.RelayedWarning;

namespace Governance.Edge.Warnings;

/// <summary>Warnings of other systems on their way in: to the hazard source that they are about, or to the district.</summary>
public sealed class WarningRelay(Entities entities, District district)
{
    /// <summary>valueName of a CAP parameter or geocode that names one of our hazard sources.</summary>
    private const string SourceName = "governance:source";

    internal Task<RelayWarningReply> TakeAsync(RelayWarningRequest request, Caller caller, CancellationToken cancel)
    {
        if (request.CapXml.Length == 0) return ToSourceAsync(request, Fields(request), AlarmLevel.None, caller, cancel);
        if (request.Sender.Length > 0 || request.Identifier.Length > 0 || request.Sent is not null || request.Level != V1.AlarmLevel.Unspecified)
            throw RefusedException.Invalid("cap_xml", "TWO_FORMS", "a warning comes as CAP or as fields, not as both");
        var alert = Read(request.CapXml);
        if (alert.Status is CapStatus.System or CapStatus.Draft) throw RefusedException.Invalid("alert/status", "CAP_STATUS_NOT_ACTIONABLE", $"{alert.Status} is no warning to act on");
        if (alert.Type is CapMessageType.Ack or CapMessageType.Error) throw RefusedException.Invalid("alert/msgType", "CAP_TYPE_NOT_ACTIONABLE", $"{alert.Type} is no warning to act on");
        var source = request.SourceId.Length > 0 ? request.SourceId : alert.Infos.SelectMany(i => i.Parameters.Concat(i.Areas.SelectMany(a => a.Geocodes))).FirstOrDefault(v => v.Name == SourceName)?.Value ?? "";
        return source.Length > 0 ? CapToSourceAsync(request, source, alert, caller, cancel) : ToDistrictAsync(request, alert, caller, cancel);
    }

    private static CapAlert Read(string xml)
    {
        try { return CapReader.Read(xml); }
        catch (CapRefusedException e) { throw RefusedException.Invalid(e.Path, e.Reason, e.Message); }
    }

    private static RelayWarning Fields(RelayWarningRequest r) => new(
        r.Sender, r.Identifier, Edge.Fields.Required(r.Sent, "sent"), r.DetectorId, r.Point, Edge.Fields.Kind(r.Kind), Edge.Fields.Level(r.Level),
        r.Value, r.Threshold, r.Unit, Edge.Fields.Required(r.ObservedAt, "observed_at"), r.Cleared, r.Text, r.Drill);

    private async Task<RelayWarningReply> ToSourceAsync(RelayWarningRequest request, RelayWarning command, AlarmLevel level, Caller caller, CancellationToken cancel)
    {
        var to = Source(request.SourceId);
        var known = (await StateAsync(to, cancel)).Warnings.Any(w => w.Identity == command.Identity);
        var reply = await entities.CommandAsync(to, request.CommandId, caller, 0, command, cancel);
        var state = (HazardSourceState)reply.State;
        var warning = state.Warnings.Find(w => w.Identity == command.Identity) ?? throw new InvalidOperationException($"{to} took a warning and does not know it");
        return new RelayWarningReply
        {
            OccurrenceId = warning.Occurrence.Value, CaseId = state.IncidentOf(warning.Occurrence)?.Case.Value ?? "", Repeated = known && command is { Cleared: false, Update: false },
            Level = Edge.Fields.To(warning.Level), LevelTable = level == AlarmLevel.None ? "" : CapLevels.Table,
        };
    }

    private async Task<RelayWarningReply> CapToSourceAsync(RelayWarningRequest request, string source, CapAlert alert, Caller caller, CancellationToken cancel)
    {
        request.SourceId = source;
        var level = CapLevels.Of(alert);
        // An update or a cancellation is about the warning that it refers to: that one's identity is the warning's.
        var meant = alert.References.Count == 0 ? null : Meant((await StateAsync(Source(source), cancel)).Warnings, alert.References);
        if (alert.Type == CapMessageType.Cancel && meant is null) throw new RefusedException(new Refusal("UNKNOWN_WARNING", $"no warning of {source} that it refers to is known", RefusalKind.NotFound));
        var info = Preferred(alert);
        var (sender, identifier, sent) = meant is null ? (alert.Identity.Sender, alert.Identity.Identifier, alert.Identity.Sent) : Parts(meant);
        var kind = meant?.Kind ?? (request.Kind == V1.HazardKind.Unspecified ? Kind(info) : Edge.Fields.Kind(request.Kind));
        var point = meant?.Point ?? (request.Point.Length > 0 ? request.Point : Short(info?.Areas.FirstOrDefault()?.Description ?? info?.Headline ?? alert.Identity.Sender, 200));
        var value = request.Value != 0 ? request.Value : Number(info, "value");
        var command = new RelayWarning(
            sender, identifier, Clocks.Truncated(sent), meant?.Detector ?? request.DetectorId, point, kind, level, value, Number(info, "threshold"), Text(info, "unit"),
            Clocks.Truncated(info?.Onset ?? info?.Effective ?? alert.Identity.Sent), IsOver(alert), Short(Words(info, alert), 4000), alert.IsDrill,
            Update: alert.Type == CapMessageType.Update, Expires: Expires(alert));
        return await ToSourceAsync(request, command, level, caller, cancel);
    }

    private async Task<RelayWarningReply> ToDistrictAsync(RelayWarningRequest request, CapAlert alert, Caller caller, CancellationToken cancel)
    {
        var to = new EntityAddress(EntityKinds.AreaWarnings, district.Code);
        var (info, identity, level) = (Preferred(alert), Identity(alert.Identity), CapLevels.Of(alert));
        var warning = new AreaWarning(identity, identity, alert.Identity.Sender, Short(info?.Event ?? "", 200), level, CapLevels.Table, Short(info?.Headline is { Length: > 0 } headline ? headline : Words(info, alert), 500),
            Short(string.Join("; ", info?.Areas.Select(a => a.Description) ?? []), 1000), Clocks.Truncated(alert.Identity.Sent), Expires(alert), alert.IsDrill);
        var before = await entities.AskAsync<StateReply>(new GetState(to), cancel);
        var known = ((AreaWarningsState)before.State).Seen.Contains(identity);
        var reply = await entities.CommandAsync(to, request.CommandId, caller, 0, new TakeAreaWarning(warning, [.. alert.References.Select(Identity)], IsOver(alert)), cancel);
        var key = ((AreaWarningsState)reply.State).Live.GetValueOrDefault(identity)?.Key ?? identity;
        return new RelayWarningReply { OccurrenceId = $"warning/{CaseKey.Of(key)}", Repeated = known, Level = Edge.Fields.To(level), LevelTable = CapLevels.Table };
    }

    private async Task<HazardSourceState> StateAsync(EntityAddress to, CancellationToken cancel) => (HazardSourceState)(await entities.AskAsync<StateReply>(new GetState(to), cancel)).State;

    private static EntityAddress Source(string id) => new(EntityKinds.HazardSource, new HazardSourceId(id).Value);

    private static RelayedWarning? Meant(ImmutableList<RelayedWarning> warnings, ImmutableList<CapIdentity> references) =>
        warnings.FindLast(w => references.Any(r => w.Identity == $"{r.Sender}|{r.Identifier}|{Clocks.Truncated(r.Sent).UtcTicks}"));

    private static (string Sender, string Identifier, DateTimeOffset Sent) Parts(RelayedWarning warning)
    {
        var parts = warning.Identity.Split('|');
        return (parts[0], parts[1], new DateTimeOffset(long.Parse(parts[2], CultureInfo.InvariantCulture), TimeSpan.Zero));
    }

    private static string Identity(CapIdentity i) => $"{i.Sender}|{i.Identifier}|{Clocks.Truncated(i.Sent).UtcTicks}";

    /// <summary>A cancellation, or an update whose every part says that all is clear.</summary>
    private static bool IsOver(CapAlert alert) =>
        alert.Type == CapMessageType.Cancel || (!alert.Infos.IsEmpty && !alert.References.IsEmpty && alert.Infos.All(i => i.ResponseTypes.Contains("AllClear")));

    /// <summary>When the last part of it is over; null while any part has no end.</summary>
    private static DateTimeOffset? Expires(CapAlert alert) =>
        alert.Infos.IsEmpty || alert.Infos.Any(i => i.Expires is null) ? null : Clocks.Truncated(alert.Infos.Max(i => i.Expires!.Value));

    private static CapInfo? Preferred(CapAlert alert) => alert.Infos.Find(i => i.Language.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) ?? alert.Infos.FirstOrDefault();

    /// <summary>Where the caller does not say what is exceeded: the parameter "kind", as the names of our API have it.</summary>
    private static HazardKind Kind(CapInfo? info) =>
        Enum.TryParse<HazardKind>(Text(info, "kind"), ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind
            : throw RefusedException.Invalid("kind", "KIND_MISSING", "what is exceeded at the source: field kind, or the CAP parameter 'kind'");

    private static string Text(CapInfo? info, string name) => info?.Parameters.Find(p => p.Name == name)?.Value ?? "";

    private static double Number(CapInfo? info, string name) => double.TryParse(Text(info, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static string Words(CapInfo? info, CapAlert alert) => string.Join(" ", new[] { info?.Headline, info?.Description, info?.Instruction, info is null ? alert.Note : "" }.Where(t => !string.IsNullOrWhiteSpace(t)));

    private static string Short(string text, int characters) => text.Length > characters ? text[..characters] : text;
}
