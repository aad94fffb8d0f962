using System.Text.Json;
using Governance.FieldGateway.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Governance.FieldGateway.Tests;

/// <summary>A log that says what happens, and does not say it for ever.</summary>
public sealed class FieldLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void What_goes_on_happening_is_told_less_and_less_often_and_all_of_it_is_counted()
    {
        var log = new FieldLog(_lines.Add, asJson: true, _time);
        var meter = log.Meter("device", "PLC");
        for (var second = 0; second < 24 * 3_600; second++)
        {
            log.Refuse(meter, Reasons.LinkDown, "refused");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(24 * 3_600, meter.Count(Reasons.LinkDown));
        Assert.InRange(_lines.Count, 24, 40);
        // After a calm it is news at once.
        _time.Advance(TimeSpan.FromHours(3));
        var before = _lines.Count;
        log.Refuse(meter, Reasons.LinkDown, "refused");
        Assert.Equal(before + 1, _lines.Count);
        Assert.InRange(24 * 3_600 + 1 - _lines.Sum(l => JsonDocument.Parse(l).RootElement.GetProperty("times").GetInt64()), 0, 0);
    }

    [Fact]
    public void What_a_stranger_sends_stays_one_line()
    {
        var log = new FieldLog(_lines.Add, asJson: false, _time);
        log.Refuse(log.Meter("listener", "hj212"), Reasons.UnknownStation, "MN\r\n2025 ALL IS WELL \u001b[2J" + new string('x', 5_000));
        Assert.InRange(Assert.Single(_lines).Length, 1, 500);
        Assert.DoesNotContain(_lines[0], char.IsControl);
    }
}
