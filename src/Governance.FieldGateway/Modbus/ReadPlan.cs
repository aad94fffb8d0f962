using Governance.FieldGateway.Config;

namespace Governance.FieldGateway.Modbus;

/// <summary>One request: neighbouring registers, or bits, of one table.</summary>
internal sealed record ReadBlock(ModbusTable Table, int Address, int Count)
{
    internal int End => Address + Count;
}

/// <summary>
/// Few requests for many points. Two become one when no more than the allowed gap lies between them: registers that nobody
/// asked for may not exist, and then the device refuses the whole request.
/// </summary>
internal static class ReadPlan
{
    /// <summary>Modbus Application Protocol 1.1b3, 6.3 and 6.1: what one answer can hold.</summary>
    internal const int RegistersLimit = 125, BitsLimit = 2_000;

    internal static IReadOnlyList<ReadBlock> Of(IEnumerable<PointConfig> points, int gap)
    {
        var wanted = points.SelectMany(Wanted).Distinct().OrderBy(b => b.Table).ThenBy(b => b.Address).ThenBy(b => b.Count);
        var plan = new List<ReadBlock>();
        foreach (var block in wanted)
        {
            var limit = block.Table is ModbusTable.Coil or ModbusTable.Discrete ? BitsLimit : RegistersLimit;
            if (plan.Count > 0 && plan[^1] is var last && last.Table == block.Table && block.Address <= last.End + gap && Math.Max(last.End, block.End) - last.Address <= limit)
                plan[^1] = last with { Count = Math.Max(last.End, block.End) - last.Address };
            else plan.Add(block);
        }
        return plan;
    }

    /// <summary>What one point needs: its value, and its status where it has one.</summary>
    internal static IEnumerable<ReadBlock> Wanted(PointConfig point)
    {
        yield return new ReadBlock(point.Table, point.Address, point.Length);
        if (point.Status is { } status) yield return new ReadBlock(status.Table, status.Address, 1);
    }
}
