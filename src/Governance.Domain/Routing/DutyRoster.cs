using System.Collections.Immutable;
using System.Globalization;
using Governance.Domain.Calendars;

namespace Governance.Domain.Routing;

/// <summary>On which days a shift begins.</summary>
public enum ShiftDays { Every = 0, Working = 1, Off = 2 }

/// <summary>When somebody is on duty, in Shanghai time.</summary>
/// <param name="Office">Working time of the calendar; with <paramref name="Outside"/> everything but it.</param>
/// <param name="From">Of a shift by the clock; equal to <paramref name="To"/>: all day.</param>
public sealed record Shift(bool Office, bool Outside, ShiftDays Days, TimeOnly From, TimeOnly To)
{
    /// <summary>always, office, outside-office, 20:00-08:00, workdays 08:00-20:00, offdays 08:00-20:00; null: none of these.</summary>
    public static Shift? Parse(string text)
    {
        var words = text.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["always"] => new Shift(false, false, ShiftDays.Every, default, default),
            ["office"] => new Shift(true, false, ShiftDays.Every, default, default),
            ["outside-office"] => new Shift(true, true, ShiftDays.Every, default, default),
            [var hours] => Hours(hours, ShiftDays.Every),
            ["workdays", var hours] => Hours(hours, ShiftDays.Working),
            ["offdays", var hours] => Hours(hours, ShiftDays.Off),
            _ => null,
        };
    }

    /// <summary>Whether it holds at an instant; a shift over midnight belongs to the day on which it begins.</summary>
    public bool Holds(DateTimeOffset at, WorkCalendar calendar)
    {
        if (Office) return calendar.IsWorkingTime(at) != Outside;
        var local = at.ToOffset(WorkCalendar.Local);
        var (day, time) = (DateOnly.FromDateTime(local.DateTime), TimeOnly.FromDateTime(local.DateTime));
        if (From == To) return Counts(day);
        return From < To ? time >= From && time < To && Counts(day) : (time >= From && Counts(day)) || (time < To && Counts(day.AddDays(-1)));

        bool Counts(DateOnly began) => Days == ShiftDays.Every || calendar.IsWorkingDay(began) == (Days == ShiftDays.Working);
    }

    private static Shift? Hours(string text, ShiftDays days) => text.Split('-') is [var from, var to] && Time(from, out var begins) && Time(to, out var ends) && begins != ends
        ? new Shift(false, false, days, begins, ends) : null;

    private static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

/// <summary>Where a person is reached.</summary>
/// <param name="Channel">webhook, mail, sms or phone.</param>
/// <param name="Target">Name of an endpoint, an address, a number.</param>
public sealed record ContactAddress(string Channel, string Target)
{
    public static readonly ImmutableArray<string> Channels = ["webhook", "mail", "sms", "phone"];
    private const int TargetLimitCharacters = 200;

    /// <summary>channel:target; null: not of this form, or a channel that is not known.</summary>
    public static ContactAddress? Parse(string text)
    {
        var cut = text.IndexOf(':', StringComparison.Ordinal);
        return cut > 0 && Channels.Contains(text[..cut].Trim()) && text[(cut + 1)..].Trim() is { Length: > 0 and <= TargetLimitCharacters } target ? new ContactAddress(text[..cut].Trim(), target) : null;
    }

    public override string ToString() => $"{Channel}:{Target}";
}

/// <summary>A person of the roster (值班表).</summary>
/// <param name="Person">Id, as tokens name him.</param>
/// <param name="Order">Place in the chain, the lowest first.</param>
/// <param name="Post">desk: in the on-call chain; grid or grid/code: a grid worker; else what a run card calls.</param>
public sealed record RosterPerson(string Organisation, int Order, string Person, string Name, Shift Shift, string Post, ImmutableList<ContactAddress> Addresses)
{
    public const string Desk = "desk", GridWorker = "grid";

    /// <summary>Somebody without an address can be called by nobody.</summary>
    public bool IsReachable => !Addresses.IsEmpty;
}

/// <summary>Who belongs to which organisation, and when he is on duty.</summary>
public sealed class DutyRoster
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<RosterPerson>> _byOrganisation;
    private readonly WorkCalendar _calendar;

    public DutyRoster(IEnumerable<RosterPerson> persons, WorkCalendar calendar)
    {
        _byOrganisation = persons.GroupBy(p => p.Organisation, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(g => g.Key, g => g.OrderBy(p => p.Order).ThenBy(p => p.Person, StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal);
        _calendar = calendar;
    }

    public IEnumerable<RosterPerson> All => _byOrganisation.Values.SelectMany(p => p);

    /// <summary>Everybody of an organisation, in the order of the chain.</summary>
    public ImmutableArray<RosterPerson> Of(string organisation) => _byOrganisation.GetValueOrDefault(organisation, []);

    /// <summary>The on-call chain of a desk, or of its experts: everybody of it who can be reached, on duty or not.</summary>
    public IEnumerable<RosterPerson> ChainOf(string organisation, string post = RosterPerson.Desk) => Of(organisation).Where(p => p.Post == post && p.IsReachable);

    public bool IsOnDuty(RosterPerson person, DateTimeOffset at) => person.Shift.Holds(at, _calendar);

    public bool HasReachable(string organisation, DateTimeOffset at)
    {
        foreach (var person in Of(organisation))
            if (person.Post == RosterPerson.Desk && person.IsReachable && IsOnDuty(person, at)) return true;
        return false;
    }

    /// <summary>The first who has the post and is on duty; null: nobody.</summary>
    public RosterPerson? At(string post, DateTimeOffset at) => All.FirstOrDefault(p => p.Post == post && p.IsReachable && IsOnDuty(p, at));

    /// <summary>The worker of a grid: the one named for it, else one of its community; null: nobody on duty.</summary>
    public RosterPerson? GridWorker(string organisation, string grid, DateTimeOffset at)
    {
        var workers = Of(organisation).Where(p => p.IsReachable && IsOnDuty(p, at)).ToList();
        return workers.Find(p => grid.Length > 0 && p.Post == $"{RosterPerson.GridWorker}/{grid}") ?? workers.Find(p => p.Post == RosterPerson.GridWorker);
    }
}
