using System.Collections.Immutable;

namespace Governance.Cap;

/// <summary>OASIS Common Alerting Protocol: 1.2, and 1.1 as some senders still write it.</summary>
public enum CapVersion { V11 = 1, V12 = 2 }

/// <summary>alert/status.</summary>
public enum CapStatus { Actual, Exercise, System, Test, Draft }

/// <summary>alert/msgType.</summary>
public enum CapMessageType { Alert, Update, Cancel, Ack, Error }

/// <summary>alert/scope.</summary>
public enum CapScope { Public, Restricted, Private }

/// <summary>info/urgency.</summary>
public enum CapUrgency { Immediate, Expected, Future, Past, Unknown }

/// <summary>info/severity.</summary>
public enum CapSeverity { Extreme, Severe, Moderate, Minor, Unknown }

/// <summary>info/certainty. 1.1 also knows "Very Likely", which 1.2 tells receivers to take as Likely.</summary>
public enum CapCertainty { Observed, Likely, Possible, Unlikely, Unknown }

/// <summary>Identity of a message: the three together are unique for ever (CAP 1.2 §3.2.1, <c>references</c>).</summary>
/// <param name="Sent">With the offset that the sender wrote.</param>
public sealed record CapIdentity(string Sender, string Identifier, DateTimeOffset Sent)
{
    public override string ToString() => $"{Sender},{Identifier},{CapText.Time(Sent)}";
}

/// <summary>valueName and value, as parameters, event codes and geocodes have them.</summary>
public sealed record CapValue(string Name, string Value);

/// <summary>A point in degrees WGS 84.</summary>
public readonly record struct CapPoint(double Latitude, double Longitude);

/// <summary>A circle in degrees and kilometres.</summary>
public readonly record struct CapCircle(CapPoint Centre, double RadiusKm);

/// <summary>info/area.</summary>
/// <param name="Polygons">Each closed, at least four points.</param>
/// <param name="Altitude">Feet above mean sea level, as CAP has it.</param>
public sealed record CapArea(
    string Description, ImmutableList<ImmutableArray<CapPoint>> Polygons, ImmutableList<CapCircle> Circles, ImmutableList<CapValue> Geocodes, double? Altitude, double? Ceiling);

/// <summary>info/resource.</summary>
public sealed record CapResource(string Description, string MimeType, long? Size, string Uri, string DerefUri, string Digest);

/// <summary>One info block: the warning in one language.</summary>
public sealed record CapInfo
{
    public string Language { get; init; } = "en-US";
    public ImmutableList<string> Categories { get; init; } = [];
    public required string Event { get; init; }
    public ImmutableList<string> ResponseTypes { get; init; } = [];
    public required CapUrgency Urgency { get; init; }
    public required CapSeverity Severity { get; init; }
    public required CapCertainty Certainty { get; init; }
    public string Audience { get; init; } = "";
    public ImmutableList<CapValue> EventCodes { get; init; } = [];
    public DateTimeOffset? Effective { get; init; }
    public DateTimeOffset? Onset { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public string SenderName { get; init; } = "";
    public string Headline { get; init; } = "";
    public string Description { get; init; } = "";
    public string Instruction { get; init; } = "";
    public string Web { get; init; } = "";
    public string Contact { get; init; } = "";
    public ImmutableList<CapValue> Parameters { get; init; } = [];
    public ImmutableList<CapResource> Resources { get; init; } = [];
    public ImmutableList<CapArea> Areas { get; init; } = [];
}

/// <summary>One CAP message. What the standard leaves out is empty.</summary>
/// <param name="Identity">Who says it, under which number, when.</param>
public sealed record CapAlert(CapVersion Version, CapIdentity Identity, CapStatus Status, CapMessageType Type, CapScope Scope)
{
    public string Source { get; init; } = "";
    public string Restriction { get; init; } = "";
    public ImmutableList<string> Addresses { get; init; } = [];
    public ImmutableList<string> Codes { get; init; } = [];
    public string Note { get; init; } = "";
    public ImmutableList<CapIdentity> References { get; init; } = [];
    public ImmutableList<string> Incidents { get; init; } = [];
    public ImmutableList<CapInfo> Infos { get; init; } = [];

    /// <summary>Exercise and Test are drills; a drill never touches live state.</summary>
    public bool IsDrill => Status is CapStatus.Exercise or CapStatus.Test;
}

/// <summary>Why a message was not taken. Nothing of it counts.</summary>
/// <param name="reason">UPPER_SNAKE name, stable for clients.</param>
/// <param name="path">The element, e.g. <c>alert/info[2]/expires</c>.</param>
public sealed class CapRefusedException(string reason, string path, string message) : Exception($"{path}: {message}")
{
    public string Reason { get; } = reason;
    public string Path { get; } = path;
}
