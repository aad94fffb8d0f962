using Governance.Edge.V1;
using Governance.FieldGateway.Config;
using Governance.FieldGateway.Telemetry;
using Governance.Gateway;

namespace Governance.FieldGateway.Modbus;

/// <summary>
/// Reads all points of a device once. Every point gives a reading each time: a value, or none with the reason as its
/// quality. A value is never told twice, and silence is never told as nothing.
/// </summary>
internal sealed class DeviceReader(DeviceConfig device, ModbusLink link, FieldLog log, Meter meter)
{
    private readonly IReadOnlyList<ReadBlock> _plan = ReadPlan.Of(device.Points, device.GapRegisters);
    private readonly Dictionary<ReadBlock, (ReadEnd End, ushort[] Registers, DateTimeOffset At)> _answers = [];
    /// <summary>Blocks that the device refused as a whole: their points are asked for one by one, so that one wrong address spoils no other.</summary>
    private readonly HashSet<ReadBlock> _split = [];

    internal IReadOnlyList<ReadBlock> Plan => _plan;

    /// <summary>True when the device answered, be it with exceptions.</summary>
    internal bool Read(Sample[] into)
    {
        _answers.Clear();
        var isUp = true;
        foreach (var block in _plan)
        {
            if (!isUp) break;
            if (_split.Contains(block)) isUp = ReadParts(block);
            else if (Ask(block) is var end && end == ReadEnd.Exception && Parts(block).Count > 1)
            {
                _split.Add(block);
                isUp = ReadParts(block);
            }
            else isUp = end is ReadEnd.Answered or ReadEnd.Exception or ReadEnd.TargetSilent;
        }
        for (var i = 0; i < into.Length; i++) into[i] = Reading(device.Points[i]);
        return isUp;
    }

    /// <summary>No connection: every point says so.</summary>
    internal void ReadNothing(Sample[] into)
    {
        _answers.Clear();
        for (var i = 0; i < into.Length; i++) into[i] = Reading(device.Points[i]);
    }

    private bool ReadParts(ReadBlock block)
    {
        foreach (var part in Parts(block))
            if (Ask(part) is ReadEnd.NoAnswer or ReadEnd.LinkDown) return false;
        return true;
    }

    private List<ReadBlock> Parts(ReadBlock block) =>
        [.. device.Points.SelectMany(ReadPlan.Wanted).Where(w => w.Table == block.Table && w.Address >= block.Address && w.End <= block.End).Distinct()];

    private ReadEnd Ask(ReadBlock block)
    {
        var registers = new ushort[block.Count];
        var (end, detail) = link.Read(block, registers);
        if (end != ReadEnd.Answered) log.Refuse(meter, NameOf(end), $"{block.Count} of {block.Table} from {block.Address}: {detail}");
        _answers[block] = (end, registers, log.Time.GetUtcNow());
        return end;
    }

    private Sample Reading(PointConfig point)
    {
        var (end, registers, at) = Answer(new ReadBlock(point.Table, point.Address, point.Length));
        var quality = end switch { ReadEnd.Answered => Quality.Good, ReadEnd.Exception => Quality.Bad, _ => Quality.Communication };
        var value = end == ReadEnd.Answered ? RegisterValue.Of(point, registers) * point.Scale + point.Offset : double.NaN;
        if (end == ReadEnd.Answered && !double.IsFinite(value))
        {
            log.Refuse(meter, Reasons.NotANumber, point.Place.Name);
            (value, quality) = (double.NaN, Quality.Bad);
        }
        if (quality == Quality.Good && point.Status is { } status) quality = Status(status);
        return new Sample(point.Place.Source, point.Place.Detector, at, value, quality);
    }

    /// <summary>A status that cannot be read leaves the value unproven.</summary>
    private Quality Status(StatusConfig status)
    {
        var (end, registers, _) = Answer(new ReadBlock(status.Table, status.Address, 1));
        if (end != ReadEnd.Answered) return end == ReadEnd.Exception ? Quality.Bad : Quality.Communication;
        return (registers[0] >> status.Bit & 1) != 0 == status.When ? status.Quality : Quality.Good;
    }

    /// <summary>The registers of a request, wherever they were read with others.</summary>
    private (ReadEnd End, ArraySegment<ushort> Registers, DateTimeOffset At) Answer(ReadBlock wanted)
    {
        if (_answers.TryGetValue(wanted, out var own)) return (own.End, own.Registers, own.At);
        foreach (var (block, answer) in _answers)
            if (!_split.Contains(block) && block.Table == wanted.Table && block.Address <= wanted.Address && wanted.End <= block.End)
                return (answer.End, answer.End == ReadEnd.Answered ? new ArraySegment<ushort>(answer.Registers, wanted.Address - block.Address, wanted.Count) : default, answer.At);
        return (ReadEnd.LinkDown, default, log.Time.GetUtcNow());
    }

    private static string NameOf(ReadEnd end) => end switch { ReadEnd.Exception => Reasons.DeviceException, ReadEnd.NoAnswer or ReadEnd.TargetSilent => Reasons.NoAnswer, _ => Reasons.LinkDown };
}
